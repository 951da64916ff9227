#include "logdetect/features/sequence_windows.h"

#include <algorithm>
#include <cmath>

#include "features/sequence_key.h"

namespace logdetect {
namespace {

constexpr std::size_t kNumbers = WindowBatch::kNumbers;

}  // namespace

SequenceWindows::SequenceWindows(const FeatureSchema& schema, const WindowOptions& options, std::size_t max_sequences)
    : options_(options),
      max_sequences_(std::clamp<std::size_t>(kMaxEvents / std::max<std::size_t>(options.length, 1), 1,
                                             std::max<std::size_t>(max_sequences, 1))) {
  std::transform(kColumns.begin(), kColumns.end(), columns_.begin(),
                 [&](std::string_view name) { return schema.find(name); });
  options_.stride = std::clamp<std::size_t>(options_.stride, 1, std::max<std::size_t>(options_.length, 1));
}

void SequenceWindows::cut(std::span<const Event> events, const FeatureMatrix& rows, WindowBatch& out) {
  out.clear();
  out.length = options_.length;
  if (options_.length == 0) {
    return;
  }
  LD_CHECK(rows.rows() == events.size(), "events and rows do not fit together");
  waiting_.resize(events.size());
  touched_.clear();
  for (std::size_t i = 0; i < events.size(); ++i) {
    // May score and evict another sequence, whose slot this one then takes.
    const std::uint32_t slot = slot_of(sequence_key(events[i]), out);
    Sequence& sequence = sequences_[slot];
    append(sequence, slot, events[i], rows.row(i));
    // A slot may be noted twice, after an eviction or a stride. The second time nothing waits there.
    if (sequence.unscored == 0) {
      touched_.push_back(slot);
    }
    waiting_[i] = sequence.waiting;
    sequence.waiting = static_cast<std::uint32_t>(i);
    if (++sequence.unscored == options_.stride) {
      emit(slot, out);
    }
  }
  // Nothing waits for the next batch: what is unscored gets its window now.
  for (const std::uint32_t slot : touched_) {
    if (sequences_[slot].unscored > 0) {
      emit(slot, out);
    }
  }
}

// The sequence's place, a new one or that of the least recently used when there is no room; that one is scored first.
std::uint32_t SequenceWindows::slot_of(std::uint64_t key, WindowBatch& out) {
  const auto found = index_.find(key);
  if (found != index_.end()) {
    if (found->second != newest_) {
      unlink(found->second);
      link_newest(found->second);
    }
    return found->second;
  }
  std::uint32_t slot = static_cast<std::uint32_t>(sequences_.size());
  if (sequences_.size() < max_sequences_) {
    sequences_.emplace_back();
    templates_.resize(sequences_.size() * options_.length);
    values_.resize(sequences_.size() * options_.length * kNumbers);
  } else {
    slot = oldest_;
    if (sequences_[slot].unscored > 0) {
      emit(slot, out);
    }
    unlink(slot);
    index_.erase(sequences_[slot].key);
    sequences_[slot] = Sequence{};
  }
  sequences_[slot].key = key;
  index_.emplace(key, slot);
  link_newest(slot);
  return slot;
}

void SequenceWindows::unlink(std::uint32_t slot) {
  const Sequence& sequence = sequences_[slot];
  (sequence.newer == kNoSlot ? newest_ : sequences_[sequence.newer].older) = sequence.older;
  (sequence.older == kNoSlot ? oldest_ : sequences_[sequence.older].newer) = sequence.newer;
}

void SequenceWindows::link_newest(std::uint32_t slot) {
  Sequence& sequence = sequences_[slot];
  sequence.newer = kNoSlot;
  sequence.older = newest_;
  (newest_ == kNoSlot ? oldest_ : sequences_[newest_].newer) = slot;
  newest_ = slot;
}

void SequenceWindows::append(Sequence& sequence, std::uint32_t slot, const Event& event, std::span<const float> row) {
  const std::size_t place = slot * options_.length + sequence.count % options_.length;
  templates_[place] = event.template_id.value();
  float* to = values_.data() + place * kNumbers;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    to[c] = columns_.at(c) < 0 ? 0.0F : row[static_cast<std::size_t>(columns_.at(c))];
  }
  const Micros elapsed = sequence.count == 0 ? 0 : std::max<Micros>(event.time - sequence.last_time, 0);
  to[kColumns.size()] =
      static_cast<float>(std::log1p(static_cast<double>(elapsed) / static_cast<double>(kMicrosPerSecond)));
  sequence.last_time = event.time;
  ++sequence.count;
}

void SequenceWindows::emit(std::uint32_t slot, WindowBatch& out) {
  Sequence& sequence = sequences_[slot];
  const std::size_t length = options_.length;
  const std::size_t known = std::min<std::uint64_t>(sequence.count, length);  // a young sequence is padded in front
  out.templates.resize(out.templates.size() + length - known, WindowBatch::kPadding);
  out.values.resize(out.values.size() + (length - known) * kNumbers, 0.0F);
  for (std::uint64_t event = sequence.count - known; event < sequence.count; ++event) {
    const std::size_t place = slot * length + event % length;
    out.templates.push_back(templates_[place]);
    out.values.insert(out.values.end(), values_.begin() + static_cast<std::ptrdiff_t>(place * kNumbers),
                      values_.begin() + static_cast<std::ptrdiff_t>((place + 1) * kNumbers));
  }
  out.first.push_back(static_cast<std::uint32_t>(out.events.size()));
  out.events.resize(out.events.size() + sequence.unscored);
  std::uint32_t event = sequence.waiting;
  // The chain leads from the last to the first, so the list is filled from its end.
  for (std::size_t i = out.events.size(); sequence.unscored > 0; --sequence.unscored) {
    out.events[--i] = event;
    event = waiting_[event];
  }
}

}  // namespace logdetect
