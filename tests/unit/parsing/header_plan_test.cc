// Plans as text for people, and as bytes of a model.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

HeaderPlan plan_of_steps(std::vector<HeaderStep> steps) {
  HeaderPlan plan;
  plan.kind = HeaderPlan::Kind::kSteps;
  plan.steps = std::move(steps);
  return plan;
}

HeaderPlan plan_of_kind(HeaderPlan::Kind kind, std::string name = "auto") {
  HeaderPlan plan;
  plan.kind = kind;
  plan.name = std::move(name);
  return plan;
}

std::string bytes_of(const HeaderPlan& plan) {
  ByteWriter out;
  plan.save(out);
  return out.take();
}

/// Whether these bytes are a plan and nothing more.
bool loads(const std::string& bytes) {
  ByteReader in(bytes, "test");
  return HeaderPlan::load(in).ok() && in.finish().ok();
}

/// Whether the plan comes back as it was.
bool comes_back(const HeaderPlan& plan) {
  const std::string bytes = bytes_of(plan);
  ByteReader in(bytes, "test");
  const auto back = HeaderPlan::load(in);
  return back.ok() && in.finish().ok() && bytes_of(*back) == bytes;
}

TEST(DescribePlan, EachStepHasItsForm) {
  const auto step = [](Kind kind, HeaderField field, std::string literal = {}) {
    return plan_of_steps({{kind, field, std::move(literal)}}).describe();
  };
  EXPECT_EQ(step(Kind::kTimestamp, HeaderField::kTime), "<time> <message>");
  EXPECT_EQ(step(Kind::kToken, HeaderField::kHost), "<host> <message>");
  EXPECT_EQ(step(Kind::kBracketed, HeaderField::kLevel), "[<level>] <message>");
  EXPECT_EQ(step(Kind::kBracketed, HeaderField::kLevel, "["), "[<level>] <message>");
  EXPECT_EQ(step(Kind::kBracketed, HeaderField::kPid, "("), "(<pid>) <message>");
  EXPECT_EQ(step(Kind::kBracketed, HeaderField::kSkip, "<"), "<<skip>> <message>");
  EXPECT_EQ(step(Kind::kBracketed, HeaderField::kSkip, "{"), "{<skip>} <message>");
  EXPECT_EQ(step(Kind::kNameColon, HeaderField::kComponent), "<component>: <message>");
  EXPECT_EQ(step(Kind::kSeparator, HeaderField::kSkip), "- <message>");
  EXPECT_EQ(step(Kind::kUntilDash, HeaderField::kComponent), "<component> - <message>");
  EXPECT_EQ(step(Kind::kUntilChar, HeaderField::kComponent, "|"), "<component>|<message>");
  EXPECT_EQ(step(Kind::kUntilChar, HeaderField::kComponent, "]"), "<component>] <message>");
  EXPECT_EQ(step(Kind::kLiteral, HeaderField::kSkip, "app:"), "app: <message>");
  EXPECT_EQ(step(Kind::kDottedName, HeaderField::kComponent), "<component> <message>");
  EXPECT_EQ(step(Kind::kLevelPair, HeaderField::kLevel), "<level>/<component> <message>");
  EXPECT_EQ(step(Kind::kPairs, HeaderField::kSkip), "<message> <key=value ...>");
  EXPECT_EQ(step(Kind::kToken, HeaderField::kMessage), "<message> <message>");
}

TEST(DescribePlan, BlanksStandWhereALineHasThem) {
  const HeaderStep host = {Kind::kToken, HeaderField::kHost, ""};
  const HeaderStep pid = {Kind::kToken, HeaderField::kPid, ""};
  EXPECT_EQ(plan_of_steps({host, pid}).describe(), "<host> <pid> <message>");
  EXPECT_EQ(plan_of_steps({host, {Kind::kPairs, HeaderField::kSkip, ""}}).describe(),
            "<host> <message> <key=value ...>");
  EXPECT_EQ(plan_of_steps({{Kind::kUntilChar, HeaderField::kHost, "|"}, pid}).describe(), "<host>|<pid> <message>");
  EXPECT_EQ(plan_of_steps({}).describe(), "<message>");
  HeaderPlan written = plan_of_steps({{Kind::kLiteral, HeaderField::kSkip, "("},
                                      host,
                                      {Kind::kLiteral, HeaderField::kSkip, "/"},
                                      pid,
                                      {Kind::kLiteral, HeaderField::kSkip, " "},
                                      {Kind::kToken, HeaderField::kLevel, ""}});
  written.strict = true;
  EXPECT_EQ(written.describe(), "(<host>/<pid> <level> <message>");
  written.strict = false;
  EXPECT_EQ(written.describe(), "( <host> / <pid> <level> <message>");
}

