#include "training/fate_counter.h"

#include <algorithm>
#include <utility>

#include "logdetect/reading/record_counts.h"

namespace logdetect {

TrainingSplit split_records(std::uint64_t records, double share) {
  const auto held_out = static_cast<std::uint64_t>(static_cast<double>(records) * share);
  return {records - held_out, held_out};
}

LatePartCounter::LatePartCounter(std::size_t templates, std::size_t known, std::uint64_t fitted)
    : first_seen_(templates, FirstSeen::kNever), fitted_(fitted) {
  // What the updated model knows is not new in the late part.
  std::fill_n(first_seen_.begin(), known, FirstSeen::kInFittedPart);
}

void LatePartCounter::add(TemplateId id) {
  const bool late = ++records_ > fitted_;
  late_.records += late ? 1 : 0;
  if (!id.valid()) {
    return;
  }
  FirstSeen& first = first_seen_[id.value()];
  if (first == FirstSeen::kNever) {
    first = late ? FirstSeen::kInLatePart : FirstSeen::kInFittedPart;
    late_.templates += late ? 1 : 0;
  }
  // Each record of such a template: a model of the fitted part would match none of them.
  late_.unmatched += first == FirstSeen::kInLatePart ? 1 : 0;
}

FateCounter::FateCounter(const TeachingRule& rule, LatePartCounter late)
    : begin_(rule.begin), exclusion_(rule.exclude), late_(std::move(late)) {}

std::span<const std::uint32_t> FateCounter::count(const ParsedBatch& parsed) {
  count_read(parsed, summary_);
  teaching_.clear();
  const std::vector<Event>& events = parsed.batch.events;
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    if (events[i].time < begin_ || exclusion_.take(parsed.batch.headers[i].message)) {
      summary_.count(RecordFate::kDropped);
      continue;
    }
    const TemplateId id = events[i].template_id;
    summary_.count(fate_of(parsed, i, id.valid()));
    late_.add(id);
    // What was evicted in the pass before has no template, so it cannot teach.
    if (id.valid()) {
      teaching_.push_back(i);
    }
  }
  return teaching_;
}

TrainingFates FateCounter::fates() const {
  TrainingFates out{summary_, late_.late(), {}};
  for (std::size_t i = 0; i < exclusion_.patterns().size(); ++i) {
    out.excluded.push_back({exclusion_.patterns()[i], exclusion_.counts()[i]});
  }
  return out;
}

}  // namespace logdetect
