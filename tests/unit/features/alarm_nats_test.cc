#include "features/alarm_nats.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

constexpr AlarmCounts kCalm{{1'000'000, 0, 0}, 1'000'000};

TEST(AlarmNats, AreAShareOfTheRarity) {
  EXPECT_EQ(alarm_nats(kLineAlarmShares, kCalm, Alarm::kNone, 8), 0);
  EXPECT_DOUBLE_EQ(alarm_nats(kLineAlarmShares, kCalm, Alarm::kWarning, 8), 0.3 * 8);
  EXPECT_DOUBLE_EQ(alarm_nats(kLineAlarmShares, kCalm, Alarm::kError, 8), 0.6 * 8);
  EXPECT_DOUBLE_EQ(alarm_nats(kSessionAlarmShares, kCalm, Alarm::kWarning, 8), 0.6 * 8);
  EXPECT_DOUBLE_EQ(alarm_nats(kSessionAlarmShares, kCalm, Alarm::kError, 8), 0.6 * 8);
  EXPECT_EQ(alarm_nats(kSessionAlarmShares, kCalm, Alarm::kError, 0), 0);
}

TEST(AlarmNats, GrowNoMoreBeyondTenNatsOfRarity) {
  EXPECT_LT(alarm_nats(kLineAlarmShares, kCalm, Alarm::kError, 9.9), 6);
  EXPECT_DOUBLE_EQ(alarm_nats(kLineAlarmShares, kCalm, Alarm::kError, 10), 6);
  EXPECT_DOUBLE_EQ(alarm_nats(kLineAlarmShares, kCalm, Alarm::kError, 20), 6);
}

TEST(AlarmNats, FadeWhereMostOfTrainingIsAsAlarming) {
  const auto error = [](std::uint64_t calm, std::uint64_t warnings, std::uint64_t errors) {
    return alarm_nats(kLineAlarmShares, {{calm, warnings, errors}, calm + warnings + errors}, Alarm::kError, 10);
  };
  EXPECT_DOUBLE_EQ(error(500, 0, 500), 6);
  EXPECT_LT(error(499, 0, 500), 6) << "more than half";
  EXPECT_NEAR(error(250, 0, 750), 3, 0.01);
  EXPECT_NEAR(error(0, 0, 1'000'000), 0, 0.0001);
  EXPECT_DOUBLE_EQ(error(0, 1'000, 0), 6) << "a warning is less than an error";
  EXPECT_NEAR(alarm_nats(kLineAlarmShares, {{0, 0, 1'000'000}, 1'000'000}, Alarm::kWarning, 10), 0, 0.0001)
      << "an error is more than a warning";
  EXPECT_DOUBLE_EQ(error(0, 0, 0), 6) << "nothing is known";
}

}  // namespace
}  // namespace logdetect
