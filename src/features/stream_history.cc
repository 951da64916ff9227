#include "features/stream_history.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace logdetect {
namespace {

constexpr std::size_t kMaxSequences = 65'536;
constexpr std::size_t kMinRing = 65'536;  // events

}  // namespace

void StreamHistory::restart() {
  ++epoch_;
}

void StreamHistory::begin_batch(std::size_t events) {
  // Twice the batch: the first event of a batch still finds what stood before it.
  const std::size_t needed = std::max(kMinRing, std::bit_ceil(events * 2));
  if (needed > ring_.size()) {
    // An event's place follows from the size of the ring, so each event moves to its new place.
    std::vector<Link> larger(needed);
    const std::uint64_t kept_events = std::min<std::uint64_t>(events_, ring_.size());
    for (std::uint64_t event = events_ - kept_events + 1; event <= events_; ++event) {
      larger[event & (needed - 1)] = ring_[event & (ring_.size() - 1)];
    }
    ring_ = std::move(larger);
  }
  batch_ = events_;
}

StreamHistory::Sequence& StreamHistory::sequence_of(std::uint64_t key) {
  const std::size_t place = key & (kMaxSequences - 1);
  if (place >= sequences_.size()) {
    sequences_.resize(place + 1);
  }
  return sequences_[place];
}

StreamHistory::Context StreamHistory::push(std::uint64_t key, std::uint32_t template_id) {
  Sequence& sequence = sequence_of(key);
  // Another sequence with the same low bits, or one from before restart(), gives its place up.
  if (sequence.last_event == 0 || sequence.key != key || sequence.epoch != epoch_) {
    sequence = Sequence{};
    sequence.key = key;
    sequence.epoch = epoch_;
  }
  const Context context = sequence.context;
  ++events_;
  ring_[events_ & (ring_.size() - 1)] = {sequence.last_event, template_id};
  sequence.last_event = events_;
  sequence.context = {template_id, context.last};
  return context;
}

// False once the ring has come round to the event's place.
bool StreamHistory::kept(std::uint64_t event) const {
  return event != 0 && event + ring_.size() > events_;
}

std::vector<TemplateId> StreamHistory::previous(std::size_t position, std::size_t limit) const {
  std::vector<TemplateId> templates;
  std::uint64_t event = batch_ + position + 1;
  if (event > events_ || !kept(event)) {
    return templates;
  }
  for (event = ring_[event & (ring_.size() - 1)].before; kept(event) && templates.size() < limit;
       event = ring_[event & (ring_.size() - 1)].before) {
    templates.emplace_back(ring_[event & (ring_.size() - 1)].template_id);
  }
  std::reverse(templates.begin(), templates.end());
  return templates;
}

}  // namespace logdetect
