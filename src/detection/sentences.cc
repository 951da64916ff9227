#include "logdetect/detection/sentences.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "logdetect/features/quantity.h"

namespace logdetect {
namespace {

std::string with_thousands(double value) {
  std::string digits = std::to_string(static_cast<std::int64_t>(std::llround(std::fabs(value))));
  constexpr std::size_t kGroup = 3;  // digits between two marks
  for (std::size_t at = digits.size(); at > kGroup; at -= kGroup) {
    digits.insert(at - kGroup, 1, ',');
  }
  return (value < 0 ? "-" : "") + digits;
}

}  // namespace

std::string number_words(double value) {
  constexpr double kLargest = 1e15;   // beyond it the digits are no longer exact
  constexpr double kRounded = 999.5;  // from here on three digits would say too little, or be "1e+03"
  if (!std::isfinite(value)) {
    return "unknown";
  }
  const double size = std::fabs(value);
  if (size < kLargest && (size >= kRounded || std::round(value) == value)) {
    return with_thousands(value);
  }
  std::array<char, 40> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 3);
  return {buffer.data(), end};
}

std::string range_words(double low, double high) {
  if (low == 0 && high == 0) {
    return "none";
  }
  const std::string from = number_words(low);
  const std::string to = number_words(high);
  return from == to ? from : from + " to " + to;
}

std::string short_template(std::string_view text, std::size_t words) {
  std::string out = "[";
  std::size_t taken = 0;
  std::size_t at = text.find_first_not_of(" \t\r\n");
  while (at != std::string_view::npos && taken < words) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    out += taken > 0 ? " " : "";
    out += text.substr(at, end - at);
    ++taken;
    at = text.find_first_not_of(" \t\r\n", end);
  }
  if (at != std::string_view::npos) {
    out += " ...";
  }
  return out + ']';
}

std::string time_of_day(Micros time) {
  const Micros in_day = ((time % kMicrosPerDay) + kMicrosPerDay) % kMicrosPerDay;
  const auto minutes = static_cast<int>(in_day / (60 * kMicrosPerSecond));
  std::string text = "00:00";
  text[0] = static_cast<char>('0' + minutes / 60 / 10);
  text[1] = static_cast<char>('0' + minutes / 60 % 10);
  text[3] = static_cast<char>('0' + minutes % 60 / 10);
  text[4] = static_cast<char>('0' + minutes % 10);
  return text;
}

std::string_view weekday_name(Micros time) {
  static constexpr std::array<std::string_view, 7> kNames = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                             "Thursday", "Friday", "Saturday"};
  const std::chrono::sys_time<std::chrono::microseconds> point{std::chrono::microseconds{time}};
  return kNames.at(std::chrono::weekday{std::chrono::floor<std::chrono::days>(point)}.c_encoding());
}

std::optional<std::int64_t> window_seconds(std::string_view column) {
  const std::size_t cut = column.rfind('_');
  if (cut == std::string_view::npos || column.back() != 's') {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  const char* const end = column.data() + column.size() - 1;
  const auto [rest, error] = std::from_chars(column.data() + cut + 1, end, seconds);
  return error == std::errc() && rest == end && seconds > 0 ? std::optional(seconds) : std::nullopt;
}

std::string_view quantity_unit(std::string_view text) {
  // What one of the unit is worth tells which it is; only "s" and "B" themselves look like a plain number.
  const std::size_t last_digit = text.find_last_of("0123456789");
  if (last_digit == std::string_view::npos) {
    return "";
  }
  std::string_view suffix = text.substr(last_digit + 1);
  suffix.remove_prefix(std::min(suffix.find_first_not_of(' '), suffix.size()));
  const double worth = parse_quantity("1" + std::string(suffix)).value_or(1);
  constexpr double kHourSeconds = 3600;
  constexpr double kKibiBytes = 1024;  // the least unit of bytes beyond the byte
  if (worth >= kKibiBytes && worth != kHourSeconds) {
    return "bytes";
  }
  if (worth != 1 || suffix == "s" || suffix == "sec" || suffix == "secs" || suffix == "seconds") {
    return "s";
  }
  return suffix == "B" || suffix == "bytes" ? "bytes" : "";
}

}  // namespace logdetect
