#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"

namespace logdetect {

/// A timestamp as read from text.
struct ParsedTime {
  Micros time = 0;  ///< UTC if has_zone, else civil time of the (unknown) zone taken as UTC
  bool has_zone = false;
  bool year_missing = false;  ///< the year in `time` is 1970 (29 February stays representable as 1972)
  bool date_missing = false;  ///< `time` is a time of day
  std::size_t length = 0;     ///< bytes used, brackets around it not included
};

/// Reads a timestamp at the very front of `text`: ISO 8601 variants (T or blank, comma or point fractions, Z or
/// offset), syslog with and without year or weekday, Apache and nginx (access and error), epoch s/ms/us/ns, HDFS
/// (081109 203530), BGL and Thunderbird (2005-06-03-15.42.50.675872, 2005.11.09), log4j, Spark (17/06/09 20:10:40),
/// glog (I0102 15:04:05.678901), Android (03-17 16:13:38.811), Proxifier (10.30 16:49:06), HealthApp
/// (20171223-22:15:29:606), AM/PM. Second 60 is clamped to 59.999999. Years outside 1970..2200 are no timestamp.
/// False if there is none. No allocation, no locale, O(1). Thread-safe.
bool parse_timestamp(std::string_view text, ParsedTime& out);

/// Converts civil time without zone to UTC (where clocks went back the earlier moment; a time that clocks skipped is
/// the moment they did), and fills in missing years and dates: the one that puts the time nearest to the previous
/// event. The first event of a file gets the day of `reference` (mtime or now), or the last year that puts it no more
/// than a week after `reference`. Order matters, so this belongs to the ordered stage. Not thread-safe; copies are
/// independent.
class TimeResolver {
 public:
  /// `zone`: "UTC", "+HH:MM" or an IANA name (read from the system's tzdata; UTC with a warning when that is missing).
  explicit TimeResolver(std::string_view zone, Micros reference = 0);
  /// New file: the reference for missing years.
  void set_reference(Micros reference);
  /// The absolute time. Cost: O(1) amortised.
  Micros resolve(const ParsedTime& parsed);

 private:
  struct Zone;

  Micros to_utc(Micros local);
  [[nodiscard]] Micros to_local(Micros utc) const;
  [[nodiscard]] Micros with_date(Micros clock, Micros base) const;
  [[nodiscard]] Micros with_year(Micros time, Micros base) const;

  std::shared_ptr<const Zone> zone_;
  Micros reference_ = 0;
  Micros previous_ = 0;
  bool has_previous_ = false;
  // Local seconds for which the offset is known to be `span_offset_`; empty at first and where clocks skipped a time.
  std::int64_t span_begin_ = 0;
  std::int64_t span_end_ = 0;
  Micros span_offset_ = 0;
};

/// Whether a zone's name can be used here. Errors: kConfig for a name that is none, with the nearest one, and for any
/// name where the system has no zone data.
Result<void> check_time_zone(std::string_view name);

/// Reads --since/--until: RFC 3339, "YYYY-MM-DD", "YYYY-MM-DD HH:MM[:SS]", or relative to `now` ("15m", "2h", "3d",
/// "30 min ago"). False if it is none of these.
bool parse_time_argument(std::string_view text, Micros now, Micros& out);

}  // namespace logdetect
