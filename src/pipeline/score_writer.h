#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/report/output_set.h"

namespace logdetect {

/// The --scores file: one CSV row for every record: source, line, last_line, time, template_id, score, anomaly and one
/// column of calibrated nats per detector. And the --session-scores file: one row for every session: session, score,
/// anomaly, first, last, events; in order of their last records. Not thread-safe.
class ScoreWriter : public JudgeObserver {
 public:
  /// An empty path: that file is not written. The files belong to `outputs`, which must outlive the result and ends
  /// them. Errors: kOutput.
  static Result<std::unique_ptr<ScoreWriter>> open(const std::string& path, const std::string& session_path,
                                                   const Ensemble& ensemble, OutputSet& outputs);

  Result<void> record(const JudgedRecord& judged) override;
  Result<void> session(const OpenSession& session, bool has_time) override;

 private:
  ScoreWriter() = default;
  Output* output_ = nullptr;    // null: not wanted
  Output* sessions_ = nullptr;  // null: not wanted
  std::string line_;
  Micros time_ = 0;
  std::string time_text_;  // of time_: many records have the time of the one before
};

}  // namespace logdetect
