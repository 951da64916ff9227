#include "training/model_assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

Lessons lessons(Micros begin, const SeenTimes& times) {
  const Config config = small_config();
  auto detectors = Ensemble::create(config.ensemble);
  Lessons out{begin,
              {},
              {{}, {}, {}, {}, TrainingReview(feature_schema(config.features)), 0},
              {std::move(*detectors), 0, 0, {}},
              {},
              {}};
  out.templates.times = times;
  return out;
}

TrainingFacts facts(Micros first, Micros last) {
  TrainingFacts out;
  out.has_time = true;
  out.first_time = first;
  out.last_time = last;
  return out;
}

TEST(JoinedFacts, CountsAddUp) {
  Lessons now = lessons(kBeginOfTime, {});
  now.templates.records = 10;
  now.counters.lines = 20;
  now.counters.bytes = 30;
  now.features.fates.late = {1, 2, 3};
  now.detectors.validation_records = 40;
  now.detectors.validation_flagged = 50;
  TrainingFacts before;
  before.records = 100;
  before.lines = 200;
  before.bytes = 300;
  before.late = {10, 20, 30};
  before.validation_records = 400;
  before.validation_flagged = 500;
  const TrainingFacts joined = joined_facts(before, now);
  EXPECT_EQ(joined.records, 110U);
  EXPECT_EQ(joined.lines, 220U);
  EXPECT_EQ(joined.bytes, 330U);
  EXPECT_EQ(joined.late.records, 11U);
  EXPECT_EQ(joined.late.unmatched, 22U);
  EXPECT_EQ(joined.late.templates, 33U);
  EXPECT_EQ(joined.validation_records, 40U) << "the validation part holds the old sample already";
  EXPECT_EQ(joined.validation_flagged, 50U);
}

TEST(JoinedFacts, TheSpanCoversBoth) {
  const TrainingFacts later = joined_facts(facts(10, 20), lessons(kBeginOfTime, {true, 30, 40, 0}));
  EXPECT_TRUE(later.has_time);
  EXPECT_EQ(later.first_time, 10);
  EXPECT_EQ(later.last_time, 40);
  const TrainingFacts earlier = joined_facts(facts(10, 20), lessons(kBeginOfTime, {true, 5, 15, 0}));
  EXPECT_EQ(earlier.first_time, 5);
  EXPECT_EQ(earlier.last_time, 20);
}

TEST(JoinedFacts, TheSpanBeginsWithTheTrainingSpan) {
  const TrainingFacts fresh = joined_facts({}, lessons(35, {true, 30, 40, 0}));
  EXPECT_TRUE(fresh.has_time);
  EXPECT_EQ(fresh.first_time, 35);
  EXPECT_EQ(fresh.last_time, 40);
  EXPECT_EQ(joined_facts(facts(50, 60), lessons(35, {true, 30, 40, 0})).first_time, 35);
}

TEST(JoinedFacts, OneOfThemMayKnowNoTime) {
  const TrainingFacts old_only = joined_facts(facts(10, 20), lessons(kBeginOfTime, {false, 0, 0, 7}));
  EXPECT_TRUE(old_only.has_time);
  EXPECT_EQ(old_only.first_time, 10);
  EXPECT_EQ(old_only.last_time, 20);
  EXPECT_FALSE(joined_facts({}, lessons(kBeginOfTime, {})).has_time);
}

TEST(OverlapNote, IsGivenWhenTheLogBeginsBeforeTheModelEnds) {
  const TrainingFacts before = facts(10 * kMicrosPerSecond, 20 * kMicrosPerSecond);
  const auto note = [&](Micros first, Micros begin = kBeginOfTime) {
    return overlap_note(before, {true, first, first + 1, 0}, begin);
  };
  EXPECT_FALSE(note(20 * kMicrosPerSecond).has_value());
  ASSERT_TRUE(note(20 * kMicrosPerSecond - 1).has_value());
  EXPECT_THAT(*note(19 * kMicrosPerSecond), HasSubstr("the log begins at 1970-01-01T00:00:19Z, before the model's "
                                                      "training ends (1970-01-01T00:00:20Z)"));
  EXPECT_FALSE(note(5 * kMicrosPerSecond, 20 * kMicrosPerSecond).has_value()) << "the span begins later";
  EXPECT_FALSE(overlap_note({}, {true, 0, 1, 0}, kBeginOfTime).has_value());
  EXPECT_FALSE(overlap_note(before, {}, kBeginOfTime).has_value());
}

TEST(ReportTraining, TellsWhatWasLearnt) {
  Config config = small_config();
  config.run.exclude = {"noise <*>"};
  std::vector<HandLine> lines = steady_log(1000);
  lines.push_back({1000, "noise 1"});
  lines.push_back({1001, "no time of its own", Level::kInfo, "", false});
  auto training = train_by_hand(config, lines, fresh_state(config));
  ASSERT_TRUE(training.ok()) << training.error().to_string();
  Lessons& lessons = training->lessons;
  lessons.counters.bytes = 5000;
  lessons.counters.lines = 1002;
  lessons.counters.inputs_skipped = 1;
  lessons.counters.problems.push_back(make_error(ErrorCode::kInput, "a file could not be read"));
  lessons.notes = {"a note"};
  const TrainReport report = report_training(*training->model, lessons, {}, std::nullopt);
  EXPECT_EQ(report.summary.bytes, 5000U);
  EXPECT_EQ(report.summary.lines, 1002U);
  EXPECT_EQ(report.summary.inputs_skipped, 1U);
  EXPECT_EQ(report.summary.records, 1002U);
  EXPECT_EQ(report.summary.records_dropped, 1U);
  EXPECT_EQ(report.summary.records_without_time, 1U);
  EXPECT_EQ(report.summary.templates_known, 3U);
  EXPECT_TRUE(report.summary.has_time);
  EXPECT_EQ(report.summary.last_time, 1000 * kMicrosPerSecond);
  EXPECT_EQ(report.new_templates, 3U);
  EXPECT_EQ(report.validation_records, 200U);
  EXPECT_EQ(report.model_id, training->model->id);
  EXPECT_EQ(report.model_id.size(), 16U);
  EXPECT_EQ(report.threshold, config.threshold.absolute_nats);
  ASSERT_EQ(report.excluded.size(), 1U);
  EXPECT_EQ(report.excluded[0].records, 1U);
  EXPECT_EQ(report.problems.size(), 1U);
  ASSERT_FALSE(report.advice.empty());
  EXPECT_EQ(report.advice.front(), "a note");
}

TEST(ReportTraining, OfAnUpdateOnlyNewTemplatesAreNew) {
  const Config config = small_config();
  auto training = train_by_hand(config, steady_log(1000), fresh_state(config));
  ASSERT_TRUE(training.ok()) << training.error().to_string();
  EXPECT_EQ(training->model->miner.id_bound(), 2U);
  EXPECT_EQ(report_training(*training->model, training->lessons, {}, 1U).new_templates, 1U);
}

}  // namespace
}  // namespace logdetect
