#include "training/template_learner.h"

#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

LearntTemplates learn(TrainingState& state, const TeachingRule& rule, const std::vector<HandLine>& lines,
                      bool look_for_sessions = false) {
  TemplateLearner learner(state, rule, "UTC", look_for_sessions);
  HandMadeLog log;
  ParsedBatch parsed = log.headers(lines);
  learner.see(parsed);
  return learner.finish();
}

std::uint64_t records_of(const TrainingState& state, const std::string& text) {
  for (const TemplateInfo& info : state.miner.list()) {
    if (info.text == text) {
      return info.count;
    }
  }
  return 0;
}

TEST(TemplateLearner, LearnsFromTheBeginOnAndWhatNoPatternNames) {
  TrainingState state = fresh_state(small_config());
  const LearntTemplates learnt =
      learn(state, {10 * kMicrosPerSecond, {"replica <*> lost"}},
            {{9, "too early"}, {10, "just in time"}, {11, "replica db-2 lost"}, {12, "just in time"}});
  EXPECT_EQ(learnt.records, 2U);
  EXPECT_EQ(state.miner.size(), 1U);
  EXPECT_EQ(records_of(state, "just in time"), 2U);
}

TEST(TemplateLearner, TimesAreThoseOfAllRecords) {
  TrainingState state = fresh_state(small_config());
  const LearntTemplates learnt =
      learn(state, {kBeginOfTime, {}}, {{5, "a"}, {9, "b"}, {7, "c"}, {0, "no time", Level::kInfo, "", false}});
  EXPECT_TRUE(learnt.times.has_time);
  EXPECT_EQ(learnt.times.first, 5 * kMicrosPerSecond);
  EXPECT_EQ(learnt.times.last, 9 * kMicrosPerSecond);
  EXPECT_EQ(learnt.times.records_without, 1U);
  EXPECT_EQ(learnt.records, 4U);
}

TEST(TemplateLearner, HealthIsOfWhatTheLogTaught) {
  TrainingState state = fresh_state(small_config());
  const LearntTemplates learnt = learn(state, {kBeginOfTime, {}}, {{1, "alpha"}, {2, "alpha"}, {3, "omega"}});
  EXPECT_EQ(learnt.health.records, 3U);
  EXPECT_EQ(learnt.health.templates, 2U);
  EXPECT_EQ(learnt.health.singletons, 1U);
  EXPECT_EQ(learnt.health.largest, 2U);
}

// The miner counts the records of the model too, so they are part of the whole: "189 % of the records" was printed.
TEST(TemplateLearner, HealthOfAnUpdateIsOfOldAndNewRecords) {
  TrainingState state = fresh_state(small_config());
  learn(state, {kBeginOfTime, {}}, {{1, "alpha"}, {2, "alpha"}, {3, "alpha"}, {4, "omega"}});
  state.facts.records = 4;
  state.known_ids = state.miner.id_bound();
  state.update = true;
  const LearntTemplates learnt = learn(state, {kBeginOfTime, {}}, {{5, "alpha"}});
  EXPECT_EQ(learnt.records, 1U);
  EXPECT_EQ(learnt.health.largest, 4U);
  EXPECT_EQ(learnt.health.records, 5U);
}

TEST(SeenTimes, AreNoneAtFirst) {
  const SeenTimes times;
  EXPECT_FALSE(times.has_time);
  EXPECT_EQ(times.first, 0);
  EXPECT_EQ(times.last, 0);
  EXPECT_EQ(times.records_without, 0U);
  EXPECT_EQ(LearntTemplates().records, 0U);
}

TEST(TemplateLearner, AnUpdateKeepsTheIdsOfTheModel) {
  TrainingState state = fresh_state(small_config());
  learn(state, {kBeginOfTime, {}}, {{1, "alpha"}, {2, "omega"}});
  ASSERT_EQ(state.miner.id_bound(), 2U);
  state.known_ids = 2;
  state.update = true;
  learn(state, {kBeginOfTime, {}}, {{3, "never said before"}, {4, "alpha"}});
  ASSERT_EQ(state.miner.id_bound(), 3U);
  EXPECT_EQ(state.miner.info(TemplateId(0)).text, "alpha");
  EXPECT_EQ(state.miner.info(TemplateId(1)).text, "omega");
  EXPECT_EQ(state.miner.info(TemplateId(2)).text, "never said before");
}

TEST(TemplateLearner, LooksForSessionsWhereItIsToldTo) {
  std::vector<HandLine> lines;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "blk_" + std::to_string(70'000'000 + i * 7919);
    lines.push_back({3 * i, "Receiving block " + id + " from peer"});
    lines.push_back({3 * i + 1, "Received block " + id + " and stored it"});
    lines.push_back({3 * i + 2, "Deleting block " + id + " on request"});
  }
  TrainingState looking = fresh_state(small_config());
  const LearntTemplates found = learn(looking, {kBeginOfTime, {}}, lines, true);
  ASSERT_TRUE(found.found_sessions.has_value());
  EXPECT_EQ(found.found_sessions->sessions, 200U);
  ASSERT_TRUE(looking.take_sessions(*found.found_sessions).ok());
  EXPECT_EQ(looking.found_key, found.found_sessions->pattern);
  EXPECT_EQ(looking.session_key.find("Received block blk_42 and stored it"), "blk_42");

  TrainingState other = fresh_state(small_config());
  EXPECT_FALSE(learn(other, {kBeginOfTime, {}}, lines, false).found_sessions.has_value());
}

}  // namespace
}  // namespace logdetect
