#include "logdetect/judging/session_learner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

namespace logdetect {
namespace {

constexpr Micros kSecond = kMicrosPerSecond;

Event event(std::uint64_t session, std::uint32_t id, double second) {
  Event out;
  out.template_id = TemplateId(id);
  out.session = session == 0 ? SessionId() : SessionId(session);
  out.time = 1'000'000 * kSecond + static_cast<Micros>(second * 1e6);
  out.has_time = true;
  return out;
}

// The evidence of a template that ended sessions lack which so many hold, all of them.
double nats_of_none_in(double sessions) {
  return -std::log(0.5 / (sessions + 1));
}

// Sessions of open (0), work (1) twice, close (2), a second from each to the next, one begun every ten seconds.
void learn_sessions(SessionLearner& learner, int count, double from = 0, std::uint64_t first = 1) {
  for (int i = 0; i < count; ++i) {
    double second = from + 10.0 * i;
    for (const std::uint32_t id : {0U, 1U, 1U, 2U}) {
      learner.learn(event(first + static_cast<std::uint64_t>(i), id, second));
      second += 1;
    }
  }
}

TEST(SessionLearner, LearnsFromTheRecordsOfSessions) {
  SessionLearner learner(1);
  learner.learn(event(0, 7, -1e5));
  learn_sessions(learner, 100);
  learner.learn(event(0, 7, 1e5));
  learner.finish({});
  const SessionStatistics& statistics = learner.statistics();
  EXPECT_EQ(statistics.sessions(), 100U);
  EXPECT_DOUBLE_EQ(statistics.too_rarely(2, 0), nats_of_none_in(100)) << "all have ended";
  EXPECT_EQ(statistics.holding(1), 100U);
  EXPECT_EQ(statistics.holding(7), 0U) << "of no session";
  EXPECT_EQ(statistics.usual_count(1).high, 2U);
  EXPECT_NEAR(learner.scorer().threshold(), std::log(1000), 1e-6);
}

TEST(SessionLearner, WhatTheEndOfTrainingCutsOffHasNotEnded) {
  SessionLearner learner(1);
  learner.learn(event(0, 7, -1e5));
  learn_sessions(learner, 100);
  learner.learn(event(500, 0, 1000));
  learner.learn(event(0, 7, 1000.5));
  learner.finish({});
  EXPECT_EQ(learner.statistics().sessions(), 101U);
  EXPECT_DOUBLE_EQ(learner.statistics().too_rarely(2, 0), nats_of_none_in(100));
}

TEST(SessionLearner, NorHasWhatItsBeginningCutOff) {
  SessionLearner learner(1);
  learner.learn(event(500, 2, 0));  // a close, which elsewhere follows work
  learn_sessions(learner, 100, 0);
  learner.learn(event(0, 7, 1e5));
  learner.finish({});
  EXPECT_EQ(learner.statistics().sessions(), 101U);
  EXPECT_DOUBLE_EQ(learner.statistics().too_rarely(0, 0), nats_of_none_in(100));
}

TEST(SessionLearner, SessionsThatAreCutOffRaiseNoThreshold) {
  SessionLearner learner(1);
  learner.learn(event(0, 7, -1e5));
  learn_sessions(learner, 100);
  for (std::uint64_t i = 0; i < 50; ++i) {
    learner.learn(event(1000 + i, 0, 1000 + 0.01 * static_cast<double>(i)));
  }
  learner.finish({});
  EXPECT_NEAR(learner.scorer().threshold(), std::log(1000), 1e-6);
}

TEST(SessionLearner, ThoseThatStalledLongAgoDo) {
  SessionLearner learner(1);
  learner.learn(event(0, 7, -1e5));
  learn_sessions(learner, 100);
  for (std::uint64_t i = 0; i < 10; ++i) {
    learner.learn(event(1000 + i, 0, 1000 + 0.01 * static_cast<double>(i)));
    learner.learn(event(1000 + i, 50 + static_cast<std::uint32_t>(i), 1000 + 0.01 * static_cast<double>(i)));
  }
  learner.learn(event(0, 7, 1e6));
  ThresholdOptions options;
  options.absolute_nats = 2;
  options.target_fpr = 0.01;
  learner.finish(options);
  EXPECT_GT(learner.scorer().threshold(), 2);
  EXPECT_LE(learner.scorer().threshold(), 4);
}

TEST(SessionLearner, AnEarlierCalibrationCountsByItsSessions) {
  const auto known = [] {
    SessionLearner first(1);
    first.learn(event(0, 7, -1e5));
    learn_sessions(first, 300);
    first.learn(event(0, 7, 1e5));
    first.finish({});
    return std::move(first.statistics());
  };
  const auto learnt_after = [&](std::optional<SessionScorer> scorer) {
    SessionLearner second(1, known(), scorer);
    second.learn(event(0, 7, 2e5));
    learn_sessions(second, 100, 3e5, 5000);
    second.learn(event(0, 7, 4e5));
    second.finish({});
    EXPECT_EQ(second.statistics().sessions(), 400U);
    return second.scorer().learnt();
  };
  const SessionScorer::Learnt alone = learnt_after(std::nullopt);
  const SessionScorer::Learnt both = learnt_after(SessionScorer({8, 4, 10}));
  EXPECT_DOUBLE_EQ(both.usual_step, 0.75 * 8 + 0.25 * alone.usual_step);
  EXPECT_DOUBLE_EQ(both.usual_slow, 0.75 * 4 + 0.25 * alone.usual_slow);
  EXPECT_DOUBLE_EQ(both.threshold, 0.75 * 10 + 0.25 * alone.threshold);
}

TEST(SessionLearner, WithoutAnySessionTheEarlierCalibrationStays) {
  SessionLearner learner(1, {}, SessionScorer({8, 4, 10}));
  learner.learn(event(0, 7, 0));
  learner.finish({});
  EXPECT_EQ(learner.scorer().learnt().usual_step, 8);
  EXPECT_EQ(learner.scorer().learnt().usual_slow, 4);
  EXPECT_EQ(learner.scorer().threshold(), 10);
}

}  // namespace
}  // namespace logdetect
