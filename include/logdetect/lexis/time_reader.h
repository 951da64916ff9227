#pragma once

#include <cstdint>
#include <string_view>

#include "logdetect/lexis/time_memo.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {

/// What parse_timestamp learns besides the time; for choosing among several time columns.
struct TimeDetails {
  char level_letter = 0;        ///< glog's first letter, which is the level
  bool has_clock = false;       ///< false: a date alone
  bool has_fraction = false;    ///< finer than a second
  bool first_over_12 = false;   ///< "17/06/2024": the first number cannot be a month
  bool second_over_12 = false;  ///< "06/17/2024": the second number cannot be a month
};

/// The last date whose days since 1970 were computed: nearly always that of the next line too.
struct DateMemo {
  std::int32_t key = 0;  ///< year * 512 + month * 32 + day; 0: nothing yet
  std::int64_t days = 0;
};

/// Reads the timestamps of one column of a log. Not thread-safe: one per column and parser.
class TimeReader {
 public:
  /// `day_first` reads "05/06/2024" as 5 June.
  explicit TimeReader(bool day_first = false) : day_first_(day_first) {}
  /// parse_timestamp() with its by-products. Cost: O(1), about 20 ns.
  bool read(std::string_view text, ParsedTime& out, TimeDetails& details);

 private:
  bool read_anew(std::string_view text, ParsedTime& out, TimeDetails& details);

  DateMemo memo_;
  TimeMemo last_;
  bool day_first_ = false;
};

/// The time a bare number means, by its size: seconds, milli-, micro- or nanoseconds since 1970. False outside
/// 1970..2200 and for NaN.
bool epoch_from_number(double value, Micros& out);

}  // namespace logdetect
