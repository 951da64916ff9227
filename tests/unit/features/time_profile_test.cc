#include "features/time_profile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr Micros kMonday = 1'704'067'200LL * kMicrosPerSecond;  // 2024-01-01 00:00 UTC
constexpr Micros kMinute = 60 * kMicrosPerSecond;

// `days` days from Monday; one INFO line a minute, and one ERROR line a minute during office hours.
TimeProfile office(int days, bool weekends = true) {
  TimeProfile profile(2);
  for (int minute = 0; minute < days * 1440; ++minute) {
    const Micros now = kMonday + minute * kMinute;
    profile.advance(now, now + kMinute);
    profile.add(now, Level::kInfo);
    const int hour = minute / 60 % 24;
    const int day = minute / 1440 % 7;
    if (hour >= 9 && hour < 18 && (weekends || day < 5)) {
      profile.add(now, Level::kError);
    }
  }
  return profile;
}

Micros at(int day, int hour) {
  return kMonday + day * kMicrosPerDay + hour * kMicrosPerHour;
}

TEST(TimeProfile, HourOfTheWeekCountsFromThursday) {
  EXPECT_EQ(hour_of_week(0), 0U);
  EXPECT_EQ(hour_of_week(-1), 167U);
  EXPECT_EQ(hour_of_week(kMonday), 4U * 24);
}

TEST(TimeProfile, SilentBelowTheMinimum) {
  const TimeProfile profile = office(1);
  EXPECT_EQ(profile.hour_surprise(at(1, 3), Level::kError), 0);
  EXPECT_EQ(profile.usual_hours(Level::kError), "");
}

TEST(TimeProfile, AnErrorAtNightIsUnusual) {
  const TimeProfile profile = office(5);
  EXPECT_NEAR(profile.days(), 5, 1e-9);
  EXPECT_GT(profile.hour_surprise(at(5, 3), Level::kError), 3);
  EXPECT_EQ(profile.hour_surprise(at(5, 10), Level::kError), 0);
  EXPECT_LT(profile.hour_surprise(at(5, 3), Level::kInfo), 0.05);
  EXPECT_EQ(profile.usual_hours(Level::kError), "09:00-18:00");
  EXPECT_EQ(profile.usual_hours(Level::kInfo), "");
  EXPECT_EQ(profile.weekday_surprise(at(5, 3), Level::kError), 0) << "less than a week was seen";
}

TEST(TimeProfile, TwoWeeksTellDaysApart) {
  const TimeProfile profile = office(21, false);
  const Micros saturday_ten = at(5, 10);
  EXPECT_GT(profile.hour_surprise(saturday_ten, Level::kError), 2);
  EXPECT_EQ(profile.hour_surprise(at(2, 10), Level::kError), 0);
  EXPECT_GT(profile.weekday_surprise(saturday_ten, Level::kError), 2);
  EXPECT_EQ(profile.weekday_surprise(at(2, 10), Level::kError), 0);
}

TEST(TimeProfile, OneStormDoesNotMakeItsHourUsual) {
  TimeProfile profile = office(5);
  for (int i = 0; i < 100000; ++i) {
    profile.add(at(4, 3) + i, Level::kError);
  }
  EXPECT_GT(profile.hour_surprise(at(5, 3), Level::kError), 2.5);
  EXPECT_EQ(profile.usual_hours(Level::kError), "09:00-18:00");
}

TEST(TimeProfile, AGapCountsAsADayAtMost) {
  TimeProfile profile(2);
  profile.advance(kMonday, kMonday + 75 * 365 * kMicrosPerDay);
  EXPECT_NEAR(profile.days(), 1, 1e-9);
}

TEST(TimeProfile, UnevenObservationIsNoSurprise) {
  // Two and a half days at a constant rate: half the hours were seen three times, the others twice.
  TimeProfile profile(2);
  for (int minute = 0; minute < 3600; ++minute) {
    const Micros now = kMonday + minute * kMinute;
    profile.advance(now, now + kMinute);
    profile.add(now, Level::kError);
  }
  for (int hour = 0; hour < 24; ++hour) {
    EXPECT_LT(profile.hour_surprise(at(3, hour), Level::kError), 1e-6);
  }
}

}  // namespace
}  // namespace logdetect
