#include "logdetect/training/record_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

HeaderPlan plan(HeaderPlan::Kind kind, const std::string& name) {
  HeaderPlan out;
  out.kind = kind;
  out.name = name;
  return out;
}

TEST(IsStructured, ByTheKindOrTheNameOfAnyPlan) {
  using Kind = HeaderPlan::Kind;
  const auto structured = [](std::vector<HeaderPlan> plans) { return is_structured(plans); };
  EXPECT_FALSE(structured({}));
  EXPECT_FALSE(structured({plan(Kind::kNone, "none")}));
  EXPECT_FALSE(structured({plan(Kind::kSteps, "auto"), plan(Kind::kMixed, "auto")}));
  EXPECT_TRUE(structured({plan(Kind::kJson, "auto")}));
  EXPECT_TRUE(structured({plan(Kind::kLogfmt, "auto")}));
  EXPECT_TRUE(structured({plan(Kind::kJson, "none")}));
  EXPECT_TRUE(structured({plan(Kind::kSteps, "nginx")}));
  EXPECT_TRUE(structured({plan(Kind::kNone, "none"), plan(Kind::kSteps, "nginx")}));
}

std::vector<std::string> of_templates(const TemplateHealth& health, bool structured = false) {
  std::vector<std::string> out;
  advise_on_templates(health, structured, out);
  return out;
}

TemplateHealth largest(std::uint64_t records, std::uint64_t of_largest) {
  TemplateHealth health;
  health.records = records;
  health.largest = of_largest;
  health.templates = 1;
  return health;
}

TEST(AdviceOnTemplates, OneThatHoldsNearlyAll) {
  EXPECT_THAT(of_templates(largest(1000, 990)), ElementsAre(StartsWith("99 % of the records fell into one template")));
  EXPECT_THAT(of_templates(largest(1000, 1000)), ElementsAre(StartsWith("100 %")));
  EXPECT_THAT(of_templates(largest(1000, 989)), IsEmpty());
  EXPECT_THAT(of_templates(largest(999, 999)), IsEmpty()) << "of fewer than a thousand nothing is said";
  EXPECT_THAT(of_templates(largest(1000, 1000), true), IsEmpty());
  EXPECT_THAT(of_templates(largest(0, 0)), IsEmpty());
}

TemplateHealth singletons(std::uint64_t records, std::uint64_t templates, std::uint64_t once) {
  TemplateHealth health;
  health.records = records;
  health.templates = templates;
  health.singletons = once;
  return health;
}

TEST(AdviceOnTemplates, MostSeenOnce) {
  EXPECT_THAT(of_templates(singletons(799, 100, 51)), ElementsAre(StartsWith("51 % of the templates were seen once")));
  EXPECT_THAT(of_templates(singletons(800, 100, 51)), IsEmpty()) << "eight records a template";
  EXPECT_THAT(of_templates(singletons(799, 100, 50)), IsEmpty()) << "half of them";
  EXPECT_THAT(of_templates(singletons(700, 99, 99)), IsEmpty()) << "too few templates";
}

TemplateHealth growing(std::uint64_t live, std::uint64_t evicted, double growth) {
  TemplateHealth health;
  health.records = 100'000;
  health.templates = live;
  health.evicted = evicted;
  health.growth = growth;
  return health;
}

TEST(AdviceOnTemplates, ThatKeepComing) {
  EXPECT_THAT(of_templates(growing(500, 0, 0.81)), ElementsAre(StartsWith("templates keep coming")));
  EXPECT_THAT(of_templates(growing(500, 0, 0.8)), IsEmpty());
  EXPECT_THAT(of_templates(growing(499, 0, 0.9)), IsEmpty());
  EXPECT_THAT(of_templates(growing(300, 200, 0.9)),
              ElementsAre(StartsWith("templates keep coming"), StartsWith("200 rare templates")))
      << "those that were dropped came too";
}

TEST(AdviceOnTemplates, SeenOnceIsSaidInsteadOfThatTheyKeepComing) {
  TemplateHealth health = singletons(2000, 600, 500);
  health.growth = 0.95;
  EXPECT_THAT(of_templates(health), ElementsAre(HasSubstr("were seen once")));
}

TEST(AdviceOnTemplates, DroppedOnes) {
  TemplateHealth health = growing(10, 3, 0);
  health.evicted_records = 7;
  EXPECT_THAT(of_templates(health), ElementsAre(StartsWith("3 rare templates (7 records) were dropped")));
  health.evicted = 1;
  EXPECT_THAT(of_templates(health), ElementsAre(StartsWith("1 rare templates (7 records)")));
}

TEST(AdviceOnTemplates, OfNoneThereIsNone) {
  EXPECT_THAT(of_templates({}), IsEmpty());
}

std::vector<std::string> of_records(std::uint64_t records, std::uint64_t bare, std::uint64_t truncated) {
  RunSummary summary;
  summary.records = records;
  summary.records_bare = bare;
  summary.records_truncated = truncated;
  std::vector<std::string> out;
  advise_on_records(summary, out);
  return out;
}

TEST(AdviceOnRecords, HeadersThatWereNotUnderstood) {
  EXPECT_THAT(of_records(1000, 210, 0), ElementsAre(StartsWith("21 % of the records do not begin as the others do")));
  EXPECT_THAT(of_records(1000, 201, 0), ElementsAre(HasSubstr("do not begin")));
  EXPECT_THAT(of_records(1000, 200, 0), IsEmpty()) << "a fifth";
  EXPECT_THAT(of_records(999, 999, 0), IsEmpty()) << "too few records";
}

TEST(AdviceOnRecords, RecordsThatWereCut) {
  EXPECT_THAT(of_records(900, 0, 10), ElementsAre(StartsWith("1.1 % of the records were longer than the limit")));
  EXPECT_THAT(of_records(1000, 0, 10), IsEmpty()) << "one in a hundred";
  EXPECT_THAT(of_records(20, 0, 9), IsEmpty()) << "too few of them";
  EXPECT_THAT(of_records(20, 0, 10), ElementsAre(StartsWith("50 %")));
  EXPECT_THAT(of_records(0, 0, 0), IsEmpty());
}

TEST(RulesText, NamesTheFirstFive) {
  constexpr const char* kEnd = "; `logdetect ack --list` shows them, `ack --undo RULE` takes one back";
  const auto text = [&](const std::vector<std::string>& rules) { return rules_text(rules, "unused"); };
  EXPECT_EQ(text({"a"}), std::string("1 allow rule unused: a") + kEnd);
  EXPECT_EQ(text({"a", "b"}), std::string("2 allow rules unused: a, b") + kEnd);
  EXPECT_EQ(text({"a", "b", "c", "d", "e"}), std::string("5 allow rules unused: a, b, c, d, e") + kEnd);
  EXPECT_EQ(text({"a", "b", "c", "d", "e", "f"}), std::string("6 allow rules unused: a, b, c, d, e and 1 more") + kEnd);
  EXPECT_THAT(text({"a", "b", "c", "d", "e", "f", "g"}), HasSubstr("d, e and 2 more;"));
}

}  // namespace
}  // namespace logdetect
