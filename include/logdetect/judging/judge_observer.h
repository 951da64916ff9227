#pragma once

#include <cstddef>
#include <string>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/core/finding.h"
#include "logdetect/judging/open_sessions.h"
#include "logdetect/models/ensemble.h"

namespace logdetect {

/// A record and what was said of it. References are good during the call.
struct JudgedRecord {
  const std::string& source;
  const Record& record;
  const Event& event;
  const Verdict& verdict;
  const BatchScores& scores;
  std::size_t row = 0;  ///< of the record in `scores`
};

/// Sees every record that the judge judged, in order: the --scores file, and evaluation.
class JudgeObserver {
 public:
  virtual ~JudgeObserver() = default;
  virtual Result<void> record(const JudgedRecord& judged) = 0;
  /// Sees every session when it is judged for the last time.
  virtual Result<void> session(const OpenSession& /*session*/, bool /*has_time*/) { return {}; }
};

}  // namespace logdetect
