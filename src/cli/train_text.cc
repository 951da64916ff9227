#include "cli/train_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/summary_text.h"

namespace logdetect {
namespace {

constexpr std::size_t kCardsShown = 10;
constexpr std::size_t kExampleWidth = 100;  // columns

std::string span_text(Micros first, Micros last, bool plain) {
  return fmt::format("{} {} {}", format_rfc3339(first), plain ? "-" : "\u2013", format_rfc3339(last));
}

// What the model would flag of its own training, a card each, and how to train without it.
std::string review_text(const TrainReport& report, bool plain, bool all) {
  if (report.odd_templates == 0) {
    return report.odd_acknowledged == 0 ? ""
                                        : fmt::format("  odd         nothing but {}\n",
                                                      count_text(report.odd_acknowledged, "acknowledged template"));
  }
  std::string beside =
      report.odd_habits > 0 ? fmt::format(", beside {} that come regularly", with_commas(report.odd_habits)) : "";
  if (report.odd_acknowledged > 0) {
    beside +=
        fmt::format("{}{} acknowledged", beside.empty() ? ", beside " : " and ", with_commas(report.odd_acknowledged));
  }
  std::string out = fmt::format(
      "\nOdd in this training: the model itself would flag {} of it{}. If one is no part of normal\n"
      "operation, train again without it:\n",
      count_text(report.odd_templates, "template"), beside);
  const std::size_t shown = all ? report.odd.size() : std::min(report.odd.size(), kCardsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const OddTemplate& odd = report.odd[i];
    out += fmt::format("  {:>2}. score {}, {}", i + 1, fixed_text(odd.score, 2), count_text(odd.count, "record"));
    if (report.summary.has_time) {
      out += ", " + (odd.count > 1 ? span_text(odd.first, odd.last, plain) : format_rfc3339(odd.first));
    }
    out += fmt::format("\n      \"{}\"\n", ellipsize(escape_for_terminal(odd.example), kExampleWidth));
    for (const std::string& why : odd.why) {
      out += fmt::format("      {}\n", escape_for_terminal(why));
    }
    if (!odd.pattern.empty()) {
      out += fmt::format("      --exclude {}\n", shell_quoted(odd.pattern));
    }
  }
  // `odd` holds at most 100 of them; `odd_templates` counts all.
  if (shown < report.odd_templates) {
    out += fmt::format("  and {} more{}\n", with_commas(report.odd_templates - shown),
                       all ? "" : "; --verbose shows up to 100");
  }
  return out;
}

// Records that --exclude left out. The row of records counts them among the dropped ones.
std::string excluded_text(const TrainReport& report) {
  std::uint64_t records = 0;
  for (const ExcludedCount& pattern : report.excluded) {
    records += pattern.records;
  }
  return report.excluded.empty()
             ? ""
             : fmt::format("  excluded    {} by {}, among the dropped\n", count_text(records, "record"),
                           count_text(report.excluded.size(), "pattern"));
}

// Which sessions there are, and how they were found.
std::string sessions_text(const TrainReport& report) {
  if (report.sessions == 0) {
    return "";
  }
  std::string what = count_text(report.sessions, "session");
  if (report.found_sessions) {
    what = fmt::format(
        "by {} ({} % of records, {});\n"
        "              set sessions.key to change, `sessions.auto: false` to switch off",
        escape_for_terminal(report.found_sessions->words), fixed_text(100 * report.found_sessions->coverage, 0), what);
  }
  return fmt::format("  sessions    {}; threshold {} nats\n", what, fixed_text(report.session_threshold, 2));
}

// How the training of the networks went: a line each, or a line per epoch.
std::string learning_curves(const std::vector<LearningCurve>& curves, bool every_epoch) {
  std::string out;
  for (const LearningCurve& curve : curves) {
    const auto best =
        std::min_element(curve.epochs.begin(), curve.epochs.end(),
                         [](const EpochLoss& a, const EpochLoss& b) { return a.validation < b.validation; });
    out += fmt::format("  {:<11} {}, validation loss {} to {} (epoch {})\n", curve.detector,
                       count_text(curve.epochs.size(), "epoch"), fixed_text(curve.epochs.front().validation, 3),
                       fixed_text(best->validation, 3), best - curve.epochs.begin() + 1);
    for (std::size_t i = 0; every_epoch && i < curve.epochs.size(); ++i) {
      out += fmt::format("    epoch {}  training {}  validation {}\n", i + 1, fixed_text(curve.epochs[i].training, 4),
                         fixed_text(curve.epochs[i].validation, 4));
    }
  }
  return out;
}

}  // namespace

// What training found, for people.
std::string train_text(const TrainReport& report, const TrainRequest& request, bool plain, bool verbose) {
  const std::string& output = request.output;
  const double budget = request.config.threshold.alerts_per_day;
  const bool update = request.update;
  const RunSummary& summary = report.summary;
  std::string out = fmt::format("{} {} ({}, {}) in {}\n", update ? "Updated with" : "Learned from",
                                count_text(summary.lines, "log line"), count_text(summary.records, "record"),
                                count_text(summary.templates_known, "template"), duration_text(summary.seconds));
  out += fmt::format("  records     {}\n", records_text(summary));
  if (update) {
    out += fmt::format("  new         {} that the model did not know\n", count_text(report.new_templates, "template"));
  }
  out += excluded_text(report);
  if (summary.has_time) {
    out += fmt::format("  span        {}\n", span_text(summary.first_time, summary.last_time, plain));
  }
  out += fmt::format("  header      {}\n", escape_for_terminal(report.header));
  out += sessions_text(report);
  if (report.streams > 0) {
    out += fmt::format("  streams     {} told apart\n", count_text(report.streams, report.stream_word));
  }
  out += learning_curves(report.curves, verbose);
  out += fmt::format("  threshold   {} nats (of the validation part alone: {})\n", fixed_text(report.threshold, 2),
                     fixed_text(report.quantile_threshold, 2));
  if (budget > 0) {
    out += fmt::format("  alerts      {} a day in the validation part (budget {}, which alone asks for {} nats)\n",
                       fixed_text(report.alerts_per_day, 1), fixed_text(budget, 1),
                       fixed_text(report.budget_threshold, 2));
  }
  const double share = report.validation_records == 0 ? 0
                                                      : static_cast<double>(report.validation_flagged) /
                                                            static_cast<double>(report.validation_records);
  out += fmt::format("  validation  {} of {} flagged ({} %)\n", with_commas(report.validation_flagged),
                     count_text(report.validation_records, "record"), fixed_text(100 * share, 2));
  out += review_text(report, plain, verbose);
  return out + fmt::format("\nModel written to {0}. Next: logdetect scan --model {0} today.log\n",
                           escape_for_terminal(output));
}

}  // namespace logdetect
