#include "training/training_review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

AllowRule allow(const std::string& id, const std::string& pattern) {
  AllowRule rule;
  rule.id = id;
  rule.pattern = pattern;
  return rule;
}

// An hour of a steady log with odd lines in the middle.
class TrainingReviewTest : public testing::Test {
 protected:
  void train(const std::vector<HandLine>& odd) {
    std::vector<HandLine> lines = steady_log(4000);
    lines.insert(lines.begin() + 2000, odd.begin(), odd.end());
    auto training = train_by_hand(config_, lines, fresh_state(config_));
    ASSERT_TRUE(training.ok()) << training.error().to_string();
    model_ = training->model;
    review_ = std::move(training->lessons.features.review);
  }
  [[nodiscard]] ReviewResult review(std::vector<AllowRule> rules = {},
                                    std::optional<std::size_t> first_new = {}) const {
    return review_.finish(*model_, config_.threshold, AllowList(std::move(rules)),
                          first_new.value_or(model_->miner.id_bound()));
  }
  [[nodiscard]] std::size_t id_of(const std::string& text) const {
    for (const TemplateInfo& info : model_->miner.list()) {
      if (info.text == text) {
        return info.id.value();
      }
    }
    ADD_FAILURE() << "no template " << text;
    return 0;
  }

  Config config_ = small_config();
  std::shared_ptr<const Model> model_;
  TrainingReview review_{feature_schema(config_.features)};
};

const std::vector<HandLine> kOneError = {{2000, "disk array degraded, slot lost", Level::kError}};

TEST_F(TrainingReviewTest, ARareErrorGetsACard) {
  train({{1999, "disk array degraded, slot lost", Level::kError},
         {2003, "disk array degraded, slot lost", Level::kError}});
  const ReviewResult result = review();
  EXPECT_EQ(result.flagged, 1U);
  EXPECT_EQ(result.habits, 0U);
  EXPECT_EQ(result.acknowledged, 0U);
  ASSERT_THAT(result.odd, SizeIs(1));
  const OddTemplate& odd = result.odd[0];
  EXPECT_EQ(odd.text, "disk array degraded, slot lost");
  EXPECT_EQ(odd.pattern, odd.text);
  EXPECT_EQ(odd.example, odd.text);
  EXPECT_EQ(odd.count, 2U);
  EXPECT_EQ(odd.first, 1999 * kMicrosPerSecond);
  EXPECT_EQ(odd.last, 2003 * kMicrosPerSecond);
  EXPECT_GE(odd.score, 0.5);
  EXPECT_FALSE(odd.why.empty());
  EXPECT_LE(odd.why.size(), 3U);
}

TEST_F(TrainingReviewTest, AnOrdinaryLogHasNone) {
  train({});
  const ReviewResult result = review();
  EXPECT_EQ(result.flagged, 0U);
  EXPECT_THAT(result.odd, IsEmpty());
  EXPECT_THAT(result.taken_in, IsEmpty());
}

TEST_F(TrainingReviewTest, WhatARuleCoversIsAcknowledged) {
  train(kOneError);
  const ReviewResult result = review({allow("disk", "disk array <*>")});
  EXPECT_EQ(result.flagged, 0U);
  EXPECT_EQ(result.acknowledged, 1U);
  EXPECT_THAT(result.odd, IsEmpty());
}

TEST_F(TrainingReviewTest, ARuleIsTakenInWhereItsNewTemplateIsNoLongerFlagged) {
  train(kOneError);
  const std::vector<AllowRule> rules = {allow("disk", "disk array <*>"), allow("started", "request started <*>"),
                                        allow("finished", "request finished <*>"), allow("never", "never said")};
  EXPECT_THAT(review(rules).taken_in, IsEmpty()) << "no template is new";
  EXPECT_THAT(review(rules, 0).taken_in, ElementsAre("started", "finished")) << "the error is still flagged";
  EXPECT_THAT(review(rules, id_of("request finished in <NUM> ms")).taken_in, ElementsAre("finished"));
}

