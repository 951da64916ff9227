#include "judging/scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "unit/judging/judging_support.h"
#include "unit/judging/small_model.h"

namespace logdetect {
namespace {

using testing::HandMadeBatch;
using testing::small_model;

constexpr Micros kStart = HandMadeBatch::kStart;

class ScorerTest : public ::testing::Test {
 protected:
  // A usual day; an error that training saw once at 7 s, something new at 8 s.
  static ScoredBatch batch(double from = 0) {
    HandMadeBatch made;
    for (int i = 0; i < 6; ++i) {
      made.add(from + i, testing::kHeartbeat);
    }
    Event& failure = made.add(from + 7, testing::kFailure);
    failure.level = Level::kError;
    failure.alarm = Alarm::kError;
    made.add(from + 8, testing::kSmallTemplates + 1).is_new = true;
    made.get().verdicts.assign(100, {});  // of an earlier batch
    made.get().judged.assign(100, 7);
    return std::move(made.get());
  }
  ScoredBatch scored(const Config& config, const JudgedSpan& span = {}, bool every_score = false, double from = 0) {
    ScoredBatch out = batch(from);
    Scorer scorer(model_, templates_, config, span, every_score);
    scorer.score(out);
    return out;
  }

  const Model& model_ = *small_model();
  TemplateOverlay templates_{model_.miner, model_.config.miner};
};

TEST_F(ScorerTest, FillsOneRowAndOneVerdictForEachEvent) {
  const ScoredBatch out = scored(model_.config);
  EXPECT_EQ(out.rows.rows(), out.size());
  EXPECT_EQ(out.rows.columns(), model_.schema.size());
  EXPECT_EQ(out.scores.rows, out.size());
  ASSERT_EQ(out.verdicts.size(), out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    EXPECT_EQ(out.verdicts[i].surprise, static_cast<double>(out.scores.total[i]));
    EXPECT_EQ(out.verdicts[i].anomalous, i >= 6) << i;
  }
  EXPECT_EQ(testing::value(model_.schema, out.rows, 7, "template_new"), 1);
  EXPECT_EQ(testing::value(model_.schema, out.rows, 6, "template_new"), 0);
}

TEST_F(ScorerTest, TheJudgedSpanIsByTheTimeOfTheEvent) {
  const ScoredBatch all = scored(model_.config);
  EXPECT_EQ(all.judged, (std::vector<std::uint8_t>(8, 1)));
  const ScoredBatch part = scored(model_.config, {kStart + 2 * kMicrosPerSecond, kStart + 7 * kMicrosPerSecond});
  EXPECT_EQ(part.judged, (std::vector<std::uint8_t>{0, 0, 1, 1, 1, 1, 0, 0}));
  EXPECT_EQ(part.scores.total, all.scores.total) << "windows move outside the span too";
}

TEST_F(ScorerTest, VerdictsAreByTheHourOfTheEvent) {
  Config config = model_.config;
  config.threshold.hour_multipliers[3] = 10;
  const double usual = model_.ensemble.threshold();
  const ScoredBatch at_two = scored(config, {}, false, 2 * 3600);
  EXPECT_EQ(at_two.verdicts[6].threshold, usual);
  EXPECT_TRUE(at_two.verdicts[6].anomalous);
  const ScoredBatch at_three = scored(config, {}, false, 3 * 3600);
  EXPECT_EQ(at_three.verdicts[6].threshold, 10 * usual);
  EXPECT_FALSE(at_three.verdicts[6].anomalous);
}

TEST_F(ScorerTest, SensitivityCounts) {
  Config config = model_.config;
  config.threshold.sensitivity = Sensitivity::kLow;
  EXPECT_EQ(scored(config).verdicts[0].threshold, 1.5 * model_.ensemble.threshold());
}

TEST_F(ScorerTest, WhatCanBecomeNoVerdictIsNotWorkedOutUnlessEveryScoreIsAskedFor) {
  Config config = model_.config;
  config.threshold.hour_multipliers[5] = 0.9;  // the lowest threshold of the day decides what can be one
  const ScoredBatch some = scored(config);
  const ScoredBatch all = scored(config, {}, true);
  EXPECT_EQ(some.scores.wanted, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 1, 1}));
  EXPECT_EQ(all.scores.wanted, (std::vector<std::uint8_t>(8, 1)));
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(some.verdicts[i].anomalous, all.verdicts[i].anomalous);
    if (all.verdicts[i].anomalous) {
      EXPECT_EQ(some.verdicts[i].surprise, all.verdicts[i].surprise);
    }
  }
}

TEST_F(ScorerTest, WindowsOfTheRunGoOnFromBatchToBatch) {
  Scorer scorer(model_, templates_, model_.config, {}, true);
  ScoredBatch first = batch();
  scorer.score(first);
  ScoredBatch second = batch(9);
  scorer.score(second);
  const auto count = [&](const ScoredBatch& of) {
    return testing::value(model_.schema, of.rows, 0, "template_count_60s");
  };
  EXPECT_GT(count(second), count(first));
  EXPECT_EQ(second.verdicts.size(), second.size());
  EXPECT_EQ(second.judged.size(), second.size());
  EXPECT_EQ(scorer.extractor().previous_templates(0, 1),
            (std::vector<TemplateId>{TemplateId(testing::kSmallTemplates + 1)}));
}

}  // namespace
}  // namespace logdetect
