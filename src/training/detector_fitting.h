#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/learned/kept_sample.h"
#include "logdetect/mining/template_miner.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/models/neural.h"
#include "logdetect/reading/control.h"
#include "logdetect/training/train.h"

namespace logdetect {

/// The detectors of a training, not fitted yet.
struct DetectorChoice {
  Ensemble ensemble;
  std::string note;  ///< what the user should know about the choice; may be empty
};

/// Chooses the detectors before the long passes, so that what is missing is said at once. `runtime` is asked only for
/// networks. Errors: kUsage for unknown detectors; those of `runtime`.
Result<DetectorChoice> choose_detectors(const EnsembleOptions& options,
                                        Result<NeuralRuntime> (*runtime)() = neural_runtime);

/// Detectors that are fitted and calibrated, and how that went.
struct FittedDetectors {
  Ensemble ensemble;
  std::uint64_t validation_records = 0;  ///< that calibrated
  std::uint64_t validation_flagged = 0;  ///< of these: the model would flag them
  std::vector<LearningCurve> curves;     ///< of networks
};

/// Fits the detectors to one part of the sample, and calibrates them on another. `miner`: of the
/// templates in it.
/// Errors: those of Ensemble::fit; kInterrupted.
Result<FittedDetectors> fit_detectors(Ensemble ensemble, const KeptSample& sample, const TemplateMiner& miner,
                                      const Config& config, const RunControl& control);

/// What calibrates: the held-out part, or the fitted one where fewer than 50 records were held out. Windows with their
/// events for networks, else rows. The result refers to `sample`.
[[nodiscard]] LogView calibration_view(const KeptSample& sample, bool windows);

/// How many of the events the model flags. `totals`: nats, [events].
[[nodiscard]] std::uint64_t count_flagged(const Ensemble& ensemble, std::span<const Event> events,
                                          std::span<const float> totals, const ThresholdOptions& options);

}  // namespace logdetect
