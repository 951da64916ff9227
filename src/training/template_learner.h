#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "logdetect/base/clock.h"
#include "logdetect/mining/mask_ahead.h"
#include "logdetect/parsing/session_finder.h"
#include "logdetect/reading/line_parser.h"
#include "logdetect/training/template_health.h"
#include "training/exclusion.h"
#include "training/teaching_rule.h"
#include "training/training_state.h"

namespace logdetect {

/// Times that a pass has seen.
struct SeenTimes {
  bool has_time = false;
  Micros first = 0;
  Micros last = 0;
  std::uint64_t records_without = 0;
};

/// What the pass over the templates tells.
struct LearntTemplates {
  std::uint64_t records = 0;  ///< that taught
  SeenTimes times;
  TemplateHealth health;  ///< of all that the miner holds, those of an updated model included
  std::optional<FoundSessions> found_sessions;
};

/// The pass that learns the templates. Not thread-safe.
class TemplateLearner {
 public:
  /// Teaches `state.miner`; both must outlive the learner. With `look_for_sessions` it also looks for an id that
  /// threads the log.
  TemplateLearner(TrainingState& state, const TeachingRule& rule, const std::string& zone, bool look_for_sessions);

  /// `parsed` needs no templates yet.
  void see(ParsedBatch& parsed);

  /// Numbers the templates anew, those of an updated model excepted, and merges in the state what was merged in the
  /// miner. Call once, after the last batch.
  LearntTemplates finish();

 private:
  TrainingState& state_;
  Micros begin_;
  Exclusion exclusion_;
  TimeLine times_;
  MaskAhead ahead_;
  std::optional<SessionFinder> sessions_;
  GrowthMeter growth_;
  std::uint64_t records_ = 0;
};

}  // namespace logdetect
