#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "features/good_turing.h"
#include "logdetect/features/session_statistics.h"

namespace logdetect {
namespace {

// Answers about sessions that can be counted by hand: a thousand of open, work, close, two seconds apart; ten of them
// fail after the work.

constexpr std::uint32_t kOpen = 0;
constexpr std::uint32_t kWork = 1;
constexpr std::uint32_t kClose = 2;
constexpr std::uint32_t kFailed = 3;
constexpr Micros kSecond = kMicrosPerSecond;

Event event_of(std::uint32_t id, Micros at) {
  Event event;
  event.template_id = TemplateId(id);
  event.session = SessionId(5);
  event.time = at;
  event.has_time = true;
  return event;
}

SessionState session(SessionStatistics& statistics, const std::vector<std::uint32_t>& templates) {
  SessionState state;
  Micros now = 0;
  for (const std::uint32_t id : templates) {
    statistics.learn(event_of(id, now += 2 * kSecond), state);
  }
  statistics.close(state);
  return state;
}

SessionStatistics taught() {
  SessionStatistics statistics;
  for (int i = 0; i < 1000; ++i) {
    session(statistics, i < 990 ? std::vector{kOpen, kWork, kClose} : std::vector{kOpen, kWork, kFailed, kClose});
  }
  statistics.finish();
  return statistics;
}

TEST(SessionRules, PausesAreThoseOfTheTemplateAndALittleOfAll) {
  const SessionStatistics statistics = taught();
  const double never = 0.5 / 1001;  // pauses of ten seconds anywhere, a session
  EXPECT_NEAR(statistics.pauses_longer(kOpen, 10 * kSecond), 0.5 * never / 1000.5, 1e-12);
  EXPECT_NEAR(statistics.pauses_longer(kOpen, kSecond), 1, 1e-12);
  EXPECT_NEAR(statistics.pauses_longer(kFailed, kSecond), 1, 1e-12);
  EXPECT_NEAR(statistics.pauses_longer(kFailed, 10 * kSecond), 0.5 * never / 10.5, 1e-12);
  EXPECT_NEAR(statistics.pauses_longer(77, 10 * kSecond), never, 1e-12) << "an unknown template";
  EXPECT_NEAR(statistics.pauses_longer(kClose, kSecond), 0.5 / 1000.5, 1e-12) << "nothing comes after it";
}

TEST(SessionRules, ABeginningIsJudgedByWhatBeginsSo) {
  const SessionStatistics statistics = taught();
  EXPECT_NEAR(statistics.began_earlier(kOpen, 0), 0.5 / 1000.5, 1e-12);
  EXPECT_EQ(statistics.began_earlier(kClose, kSecond), 1);
  EXPECT_NEAR(statistics.began_earlier(kClose, 10 * kSecond), 0.5 / 1001, 1e-12);
  SessionState state;
  EXPECT_TRUE(statistics.began_here(state)) << "nothing is known of it";
  state.lead = kSecond;
  statistics.follow(event_of(kClose, 0), state);
  EXPECT_FALSE(statistics.began_here(state));
  SessionState open;
  open.lead = kSecond;
  statistics.follow(event_of(kOpen, 0), open);
  EXPECT_TRUE(statistics.began_here(open));
}

TEST(SessionRules, ASessionIsOverWhenHardlyOneGoesOn) {
  const SessionStatistics statistics = taught();
  SessionState state;
  statistics.follow(event_of(kOpen, 7 * kSecond), state);
  EXPECT_FALSE(statistics.is_over(state, 7 * kSecond));
  EXPECT_FALSE(statistics.is_over(state, 9 * kSecond));
  EXPECT_TRUE(statistics.is_over(state, 17 * kSecond));
}

TEST(SessionRules, TheLongestPauseEndsWithItsBucket) {
  EXPECT_EQ(taught().longest_pause(), 2048 * kSecond / 1000);
  EXPECT_EQ(SessionStatistics().longest_pause(), 0);
}

TEST(SessionRules, LikelyFollowersAreThreeAtMostTheFirstOfEquals) {
  const SessionStatistics statistics = taught();
  EXPECT_EQ(statistics.likely_after(SessionState::kNone), (std::vector<std::uint32_t>{kOpen}));
  EXPECT_EQ(statistics.likely_after(kWork), (std::vector<std::uint32_t>{kClose, kFailed}));
  EXPECT_EQ(statistics.likely_after(kClose), (std::vector<std::uint32_t>{SessionState::kNone}));
  EXPECT_TRUE(statistics.likely_after(77).empty());
}

TEST(SessionRules, ASessionOfTrainingDoesNotVouchForItself) {
  const SessionStatistics statistics = taught();
  EXPECT_NEAR(statistics.rarity(kFailed, true) - statistics.rarity(kFailed), std::log(10.0 / 9), 1e-9);
  EXPECT_EQ(statistics.rarity(77, true), statistics.rarity(77));
}

TEST(SessionRules, TooOftenNeedsTwentySessions) {
  for (const int sessions : {19, 20}) {
    SessionStatistics statistics;
    for (int i = 0; i < sessions; ++i) {
      session(statistics, {kOpen});
    }
    statistics.finish();
    EXPECT_EQ(statistics.too_often(kOpen, 2) > 0, sessions == 20);
  }
  EXPECT_EQ(taught().too_often(77, 2), 0);
}

TEST(SessionRules, UsualCountsAreTheMiddleOfNinetyEightInAHundred) {
  SessionStatistics statistics;
  for (int i = 0; i < 300; ++i) {
    session(statistics, std::vector<std::uint32_t>(i < 2 ? 1 : i < 298 ? 3 : 9, kWork));
  }
  statistics.finish();
  EXPECT_EQ(statistics.usual_count(kWork).low, 3U);
  EXPECT_EQ(statistics.usual_count(kWork).high, 3U);
  EXPECT_EQ(statistics.usual_count(77).high, 0U);
}

TEST(SessionRules, AnUntaughtStepIsAnEvenChance) {
  const SessionStatistics statistics;
  SessionState state;
  statistics.follow(event_of(kOpen, 7), state);
  EXPECT_NEAR(state.worst_step, std::log(2), 1e-6);
}

TEST(SessionRules, AStateFollowsItsEvents) {
  const SessionStatistics statistics = taught();
  SessionState state;
  Event event = event_of(kOpen, 3 * kSecond);
  event.alarm = Alarm::kWarning;
  statistics.follow(event, state);
  EXPECT_EQ(state.events, 1U);
  EXPECT_EQ(state.id, SessionId(5));
  statistics.follow(event_of(kWork, 9 * kSecond), state);
  statistics.follow(event_of(kWork, 8 * kSecond), state);
  EXPECT_EQ(state.first, 3 * kSecond);
  EXPECT_EQ(state.last, 9 * kSecond) << "the latest, not the last";
  EXPECT_EQ(state.events, 3U);
  EXPECT_EQ(state.last_template, kWork);
  EXPECT_EQ(state.before_last, kWork);
  ASSERT_EQ(state.counts.size(), 2U);
  EXPECT_EQ(state.counts[0].template_id, kOpen);
  EXPECT_EQ(state.counts[0].count, 1U);
  EXPECT_EQ(state.counts[0].alarm, Alarm::kWarning);
  EXPECT_EQ(state.counts[1].count, 2U);
}

TEST(SessionRules, ExpectedIsWhatMoreThanHalfHoldMostCommonFirst) {
  SessionStatistics statistics;
  for (int i = 0; i < 100; ++i) {
    session(statistics, i < 50   ? std::vector{kOpen, kWork}
                        : i < 51 ? std::vector{kClose, kWork, kOpen}
                                 : std::vector{kClose, kWork});
  }
  statistics.finish();
  EXPECT_EQ(statistics.expected(), (std::vector<std::uint32_t>{kWork, kOpen}));
}

TEST(SessionRules, AnAlarmWeighsItsShareOfTheRarity) {
  EXPECT_DOUBLE_EQ(taught().alarm_nats(Alarm::kError, 5), 3);
  EXPECT_EQ(taught().alarm_nats(Alarm::kNone, 5), 0);
}

TEST(SessionRules, MergingKeepsTheCountsOfWhicheverMoreSessionsHold) {
  SessionStatistics statistics = taught();
  statistics.fold(TemplateId(kFailed), TemplateId(kWork));
  statistics.finish();
  EXPECT_EQ(statistics.holding(kWork), 1000U);
  EXPECT_EQ(statistics.holding(kFailed), 0U);
  statistics.fold(TemplateId(kWork), TemplateId(9));
  EXPECT_EQ(statistics.holding(9), 1000U) << "one never seen";
  statistics.fold(TemplateId(77), TemplateId(9));
  EXPECT_EQ(statistics.holding(9), 1000U);
}

TEST(SessionClock, LinesHalfAMinuteBehindAreInOrder) {
  SessionClock clock;
  clock.see(event_of(kOpen, 1000 * kSecond));
  for (int i = 0; i < 100; ++i) {
    clock.see(event_of(kOpen, 970 * kSecond));
  }
  EXPECT_EQ(clock.now(), 1000 * kSecond);
  for (int i = 0; i < 100; ++i) {
    clock.see(event_of(kOpen, 969 * kSecond));
  }
  EXPECT_EQ(clock.now(), 969 * kSecond) << "so many mean that the present was wrong";
  EXPECT_EQ(SessionClock().now(), 0);
}

// The first numbers of the bytes: events, sessions, ended, usual, and the events by alarm.
bool loads_with(std::size_t number, std::uint64_t value) {
  ByteWriter out;
  taught().save(out);
  std::string bytes = out.take();
  std::memcpy(bytes.data() + number * sizeof(value), &value, sizeof(value));
  ByteReader in(bytes, "sessions");
  SessionStatistics statistics;
  statistics.load(in, 10);
  return in.finish().ok();
}

TEST(SessionRules, RefusesCountsThatContradictEachOther) {
  constexpr std::uint64_t kEvents = 990 * 3 + 10 * 4;
  EXPECT_TRUE(loads_with(0, kEvents));
  EXPECT_FALSE(loads_with(0, kEvents - 1)) << "fewer events than alarms counted";
  EXPECT_TRUE(loads_with(0, std::uint64_t{1} << 40));
  EXPECT_FALSE(loads_with(0, (std::uint64_t{1} << 40) + 1));
  EXPECT_TRUE(loads_with(1, kEvents));
  EXPECT_FALSE(loads_with(1, kEvents + 1)) << "more sessions than events";
  EXPECT_FALSE(loads_with(1, 999)) << "fewer sessions than ended";
  EXPECT_FALSE(loads_with(2, 1001));
  EXPECT_TRUE(loads_with(3, 1000));
  EXPECT_FALSE(loads_with(3, 1001)) << "more usual ones than ended";
  EXPECT_FALSE(loads_with(4, kEvents + 1));
}

TEST(SessionRules, RarityIsGoodTuringsOverSessions) {
  SessionStatistics statistics;
  for (std::uint32_t i = 0; i < 30; ++i) {
    session(statistics, {0, 10 + i, 10 + i});  // each of these in one session
  }
  session(statistics, {3});
  session(statistics, {3});
  statistics.finish();
  const GoodTuringCounts expected{32, 32, 30, 1};
  EXPECT_DOUBLE_EQ(statistics.rarity(77), -std::log(expected.share(0)));
  EXPECT_DOUBLE_EQ(statistics.rarity(10), -std::log(expected.share(1)));
  EXPECT_DOUBLE_EQ(statistics.rarity(3), -std::log(expected.share(2)));
  EXPECT_DOUBLE_EQ(statistics.rarity(0), -std::log(expected.share(30)));
}

}  // namespace
}  // namespace logdetect
