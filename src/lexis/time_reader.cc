#include "logdetect/lexis/time_reader.h"

#include <chrono>
#include <cstdint>

#include "lexis/time_pieces.h"
#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

// The years of timestamps: from the epoch on, to far enough that no log will get there.
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2200;
constexpr int kFirstLeapYear = 1972;
// Digits of the time since 1970 in four units, from September 2001 on.
constexpr std::size_t kSecondDigits = 10;
constexpr std::size_t kMilliDigits = 13;
constexpr std::size_t kMicroDigits = 16;
constexpr std::size_t kNanoDigits = 19;
constexpr std::int64_t kEpochLimit = 7'289'654'400;  // seconds to 2201-01-01 00:00

/// The first three letters at `c` as one number, in lower case; 0 if they are no letters.
int three_letters(const TextCursor& c) {
  if (!is_alpha(c.peek()) || !is_alpha(c.peek(1)) || !is_alpha(c.peek(2))) {
    return 0;
  }
  return packed(to_lower(c.p[0]), to_lower(c.p[1]), to_lower(c.p[2]));
}

/// Skips the name at `c` if it is three letters long or is `full`, in any case.
bool skip_name(TextCursor& c, std::string_view full) {
  constexpr std::size_t kShortLetters = 3;     // "Jan"
  constexpr std::size_t kMostLetters = 9 + 1;  // "september", "wednesday" and one too many
  std::size_t n = kShortLetters;
  while (n < kMostLetters && is_alpha(c.peek(n))) {
    ++n;
  }
  if (n != kShortLetters && !equals_ignoring_case(std::string_view(c.p, n), full)) {
    return false;
  }
  c.p += n;
  return !is_word(c.peek());
}

/// "Jan" or "January"; 0 if it is no month.
int read_month_name(TextCursor& c) {
  struct Name {
    int key;
    std::string_view full;
  };
  static constexpr Name kMonths[] = {
      {packed('j', 'a', 'n'), "january"}, {packed('f', 'e', 'b'), "february"}, {packed('m', 'a', 'r'), "march"},
      {packed('a', 'p', 'r'), "april"},   {packed('m', 'a', 'y'), "may"},      {packed('j', 'u', 'n'), "june"},
      {packed('j', 'u', 'l'), "july"},    {packed('a', 'u', 'g'), "august"},   {packed('s', 'e', 'p'), "september"},
      {packed('o', 'c', 't'), "october"}, {packed('n', 'o', 'v'), "november"}, {packed('d', 'e', 'c'), "december"},
  };
  const int key = three_letters(c);
  for (int month = 0; key != 0 && month < 12; ++month) {
    if (kMonths[month].key == key) {
      return skip_name(c, kMonths[month].full) ? month + 1 : 0;
    }
  }
  return 0;
}

bool skip_weekday(TextCursor& c) {
  switch (three_letters(c)) {
    case packed('m', 'o', 'n'):
      return skip_name(c, "monday");
    case packed('t', 'u', 'e'):
      return skip_name(c, "tuesday");
    case packed('w', 'e', 'd'):
      return skip_name(c, "wednesday");
    case packed('t', 'h', 'u'):
      return skip_name(c, "thursday");
    case packed('f', 'r', 'i'):
      return skip_name(c, "friday");
    case packed('s', 'a', 't'):
      return skip_name(c, "saturday");
    case packed('s', 'u', 'n'):
      return skip_name(c, "sunday");
    default:
      return false;
  }
}

/// A four-digit year that ends as a number.
bool read_year(TextCursor& c, int& year) {
  return read_digits(c, 4, 4, year) != 0 && !is_word(c.peek());
}

