#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "logdetect/ingest/source.h"
#include "logdetect/training/train.h"
#include "training/detector_fitting.h"
#include "training/feature_learner.h"
#include "training/teaching_rule.h"
#include "training/template_learner.h"
#include "training/training_state.h"

namespace logdetect {

/// Everything that the passes of a training learnt.
struct Lessons {
  Micros begin = kBeginOfTime;  ///< of the training span
  LearntTemplates templates;
  LearntFeatures features;
  FittedDetectors detectors;
  IngestCounters counters;         ///< of one pass
  std::vector<std::string> notes;  ///< what the user should know; first among the advice
};

/// The facts of a model that stands for what `before` tells and for what was learnt now.
[[nodiscard]] TrainingFacts joined_facts(const TrainingFacts& before, const Lessons& lessons);

/// A note when the log begins before the training of the updated model ended; nothing otherwise.
[[nodiscard]] std::optional<std::string> overlap_note(const TrainingFacts& before, const SeenTimes& times,
                                                      Micros begin);

/// The model, with its id. Takes from `state` and `lessons` what the model keeps: all but what the report tells.
[[nodiscard]] std::shared_ptr<const Model> assemble_model(const Config& config, const std::string& config_yaml,
                                                          TrainingState& state, Lessons& lessons);

/// What there is to say about the training of `model`. `known_ids`: template ids of the updated model lie below it;
/// none without an update.
[[nodiscard]] TrainReport report_training(const Model& model, Lessons& lessons, const AllowList& allowed,
                                          std::optional<std::size_t> known_ids);

}  // namespace logdetect
