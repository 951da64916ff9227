#include "pipeline/unit_evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Bits {
  bool anomalous = false;
  bool flagged = false;
  bool unseen = false;
  bool error = false;
};

LabelledUnit unit(float score, const Bits& bits, std::uint32_t template_id = 0, std::uint16_t category = 0) {
  LabelledUnit out;
  out.score = score;
  out.template_id = template_id;
  out.category = category;
  out.anomalous = bits.anomalous;
  out.flagged = bits.flagged;
  out.unseen_template = bits.unseen;
  out.error_words = bits.error;
  return out;
}

TEST(PrecisionMarks, AreTheFixedOnesAndTheNumberOfAnomalies) {
  EXPECT_THAT(precision_marks(70), ElementsAre(10, 50, 70, 100, 500));
  EXPECT_THAT(precision_marks(3), ElementsAre(3, 10, 50, 100, 500));
  EXPECT_THAT(precision_marks(50), ElementsAre(10, 50, 100, 500)) << "each once";
}

TEST(EvaluateUnits, CountsTheVerdictsAndTheRules) {
  const UnitEvaluation out =
      evaluate_units("line", {unit(0.9F, {true, true, true, false}), unit(0.8F, {false, true, false, true}),
                              unit(0.6F, {true, false, false, true}), unit(0.1F, {false, false, true, false}),
                              unit(0.0F, {false, false, false, false})});
  EXPECT_EQ(out.unit, "line");
  EXPECT_EQ(out.units, 5U);
  EXPECT_EQ(out.anomalous, 2U);
  EXPECT_EQ(out.own.name, "logdetect");
  EXPECT_EQ(out.own.decision.true_positives, 1U);
  EXPECT_EQ(out.own.decision.false_positives, 1U);
  EXPECT_EQ(out.own.decision.false_negatives, 1U);
  EXPECT_EQ(out.own.decision.true_negatives, 2U);
  EXPECT_DOUBLE_EQ(out.own.ranking.average_precision, (1.0 + 2.0 / 3) / 2);
  ASSERT_EQ(out.baselines.size(), 3U);
  EXPECT_EQ(out.baselines[0].name, "flag everything");
  EXPECT_EQ(out.baselines[0].decision.true_positives, 2U);
  EXPECT_EQ(out.baselines[0].decision.false_positives, 3U);
  EXPECT_EQ(out.baselines[1].name, "never-seen template");
  EXPECT_EQ(out.baselines[1].decision.true_positives, 1U);
  EXPECT_EQ(out.baselines[1].decision.false_positives, 1U);
  EXPECT_EQ(out.baselines[2].name, "error words");
  EXPECT_EQ(out.baselines[2].decision.false_negatives, 1U);
  EXPECT_EQ(out.baselines[2].decision.true_negatives, 2U);
  ASSERT_EQ(out.baselines[1].ranking.precision_at.size(), 1U) << "ranks by its bit: two anomalies, the best two";
  EXPECT_EQ(out.baselines[1].ranking.precision_at[0].first, 2U);
  EXPECT_DOUBLE_EQ(out.baselines[1].ranking.precision_at[0].second, 0.5);
}

TEST(EvaluateUnits, DecidesAtThePrintedScores) {
  const UnitEvaluation out =
      evaluate_units("line", {unit(0.95F, {true}), unit(0.7F, {true}), unit(0.5F, {false}), unit(0.49F, {true})});
  std::vector<double> scores;
  std::vector<std::uint64_t> flagged;
  for (const auto& [score, decision] : out.at_score) {
    scores.push_back(score);
    flagged.push_back(decision.true_positives + decision.false_positives);
  }
  EXPECT_THAT(scores, ElementsAre(0.5, 0.7, 0.9, 0.95));
  EXPECT_EQ(flagged[0], 3U) << "a score of 0.5 is flagged at 0.5";
  EXPECT_EQ(flagged[2], 1U);
}

TEST(EvaluateCategories, TellsAtWhichTemplateEachShowsUp) {
  const Bits bad{true, true};
  const Bits missed{true, false};
  const std::vector<LabelledUnit> lines = {
      unit(0.3F, missed, 7, 2),     unit(0.9F, bad, 7, 2),  // the best template, by its best line
      unit(0.8F, {false, true}, 5), unit(0.8F, bad, 3, 1),  // equal: the lower id first
      unit(0.2F, missed, 9, 1),     unit(0.1F, {}, 1)};
  UnitEvaluation out;
  evaluate_categories(lines, {"", "disk", "cable", "unused"}, out);
  EXPECT_EQ(out.cards, 5U);
  ASSERT_EQ(out.categories.size(), 2U);
  EXPECT_EQ(out.categories[0].name, "cable");
  EXPECT_EQ(out.categories[0].units, 2U);
  EXPECT_EQ(out.categories[0].flagged, 1U);
  EXPECT_EQ(out.categories[0].card, 1U);
  EXPECT_EQ(out.categories[1].name, "disk");
  EXPECT_EQ(out.categories[1].units, 2U);
  EXPECT_EQ(out.categories[1].flagged, 1U);
  EXPECT_EQ(out.categories[1].card, 2U) << "the earlier of its two templates";
}

