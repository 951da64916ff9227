#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "logdetect/reading/plan_chooser.h"
#include "unit/reading/reading_lines.h"

namespace logdetect {
namespace {

using namespace testing_support;

using Lines = std::vector<std::string>;

/// How the last of these records of source 0 is read.
std::string layout(PlanChooser& chooser, const Lines& lines, std::uint16_t source = 0) {
  return chooser.plans_for(batch_of(SourceId(source), lines)).back().plan->describe();
}

const std::string kDated = plan_of(dated_line).describe();
const std::string kSyslog = plan_of(syslog_line).describe();
const std::string kBracketed = "<time> [<level>] <message>";

/// Two plans of which neither reads the lines of the other.
std::vector<HeaderPlan> both_plans() {
  return {*plan_of_pattern("<time> <level> <component>: <message>"), *plan_of_pattern(kBracketed)};
}

TEST(PlanChoice, AKnownPlanMustReadHalfOfTheLines) {
  HeaderPlan odd = *plan_of_pattern("<time> <level> <message>");
  odd.strict = true;
  PlanChooser half({odd}, false, 2000);
  EXPECT_EQ(layout(half, {dated_line(1), dated_line(2), "words", "words"}), odd.describe());
  PlanChooser less({odd}, false, 2000);
  EXPECT_NE(layout(less, {dated_line(1), "words", "words"}), odd.describe());
}

TEST(PlanChoice, OfTwoKnownPlansTheOneThatReadsMoreIsTaken) {
  for (const bool turned : {false, true}) {
    std::vector<HeaderPlan> known = both_plans();
    if (turned) {
      std::swap(known[0], known[1]);
    }
    PlanChooser chooser(known, false, 2000);
    EXPECT_EQ(layout(chooser, {dated_line(1), bracketed_line(2), bracketed_line(3)}), kBracketed);
    EXPECT_EQ(layout(chooser, {dated_line(1), dated_line(2), bracketed_line(3)}, 1), kDated);
    EXPECT_EQ(layout(chooser, {dated_line(1), bracketed_line(2)}, 2), known[0].describe()) << "else the first of them";
  }
}

TEST(PlanChoice, AFixedPlanIsTakenWhateverTheLines) {
  PlanChooser chooser(both_plans(), true, 2000);
  EXPECT_EQ(layout(chooser, {bracketed_line(1), bracketed_line(2)}), kDated);
  PlanChooser none({}, true, 2000);
  EXPECT_EQ(layout(none, lines_of(syslog_line, 50)), kSyslog) << "without one it must be found";
}

TEST(PlanChoice, OnlyTheFirstLinesOfABatchDecide) {
  const Lines lines{dated_line(1), dated_line(2), bracketed_line(3), bracketed_line(4), bracketed_line(5)};
  PlanChooser four(both_plans(), false, 4);
  EXPECT_EQ(layout(four, lines), kDated);
  PlanChooser five(both_plans(), false, 5);
  EXPECT_EQ(layout(five, lines), kBracketed);
}

TEST(PlanChoice, TheFirstRecordsDecideWhereSoManyAreAskedFor) {
  const Lines lines{dated_line(1), bracketed_line(2), bracketed_line(3), dated_line(4), dated_line(5)};
  for (const std::size_t size : {1U, 5U}) {
    for (const auto& [fewest, wanted] : {std::pair{3U, kBracketed}, std::pair{4U, kDated}, std::pair{5U, kDated}}) {
      PlanChooser chooser(both_plans(), false, 2000, fewest);
      for (std::size_t at = 0; at < lines.size(); at += size) {
        layout(chooser, Lines(lines.begin() + static_cast<std::ptrdiff_t>(at),
                              lines.begin() + static_cast<std::ptrdiff_t>(at + size)));
      }
      EXPECT_EQ(layout(chooser, {"words"}), wanted) << fewest << " in batches of " << size;
    }
  }
}

TEST(PlanChoice, UntilThenEachRecordGoesByThoseSeenSoFar) {
  PlanChooser chooser(both_plans(), false, 2000, 10);
  const auto spans = chooser.plans_for(
      batch_of(SourceId(0), {bracketed_line(1), dated_line(2), bracketed_line(3), bracketed_line(4), dated_line(5)}));
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0].begin, 0U);
  EXPECT_EQ(spans[0].plan->describe(), kBracketed);
  EXPECT_EQ(spans[1].begin, 1U);
  EXPECT_EQ(spans[1].plan->describe(), kDated) << "a draw goes to the first";
  EXPECT_EQ(spans[2].begin, 2U);
  EXPECT_EQ(spans[2].plan->describe(), kBracketed);
}

TEST(PlanChoice, OfARecordOfSeveralLinesTheFirstCounts) {
  PlanChooser chooser({}, false, 2000);
  Lines lines = lines_of(dated_line, 50);
  for (std::string& line : lines) {
    line += "\n    at org.example.Depot.run(Depot.java:7)";
  }
  EXPECT_EQ(layout(chooser, lines), kDated);
}

TEST(PlanChoice, AnObjectIsKnownByAllOfItsLines) {
  PlanChooser chooser({}, false, 2000);
  Lines lines;
  for (int i = 0; i < 30; ++i) {
    lines.push_back("{\n  \"level\": \"info\",\n  \"message\": \"box " + std::to_string(i) + "\"\n}");
  }
  EXPECT_EQ(chooser.plans_for(batch_of(SourceId(0), lines)).front().plan->kind, HeaderPlan::Kind::kJson);
}

