#include "pipeline/advice.h"

#include <algorithm>

#include "logdetect/report/summary_text.h"

namespace logdetect {
namespace {

// Fewer records say little about templates: even a steady log shows a third of its kinds only once in its first
// hundreds.
constexpr std::uint64_t kEnoughRecords = 1000;
// A log has rare lines of its own; when all but one in a hundred are of one kind, nothing was told apart.
constexpr double kNearlyAll = 0.99;
// Many logs have a long tail of lines seen once. It is a sign of values taken for words only if there are hardly more
// lines than templates: 2,000 lines of an ordinary log still have a dozen and more a template. Where values are taken
// for words in a part of the lines only, growth tells.
constexpr std::uint64_t kFewestTemplates = 100;
constexpr double kMostlySingletons = 0.5;
constexpr std::uint64_t kRecordsPerTemplate = 8;
// Kinds of lines run out: exponents of logs that are parsed well lie below 0.6, of values taken for words near 1.
constexpr double kLinearGrowth = 0.8;
constexpr std::uint64_t kGrownTemplates = 500;
// A few stray lines (banners, output of other programs) are in every log.
constexpr double kManyBare = 0.2;
constexpr double kManyTruncated = 0.01;
constexpr std::uint64_t kFewestTruncated = 10;
constexpr double kManyWithoutTime = 0.2;
constexpr double kTooManyFlagged = 0.05;

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void advise_on_templates(const TemplateHealth& health, bool structured, std::vector<std::string>& out) {
  if (health.records >= kEnoughRecords && ratio(health.largest, health.records) >= kNearlyAll && !structured) {
    out.push_back(percent_text(ratio(health.largest, health.records)) +
                  " of the records fell into one template: the header was probably not understood; `logdetect formats "
                  "--explain FILE` shows what was made of it, --log-format names the layout");
  }
  const bool singletons = health.templates >= kFewestTemplates &&
                          health.records < kRecordsPerTemplate * health.templates &&
                          ratio(health.singletons, health.templates) > kMostlySingletons;
  if (singletons) {
    out.push_back(
        percent_text(ratio(health.singletons, health.templates)) +
        " of the templates were seen once: some part that varies is not masked; look at `logdetect parse` and "
        "add it under miner.masks in the configuration");
  }
  if (health.templates + health.evicted >= kGrownTemplates && health.growth > kLinearGrowth && !singletons) {
    out.emplace_back(
        "templates keep coming as steadily as at the beginning: some part that varies is not masked; look at the rare "
        "ones in `logdetect parse` and add it under miner.masks in the configuration");
  }
  if (health.evicted > 0) {
    out.push_back(std::to_string(health.evicted) + " rare templates (" + std::to_string(health.evicted_records) +
                  " records) were dropped to stay within miner.max_templates; mask what varies, or raise it");
  }
}

// How many allow rules, what about them, and the ids of the first few. Rules that are no longer needed hide what may
// come one day.
std::string rules_text(const std::vector<std::string>& rules, const char* what) {
  constexpr std::size_t kNamed = 5;
  std::string out = std::to_string(rules.size()) + (rules.size() == 1 ? " allow rule " : " allow rules ") + what + ": ";
  for (std::size_t i = 0; i < std::min(rules.size(), kNamed); ++i) {
    out += (i == 0 ? "" : ", ") + rules[i];
  }
  out += rules.size() > kNamed ? " and " + std::to_string(rules.size() - kNamed) + " more" : "";
  return out + "; `logdetect ack --list` shows them, `ack --undo RULE` takes one back";
}

void advise_on_records(const RunSummary& summary, std::vector<std::string>& out) {
  const double bare = ratio(summary.records_bare, summary.records);
  if (summary.records >= kEnoughRecords && bare > kManyBare) {
    out.push_back(
        percent_text(bare) +
        " of the records do not begin as the others do, so their header was not understood: `logdetect formats "
        "--explain FILE` shows what was made of it, --log-format names the layout");
  }
  const double truncated = ratio(summary.records_truncated, summary.records);
  if (summary.records_truncated >= kFewestTruncated && truncated > kManyTruncated) {
    out.push_back(percent_text(truncated) +
                  " of the records were longer than the limit and lost their end: raise ingest.max_line_bytes, or "
                  "ingest.stitch_max_lines and ingest.stitch_max_bytes for records of several lines");
  }
}

}  // namespace

bool is_structured(std::span<const HeaderPlan> plans) {
  return std::any_of(plans.begin(), plans.end(), [](const HeaderPlan& plan) {
    return plan.kind == HeaderPlan::Kind::kJson || plan.kind == HeaderPlan::Kind::kLogfmt ||
           (plan.name != "auto" && plan.name != "none");
  });
}

std::vector<std::string> training_advice(const Model& model, const TrainReport& report, const TemplateHealth& health) {
  std::vector<std::string> out;
  advise_on_templates(health, is_structured(model.plans), out);
  advise_on_records(report.summary, out);
  if (model.facts.records < kEnoughRecords) {
    out.push_back("only " + std::to_string(model.facts.records) +
                  " records: expect false alarms until the model was trained on a day or more");
  }
  if (!model.facts.has_time) {
    out.emplace_back(
        "no timestamps were found: windows count records instead of seconds; if the log has times, name its layout "
        "with "
        "--log-format");
  } else if (ratio(report.summary.records_without_time, report.summary.records) > kManyWithoutTime) {
    out.push_back(percent_text(ratio(report.summary.records_without_time, report.summary.records)) +
                  " of the records carry no timestamp of their own; they take the time of the record before");
  }
  std::uint64_t excluded = 0;
  for (const ExcludedCount& pattern : report.excluded) {
    excluded += pattern.records;
    if (pattern.records == 0) {
      out.push_back("no record was left out by '" + pattern.pattern +
                    "': `logdetect parse` shows what messages look like");
    }
  }
  if (report.summary.records_dropped > excluded) {
    out.push_back(std::to_string(report.summary.records_dropped - excluded) +
                  " records before the last --days were left out");
  }
  if (model.baseline.stream_lines_dropped() > 0) {
    out.push_back(std::to_string(model.baseline.stream_lines_dropped()) +
                  " records were of more pairs of stream and template than are remembered: streams.key tells too many "
                  "streams apart for this log");
  }
  if (model.config.features.streams != StreamKey::kNone && model.baseline.streams() == 0) {
    out.push_back("no record states a " + std::string(stream_word(model.config.features.streams)) +
                  ": streams.key has no effect on this log");
  }
  if (!report.taken_in.empty()) {
    out.push_back(rules_text(report.taken_in, "taken in by the model, which knows now what they allow"));
  }
  const double flagged = ratio(report.validation_flagged, report.validation_records);
  if (flagged > kTooManyFlagged) {
    out.push_back("the model would flag " + percent_text(flagged) +
                  " of its own latest records: the log changed during training, or training is too short");
  }
  return out;
}

std::vector<std::string> scan_advice(const RunSummary& summary, const TrainingFacts& training,
                                     const std::vector<std::string>& unused_rules, bool drift_told) {
  std::vector<std::string> out;
  if (!drift_told &&
      (summary.drift.state == Drift::State::kOtherLog || summary.drift.state == Drift::State::kNewRelease)) {
    out.push_back(drift_text(summary.drift));
  }
  if (summary.templates_evicted > 0) {
    out.push_back(std::to_string(summary.templates_evicted) +
                  " new templates were forgotten again for lack of room: some part of the new lines varies and is not "
                  "masked; add it under miner.masks and train again");
  }
  advise_on_records(summary, out);
  if (summary.records > 0 && summary.records_dropped == summary.records) {
    out.emplace_back("no record lies between --since and --until: nothing was judged");
  }
  if (training.has_time && !summary.has_time && summary.records > 0) {
    out.emplace_back("the model knows timestamps, this log shows none: name its layout with --log-format");
  }
  if (!unused_rules.empty()) {
    out.push_back(rules_text(unused_rules, "allowed nothing here"));
  }
  return out;
}

std::vector<std::string> parse_advice(const RunSummary& summary, const TemplateHealth& health, bool structured) {
  std::vector<std::string> out;
  advise_on_templates(health, structured, out);
  advise_on_records(summary, out);
  return out;
}

}  // namespace logdetect
