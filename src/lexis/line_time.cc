#include "logdetect/lexis/line_time.h"

#include <algorithm>
#include <cstdint>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

// Seconds to nanoseconds since 1970.
constexpr std::size_t kLeastEpochDigits = 10;
constexpr std::size_t kMostEpochDigits = 19;

std::size_t digit_count(std::string_view text) {
  const std::size_t most = std::min(text.size(), kMostEpochDigits + 1);
  std::size_t count = 0;
  while (count < most && is_digit(text[count])) {
    ++count;
  }
  return count;
}

// Letters of a month's or weekday's abbreviation as one number, so that a switch finds it.
constexpr std::uint32_t packed(char a, char b, char c) {
  return (static_cast<std::uint32_t>(static_cast<unsigned char>(a)) << 16) |
         (static_cast<std::uint32_t>(static_cast<unsigned char>(b)) << 8) | static_cast<unsigned char>(c);
}

bool is_month(std::string_view text) {
  if (text.size() < 3) {
    return false;
  }
  switch (packed(text[0], text[1], text[2])) {
    case packed('J', 'a', 'n'):
    case packed('F', 'e', 'b'):
    case packed('M', 'a', 'r'):
    case packed('A', 'p', 'r'):
    case packed('M', 'a', 'y'):
    case packed('J', 'u', 'n'):
    case packed('J', 'u', 'l'):
    case packed('A', 'u', 'g'):
    case packed('S', 'e', 'p'):
    case packed('O', 'c', 't'):
    case packed('N', 'o', 'v'):
    case packed('D', 'e', 'c'):
      return true;
    default:
      return false;
  }
}

bool is_weekday(std::string_view text) {
  if (text.size() < 3) {
    return false;
  }
  switch (packed(text[0], text[1], text[2])) {
    case packed('M', 'o', 'n'):
    case packed('T', 'u', 'e'):
    case packed('W', 'e', 'd'):
    case packed('T', 'h', 'u'):
    case packed('F', 'r', 'i'):
    case packed('S', 'a', 't'):
    case packed('S', 'u', 'n'):
      return true;
    default:
      return false;
  }
}

// "Jan 31", "Jan  1", "Sun Jan 31", "Sun, 31 Jan".
bool begins_with_calendar_name(std::string_view text) {
  if (is_weekday(text)) {
    text.remove_prefix(3);
    text.remove_prefix(text.starts_with(", ") ? 2 : text.starts_with(' ') ? 1 : 0);
    const std::size_t digits = digit_count(text);
    if (digits > 0 && digits <= 2 && text.substr(digits).starts_with(' ')) {
      return is_month(text.substr(digits + 1));
    }
  }
  if (!is_month(text) || text.size() < 5 || text[3] != ' ') {
    return false;
  }
  return is_digit(text[4]) || (text[4] == ' ' && text.size() > 5 && is_digit(text[5]));
}

// What follows a day, month or year of one or two digits: "/01/31", "-01-31", ".12.2024", "/Jan/2024".
bool continues_date(std::string_view rest) {
  const char separator = rest[0];
  rest.remove_prefix(1);
  if (separator != '.' && is_month(rest)) {
    return true;
  }
  const std::size_t digits = digit_count(rest);
  if (digits == 0 || digits > 2 || digits == rest.size() || rest[digits] != separator) {
    return false;
  }
  const std::size_t last = digit_count(rest.substr(digits + 1));
  return last == 4 || (last == 2 && separator != '.');  // 10.20.30.40 is an address
}

// "2024-01-31", "24/01/31", "31/Jan/2024", "10:15", "20240131T101500", "081109 203615", "1700000000.123".
bool begins_with_numeric_time(std::string_view text) {
  const std::size_t digits = digit_count(text);
  const std::string_view rest = text.substr(digits);
  const bool epoch = digits >= kLeastEpochDigits && digits <= kMostEpochDigits;
  if (rest.empty()) {
    return epoch;
  }
  const bool digit_follows = rest.size() > 1 && is_digit(rest[1]);
  switch (rest[0]) {
    case ':':
      return digits <= 2 && digit_follows && rest.size() > 2 && is_digit(rest[2]);
    case '-':
    case '/':
      return digits <= 2 ? continues_date(rest) : (digits == 4 || digits == 8) && digit_follows;
    case '.':
      return digits <= 2 ? continues_date(rest) : epoch && digit_follows;
    case 'T':
      return digits == 8 && digit_follows;
    case ' ':
      return epoch || digits == 8 || (digits == 6 && digit_count(rest.substr(1)) == 6);
    case ',':
    case ']':
      return epoch;
    default:
      return false;
  }
}

}  // namespace

bool begins_with_time(std::string_view text) {
  if (!text.empty() && (text[0] == '[' || text[0] == '(' || text[0] == '<' || text[0] == '"')) {
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return false;
  }
  if (is_digit(text[0])) {
    return begins_with_numeric_time(text);
  }
  // glog: I0131 10:15:00
  if ((text[0] == 'I' || text[0] == 'W' || text[0] == 'E' || text[0] == 'F') && digit_count(text.substr(1)) == 4) {
    text.remove_prefix(std::string_view("I0131").size());
    return text.size() > 1 && text[0] == ' ' && is_digit(text[1]);
  }
  return begins_with_calendar_name(text);
}

}  // namespace logdetect
