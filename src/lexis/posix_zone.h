#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace logdetect {

/// The day and time of a change of the clocks in any year: "M3.5.0/2", "J60", "59".
struct ZoneRuleDay {
  enum class Kind : std::uint8_t { kMonthWeekDay, kJulianWithoutLeapDay, kDayOfYear };
  Kind kind = Kind::kMonthWeekDay;
  int month = 1;
  int week = 1;                 ///< 5: the last
  int weekday = 0;              ///< 0 = Sunday
  int day = 0;                  ///< 1..365 or 0..365
  std::int32_t seconds = 7200;  ///< local time of day, may be negative or beyond a day

  /// Local seconds since 1970 of the change in `year`.
  [[nodiscard]] std::int64_t local_time_in(std::int64_t year) const;
};

/// A POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3".
struct PosixZone {
  std::int32_t standard_offset = 0;  ///< seconds east of UTC
  std::int32_t summer_offset = 0;
  bool has_summer = false;
  ZoneRuleDay summer_begins;
  ZoneRuleDay summer_ends;
};

/// Reads a POSIX TZ string; nothing if it is not one.
std::optional<PosixZone> parse_posix_zone(std::string_view text);

}  // namespace logdetect
