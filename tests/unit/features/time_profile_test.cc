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

// Minutes with a line in one hour of each day; every hour was observed.
TimeProfile one_hour(int days, int hour, double min_days = 2, int every = 1) {
  TimeProfile profile(min_days);
  for (int day = 0; day < days; ++day) {
    profile.advance(at(day, 0), at(day + 1, 0));
    for (int minute = 0; minute < 60 && day % every == 0; ++minute) {
      profile.add(at(day, hour) + minute * kMinute, Level::kError);
    }
  }
  return profile;
}

TEST(TimeProfile, HourSurpriseByHand) {
  const TimeProfile profile = one_hour(4, 9);  // 240 minutes; the prior weighs 24
  EXPECT_NEAR(profile.hour_surprise(at(5, 3), Level::kError), -std::log(1.0 / 264 * 24), 1e-9);
  EXPECT_EQ(profile.hour_surprise(at(5, 9), Level::kError), 0);
  EXPECT_EQ(profile.hour_surprise(at(5, 3), Level::kInfo), 0) << "of these lines none was seen";
  const TimeProfile weeks = one_hour(14, 9, 2, 7);  // 120 minutes, on Mondays; the prior of the week weighs 168
  const double day_share = 1.0 / 144 * 24;
  EXPECT_NEAR(weeks.hour_surprise(at(15, 3), Level::kError), -std::log(day_share / 288 * 168), 1e-9);
  const TimeProfile almost = one_hour(13, 9, 2, 7);
  EXPECT_NEAR(almost.hour_surprise(at(15, 3), Level::kError), -std::log(day_share), 1e-9) << "hours of the day only";
}

TEST(TimeProfile, WeekdaySurpriseByHand) {
  TimeProfile profile(0);
  profile.advance(at(0, 0), at(1, 0));
  for (int minute = 0; minute < 540; ++minute) {
    profile.add(at(0, 0) + minute * kMinute, Level::kWarning);
  }
  for (int day = 1; day < 7; ++day) {
    EXPECT_EQ(profile.weekday_surprise(at(3, 3), Level::kWarning), 0) << "less than a week";
    profile.advance(at(day, 0), at(day + 1, 0));
  }
  EXPECT_NEAR(profile.weekday_surprise(at(3, 3), Level::kWarning), -std::log(60.0 / 600), 1e-9);
  EXPECT_NEAR(profile.weekday_surprise(at(3, 3), Level::kFatal), -std::log(60.0 / 600), 1e-9) << "one class";
  EXPECT_EQ(profile.weekday_surprise(at(0, 3), Level::kWarning), 0);
  EXPECT_EQ(profile.weekday_surprise(at(3, 3), Level::kNotice), 0);
}

TEST(TimeProfile, SpeaksFromItsLeastDaysOn) {
  EXPECT_EQ(one_hour(3, 9, 3.01).hour_surprise(at(5, 3), Level::kError), 0);
  EXPECT_GT(one_hour(3, 9, 3).hour_surprise(at(5, 3), Level::kError), 1);
  EXPECT_EQ(one_hour(7, 9, 7.01, 7).weekday_surprise(at(5, 3), Level::kError), 0);
  EXPECT_GT(one_hour(7, 9, 7, 7).weekday_surprise(at(5, 3), Level::kError), 0.5);
  EXPECT_EQ(one_hour(3, 9, 3.01).usual_hours(Level::kError), "");
  EXPECT_EQ(one_hour(3, 9, 3).usual_hours(Level::kError), "09:00-10:00");
  EXPECT_EQ(TimeProfile(0).hour_surprise(at(0, 0), Level::kError), 0) << "nothing was observed";
  EXPECT_EQ(TimeProfile(0).surprise_of_share(at(0, 0), 1e-9), 0);
}

TEST(TimeProfile, UsualHoursNeedTwentyMinutes) {
  TimeProfile profile(0);
  profile.advance(at(0, 0), at(1, 0));
  for (int minute = 0; minute < 19; ++minute) {
    profile.add(at(0, 9) + minute * kMinute, Level::kError);
    profile.add(at(0, 9) + minute * kMinute + 1, Level::kError);  // the same minute
  }
  EXPECT_EQ(profile.usual_hours(Level::kError), "");
  profile.add(at(0, 9) + 19 * kMinute, Level::kError);
  EXPECT_EQ(profile.usual_hours(Level::kError), "09:00-10:00");
}