/// "Jun 14 15:16:01", "Jan 15 2024 03:42:18", "Jan 15, 2024 3:42:18 AM"; after a weekday also
/// "Dec 04 04:47:44 UTC 2005".
bool read_month_first(TextCursor& c, TimeFields& f, bool after_weekday) {
  f.month = read_month_name(c);
  if (f.month == 0 || !is_blank(c.peek())) {
    return false;
  }
  c.skip_blanks();
  if (read_digits(c, 1, 2, f.day) == 0) {
    return false;
  }
  f.has_date = true;
  if (c.peek() == ',') {
    ++c.p;
  }
  if (!is_blank(c.peek())) {
    return false;
  }
  c.skip_blanks();
  TextCursor q = c;
  if (read_year(q, f.year) && (is_blank(q.peek()) || q.peek() == ',')) {
    q.p += q.peek() == ',' ? 1 : 0;
    q.skip_blanks();
    c = q;
    return read_clock(c, f);
  }
  f.year = TimeFields::kNoYear;
  if (!read_clock(c, f)) {
    return false;
  }
  q = c;
  q.skip_blanks();
  int year = 0;
  if (after_weekday && q.p != c.p && read_year(q, year)) {  // else "2005 packets" may be the message
    f.year = year;
    c = q;
  }
  return true;
}

/// From the month on: "15/Jan/2024:03:42:18 +0000", "15-Jan-2024 03:42:18", "15 Jan 2024 03:42:18", "15 Jan 03:42:18".
bool read_day_first_name(TextCursor& c, TimeFields& f, char separator) {
  f.month = read_month_name(c);
  if (f.month == 0 || c.peek() != separator) {
    return false;
  }
  ++c.p;
  f.has_date = true;
  TextCursor q = c;
  if (read_year(q, f.year)) {
    c = q;
    const char join = c.peek();
    if (join != ':' && !is_blank(join)) {
      return false;
    }
    ++c.p;
    c.skip_blanks();
    return read_clock(c, f);
  }
  f.year = TimeFields::kNoYear;
  return separator == ' ' && read_clock(c, f);
}

