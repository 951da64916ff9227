#include "logdetect/lexis/rfc3339.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "lexis/calendar.h"
#include "lexis/time_pieces.h"

namespace logdetect {
namespace {

using namespace std::chrono_literals;

// RFC 3339 has four digits for a year.
constexpr Micros kFirst = to_micros(std::chrono::sys_days(std::chrono::January / 1 / 0));
constexpr Micros kLastSecond = to_micros(std::chrono::sys_days(std::chrono::January / 1 / 10'000) - 1s);

/// Writes the last `digits` digits of `value`; returns the place behind them.
char* put_digits(char* out, std::int64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + digits;
}

bool read_char(TextCursor& c, char wanted) {
  const bool there = c.peek() == wanted;
  c.p += there ? 1 : 0;
  return there;
}

/// "Z" or "+HH:MM"; seconds east of UTC.
bool read_offset(TextCursor& c, std::int64_t& seconds) {
  if (read_char(c, 'Z')) {
    seconds = 0;
    return true;
  }
  const char sign = c.peek();
  if (sign != '+' && sign != '-') {
    return false;
  }
  ++c.p;
  int hours = 0;
  int minutes = 0;
  if (read_digits(c, 2, 2, hours) == 0 || !read_char(c, ':') || read_digits(c, 2, 2, minutes) == 0) {
    return false;
  }
  seconds = (std::int64_t{hours} * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
  return hours <= 23 && minutes <= 59;  // RFC 3339, section 5.6: time-numoffset
}

}  // namespace

void append_rfc3339(std::string& out, Micros time) {
  const MicroTime point = to_micro_time(std::clamp(time, kFirst, kLastSecond));
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(point - day);
  std::array<char, std::string_view("YYYY-MM-DDTHH:MM:SS.ffffffZ").size()> text{};
  char* p = put_digits(text.data(), static_cast<int>(date.year()), 4);
  *p++ = '-';
  p = put_digits(p, static_cast<unsigned>(date.month()), 2);
  *p++ = '-';
  p = put_digits(p, static_cast<unsigned>(date.day()), 2);
  *p++ = 'T';
  p = put_digits(p, clock.hours().count(), 2);
  *p++ = ':';
  p = put_digits(p, clock.minutes().count(), 2);
  *p++ = ':';
  p = put_digits(p, clock.seconds().count(), 2);
  if (const Micros fraction = clock.subseconds().count(); fraction != 0) {
    *p++ = '.';
    const bool millis = fraction % kMicrosPerMilli == 0;
    p = put_digits(p, millis ? fraction / kMicrosPerMilli : fraction, millis ? 3 : 6);
  }
  *p++ = 'Z';
  out.append(text.data(), static_cast<std::size_t>(p - text.data()));
}

std::string format_rfc3339(Micros time) {
  std::string out;
  append_rfc3339(out, time);
  return out;
}

std::optional<Micros> parse_rfc3339(std::string_view text) {
  TextCursor c(text);
  TimeFields f;
  const bool date = read_digits(c, 4, 4, f.year) != 0 && read_char(c, '-') && read_digits(c, 2, 2, f.month) != 0 &&
                    read_char(c, '-') && read_digits(c, 2, 2, f.day) != 0;
  const bool clock = date && read_char(c, 'T') && read_digits(c, 2, 2, f.hour) != 0 && read_char(c, ':') &&
                     read_digits(c, 2, 2, f.minute) != 0 && read_char(c, ':') && read_digits(c, 2, 2, f.second) != 0;
  if (!clock) {
    return std::nullopt;
  }
  if (read_char(c, '.')) {
    if (!is_digit(c.peek())) {
      return std::nullopt;
    }
    read_fraction_digits(c, f.micros);
  }
  std::int64_t offset_seconds = 0;
  const std::chrono::year_month_day day{std::chrono::year(f.year), std::chrono::month(static_cast<unsigned>(f.month)),
                                        std::chrono::day(static_cast<unsigned>(f.day))};
  // Second 60 is a leap second: the same moment as the next minute's first.
  if (!read_offset(c, offset_seconds) || !c.done() || !day.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) {
    return std::nullopt;
  }
  const std::int64_t seconds = (f.hour * 60 + f.minute) * 60 + f.second - offset_seconds;
  return to_micros(std::chrono::sys_days(day)) + seconds * kMicrosPerSecond + f.micros;
}

}  // namespace logdetect
