#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/report/output.h"
#include "pipeline/judge_observer.h"

namespace logdetect {

/// The --scores file: one CSV row for every record: source, line, last_line, time, template_id, score, anomaly and one
/// column of calibrated nats per detector. Not thread-safe.
class ScoreWriter : public JudgeObserver {
 public:
  /// Errors: kOutput.
  static Result<std::unique_ptr<ScoreWriter>> open(const std::string& path, const Ensemble& ensemble);

  Result<void> record(const JudgedRecord& judged) override;
  Result<void> commit();

 private:
  explicit ScoreWriter(std::unique_ptr<Output> output) : output_(std::move(output)) {}
  std::unique_ptr<Output> output_;
  std::string line_;
};

}  // namespace logdetect