TEST(DescribePlan, KindsHaveNames) {
  using PlanKind = HeaderPlan::Kind;
  EXPECT_EQ(plan_of_kind(PlanKind::kNone).describe(), "<message>");
  EXPECT_EQ(plan_of_kind(PlanKind::kJson).describe(), "JSON objects");
  EXPECT_EQ(plan_of_kind(PlanKind::kLogfmt).describe(), "key=value pairs");
  EXPECT_EQ(plan_of_kind(PlanKind::kContainer).describe(), "container lines");
  EXPECT_EQ(plan_of_kind(PlanKind::kSyslog).describe(), "syslog (RFC 5424)");
  EXPECT_EQ(plan_of_kind(PlanKind::kCef).describe(), "CEF events");
  EXPECT_EQ(plan_of_kind(PlanKind::kJournal).describe(), "journal entries");
  HeaderPlan mixed = plan_of_kind(PlanKind::kMixed);
  mixed.parts = {plan_of_kind(PlanKind::kJson), plan_of_kind(PlanKind::kLogfmt)};
  EXPECT_EQ(mixed.describe(), "JSON objects | key=value pairs");
  HeaderPlan outer = plan_of_kind(PlanKind::kContainer);
  outer.inner = {plan_of_kind(PlanKind::kJson)};
  EXPECT_EQ(outer.describe(), "container lines, in its message: JSON objects");
}

TEST(SavePlan, EveryKindComesBack) {
  for (int kind = 0; kind <= static_cast<int>(HeaderPlan::Kind::kJournal); ++kind) {
    HeaderPlan plan = plan_of_kind(static_cast<HeaderPlan::Kind>(kind));
    if (plan.kind == HeaderPlan::Kind::kMixed) {
      plan.parts = {plan_of_kind(HeaderPlan::Kind::kJson)};
    }
    EXPECT_TRUE(comes_back(plan)) << kind;
  }
  std::vector<HeaderStep> steps;
  for (int kind = 0; kind <= static_cast<int>(Kind::kPairs); ++kind) {
    for (int field = 0; field < static_cast<int>(HeaderField::kMessage); ++field) {
      steps = {{static_cast<Kind>(kind), static_cast<HeaderField>(field), "x"}};
      EXPECT_TRUE(comes_back(plan_of_steps(steps))) << kind << " " << field;
    }
  }
}

TEST(SavePlan, EveryMemberComesBack) {
  HeaderPlan plan =
      plan_of_steps({{Kind::kTimestamp, HeaderField::kTime, "day-first"}, {Kind::kToken, HeaderField::kLevel, ""}});
  plan.name = "name";
  plan.columns = 2;
  plan.strict = true;
  plan.agreement = 0.75;
  plan.inner = {plan_of_kind(HeaderPlan::Kind::kJson)};
  const std::string bytes = bytes_of(plan);
  ByteReader in(bytes, "test");
  const auto back = HeaderPlan::load(in);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->kind, HeaderPlan::Kind::kSteps);
  EXPECT_EQ(back->name, "name");
  EXPECT_EQ(back->columns, 2U);
  EXPECT_TRUE(back->strict);
  EXPECT_EQ(back->agreement, 0.75);
  ASSERT_EQ(back->steps.size(), 2U);
  EXPECT_EQ(back->steps[0].kind, Kind::kTimestamp);
  EXPECT_EQ(back->steps[0].field, HeaderField::kTime);
  EXPECT_EQ(back->steps[0].literal, "day-first");
  EXPECT_EQ(back->steps[1].field, HeaderField::kLevel);
  ASSERT_EQ(back->inner.size(), 1U);
  EXPECT_EQ(back->inner[0].kind, HeaderPlan::Kind::kJson);
}

TEST(LoadPlan, StepsAndPartsHaveTheirLimits) {
  const HeaderStep shortest = {Kind::kToken, HeaderField::kSkip, ""};
  EXPECT_TRUE(comes_back(plan_of_steps(std::vector<HeaderStep>(HeaderPlan::kMaxSteps, shortest))));
  EXPECT_FALSE(loads(bytes_of(plan_of_steps(std::vector<HeaderStep>(HeaderPlan::kMaxSteps + 1, shortest)))));
  HeaderPlan mixed = plan_of_kind(HeaderPlan::Kind::kMixed);
  EXPECT_FALSE(loads(bytes_of(mixed))) << "no part at all";
  mixed.parts.assign(HeaderPlan::kMaxParts, plan_of_kind(HeaderPlan::Kind::kJson, ""));
  EXPECT_TRUE(comes_back(mixed)) << "a name may be short";
  mixed.parts.push_back(mixed.parts.back());
  EXPECT_FALSE(loads(bytes_of(mixed)));
}

