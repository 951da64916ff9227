#include "logdetect/features/event_clock.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr Micros kTolerance = 30 * kMicrosPerSecond;
constexpr Micros kNoon = 1'704'110'400LL * kMicrosPerSecond;
constexpr Micros kFarFuture = 4'070'908'800LL * kMicrosPerSecond;  // 2099

TEST(EventClock, FollowsTheLargestTime) {
  EventClock clock(kTolerance);
  EXPECT_FALSE(clock.running());
  EXPECT_TRUE(clock.observe(kNoon, true).restarted);
  EXPECT_EQ(clock.observe(kNoon + 5 * kMicrosPerSecond, true).advanced, 5 * kMicrosPerSecond);
  const auto back = clock.observe(kNoon, true);
  EXPECT_EQ(back.now, kNoon + 5 * kMicrosPerSecond);
  EXPECT_FALSE(back.late);
  EXPECT_TRUE(clock.observe(kNoon - kMicrosPerHour, true).late);
}

TEST(EventClock, OneLineFromTheFarFutureMovesNothing) {
  EventClock clock(kTolerance);
  Micros time = kNoon;
  (void)clock.observe(time, true);
  for (int i = 0; i < 100; ++i) {
    time += kMicrosPerSecond;
    EXPECT_EQ(clock.observe(time, true).now, time);
    EXPECT_EQ(clock.observe(kFarFuture, true).now, time);
    EXPECT_EQ(clock.observe(kFarFuture, true).now, time);
  }
}

TEST(EventClock, ANightWithoutLinesIsBelieved) {
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  const Micros morning = kNoon + 14 * kMicrosPerHour;
  for (int i = 0; i + 1 < EventClock::kLeapVotes; ++i) {
    EXPECT_EQ(clock.observe(morning + i, true).now, kNoon);
  }
  EXPECT_EQ(clock.observe(morning + 9, true).now, morning + 9);
  EXPECT_EQ(clock.observe(morning + 10, true).now, morning + 10);
}

TEST(EventClock, LinesHoursApartAdvanceWithASmallLag) {
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  for (int i = 1; i < 50; ++i) {
    const Micros time = kNoon + i * 3 * kMicrosPerHour;
    const auto tick = clock.observe(time, true);
    EXPECT_FALSE(tick.late);
    EXPECT_GE(tick.now, time - EventClock::kLeapVotes * 3 * kMicrosPerHour);
  }
}

TEST(EventClock, ReturnsFromAWrongPresent) {
  EventClock clock(kTolerance);
  (void)clock.observe(kFarFuture, true);
  for (int i = 1; i < EventClock::kReturnVotes; ++i) {
    const auto tick = clock.observe(kNoon + i, true);
    EXPECT_TRUE(tick.late);
    EXPECT_EQ(tick.now, kFarFuture);
  }
  const auto tick = clock.observe(kNoon, true);
  EXPECT_TRUE(tick.restarted);
  EXPECT_EQ(tick.now, kNoon + EventClock::kReturnVotes - 1);
  EXPECT_FALSE(clock.observe(kNoon, true).late);
}

TEST(EventClock, LinesWithoutTimeChangeNothing) {
  EventClock clock(kTolerance);
  EXPECT_FALSE(clock.observe(kNoon, false).restarted);
  EXPECT_FALSE(clock.running());
  (void)clock.observe(kNoon, true);
  EXPECT_EQ(clock.observe(kFarFuture, false).now, kNoon);
}

TEST(EventClock, AnyTimesGiveAPresentThatOnlyGoesBackWithARestart) {
  Rng rng(3);
  EventClock clock(kTolerance);
  Micros before = 0;
  for (int i = 0; i < 20000; ++i) {
    Micros time = 0;
    switch (rng.below(4)) {
      case 0:
        time = static_cast<Micros>(rng.next());
        break;
      case 1:
        time = INT64_MIN;
        break;
      case 2:
        time = INT64_MAX;
        break;
      default:
        time = kNoon + static_cast<Micros>(rng.below(1ULL << 36));
        break;
    }
    const auto tick = clock.observe(time, rng.below(8) != 0);
    EXPECT_TRUE(tick.restarted || tick.now >= before);
    EXPECT_GE(tick.advanced, 0);
    before = tick.now;
  }
}

