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

// A sum of thresholds over two templates.
Severity severity_of(Level level, double sum) {
  return incident_severity(
      with({at(0).of(1).level(level).strength(sum / 2), at(1).of(2).level(level).strength(sum / 2)}));
}

TEST(Severity, RowsOfTheTableBeginWhereItSays) {
  using enum Severity;
  struct Row {
    double sum;
    Severity calm, warning, error, critical;
  };
  for (const Row& row : {Row{1.99, kLow, kLow, kMedium, kHigh}, Row{2, kLow, kMedium, kMedium, kHigh},
                         Row{3.99, kLow, kMedium, kMedium, kHigh}, Row{4, kMedium, kMedium, kHigh, kCritical},
                         Row{5.99, kMedium, kMedium, kHigh, kCritical}, Row{6, kMedium, kHigh, kCritical, kCritical}}) {
    for (const Level level : {Level::kTrace, Level::kInfo, Level::kNotice}) {
      EXPECT_EQ(severity_of(level, row.sum), row.calm) << row.sum;
    }
    for (const Level level : {Level::kUnknown, Level::kWarning}) {
      EXPECT_EQ(severity_of(level, row.sum), row.warning) << row.sum;
    }
    EXPECT_EQ(severity_of(Level::kError, row.sum), row.error) << row.sum;
    for (const Level level : {Level::kCritical, Level::kFatal}) {
      EXPECT_EQ(severity_of(level, row.sum), row.critical) << row.sum;
    }
  }
}

TEST(Severity, ATemplateCountsWithFourThresholdsAtMost) {
  const auto beside = [](double strength) {
    return incident_severity(with(
        {at(0).of(1).level(Level::kWarning).strength(1000), at(1).of(2).level(Level::kWarning).strength(strength)}));
  };
  EXPECT_EQ(beside(1.99), Severity::kMedium);
  EXPECT_EQ(beside(2), Severity::kHigh);
}

TEST(Severity, WhatIsWeakOrWithoutAThresholdCountsLittle) {
  const auto beside = [](double strength, double threshold) {
    Finding other = at(1).of(2).level(Level::kWarning).strength(strength);
    other.verdict.threshold = threshold;
    return incident_severity(with({at(0).of(1).level(Level::kWarning).strength(1.5), other}));
  };
  EXPECT_EQ(beside(0.4, 5), Severity::kLow);
  EXPECT_EQ(beside(0.5, 5), Severity::kMedium);
  EXPECT_EQ(beside(9, 0), Severity::kMedium) << "one threshold: 2.5 together";
  EXPECT_EQ(beside(-9, 5), Severity::kLow);
  const auto alone = [](double threshold) {
    Finding finding = at(0).level(Level::kWarning).strength(9);
    finding.verdict.threshold = threshold;
    return incident_severity(with({finding}));
  };
  EXPECT_EQ(alone(0), Severity::kLow);
  EXPECT_EQ(alone(20), Severity::kMedium);
}

TEST(Severity, OfADeploymentIsLow) {
  Incident incident = with({at(0).level(Level::kInfo).strength(4)});
  EXPECT_EQ(incident_severity(incident), Severity::kMedium);
  incident.deployment = true;
  EXPECT_EQ(incident_severity(incident), Severity::kLow);
}

TEST(Severity, HabitsCountWhereThereIsNothingElse) {
  Finding habit = at(0).level(Level::kError).strength(4);
  habit.habitual = true;
  Incident incident = with({habit});
  incident.habitual = true;
  EXPECT_EQ(incident_severity(incident), Severity::kHigh);
}

TEST(Title, LeavesOutMarksNumbersAndPlaceholders) {
  for (const char c : {'A', 'Z', 'a', 'z', '0', '9', '\x80', '\xff'}) {
    const std::string word = "Q" + std::string(1, c);
    EXPECT_EQ(incident_title(titled(word + " k", "")), word + " k") << "part of the word: " << int{c};
  }
  for (const char c : {'/', ':', '@', '[', '`', '{', '\x7f', '.', '-'}) {
    EXPECT_EQ(incident_title(titled(c + std::string("Qk") + c + " rest", "")), "Qk rest") << "a mark: " << c;
    EXPECT_EQ(incident_title(titled("Q" + std::string(1, c) + "k", "")), "Q" + std::string(1, c) + "k");
  }
  EXPECT_EQ(incident_title(titled("0 17 9 9:0 a1 b", "")), "A1 b");
  EXPECT_EQ(incident_title(titled("disk=<ID> is a<b or a>b, <*>ms", "")), "Is a<b or a>b");
  EXPECT_EQ(incident_title(titled("a\tb\r\nc  d ", "")), "A b c d");
  EXPECT_EQ(incident_title(titled("A Z", "")), "A Z");
  EXPECT_EQ(incident_title(titled("zebra", "")), "Zebra");
  EXPECT_EQ(incident_title(titled("apple", "")), "Apple");
}

