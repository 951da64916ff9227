#include "features/time_profile.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "features/columns.h"
#include "features/numerics.h"

namespace logdetect {
namespace {

constexpr Micros kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr double kSecondsPerDay = 86400;
constexpr double kWeekModeDays = 14;
// Strength of the uniform prior, in minutes with a line. Minutes of one day are alike, so days need a stronger one.
constexpr double kDayPrior = 24;
constexpr double kWeekPrior = 168;
constexpr double kWeekdayPrior = 60;
constexpr double kUsualShare = 0.9;
constexpr double kMinUsualMinutes = 20;
constexpr std::size_t kLongestUsual = 20;
constexpr double kMaxSeconds = 1e11;

std::string clock_text(std::size_t hour) {
  // The end of a stretch over midnight is beyond 24.
  hour %= TimeProfile::kHours;
  return (hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
}

}  // namespace

std::size_t hour_of_week(Micros time) {
  const std::int64_t hour = floor_divide(time, kMicrosPerHour);
  const std::int64_t week = floor_divide(hour, static_cast<std::int64_t>(TimeProfile::kWeek));
  return static_cast<std::size_t>(hour - week * static_cast<std::int64_t>(TimeProfile::kWeek));
}

void TimeProfile::add_exposure(std::size_t hour, double seconds) {
  week_seconds_[hour] += seconds;
  day_seconds_[hour % kHours] += seconds;
  weekday_seconds_[hour / kHours] += seconds;
  total_seconds_ += seconds;
}

void TimeProfile::add_minutes(Activity& activity, std::size_t hour, double minutes) {
  activity.week[hour] += minutes;
  activity.day[hour % kHours] += minutes;
  activity.weekday[hour / kHours] += minutes;
  activity.total += minutes;
}

void TimeProfile::advance(Micros from, Micros to) {
  // A longer gap is taken for an outage of the log: nobody was there to see silent hours.
  from = std::max(from, to - kMicrosPerDay);
  while (from < to) {
    const Micros hour_end = (floor_divide(from, kMicrosPerHour) + 1) * kMicrosPerHour;
    const Micros until = std::min(to, hour_end);
    add_exposure(hour_of_week(from), static_cast<double>(until - from) / kMicrosPerSecond);
    from = until;
  }
}

void TimeProfile::add(Micros time, Level level) {
  Activity& activity = classes_[is_severe(level) ? 1 : 0];
  const std::int64_t minute = floor_divide(time, kMicrosPerMinute);
  // A minute with a thousand lines counts once, so that one storm does not make its hour usual.
  if (minute != activity.last_minute) {
    activity.last_minute = minute;
    add_minutes(activity, hour_of_week(time), 1);
  }
}

double TimeProfile::days() const {
  return total_seconds_ / kSecondsPerDay;
}

double TimeProfile::hour_surprise(Micros time, Level level) const {
  const double observed_days = days();
  if (!(observed_days >= min_days_) || total_seconds_ <= 0) {
    return 0;
  }
  const Activity& activity = classes_[is_severe(level) ? 1 : 0];
  const std::size_t hour = hour_of_week(time);
  const double day_exposure = day_seconds_[hour % kHours] / total_seconds_;
  if (day_exposure <= 0) {
    return 0;
  }
  // Shares in units of the hour's share of observed time: below 1 it is quieter than the average.
  const double day_share =
      (activity.day[hour % kHours] + kDayPrior * day_exposure) / (activity.total + kDayPrior) / day_exposure;
  const double week_exposure = week_seconds_[hour] / total_seconds_;
  if (observed_days < kWeekModeDays || week_exposure <= 0) {
    return bounded_nats(-std::log(day_share), kMaxHourNats);
  }
  // The day's profile is the prior of the week's: an hour seen in two weeks only is near its day.
  const double week_share =
      (activity.week[hour] + kWeekPrior * week_exposure * day_share) / (activity.total + kWeekPrior) / week_exposure;
  return bounded_nats(-std::log(week_share), kMaxHourNats);
}

double TimeProfile::weekday_surprise(Micros time, Level level) const {
  const double observed_days = days();
  if (!(observed_days >= min_days_) || observed_days < static_cast<double>(kDays)) {
    return 0;
  }
  const Activity& activity = classes_[is_severe(level) ? 1 : 0];
  const std::size_t day = hour_of_week(time) / kHours;
  const double exposure = weekday_seconds_[day] / total_seconds_;
  if (exposure <= 0) {
    return 0;
  }
  const double share = (activity.weekday[day] + kWeekdayPrior * exposure) / (activity.total + kWeekdayPrior) / exposure;
  return bounded_nats(-std::log(share), kMaxHourNats);
}

void TimeProfile::refresh_shares() {
  for (Activity& activity : classes_) {
    for (std::size_t hour = 0; hour < kHours; ++hour) {
      const double exposure = total_seconds_ > 0 ? day_seconds_[hour] / total_seconds_ : 1.0 / kHours;
      activity.shares[hour] = (activity.day[hour] + kDayPrior * exposure) / (activity.total + kDayPrior);
    }
  }
}

double TimeProfile::surprise_of_share(Micros time, double share) const {
  const std::size_t hour = hour_of_week(time) % kHours;
  if (!(days() >= min_days_) || total_seconds_ <= 0 || day_seconds_[hour] <= 0) {
    return 0;
  }
  return bounded_nats(-std::log(share / (day_seconds_[hour] / total_seconds_)), kMaxHourNats);
}

std::string stretch_of_day(const std::array<double, TimeProfile::kHours>& held, double share, std::size_t longest) {
  const double all = std::accumulate(held.begin(), held.end(), 0.0);
  // Round the clock: a stretch may go over midnight.
  for (std::size_t length = 1; length <= longest; ++length) {
    double best = 0;
    std::size_t best_start = 0;
    for (std::size_t start = 0; start < held.size(); ++start) {
      double within = 0;
      for (std::size_t i = 0; i < length; ++i) {
        within += held.at((start + i) % held.size());
      }
      if (within > best) {
        best = within;
        best_start = start;
      }
    }
    if (best > 0 && best >= share * all) {
      return clock_text(best_start) + "-" + clock_text(best_start + length);
    }
  }
  return {};
}

std::string TimeProfile::usual_hours(Level level) const {
  const Activity& activity = classes_[is_severe(level) ? 1 : 0];
  if (!(days() >= min_days_) || activity.total < kMinUsualMinutes) {
    return {};
  }
  return stretch_of_day(activity.day, kUsualShare, kLongestUsual);
}

void TimeProfile::save(ByteWriter& out) const {
  // Days, weekdays and totals are sums of the hours of the week, and are made again by load().
  for (const double seconds : week_seconds_) {
    out.f64(seconds);
  }
  for (const Activity& activity : classes_) {
    for (const double minutes : activity.week) {
      out.f64(minutes);
    }
    out.i64(activity.last_minute);
  }
}

void TimeProfile::load(ByteReader& in) {
  const auto read = [&in]() {
    const double value = in.f64();
    if (!(value >= 0 && value <= kMaxSeconds)) {
      in.fail("time profile out of range");
      return 0.0;
    }
    return value;
  };
  for (std::size_t hour = 0; hour < kWeek; ++hour) {
    add_exposure(hour, read());
  }
  for (Activity& activity : classes_) {
    for (std::size_t hour = 0; hour < kWeek; ++hour) {
      add_minutes(activity, hour, read());
    }
    activity.last_minute = in.i64();
  }
}

}  // namespace logdetect
