#include "lexis/time_pieces.h"

namespace logdetect {

void read_fraction_digits(TextCursor& c, int& micros) {
  constexpr int kMostDigits = 12;  // picoseconds: no log writes finer ones
  constexpr int kKeptDigits = 6;   // microseconds
  int n = 0;
  micros = 0;
  while (n < kMostDigits && is_digit(c.peek())) {
    if (n < kKeptDigits) {
      micros = micros * 10 + digit_value(*c.p);
    }
    ++c.p;
    ++n;
  }
  for (; n < kKeptDigits; ++n) {
    micros *= 10;
  }
}

bool at_boundary(const TextCursor& c) {
  const char next = c.peek();
  if (is_word(next)) {
    return false;
  }
  if (next == ':' || next == '.') {
    const char after = c.peek(1);
    return !is_word(after) && after != ':';
  }
  return true;
}

namespace {

/// The zone of a name, in minutes east of UTC; false if it is none. RFC 822's names and those of the zones most logs
/// come from; of the ambiguous ones CST and MST mean the RFC's, IST is left out.
bool find_zone_name(int name, int& minutes) {
  switch (name) {
    case packed('U', 'T', 'C'):
    case packed('G', 'M', 'T'):
    case packed('W', 'E', 'T'):
      minutes = 0;
      return true;
    case packed('C', 'E', 'T'):
    case packed('B', 'S', 'T'):
    case packed('W', 'E', 'S', 'T'):
      minutes = 60;
      return true;
    case packed('E', 'E', 'T'):
    case packed('C', 'E', 'S', 'T'):
      minutes = 120;
      return true;
    case packed('M', 'S', 'K'):
    case packed('E', 'E', 'S', 'T'):
      minutes = 180;
      return true;
    case packed('J', 'S', 'T'):
    case packed('K', 'S', 'T'):
      minutes = 540;
      return true;
    case packed('A', 'E', 'S', 'T'):
      minutes = 600;
      return true;
    case packed('A', 'E', 'D', 'T'):
      minutes = 660;
      return true;
    case packed('E', 'D', 'T'):
      minutes = -240;
      return true;
    case packed('E', 'S', 'T'):
    case packed('C', 'D', 'T'):
      minutes = -300;
      return true;
    case packed('C', 'S', 'T'):
    case packed('M', 'D', 'T'):
      minutes = -360;
      return true;
    case packed('M', 'S', 'T'):
    case packed('P', 'D', 'T'):
      minutes = -420;
      return true;
    case packed('P', 'S', 'T'):
      minutes = -480;
      return true;
    default:
      return false;
  }
}

bool read_zone_name(TextCursor& c, TimeFields& f) {
  if (!is_upper(c.peek(1)) || !is_upper(c.peek(2))) {
    return false;
  }
  const bool four = is_upper(c.peek(3));
  const std::size_t n = four ? 4 : 3;
  int minutes = 0;
  if (is_word(c.peek(n)) || !find_zone_name(packed(c.p[0], c.p[1], c.p[2], four ? c.p[3] : '\0'), minutes)) {
    return false;
  }
  f.offset_seconds = minutes * 60;
  f.has_zone = true;
  c.p += n;
  return true;
}

/// Reads "Z", "+02:00", "+0200", "+02", or after one blank " +0200", " +02:00", " UTC"; leaves `c` where it was if
/// there is no zone.
void read_zone(TextCursor& c, TimeFields& f) {
  TextCursor q = c;
  const bool blank = q.peek() == ' ';
  if (blank) {
    ++q.p;
  }
  const char first = q.peek();
  if (first == 'Z' || (first == 'z' && !blank)) {
    if (!is_word(q.peek(1)) && !blank) {
      ++q.p;
      f.has_zone = true;
      c = q;
    }
    return;
  }
  if (is_upper(first)) {
    if (read_zone_name(q, f)) {
      c = q;
    }
    return;
  }
  if (first != '+' && first != '-') {
    return;
  }
  ++q.p;
  int hours = 0;
  int minutes = 0;
  if (read_digits(q, 2, 2, hours) == 0) {
    return;
  }
  const bool colon = q.peek() == ':';
  if (colon) {
    ++q.p;
  }
  const int minute_digits = read_digits(q, 2, 2, minutes);
  // Kiribati is 14 hours ahead; a larger number is none of a zone.
  if ((minute_digits == 0 && (colon || blank)) || hours > 15 || minutes > 59 || !at_boundary(q)) {
    return;
  }
  f.offset_seconds = (hours * 60 + minutes) * 60 * (first == '-' ? -1 : 1);
  f.has_zone = true;
  c = q;
}

constexpr int kHalfDayHours = 12;

/// "AM" or "PM", with or without a blank before it. False if there is one but the hour does not allow it.
bool read_half_day(TextCursor& c, TimeFields& f) {
  const std::size_t at = c.peek() == ' ' ? 1 : 0;
  const char half = to_lower(c.peek(at));
  if ((half != 'a' && half != 'p') || to_lower(c.peek(at + 1)) != 'm' || is_word(c.peek(at + 2))) {
    return true;
  }
  if (f.hour < 1 || f.hour > kHalfDayHours) {
    return false;
  }
  f.hour = f.hour % kHalfDayHours + (half == 'p' ? kHalfDayHours : 0);
  c.p += at + 2;
  return true;
}

/// The fraction after the seconds: ".678901", ",747", or ":606" as some mobile logs write milliseconds; those that do
/// not pad (`least` 1) write ":6" for six of them.
void read_fraction(TextCursor& c, TimeFields& f, int least = 2) {
  const char mark = c.peek();
  if (!is_digit(c.peek(1))) {
    return;
  }
  if (mark == '.' || mark == ',') {
    ++c.p;
    read_fraction_digits(c, f.micros);
    f.has_fraction = true;
  } else if (mark == ':') {
    TextCursor q = c;
    ++q.p;
    int millis = 0;
    const int digits = read_digits(q, 1, 4, millis);
    if (digits == 3 || (least == 1 && digits < 3)) {
      f.micros = millis * 1000;
      f.has_fraction = true;
      c = q;
    }
  }
}

}  // namespace

bool read_clock(TextCursor& c, TimeFields& f, char separator, int least) {
  if (read_digits(c, 1, 2, f.hour) == 0 || c.peek() != separator) {
    return false;
  }
  ++c.p;
  if (read_digits(c, least, 2, f.minute) == 0) {
    return false;
  }
  if (c.peek() == separator && is_digit(c.peek(1))) {
    ++c.p;
    if (read_digits(c, least, 2, f.second) == 0) {
      return false;
    }
    f.has_seconds = true;
    read_fraction(c, f, least);
  }
  if (!read_half_day(c, f)) {
    return false;
  }
  read_zone(c, f);
  f.has_clock = true;
  return at_boundary(c);
}

bool read_compact_clock(TextCursor& c, TimeFields& f) {
  if (read_digits(c, 2, 2, f.hour) == 0 || read_digits(c, 2, 2, f.minute) == 0 || read_digits(c, 2, 2, f.second) == 0) {
    return false;
  }
  f.has_clock = f.has_seconds = true;
  if (c.peek() == '.' || c.peek() == ',') {
    read_fraction(c, f);
  }
  read_zone(c, f);
  return at_boundary(c);
}

}  // namespace logdetect
