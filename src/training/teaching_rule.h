#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/base/clock.h"

namespace logdetect {

/// Where training begins when all of the log teaches.
inline constexpr Micros kBeginOfTime = INT64_MIN;

/// Which records of a log teach: those from `begin` on that match none of the patterns.
struct TeachingRule {
  Micros begin = kBeginOfTime;
  std::vector<std::string> exclude;  ///< as run.exclude
};

}  // namespace logdetect
