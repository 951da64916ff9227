#include "training/feature_learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::Pair;

// A state whose miner knows the lines, as after the pass over the templates.
TrainingState knowing(const Config& config, const std::vector<HandLine>& lines) {
  TrainingState state = fresh_state(config);
  TemplateLearner learner(state, {kBeginOfTime, {}}, "UTC", false);
  HandMadeLog log;
  ParsedBatch parsed = log.headers(lines);
  learner.see(parsed);
  (void)learner.finish();
  return state;
}

TEST(FeatureLearner, WhatTeachesIsInTheBaselineAndTheSample) {
  const Config config = small_config();
  const std::vector<HandLine> lines = {{1, "too early"}, {2, "alpha"}, {3, "noise"}, {4, "omega"},
                                       {5, "alpha"},     {6, "omega"}, {7, "alpha"}};
  TrainingState state = knowing(config, lines);
  FeatureLearner learner(config, state, {2 * kMicrosPerSecond, {"noise"}}, 5, {});
  HandMadeLog log;
  ParsedBatch first = log.events({lines.begin(), lines.begin() + 4}, state);
  ParsedBatch second = log.events({lines.begin() + 4, lines.end()}, state);
  learner.see(first);
  learner.see(second);
  const LearntFeatures learnt = learner.finish();

  EXPECT_EQ(state.baseline.events(), 5U);
  MaskedMessage masked;
  state.masker.mask("alpha", masked);
  EXPECT_EQ(state.baseline.template_count(state.miner.match(masked)), 3U);
  EXPECT_EQ(learnt.sample.fit.events.size(), 4U);
  ASSERT_EQ(learnt.sample.validation.events.size(), 1U);  // a fifth
  EXPECT_EQ(learnt.sample.validation.events[0].time, 7 * kMicrosPerSecond);
  EXPECT_EQ(learnt.sample.fit.rows.columns(), feature_schema(config.features).size());
  EXPECT_EQ(learnt.fates.summary.records, 7U);
  EXPECT_EQ(learnt.fates.summary.records_dropped, 2U);
  EXPECT_EQ(learnt.fates.late.records, 1U);
  EXPECT_EQ(learnt.late_records, 0U);
}

TEST(FeatureLearner, LateRecordsAreCounted) {
  const Config config = small_config();
  const std::vector<HandLine> lines = {{1000, "alpha"}, {1, "alpha"}};
  TrainingState state = knowing(config, lines);
  FeatureLearner learner(config, state, {kBeginOfTime, {}}, 2, {});
  HandMadeLog log;
  ParsedBatch parsed = log.events(lines, state);
  learner.see(parsed);
  EXPECT_EQ(learner.finish().late_records, 1U);
}

TEST(FeatureLearner, SessionsAreLearnt) {
  const Config config = small_config();
  std::vector<HandLine> lines;
  for (int i = 0; i < 30; ++i) {
    lines.push_back({2 * i, "opened by user", Level::kInfo, "s" + std::to_string(i)});
    lines.push_back({2 * i + 1, "closed by user", Level::kInfo, "s" + std::to_string(i)});
  }
  TrainingState state = knowing(config, lines);
  FeatureLearner learner(config, state, {kBeginOfTime, {}}, lines.size(), {});
  HandMadeLog log;
  ParsedBatch parsed = log.events(lines, state);
  learner.see(parsed);
  const LearntFeatures learnt = learner.finish();
  EXPECT_EQ(learnt.sessions.sessions(), 30U);
  ASSERT_EQ(learnt.sample.sessions.size(), 30U) << "what detectors of sessions learn from";
  EXPECT_EQ(learnt.sample.sessions.front().state.events, 2U);
  EXPECT_TRUE(learnt.sample.thinned().sessions.empty());
}

TEST(FeatureLearner, WindowsAreCutWhereNetworksNeedThem) {
  const Config config = small_config();
  const std::vector<HandLine> lines = steady_log(100);
  for (const std::size_t length : {std::size_t{0}, std::size_t{10}}) {
    TrainingState state = knowing(config, lines);
    FeatureLearner learner(config, state, {kBeginOfTime, {}}, lines.size(),
                           {{length, std::max<std::size_t>(length / 2, 1)}, 100});
    HandMadeLog log;
    ParsedBatch parsed = log.events(lines, state);
    learner.see(parsed);
    const LearntFeatures learnt = learner.finish();
    EXPECT_EQ(learnt.sample.fit_windows.windows.size() > 0, length > 0);
    EXPECT_EQ(learnt.sample.validation_windows.events.empty(), length == 0);
  }
}

TEST(FeatureLearner, TheSampleOfTheModelIsPartOfTheNewOne) {
  const Config config = small_config();
  auto old_training = train_by_hand(config, steady_log(100), fresh_state(config));
  ASSERT_TRUE(old_training.ok()) << old_training.error().to_string();
  auto read = read_model(bundle_model(*old_training->model));
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  auto state = TrainingState::from_model(std::move(*read), config);
  ASSERT_TRUE(state.ok()) << state.error().to_string();
  auto updated = train_by_hand(config, steady_log(50), std::move(*state));
  ASSERT_TRUE(updated.ok()) << updated.error().to_string();
  EXPECT_EQ(updated->model->sample.fit.of, 120U);
  EXPECT_EQ(updated->model->sample.validation.of, 30U);
  EXPECT_EQ(updated->model->facts.records, 150U);
}

}  // namespace
}  // namespace logdetect
