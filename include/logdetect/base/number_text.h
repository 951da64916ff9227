#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logdetect {

/// `part` of `whole` in 0..1; 0 of nothing.
[[nodiscard]] inline double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// "145,892".
[[nodiscard]] std::string with_commas(std::uint64_t value);
/// "1 line", "2,000 lines".
[[nodiscard]] std::string count_text(std::uint64_t count, std::string_view singular);
/// `value` with `decimals` places.
[[nodiscard]] std::string fixed_text(double value, int decimals);

}  // namespace logdetect
