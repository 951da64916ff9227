#include "pipeline/advice.h"

#include "logdetect/report/summary_text.h"
#include "logdetect/training/record_advice.h"

namespace logdetect {

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