std::vector<HeaderPlan> many_plans(std::size_t count) {
  std::vector<HeaderPlan> plans;
  for (std::size_t i = 0; i < count; ++i) {
    plans.push_back(*plan_of_pattern("<time> !" + std::string(i, '!') + " <level> <message>"));
  }
  return plans;
}

TEST(PlanChoice, BeyondTheMostPlansTheFirstMustDo) {
  PlanChooser full(many_plans(kMaxPlans), false, 2000);
  EXPECT_EQ(layout(full, lines_of(syslog_line, 50)), many_plans(1)[0].describe());
  PlanChooser room(many_plans(kMaxPlans - 1), false, 2000);
  EXPECT_EQ(layout(room, lines_of(syslog_line, 50)), kSyslog);
  EXPECT_EQ(layout(room, lines_of(plain_line, 50), 1), many_plans(1)[0].describe());
}

TEST(PlanChoice, NoMoreThanTheMostPlansAreInUse) {
  PlanChooser chooser(many_plans(kMaxPlans), false, 2000);
  const auto marked_lines = [](std::size_t i) {
    return Lines(20, "2024-01-15 03:42:17 !" + std::string(i, '!') + " INFO box");
  };
  for (std::size_t i = 0; i < kMaxPlans; ++i) {
    EXPECT_EQ(layout(chooser, marked_lines(i), static_cast<std::uint16_t>(i)), many_plans(i + 1).back().describe());
  }
  layout(chooser, marked_lines(0), kMaxPlans);
  EXPECT_EQ(chooser.used().size(), kMaxPlans);
  layout(chooser, lines_of(syslog_line, 1000), 0);
  EXPECT_EQ(chooser.take_notes().size(), 1U) << "source 0 now has a plan that no other one has";
  EXPECT_EQ(chooser.used().size(), kMaxPlans);
}

TEST(PlanChoice, PlansInUseAreToldOnceInTheOrderOfTheirSources) {
  PlanChooser chooser({}, false, 2000);
  EXPECT_TRUE(chooser.used().empty());
  layout(chooser, lines_of(dated_line, 50), 7);
  layout(chooser, lines_of(syslog_line, 50), 4);
  layout(chooser, lines_of(dated_line, 50), 9);
  layout(chooser, lines_of(plain_line, 50), 8);
  Lines used;
  for (const HeaderPlan& plan : chooser.used()) {
    used.push_back(plan.describe());
  }
  EXPECT_EQ(used, (Lines{kSyslog, kDated, HeaderPlan{}.describe()}));
}

TEST(PlanChoice, WhatASourceTurnedIntoIsKnownToTheNext) {
  PlanChooser chooser({}, false, 200);
  Lines lines = lines_of(dated_line, 500);
  const Lines later = lines_of(syslog_line, 1000);
  lines.insert(lines.end(), later.begin(), later.end());
  const std::string turned = layout(chooser, lines);
  EXPECT_NE(turned, kDated);
  EXPECT_EQ(chooser.take_notes().size(), 1U);
  EXPECT_TRUE(chooser.take_notes().empty()) << "each is told once";
  EXPECT_EQ(layout(chooser, lines_of(dated_line, 50), 1), turned);
  EXPECT_EQ(layout(chooser, lines_of(syslog_line, 50), 2), turned);
}

/// What is said of a fixed plan when the records looked at, every sixteenth, fit or not.
Lines misfits(const std::vector<bool>& fitting) {
  PlanChooser chooser({plan_of(dated_line)}, true, 2000);
  for (std::size_t look = 0; look < fitting.size(); ++look) {
    Lines lines = lines_of(dated_line, look + 1 < fitting.size() ? 16 : 1);
    lines[0] = fitting[look] ? dated_line(1) : plain_line(1);
    chooser.plans_for(batch_of(SourceId(0), lines));
  }
  Lines notes;
  for (const PlanNote& note : chooser.misfits()) {
    EXPECT_EQ(note.source, SourceId(0));
    EXPECT_EQ(note.line, 0U);
    notes.push_back(note.text);
  }
  return notes;
}

TEST(PlanChoice, AFormatIsSaidNotToFitWhenLessThanHalfOfTheLinesDo) {
  EXPECT_TRUE(misfits({true, true, true, true, false, false, false, false}).empty());
  const Lines said = misfits({true, true, false, false, false, false, false, false});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].starts_with("only 25 % of the lines fit the log format " + kDated + ";")) << said[0];
}

TEST(PlanChoice, EightLinesMustBeSeenToJudgeAFormat) {
  EXPECT_TRUE(misfits(std::vector<bool>(7, false)).empty());
  EXPECT_EQ(misfits(std::vector<bool>(8, false)).size(), 1U);
}

TEST(PlanChoice, OnlyAGivenFormatWithColumnsCanMisfit) {
  PlanChooser found({plan_of(dated_line)}, false, 2000);
  found.plans_for(batch_of(SourceId(0), lines_of(plain_line, 500)));
  EXPECT_TRUE(found.misfits().empty());
  PlanChooser none({HeaderPlan{}}, true, 2000);
  none.plans_for(batch_of(SourceId(0), lines_of(dated_line, 500)));
  EXPECT_TRUE(none.misfits().empty());
}

}  // namespace
}  // namespace logdetect
