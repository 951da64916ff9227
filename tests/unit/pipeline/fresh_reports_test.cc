#include <gtest/gtest.h>

#include "logdetect/pipeline/evaluate.h"
#include "logdetect/pipeline/explain_format.h"
#include "logdetect/pipeline/inspect.h"
#include "logdetect/pipeline/model_diff.h"
#include "pipeline/template_changes.h"
#include "pipeline/unit_evaluation.h"

namespace logdetect {
namespace {

// What a part of a report does not fill in must read as nothing.

TEST(FreshReports, OfAnEvaluationCountNothing) {
  const UnitEvaluation unit;
  EXPECT_EQ(unit.units + unit.anomalous + unit.unlabelled + unit.unjudged + unit.cards, 0U);
  const CategoryRecall category;
  EXPECT_EQ(category.units + category.flagged + category.card, 0U);
  EXPECT_EQ(FaultEvaluation().chance, 0);
  EXPECT_EQ(EvaluateReport().days, 0);
  const LabelledUnit one;
  EXPECT_EQ(one.score, 0);
  EXPECT_EQ(one.template_id, 0U);
  EXPECT_EQ(one.category, 0U);
  EXPECT_FALSE(one.anomalous || one.flagged || one.unseen_template || one.error_words);
}

TEST(FreshReports, AFaultHasAMinuteOfSlackUnlessItIsSaid) {
  EXPECT_EQ(EvaluateRequest().slack_seconds, 60);
}

TEST(FreshReports, OfAFormatCountNothing) {
  EXPECT_EQ(FormatColumn().share, 0);
  EXPECT_EQ(FormatLayout().lines, 0U);
  EXPECT_EQ(FormatLayout().pattern_share, 0);
  const FormatExplanation found;
  EXPECT_EQ(found.lines + found.full + found.partial + found.bare, 0U);
}

TEST(FreshReports, OfModelsCountNothingAndCompareAsEqual) {
  EXPECT_EQ(ModelSummary().threshold, 0);
  const ModelFacts facts;
  EXPECT_EQ(facts.records + facts.lines + facts.templates + facts.sessions, 0U);
  EXPECT_EQ(facts.first, 0);
  EXPECT_EQ(facts.last, 0);
  EXPECT_EQ(facts.hours + facts.threshold + facts.session_threshold, 0);
  const TemplateChange change;
  EXPECT_EQ(change.before + change.after, 0U);
  EXPECT_EQ(change.before_rate, 0);
  EXPECT_EQ(change.after_rate, 0);
  EXPECT_EQ(change.factor, 0);
  EXPECT_EQ(change.p_value, 1) << "no evidence of a change";
  EXPECT_EQ(ModelDiff().traffic, 1);
  EXPECT_EQ(ModelDiff().steady, 0U);
  EXPECT_EQ(ComparedTemplate().count, 0U);
  EXPECT_EQ(ComparedTemplate().dispersion, 1);
  EXPECT_EQ(ComparedKind().dispersion, 1);
  EXPECT_EQ(Exposure().before, 1);
  EXPECT_EQ(Exposure().after, 1);
  EXPECT_EQ(TemplateChanges().traffic, 1);
  EXPECT_EQ(TemplateChanges().steady, 0U);
}

}  // namespace
}  // namespace logdetect
