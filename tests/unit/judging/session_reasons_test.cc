#include "logdetect/judging/session_explainer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace logdetect {
namespace {

constexpr Micros kSecond = kMicrosPerSecond;
using enum SessionSign;

// A hundred sessions of open (0), work (1) three times, close (2), a second from each to the next; two of them fail
// (3).
class SessionReasonsTest : public ::testing::Test {
 protected:
  SessionReasonsTest() {
    for (int i = 0; i < 100; ++i) {
      SessionState state;
      std::vector<std::uint32_t> templates = {0, 1, 1, 1, 2};
      if (i % 50 == 20) {
        templates.push_back(3);
      }
      Micros now = 0;
      for (const std::uint32_t id : templates) {
        Event event;
        event.template_id = TemplateId(id);
        event.session = SessionId(7);
        event.time = now += kSecond;
        event.has_time = true;
        statistics_.learn(event, state);
      }
      statistics_.close(state);
    }
    statistics_.finish();
  }
  static std::string text(TemplateId id) {
    static const std::vector<std::string> texts = {"open", "work", "close", "failed"};
    return id.value() < texts.size() ? texts[id.value()] : "kind " + std::to_string(id.value());
  }
  [[nodiscard]] Reason reason(const SessionEvidence& part) const {
    const std::vector<Reason> reasons = explain_session(statistics_, state_, {part.nats, {part}}, text);
    EXPECT_EQ(reasons.size(), 1U);
    EXPECT_EQ(reasons.front().feature, "session");
    EXPECT_EQ(reasons.front().share, 1);
    return reasons.front();
  }
  [[nodiscard]] std::string sentence(const SessionEvidence& part) const { return reason(part).sentence; }

  SessionStatistics statistics_;
  SessionState state_;
};

TEST_F(SessionReasonsTest, WhatASessionHolds) {
  const Reason fresh = reason({kNewTemplate, 9, 4, 8});
  EXPECT_EQ(fresh.sentence, "the session holds [kind 9], which no session of training did");
  EXPECT_EQ(fresh.observed, 4);
  EXPECT_EQ(fresh.unit, "records in the session");
  EXPECT_FALSE(fresh.expected_low);
  const Reason rare = reason({kRareTemplate, 3, 4, 8});
  EXPECT_EQ(rare.sentence, "the session holds [failed], which only 2 of 100 sessions of training did");
  EXPECT_EQ(rare.observed, 2);
  EXPECT_EQ(rare.unit, "sessions of training");
}

TEST_F(SessionReasonsTest, HowOften) {
  const Reason often = reason({kTooOften, 1, 9, 8});
  EXPECT_EQ(often.sentence, "[work] came 9 times in the session (usual: 3)");
  EXPECT_EQ(often.observed, 9);
  EXPECT_EQ(often.expected_low, 3);
  EXPECT_EQ(often.expected_high, 3);
  const Reason missing = reason({kMissing, 2, 0, 8});
  EXPECT_EQ(missing.sentence, "the session lacks [close] (usual: 1)");
  EXPECT_EQ(missing.expected_high, 1);
  EXPECT_EQ(sentence({kTooRarely, 1, 1, 8}), "[work] came only 1 time in the session (usual: 3)");
  EXPECT_EQ(sentence({kTooRarely, 1, 2, 8}), "[work] came only 2 times in the session (usual: 3)");
}

TEST_F(SessionReasonsTest, InWhichOrder) {
  state_.worst_step = 6.5F;
  state_.step_after = 0;
  const Reason step = reason({kStep, 2, 0, 3});
  EXPECT_EQ(step.sentence, "after [open] came [close] (expected: [work])");
  EXPECT_EQ(step.observed, 6.5);
  EXPECT_EQ(step.unit, "nats");
  state_.step_after = SessionState::kNone;
  EXPECT_EQ(sentence({kStep, 2, 0, 3}), "after the session's beginning came [close] (expected: [open])");
  state_.step_after = 2;
  EXPECT_EQ(sentence({kStep, 1, 0, 3}), "after [close] came [work] (expected: its end, [failed])");
  state_.step_after = 9;
  EXPECT_EQ(sentence({kStep, 1, 0, 3}), "after [kind 9] came [work]") << "nothing is known of what follows";
}

TEST_F(SessionReasonsTest, HowLong) {
  state_.slow_after = 0;
  state_.slow_duration = 60 * kSecond;
  const Reason slow = reason({kSlow, 1, 0, 8});
  EXPECT_EQ(slow.unit, "s");
  EXPECT_EQ(slow.observed, 60);
  EXPECT_EQ(slow.expected_low, 0);
  const double usual = static_cast<double>(statistics_.usual_duration(0, 1)) / 1e6;
  EXPECT_GE(usual, 1);
  EXPECT_EQ(slow.expected_high, usual);
  EXPECT_EQ(slow.sentence, "from [open] to [work] it took 60 s (usual: at most 1.02 s)");
}

TEST_F(SessionReasonsTest, ThatItEnded) {
  const Reason end = reason({kEnd, 1, 0, 4});
  EXPECT_EQ(end.sentence, "nothing came after [work] (expected: [close])") << "not itself again";
  EXPECT_EQ(end.unit, "nats");
  EXPECT_EQ(end.observed, 4);
}

TEST_F(SessionReasonsTest, SharesAreOfTheTotal) {
  const std::vector<Reason> reasons =
      explain_session(statistics_, state_, {8, {{kNewTemplate, 9, 1, 6}, {kMissing, 2, 0, 2}}}, text);
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].share, 0.75);
  EXPECT_EQ(reasons[1].share, 0.25);
  EXPECT_EQ(explain_session(statistics_, state_, {0, {{kMissing, 2, 0, 0}}}, text).at(0).share, 0);
}

TEST_F(SessionReasonsTest, ThereIsAlwaysAReason) {
  state_.last_template = 0;
  const std::vector<Reason> reasons = explain_session(statistics_, state_, {}, text);
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].sentence, "nothing came after [open] (expected: [work])");
  EXPECT_EQ(reasons[0].share, 1);
}

TEST_F(SessionReasonsTest, AStoryHoldsAtMostTwelveTemplates) {
  state_.events = 1;
  state_.counts = {{0, 1, Alarm::kNone}};
  EXPECT_EQ(session_story(state_, "a", text), "session a: 1 record: [open]");
  state_.events = 1500;
  state_.counts = {{1, 1499, Alarm::kNone}, {0, 1, Alarm::kNone}};
  EXPECT_EQ(session_story(state_, "a", text), "session a: 1,500 records: [work] x1499, [open]");
  state_.counts.clear();
  for (std::uint32_t id = 0; id < 12; ++id) {
    state_.counts.push_back({id, 1, Alarm::kNone});
  }
  const std::string twelve = session_story(state_, "a", text);
  EXPECT_TRUE(twelve.ends_with(", [kind 10], [kind 11]")) << twelve;
  state_.counts.push_back({12, 1, Alarm::kNone});
  EXPECT_EQ(session_story(state_, "a", text), twelve + ", ...");
}

}  // namespace
}  // namespace logdetect