TEST_F(TrainingReviewTest, ARuleOfOneHostCoversItsLinesOnly) {
  train(kOneError);
  AllowRule rule = allow("disk", "disk array <*>");
  rule.host = "web-1";
  rule.component = "shop";
  EXPECT_EQ(review({rule}).acknowledged, 1U);
  rule.host = "shop";
  EXPECT_EQ(review({rule}).acknowledged, 0U);
}

TEST_F(TrainingReviewTest, TheStrangestCardsComeFirstAndAreBounded) {
  std::vector<HandLine> odd;
  for (int i = 0; i < 210; ++i) {
    // Words that share no prefix, so that each line is a template of its own.
    const std::string word =
        std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26));
    odd.push_back({2000, word + "x " + word + "y " + word + "z", i % 2 == 0 ? Level::kError : Level::kFatal});
  }
  train(odd);
  const ReviewResult result = review();
  EXPECT_EQ(result.flagged, 210U);
  ASSERT_THAT(result.odd, SizeIs(ReviewResult::kMostCards));
  for (std::size_t i = 1; i < result.odd.size(); ++i) {
    EXPECT_GE(result.odd[i - 1].score, result.odd[i].score);
  }
}

TEST_F(TrainingReviewTest, ARuleMayCoverATemplateOrAMessage) {
  train({{2000, "disk 17 of shelf 4 lost", Level::kError}});
  EXPECT_EQ(review().flagged, 1U);
  EXPECT_EQ(review({allow("template", "disk <NUM> of shelf <NUM> lost")}).acknowledged, 1U);
  EXPECT_EQ(review({allow("message", "disk 17 of shelf 4 lost")}).acknowledged, 1U);
  EXPECT_EQ(review({allow("part", "disk 17 <*>")}).acknowledged, 1U);
  EXPECT_EQ(review({allow("other", "disk 18 <*>")}).acknowledged, 0U);
}

TEST_F(TrainingReviewTest, ARuleThatExpiredBeforeTheLineCoversNothing) {
  train(kOneError);
  AllowRule rule = allow("disk", "disk array <*>");
  rule.expires = 2000 * kMicrosPerSecond;
  EXPECT_EQ(review({rule}).acknowledged, 0U);
  rule.expires = 2000 * kMicrosPerSecond + 1;
  EXPECT_EQ(review({rule}).acknowledged, 1U);
}

TEST_F(TrainingReviewTest, NothingOfferedIsNothingFlagged) {
  train({});
  const TrainingReview empty(model_->schema);
  const ReviewResult result = empty.finish(*model_, config_.threshold, AllowList({allow("all", "<*> x")}), 0);
  EXPECT_EQ(result.flagged, 0U);
  EXPECT_EQ(result.habits, 0U);
  EXPECT_EQ(result.acknowledged, 0U);
  EXPECT_THAT(result.odd, IsEmpty());
  EXPECT_THAT(result.taken_in, IsEmpty());
}

TEST(ReviewResult, OfNothingIsAllZero) {
  const ReviewResult result;
  EXPECT_EQ(result.flagged, 0U);
  EXPECT_EQ(result.habits, 0U);
  EXPECT_EQ(result.acknowledged, 0U);
}

// Offers lines of one template with rows made by hand.
class OfferedLines {
 public:
  OfferedLines(const Model& model, std::size_t id) : schema_(model.schema), id_(id), review_(model.schema) {}

  void offer(Micros second, const std::vector<std::pair<std::string, float>>& columns, const std::string& message) {
    Event event;
    event.time = second * kMicrosPerSecond;
    event.has_time = true;
    event.template_id = TemplateId(static_cast<std::uint32_t>(id_));
    event.level = Level::kError;
    event.alarm = Alarm::kError;
    std::vector<float> row(schema_.size(), 0.0F);
    for (const auto& [name, value] : columns) {
      row.at(static_cast<std::size_t>(schema_.find(name))) = value;
    }
    Header header;
    header.message = message;
    review_.offer(event, row, header);
  }
  [[nodiscard]] OddTemplate card(const Model& model, const ThresholdOptions& options) const {
    const ReviewResult result = review_.finish(model, options, {}, model.miner.id_bound());
    EXPECT_EQ(result.odd.size(), 1U);
    return result.odd.empty() ? OddTemplate{} : result.odd[0];
  }