TEST(EventClock, IsLateBeyondTheTolerance) {
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  EXPECT_FALSE(clock.observe(kNoon - kTolerance, true).late);
  const auto late = clock.observe(kNoon - kTolerance - 1, true);
  EXPECT_TRUE(late.late);
  EXPECT_FALSE(late.restarted);
  EXPECT_EQ(late.advanced, 0);
}

TEST(EventClock, BelievesAStepOfAnHourAtOnce) {
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  const auto hour = clock.observe(kNoon + kMicrosPerHour, true);
  EXPECT_EQ(hour.now, kNoon + kMicrosPerHour);
  EXPECT_EQ(hour.advanced, kMicrosPerHour);
  const auto more = clock.observe(kNoon + 2 * kMicrosPerHour + 1, true);
  EXPECT_EQ(more.now, kNoon + kMicrosPerHour);
  EXPECT_EQ(more.advanced, 0);
}

TEST(EventClock, LeapsToTheNearestOfThoseThatAskForIt) {
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  (void)clock.observe(kNoon + 5 * kMicrosPerHour, true);
  (void)clock.observe(kNoon + 2 * kMicrosPerHour, true);
  const auto leap = clock.observe(kNoon + 9 * kMicrosPerHour, true);
  EXPECT_EQ(leap.now, kNoon + 2 * kMicrosPerHour);
  EXPECT_EQ(leap.advanced, 2 * kMicrosPerHour);
  EXPECT_FALSE(leap.restarted);
  // The last of them is the first vote for the next leap.
  EXPECT_EQ(clock.observe(kNoon + 9 * kMicrosPerHour, true).now, kNoon + 2 * kMicrosPerHour);
  EXPECT_EQ(clock.observe(kNoon + 10 * kMicrosPerHour, true).now, kNoon + 10 * kMicrosPerHour)
      << "within an hour of where it leaps";
}

TEST(EventClock, VotesCountInARowOnly) {
  for (const Micros between : {Micros{5}, -kMicrosPerHour}) {  // one that is near, and one that is late
    EventClock clock(kTolerance);
    (void)clock.observe(kNoon, true);
    (void)clock.observe(kFarFuture, true);
    (void)clock.observe(kFarFuture, true);
    (void)clock.observe(kNoon + between, true);
    EXPECT_LE(clock.observe(kFarFuture, true).now, kNoon + 5);
    EXPECT_LE(clock.observe(kFarFuture, true).now, kNoon + 5);
    EXPECT_EQ(clock.observe(kFarFuture, true).now, kFarFuture);
  }
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  for (int i = 1; i < 2 * EventClock::kReturnVotes; ++i) {
    (void)clock.observe(i == EventClock::kReturnVotes ? kNoon : kNoon - kMicrosPerDay, true);
  }
  EXPECT_TRUE(clock.observe(kNoon - kMicrosPerDay, true).restarted) << "as many after the one in time";
}

TEST(EventClock, BeginsAnewAfterARestart) {
  EventClock clock(kTolerance);
  (void)clock.observe(kNoon, true);
  (void)clock.observe(kFarFuture, true);
  (void)clock.observe(kFarFuture, true);
  clock.restart();
  EXPECT_FALSE(clock.running());
  EXPECT_TRUE(clock.observe(kNoon - kMicrosPerDay, true).restarted);
  EXPECT_EQ(clock.observe(kFarFuture, true).now, kNoon - kMicrosPerDay) << "votes are forgotten";
}

}  // namespace
}  // namespace logdetect
