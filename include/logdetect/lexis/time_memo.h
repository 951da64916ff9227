#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "logdetect/lexis/timestamp.h"

namespace logdetect {

struct TimeDetails;

/// The last timestamp read from a column. The next one mostly differs from it in the digits of a clock HH:MM:SS and
/// its fraction alone, and is then read without looking at anything else. Not thread-safe.
class TimeMemo {
 public:
  /// Reads the timestamp at the front of `text` if it is written like the last one and has the same date, and if what
  /// stands behind it cannot belong to it. False says nothing. Cost: O(1), no allocation.
  [[nodiscard]] bool recall(std::string_view text, ParsedTime& out, TimeDetails& details) const;
  /// Keeps what was read from the front of `text`.
  void keep(std::string_view text, const ParsedTime& read, const TimeDetails& details);

 private:
  static constexpr std::size_t kMostBytes = 48;
  static constexpr std::size_t kLookAhead = 8;  // bytes behind a timestamp that reading it may look at

  std::array<char, kMostBytes> text_{};
  std::size_t clock_at_ = 0;         // of the "HH:MM:SS" in text_; length_ if there is none
  std::size_t fraction_at_ = 0;      // of the first digit of its fraction
  std::size_t fraction_digits_ = 0;  // 0: no fraction
  std::size_t rest_at_ = 0;          // of what comes behind the clock and must be the same
  std::size_t length_ = 0;           // of the timestamp; 0: none kept
  Micros base_ = 0;                  // its time without the clock
  ParsedTime read_;
  char level_letter_ = 0;
  bool has_fraction_ = false;
  bool named_ = false;  // begins with a name: of a weekday, perhaps, after which a year may stand behind the clock
  bool first_over_12_ = false;
  bool second_over_12_ = false;
};

}  // namespace logdetect
