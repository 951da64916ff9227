#pragma once

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {

/// A timestamp in pieces, before it is checked.
struct TimeFields {
  static constexpr int kNoYear = -1;

  int year = kNoYear;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int micros = 0;
  int offset_seconds = 0;  ///< of the zone, east positive
  bool has_date = false;
  bool has_clock = false;
  bool has_seconds = false;
  bool has_fraction = false;
  bool has_zone = false;
};

// Each reads at the cursor, which ends behind what was read; where it fails the cursor's place means nothing.

/// Up to `most` digits; returns how many, 0 if there are fewer than `least`.
inline int read_digits(TextCursor& c, int least, int most, int& value) {
  value = 0;
  int n = 0;
  while (n < most && is_digit(c.peek())) {
    value = value * 10 + digit_value(*c.p);
    ++c.p;
    ++n;
  }
  return n >= least ? n : 0;
}
/// The digits of a fraction, kept to microseconds; finer digits are dropped, not rounded, so that time never runs
/// ahead.
void read_fraction_digits(TextCursor& c, int& micros);
/// True if a clock may end here: no word goes on, and no further ":12" or ".5" that would make it an address.
bool at_boundary(const TextCursor& c);
/// H:MM, HH:MM:SS, HH:MM:SS.ffffff, with AM/PM and zone. `separator` is ':' or '.'. `least` digits for minutes and
/// seconds (1 for logs that do not pad).
bool read_clock(TextCursor& c, TimeFields& f, char separator = ':', int least = 2);
/// HHMMSS[.ffffff][zone]
bool read_compact_clock(TextCursor& c, TimeFields& f);
/// Four bytes as one number.
constexpr int packed(char a, char b, char c, char d = 0) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

}  // namespace logdetect
