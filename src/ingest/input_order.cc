#include "ingest/input_order.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

enum class Rotation : std::uint8_t { kDated, kNumbered, kCurrent };  // in reading order

struct RotatedName {
  std::string_view base;
  Rotation rotation = Rotation::kCurrent;
  std::int64_t number = 0;  // negated, so that the highest, which is the oldest, comes first
  std::string_view date;
};

std::string_view without_compression_suffix(std::string_view name) {
  for (const std::string_view suffix : {".gz", ".zst", ".xz", ".bz2"}) {
    if (name.ends_with(suffix)) {
      return name.substr(0, name.size() - suffix.size());
    }
  }
  return name;
}

bool in_date(char c) {
  return is_digit(c) || c == '-' || c == '_' || c == 'T';
}

// Splits off ".3", "-20240131" or ".2024-01-31".
RotatedName parse_rotated(std::string_view path) {
  constexpr std::size_t kLongestNumber = 5;  // more digits are a date or an epoch
  RotatedName result;
  result.base = without_compression_suffix(path);
  std::size_t begin = result.base.size();
  while (begin > 0 && in_date(result.base[begin - 1])) {
    --begin;
  }
  std::string_view suffix = result.base.substr(begin);
  const bool after_dot = begin > 0 && result.base[begin - 1] == '.';
  const std::size_t digits = static_cast<std::size_t>(std::count_if(suffix.begin(), suffix.end(), is_digit));
  if (after_dot && digits == suffix.size() && digits > 0 && digits <= kLongestNumber) {
    std::from_chars(suffix.data(), suffix.data() + suffix.size(), result.number);
    result.number = -result.number;
    result.rotation = Rotation::kNumbered;
    result.base = result.base.substr(0, begin - 1);
  } else if (digits >= 6 && (after_dot || suffix[0] == '-' || suffix[0] == '_')) {
    result.date = suffix;
    result.rotation = Rotation::kDated;
    result.base = result.base.substr(0, after_dot ? begin - 1 : begin);
  }
  return result;
}

}  // namespace

bool reads_before(const std::string& a, const std::string& b) {
  const RotatedName x = parse_rotated(a);
  const RotatedName y = parse_rotated(b);
  return std::tie(x.base, x.rotation, x.number, x.date, a) < std::tie(y.base, y.rotation, y.number, y.date, b);
}

}  // namespace logdetect
