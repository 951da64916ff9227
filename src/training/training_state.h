#pragma once

#include <optional>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/learned/model.h"
#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"
#include "logdetect/parsing/header.h"
#include "logdetect/parsing/session_finder.h"
#include "logdetect/parsing/session_key.h"

namespace logdetect {

/// What training knows: nothing at first, or all that a model has learnt. The passes add to it.
struct TrainingState {
  std::vector<HeaderPlan> plans;
  Masker masker;
  SessionKey session_key;
  std::string found_key;  ///< session key that the model's training found by itself
  TemplateMiner miner;
  Baseline baseline;
  SessionStatistics sessions;
  std::optional<SessionScorer> session_scorer;  ///< of the model, where there were sessions to judge by
  TrainingFacts facts;
  KeptSample sample;
  std::size_t known_ids = 0;  ///< template ids of the model lie below
  bool update = false;

  /// Errors: kConfig for masks, formats or session patterns that do not work.
  static Result<TrainingState> fresh(const Config& config);
  /// Errors: as above; kUsage when `config` says otherwise what a session is; kModel when the model keeps no sample of
  /// its training.
  static Result<TrainingState> from_model(Model model, const Config& config);

  /// Takes over the session key that was found in the log. Errors: kConfig for a pattern that does not work.
  Result<void> take_sessions(const FoundSessions& found);
  /// Takes over the header plans that a pass used; an update keeps those of the model too, at most kMaxPlans in all.
  void take_plans(std::vector<HeaderPlan> used);
  /// After learning templates on top of the model's, and compacting: what was merged is merged in the statistics and
  /// the sample too.
  void follow_merges();
};

}  // namespace logdetect
