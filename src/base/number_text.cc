#include "logdetect/base/number_text.h"

#include <array>
#include <charconv>

namespace logdetect {

std::string with_commas(std::uint64_t value) {
  constexpr std::size_t kGroupDigits = 3;
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > kGroupDigits; i -= kGroupDigits) {
    digits.insert(i - kGroupDigits, 1, ',');
  }
  return digits;
}

std::string count_text(std::uint64_t count, std::string_view singular) {
  return with_commas(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

std::string fixed_text(double value, int decimals) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the point
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return {buffer.data(), end};
}

}  // namespace logdetect
