#include "pipeline/template_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/rate_change.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ComparedKind kind(std::uint64_t before, std::uint64_t after, const std::string& text = "a",
                  Alarm alarm = Alarm::kNone) {
  ComparedKind out;
  out.change.text = text;
  out.change.alarm = alarm;
  out.change.before = before;
  out.change.after = after;
  out.change.before_rate = static_cast<double>(before);
  out.change.after_rate = static_cast<double>(after);
  out.change.factor = before > 0 && after > 0 ? static_cast<double>(after) / static_cast<double>(before) : 0;
  return out;
}

std::vector<std::string> texts(const std::vector<TemplateChange>& changes) {
  std::vector<std::string> out;
  for (const TemplateChange& change : changes) {
    out.push_back(change.text);
  }
  return out;
}

TEST(CompareKinds, AddsUpTheTemplatesOfAKin) {
  const std::vector<ComparedTemplate> before = {{"user anna", Alarm::kNone, 30, 1.5},
                                                {"user bob", Alarm::kWarning, 10, 3}};
  const std::vector<ComparedTemplate> after = {{"gone astray", Alarm::kError, 1, 1}, {"user <*>", Alarm::kNone, 60, 2}};
  const std::vector<Kin> kin = {{{0, 1}, {1}}};
  const std::vector<ComparedKind> kinds = compare_kinds(before, after, kin, {2, 4});
  ASSERT_THAT(kinds, SizeIs(1));
  const TemplateChange& change = kinds[0].change;
  EXPECT_EQ(change.text, "user <*>");
  EXPECT_EQ(change.alarm, Alarm::kWarning);
  EXPECT_EQ(change.before, 40U);
  EXPECT_EQ(change.after, 60U);
  EXPECT_DOUBLE_EQ(change.before_rate, 20);
  EXPECT_DOUBLE_EQ(change.after_rate, 15);
  EXPECT_DOUBLE_EQ(change.factor, 0.75);
  EXPECT_DOUBLE_EQ(kinds[0].dispersion, 3);
}

TEST(CompareKinds, TheTextIsThatOfTheMostFrequentTemplate) {
  const std::vector<ComparedTemplate> list = {{"few", Alarm::kNone, 1, 1},
                                              {"most", Alarm::kNone, 5, 1},
                                              {"as many", Alarm::kNone, 5, 1},
                                              {"fewer", Alarm::kNone, 4, 1}};
  const std::vector<Kin> gone = {{{0, 1, 2, 3}, {}}, {{0, 1, 3}, {}}};
  const std::vector<ComparedKind> kinds = compare_kinds(list, {}, gone, {1, 1});
  EXPECT_EQ(kinds[0].change.text, "as many");
  EXPECT_EQ(kinds[1].change.text, "most");
  EXPECT_EQ(kinds[0].change.after, 0U);
  EXPECT_DOUBLE_EQ(kinds[0].change.factor, 0);
  EXPECT_DOUBLE_EQ(kinds[0].dispersion, 1);
}

TEST(TrafficFactor, IsTheMedianOfKindsThatCanTell) {
  std::vector<ComparedKind> kinds = {kind(20, 40), kind(100, 300), kind(40, 20), kind(30, 60)};
  EXPECT_DOUBLE_EQ(traffic_factor(kinds), 1) << "four are too few";
  kinds.push_back(kind(20, 100));
  EXPECT_DOUBLE_EQ(traffic_factor(kinds), 2);
  kinds.back() = kind(19, 95);  // too few records
  EXPECT_DOUBLE_EQ(traffic_factor(kinds), 1);
  kinds.back() = kind(95, 19);
  EXPECT_DOUBLE_EQ(traffic_factor(kinds), 1);
  EXPECT_DOUBLE_EQ(traffic_factor({}), 1);
}

TEST(FindChanges, WhatIsNewIsAlwaysListed) {
  const TemplateChanges changes = find_changes({kind(0, 1, "once"), kind(0, 500, "often")}, {1, 1});
  EXPECT_THAT(texts(changes.added), ElementsAre("often", "once"));
  EXPECT_THAT(changes.gone, IsEmpty());
  EXPECT_THAT(changes.changed, IsEmpty());
  EXPECT_EQ(changes.steady, 0U);
}

TEST(FindChanges, WhatIsGoneMayBeChance) {
  const TemplateChanges changes = find_changes({kind(2, 0, "rare"), kind(100, 0, "frequent")}, {1, 1});
  ASSERT_THAT(texts(changes.gone), ElementsAre("frequent", "rare"));
  EXPECT_FALSE(changes.gone[0].chance);
  EXPECT_LT(changes.gone[0].p_value, 0.01);
  EXPECT_TRUE(changes.gone[1].chance);
}

