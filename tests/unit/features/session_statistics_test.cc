#include "logdetect/features/session_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "features/session_histograms.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kOpen = 0;
constexpr std::uint32_t kWork = 1;
constexpr std::uint32_t kClose = 2;
constexpr std::uint32_t kFailed = 3;

Event event_of(std::uint32_t id, Micros seconds, std::uint64_t session = 1) {
  Event event;
  event.template_id = TemplateId(id);
  event.session = SessionId(session);
  event.time = seconds * kMicrosPerSecond;
  return event;
}

// `count` sessions that each show these templates, two seconds apart.
void teach(SessionStatistics& statistics, const std::vector<std::uint32_t>& templates, int count) {
  for (int i = 0; i < count; ++i) {
    SessionState state;
    Micros now = 0;
    for (const std::uint32_t id : templates) {
      statistics.learn(event_of(id, now += 2), state);
    }
    statistics.close(state);
  }
}

SessionState follow(const SessionStatistics& statistics, const std::vector<std::uint32_t>& templates) {
  SessionState state;
  Micros now = 0;
  for (const std::uint32_t id : templates) {
    statistics.follow(event_of(id, now += 2), state);
  }
  return state;
}

SessionStatistics taught() {
  SessionStatistics statistics;
  teach(statistics, {kOpen, kWork, kWork, kClose}, 990);
  teach(statistics, {kOpen, kWork, kFailed, kClose}, 10);
  statistics.finish();
  return statistics;
}

TEST(SessionStatistics, AMergedTemplateIsNotMissed) {
  SessionStatistics statistics = taught();
  ASSERT_FALSE(statistics.expected().empty());
  statistics.fold(TemplateId(kClose), TemplateId(kFailed));
  statistics.finish();
  EXPECT_EQ(statistics.holding(kClose), 0U);
  EXPECT_EQ(statistics.holding(kFailed), 1000U);  // of the two, the one more sessions hold
  EXPECT_EQ(statistics.too_rarely(kClose, 0), 0);
  for (const std::uint32_t id : statistics.expected()) {
    EXPECT_NE(id, kClose);
  }
  EXPECT_EQ(statistics.sessions(), 1000U);
}

// One session of open, work after `wait`, close.
void teach_wait(SessionStatistics& statistics, Micros wait) {
  SessionState state;
  for (const auto& [id, at] : {std::pair(kOpen, Micros{0}), {kWork, wait}, {kClose, wait}}) {
    Event event = event_of(id, 0);
    event.has_time = true;
    event.time = at;
    statistics.learn(event, state);
  }
  statistics.close(state);
}

float slowest(const SessionStatistics& statistics, Micros wait, bool has_time = true) {
  SessionState state;
  Event event = event_of(kOpen, 0);
  event.has_time = has_time;
  statistics.follow(event, state);
  event.template_id = TemplateId(kWork);
  event.time = wait;
  statistics.follow(event, state);
  return state.slowest;
}

TEST(SessionStatistics, AStepIsSlowByWhatItsPairOfTemplatesTakes) {
  constexpr Micros kMilli = kMicrosPerSecond / 1000;
  SessionStatistics statistics;
  for (int i = 0; i < 999; ++i) {
    teach_wait(statistics, (10 + i % 10) * kMilli);
  }
  statistics.finish();
  EXPECT_LT(slowest(statistics, 12 * kMilli), 1);
  const float longer = slowest(statistics, 100 * kMilli);
  EXPECT_NEAR(longer, std::log(1000 / 0.5) + std::log(100.0 / 24), 0.5) << "none of 999 was as long; the tail goes on";
  EXPECT_NEAR(slowest(statistics, 1000 * kMilli) - longer, std::log(10), 1e-4);
  EXPECT_EQ(slowest(statistics, -kMilli), 0) << "a clock set back";
  EXPECT_EQ(slowest(statistics, 100 * kMilli, false), 0) << "without a time of its own a record took none";
  EXPECT_GE(statistics.usual_duration(kOpen, kWork), 19 * kMilli);
  EXPECT_LE(statistics.usual_duration(kOpen, kWork), 24 * kMilli);
  EXPECT_EQ(statistics.usual_duration(kWork, kOpen), 0);
  statistics.fold(TemplateId(kWork), TemplateId(kFailed));
  EXPECT_EQ(slowest(statistics, 100 * kMilli), 0) << "what follows a merged template is learnt anew";
}

