#include "training/training_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class TrainingAdvice : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto training = train_by_hand(small_config(), steady_log(100), fresh_state(small_config()));
    ASSERT_TRUE(training.ok()) << training.error().to_string();
    bundle_ = new Bundle(bundle_model(*training->model));
  }
  static void TearDownTestSuite() { delete bundle_; }
  void SetUp() override {
    auto model = read_model(*bundle_);
    ASSERT_TRUE(model.ok()) << model.error().to_string();
    model_ = std::make_unique<Model>(std::move(*model));
    model_->facts.records = 1000;
    report_.summary.records = 1000;
    report_.validation_records = 100;
  }
  [[nodiscard]] std::vector<std::string> advice() const { return training_advice(*model_, report_, health_); }

  static Bundle* bundle_;
  std::unique_ptr<Model> model_;
  TrainReport report_;
  TemplateHealth health_;
};

Bundle* TrainingAdvice::bundle_ = nullptr;

TEST_F(TrainingAdvice, AnOrdinaryTrainingGetsNone) {
  EXPECT_THAT(advice(), IsEmpty());
}

TEST_F(TrainingAdvice, FewerThanAThousandRecordsAreFew) {
  model_->facts.records = 999;
  EXPECT_THAT(advice(), ElementsAre(StartsWith("only 999 records: expect false alarms")));
}

TEST_F(TrainingAdvice, ALogWithoutTimesIsToldOnce) {
  model_->facts.has_time = false;
  report_.summary.records_without_time = 1000;
  EXPECT_THAT(advice(), ElementsAre(StartsWith("no timestamps were found")));
}

TEST_F(TrainingAdvice, MoreThanAFifthWithoutATimeIsTold) {
  report_.summary.records_without_time = 200;
  EXPECT_THAT(advice(), IsEmpty());
  report_.summary.records_without_time = 210;
  EXPECT_THAT(advice(), ElementsAre(StartsWith("21 % of the records carry no timestamp of their own")));
}

TEST_F(TrainingAdvice, WithoutAnyRecordThereAreNoShares) {
  report_.summary.records = 0;
  report_.validation_records = 0;
  EXPECT_THAT(advice(), IsEmpty());
}

TEST_F(TrainingAdvice, APatternThatLeftOutNothingIsTold) {
  report_.excluded = {{"noise <*>", 1}, {"never said", 0}};
  report_.summary.records_dropped = 1;
  EXPECT_THAT(advice(), ElementsAre(StartsWith("no record was left out by 'never said'")));
}

TEST_F(TrainingAdvice, WhatNoPatternLeftOutCameBeforeTheLastDays) {
  report_.excluded = {{"noise <*>", 3}, {"more noise", 4}};
  report_.summary.records_dropped = 7;
  EXPECT_THAT(advice(), IsEmpty());
  report_.summary.records_dropped = 8;
  EXPECT_THAT(advice(), ElementsAre("1 records before the last --days were left out"));
  report_.excluded.clear();
  EXPECT_THAT(advice(), ElementsAre(StartsWith("8 records before")));
}

TEST_F(TrainingAdvice, AKeyThatNoRecordHasIsTold) {
  model_->config.features.rate_key = RateKey::kHost;
  EXPECT_THAT(advice(), ElementsAre("no record states a host: rates.key has no effect on this log"));
}

TEST_F(TrainingAdvice, RulesThatWereTakenInAreNamed) {
  report_.taken_in = {"disk"};
  EXPECT_THAT(advice(), ElementsAre(StartsWith("1 allow rule taken in by the model, which knows now what they allow: "
                                               "disk")));
}

TEST_F(TrainingAdvice, MoreThanOneInTwentyFlaggedIsTold) {
  report_.validation_flagged = 5;
  EXPECT_THAT(advice(), IsEmpty());
  report_.validation_flagged = 6;
  EXPECT_THAT(advice(), ElementsAre(StartsWith("the model would flag 6.0 % of its own latest records")));
}

TEST_F(TrainingAdvice, TellsOfTemplatesAndRecordsToo) {
  health_.records = 1000;
  health_.largest = 1000;
  report_.summary.records_bare = 500;
  EXPECT_THAT(advice(), ElementsAre(HasSubstr("fell into one template"), HasSubstr("do not begin as the others do")));
  model_->plans.front().name = "nginx";
  EXPECT_THAT(advice(), ElementsAre(HasSubstr("do not begin as the others do"))) << "the layout was named";
}

TEST(TrainReport, OfNothingIsAllZero) {
  const TrainReport report;
  EXPECT_EQ(report.validation_records + report.validation_flagged + report.new_templates, 0U);
  EXPECT_EQ(report.sessions + report.streams, 0U);
  EXPECT_EQ(report.odd_templates + report.odd_habits + report.odd_acknowledged, 0U);
  EXPECT_EQ(report.threshold, 0);
  EXPECT_EQ(report.quantile_threshold, 0);
  EXPECT_EQ(report.budget_threshold, 0);
  EXPECT_EQ(report.alerts_per_day, 0);
  EXPECT_EQ(report.session_threshold, 0);
  EXPECT_EQ(ExcludedCount().records, 0U);
  const OddTemplate odd;
  EXPECT_EQ(odd.count, 0U);
  EXPECT_EQ(odd.first, 0);
  EXPECT_EQ(odd.last, 0);
  EXPECT_EQ(odd.score, 0);
}

TEST(TrainRequest, IsNoUpdateUnlessAskedFor) {
  EXPECT_FALSE(TrainRequest().update);
}

}  // namespace
}  // namespace logdetect
