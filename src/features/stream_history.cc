#include "features/stream_history.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace logdetect {
namespace {

constexpr std::size_t kMaxStreams = 65'536;
constexpr std::size_t kMinRing = 65'536;

}  // namespace

void StreamHistory::restart() {
  ++epoch_;
}

void StreamHistory::begin_batch(std::size_t events) {
  const std::size_t needed = std::max(kMinRing, std::bit_ceil(events * 2));
  if (needed > ring_.size()) {
    std::vector<Link> larger(needed);
    const std::uint64_t kept_events = std::min<std::uint64_t>(events_, ring_.size());
    for (std::uint64_t event = events_ - kept_events + 1; event <= events_; ++event) {
      larger[event & (needed - 1)] = ring_[event & (ring_.size() - 1)];
    }
    ring_ = std::move(larger);
  }
  batch_ = events_;
}

StreamHistory::Stream& StreamHistory::stream_of(StreamId id) {
  if (!id.valid()) {
    return without_;
  }
  const std::size_t place = id.value() & (kMaxStreams - 1);
  if (place >= streams_.size()) {
    streams_.resize(place + 1);
  }
  return streams_[place];
}

StreamHistory::Context StreamHistory::push(StreamId id, std::uint32_t template_id) {
  Stream& stream = stream_of(id);
  if (stream.id != id.value() || stream.epoch != epoch_) {
    stream = Stream{};
    stream.id = id.value();
    stream.epoch = epoch_;
  }
  const Context context = stream.context;
  ++events_;
  ring_[events_ & (ring_.size() - 1)] = {stream.last_event, template_id};
  stream.last_event = events_;
  stream.context = {template_id, context.last};
  return context;
}

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
