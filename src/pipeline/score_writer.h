#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/core/finding.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/report/output.h"

namespace logdetect {

/// The --scores file: one CSV row for every record: source, line, last_line, time, template_id, score, anomaly and one
/// column of calibrated nats per detector. Not thread-safe.
class ScoreWriter {
 public:
  /// Errors: kOutput.
  static Result<std::unique_ptr<ScoreWriter>> open(const std::string& path, const Ensemble& ensemble);

  Result<void> write(const std::string& source, const Record& record, const Event& event, const Verdict& verdict,
                     const BatchScores& scores, std::size_t row);
  Result<void> commit();

 private:
  explicit ScoreWriter(std::unique_ptr<Output> output) : output_(std::move(output)) {}
  std::unique_ptr<Output> output_;
  std::string line_;
};

}  // namespace logdetect
