#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace logdetect {

struct ForestOptions {
  int trees = 100;              ///< 1..10000
  int subsample = 256;          ///< psi, 2..32768
  double contamination = 0.01;  ///< expected share of anomalies in training, 0..0.5; trimmed before the refit
};

enum class Sensitivity : std::uint8_t { kLow, kMedium, kHigh };

struct EnsembleOptions {
  std::vector<std::string> detectors = {"novelty", "forest"};  ///< members by name
  std::vector<std::pair<std::string, double>> weights;         ///< others: novelty 1, forest 0.6
  double cap_nats = 0;  ///< bound of one member's contribution; 0: each detector's own default
};

struct ThresholdOptions {
  double target_fpr = 0.01;         ///< share of validation records that may lie above the threshold
  double absolute_nats = 6.907755;  ///< ln 1000: the threshold, unless target_fpr asks for more
  Sensitivity sensitivity = Sensitivity::kMedium;
  double fixed_score = 0;  ///< --threshold X: score in (0, 1) at which to flag; 0: not set
  std::array<double, 24> hour_multipliers = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                             1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};  ///< on the threshold, by UTC hour
};

}  // namespace logdetect
