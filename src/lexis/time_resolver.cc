#include <cstdlib>

#include "lexis/civil.h"
#include "lexis/time_zone.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

constexpr std::int64_t kFirstYear = 1970;
constexpr std::int64_t kLastYear = 2200;
// A file's last change (or now) comes after its events; this much is allowed for clocks that disagree.
constexpr Micros kSlack = 7 * kMicrosPerDay;

/// `time`, whose year means nothing, in `year`; false for 29 February of a common year.
bool move_to_year(Micros time, std::int64_t year, Micros& out) {
  const std::int64_t days = floor_divide(time, kMicrosPerDay);
  CivilDate date = civil_from_days(days);
  date.year = year;
  if (year < kFirstYear || year > kLastYear || (date.month == 2 && date.day == 29 && !is_leap_year(year))) {
    return false;
  }
  out = days_from_civil(date) * kMicrosPerDay + (time - days * kMicrosPerDay);
  return true;
}

}  // namespace

struct TimeResolver::Zone {
  explicit Zone(std::string_view name) : zone(find_time_zone(name)) {}
  std::shared_ptr<const TimeZone> zone;
};

TimeResolver::TimeResolver(std::string_view zone, Micros reference)
    : zone_(std::make_shared<const Zone>(zone)), reference_(reference) {}

void TimeResolver::set_reference(Micros reference) {
  reference_ = reference;
  has_previous_ = false;
}

Micros TimeResolver::to_utc(Micros local) {
  const std::int64_t seconds = floor_divide(local, kMicrosPerSecond);
  if (seconds < span_begin_ || seconds >= span_end_) {
    const TimeZone::LocalSpan span = zone_->zone->span_around(seconds);
    span_begin_ = span.begin;
    span_end_ = span.end;
    span_offset_ = span.offset * kMicrosPerSecond;
    if (span_begin_ >= span_end_) {
      const std::int64_t utc = zone_->zone->to_utc(seconds);
      const bool gap = utc + zone_->zone->offset_at(utc) != seconds;
      return utc * kMicrosPerSecond + (gap ? 0 : local - seconds * kMicrosPerSecond);
    }
  }
  return local - span_offset_;
}

Micros TimeResolver::to_local(Micros utc) const {
  return utc + zone_->zone->offset_at(floor_divide(utc, kMicrosPerSecond)) * kMicrosPerSecond;
}

Micros TimeResolver::with_date(Micros clock, Micros base) const {
  const Micros today = floor_divide(base, kMicrosPerDay) * kMicrosPerDay + clock;
  if (!has_previous_) {
    return today;
  }
  // The same time of day yesterday, today or tomorrow, whichever is nearest to the event before.
  if (today - base > kMicrosPerDay / 2) {
    return today - kMicrosPerDay;
  }
  return base - today > kMicrosPerDay / 2 ? today + kMicrosPerDay : today;
}

Micros TimeResolver::with_year(Micros time, Micros base) const {
  const std::int64_t year = civil_from_days(floor_divide(base, kMicrosPerDay)).year;
  Micros best = time;
  // Nearly every line is within half a year of the one before: no need to try other years.
  if (has_previous_ && move_to_year(time, year, best) && std::abs(best - base) < 180 * kMicrosPerDay) {
    return best;
  }
  Micros best_distance = 0;
  bool found = false;
  // 29 February may be up to eight years away (1896 to 1904; 2096 to 2104).
  for (std::int64_t candidate = year - 8; candidate <= year + 8; ++candidate) {
    Micros moved = 0;
    if (!move_to_year(time, candidate, moved)) {
      continue;
    }
    const Micros distance = std::abs(moved - base);
    if (!has_previous_ && found && moved > base + kSlack) {
      continue;
    }
    if (!found || distance < best_distance || (!has_previous_ && moved <= base + kSlack)) {
      best = moved;
      best_distance = distance;
      found = true;
    }
  }
  return best;
}

Micros TimeResolver::resolve(const ParsedTime& parsed) {
  Micros time = parsed.time;
  if (parsed.date_missing || parsed.year_missing) {
    const Micros base = has_previous_ ? previous_ : reference_;
    const Micros local_base = parsed.has_zone ? base : to_local(base);
    time = parsed.date_missing ? with_date(time, local_base) : with_year(time, local_base);
  }
  if (!parsed.has_zone) {
    time = to_utc(time);
  }
  previous_ = time;
  has_previous_ = true;
  return time;
}

}  // namespace logdetect
