#pragma once

#include <chrono>

#include "logdetect/base/clock.h"

namespace logdetect {

/// A point in time as <chrono> counts it.
using MicroTime = std::chrono::sys_time<std::chrono::microseconds>;

[[nodiscard]] constexpr MicroTime to_micro_time(Micros time) {
  return MicroTime(std::chrono::microseconds(time));
}
[[nodiscard]] constexpr Micros to_micros(MicroTime time) {
  return time.time_since_epoch().count();
}

}  // namespace logdetect
