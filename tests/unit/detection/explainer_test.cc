#include "logdetect/detection/explainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detection/reason_words.h"
#include "unit/features/support.h"

namespace logdetect {
namespace {

using logdetect::testing::EventScript;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Two days of a service that says login (0), query (1, with a duration of 10 to 20 ms), logout (2), every 30 s, and a
// backup error (3) a handful of times by day. Everything is explained against this.
class ExplainerTest : public ::testing::Test {
 protected:
  struct World {
    World() : schema(feature_schema(options)), baseline(options) {
      EventScript script;
      for (int i = 0; i < 2 * 2880 + 10; ++i) {
        const double t = i * 30.0;
        script.add(t, 0);
        script.add(t + 1, 1, Level::kInfo, {std::to_string(10 + i % 11) + "ms", i % 2 == 0 ? "primary" : "replica"});
        script.add(t + 2, 2);
        if (i % 700 == 650) {
          script.add(t + 3, 3, Level::kError);
        }
      }
      const FeatureMatrix rows = logdetect::testing::learn(baseline, script);
      Result<Ensemble> created = Ensemble::create(EnsembleOptions{});
      LD_CHECK(created.ok(), "the default detectors exist");
      ensemble = std::make_unique<Ensemble>(std::move(created).value());
      const WindowBatch none;
      const LogView log{.events = script.events(), .rows = rows, .windows = none};
      LD_CHECK(ensemble->fit({.schema = schema, .log = log, .options = {}}).ok(), "fit");
      ensemble->calibrate({log}, ThresholdOptions{});
    }

    FeatureOptions options;
    FeatureSchema schema;
    Baseline baseline;
    std::unique_ptr<Ensemble> ensemble;
  };
  // Learnt once for all tests; nothing changes it.
  static const World& world() {
    static const World learnt;
    return learnt;
  }

  // The reasons for the last event of `script`, scored by the real detectors.
  std::vector<Reason> explain_last(const EventScript& script) {
    FeatureExtractor extractor(baseline_);
    const FeatureMatrix rows = logdetect::testing::rows_of(extractor, script);
    BatchScores scores;
    ensemble_->score({{.events = script.events(), .rows = rows, .windows = {}}}, scores);
    const std::size_t last = rows.rows() - 1;
    std::vector<DetectorScore> detectors;
    for (std::size_t d = 0; d < ensemble_->size(); ++d) {
      const std::size_t at = d * scores.rows + last;
      detectors.push_back({DetectorId(static_cast<DetectorId::rep>(d)), scores.raw[at], scores.surprise[at]});
    }
    return explain(script, rows.row(last), detectors, extractor.previous_templates(last, 5));
  }

  std::vector<Reason> explain(const EventScript& script, std::span<const float> row,
                              std::span<const DetectorScore> detectors, std::span<const TemplateId> previous) {
    return explain_by(schema_, script, row, detectors, previous);
  }

  std::vector<Reason> explain_by(const FeatureSchema& schema, const EventScript& script, std::span<const float> row,
                                 std::span<const DetectorScore> detectors, std::span<const TemplateId> previous) {
    const Event& event = script.events().back();
    const std::span<const Parameter> parameters(script.parameters().data() + event.first_parameter,
                                                event.parameter_count);
    const Explainer explainer(schema, baseline_, *ensemble_, [](TemplateId id) {
      static const std::vector<std::string> texts = {"user <*> logged in", "query took <NUM> on <*>",
                                                     "user <*> logged out", "backup failed"};
      return id.value() < texts.size() ? texts[id.value()] : std::string("disk <*> is on fire in bay <NUM> now");
    });
    return explainer.explain({event, parameters, row, detectors, previous});
  }

  // A row of zeros with one column set, and a novelty score that rests on it alone.
  std::vector<Reason> explain_column(const EventScript& script, const std::string& column, float value,
                                     std::span<const TemplateId> previous = {}) {
    std::vector<float> row(schema_.size());
    row.at(static_cast<std::size_t>(schema_.find(column))) = value;
    const std::vector<DetectorScore> detectors = {{DetectorId(0), value, value}};
    return explain(script, row, detectors, previous);
  }

