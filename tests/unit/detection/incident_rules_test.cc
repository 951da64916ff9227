#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logdetect/base/rng.h"
#include "logdetect/base/text.h"
#include "logdetect/detection/incident_rules.h"
#include "unit/detection/samples.h"

namespace logdetect {
namespace {

using samples::at;

Incident with(std::vector<Finding> findings) {
  Incident incident;
  incident.findings = std::move(findings);
  return incident;
}

Incident titled(std::string text, std::string nearest, std::string component = {}, std::string message = {}) {
  Finding finding = at(0);
  finding.template_text = std::move(text);
  finding.nearest_template = std::move(nearest);
  finding.component = std::move(component);
  finding.message = std::move(message);
  return with({finding});
}

TEST(Severity, FollowsTheTable) {
  EXPECT_EQ(incident_severity(with({at(0).level(Level::kInfo).strength(1.9)})), Severity::kLow);
  EXPECT_EQ(incident_severity(with({at(0).level(Level::kInfo).strength(3.9)})), Severity::kLow);
  EXPECT_EQ(incident_severity(with({at(0).level(Level::kError).strength(1.1)})), Severity::kMedium);
  EXPECT_EQ(incident_severity(with({at(0).level(Level::kFatal).strength(1.1)})), Severity::kHigh);
  EXPECT_EQ(incident_severity(with({at(0).level(Level::kUnknown).strength(3)})), Severity::kMedium);
  EXPECT_EQ(incident_severity(with({at(0).of(1).level(Level::kError).strength(3),  //
                                    at(1).of(2).level(Level::kInfo).strength(3)})),
            Severity::kCritical);
  EXPECT_EQ(incident_severity(with({})), Severity::kLow);
}

TEST(Severity, OneTemplateAloneDoesNotOutweighTheRest) {
  EXPECT_EQ(incident_severity(with({at(0).level(Level::kError).strength(1000)})), Severity::kHigh);
}

TEST(Severity, CountsKindsNotLines) {
  Finding flood = at(0).level(Level::kInfo).strength(1.1);
  flood.count = 1'000'000;
  EXPECT_EQ(incident_severity(with({flood})), Severity::kLow);
}

TEST(Severity, ASessionAndALineOfItsLastTemplateCountOnce) {
  Finding session = at(0).of(1).level(Level::kInfo).strength(3);
  session.whole_session = true;
  const Finding line = at(0).of(1).level(Level::kInfo).strength(3);
  EXPECT_EQ(incident_severity(with({session, line})), Severity::kLow);
  EXPECT_EQ(incident_severity(with({session, at(0).of(2).level(Level::kInfo).strength(3)})), Severity::kMedium);
}

TEST(Severity, ALineKeepsTheLevelOfTheSessionItCountsWith) {
  Finding session = at(0).of(1).level(Level::kUnknown).strength(2.5);
  session.whole_session = true;
  const Finding line = at(0).of(1).level(Level::kInfo).strength(2.6);
  EXPECT_EQ(incident_severity(with({session})), Severity::kMedium);
  EXPECT_EQ(incident_severity(with({session, line})), Severity::kMedium);
}

TEST(Severity, AHabitThatRidesAlongTakesNothingWithIt) {
  Finding session = at(0).of(1).level(Level::kError).strength(2.5);
  session.whole_session = true;
  Finding line = at(0).of(1).level(Level::kError).strength(3);
  line.habitual = true;
  EXPECT_EQ(incident_severity(with({session, line})), incident_severity(with({session})));
  EXPECT_EQ(incident_severity(with({session})), Severity::kMedium);
  EXPECT_EQ(incident_severity(with({line})), Severity::kLow) << "what rode along does not count";
}

TEST(Severity, EachBoutCounts) {
  Finding bout = at(0).of(1).level(Level::kInfo).strength(3);
  bout.bout.emplace();
  EXPECT_EQ(incident_severity(with({bout, at(0).of(1).level(Level::kInfo).strength(3)})), Severity::kMedium);
}

TEST(Severity, IsQuickHoweverManyFindingsThereAre) {
  std::vector<Finding> findings;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    Finding finding = at(0).level(Level::kInfo).strength(1);
    finding.template_id = TemplateId(i / 2);
    finding.whole_session = i % 2 == 0;
    findings.push_back(std::move(finding));
  }
  EXPECT_EQ(incident_severity(with(std::move(findings))), Severity::kMedium);
}

TEST(Severity, NeverFallsWhenEvidenceIsAdded) {
  Rng rng(23);
  const auto random_finding = [&] {
    Finding finding = at(0)
                          .of(static_cast<std::uint32_t>(rng.below(3)))
                          .level(static_cast<Level>(rng.below(kLevelCount)))
                          .strength(1 + 4 * rng.uniform());
    finding.whole_session = rng.below(2) == 0;
    finding.habitual = rng.below(4) == 0;
    if (!finding.whole_session && rng.below(4) == 0) {
      finding.bout.emplace();
    }
    return finding;
  };
  for (int round = 0; round < 2000; ++round) {
    Incident incident = with({random_finding()});
    Severity before = incident_severity(incident);
    for (int step = 0; step < 6; ++step) {
      if (rng.below(2) == 0) {
        incident.findings.push_back(random_finding());
      } else {
        incident.findings[rng.below(incident.findings.size())].verdict.surprise += 5 * rng.uniform();
      }
      const Severity after = incident_severity(incident);
      ASSERT_GE(after, before);
      before = after;
    }
  }
}

TEST(Severity, SurvivesAThresholdOfZero) {
  Finding finding = at(0).level(Level::kInfo);
  finding.verdict.threshold = 0;
  EXPECT_EQ(incident_severity(with({finding})), Severity::kLow);
}

TEST(Title, TakesTheWordsOfTheWorstTemplate) {
  EXPECT_EQ(incident_title(titled("connection pool exhausted, <NUM> available", "connection pool at <NUM>%", "db")),
            "db: connection pool exhausted available");
  EXPECT_EQ(incident_title(titled("connection timeout to <HOST>", "")), "Connection timeout to");
}

TEST(Title, OfLongTemplatesTheStretchThatNormalOnesLack) {
  EXPECT_EQ(
      incident_title(titled("request <ID> for user <ID> on path <PATH> was done but replica checksum mismatch found "
                            "in block store",
                            "request <ID> for user <ID> on path <PATH> was done in <NUM> ms")),
      "Done but replica checksum mismatch found");
}

TEST(Title, ShortensLongComponents) {
  EXPECT_EQ(incident_title(titled("lease expired", "", "org.apache.hadoop.hdfs.server.datanode.DataNode")),
            "DataNode: lease expired");
}

TEST(Title, OfASessionNamesTheStepItLacks) {
  Incident incident = titled("order <NUM> confirmed", "");
  Finding& finding = incident.findings.front();
  finding.whole_session = true;
  finding.session_cause = "charging <NUM> EUR for order <NUM>";
  EXPECT_EQ(incident_title(incident), "Order confirmed") << "without a reason";
  finding.reasons.emplace_back();
  finding.reasons.back().kind = reasons::kMissingStep;
  EXPECT_EQ(incident_title(incident), "Missing: charging EUR for order");
  finding.reasons.back().observed = 1;
  EXPECT_EQ(incident_title(incident), "Too few: charging EUR for order");
  finding.reasons.back().kind = reasons::kStalled;
  finding.component = "orders";
  EXPECT_EQ(incident_title(incident), "orders: stalled after: charging EUR for order");
}

TEST(Title, IsNeverEmptyNorTooLong) {
  EXPECT_EQ(incident_title(titled("<*> <NUM>", "", "", "77 widget jammed")), "Widget jammed");
  EXPECT_EQ(incident_title(titled("<*>", "", "", "77 %%")), "Unusual lines");
  EXPECT_EQ(incident_title(titled("", "", "")), "Unusual lines");
  EXPECT_EQ(incident_title(Incident{}), "Unusual lines");
  EXPECT_LE(display_width(incident_title(titled(std::string(500, 'w'), "", std::string(500, 'c')))), 72U);
}

TEST(Title, SurvivesAnyBytes) {
  Rng rng(31);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::uint64_t size = rng.below(200); size > 0; --size) {
      text += static_cast<char>(rng.below(4) == 0 ? ' ' : rng.below(256));
    }
    const std::string title = incident_title(titled(text, text.substr(text.size() / 2), "", text));
    ASSERT_FALSE(title.empty());
    ASSERT_LE(display_width(title), 72U);
  }
}

}  // namespace
}  // namespace logdetect
