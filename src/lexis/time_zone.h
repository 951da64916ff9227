#pragma once

#include <absl/time/internal/cctz/include/cctz/time_zone.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// The offsets of one time zone from UTC over time: cctz, the zone half of Abseil, asked in whole seconds. Immutable
/// after construction. Thread-safe.
class TimeZone {
 public:
  /// A stretch of time with one offset, as seen from local time.
  struct LocalSpan {
    std::int64_t begin = 0;  ///< local seconds since 1970, first in the span
    std::int64_t end = 0;    ///< first after it
    std::int32_t offset_seconds = 0;
  };

  /// A fixed offset, of less than a day.
  explicit TimeZone(std::int32_t offset_seconds = 0);
  /// Reads a TZif file from bytes nobody vouches for; the rule in its footer is followed for 400 years after its last
  /// change. The bytes are kept for the life of the program. Errors: kInput.
  /// Source: RFC 8536.
  static Result<TimeZone> from_tzif(std::string_view bytes);

  /// Seconds east of UTC at a moment. O(log changes).
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;
  /// The moment a local time names: the earlier one where clocks went back, the moment of the change where they went
  /// forward over it (so that order is kept). O(log changes).
  [[nodiscard]] std::int64_t to_utc(std::int64_t local_seconds) const;
  /// The span around `local_seconds` in which to_utc() is a plain subtraction; empty for a time that clocks skipped.
  [[nodiscard]] LocalSpan span_around(std::int64_t local_seconds) const;

 private:
  absl::time_internal::cctz::time_zone zone_;
};

/// The zone of a name: "UTC", "+HH:MM", "-HHMM", or an IANA name looked up in the system's tzdata. A name that is not
/// found gives UTC and one warning per process. Thread-safe.
std::shared_ptr<const TimeZone> find_time_zone(std::string_view name);

}  // namespace logdetect