  // The reason of one kind for the last event of `script`, whatever the detectors make of it.
  Reason made(std::string_view kind, const std::string& column, const EventScript& script) {
    FeatureExtractor extractor(baseline_);
    const FeatureMatrix rows = logdetect::testing::rows_of(extractor, script);
    const Event& event = script.events().back();
    const std::span<const Parameter> parameters(script.parameters().data() + event.first_parameter,
                                                event.parameter_count);
    const std::function<std::string(TemplateId)> text = [](TemplateId) { return std::string("some template"); };
    const ExplainInput input{event, parameters, rows.row(rows.rows() - 1), {}, {}};
    const auto index = static_cast<std::size_t>(schema_.find(column));
    LD_CHECK(index < schema_.size(), "the column exists");
    return make_reason({std::string(kind), 1, 1, index, column}, {schema_, baseline_, *ensemble_, text, input});
  }

  const FeatureSchema& schema_ = world().schema;
  const Baseline& baseline_ = world().baseline;
  const Ensemble* ensemble_ = world().ensemble.get();
  const double end_ = (2 * 2880 + 10) * 30.0;
};

TEST_F(ExplainerTest, ANewTemplateIsSaidToBeNew) {
  EventScript script;
  script.add(end_, 0);
  script.add(end_ + 1, 9, Level::kError).is_new = true;
  const std::vector<Reason> reasons = explain_last(script);
  ASSERT_FALSE(reasons.empty());
  EXPECT_EQ(reasons[0].kind, reasons::kNewTemplate);
  EXPECT_EQ(reasons[0].sentence, "new template: never seen in 17,318 training records");
  EXPECT_EQ(reasons[0].observed, 0);
  EXPECT_EQ(reasons[0].expected_low, 1);
}

TEST_F(ExplainerTest, ReasonsAreSortedSharesOfTheScore) {
  EventScript script;
  script.add(end_, 1, Level::kError, {"900000ms", "nowhere"});
  for (const std::vector<Reason>& reasons : {explain_last(script), explain_column(script, "template_rarity", 9.0F)}) {
    ASSERT_FALSE(reasons.empty());
    ASSERT_LE(reasons.size(), 6U);
    double sum = 0;
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      EXPECT_GT(reasons[i].share, 0);
      EXPECT_FALSE(reasons[i].sentence.empty());
      EXPECT_FALSE(reasons[i].feature.empty());
      if (i > 0) {
        EXPECT_LE(reasons[i].share, reasons[i - 1].share);
      }
      sum += reasons[i].share;
    }
    EXPECT_LE(sum, 1 + 1e-9);
    EXPECT_GT(sum, 0.8);
  }
}

TEST_F(ExplainerTest, ARareTemplateSaysHowRare) {
  EventScript script;
  script.add(end_, 3, Level::kError);
  const Reason reason = explain_column(script, "template_rarity", 9.0F).at(0);
  EXPECT_EQ(reason.kind, reasons::kRareTemplate);
  EXPECT_EQ(reason.sentence, "rare template: seen 8 times in 17,318 training records");
  EXPECT_EQ(reason.observed, 8);
}

TEST_F(ExplainerTest, AParameterIsShownAgainstItsUsualRange) {
  EventScript script;
  script.add(end_, 1, Level::kInfo, {"900000ms", "primary"});
  const Reason reason = explain_column(script, "parameter_surprise", 9.0F).at(0);
  EXPECT_EQ(reason.kind, reasons::kParameter);
  EXPECT_THAT(reason.sentence, AllOf(StartsWith("parameter 1 is 900 s (usual: 0.0"), HasSubstr(" s)")));
  EXPECT_EQ(reason.unit, "s");
  EXPECT_DOUBLE_EQ(reason.observed, 900);
  ASSERT_TRUE(reason.expected_high.has_value());
  EXPECT_LT(*reason.expected_high, 0.1);
}

TEST_F(ExplainerTest, AnUnseenWordIsQuoted) {
  EventScript script;
  script.add(end_, 1, Level::kInfo, {"12ms", "nowhere"});
  const Reason reason = explain_column(script, "parameter_surprise", 9.0F).at(0);
  EXPECT_THAT(reason.sentence, StartsWith("parameter 2 is \"nowhere\""));
}

TEST_F(ExplainerTest, ASequenceNamesTheUsualSuccessor) {
  EventScript script;
  script.add(end_, 2);
  const std::vector<TemplateId> previous = {TemplateId(2), TemplateId(0)};
  const Reason reason = explain_column(script, "sequence_surprise", 9.0F, previous).at(0);
  EXPECT_EQ(reason.kind, reasons::kSequence);
  EXPECT_EQ(reason.sentence,
            "sequence: normal [user <*> logged in] -> [query took <NUM> on <*>], "
            "actual [user <*> logged in] -> [user <*> logged out]");
  const std::vector<TemplateId> run = {TemplateId(0), TemplateId(2)};
  EXPECT_EQ(explain_column(script, "sequence_surprise", 9.0F, run).at(0).sentence,
            "sequence: normal [user <*> logged in] -> [query took <NUM> on <*>], "
            "actual [user <*> logged in] -> [user <*> logged out] -> [user <*> logged out] "
            "(expected: [user <*> logged in], [backup failed])");
  EXPECT_THAT(explain_column(script, "sequence_surprise", 9.0F).at(0).sentence,
              StartsWith("sequence: an improbable place for [user"));
}

TEST_F(ExplainerTest, AnUnusualLevelIsNamed) {
  EventScript script;
  script.add(end_, 0, Level::kFatal);
  EXPECT_EQ(explain_column(script, "level_surprise", 6.0F).at(0).sentence, "FATAL is unusual for this template");
  EXPECT_EQ(explain_column(script, "error_prior", 6.0F).at(0).sentence, "a rare FATAL line");
}

TEST_F(ExplainerTest, AnUnusualHourGivesTheTime) {
  EventScript script;
  script.add(3 * 3600 + 42 * 60, 3, Level::kError);
  const Reason reason = explain_column(script, "hour_surprise", 6.0F).at(0);
  EXPECT_EQ(reason.kind, reasons::kUnusualTime);
  EXPECT_THAT(reason.sentence, AllOf(HasSubstr("ERROR lines are"), HasSubstr("03:42")));
  EXPECT_DOUBLE_EQ(reason.observed, 3.7);
}

TEST_F(ExplainerTest, ABurstIsCountedInItsWindow) {
  EventScript script;
  for (int i = 0; i < 200; ++i) {
    script.add(end_ + i * 0.2, 3, Level::kError);
  }
  const Reason reason = made(reasons::kBurst, "burst_60s", script);
  EXPECT_THAT(reason.sentence, StartsWith("burst: 200 of these in 60 s (usual: "));
  EXPECT_EQ(reason.observed, 200);
  EXPECT_LE(*reason.expected_high, 10);
  EXPECT_THAT(made(reasons::kBurst, "burst_surprise", script).sentence,
              ContainsRegex("^burst: [0-9]+ of these in (10|60|600) s "));
  EXPECT_THAT(made(reasons::kBurst, "template_count_10s", script).sentence, HasSubstr(" in 10 s "));
}

TEST_F(ExplainerTest, AnOrdinaryCountIsNotCalledABurst) {
  EventScript script;
  script.add(end_, 0);
  EXPECT_THAT(made(reasons::kBurst, "burst_600s", script).sentence, StartsWith("frequency: 1 of these in 600 s"));
}

TEST_F(ExplainerTest, WindowSharesAndCountsAreSaidInPlainNumbers) {
  EventScript script;
  for (std::uint32_t i = 0; i < 30; ++i) {
    script.add(end_ + i, 10 + i, Level::kError).is_new = true;
  }
  EXPECT_THAT(made(reasons::kErrorRate, "error_share_60s", script).sentence,
              ContainsRegex("^[5-9][0-9](\\.[0-9])? % of the lines in 60 s are ERROR or worse \\(usual: "));
  EXPECT_THAT(made(reasons::kErrorRate, "warn_share_60s", script).sentence, HasSubstr("are WARNING"));
  const Reason kinds = made(reasons::kDiversity, "distinct_templates_60s", script);
  EXPECT_THAT(kinds.sentence, StartsWith("30 different templates in 60 s (usual: "));
  EXPECT_EQ(kinds.unit, "templates");
  EXPECT_THAT(made(reasons::kDiversity, "new_templates_60s", script).sentence,
              HasSubstr("templates seen for the first time in 60 s"));
}

TEST_F(ExplainerTest, LengthsAreInBytes) {
  EventScript script;
  script.add(end_, 0).message_bytes = 2310;
  const Reason reason = made(reasons::kLength, "length_surprise", script);
  EXPECT_THAT(reason.sentence, StartsWith("the message has 2,310 bytes (usual: "));
  EXPECT_EQ(reason.unit, "bytes");
  EventScript fresh;
  fresh.add(end_, 900).message_bytes = 2310;
  EXPECT_EQ(made(reasons::kLength, "length_surprise", fresh).sentence, "a message of 2,310 bytes is unusual");
}

TEST_F(ExplainerTest, OtherColumnsAndDetectorsAreNamed) {
  EventScript script;
  script.add(end_, 1, Level::kInfo, {"12ms", "primary"});
  EXPECT_EQ(made(reasons::kUnusualTime, "weekday_surprise", script).sentence, "INFO lines are rare on a Wednesday");
  EXPECT_THAT(made(reasons::kParameter, "parameter_count", script).sentence, StartsWith("the line has 2 parameters"));
  EXPECT_THAT(made(reasons::kForest, "level", script).sentence, HasSubstr(schema_.columns[2].meaning));
}

// Adding a reason is naming it: nothing but the column has to know.
TEST_F(ExplainerTest, AReasonThatNobodyKnowsIsToldByItsColumn) {
  FeatureSchema schema = schema_;
  FeatureInfo& column = schema.columns.at(static_cast<std::size_t>(schema.find("length_surprise")));
  column.reason = "queue_depth";
  column.meaning = "depth of the queue";
  EventScript script;
  script.add(end_, 0);
  std::vector<float> row(schema.size());
  row.at(static_cast<std::size_t>(schema.find("length_surprise"))) = 9.0F;
  const std::vector<DetectorScore> novelty = {{DetectorId(0), 9, 9}};
  const Reason reason = explain_by(schema, script, row, novelty, {}).at(0);
  EXPECT_EQ(reason.kind, "queue_depth");
  EXPECT_EQ(reason.feature, "length_surprise");
  EXPECT_THAT(reason.sentence, StartsWith("depth of the queue: 9 (usual: "));
  EXPECT_DOUBLE_EQ(reason.share, 1);
}

TEST_F(ExplainerTest, ColumnsOfOneReasonAreOneReason) {
  FeatureSchema schema = schema_;
  for (FeatureInfo& column : schema.columns) {
    column.reason = "queue_depth";
  }
  schema.columns.at(static_cast<std::size_t>(schema.find("hour_surprise"))).reason.clear();
  EventScript script;
  script.add(end_, 0);
  std::vector<float> row(schema.size());
  row.at(static_cast<std::size_t>(schema.find("hour_surprise"))) = 2.0F;
  row.at(static_cast<std::size_t>(schema.find("length_surprise"))) = 4.0F;
  row.at(static_cast<std::size_t>(schema.find("parameter_surprise"))) = 8.0F;
  const std::vector<DetectorScore> novelty = {{DetectorId(0), 14, 14}};
  const std::vector<Reason> reasons = explain_by(schema, script, row, novelty, {});
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].kind, "queue_depth");
  EXPECT_EQ(reasons[0].feature, "parameter_surprise");
  EXPECT_EQ(reasons[1].kind, reasons::kForest);
  EXPECT_NEAR(reasons[0].share, 5.0 / 5.5, 1e-6);  // novelty weighs them 1/4, 1/4 and 1/2
}

