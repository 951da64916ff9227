#pragma once

#include <optional>
#include <string_view>

namespace logdetect {

/// The number a parameter's text states, on the scale of Baseline::numeric_range: units of time give seconds ("350ms"
/// is 0.35), units of size give bytes. Nothing for text that is not a quantity. O(|text|).
[[nodiscard]] std::optional<double> parse_quantity(std::string_view text);

}  // namespace logdetect