bool plausible_date(int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

int full_year(int two_digits) {
  return two_digits >= 70 ? 1900 + two_digits : 2000 + two_digits;  // no log is older than Unix time
}

/// Three numbers of which the first has one or two digits: "17/06/09", "06/17/2024", "15.01.2024", "15-01-24".
bool order_numbers(const int (&number)[3], int last_digits, char separator, bool day_first, TimeFields& f,
                   TimeDetails& details) {
  if (last_digits == 2 && separator != '.' && plausible_date(number[1], number[2])) {
    f.year = full_year(number[0]);
    f.month = number[1];
    f.day = number[2];
    return true;
  }
  f.year = last_digits == 4 ? number[2] : full_year(number[2]);
  constexpr int kMonths = 12;
  details.first_over_12 = number[0] > kMonths;
  details.second_over_12 = number[1] > kMonths;
  // Slashes are an American habit, points and dashes a European one; a number over 12 settles it.
  const bool first_is_day = number[0] > kMonths || (number[1] <= kMonths && (day_first || separator != '/'));
  f.day = first_is_day ? number[0] : number[1];
  f.month = first_is_day ? number[1] : number[0];
  return plausible_date(f.month, f.day);
}

/// Starts with one or two digits.
bool read_short_number(TextCursor& c, TimeFields& f, bool day_first, TimeDetails& details) {
  TextCursor start = c;
  int number[3] = {};  // day, month and year in any order
  if (read_digits(c, 1, 2, number[0]) == 0) {
    return false;
  }
  const char separator = c.peek();
  if (separator == ':') {
    c = start;
    return read_clock(c, f);
  }
  if (separator != '/' && separator != '-' && separator != '.' && separator != ' ') {
    return false;
  }
  ++c.p;
  if (is_alpha(c.peek())) {
    f.day = number[0];
    return read_day_first_name(c, f, separator);
  }
  if (separator == ' ' || read_digits(c, 1, 2, number[1]) == 0) {
    return false;
  }
  f.has_date = true;
  if (c.peek() != separator) {  // 03-17 16:13:38.811
    f.month = number[0];
    f.day = number[1];
    if (!is_blank(c.peek())) {
      return false;
    }
    c.skip_blanks();
    return read_clock(c, f) && f.has_seconds;
  }
  ++c.p;
  const int last_digits = read_digits(c, 2, 4, number[2]);
  if ((last_digits != 2 && last_digits != 4) || !order_numbers(number, last_digits, separator, day_first, f, details)) {
    return false;
  }
  if (c.peek() == ',' || c.peek() == ':' || c.peek() == 'T') {
    ++c.p;
  } else if (!is_blank(c.peek())) {
    return false;
  }
  c.skip_blanks();
  return read_clock(c, f);
}

/// YYYY-MM-DD and its like, alone or with a clock behind T, blanks, '-', '_', '.' or ':'.
bool read_year_first(TextCursor& c, TimeFields& f) {
  read_digits(c, 4, 4, f.year);
  const char separator = c.peek();
  if (separator == ' ') {  // 2024 Jan 15 03:42:18
    ++c.p;
    const int year = f.year;
    const bool good = read_month_first(c, f, false) && f.year == TimeFields::kNoYear;
    f.year = year;
    return good;
  }
  if (separator != '-' && separator != '/' && separator != '.') {
    return false;
  }
  ++c.p;
  if (read_digits(c, 1, 2, f.month) == 0 || c.peek() != separator) {
    return false;
  }
  ++c.p;
  if (read_digits(c, 1, 2, f.day) == 0) {
    return false;
  }
  f.has_date = true;
  const TextCursor date_end = c;
  const TimeFields date = f;
  const char join = c.peek();
  if (join == 'T' || join == 't') {
    ++c.p;
    return read_clock(c, f);
  }
  if (is_blank(join) || (join == ',' && is_blank(c.peek(1)))) {
    c.p += join == ',' ? 1 : 0;
    c.skip_blanks();
    if (read_clock(c, f)) {
      return true;
    }
    c = date_end;
    f = date;
    return true;
  }
  if ((join == '-' || join == '_' || join == '.' || join == ':') && is_digit(c.peek(1))) {
    ++c.p;
    const char mark = c.peek(1) == '.' || c.peek(2) == '.' ? '.' : ':';
    return read_clock(c, f, mark);
  }
  return !is_word(join) && join != separator;
}

/// Eight digits of a date, then a clock: "20171223-22:15:29:606", "20240115T034218Z", "20240115 03:42:18".
bool read_compact_date(TextCursor& c, TimeFields& f) {
  read_digits(c, 4, 4, f.year);
  read_digits(c, 2, 2, f.month);
  read_digits(c, 2, 2, f.day);
  f.has_date = true;
  const char join = c.peek();
  if (join != '-' && join != 'T' && join != ' ' && join != '_' && join != ':') {
    return false;
  }
  ++c.p;
  TextCursor q = c;
  if (read_compact_clock(q, f)) {
    c = q;
    return true;
  }
  f.has_zone = false;
  return read_clock(c, f, ':', join == '-' ? 1 : 2);
}

/// Six digits of a date, a blank, a clock: "081109 203530", "240115  3:42:18".
bool read_six_digits(TextCursor& c, TimeFields& f) {
  int year = 0;
  read_digits(c, 2, 2, year);
  read_digits(c, 2, 2, f.month);
  read_digits(c, 2, 2, f.day);
  f.year = full_year(year);
  f.has_date = true;
  if (!is_blank(c.peek())) {
    return false;
  }
  c.skip_blanks();
  TextCursor q = c;
  if (read_compact_clock(q, f)) {
    c = q;
    return true;
  }
  f.has_zone = false;
  return read_clock(c, f);
}

/// Fourteen digits: 20240115034218.
bool read_fourteen_digits(TextCursor& c, TimeFields& f) {
  read_digits(c, 4, 4, f.year);
  read_digits(c, 2, 2, f.month);
  read_digits(c, 2, 2, f.day);
  f.has_date = true;
  return read_compact_clock(c, f);
}

/// "I0102 15:04:05.678901" or "I20240102 15:04:05.678901".
bool read_glog(TextCursor& c, TimeFields& f, std::size_t digits) {
  if (digits == 8) {
    read_digits(c, 4, 4, f.year);
  }
  read_digits(c, 2, 2, f.month);
  read_digits(c, 2, 2, f.day);
  f.has_date = true;
  if (c.peek() != ' ') {
    return false;
  }
  ++c.p;
  return read_clock(c, f) && f.has_seconds;
}

/// Seconds (10 digits, with or without a fraction), milli- (13), micro- (16) or nanoseconds (19) since 1970.
bool read_epoch(TextCursor c, std::size_t digits, const char* start, ParsedTime& out, TimeDetails& details) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    value = value * 10 + static_cast<std::uint64_t>(digit_value(*c.p));
    ++c.p;
  }
  int micros = 0;
  std::int64_t time = 0;
  switch (digits) {
    case kSecondDigits:
      if (c.peek() == '.' && is_digit(c.peek(1))) {
        ++c.p;
        read_fraction_digits(c, micros);
        details.has_fraction = true;
      }
      time = static_cast<std::int64_t>(value) * kMicrosPerSecond + micros;
      break;
    case kMilliDigits:
      time = static_cast<std::int64_t>(value) * kMicrosPerMilli;
      break;
    case kMicroDigits:
      time = static_cast<std::int64_t>(value);
      break;
    default:
      time = static_cast<std::int64_t>(value / 1000);
      break;
  }
  details.has_fraction = details.has_fraction || digits > kSecondDigits;
  const char next = c.peek();
  const bool glued = (next == '-' || next == '/' || next == '@') && is_word(c.peek(1));
  if (time >= kEpochLimit * kMicrosPerSecond || !at_boundary(c) || glued) {
    return false;
  }
  details.has_clock = true;
  out.time = time;
  out.has_zone = true;
  out.length = static_cast<std::size_t>(c.p - start);
  return true;
}