TEST_F(ExplainerTest, AReasonWithoutAColumnIsToldByItsFeature) {
  EventScript script;
  script.add(end_, 0);
  const std::function<std::string(TemplateId)> text = [](TemplateId) { return std::string("some template"); };
  const std::vector<float> row(schema_.size());
  const ExplainInput input{script.events().back(), {}, row, {}, {}};
  for (const std::string_view name : {std::string_view("queue_depth"), reasons::kForest, reasons::kBurst}) {
    const Reason reason =
        make_reason({std::string(name), 2.5, 0, kNoColumn, "queues"}, {schema_, baseline_, *ensemble_, text, input});
    EXPECT_EQ(reason.kind, name);
    EXPECT_EQ(reason.sentence, "unusual combination of features (queues)");
    EXPECT_EQ(reason.unit, "nats");
    EXPECT_EQ(reason.observed, 2.5);
    EXPECT_FALSE(reason.expected_low.has_value());
  }
}

TEST_F(ExplainerTest, ADetectorThatNamesNoColumnIsToldByItsName) {
  EnsembleOptions options;
  options.detectors = {"autoencoder"};
  const Result<Ensemble> network = Ensemble::create(options);
  ASSERT_TRUE(network.ok());
  const Explainer explainer(schema_, baseline_, *network, [](TemplateId) { return std::string(); });
  EventScript script;
  script.add(end_, 0);
  const std::vector<float> row(schema_.size());
  const std::vector<DetectorScore> scores = {{DetectorId(0), 1, 3}};
  const std::vector<Reason> reasons = explainer.explain({script.events().back(), {}, row, scores, {}});
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].kind, reasons::kForest);
  EXPECT_EQ(reasons[0].feature, "autoencoder");
  EXPECT_EQ(reasons[0].sentence, "unusual combination of features (autoencoder)");
  EXPECT_EQ(reasons[0].share, 1);
}

