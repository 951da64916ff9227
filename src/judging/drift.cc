#include "logdetect/judging/drift.h"

#include "logdetect/base/number_text.h"

#include <algorithm>
#include <utility>

namespace logdetect {
namespace {

// Below this many records a share says little: 2 of 50 is anything between 0.5 and 14 %.
constexpr std::uint64_t kFewest = 100;
// A new release keeps most of what the old one said. Where most lines and most kinds of lines are unknown, the model
// knows another log. Both, because a failure may well write more lines than all the rest, but of few kinds.
constexpr double kOtherLogShare = 0.5;
// Even a log trained on for weeks shows a rare line now and then: below one in fifty nothing is said.
constexpr double kReleaseShare = 0.02;
// Training's own last part shows what is usual for this log; its share is a sample, and logs are not that steady.
constexpr double kTimesUsual = 3;
// One or two new statements are findings, each told with its line; a release brings several.
constexpr std::uint64_t kFewestNewKinds = 5;
// A failure ends; a release stays: it must show in half of the windows, and of fewer than four that says nothing.
constexpr std::uint64_t kOneIn = 2;
constexpr std::uint64_t kFewestWindows = 4;
constexpr std::size_t kMostIds = std::size_t{1} << 16;

}  // namespace

DriftMeter::DriftMeter(const LatePart& usual, std::size_t known_templates) : met_(known_templates, 0) {
  // A last part of training that is too short leaves the usual shares at 0.
  if (usual.records >= kFewest) {
    usual_.usual_unmatched_share = share_of(usual.unmatched, usual.records);
    usual_.usual_new_templates_per_1000 = 1000 * share_of(usual.templates, usual.records);
  }
}

void DriftMeter::add(RecordFate fate, TemplateId id) {
  ++window_.records;
  ++total_.records;
  const bool matched = fate == RecordFate::kMatched;
  if (matched && id.value() < met_.size()) {
    std::uint32_t& met = met_[id.value()];
    total_.known_kinds += met == 0 ? 1 : 0;
    window_.known_kinds += met == window_number_ ? 0 : 1;
    met = window_number_;
  } else if (!matched) {
    const std::uint64_t unparsed = fate == RecordFate::kUnparsed ? 1 : 0;
    ++window_.unmatched;
    ++total_.unmatched;
    window_.unparsed += unparsed;
    total_.unparsed += unparsed;
    window_.new_kinds += new_in_window_.insert(id.value()).second ? 1 : 0;
    total_.new_kinds += first_of_all(id.value()) ? 1 : 0;
  }
  if (window_.records == kWindow) {
    close_window();
  }
}

// Ids rise with every new template, so that beyond the bound the highest one tells.
bool DriftMeter::first_of_all(std::uint32_t id) {
  const bool higher = id > highest_new_;
  highest_new_ = std::max(highest_new_, id);
  return new_ids_.size() < kMostIds ? new_ids_.insert(id).second : higher;
}

Drift DriftMeter::assess(const Counts& counts) const {
  Drift drift = usual_;
  drift.unmatched_share = share_of(counts.unmatched, counts.records);
  drift.unparsed_share = share_of(counts.unparsed, counts.records);
  drift.new_templates_per_1000 = 1000 * share_of(counts.new_kinds, counts.records);
  if (counts.records < kFewest) {
    return drift;
  }
  const double limit = std::max(kReleaseShare, kTimesUsual * drift.usual_unmatched_share);
  if (drift.unmatched_share > kOtherLogShare && counts.new_kinds >= counts.known_kinds) {
    drift.state = Drift::State::kOtherLog;
  } else if (drift.unmatched_share > limit && counts.new_kinds >= kFewestNewKinds) {
    drift.state = Drift::State::kNewRelease;
  } else {
    drift.state = Drift::State::kNone;
  }
  return drift;
}

void DriftMeter::close_window() {
  const Drift latest = assess(window_);
  ++windows_;
  windows_drifting_ += latest.state == Drift::State::kNone ? 0 : 1;
  // Two windows must agree, so that one failure is no release. Another log need not be waited for.
  const bool sure = latest.state == before_ || latest.state == Drift::State::kOtherLog;
  if (sure && latest.state != said_) {
    said_ = latest.state;
    change_ = latest;
  }
  before_ = latest.state;
  window_ = {};
  new_in_window_.clear();
  ++window_number_;
}

Drift DriftMeter::whole(const std::function<TemplateId(TemplateId)>& resolve) const {
  Drift drift = assess(total_);
  const bool lasts = windows_ >= kFewestWindows && windows_drifting_ * kOneIn >= windows_;
  if (drift.state == Drift::State::kNewRelease && !lasts) {
    drift.state = Drift::State::kNone;
  }
  // New templates that became one later are one kind. Beyond the bound not all ids are known, so the count stays.
  if (new_ids_.size() < kMostIds) {
    std::unordered_set<std::uint32_t> present;
    for (const std::uint32_t id : new_ids_) {
      const TemplateId now = resolve(TemplateId(id));
      present.insert(now.valid() ? now.value() : id);
    }
    drift.new_templates_per_1000 = 1000 * share_of(present.size(), total_.records);
  }
  return drift;
}

std::optional<Drift> DriftMeter::take_change() {
  return std::exchange(change_, std::nullopt);
}

}  // namespace logdetect