 private:
  const FeatureSchema& schema_;
  std::size_t id_;
  TrainingReview review_;
};

TEST_F(TrainingReviewTest, TheExampleIsTheStrangestLineOfItsTemplate) {
  train(kOneError);
  OfferedLines lines(*model_, id_of("disk array degraded, slot lost"));
  lines.offer(30, {{"parameter_surprise", 9}}, "first");  // the first sight is odd against nothing
  lines.offer(20, {{"parameter_surprise", 0.5F}}, "second");
  lines.offer(40, {{"length_surprise", 0.4F}, {"hour_surprise", 0.4F}}, "third");
  lines.offer(35, {{"level_surprise", 0.8F}}, "as odd as the third");
  lines.offer(35, {{"template_rarity", 50}, {"burst_surprise", 50}}, "rare, which all its lines are");
  const OddTemplate odd = lines.card(*model_, config_.threshold);
  EXPECT_EQ(odd.example, "third");
  EXPECT_EQ(odd.count, 5U);
  EXPECT_EQ(odd.first, 20 * kMicrosPerSecond);
  EXPECT_EQ(odd.last, 40 * kMicrosPerSecond);
}

TEST_F(TrainingReviewTest, TheSecondSightMayBeOddAlready) {
  train(kOneError);
  OfferedLines lines(*model_, id_of("disk array degraded, slot lost"));
  lines.offer(30, {}, "first");
  lines.offer(31, {{"parameter_surprise", 0.25F}}, "second");
  lines.offer(32, {{"parameter_surprise", 0.125F}}, "third");
  const OddTemplate odd = lines.card(*model_, config_.threshold);
  EXPECT_EQ(odd.example, "second");
  EXPECT_EQ(odd.count, 3U);
}

TEST_F(TrainingReviewTest, WithoutAnythingOddTheFirstLineIsTheExample) {
  train(kOneError);
  OfferedLines lines(*model_, id_of("disk array degraded, slot lost"));
  lines.offer(30, {}, "first");
  lines.offer(29, {}, "second");
  const OddTemplate odd = lines.card(*model_, config_.threshold);
  EXPECT_EQ(odd.example, "first");
  EXPECT_EQ(odd.first, 29 * kMicrosPerSecond);
  EXPECT_EQ(odd.last, 30 * kMicrosPerSecond);
}

TEST_F(TrainingReviewTest, ALongExampleIsCut) {
  train(kOneError);
  OfferedLines lines(*model_, id_of("disk array degraded, slot lost"));
  lines.offer(30, {}, std::string(600, 'x'));
  EXPECT_EQ(lines.card(*model_, config_.threshold).example.size(), TrainingReview::kMessageBytes);
}

TEST(TrainingReview, AHabitIsCountedAndGetsNoCard) {
  Config config = small_config();
  std::vector<HandLine> lines = steady_log(4000);
  for (int i = 15; i >= 0; --i) {  // once in each sixteenth of the log
    lines.insert(lines.begin() + 250 * i + 100, {250 * i + 100, "nightly check failed", Level::kError});
  }
  auto training = train_by_hand(config, lines, fresh_state(config));
  ASSERT_TRUE(training.ok()) << training.error().to_string();
  config.threshold.fixed_score = 0.05;  // so strict that a habit would be flagged
  const ReviewResult result = training->lessons.features.review.finish(*training->model, config.threshold, {},
                                                                       training->model->miner.id_bound());
  EXPECT_GE(result.habits, 1U);
  for (const OddTemplate& odd : result.odd) {
    EXPECT_NE(odd.text, "nightly check failed");
  }
}

}  // namespace
}  // namespace logdetect