TEST(FindChanges, AFactorOfOneAndAHalfIsTheLeast) {
  // So many records that chance plays no part.
  EXPECT_THAT(find_changes({kind(1'000'000, 1'500'000)}, {1, 1}).changed, SizeIs(1));
  EXPECT_THAT(find_changes({kind(1'000'000, 1'499'999)}, {1, 1}).changed, IsEmpty());
  EXPECT_EQ(find_changes({kind(1'000'000, 1'499'999)}, {1, 1}).steady, 1U);
  EXPECT_THAT(find_changes({kind(1'500'000, 1'000'000)}, {1, 1}).changed, SizeIs(1));
  EXPECT_THAT(find_changes({kind(1'499'999, 1'000'000)}, {1, 1}).changed, IsEmpty());
}

TEST(FindChanges, AFactorThatMayBeChanceIsNone) {
  EXPECT_THAT(find_changes({kind(4, 8)}, {1, 1}).changed, IsEmpty());
  EXPECT_THAT(find_changes({kind(400, 800)}, {1, 1}).changed, SizeIs(1));
  std::vector<ComparedKind> wavering = {kind(400, 800)};
  wavering[0].dispersion = 30;
  EXPECT_THAT(find_changes(wavering, {1, 1}).changed, IsEmpty()) << "its rate wavers anyway";
}

TEST(FindChanges, TheTestIsAgainstTheTrafficAndTheLengthOfTheLogs) {
  // The later log is three times as long, and twice as busy on the whole.
  std::vector<ComparedKind> kinds;
  for (int i = 0; i < 6; ++i) {
    kinds.push_back(kind(1000, 6000, "as all"));
  }
  kinds.push_back(kind(1000, 3000, "not busier"));
  for (ComparedKind& one : kinds) {
    one.change.after_rate /= 3;
    one.change.factor /= 3;
  }
  const TemplateChanges changes = find_changes(kinds, {1, 3});
  EXPECT_DOUBLE_EQ(changes.traffic, 2);
  EXPECT_THAT(texts(changes.changed), ElementsAre("not busier"));
  EXPECT_EQ(changes.steady, 6U);
  EXPECT_DOUBLE_EQ(changes.changed[0].p_value, rate_change_p_value(1000, 3000, 6, 1));
}

TEST(FindChanges, OneInAHundredOfTheListedIsChance) {
  // At this count a fall to nothing has p about 0.008: enough alone, not among a hundred steady ones.
  const ComparedKind fell = kind(9, 0, "fell");
  const double p_value = rate_change_p_value(9, 0, 1, 1);
  ASSERT_LT(p_value, 0.01);
  ASSERT_GT(p_value, 0.0001);
  EXPECT_FALSE(find_changes({fell}, {1, 1}).gone[0].chance);
  std::vector<ComparedKind> kinds(100, kind(50, 50, "steady"));
  kinds.push_back(fell);
  EXPECT_TRUE(find_changes(kinds, {1, 1}).gone[0].chance);
  std::vector<ComparedKind> with_new(100, kind(0, 50, "new"));
  with_new.push_back(fell);
  EXPECT_FALSE(find_changes(with_new, {1, 1}).gone[0].chance) << "what is new needs no test";
}

TEST(FindChanges, ErrorsComeFirst) {
  const TemplateChanges changes = find_changes(
      {kind(0, 9, "quiet b"), kind(0, 9, "quiet a"), kind(0, 1, "error", Alarm::kError),
       kind(0, 5, "warning", Alarm::kWarning), kind(0, 99, "frequent"), kind(1, 0, "maybe", Alarm::kError),
       kind(1000, 0, "surely"), kind(1000, 0, "surely failed", Alarm::kError), kind(2000, 0, "surely often"),
       kind(1000, 2000, "twice"), kind(1000, 9000, "nine times"), kind(1000, 1600, "worse", Alarm::kError)},
      {1, 1});
  EXPECT_THAT(texts(changes.added), ElementsAre("error", "warning", "frequent", "quiet a", "quiet b"));
  EXPECT_THAT(texts(changes.gone), ElementsAre("surely failed", "surely often", "surely", "maybe"));
  EXPECT_THAT(texts(changes.changed), ElementsAre("worse", "nine times", "twice"));
}

TEST(FindChanges, ChangesThatAreEqualInAllAreAllListed) {
  const std::vector<ComparedKind> kinds(5000, kind(0, 9, "same"));
  EXPECT_THAT(find_changes(kinds, {1, 1}).added, SizeIs(5000));
}

}  // namespace
}  // namespace logdetect
