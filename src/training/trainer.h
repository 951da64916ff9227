#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/detection/allow_list.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/control.h"
#include "logdetect/training/train.h"
#include "training/training_state.h"

namespace logdetect {

/// A model and what there is to say about its training.
struct Trained {
  std::shared_ptr<const Model> model;
  TrainReport report;
};

/// Trains in memory; `train` then stores the model, `scan --baseline` uses it at once.
/// Three passes: (with --days) find the end of the log; learn the templates; compute features prequentially. Then the
/// detectors learn from a sample of the earlier rows and are calibrated on a sample of the later ones. With `start` all
/// that it knows goes on being counted, and the detectors see its sample too. What `allowed` covers is left out of the
/// review, not of training.
Result<Trained> train_model(const Config& config, const std::string& config_yaml,
                            const std::vector<std::string>& inputs, const RunControl& control,
                            std::optional<TrainingState> start = std::nullopt, const AllowList& allowed = {});

}  // namespace logdetect
