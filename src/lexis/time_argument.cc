#include <array>
#include <string>

#include "logdetect/lexis/text_cursor.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

struct Unit {
  std::string_view name;
  Micros micros;
};

constexpr std::array<Unit, 21> kUnits = {{
    {"s", kMicrosPerSecond},
    {"sec", kMicrosPerSecond},
    {"secs", kMicrosPerSecond},
    {"second", kMicrosPerSecond},
    {"seconds", kMicrosPerSecond},
    {"m", 60 * kMicrosPerSecond},
    {"min", 60 * kMicrosPerSecond},
    {"mins", 60 * kMicrosPerSecond},
    {"minute", 60 * kMicrosPerSecond},
    {"minutes", 60 * kMicrosPerSecond},
    {"h", kMicrosPerHour},
    {"hr", kMicrosPerHour},
    {"hrs", kMicrosPerHour},
    {"hour", kMicrosPerHour},
    {"hours", kMicrosPerHour},
    {"d", kMicrosPerDay},
    {"day", kMicrosPerDay},
    {"days", kMicrosPerDay},
    {"w", 7 * kMicrosPerDay},
    {"week", 7 * kMicrosPerDay},
    {"weeks", 7 * kMicrosPerDay},
}};

/// "15m", "2 hours ago".
bool parse_relative(std::string_view text, Micros now, Micros& out) {
  constexpr int kMaxDigits = 6;  // a million weeks is further than any log
  TextCursor c(text);
  std::int64_t count = 0;
  int digits = 0;
  while (digits < kMaxDigits && is_digit(c.peek())) {
    count = count * 10 + digit_value(*c.p);
    ++c.p;
    ++digits;
  }
  if (digits == 0) {
    return false;
  }
  c.skip_blanks();
  const char* word = c.p;
  while (is_alpha(c.peek())) {
    ++c.p;
  }
  const std::string_view unit(word, static_cast<std::size_t>(c.p - word));
  c.skip_blanks();
  const std::string_view rest(c.p, c.left());
  if (!rest.empty() && !equals_ignoring_case(rest, "ago")) {
    return false;
  }
  for (const Unit& known : kUnits) {
    if (equals_ignoring_case(unit, known.name)) {
      out = now - count * known.micros;
      return true;
    }
  }
  return false;
}

}  // namespace

bool parse_time_argument(std::string_view text, Micros now, Micros& out) {
  text = trim(text);
  if (equals_ignoring_case(text, "now")) {
    out = now;
    return true;
  }
  // "2024-01-15": no relative time has a dash there
  if (text.size() >= std::string_view("2024-01-15").size() && text[4] == '-') {
    ParsedTime parsed;
    if (!parse_timestamp(text, parsed) || parsed.length != text.size() || parsed.year_missing || parsed.date_missing) {
      return false;
    }
    out = parsed.time;
    return true;
  }
  return parse_relative(text, now, out);
}

}  // namespace logdetect
