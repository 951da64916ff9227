#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "logdetect/base/clock.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"

namespace logdetect {

/// Two classes of lines have profiles of their own: WARNING and worse, and the others.
[[nodiscard]] constexpr bool is_severe(Level level) {
  return level >= Level::kWarning;
}

/// When lines of a severity class usually come: minutes with at least one such line, per hour of the week (UTC),
/// against how long each hour was observed. Minutes, not lines, so that one storm does not make its hour usual.
/// Thread-safe for const calls.
class TimeProfile {
 public:
  static constexpr std::size_t kHours = 24;
  static constexpr std::size_t kDays = 7;
  static constexpr std::size_t kWeek = kHours * kDays;

  /// Silent below `min_days` of observation; hour of the day below 14 days, hour of the week from then on; days of the
  /// week from 7 days on.
  explicit TimeProfile(double min_days) : min_days_(min_days) {}

  /// Adds observed time; a gap counts as at most one day. O(hours in between).
  void advance(Micros from, Micros to);
  /// Adds one line. O(1).
  void add(Micros time, Level level);

  /// Share of the lines of this class at each hour of the day, smoothed; adds up to 1 when every hour was observed.
  [[nodiscard]] const std::array<double, kHours>& day_shares(Level level) const {
    return classes_[is_severe(level) ? 1 : 0].shares;
  }
  /// Brings day_shares() up to date; of a profile that learns, every minute or so will do. O(24).
  void refresh_shares();
  /// -ln of this share over the hour's share of observed time; 0 while silent, for a usual or a never observed hour.
  [[nodiscard]] double surprise_of_share(Micros time, double share) const;
  /// -ln of this hour's smoothed share over its share of observed time; 0 for a usual or never observed hour.
  [[nodiscard]] double hour_surprise(Micros time, Level level) const;
  [[nodiscard]] double weekday_surprise(Micros time, Level level) const;
  /// Observed time in days.
  [[nodiscard]] double days() const;
  /// Observed time in seconds.
  [[nodiscard]] double seconds() const { return total_seconds_; }
  /// Shortest stretch of the day that holds 90 % of the minutes with a line of this class: "09:00-18:00"; empty while
  /// silent, with fewer than 20 such minutes, or when it is longer than 20 hours.
  [[nodiscard]] std::string usual_hours(Level level) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  struct Activity {
    std::array<double, kWeek> week{};  ///< minutes with a line
    std::array<double, kHours> day{};
    std::array<double, kDays> weekday{};
    double total = 0;
    std::int64_t last_minute = INT64_MIN;
    std::array<double, kHours> shares{};
  };
  void add_exposure(std::size_t hour_of_week, double seconds);
  void add_minutes(Activity& activity, std::size_t hour_of_week, double minutes);

  double min_days_;
  std::array<double, kWeek> week_seconds_{};
  std::array<double, kHours> day_seconds_{};
  std::array<double, kDays> weekday_seconds_{};
  double total_seconds_ = 0;
  std::array<Activity, 2> classes_;
};

/// "09:00-17:00": the shortest stretch of the day, at most `longest` hours, that holds this share of `held`; empty when
/// there is none.
[[nodiscard]] std::string stretch_of_day(const std::array<double, TimeProfile::kHours>& held, double share,
                                         std::size_t longest);

/// Hour of the week, 0..167, from Thursday 00:00 UTC, the weekday of the epoch.
[[nodiscard]] std::size_t hour_of_week(Micros time);

}  // namespace logdetect
