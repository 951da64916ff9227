#include "logdetect/judging/session_explainer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/features/session_world.h"

namespace logdetect {
namespace {

using testing::kLong;
using testing::kSecond;
using testing::Templates;

class SessionExplainerTest : public testing::SessionWorld {};

TEST_F(SessionExplainerTest, TellsTheStory) {
  const auto text = [](TemplateId id) {
    return std::vector<std::string>{"open", "work", "close", "failed"}.at(id.value());
  };
  EXPECT_EQ(session_story(state({0, 1, 1, 1}), "job-7", text), "session job-7: 4 records: [open], [work] x3");
  const SessionState cut = state({0, 1, 1, 1});
  const std::vector<Reason> reasons = explain_session(statistics_, cut, score({0, 1, 1, 1}), text);
  EXPECT_EQ(reasons.front().kind, reasons::kMissingStep);
  EXPECT_EQ(reasons.front().sentence, "the session lacks [close] (usual: 1)");
}

TEST_F(SessionExplainerTest, AStepThatTakesFarTooLongIsTold) {
  SessionState slow;
  Micros now = 0;
  for (const std::uint32_t id : Templates{0, 1, 1, 1, 2}) {
    now += id == 2 ? 60 * kSecond : kSecond;
    statistics_.follow(event(id, now), slow);
  }
  const SessionScore score = scorer_.score(statistics_, slow, std::nullopt);
  const std::vector<Reason> reasons = explain_session(statistics_, slow, score, [](TemplateId id) {
    return std::string(id.value() == 2 ? "connection closed" : "work on the request");
  });
  EXPECT_EQ(reasons.front().kind, reasons::kSlow);
  EXPECT_EQ(reasons.front().sentence,
            "from [work on the request] to [connection closed] it took 60 s (usual: at most 1.02 s)");
}

TEST_F(SessionExplainerTest, SharesAddUp) {
  for (const Templates& templates : {Templates{0, 1, 1, 1, 9, 2}, Templates{0}, Templates{2, 2, 2, 2, 3, 9, 8}}) {
    for (const Micros silence : {Micros{0}, 3 * kSecond, kLong}) {
      double shares = 0;
      for (const Reason& reason : explain_session(statistics_, state(templates), score(templates, silence),
                                                  [](TemplateId id) { return "t" + std::to_string(id.value()); })) {
        shares += reason.share;
        EXPECT_FALSE(reason.sentence.empty());
      }
      EXPECT_NEAR(shares, 1, 1e-9);
    }
  }
}

}  // namespace
}  // namespace logdetect
