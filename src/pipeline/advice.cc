#include "pipeline/advice.h"

#include <algorithm>
#include <cstdio>

namespace logdetect {
namespace {

constexpr std::uint64_t kEnoughRecords = 1000;  // fewer say little about templates
constexpr double kMostlySingletons = 0.5;
constexpr double kMostlyNew = 0.5;
constexpr double kNewRelease = 0.02;

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void advise_on_templates(std::uint64_t records, std::uint64_t templates, std::uint64_t singletons,
                         std::uint64_t evicted, bool structured, std::vector<std::string>& out) {
  if (records >= kEnoughRecords && templates == 1 && !structured) {
    out.emplace_back(
        "every record fell into one template: the header was probably not understood; name the layout with "
        "--log-format");
  }
  if (templates >= 100 && records < 20 * templates && ratio(singletons, templates) > kMostlySingletons) {
    out.push_back(
        percent(ratio(singletons, templates)) +
        " of the templates were seen once: some part that varies is not masked; look at `logdetect parse` and "
        "add it under miner.masks in the configuration");
  }
  if (evicted > 0) {
    out.push_back(std::to_string(evicted) +
                  " rare templates were dropped to stay within miner.max_templates; mask what varies, or raise it");
  }
}

}  // namespace

std::vector<std::string> training_advice(const Model& model, const TrainReport& report) {
  std::vector<std::string> out;
  std::uint64_t singletons = 0;
  for (const TemplateInfo& info : model.miner.list()) {
    singletons += info.count == 1 ? 1 : 0;
  }
  const HeaderPlan::Kind kind = model.plans.front().kind;
  const bool structured = kind == HeaderPlan::Kind::kJson || kind == HeaderPlan::Kind::kLogfmt;
  advise_on_templates(model.facts.records, model.miner.size(), singletons, model.miner.evicted(), structured, out);
  if (model.facts.records < kEnoughRecords) {
    out.push_back("only " + std::to_string(model.facts.records) +
                  " records: expect false alarms until the model was trained on a day or more");
  }
  if (!model.facts.has_time) {
    out.emplace_back(
        "no timestamps were found: windows count records instead of seconds; if the log has times, name its layout "
        "with "
        "--log-format");
  } else if (ratio(report.summary.records_without_time, report.summary.records) > 0.2) {
    out.push_back(percent(ratio(report.summary.records_without_time, report.summary.records)) +
                  " of the records carry no timestamp of their own; they take the time of the record before");
  }
  if (report.summary.records_dropped > 0) {
    out.push_back(std::to_string(report.summary.records_dropped) + " records before the last --days were left out");
  }
  const double flagged = ratio(report.validation_flagged, report.validation_records);
  constexpr double kTooMany = 0.05;
  if (flagged > kTooMany) {
    out.push_back("the model would flag " + percent(flagged) +
                  " of its own latest records: the log changed during training, or training is too short");
  }
  return out;
}

std::vector<std::string> scan_advice(const RunSummary& summary, const TrainingFacts& training) {
  std::vector<std::string> out;
  const double fresh = ratio(summary.records_new, summary.records);
  if (summary.records >= kEnoughRecords / 10 && fresh > kMostlyNew) {
    out.push_back(percent(fresh) +
                  " of the records match no template of the model: is it the right model for this log? "
                  "`logdetect model inspect` shows what it was trained on");
  } else if (summary.records >= kEnoughRecords && fresh > kNewRelease) {
    out.push_back(percent(fresh) +
                  " of the records match no template of the model: after a new release, train again on a day of it");
  }
  if (summary.records > 0 && summary.records_dropped == summary.records) {
    out.emplace_back("no record lies between --since and --until: nothing was judged");
  }
  if (training.has_time && !summary.has_time && summary.records > 0) {
    out.emplace_back("the model knows timestamps, this log shows none: name its layout with --log-format");
  }
  return out;
}

std::vector<std::string> parse_advice(const RunSummary& summary, std::uint64_t singletons, std::uint64_t evicted) {
  std::vector<std::string> out;
  advise_on_templates(summary.records, summary.templates_known, singletons, evicted, false, out);
  return out;
}

}  // namespace logdetect
