#pragma once

#include <cstdint>

namespace logdetect {

/// Microseconds since 1970-01-01 00:00 UTC for points, microseconds for spans. Every time in the program is one of
/// these.
using Micros = std::int64_t;
inline constexpr Micros kMicrosPerMilli = 1'000;
inline constexpr Micros kMicrosPerSecond = 1'000'000;
inline constexpr Micros kMicrosPerHour = 3600 * kMicrosPerSecond;
inline constexpr Micros kMicrosPerDay = 24 * kMicrosPerHour;

/// Hour of the day, 0..23 UTC; 0 before 1970.
[[nodiscard]] constexpr int hour_of_day(Micros time) {
  return time < 0 ? 0 : static_cast<int>(time % kMicrosPerDay / kMicrosPerHour);
}

/// Where wall and interval times come from, so that tests can crank it by hand. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Civil time now. May jump; never used for intervals.
  [[nodiscard]] virtual Micros wall() const = 0;
  /// Never goes back; only differences mean something.
  [[nodiscard]] virtual Micros monotonic() const = 0;
};

/// The operating system's clock. Lives for the whole program.
[[nodiscard]] const Clock& system_clock();

}  // namespace logdetect
