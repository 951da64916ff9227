#include "features/number_text.h"

#include <array>
#include <charconv>
#include <cstddef>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxText = 40;    // bytes of a number with its unit; longer is no quantity
constexpr std::size_t kMaxDigits = 15;  // beyond it doubles no longer tell neighbours apart
constexpr std::size_t kMaxUnit = 12;    // bytes: longer than any name below

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double kKibi = 1024.0;  // bytes
constexpr std::array<Unit, 24> kUnits = {{
    {"ns", 1e-9},
    {"us", 1e-6},
    {"\xC2\xB5s", 1e-6},
    {"ms", 1e-3},
    {"msec", 1e-3},
    {"s", 1},
    {"sec", 1},
    {"secs", 1},
    {"seconds", 1},
    {"min", 60},
    {"h", 3600},
    {"B", 1},
    {"bytes", 1},
    {"K", kKibi},
    {"KB", kKibi},
    {"kB", kKibi},
    {"KiB", kKibi},
    {"MB", kKibi* kKibi},
    {"MiB", kKibi* kKibi},
    {"GB", kKibi* kKibi* kKibi},
    {"GiB", kKibi* kKibi* kKibi},
    {"G", kKibi* kKibi* kKibi},
    {"TB", kKibi* kKibi* kKibi* kKibi},
    {"TiB", kKibi* kKibi* kKibi* kKibi},
}};

// The factor of a unit; 1 for unknown words, nothing when this is not a unit at all.
std::optional<double> unit_factor(std::string_view text) {
  if (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  if (text.empty() || text == "%") {
    return 1.0;
  }
  if (text.size() > kMaxUnit) {
    return std::nullopt;
  }
  for (const Unit& unit : kUnits) {
    if (unit.name == text) {
      return unit.factor;
    }
  }
  // "12 retries" and "3 req/s" are numbers; "10.0.0.1" and "7-zip" are none.
  for (const char c : text) {
    if (!is_alpha(c) && c != '/' && c != '%') {
      return std::nullopt;
    }
  }
  return 1.0;
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  if (text.size() > kMaxText) {
    return std::nullopt;
  }
  // The digits are copied without their thousands commas; from_chars then reads them independently of the locale.
  std::array<char, kMaxText> digits{};
  std::size_t used = 0;
  std::size_t at = 0;
  std::size_t whole = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    if (text[0] == '-') {
      digits[used++] = '-';
    }
    at = 1;
  }
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_digit(c)) {
      digits[used++] = c;
      ++whole;
    } else if (c != ',' ||  // a mark of thousands has three digits behind it
               whole == 0 || at + 3 >= text.size() || !is_digit(text[at + 1]) || !is_digit(text[at + 2]) ||
               !is_digit(text[at + 3])) {
      break;
    }
  }
  if (whole == 0 || whole > kMaxDigits) {
    return std::nullopt;
  }
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    digits[used++] = '.';
    for (++at; at < text.size() && is_digit(text[at]); ++at) {
      digits[used++] = text[at];
    }
  }
  if (at + 1 < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t sign = text[at + 1] == '-' || text[at + 1] == '+' ? 1 : 0;
    std::size_t end = at + 1 + sign;
    while (end < text.size() && is_digit(text[end])) {
      ++end;
    }
    // Two digits of exponent keep the value far from the limits of double.
    if (end > at + 1 + sign && end - at - 1 - sign <= 2) {
      digits[used++] = 'e';
      for (at += 1 + (text[at + 1] == '+' ? 1U : 0U); at < end; ++at) {
        digits[used++] = text[at];
      }
    }
  }
  const std::optional<double> factor = unit_factor(text.substr(at));
  double value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + used, value);
  constexpr double kLargest = 1e18;  // about the greatest 64-bit integer
  if (!factor || parsed.ec != std::errc{} || value > kLargest || value < -kLargest) {
    return std::nullopt;
  }
  return value * *factor;
}

}  // namespace logdetect
