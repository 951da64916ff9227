#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "lexis/calendar.h"
#include "lexis/time_zone.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

// As in time_reader.cc.
constexpr std::chrono::year kFirstYear(1970);
constexpr std::chrono::year kLastYear(2200);
// A file's last change (or now) comes after its events; this much is allowed for clocks that disagree.
constexpr Micros kSlack = 7 * kMicrosPerDay;

/// `time`, whose year means nothing, in `year`; false for 29 February of a common year.
bool move_to_year(Micros time, std::chrono::year year, Micros& out) {
  const auto day = std::chrono::floor<std::chrono::days>(to_micro_time(time));
  const std::chrono::year_month_day date(day);
  const std::chrono::year_month_day moved(year, date.month(), date.day());
  if (year < kFirstYear || year > kLastYear || !moved.ok()) {
    return false;
  }
  out = to_micros(std::chrono::sys_days(moved)) + (time - to_micros(day));
  return true;
}

/// The year of a time; the nearest one that timestamps may have for times far from them.
std::chrono::year year_of(Micros time) {
  constexpr Micros kFirst = to_micros(std::chrono::sys_days(kFirstYear / 1 / 1));
  constexpr Micros kLast = to_micros(std::chrono::sys_days(kLastYear / std::chrono::December / std::chrono::last));
  const auto point = to_micro_time(std::clamp(time, kFirst, kLast));
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(point)).year();
}

std::int64_t whole_seconds(Micros time) {
  return std::chrono::floor<std::chrono::seconds>(to_micro_time(time)).time_since_epoch().count();
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
  const std::int64_t seconds = whole_seconds(local);
  if (seconds < span_begin_ || seconds >= span_end_) {
    const TimeZone::LocalSpan span = zone_->zone->span_around(seconds);
    span_begin_ = span.begin;
    span_end_ = span.end;
    span_offset_ = span.offset_seconds * kMicrosPerSecond;
    if (span_begin_ >= span_end_) {  // clocks skipped this time: the moment they did
      return zone_->zone->to_utc(seconds) * kMicrosPerSecond;
    }
  }
  return local - span_offset_;
}

Micros TimeResolver::to_local(Micros utc) const {
  const Micros local = utc + span_offset_;
  if (const std::int64_t seconds = whole_seconds(local); seconds >= span_begin_ && seconds < span_end_) {
    return local;  // nearly always: the event before was in the same span
  }
  return utc + zone_->zone->offset_at(whole_seconds(utc)) * kMicrosPerSecond;
}

Micros TimeResolver::with_date(Micros clock, Micros base) const {
  const Micros today = to_micros(std::chrono::floor<std::chrono::days>(to_micro_time(base))) + clock;
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
  const std::chrono::year year = year_of(base);
  Micros best = time;
  // Nearly every line is within half a year of the one before: no need to try other years.
  if (has_previous_ && move_to_year(time, year, best) && std::abs(best - base) < 180 * kMicrosPerDay) {
    return best;
  }
  Micros best_distance = 0;
  bool found = false;
  // 29 February may be up to eight years away (1896 to 1904; 2096 to 2104).
  constexpr std::chrono::years kReach(8);
  for (std::chrono::year candidate = year - kReach; candidate <= year + kReach; ++candidate) {
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
