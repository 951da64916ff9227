#pragma once

#include <string_view>

namespace logdetect {

/// The text begins with a date, a time of day or an epoch: 2024-01-31, 31/Jan/2024, 10:15:00, Jan 31, 1700000000,
/// I0131. An opening bracket before it is skipped. O(1).
[[nodiscard]] bool begins_with_time(std::string_view text);

}  // namespace logdetect
