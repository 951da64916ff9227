#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/range.h"

namespace logdetect {

enum class Sensitivity : std::uint8_t { kLow, kMedium, kHigh };

struct EnsembleOptions {
  static constexpr Range<double> kWeightRange{0, 100};  ///< relative: 1 beside 100 is as good as silent
  static constexpr Range<double> kCapRange{0, 1'000};   ///< nats

  std::vector<std::string> detectors = {"novelty", "forest"};  ///< members by name, or one set of detector_sets()
  std::vector<std::pair<std::string, double>> weights;         ///< others: by logdetect help detectors
  double cap_nats = 0;  ///< bound of one member's contribution; 0: each detector's own default
};

/// Factors on the threshold by hour of the day, UTC, from 00.
using HourMultipliers = std::array<double, 24>;

struct ThresholdOptions {
  static constexpr Range<double> kTargetFprRange{1e-6, 0.5};     ///< one record of a million, and every other one
  static constexpr Range<double> kAbsoluteRange{0.1, 1'000};     ///< nats
  static constexpr Range<double> kAlertsRange{0, 1'000'000};     ///< a day; more than anybody can read
  static constexpr Range<double> kFixedScoreRange{0, 0.999999};  ///< a score of 1 is infinitely many nats away
  static constexpr Range<double> kMultiplierRange{0.01, 100};    ///< beyond it all is flagged, or nothing

  double target_fpr = 0.01;         ///< share of validation records that may lie above the threshold
  double absolute_nats = 6.907755;  ///< ln 1000: the threshold, unless target_fpr or alerts_per_day asks for more
  double alerts_per_day = 0;        ///< templates flagged per day of validation, each counted once a day; 0: any number
  Sensitivity sensitivity = Sensitivity::kMedium;
  double fixed_score = 0;  ///< --threshold X: score in (0, 1) at which to flag; 0: not set
  HourMultipliers hour_multipliers = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};  ///< on the threshold, by UTC hour
};

}  // namespace logdetect
