#include "logdetect/features/session_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "unit/features/session_world.h"

namespace logdetect {
namespace {

using testing::kLn1000;
using testing::kLong;
using testing::kSecond;
using testing::Templates;

class SessionScorerTest : public testing::SessionWorld {};

TEST_F(SessionScorerTest, OrdinarySessionsAreQuiet) {
  EXPECT_NEAR(scorer_.threshold(), std::log(1000), 1e-6);
  EXPECT_LT(score({0, 1, 1, 1, 2}).total, 0.5);
  EXPECT_FALSE(anomalous({0, 1, 1, 1, 3, 2})) << "one in two hundred is 5.3 nats";
}

TEST_F(SessionScorerTest, FindsWhatIsNewMissingOrTooMuch) {
  EXPECT_TRUE(anomalous({0, 1, 1, 1, 9, 2}));
  EXPECT_TRUE(anomalous({0, 1, 1, 1}));
  EXPECT_TRUE(anomalous({0}));
  EXPECT_EQ(score({0, 1, 1, 1, 9, 2}).parts.front().sign, SessionSign::kNewTemplate);
  EXPECT_EQ(score({0, 1, 1, 1}).parts.front().sign, SessionSign::kMissing);
  EXPECT_EQ(score({0, 1, 1, 1}).parts.front().template_id, 2U);
  EXPECT_EQ(score({0, 1, 1, 2}).parts.front().sign, SessionSign::kTooRarely);
  const SessionScore often = score({0, 1, 1, 1, 1, 1, 1, 1, 2});
  EXPECT_TRUE(std::any_of(often.parts.begin(), often.parts.end(),
                          [](const SessionEvidence& part) { return part.sign == SessionSign::kTooOften; }));
}

TEST(HoldsOnlyHabits, ARareHabitAndNothingElseThatIsNews) {
  using enum SessionSign;
  SessionState state;
  state.counts = {{0, 1, Alarm::kNone}, {3, 1, Alarm::kError}, {4, 1, Alarm::kNone}};
  const auto is_habit = [](TemplateId id, Alarm alarm) {
    return id == TemplateId(3) ? alarm == Alarm::kError : id == TemplateId(7);
  };
  const auto habitual = [&](std::vector<SessionEvidence> parts) {
    return holds_only_habits({10, std::move(parts)}, state, 6.9, is_habit);
  };
  const SessionEvidence habit{kRareTemplate, 3, 1, 7};
  EXPECT_TRUE(habitual({habit}));
  EXPECT_TRUE(habitual({habit, {kStep, 4, 0, 4}})) << "an order never stands alone";
  EXPECT_TRUE(habitual({habit, {kMissing, 2, 0, 1.7}})) << "alone it would be below the threshold";
  EXPECT_TRUE(habitual({habit, {kSlow, 2, 0, 5}}));
  EXPECT_FALSE(habitual({habit, {kSlow, 2, 0, 7}}));
  EXPECT_TRUE(habitual({habit, {kRareTemplate, 3, 1, 2}})) << "another habit";
  EXPECT_FALSE(habitual({habit, {kMissing, 2, 0, 1.8}})) << "it lacks a step";
  EXPECT_FALSE(habitual({habit, {kRareTemplate, 4, 1, 1.8}})) << "rare, but no habit";
  EXPECT_FALSE(habitual({habit, {kRareTemplate, 7, 1, 1.8}})) << "not held";
  EXPECT_FALSE(habitual({{kTooOften, 3, 9, 7}}));
  EXPECT_FALSE(habitual({{kMissing, 2, 0, 7}, habit}));
  EXPECT_FALSE(habitual({}));
}

TEST_F(SessionScorerTest, AStepThatTakesFarTooLongIsFound) {
  const auto delayed = [&](Micros wait) {
    SessionState out;
    Micros now = 0;
    for (const std::uint32_t id : Templates{0, 1, 1, 1, 2}) {
      now += id == 2 ? wait : kSecond;
      statistics_.follow(event(id, now), out);
    }
    return out;
  };
  const SessionState slow = delayed(60 * kSecond);
  const SessionScore score = scorer_.score(statistics_, slow, std::nullopt);
  ASSERT_FALSE(score.parts.empty());
  EXPECT_EQ(score.parts.front().sign, SessionSign::kSlow);
  EXPECT_EQ(score.parts.front().template_id, 2U);
  EXPECT_GE(score.total, scorer_.threshold());
  EXPECT_LT(scorer_.score(statistics_, delayed(kSecond), std::nullopt).total, 0.5);
}

TEST_F(SessionScorerTest, ASessionOfAnotherKindLacksNothing) {
  const SessionScore rare = score({3});  // an id that is mentioned once, by a template that some sessions hold
  EXPECT_TRUE(std::none_of(rare.parts.begin(), rare.parts.end(),
                           [](const SessionEvidence& part) { return part.sign == SessionSign::kMissing; }));
  const SessionScore broken = score({0, 3});
  EXPECT_TRUE(std::any_of(broken.parts.begin(), broken.parts.end(),
                          [](const SessionEvidence& part) { return part.sign == SessionSign::kMissing; }));
}

TEST_F(SessionScorerTest, ACutOffSessionStaysQuiet) {
  EXPECT_LT(score({0, 1, 1, 1}, 0).total, 0.5);
  EXPECT_LT(score({0}, kSecond / 2).total, 0.5);
  EXPECT_LT(score({0}, std::nullopt).total, 0.5);
  EXPECT_TRUE(anomalous({0}, kLong));
}

TEST_F(SessionScorerTest, MoreSilenceIsNeverLessStrange) {
  double before = 0;
  for (Micros silence = 0; silence < kLong; silence = silence * 2 + kSecond / 16) {
    const double now = score({0, 1}, silence).total;
    EXPECT_GE(now, before - 1e-9);
    before = now;
  }
}

TEST_F(SessionScorerTest, PartsAddUp) {
  for (const Templates& templates : {Templates{0, 1, 1, 1, 9, 2}, Templates{0}, Templates{2, 2, 2, 2, 3, 9, 8}}) {
    for (const Micros silence : {Micros{0}, 3 * kSecond, kLong}) {
      const SessionScore found = score(templates, silence);
      double sum = 0;
      for (const SessionEvidence& part : found.parts) {
        sum += part.nats;
      }
      EXPECT_NEAR(sum, found.total, 1e-9);
    }
  }
}

TEST_F(SessionScorerTest, SomeHiddenAnomaliesDoNotMoveTheThreshold) {
  std::vector<SessionSample> hidden = sample_;
  for (std::size_t i = 0; i < hidden.size() / 25; ++i) {
    hidden[i].state = state({0, 9});
  }
  SessionScorer scorer;
  scorer.calibrate(statistics_, hidden, kLn1000, 0.01);
  EXPECT_NEAR(scorer.threshold(), std::log(1000), 1e-6);
  for (std::size_t i = 0; i < hidden.size() / 4; ++i) {
    hidden[i].state = state({0, 9});
  }
  scorer.calibrate(statistics_, hidden, kLn1000, 0.01);
  EXPECT_GT(scorer.threshold(), std::log(1000)) << "a restless log: the quantile";
  EXPECT_LE(scorer.threshold(), 2 * std::log(1000) + 1e-6);
}

// A state as if such sessions were followed; nothing was learnt.
class UntaughtScorer : public ::testing::Test {
 protected:
  static SessionState state() {
    SessionState out;
    out.step_template = 4;
    out.step_after = 3;
    out.slow_template = 5;
    return out;
  }
  [[nodiscard]] std::vector<double> nats(const SessionState& state) const {
    std::vector<double> out;
    for (const SessionEvidence& part : scorer_.score(statistics_, state, std::nullopt).parts) {
      out.push_back(part.nats);
    }
    return out;
  }
  SessionStatistics statistics_;
  SessionScorer scorer_{SessionScorer::Learnt{2, 1, 7}};
};

TEST_F(UntaughtScorer, BeginsWithNothingUsualAndAThresholdOfOne) {
  const SessionScorer scorer;
  EXPECT_EQ(scorer.learnt().usual_step, 0);
  EXPECT_EQ(scorer.learnt().usual_slow, 0);
  EXPECT_EQ(scorer.threshold(), 1);
  EXPECT_EQ(scorer_.threshold(), 7);
}

TEST_F(UntaughtScorer, AStepAddsThreeTenthsOfWhatItExceedsTheUsualBy) {
  SessionState session = state();
  session.worst_step = 12;
  EXPECT_EQ(nats(session), std::vector<double>{3});
  session.worst_step = 200;
  EXPECT_EQ(nats(session), std::vector<double>{4}) << "four nats at most";
  session.worst_step = 2;
  EXPECT_TRUE(nats(session).empty());
  session.worst_step = 1;
  EXPECT_TRUE(nats(session).empty());
}

TEST_F(UntaughtScorer, ASlowStepAddsAllThatItExceedsTheUsualBy) {
  SessionState session = state();
  session.slowest = 4;
  EXPECT_EQ(nats(session), std::vector<double>{3});
  session.slowest = 100;
  EXPECT_EQ(nats(session), std::vector<double>{8}) << "eight nats at most";
  session.slowest = 1.03F;
  EXPECT_TRUE(nats(session).empty()) << "not worth a word";
  session.slowest = 1.06F;
  EXPECT_EQ(nats(session).size(), 1U);
}

TEST_F(UntaughtScorer, PartsComeLargestFirst) {
  SessionState session = state();
  session.worst_step = 12;
  session.slowest = 5;
  const SessionScore score = scorer_.score(statistics_, session, std::nullopt);
  ASSERT_EQ(score.parts.size(), 2U);
  EXPECT_EQ(score.parts[0].sign, SessionSign::kSlow);
  EXPECT_EQ(score.parts[0].template_id, 5U);
  EXPECT_EQ(score.parts[1].sign, SessionSign::kStep);
  EXPECT_EQ(score.parts[1].template_id, 4U);
  EXPECT_DOUBLE_EQ(score.total, 7);
}

TEST_F(SessionScorerTest, OfWhatASessionHoldsTheLargestCountsInFullAndThreeAQuarter) {
  const SessionState session = state({0, 11, 12, 13, 14, 15, 16});
  double one = statistics_.rarity(99);
  const SessionScore score = scorer_.score(statistics_, session, std::nullopt);
  double held = 0;
  for (const SessionEvidence& part : score.parts) {
    held += part.sign == SessionSign::kNewTemplate ? part.nats : 0;
  }
  EXPECT_NEAR(held, one * (1 + 3 * 0.25), 1e-9);
}

TEST_F(SessionScorerTest, HalfOfTooOftenCountsWhereItIsMore) {
  const SessionScore score = scorer_.score(statistics_, state({0, 1, 1, 1, 1, 1, 2}), std::nullopt);
  ASSERT_FALSE(score.parts.empty());
  EXPECT_EQ(score.parts[0].sign, SessionSign::kTooOften);
  EXPECT_EQ(score.parts[0].template_id, 1U);
  EXPECT_EQ(score.parts[0].count, 5U);
  EXPECT_NEAR(score.parts[0].nats, 0.5 * statistics_.too_often(1, 5), 1e-9);
}

TEST_F(SessionScorerTest, TheThresholdFollowsTheQuantileOfRestlessTraining) {
  const auto threshold = [&](std::size_t odd, double absolute) {
    std::vector<SessionSample> sample(100, SessionSample{state({0, 1, 1, 1, 2}), kLong});
    for (std::size_t i = 0; i < odd; ++i) {
      sample[i].state = state({0, 1, 1, 1, 9, 2});
    }
    SessionScorer scorer;
    scorer.calibrate(statistics_, sample, absolute, 0.01);
    return scorer.threshold();
  };
  EXPECT_EQ(threshold(5, 4), 4) << "a few may hide in training";
  EXPECT_GT(threshold(6, 4), 4);
  EXPECT_LE(threshold(6, 4), 8);
  EXPECT_EQ(threshold(60, 1), 2) << "twice the absolute at most";
  EXPECT_EQ(threshold(0, 4), 4);
}

}  // namespace
}  // namespace logdetect
