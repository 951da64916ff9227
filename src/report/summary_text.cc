#include "logdetect/report/summary_text.h"

#include "logdetect/base/number_text.h"

#include <array>
#include <charconv>

#include "report/style.h"

namespace logdetect {
namespace {

// Two digits that mean something.
std::string short_number(double value) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the point
  // From 9.95 and 0.095 on, rounding would add a digit.
  const int decimals = value >= 9.95 || value == 0 ? 0 : (value >= 0.095 ? 1 : 2);
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return {buffer.data(), end};
}

}  // namespace

std::string percent_text(double share) {
  return short_number(100 * share) + " %";
}

std::string records_text(const RunSummary& summary) {
  return count_text(summary.records, "record") + " = " + with_commas(summary.records_known) + " matched + " +
         with_commas(summary.records_new) + " new + " + with_commas(summary.records_unparsed) + " unparsed + " +
         with_commas(summary.records_dropped) + " dropped";
}

std::string drift_text(const Drift& drift) {
  const std::string measured =
      percent_text(drift.unmatched_share) + " of the records fit no template of the model (" +
      short_number(drift.new_templates_per_1000) +
      " new templates per 1,000 records; at the end of training: " + percent_text(drift.usual_unmatched_share) + ", " +
      short_number(drift.usual_new_templates_per_1000) + ")";
  switch (drift.state) {
    case Drift::State::kUnknown:
      return {};
    case Drift::State::kNone:
      return "Drift: none: " + measured;
    case Drift::State::kNewRelease:
      return "Drift: " + measured + ": a new release? Train again with a day of it";
    case Drift::State::kOtherLog:
      return "Wrong model: " + measured +
             ": it was not trained on this kind of log. `logdetect model inspect` shows what it was trained on";
  }
  return {};
}

}  // namespace logdetect