TEST_F(ExplainerTest, AScoreOfNothingStillGivesAReason) {
  EventScript script;
  script.add(end_, 0);
  const std::vector<float> row(schema_.size());
  const std::vector<Reason> reasons = explain(script, row, {}, {});
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].kind, reasons::kForest);
  EXPECT_FALSE(reasons[0].sentence.empty());
}

TEST_F(ExplainerTest, UnknownDetectorsAndTemplatesAreSurvived) {
  EventScript script;
  script.add(end_, 4'000'000'000U).is_new = true;
  const std::vector<float> row(schema_.size(), 5.0F);
  const std::vector<DetectorScore> detectors = {
      {DetectorId(77), 1, 50}, {DetectorId(0), 30, 30}, {DetectorId(1), 0.9F, 9}};
  const std::vector<TemplateId> previous = {TemplateId(3'999'999'999U)};
  const std::vector<Reason> reasons = explain(script, row, detectors, previous);
  ASSERT_FALSE(reasons.empty());
  for (const Reason& reason : reasons) {
    EXPECT_FALSE(reason.sentence.empty());
  }
}

TEST_F(ExplainerTest, WhatAddsLessThanThreeHundredthsIsLeftOut) {
  EventScript script;
  script.add(end_, 0);
  std::vector<float> row(schema_.size());
  const auto set = [&](const std::string& column, float value) {
    row.at(static_cast<std::size_t>(schema_.find(column))) = value;
  };
  set("template_rarity", 10);   // novelty weighs it 1
  set("hour_surprise", 2);      // and this 1/4: 0.5 of 10.6 nats
  set("sequence_surprise", 1);  // 0.1 of them
  const std::vector<DetectorScore> novelty = {{DetectorId(0), 10.6F, 10.6F}};
  const std::vector<Reason> reasons = explain(script, row, novelty, {});
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].kind, reasons::kRareTemplate);
  EXPECT_NEAR(reasons[0].share, 10 / 10.6, 1e-6);
  EXPECT_EQ(reasons[1].kind, reasons::kUnusualTime);
  EXPECT_NEAR(reasons[1].share, 0.5 / 10.6, 1e-6);
}

TEST_F(ExplainerTest, ADetectorThatAddsNothingHasNoSay) {
  EventScript script;
  script.add(end_, 0);
  std::vector<float> row(schema_.size());
  row.at(static_cast<std::size_t>(schema_.find("length_surprise"))) = 4.0F;
  const auto beyond = static_cast<DetectorId::rep>(ensemble_->size());
  const std::vector<DetectorScore> silent = {{DetectorId(0), 0, 0}, {DetectorId(beyond), 9, 9}};
  const std::vector<Reason> reasons = explain(script, row, silent, {});
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].feature, "score");
}

}  // namespace
}  // namespace logdetect