TEST(LoadPlan, InnerPlansHaveTheirLimit) {
  HeaderPlan plan = plan_of_kind(HeaderPlan::Kind::kJson);
  for (std::size_t depth = 0; depth < HeaderPlan::kMaxInner; ++depth) {
    HeaderPlan outer = plan_of_kind(HeaderPlan::Kind::kContainer);
    outer.inner.push_back(plan);
    plan = outer;
    EXPECT_TRUE(comes_back(plan)) << depth;
  }
  HeaderPlan outer = plan_of_kind(HeaderPlan::Kind::kContainer);
  outer.inner.push_back(plan);
  EXPECT_FALSE(loads(bytes_of(outer)));
  HeaderPlan mixed = plan_of_kind(HeaderPlan::Kind::kMixed);
  mixed.parts = {plan, plan_of_kind(HeaderPlan::Kind::kJson)};
  EXPECT_TRUE(comes_back(mixed)) << "a part may have as many as a plan alone";
}

TEST(LoadPlan, AMixedPlanHoldsNoOther) {
  HeaderPlan mixed = plan_of_kind(HeaderPlan::Kind::kMixed);
  mixed.parts = {plan_of_kind(HeaderPlan::Kind::kJson)};
  HeaderPlan outer = plan_of_kind(HeaderPlan::Kind::kMixed);
  outer.parts = {mixed};
  EXPECT_FALSE(loads(bytes_of(outer)));
}

TEST(LoadPlan, AStepMustBeOfAKnownKindAndHaveItsText) {
  const auto step_loads = [](int kind, int field, const std::string& literal) {
    return loads(bytes_of(plan_of_steps({{static_cast<Kind>(kind), static_cast<HeaderField>(field), literal}})));
  };
  const int last = static_cast<int>(Kind::kPairs);
  EXPECT_TRUE(step_loads(last, 0, ""));
  EXPECT_FALSE(step_loads(last + 1, 0, ""));
  EXPECT_TRUE(step_loads(1, static_cast<int>(HeaderField::kSkip), ""));
  EXPECT_FALSE(step_loads(1, static_cast<int>(HeaderField::kMessage), "")) << "the message is what is left";
  EXPECT_FALSE(step_loads(1, static_cast<int>(HeaderField::kMessage) + 1, ""));
  for (const Kind kind : {Kind::kUntilChar, Kind::kLiteral}) {
    EXPECT_FALSE(step_loads(static_cast<int>(kind), 0, ""));
    EXPECT_TRUE(step_loads(static_cast<int>(kind), 0, "x"));
  }
  EXPECT_TRUE(step_loads(static_cast<int>(Kind::kLiteral), 0, std::string(256, 'x')));
  EXPECT_FALSE(step_loads(static_cast<int>(Kind::kLiteral), 0, std::string(257, 'x')));
}

TEST(LoadPlan, ColumnsAreStepsAndTheKindIsKnown) {
  HeaderPlan plan = plan_of_steps({{Kind::kToken, HeaderField::kHost, ""}});
  plan.columns = 1;
  EXPECT_TRUE(loads(bytes_of(plan)));
  plan.columns = 2;
  EXPECT_FALSE(loads(bytes_of(plan)));
  plan.columns = 0;
  plan.kind = static_cast<HeaderPlan::Kind>(static_cast<int>(HeaderPlan::Kind::kJournal) + 1);
  EXPECT_FALSE(loads(bytes_of(plan)));
}

TEST(LoadPlan, AnyCutIsNoticed) {
  HeaderPlan mixed = plan_of_kind(HeaderPlan::Kind::kMixed);
  HeaderPlan outer = plan_of_kind(HeaderPlan::Kind::kContainer);
  outer.inner = {plan_of_kind(HeaderPlan::Kind::kJson)};
  mixed.parts = {outer, plan_of_steps({{Kind::kToken, HeaderField::kHost, "abc"}})};
  const std::string bytes = bytes_of(mixed);
  ASSERT_TRUE(loads(bytes));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(loads(bytes.substr(0, n))) << n;
  }
}

TEST(LoadPlan, ABrokenPlanIsAnErrorOfTheModel) {
  const std::string nothing;
  ByteReader in(nothing, "test");
  const auto plan = HeaderPlan::load(in);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kModel);
}

}  // namespace
}  // namespace logdetect
