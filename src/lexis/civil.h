#pragma once

#include <cstdint>

namespace logdetect {

/// A day of the proleptic Gregorian calendar.
struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31
};

[[nodiscard]] constexpr bool is_leap_year(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
/// 28..31. Precondition: month in 1..12.
[[nodiscard]] int days_in_month(std::int64_t year, int month);
/// Days since 1970-01-01. O(1). Precondition: a valid date.
[[nodiscard]] std::int64_t days_from_civil(const CivilDate& date);
/// The date `days` after 1970-01-01, for |days| below 10^11. O(1).
[[nodiscard]] CivilDate civil_from_days(std::int64_t days);
/// 0 = Sunday .. 6 = Saturday.
[[nodiscard]] int weekday_from_days(std::int64_t days);
/// Quotient rounded towards minus infinity; `divisor` > 0.
[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

}  // namespace logdetect
