#include "training/training_advice.h"

#include "logdetect/base/number_text.h"
#include "logdetect/report/summary_text.h"
#include "logdetect/training/record_advice.h"

namespace logdetect {
namespace {

constexpr double kManyWithoutTimeShare = 0.2;  // a few banners and stray lines are in every log
constexpr double kTooManyFlaggedShare = 0.05;  // five times the default target_fpr

}  // namespace

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
  } else if (share_of(report.summary.records_without_time, report.summary.records) > kManyWithoutTimeShare) {
    out.push_back(percent_text(share_of(report.summary.records_without_time, report.summary.records)) +
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
                  " records were of more pairs of stream and template than are remembered: rates.key tells too many "
                  "streams apart for this log");
  }
  if (model.config.features.rate_key != RateKey::kNone && model.baseline.streams() == 0) {
    out.push_back("no record states a " + std::string(rate_key_word(model.config.features.rate_key)) +
                  ": rates.key has no effect on this log");
  }
  if (!report.taken_in.empty()) {
    out.push_back(rules_text(report.taken_in, "taken in by the model, which knows now what they allow"));
  }
  const double flagged = share_of(report.validation_flagged, report.validation_records);
  if (flagged > kTooManyFlaggedShare) {
    out.push_back("the model would flag " + percent_text(flagged) +
                  " of its own latest records: the log changed during training, or training is too short");
  }
  return out;
}

}  // namespace logdetect
