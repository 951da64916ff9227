#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "logdetect/core/finding.h"

namespace logdetect {

/// Numbers and names as the sentences of reasons show them. Pure functions; thread-safe.

/// "145,892", "0.38", "2.5": integers and large values with thousands marks, others with three significant digits.
std::string number_words(double value);
/// "10 to 350", "none" for 0 to 0, "5" when both ends read the same.
std::string range_words(double low, double high);
/// At most `words` words of a template, in brackets: "[Connection pool exhausted]". Raw bytes.
std::string short_template(std::string_view text, std::size_t words = 5);
/// "03:42" in UTC.
std::string time_of_day(Micros time);
/// "Monday" in UTC.
std::string_view weekday_name(Micros time);

/// 60 for "burst_60s"; nothing for a column without a window.
std::optional<std::int64_t> window_seconds(std::string_view column);
/// Unit of parse_quantity() for this text: "s", "bytes" or "".
std::string_view quantity_unit(std::string_view text);

}  // namespace logdetect