TEST(TimeProfile, ObservedTimeFallsToItsHours) {
  TimeProfile profile(0);
  profile.advance(at(0, 9) + 30 * kMinute, at(0, 11) + 15 * kMinute);
  EXPECT_EQ(profile.seconds(), 6300);
  EXPECT_EQ(profile.days(), 6300.0 / 86'400);
  const auto nats = [&](int hour) { return profile.surprise_of_share(at(3, hour), 0.001); };
  EXPECT_NEAR(nats(9), -std::log(0.001 / (1800.0 / 6300)), 1e-9);
  EXPECT_NEAR(nats(10), -std::log(0.001 / (3600.0 / 6300)), 1e-9);
  EXPECT_NEAR(nats(11), -std::log(0.001 / (900.0 / 6300)), 1e-9);
  EXPECT_EQ(nats(8), 0) << "never observed";
  EXPECT_EQ(nats(12), 0);
  EXPECT_EQ(profile.hour_surprise(at(3, 12), Level::kError), 0);
  profile.advance(at(1, 0), at(1, 0));
  EXPECT_EQ(profile.seconds(), 6300);
}

TEST(TimeProfile, SharesAreEvenUntilSomethingIsKnown) {
  TimeProfile profile(0);
  profile.refresh_shares();
  for (const double share : profile.day_shares(Level::kError)) {
    EXPECT_NEAR(share, 1.0 / 24, 1e-12);
  }
  profile = one_hour(4, 9);
  profile.refresh_shares();
  EXPECT_NEAR(profile.day_shares(Level::kError)[9], 241.0 / 264, 1e-12);
  EXPECT_NEAR(profile.day_shares(Level::kError)[3], 1.0 / 264, 1e-12);
  EXPECT_NEAR(profile.day_shares(Level::kInfo)[9], 1.0 / 24, 1e-12);
}

TEST(StretchOfDay, IsTheShortestAndTheEarliestOfEquals) {
  std::array<double, TimeProfile::kHours> held{};
  EXPECT_EQ(stretch_of_day(held, 0.5, 24), "") << "nothing is held";
  held[5] = held[9] = 2;
  EXPECT_EQ(stretch_of_day(held, 0.5, 24), "05:00-06:00");
  EXPECT_EQ(stretch_of_day(held, 0.51, 24), "05:00-10:00");
  EXPECT_EQ(stretch_of_day(held, 0.51, 5), "05:00-10:00");
  EXPECT_EQ(stretch_of_day(held, 0.51, 4), "");
  held[9] = 3;
  EXPECT_EQ(stretch_of_day(held, 0.5, 24), "09:00-10:00");
  held.fill(0);
  held[23] = held[0] = 1;
  EXPECT_EQ(stretch_of_day(held, 1, 24), "23:00-01:00");
  held.fill(1);
  EXPECT_EQ(stretch_of_day(held, 1, 24), "00:00-00:00");
}

TEST(TimeProfile, SavedAndLoaded) {
  const TimeProfile profile = office(15, false);
  ByteWriter out;
  profile.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "profile");
  TimeProfile loaded(2);
  loaded.load(in);
  ASSERT_TRUE(in.finish().ok());
  for (int hour = 0; hour < 168; ++hour) {
    for (const Level level : {Level::kInfo, Level::kError}) {
      EXPECT_EQ(loaded.hour_surprise(at(0, hour), level), profile.hour_surprise(at(0, hour), level));
      EXPECT_EQ(loaded.weekday_surprise(at(0, hour), level), profile.weekday_surprise(at(0, hour), level));
    }
  }
  loaded.add(at(14, 23) + 59 * kMinute, Level::kInfo);  // the minute of the last line
  ByteWriter again;
  loaded.save(again);
  EXPECT_EQ(again.take(), bytes);
}

TEST(TimeProfile, RefusesTimesThatNoLogHas) {
  for (const double seconds : {-1.0, 2e11, std::nan("")}) {
    ByteWriter out;
    for (std::size_t hour = 0; hour < TimeProfile::kWeek; ++hour) {
      out.f64(hour == 7 ? seconds : 0);
    }
    const std::string bytes = out.take() + std::string(2 * (TimeProfile::kWeek + 1) * 8, '\0');
    ByteReader in(bytes, "profile");
    TimeProfile loaded(2);
    loaded.load(in);
    EXPECT_FALSE(in.ok()) << seconds;
  }
}

}  // namespace
}  // namespace logdetect
