#include "logdetect/judging/session_cutter.h"

#include <string>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

constexpr std::size_t kPlaces = std::size_t{1} << 16;

}  // namespace

SessionCutter::SessionCutter(const SessionKey& key)
    : key_(key),
      gap_(static_cast<Micros>(key.gap_seconds() * static_cast<double>(kMicrosPerSecond))),
      places_(key.cuts() ? kPlaces : 0) {}

void SessionCutter::cut(ParsedBatch& parsed) {
  if (places_.empty()) {
    return;
  }
  EventBatch& batch = parsed.batch;
  std::string name;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    Event& event = batch.events[i];
    if (key_.keyed() && !event.session.valid()) {
      continue;  // without its key a record belongs to none
    }
    const std::uint64_t owner =
        key_.keyed() ? event.session.value() : hash_mix(event.stream.value(), parsed.source.value());
    // Two owners in one place end each other's session: memory stays bounded whatever the keys are.
    Place& place = places_[(owner ^ (owner >> 32)) % kPlaces];
    const bool met = place.session.valid() && place.owner == owner;
    const bool silent = met && gap_ > 0 && event.time - place.last > gap_;
    if (!met || silent || event.begins_session) {
      place = {owner, {}, event.time, batch.records.records()[i].position, !met};
    }
    place.last = event.time;
    // The first session of a key keeps the key's name, so that people find it by the id they know.
    if (!key_.keyed() || !place.first) {
      name = key_.keyed() ? std::string(batch.session_names[i]) + '@' : parsed.source_name + ':';
      name += std::to_string(place.begun.line);
      batch.session_names[i] = batch.arena.copy(name);
      event.session = session_of(name);
    }
    place.session = event.session;
  }
}

}  // namespace logdetect