/// Checks the pieces and puts them together.
bool assemble(const TimeFields& f, DateMemo& memo, ParsedTime& out) {
  // ISO 8601 writes midnight at the end of a day as 24:00.
  if (f.hour > 24 || f.minute > 59 || f.second > 60 ||
      (f.hour == 24 && (f.minute != 0 || f.second != 0 || f.micros != 0))) {
    return false;
  }
  // A leap second has no number of its own in Unix time: the last instant before it keeps the order.
  constexpr int kLastSecond = 59;
  const bool leap = f.second == kLastSecond + 1;
  Micros time = ((f.hour * 60 + f.minute) * 60 + (leap ? kLastSecond : f.second)) * kMicrosPerSecond +
                (leap ? kMicrosPerSecond - 1 : f.micros);
  if (f.has_date) {
    int year = f.year;
    if (year == TimeFields::kNoYear) {
      out.year_missing = true;
      // 29 February
      year = f.month == 2 && f.day == 29 ? kFirstLeapYear : kFirstYear;
    }
    if (year < kFirstYear || year > kLastYear || f.month < 1 || f.month > 12 || f.day < 1 || f.day > 31) {
      return false;
    }
    const std::int32_t key = year * 512 + f.month * 32 + f.day;  // 5 bits for the day, 4 for the month
    if (memo.key != key) {
      const std::chrono::year_month_day date{std::chrono::year(year),
                                             std::chrono::month(static_cast<unsigned>(f.month)),
                                             std::chrono::day(static_cast<unsigned>(f.day))};
      if (!date.ok()) {
        return false;
      }
      memo.key = key;
      memo.days = std::chrono::sys_days(date).time_since_epoch().count();
    }
    time += memo.days * kMicrosPerDay;
  } else {
    out.date_missing = true;
  }
  out.time = time - f.offset_seconds * kMicrosPerSecond;
  out.has_zone = f.has_zone;
  return true;
}

