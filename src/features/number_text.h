#pragma once

#include <optional>
#include <string_view>

namespace logdetect {

/// The number a parameter's text states: sign, digits with optional thousands commas, decimals, exponent, then
/// optionally a unit or '%'. Units of time give seconds ("350ms" is 0.35; only ns, us, ms, s, sec, min, h), units of
/// size give bytes (KB and KiB alike are 1024); any other unit is ignored ("12 retries" is 12). Nothing for text that
/// does not start with a number, has more than 15 digits before the decimals (an id, not a quantity) or is followed by
/// more than a unit. O(|text|), reads at most 40 bytes.
[[nodiscard]] std::optional<double> parse_quantity(std::string_view text);

}  // namespace logdetect