TEST(SessionStatistics, WholeSecondsShowAShortStepAsNoneOrOne) {
  SessionStatistics statistics;
  for (int i = 0; i < 300; ++i) {
    teach_wait(statistics, 0);
  }
  SessionState state;  // of another pair: the clock tells seconds apart
  for (const std::uint32_t id : {kOpen, kFailed}) {
    Event event = event_of(id, id == kOpen ? 0 : 1);
    event.has_time = true;
    statistics.learn(event, state);
  }
  statistics.finish();
  EXPECT_NEAR(slowest(statistics, kMicrosPerSecond), std::log(301 / 0.5), 1e-4) << "rare, but no longer than a tick";
  EXPECT_GE(statistics.usual_duration(kOpen, kWork), kMicrosPerSecond);
  EXPECT_GT(slowest(statistics, 100 * kMicrosPerSecond), slowest(statistics, kMicrosPerSecond) + 4);
}

TEST(SessionStatistics, PausesMeasuredByTwoClocksSayNothing) {
  SessionStatistics statistics;
  SessionState state;
  Event event = event_of(kOpen, 1);  // without a time of its own: the first second of 1970
  statistics.learn(event, state);
  event = event_of(kWork, 1'700'000'000);
  event.has_time = true;
  statistics.learn(event, state);
  statistics.close(state);
  statistics.finish();
  EXPECT_LT(statistics.pauses_longer(kOpen, 3600 * kMicrosPerSecond), 0.51) << "nothing was learnt of its pauses";
  EXPECT_EQ(statistics.usual_duration(kOpen, kWork), 0);
}

TEST(SessionClock, BeginsWithTheFirstTimeOfTheLogsOwn) {
  const auto at = [](Micros seconds, bool has_time) {
    Event event = event_of(kOpen, seconds);
    event.has_time = has_time;
    return event;
  };
  SessionClock begin;
  begin.see(at(1, false));  // a banner
  begin.see(at(1'700'000'000, true));
  begin.see(at(2, false));
  EXPECT_EQ(begin.lead(1'700'000'005 * kMicrosPerSecond), 5 * kMicrosPerSecond);
  begin.see(at(1'699'999'990, true));
  EXPECT_EQ(begin.lead(1'699'999'995 * kMicrosPerSecond), 0) << "out of order";
  EXPECT_EQ(begin.lead(0), 0);
  const Micros now = begin.now();
  begin.see(at(4'000'000'000, true));
  EXPECT_EQ(begin.now(), now) << "one line from another century moves nothing";
  SessionClock untimed;
  untimed.see(at(1, false));
  untimed.see(at(2, false));
  EXPECT_EQ(untimed.lead(3 * kMicrosPerSecond), 2 * kMicrosPerSecond);
}

TEST(PauseHistogram, BucketsEndWhereTheNextOnesBegin) {
  for (Micros milliseconds = 0; milliseconds < 5000; ++milliseconds) {
    PauseHistogram histogram;
    const Micros pause = milliseconds * kMicrosPerSecond / 1000;
    histogram.add(pause);
    const Micros end = histogram.quantile(1);
    EXPECT_LT(pause, end);
    EXPECT_EQ(histogram.at_least(end), 0U) << milliseconds;
    EXPECT_EQ(histogram.at_least(pause), 1U);
    EXPECT_LE(end, std::max(kMicrosPerSecond / 1000, 2 * pause));
  }
}

TEST(SessionStatistics, ASessionMayHaveBegunBeforeTheLogDid) {
  const SessionStatistics statistics = taught();
  const Micros second = kMicrosPerSecond;
  EXPECT_GT(statistics.began_earlier(kClose, second), 0.99) << "closing comes two seconds after work, never first";
  EXPECT_LT(statistics.began_earlier(kClose, 600 * second), 0.01) << "it would have been seen";
  EXPECT_LT(statistics.began_earlier(kOpen, 0), 0.01) << "sessions begin so";
  EXPECT_GT(statistics.began_earlier(kClose + 100, 0), 0.5) << "of an unknown one nobody knows";
  EXPECT_EQ(statistics.began_earlier(kClose, SessionState::kWhole), 0);
}

TEST(SessionStatistics, NothingIsSaidOfPairsHardlySeen) {
  SessionStatistics statistics;
  for (int i = 0; i < 19; ++i) {
    teach_wait(statistics, kMicrosPerSecond);
  }
  EXPECT_EQ(slowest(statistics, 1000 * kMicrosPerSecond), 0);
  teach_wait(statistics, kMicrosPerSecond);
  EXPECT_GT(slowest(statistics, 1000 * kMicrosPerSecond), 3);
}

TEST(SessionStatistics, RarityIsTheShareOfSessionsThatHoldATemplate) {
  const SessionStatistics statistics = taught();
  EXPECT_EQ(statistics.sessions(), 1000U);
  EXPECT_EQ(statistics.holding(kWork), 1000U) << "twice in a session counts once";
  EXPECT_EQ(statistics.holding(kFailed), 10U);
  EXPECT_NEAR(statistics.rarity(kFailed), std::log(100.0), 0.01);
  EXPECT_NEAR(statistics.rarity(kOpen), 0, 0.01);
  EXPECT_GT(statistics.rarity(77), statistics.rarity(kFailed)) << "an unseen one is rarer";
}

TEST(SessionStatistics, CountsAreTwoSided) {
  const SessionStatistics statistics = taught();
  EXPECT_NEAR(statistics.too_often(kWork, 2), -std::log(990.5 / 1001), 1e-9);
  EXPECT_NEAR(statistics.too_often(kWork, 3), -std::log(0.5 / 1001), 1e-9);
  EXPECT_NEAR(statistics.too_rarely(kWork, 1), -std::log(10.5 / 1001), 1e-9);
  EXPECT_NEAR(statistics.too_rarely(kWork, 0), -std::log(0.5 / 1001), 1e-9);
  EXPECT_NEAR(statistics.too_rarely(kFailed, 0), -std::log(990.5 / 1001), 1e-9);
  EXPECT_EQ(statistics.expected(), (std::vector<std::uint32_t>{kOpen, kWork, kClose}));
  EXPECT_EQ(statistics.usual_count(kWork).low, 1U);
  EXPECT_EQ(statistics.usual_count(kWork).high, 2U);
}

TEST(SessionStatistics, TheWorstStepIsTheLeastExpected) {
  const SessionStatistics statistics = taught();
  const SessionState usual = follow(statistics, {kOpen, kWork, kWork, kClose});
  const SessionState odd = follow(statistics, {kOpen, kClose, kWork});
  EXPECT_LT(usual.worst_step, 0.1F);
  EXPECT_GT(odd.worst_step, 4.0F);
  EXPECT_EQ(odd.step_after, kOpen);
  EXPECT_EQ(odd.step_template, kClose);
  EXPECT_LT(statistics.ending(kWork, kClose), 0.1);
  EXPECT_GT(statistics.ending(SessionState::kNone, kOpen), 4);
  const std::vector<std::uint32_t> after_close = statistics.likely_after(kClose);
  ASSERT_FALSE(after_close.empty());
  EXPECT_EQ(after_close.front(), SessionState::kNone) << "sessions end there";
}

TEST(SessionStatistics, ALongSilenceMeansAnEnd) {
  const SessionStatistics statistics = taught();
  const Micros second = kMicrosPerSecond;
  EXPECT_GT(statistics.pauses_longer(kOpen, second), 0.9) << "pauses are two seconds";
  EXPECT_LT(statistics.pauses_longer(kOpen, 10 * second), 0.001);
  const Micros patience = statistics.patience(kOpen);
  EXPECT_GE(patience, 2 * second);
  EXPECT_LE(patience, 10 * second);
  EXPECT_LT(statistics.pauses_longer(kOpen, patience), 0.0002);
}

TEST(SessionStatistics, WhereIdsComeAgainAfterDaysThereIsAnEarlierLook) {
  SessionStatistics statistics;
  teach(statistics, {kOpen, kWork, kClose}, 990);
  for (int i = 0; i < 5; ++i) {
    SessionState state;
    Micros now = 0;
    for (const std::uint32_t id : {kOpen, kWork, kClose, kOpen, kWork, kClose}) {
      now += state.last_template == kClose ? 300'000 : 2;
      statistics.learn(event_of(id, now), state);
    }
    statistics.close(state);
  }
  statistics.finish();
  EXPECT_GT(statistics.patience(kClose), 300'000 * kMicrosPerSecond) << "one in two hundred goes on";
  EXPECT_LE(statistics.first_patience(kClose), 10 * kMicrosPerSecond) << "but not soon";
  EXPECT_EQ(statistics.first_patience(kOpen), statistics.patience(kOpen));
}

TEST(SessionStatistics, NothingIsStalledWithinASecond) {
  SessionStatistics statistics;
  for (int i = 0; i < 1000; ++i) {
    teach_wait(statistics, 10'000);
  }
  statistics.finish();
  EXPECT_EQ(statistics.patience(kOpen), kMicrosPerSecond);
  EXPECT_EQ(statistics.first_patience(kOpen), kMicrosPerSecond);
}

TEST(SessionStatistics, ASessionOfAnotherKindSaysNothingOfTheUsualSteps) {
  constexpr std::uint32_t kRefund = 4;
  SessionStatistics statistics;
  for (int round = 0; round < 100; ++round) {
    teach(statistics, {kOpen, kWork, kClose}, 8);
    teach(statistics, {kRefund}, 2);
  }
  statistics.finish();
  EXPECT_NEAR(statistics.too_rarely(kClose, 0), -std::log(0.5 / 801), 1e-9);
  EXPECT_NEAR(statistics.too_rarely(kRefund, 0), -std::log(800.5 / 1001), 1e-9) << "it is no usual step";
}

TEST(SessionStatistics, StateIsBounded) {
  const SessionStatistics statistics = taught();
  SessionState state;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    statistics.follow(event_of(i % 1000, i), state);
  }
  EXPECT_EQ(state.events, 100'000U);
  EXPECT_LE(state.counts.size(), SessionState::kMaxTemplates);
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    statistics.follow(event_of(0, 0), state);
  }
  EXPECT_EQ(state.counts.front().count, 65'535);
}

TEST(SessionStatistics, ComesBackFromAFileUnchanged) {
  SessionStatistics statistics = taught();
  for (int i = 0; i < 50; ++i) {
    teach_wait(statistics, (5 + i % 7) * kMicrosPerSecond);
  }
  statistics.finish();
  ByteWriter out;
  statistics.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "sessions");
  SessionStatistics again;
  again.load(in, 10);
  ASSERT_TRUE(in.finish().ok());
  for (std::uint32_t id = 0; id < 6; ++id) {
    EXPECT_EQ(again.rarity(id), statistics.rarity(id));
    EXPECT_EQ(again.too_often(id, 2), statistics.too_often(id, 2));
    EXPECT_EQ(again.too_rarely(id, 0), statistics.too_rarely(id, 0));
    EXPECT_EQ(again.ending(kWork, id), statistics.ending(kWork, id));
    EXPECT_EQ(again.patience(id), statistics.patience(id));
    EXPECT_EQ(again.first_patience(id), statistics.first_patience(id));
    EXPECT_EQ(again.began_earlier(id, kMicrosPerSecond), statistics.began_earlier(id, kMicrosPerSecond));
  }
  EXPECT_GT(statistics.usual_duration(kOpen, kWork), 5 * kMicrosPerSecond);
  EXPECT_EQ(again.usual_duration(kOpen, kWork), statistics.usual_duration(kOpen, kWork));
  EXPECT_GT(slowest(statistics, 600 * kMicrosPerSecond), 3);
  EXPECT_EQ(slowest(again, 600 * kMicrosPerSecond), slowest(statistics, 600 * kMicrosPerSecond));
  EXPECT_EQ(again.expected(), statistics.expected());
  ByteWriter twice;
  again.save(twice);
  EXPECT_EQ(twice.take(), bytes);
}

TEST(SessionStatistics, RefusesBrokenBytes) {
  SessionStatistics statistics = taught();
  for (int i = 0; i < 50; ++i) {
    teach_wait(statistics, (5 + i % 7) * kMicrosPerSecond);
  }
  statistics.finish();
  ByteWriter out;
  statistics.save(out);
  const std::string bytes = out.take();
  for (std::size_t length = 0; length < bytes.size(); length += 7) {
    ByteReader in(std::string_view(bytes).substr(0, length), "sessions");
    SessionStatistics again;
    again.load(in, 10);
    EXPECT_FALSE(in.finish().ok()) << length;
  }
  ByteReader few(bytes, "sessions");
  SessionStatistics again;
  again.load(few, 2);
  EXPECT_FALSE(few.ok()) << "more templates than the model has";
  std::string swapped = bytes;  // the last pair's number
  StepDurations one;
  one.add(kOpen, kWork, kMicrosPerSecond);
  ByteWriter pair;
  one.save(pair);
  const std::string number = pair.take().substr(16, 8);
  const std::size_t place = swapped.rfind(number);
  ASSERT_NE(place, std::string::npos);
  swapped[place + 7] = 9;
  ByteReader unknown(swapped, "sessions");
  SessionStatistics third;
  third.load(unknown, 10);
  EXPECT_FALSE(unknown.ok()) << "a pair of unknown templates";
}

}  // namespace
}  // namespace logdetect
