#include <array>
#include <string>

#include "lexis/civil.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(digits.size() < width ? width - digits.size() : 0, '0');
  out += digits;
}

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

std::string format_rfc3339(Micros time) {
  const std::int64_t days = floor_divide(time, kMicrosPerDay);
  const Micros clock = time - days * kMicrosPerDay;
  const CivilDate date = civil_from_days(days);
  const std::int64_t seconds = clock / kMicrosPerSecond;
  const std::int64_t fraction = clock % kMicrosPerSecond;
  std::string out;
  out.reserve(32);
  if (date.year < 0) {
    out += '-';
  }
  append_padded(out, date.year < 0 ? -date.year : date.year, 4);
  out += '-';
  append_padded(out, date.month, 2);
  out += '-';
  append_padded(out, date.day, 2);
  out += 'T';
  append_padded(out, seconds / 3600, 2);
  out += ':';
  append_padded(out, seconds / 60 % 60, 2);
  out += ':';
  append_padded(out, seconds % 60, 2);
  if (fraction != 0) {
    out += '.';
    const bool millis = fraction % kMicrosPerMilli == 0;
    append_padded(out, millis ? fraction / kMicrosPerMilli : fraction, millis ? 3 : 6);
  }
  out += 'Z';
  return out;
}

bool parse_time_argument(std::string_view text, Micros now, Micros& out) {
  text = trim(text);
  if (equals_ignoring_case(text, "now")) {
    out = now;
    return true;
  }
  if (text.size() >= 10 && text[4] == '-') {
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
