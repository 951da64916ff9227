#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"

namespace logdetect {

/// The offsets of one time zone from UTC over time. Immutable after construction. Thread-safe.
class TimeZone {
 public:
  /// A stretch of time with one offset, as seen from local time.
  struct LocalSpan {
    std::int64_t begin = 0;  ///< local seconds since 1970, first in the span
    std::int64_t end = 0;    ///< first after it
    std::int32_t offset = 0;
  };

  /// A fixed offset.
  explicit TimeZone(std::int32_t offset_seconds = 0) : first_offset_(offset_seconds) {}
  /// Reads a TZif file, version 1 to 4, from bytes nobody vouches for; the rule in its footer is followed to 2201.
  /// Errors: kInput, saying what is broken.
  /// Source: RFC 8536.
  static Result<TimeZone> from_tzif(std::string_view bytes);

  /// Seconds east of UTC at a moment. O(log transitions).
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;
  /// The moment a local time names: the earlier one where clocks went back, the moment of the change where they went
  /// forward over it (so that order is kept).
  [[nodiscard]] std::int64_t to_utc(std::int64_t local_seconds) const;
  /// A span around `local_seconds` in which to_utc() is a plain subtraction; empty near a change.
  [[nodiscard]] LocalSpan span_around(std::int64_t local_seconds) const;

 private:
  struct Transition {
    std::int64_t utc = 0;
    std::int32_t offset = 0;  // from then on
  };
  friend class TzifReader;

  std::int32_t first_offset_ = 0;  // before the first transition
  std::vector<Transition> transitions_;
};

/// The zone of a name: "UTC", "+HH:MM", "-HHMM", or an IANA name looked up in the system's tzdata. A name that is not
/// found gives UTC and one warning per process. Thread-safe.
std::shared_ptr<const TimeZone> find_time_zone(std::string_view name);

}  // namespace logdetect
