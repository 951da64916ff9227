#include "logdetect/lexis/time_memo.h"

#include <algorithm>
#include <cstring>

#include "logdetect/lexis/text_cursor.h"
#include "logdetect/lexis/time_reader.h"

namespace logdetect {
namespace {

constexpr std::size_t kClockBytes = 8;  // HH:MM:SS
constexpr std::size_t kMostFractionDigits = 9;

// The microseconds of "HH:MM:SS" at `p`; false if no plain clock stands there.
bool read_plain_clock(const char* p, Micros& out) {
  unsigned digit[6];                       // of HH:MM:SS
  bool good = p[2] == ':' && p[5] == ':';  // HH:MM:SS
  for (unsigned i = 0; i < 6; ++i) {
    digit[i] = static_cast<unsigned char>(p[i + i / 2]) - unsigned{'0'};
    good = good && digit[i] <= 9;  // another byte than a digit gives more
  }
  const unsigned hour = digit[0] * 10 + digit[1];
  const unsigned minute = digit[2] * 10 + digit[3];
  const unsigned second = digit[4] * 10 + digit[5];
  out = Micros{(hour * 60 + minute) * 60 + second} * kMicrosPerSecond;
  return good && hour < 24 && minute < 60 && second < 60;
}

// The microseconds of `n` digits behind a point; finer ones are dropped.
bool read_plain_fraction(const char* p, std::size_t n, Micros& out) {
  constexpr std::array<Micros, 7> kScale = {1'000'000, 100'000, 10'000, 1000, 100, 10, 1};
  out = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!is_digit(p[i])) {
      return false;
    }
    out = i < 6 ? out * 10 + digit_value(p[i]) : out;
  }
  out *= kScale[std::min<std::size_t>(n, 6)];
  return true;
}

// Whether `text`, which follows a clock, has nothing that could be its fraction, AM or PM, a zone or a year. `text`
// holds at least kLookAhead bytes.
bool stands_apart(const char* text, bool has_zone) {
  switch (text[0]) {
    case ']':
    case ')':
    case '>':
    case '|':
    case ';':
      return true;
    case ' ':
    case '\t':
      break;
    default:
      return false;
  }
  const char next = text[1];
  if (has_zone || (is_lower(next) && next != 'a' && next != 'p')) {
    return true;
  }
  if (is_upper(next) || next == 'a' || next == 'p') {
    const bool half_day = to_lower(text[2]) == 'm';
    const bool zone_name = is_upper(text[2]) && is_upper(text[3]) && !(is_upper(text[4]) && is_upper(text[5]));
    return !half_day && !zone_name;
  }
  return next == '(' || next == '[' || next == '<' || next == '"' || next == '{' || next == '|' || next == '/';
}

}  // namespace

bool TimeMemo::recall(std::string_view text, ParsedTime& out, TimeDetails& details) const {
  if (length_ == 0 || text.size() < length_ + kLookAhead) {
    return false;
  }
  const char* const p = text.data();
  if (std::memcmp(p, text_.data(), clock_at_) != 0) {
    return false;
  }
  Micros time = read_.time;
  if (clock_at_ < length_) {
    Micros clock = 0;
    Micros fraction = 0;
    if (!read_plain_clock(p + clock_at_, clock)) {
      return false;
    }
    if (fraction_digits_ > 0 && (p[fraction_at_ - 1] != text_[fraction_at_ - 1] ||
                                 !read_plain_fraction(p + fraction_at_, fraction_digits_, fraction))) {
      return false;
    }
    time = base_ + clock + fraction;
  }
  const std::size_t rest = length_ - rest_at_;
  const char* const behind = p + length_;
  if (named_ && behind[1] == ' ') {
    return false;  // a year may come after any number of blanks
  }
  if ((rest > 0 && std::memcmp(p + rest_at_, text_.data() + rest_at_, rest) != 0) ||
      !(std::memcmp(behind, text_.data() + length_, kLookAhead) == 0 || stands_apart(behind, read_.has_zone))) {
    return false;
  }
  out = read_;
  out.time = time;
  details = {level_letter_, true, has_fraction_, first_over_12_, second_over_12_};
  return true;
}

void TimeMemo::keep(std::string_view text, const ParsedTime& read, const TimeDetails& details) {
  length_ = 0;
  if (read.length + kLookAhead > kMostBytes || text.size() < read.length + kLookAhead || !details.has_clock) {
    return;
  }
  std::memcpy(text_.data(), text.data(), read.length + kLookAhead);
  length_ = clock_at_ = rest_at_ = read.length;
  fraction_digits_ = 0;
  read_ = read;
  level_letter_ = details.level_letter;
  named_ = !is_digit(text[0]);
  has_fraction_ = details.has_fraction;
  first_over_12_ = details.first_over_12;
  second_over_12_ = details.second_over_12;

  Micros clock = 0;
  std::size_t at = 0;
  while (at + kClockBytes <= read.length &&
         ((at > 0 && is_digit(text_[at - 1])) || !read_plain_clock(text_.data() + at, clock))) {
    ++at;
  }
  if (at + kClockBytes > read.length) {
    return;
  }
  std::size_t end = at + kClockBytes;
  Micros fraction = 0;
  std::size_t digits = 0;
  if (end + 1 < read.length && (text_[end] == '.' || text_[end] == ',')) {
    while (end + 1 + digits < read.length && is_digit(text_[end + 1 + digits])) {
      ++digits;
    }
    if (digits == 0 || digits > kMostFractionDigits || !read_plain_fraction(text_.data() + end + 1, digits, fraction)) {
      return;
    }
  }
  const std::size_t rest = digits > 0 ? end + 1 + digits : end;
  // Behind the clock a zone may come; AM and PM change what the hours mean.
  const std::string_view zone = std::string_view(text_.data(), read.length).substr(rest);
  if (!zone.empty() && !(read.has_zone && (zone == "Z" || zone.find_first_of("+-") <= 1))) {
    return;
  }
  clock_at_ = at;
  fraction_at_ = end + 1;
  fraction_digits_ = digits;
  rest_at_ = rest;
  base_ = read.time - clock - fraction;
}

}  // namespace logdetect
