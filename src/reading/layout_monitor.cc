#include "logdetect/reading/layout_monitor.h"

#include <algorithm>
#include <utility>

namespace logdetect {
namespace {

constexpr std::uint64_t kStride = 16;       // one record of so many is looked at
constexpr std::size_t kWindow = 16;         // looked at before they are judged
constexpr std::size_t kCollect = 256;       // records looked at closely once suspicion arose
constexpr double kMoreThanExpected = 0.25;  // share of the records that do not fit, beyond what the sample showed
constexpr double kReadsThem = 0.7;          // share of the odd lines a new plan must read in full
constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::uint64_t kFirstPause = 4096;  // records without a search after a false alarm, then twice as many

bool knows_no_header(const HeaderPlan& plan) {
  return plan.kind == HeaderPlan::Kind::kNone || (plan.kind == HeaderPlan::Kind::kSteps && plan.steps.empty());
}

bool tells_something(const HeaderPlan& plan) {
  if (plan.kind == HeaderPlan::Kind::kSteps) {
    return std::any_of(plan.steps.begin(), plan.steps.end(), [](const HeaderStep& step) {
      return step.field == HeaderField::kTime || step.field == HeaderField::kLevel;
    });
  }
  return plan.kind != HeaderPlan::Kind::kNone;
}

}  // namespace

LayoutMonitor::LayoutMonitor(std::shared_ptr<const HeaderPlan> plan, bool searching)
    : parser_(*plan), searching_(searching) {
  follow(std::move(plan));
}

void LayoutMonitor::follow(std::shared_ptr<const HeaderPlan> plan) {
  plan_ = std::move(plan);
  parser_ = HeaderParser(*plan_);
  headless_ = knows_no_header(*plan_);
  constexpr double kMostExpectedShare = 0.5;
  // Stray lines were in the sample too: the monitor waits for more than these.
  expected_ = headless_ ? 0 : std::clamp(1 - plan_->agreement, 0.0, kMostExpectedShare);
}

bool LayoutMonitor::misses(std::string_view text) {
  Header header;
  ParsedTime time;
  scratch_.clear();
  parser_.parse(text, scratch_, header, time);
  // Where no header is known, a line that has one is the odd one; '{' may begin an object of JSON.
  const bool missed = headless_ ? header.quality != HeaderQuality::kBare || text.starts_with('{')
                                : header.quality != HeaderQuality::kFull;
  ++looked_at_;
  fitting_ += missed ? 0 : 1;
  ++window_;
  missed_ += missed ? 1 : 0;
  return missed;
}

std::optional<LayoutMonitor::Change> LayoutMonitor::see(const Record& record) {
  const std::uint64_t index = seen_++;
  if (mode_ == Mode::kSampling) {
    if (index % kStride == 0) {
      misses(record.text);
      if (window_ == kWindow) {
        end_window();
      }
    }
    return std::nullopt;
  }
  const std::string_view line = record.text.substr(0, record.text.find('\n')).substr(0, kMaxLineBytes);
  if (misses(record.text)) {
    first_missed_ = lines_.empty() ? record.position.line : first_missed_;
    lines_.emplace_back(line);
  }
  return window_ == kCollect ? end_collecting() : std::nullopt;
}

void LayoutMonitor::end_window() {
  const double allowed = (expected_ + kMoreThanExpected) * static_cast<double>(window_);
  if (searching_ && static_cast<double>(missed_) > allowed && seen_ >= next_attempt_) {
    mode_ = Mode::kCollecting;
    lines_.clear();
  }
  window_ = missed_ = 0;
}

std::optional<LayoutMonitor::Change> LayoutMonitor::end_collecting() {
  const bool many = static_cast<double>(missed_) > (expected_ + kMoreThanExpected) * static_cast<double>(window_);
  mode_ = Mode::kSampling;
  window_ = missed_ = 0;
  const std::vector<std::string> lines = std::exchange(lines_, {});
  if (many) {
    HeaderPlan found = detect_header(std::vector<std::string_view>(lines.begin(), lines.end()));
    // Lines of the old layout may go on coming, so the old plan stays a part of the new one.
    const HeaderPlan mixed = headless_ ? found : mix_plans(*plan_, found);
    const bool new_layout = mixed.describe() != plan_->describe();
    if (tells_something(found) && found.agreement >= kReadsThem && new_layout) {
      follow(std::make_shared<const HeaderPlan>(mixed));
      return Change{plan_, found.describe(), first_missed_};
    }
  }
  if (many) {
    pause_ = pause_ == 0 ? kFirstPause : pause_ * 2;
    next_attempt_ = seen_ + pause_;
  }
  return std::nullopt;
}

}  // namespace logdetect
