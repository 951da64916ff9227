#include "lexis/posix_zone.h"

#include "lexis/civil.h"
#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

bool read_number(TextCursor& c, int most, int& value) {
  value = 0;
  int n = 0;
  while (n < 3 && is_digit(c.peek())) {
    value = value * 10 + digit_value(*c.p);
    ++c.p;
    ++n;
  }
  return n > 0 && value <= most;
}

/// "CET" or "<+0330>".
bool skip_zone_name(TextCursor& c) {
  if (c.peek() == '<') {
    while (!c.done() && c.peek() != '>') {
      ++c.p;
    }
    if (c.done()) {
      return false;
    }
    ++c.p;
    return true;
  }
  const char* start = c.p;
  while (is_alpha(c.peek())) {
    ++c.p;
  }
  return c.p - start >= 3;
}

/// [+-]hh[:mm[:ss]] in seconds.
bool read_offset(TextCursor& c, std::int32_t& seconds) {
  const char sign = c.peek();
  if (sign == '+' || sign == '-') {
    ++c.p;
  }
  int part[3] = {};
  if (!read_number(c, 167, part[0])) {
    return false;
  }
  for (int i = 1; i < 3 && c.peek() == ':'; ++i) {
    ++c.p;
    if (!read_number(c, 59, part[i])) {
      return false;
    }
  }
  seconds = ((part[0] * 60 + part[1]) * 60 + part[2]) * (sign == '-' ? -1 : 1);
  return true;
}

bool read_rule_day(TextCursor& c, ZoneRuleDay& day) {
  if (c.peek() != ',') {
    return false;
  }
  ++c.p;
  if (c.peek() == 'M') {
    ++c.p;
    const bool month = read_number(c, 12, day.month) && c.peek() == '.';
    c.p += month ? 1 : 0;
    const bool week = month && read_number(c, 5, day.week) && c.peek() == '.';
    c.p += week ? 1 : 0;
    if (!week || !read_number(c, 6, day.weekday) || day.month < 1 || day.week < 1) {
      return false;
    }
  } else {
    day.kind = c.peek() == 'J' ? ZoneRuleDay::Kind::kJulianWithoutLeapDay : ZoneRuleDay::Kind::kDayOfYear;
    c.p += c.peek() == 'J' ? 1 : 0;
    if (!read_number(c, 365, day.day)) {
      return false;
    }
  }
  if (c.peek() == '/') {
    ++c.p;
    return read_offset(c, day.seconds);
  }
  return true;
}

}  // namespace

std::int64_t ZoneRuleDay::local_time_in(std::int64_t year) const {
  const std::int64_t new_year = days_from_civil({year, 1, 1});
  std::int64_t days = new_year;
  switch (kind) {
    case Kind::kMonthWeekDay: {
      const std::int64_t first = days_from_civil({year, month, 1});
      const int shift = (weekday - weekday_from_days(first) + 7) % 7;
      int offset = shift + (week - 1) * 7;
      while (offset >= days_in_month(year, month)) {
        offset -= 7;
      }
      days = first + offset;
      break;
    }
    case Kind::kJulianWithoutLeapDay:
      days += day - 1 + (is_leap_year(year) && day >= 60 ? 1 : 0);
      break;
    case Kind::kDayOfYear:
      days += day;
      break;
  }
  return days * kSecondsPerDay + seconds;
}

std::optional<PosixZone> parse_posix_zone(std::string_view text) {
  TextCursor c(text);
  PosixZone zone;
  std::int32_t west = 0;
  if (!skip_zone_name(c) || !read_offset(c, west)) {
    return std::nullopt;
  }
  zone.standard_offset = -west;
  if (c.done()) {
    return zone;
  }
  zone.has_summer = true;
  zone.summer_offset = zone.standard_offset + 3600;
  if (!skip_zone_name(c)) {
    return std::nullopt;
  }
  if (c.peek() != ',') {
    if (!read_offset(c, west)) {
      return std::nullopt;
    }
    zone.summer_offset = -west;
  }
  if (!read_rule_day(c, zone.summer_begins) || !read_rule_day(c, zone.summer_ends) || !c.done()) {
    return std::nullopt;
  }
  return zone;
}

}  // namespace logdetect