TEST(EvaluateCategories, AnomaliesWithoutCategoryAreOneToo) {
  UnitEvaluation out;
  evaluate_categories({unit(0.5F, {true}), unit(0.5F, {false})}, {""}, out);
  ASSERT_EQ(out.categories.size(), 1U);
  EXPECT_EQ(out.categories[0].name, "(none)");
  EXPECT_EQ(out.categories[0].units, 1U);
}

TEST(EvaluateFaults, AnIncidentFindsAFaultWithinTheSlack) {
  const auto at = [](Micros second) { return second * kMicrosPerSecond; };
  std::vector<Incident> incidents(2);
  incidents[0].first = at(90);
  incidents[0].last = at(95);
  incidents[1].first = at(500);
  incidents[1].last = at(510);
  const auto evaluate = [&](double slack) {
    return evaluate_faults({"disk"}, {{at(100), at(200)}}, incidents, {at(0), at(1000)}, slack);
  };
  const FaultEvaluation close = evaluate(10);
  ASSERT_EQ(close.match.incident_of.size(), 1U);
  EXPECT_EQ(close.match.incident_of[0], 0U);
  EXPECT_EQ(close.match.unmatched, 1U);
  EXPECT_EQ(close.names, std::vector<std::string>{"disk"});
  EXPECT_EQ(close.faults.size(), 1U);
  EXPECT_EQ(close.incidents.size(), 2U);
  EXPECT_NEAR(close.chance, 0.12, 1e-9);
  EXPECT_FALSE(evaluate(9.9).match.incident_of[0].has_value());
}

UnitEvaluation evaluation(std::uint64_t units, std::uint64_t anomalous) {
  UnitEvaluation out;
  out.unit = "line";
  out.units = units;
  out.anomalous = anomalous;
  out.own.decision = {90, 10, 0, 0};
  out.baselines = {{"flag everything", {50, 50, 0, 0}, {}}, {"error words", {50, 50, 0, 0}, {}}};
  return out;
}

TEST(WarningsOnUnits, AGoodEvaluationHasNone) {
  EXPECT_THAT(warnings_on(evaluation(1000, 299)), IsEmpty());
  EXPECT_THAT(warnings_on(evaluation(1000, 1)), IsEmpty());
}

TEST(WarningsOnUnits, ManyAnomaliesMakeF1Cheap) {
  EXPECT_THAT(warnings_on(evaluation(1000, 300)),
              ElementsAre(StartsWith("30.0 % of the lines are labelled anomalous: flagging everything has F1 66.7 %")));
}

TEST(WarningsOnUnits, FewAnomaliesMakeItNoisy) {
  EXPECT_THAT(warnings_on(evaluation(1001, 1)), ElementsAre(StartsWith("only 1 of 1001 lines are labelled")));
}

TEST(WarningsOnUnits, ATrivialRuleIsAsGood) {
  UnitEvaluation out = evaluation(1000, 100);
  out.baselines[1].decision = {98, 2, 2, 0};  // F1 0.98
  EXPECT_THAT(warnings_on(out), ElementsAre(HasSubstr("\"error words\" has F1 98.0 % on these labels")));
  out.baselines[1].decision = {979, 21, 21, 0};  // F1 0.979, above 0.947
  EXPECT_THAT(warnings_on(out), ElementsAre(HasSubstr("has a higher F1 (97.9 %) than the detector by lines")));
  out.baselines[1].decision = out.own.decision;
  EXPECT_THAT(warnings_on(out), IsEmpty()) << "as good is not better";
  out.baselines[0].decision = {99, 1, 0, 0};  // flagging everything is told as better, not as perfect
  EXPECT_THAT(warnings_on(out), ElementsAre(HasSubstr("\"flag everything\" has a higher F1 (99.5 %)")));
}

TEST(WarningsOnUnits, LabelsOfAnotherLog) {
  UnitEvaluation out = evaluation(1000, 100);
  out.unjudged = 7;
  EXPECT_THAT(warnings_on(out), ElementsAre("7 labelled lines are not in the log; do the labels belong to it?"));
}

TEST(WarningsOnFaults, WhereTheyFillTheLog) {
  FaultEvaluation faults;
  faults.chance = 0.3;
  EXPECT_THAT(warnings_on(faults), ElementsAre(HasSubstr("cover 30.0 % of the log")));
  faults.chance = 0.2999;
  EXPECT_THAT(warnings_on(faults), IsEmpty());
}

}  // namespace
}  // namespace logdetect
