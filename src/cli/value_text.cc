#include "cli/value_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"

namespace logdetect {

Result<std::size_t> choose(const std::string& flag, const std::string& word, std::span<const std::string_view> words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    list += i == 0 ? "" : (i + 1 == words.size() ? " or " : ", ");
    list += words[i];
  }
  const std::string_view near = nearest_name(word, words);
  return make_error(ErrorCode::kUsage, flag + " must be " + list + ", not '" + word + "'", "",
                    near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
}

Result<std::size_t> read_count(const std::string& flag, const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return make_error(ErrorCode::kUsage, flag + " must be a whole number, not '" + text + "'");
  }
  return value;
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0)) {  // NaN too
    return "0.0 s";
  }
  if (seconds < 60) {
    return fixed_text(seconds, 1) + " s";
  }
  const auto whole = static_cast<std::uint64_t>(std::min(seconds, 1e15));  // fits 64 bits
  constexpr std::uint64_t kHourSeconds = 3600;
  if (whole < kHourSeconds) {
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  }
  return with_commas(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"kB", "MB", "GB", "TB", "PB"};
  constexpr std::uint64_t kKilobyte = 1000;  // bytes
  if (bytes < kKilobyte) {
    return std::to_string(bytes) + " bytes";
  }
  auto value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  // 999.95 would be shown as 1000.0.
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fixed_text(value, 1) + " " + std::string(kUnits[unit]);
}

std::string aligned_right(std::string text, std::size_t width) {
  text.insert(0, text.size() < width ? width - text.size() : 0, ' ');
  return text;
}

std::string aligned_left(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    // A quote inside quotes ends them, stands escaped, and opens them again.
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

}  // namespace logdetect