std::string words(std::size_t count, const std::string& word) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += word + ' ';
  }
  return text;
}

TEST(Title, HasSixWordsTheEarliestOfEquallyTellingOnes) {
  EXPECT_EQ(incident_title(titled("a b c d e f", "")), "A b c d e f");
  EXPECT_EQ(incident_title(titled("a b c d e f g", "")), "A b c d e f");
  EXPECT_EQ(incident_title(titled("a b c d e f g", "a b c d e f")), "B c d e f g") << "the last stretch counts too";
  EXPECT_EQ(incident_title(titled("a b c d e f g", "a b c d e f g")), "A b c d e f") << "nothing telling";
  EXPECT_EQ(incident_title(titled("a b X d e f g h Y j k l", "a b d e f g h j k l")), "A b X d e f");
}

TEST(Title, Reads256WordsOfATemplate) {
  EXPECT_EQ(incident_title(titled(words(255, "k") + "odd", "k")), "K k k k k odd");
  EXPECT_EQ(incident_title(titled(words(256, "k") + "odd", "k")), "K k k k k k");
}

TEST(Title, KeepsComponentsOf24Columns) {
  const std::string fits = "org.example.storage.Bloc";
  ASSERT_EQ(fits.size(), 24U);
  EXPECT_EQ(incident_title(titled("lost", "", fits)), fits + ": lost");
  for (const char mark : {'.', '/', ':', '\\'}) {
    const std::string longer = "org-example-storage" + std::string(1, mark) + "Block";
    EXPECT_EQ(incident_title(titled("lost", "", longer)), "Block: lost");
  }
  const std::string whole = "org-example-storage-Block";
  EXPECT_EQ(incident_title(titled("lost", "", whole)), whole + ": lost") << "nowhere to cut";
  EXPECT_EQ(incident_title(titled("lost", "", whole + '.')), whole + ".: lost") << "nothing behind the cut";
}

TEST(Title, HasAtMost72Columns) {
  EXPECT_EQ(incident_title(titled(std::string(72, 'W'), "")), std::string(72, 'W'));
  EXPECT_NE(incident_title(titled(std::string(73, 'W'), "")), std::string(73, 'W'));
  EXPECT_EQ(display_width(incident_title(titled(std::string(73, 'W'), ""))), 72U);
}

TEST(Title, OfPlaceholdersIsTheFirstLineOfTheMessage) {
  EXPECT_EQ(incident_title(titled("<*>", "", "", "first one\nsecond one")), "First one");
  EXPECT_EQ(incident_title(titled("<*>", "", "", "77 %%\nsecond one")), "Unusual lines");
  EXPECT_EQ(incident_title(titled("<*>", "", "db", "77 %%")), "db: unusual lines");
}

TEST(Title, OfADeploymentIsTheLineThatToldOfIt) {
  Incident incident = with({at(0).of(1).strength(9), at(1).of(2), at(2).of(3)});
  incident.findings[1].deployment = true;
  incident.findings[2].deployment = true;
  EXPECT_EQ(incident_title(incident), "Template numberb");
  incident.deployment = true;
  EXPECT_EQ(incident_title(incident), "Template numberc") << "the first such line";
  incident.findings[1].deployment = incident.findings[2].deployment = false;
  EXPECT_EQ(incident_title(incident), "Template numberb") << "announced from outside";
}

TEST(Title, WithoutItsWorstFindingIsGeneral) {
  Incident incident = with({at(0)});
  incident.worst_finding = 1;
  EXPECT_EQ(incident_title(incident), "Unusual lines");
}

TEST(Title, NamesTheKindOfABout) {
  Incident incident = with({at(0)});
  incident.findings[0].bout.emplace();
  EXPECT_EQ(incident_title(incident), "Burst: Template numberb");
  incident.findings[0].bout->kind = BoutKind::kSilence;
  EXPECT_EQ(incident_title(incident), "Silence: Template numberb");
}

TEST(Lacking, IsSaidOfWholeSessionsOnly) {
  Finding finding = at(0);
  finding.whole_session = true;
  EXPECT_EQ(lacking(finding), "") << "without a reason";
  finding.reasons.emplace_back().kind = reasons::kSlow;
  EXPECT_EQ(lacking(finding), "");
  finding.reasons[0].kind = reasons::kMissingStep;
  EXPECT_EQ(lacking(finding), "missing");
  finding.reasons[0].observed = 0.5;
  EXPECT_EQ(lacking(finding), "too few");
  finding.whole_session = false;
  EXPECT_EQ(lacking(finding), "");
}

}  // namespace
}  // namespace logdetect
