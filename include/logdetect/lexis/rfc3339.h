#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "logdetect/base/clock.h"

/// Times as the program writes them everywhere, and as it reads what it wrote. Times of other programs' logs:
/// timestamp.h.
namespace logdetect {

/// Appends "2024-01-15T03:42:18.123456Z": UTC; the fraction has 3 or 6 digits and is left out when it is zero. Times
/// outside the years 0 to 9999 are clamped to them. O(1). Thread-safe.
void append_rfc3339(std::string& out, Micros time);
[[nodiscard]] std::string format_rfc3339(Micros time);

/// Reads a whole text of RFC 3339: "T" and "Z" in capitals or an offset "+HH:MM", any number of digits in the fraction;
/// finer than microseconds is cut off. Nothing for any other text. O(1), no allocation. Thread-safe.
[[nodiscard]] std::optional<Micros> parse_rfc3339(std::string_view text);

}  // namespace logdetect
