#include "ingest/trace_lines.h"

#include <algorithm>
#include <array>

namespace logdetect {
namespace {

// No name of a class or function is longer; a longer word is not worth the time.
constexpr std::size_t kLongestName = 256;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

constexpr std::array<bool, 256> make_name_bytes() {
  std::array<bool, 256> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    table[c] =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c == '$';
  }
  return table;
}

constexpr std::array<bool, 256> kNameBytes = make_name_bytes();

std::size_t name_length(std::string_view text) {
  const std::size_t most = std::min(text.size(), kLongestName);
  std::size_t length = 0;
  while (length < most && kNameBytes[static_cast<unsigned char>(text[length])]) {
    ++length;
  }
  return length;
}

std::size_t digit_count(std::string_view text) {
  const std::size_t most = std::min<std::size_t>(text.size(), 20);
  std::size_t count = 0;
  while (count < most && is_digit(text[count])) {
    ++count;
  }
  return count;
}

bool is_exception(std::string_view line) {
  const std::size_t length = name_length(line);
  if (length < line.size() && line[length] != ':') {
    return false;
  }
  const std::string_view name = line.substr(0, length);
  return (name.ends_with("Exception") && length > 9) || (name.ends_with("Error") && length > 5);
}

// "at com.shop.Cart.add(" at column 0, where prose may begin with "at" too: a dotted name and a parenthesis must
// follow.
bool is_frame(std::string_view line) {
  const std::string_view rest = line.substr(3, kLongestName);
  const std::size_t parenthesis = rest.find('(');
  if (parenthesis == std::string_view::npos) {
    return false;
  }
  const std::string_view name = rest.substr(0, parenthesis);
  return name.find(' ') == std::string_view::npos && name.find('.') != std::string_view::npos;
}

// "... 12 more", "... 7 common frames omitted".
bool is_elision(std::string_view line) {
  if (!line.starts_with("... ")) {
    return false;
  }
  const std::string_view rest = line.substr(4);
  const std::size_t digits = digit_count(rest);
  return digits > 0 && (rest.substr(digits).starts_with(" more") || rest.substr(digits).starts_with(" common "));
}

// "INFO nova.compute ...", "[WARN] ...": some services put a blank before every line that another thread writes.
bool begins_with_level(std::string_view text) {
  if (text.starts_with('[') || text.starts_with('<')) {
    text.remove_prefix(1);
  }
  for (const std::string_view level :
       {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"}) {
    if (text.starts_with(level) && text.size() > level.size() &&
        !kNameBytes[static_cast<unsigned char>(text[level.size()])]) {
      return true;
    }
  }
  return false;
}

LineKind classify_indented(std::string_view line) {
  std::size_t indent = 1;
  while (indent < line.size() && is_blank(line[indent])) {
    ++indent;
  }
  const std::string_view rest = line.substr(indent);
  if (rest.empty()) {
    return LineKind::kBlank;
  }
  if (begins_with_time(rest) || begins_with_level(rest)) {
    return LineKind::kOrdinary;
  }
  if (rest.starts_with("at ") || rest.starts_with("Caused by: ") || rest.starts_with("Suppressed: ") ||
      is_elision(rest)) {
    return LineKind::kTraceFrame;
  }
  return rest.starts_with("File \"") ? LineKind::kPythonFrame : LineKind::kIndented;
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
  const bool epoch = digits >= 10 && digits < 20;
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
    return text.size() > 6 && text[5] == ' ' && is_digit(text[6]);
  }
  return begins_with_calendar_name(text);
}

LineKind classify_line(std::string_view line) {
  if (line.empty()) {
    return LineKind::kBlank;
  }
  switch (line[0]) {
    case ' ':
    case '\t':
      return classify_indented(line);
    case '.':
      return is_elision(line) ? LineKind::kTraceFrame : LineKind::kOrdinary;
    case 'a':
      if (line.starts_with("at ")) {
        return is_frame(line) ? LineKind::kTraceFrame : LineKind::kOrdinary;
      }
      break;
    case 'C':
      if (line.starts_with("Caused by: ")) {
        return LineKind::kTraceFrame;
      }
      break;
    case 'D':
      if (line.starts_with("During handling of the above exception, another")) {
        return LineKind::kPythonChain;
      }
      break;
    case 'S':
      if (line.starts_with("Suppressed: ")) {
        return LineKind::kTraceFrame;
      }
      break;
    case 'T':
      if (line.starts_with("Traceback (most recent call last):")) {
        return LineKind::kPythonTraceback;
      }
      if (line.starts_with("The above exception was the direct cause of")) {
        return LineKind::kPythonChain;
      }
      break;
    case 'g':
      if (line.starts_with("goroutine ") && line.ends_with("]:") && line.size() > 10 && is_digit(line[10])) {
        return LineKind::kGoroutine;
      }
      break;
    case 'p':
      if (line.starts_with("panic: ")) {
        return LineKind::kGoPanic;
      }
      break;
    default:
      break;
  }
  const char first = line[0];
  const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
  return letter && is_exception(line) ? LineKind::kException : LineKind::kOrdinary;
}

bool ends_python_trace(std::string_view line) {
  const std::size_t length = name_length(line);
  return length > 0 && !is_digit(line[0]) && (length == line.size() || line[length] == ':');
}

bool is_go_trace_line(std::string_view line) {
  if (line.starts_with("created by ") || line.starts_with("[signal ") || line.starts_with("exit status ")) {
    return true;
  }
  const std::size_t parenthesis = line.substr(0, kLongestName).find('(');
  if (parenthesis == 0 || parenthesis == std::string_view::npos || !line.ends_with(')')) {
    return false;
  }
  return line.substr(0, parenthesis).find(' ') == std::string_view::npos;
}

}  // namespace logdetect
