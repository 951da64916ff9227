#include "logdetect/core/finding.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

TEST(Names, BoutsAndSeverities) {
  EXPECT_EQ(bout_name(BoutKind::kBurst), "burst");
  EXPECT_EQ(bout_name(BoutKind::kSilence), "silence");
  EXPECT_EQ(severity_name(Severity::kLow), "low");
  EXPECT_EQ(severity_name(Severity::kMedium), "medium");
  EXPECT_EQ(severity_name(Severity::kHigh), "high");
}

TEST(Finding, AFreshOneIsOneLineAndOneEvent) {
  const Finding finding;
  EXPECT_EQ(finding.line_count, 1U);
  EXPECT_EQ(finding.count, 1U);
  EXPECT_EQ(finding.time, 0);
  EXPECT_EQ(finding.last_time, 0);
  EXPECT_EQ(finding.level, Level::kUnknown);
  EXPECT_EQ(finding.alarm, Alarm::kNone);
  EXPECT_FALSE(finding.truncated || finding.has_time || finding.habitual || finding.deployment);
  EXPECT_FALSE(finding.whole_session || finding.new_template || finding.bout.has_value());
  EXPECT_FALSE(finding.session.valid() || finding.template_id.valid());
}

TEST(Finding, AVerdictIsCalmUntilJudged) {
  const Verdict verdict;
  EXPECT_EQ(verdict.surprise, 0);
  EXPECT_EQ(verdict.threshold, 0);
  EXPECT_EQ(verdict.score, 0);
  EXPECT_FALSE(verdict.anomalous);
  const DetectorScore score;
  EXPECT_EQ(score.raw, 0);
  EXPECT_EQ(score.surprise, 0);
  EXPECT_FALSE(score.detector.valid());
}

TEST(Finding, ABoutBeginsWithoutLines) {
  const Bout bout;
  EXPECT_EQ(bout.kind, BoutKind::kBurst);
  EXPECT_FALSE(bout.over);
  EXPECT_EQ(bout.start, 0);
  EXPECT_EQ(bout.peak, 0);
  EXPECT_EQ(bout.end, 0);
  EXPECT_EQ(bout.window_seconds, 0);
  EXPECT_EQ(bout.observed, 0);
  EXPECT_EQ(bout.usual_low, 0);
  EXPECT_EQ(bout.usual_high, 0);
  EXPECT_EQ(bout.lines, 0U);
}

TEST(Finding, AReasonWithoutANameIsTheDetectorsOwnView) {
  const Reason reason;
  EXPECT_EQ(reason.kind, reasons::kForest);
  EXPECT_EQ(reason.observed, 0);
  EXPECT_EQ(reason.share, 0);
  EXPECT_FALSE(reason.expected_low.has_value() || reason.expected_high.has_value());
}

TEST(Incident, AFreshOneHoldsNothing) {
  const Incident incident;
  EXPECT_EQ(incident.severity, Severity::kLow);
  EXPECT_EQ(incident.first, 0);
  EXPECT_EQ(incident.last, 0);
  EXPECT_FALSE(incident.has_time || incident.habitual || incident.deployment);
  EXPECT_EQ(incident.peak_score, 0);
  EXPECT_EQ(incident.count, 0U);
  EXPECT_EQ(incident.template_count, 0U);
  EXPECT_TRUE(incident.findings.empty());
  EXPECT_EQ(incident.findings_dropped, 0U);
  EXPECT_EQ(incident.first_finding, 0U);
}

}  // namespace
}  // namespace logdetect