bool read_number(TextCursor& c, TimeFields& f, std::size_t digits, bool day_first, TimeDetails& details) {
  switch (digits) {
    case 1:
    case 2:
      return read_short_number(c, f, day_first, details);
    case 4:
      return read_year_first(c, f);
    case 6:
      return read_six_digits(c, f);
    case 8:
      return read_compact_date(c, f);
    case 14:  // YYYYMMDDHHMMSS
      return read_fourteen_digits(c, f);
    default:
      return false;
  }
}

bool read_word(TextCursor& c, TimeFields& f, TimeDetails& details) {
  const char first = c.peek();
  if (is_digit(c.peek(1))) {
    TextCursor q = c;
    ++q.p;
    std::size_t digits = 0;
    while (digits < 9 && is_digit(q.peek(digits))) {
      ++digits;
    }
    const bool letter = first == 'I' || first == 'W' || first == 'E' || first == 'F' || first == 'D' || first == 'V';
    if (!letter || (digits != 4 && digits != 8) || !read_glog(q, f, digits)) {
      return false;
    }
    details.level_letter = first;
    c = q;
    return true;
  }
  if (!skip_weekday(c)) {
    return read_month_first(c, f, false);
  }
  if (c.peek() == ',') {
    ++c.p;
  }
  c.skip_blanks();
  if (is_digit(c.peek())) {
    if (read_digits(c, 1, 2, f.day) == 0) {
      return false;
    }
    const char separator = c.peek();
    if (separator != ' ' && separator != '-') {
      return false;
    }
    ++c.p;
    return read_day_first_name(c, f, separator);
  }
  return read_month_first(c, f, true);
}

}  // namespace

bool TimeReader::read(std::string_view text, ParsedTime& out, TimeDetails& details) {
  if (last_.recall(text, out, details)) {
    return true;
  }
  if (!read_anew(text, out, details)) {
    return false;
  }
  last_.keep(text, out, details);
  return true;
}

bool TimeReader::read_anew(std::string_view text, ParsedTime& out, TimeDetails& details) {
  out = ParsedTime{};
  details = TimeDetails{};
  TextCursor c(text);
  TimeFields f;
  if (is_digit(c.peek())) {
    std::size_t digits = 1;
    while (digits <= kNanoDigits && is_digit(c.peek(digits))) {
      ++digits;
    }
    if (digits == kSecondDigits || digits == kMilliDigits || digits == kMicroDigits || digits == kNanoDigits) {
      return read_epoch(c, digits, text.data(), out, details);
    }
    if (!read_number(c, f, digits, day_first_, details)) {
      return false;
    }
  } else if (!is_alpha(c.peek()) || !read_word(c, f, details)) {
    return false;
  }
  if (!assemble(f, memo_, out)) {
    return false;
  }
  details.has_clock = f.has_clock;
  details.has_fraction = f.has_fraction;
  out.length = static_cast<std::size_t>(c.p - text.data());
  return true;
}

bool parse_timestamp(std::string_view text, ParsedTime& out) {
  TimeReader reader;
  TimeDetails details;
  if (reader.read(text, out, details)) {
    return true;
  }
  out = ParsedTime{};
  return false;
}

bool epoch_from_number(double value, Micros& out) {
  if (!(value >= 0) || value >= 1e19) {  // 20 digits
    return false;
  }
  // Seconds reach 7.3e9 by 2200, milliseconds pass 1e11 in 1973: the ranges of the four units do not meet after that.
  const double scale = value < 1e11 ? 1e6 : value < 1e14 ? 1e3 : value < 1e17 ? 1 : 1e-3;
  const double micros = value * scale + 0.5;
  if (micros >= static_cast<double>(kEpochLimit) * 1e6) {
    return false;
  }
  out = static_cast<Micros>(micros);
  return true;
}

}  // namespace logdetect
