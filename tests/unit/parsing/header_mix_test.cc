// Logs of several layouts, and plans put together.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

using Kind = HeaderPlan::Kind;
using Lines = std::vector<std::string>;

void add(Lines& lines, int n, const std::string& front) {
  for (int i = 0; i < n; ++i) {
    lines.push_back(front + "moved box " + std::to_string(100 + i));
  }
}

const std::string kIso = "2024-05-06 08:09:10 INFO depot: ";
const std::string kOldSyslog = "May  6 08:09:10 fern depot: ";

void add_json(Lines& lines, int n) {
  for (int i = 0; i < n; ++i) {
    lines.push_back(R"({"level":"info","msg":"moved box )" + std::to_string(100 + i) + R"("})");
  }
}

void add_logfmt(Lines& lines, int n) {
  for (int i = 0; i < n; ++i) {
    lines.push_back("level=info msg=\"moved box " + std::to_string(100 + i) + "\"");
  }
}

TEST(DetectMixed, AGroupOfTenLinesIsALayout) {
  for (const int n : {9, 10}) {
    Lines lines;
    add(lines, 60, kIso);
    add(lines, n, kOldSyslog);
    EXPECT_EQ(plan_of(lines).kind == Kind::kMixed, n == 10) << n;
  }
}

TEST(DetectMixed, AGroupOfOneLineInFiftyIsALayout) {
  for (const int n : {19, 20}) {
    Lines lines;
    add(lines, 1000 - n, kIso);
    add(lines, n, kOldSyslog);
    EXPECT_EQ(plan_of(lines).kind == Kind::kMixed, n == 20) << n;
  }
}

TEST(DetectMixed, ObjectsAmongTextAreALayoutUpToFourLinesInFive) {
  for (const int n : {80, 81}) {
    Lines lines;
    add_json(lines, n);
    add(lines, 100 - n, "some text that ");
    const HeaderPlan plan = plan_of(lines);
    EXPECT_EQ(plan.kind, Kind::kJson);
    EXPECT_NEAR(plan.agreement, n == 80 ? 0.8 : 0.81, 0.001);
  }
}

TEST(DetectMixed, PartsAreAskedObjectsFirstAndPairsLast) {
  Lines lines;
  add_logfmt(lines, 100);
  add(lines, 60, kOldSyslog);
  add(lines, 60, kIso);
  add_json(lines, 20);
  const HeaderPlan plan = plan_of(lines);
  ASSERT_EQ(plan.kind, Kind::kMixed);
  EXPECT_EQ(plan.describe(),
            "JSON objects | <time> <level> <component>: <message> | <time> <host> <component>: <message> | key=value "
            "pairs");
  EXPECT_EQ(plan.agreement, 1);
  EXPECT_EQ(plan.name, "auto");
}

TEST(DetectMixed, TimesOfOneFormAndPlaceAreOneLayout) {
  Lines lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back("2024-05-06 08:09:" + std::to_string(10 + i) + (i % 2 == 0 ? "" : ",123") + " INFO depot: moved");
  }
  EXPECT_EQ(plan_of(lines).kind, Kind::kSteps);
  Lines moved;
  add(moved, 30, kIso);
  add(moved, 30, "INFO 2024-05-06 08:09:10 depot: ");
  EXPECT_EQ(plan_of(moved).kind, Kind::kMixed);
}

TEST(DetectMixed, ATimeStandsAmongTheFirstFiveTokens) {
  const auto kind = [](const std::string& words) {
    Lines lines;
    add(lines, 30, kIso);
    add(lines, 30, words + " 06/May/2024:08:09:10 +0000 ");
    return plan_of(lines).kind;
  };
  EXPECT_EQ(kind("ERROR a b c"), Kind::kMixed);
  EXPECT_EQ(kind("ERROR a b c d"), Kind::kSteps);
}

TEST(DetectMixed, EscapesOfColoursAreNoLayout) {
  Lines lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back((i % 2 == 0 ? "\x1b[32m" : "") + std::string("2024-05-06 08:09:10 INFO\x1b[0m depot: moved ") +
                    std::to_string(i));
  }
  EXPECT_EQ(plan_of(lines).describe(), "<time> <level> <component>: <message>");
}

HeaderPlan steps_plan(HeaderField field, double agreement = 0.5) {
  HeaderPlan plan;
  plan.kind = Kind::kSteps;
  plan.steps = {{HeaderStep::Kind::kToken, field, ""}};
  plan.agreement = agreement;
  return plan;
}

HeaderPlan kind_plan(Kind kind, double agreement = 0.5) {
  HeaderPlan plan;
  plan.kind = kind;
  plan.agreement = agreement;
  return plan;
}

TEST(MixPlans, TwoOfOneLayoutAreOne) {
  const HeaderPlan mixed = mix_plans(steps_plan(HeaderField::kLevel, 0.5), steps_plan(HeaderField::kLevel, 0.75));
  EXPECT_EQ(mixed.kind, Kind::kSteps);
  EXPECT_EQ(mixed.agreement, 0.75);
  EXPECT_EQ(mix_plans(kind_plan(Kind::kJson, 0.9), kind_plan(Kind::kJson, 0.1)).agreement, 0.9);
}

TEST(MixPlans, TheMoreTellingIsAskedFirst) {
  const HeaderPlan level = steps_plan(HeaderField::kLevel);
  const HeaderPlan time = steps_plan(HeaderField::kTime);
  const HeaderPlan json = kind_plan(Kind::kJson);
  const HeaderPlan logfmt = kind_plan(Kind::kLogfmt);
  EXPECT_EQ(mix_plans(time, level).describe(), "<level> <message> | <time> <message>");
  EXPECT_EQ(mix_plans(level, time).describe(), "<level> <message> | <time> <message>");
  EXPECT_EQ(mix_plans(logfmt, time).describe(), "<time> <message> | key=value pairs");
  EXPECT_EQ(mix_plans(time, json).describe(), "JSON objects | <time> <message>");
  HeaderPlan both = steps_plan(HeaderField::kLevel);
  both.steps.push_back({HeaderStep::Kind::kToken, HeaderField::kTime, ""});
  EXPECT_EQ(mix_plans(level, both).describe(), "<level> <time> <message> | <level> <message>");
  HeaderPlan longer = steps_plan(HeaderField::kLevel);
  longer.steps.push_back({HeaderStep::Kind::kToken, HeaderField::kHost, ""});
  EXPECT_EQ(mix_plans(level, longer).describe(), "<level> <host> <message> | <level> <message>");
}

TEST(MixPlans, ASecondPlanThatTellsNothingIsLeftOut) {
  const HeaderPlan level = steps_plan(HeaderField::kLevel);
  const HeaderPlan host = steps_plan(HeaderField::kHost);
  EXPECT_EQ(mix_plans(level, host).describe(), "<level> <message>");
  EXPECT_EQ(mix_plans(level, HeaderPlan{}).describe(), "<level> <message>");
  EXPECT_EQ(mix_plans(host, level).describe(), "<level> <message> | <host> <message>");
}

TEST(MixPlans, PartsOfMixedPlansAreJoinedUpToEight) {
  HeaderPlan mixed = mix_plans(kind_plan(Kind::kJson), kind_plan(Kind::kLogfmt));
  ASSERT_EQ(mixed.kind, Kind::kMixed);
  mixed = mix_plans(kind_plan(Kind::kSyslog), mixed);
  EXPECT_EQ(mixed.describe(), "syslog (RFC 5424) | JSON objects | key=value pairs");
  for (int i = 0; i < 10; ++i) {
    HeaderPlan next = steps_plan(HeaderField::kLevel);
    next.steps.insert(next.steps.end(), static_cast<std::size_t>(i),
                      {HeaderStep::Kind::kToken, HeaderField::kSkip, ""});
    mixed = mix_plans(mixed, next);
    EXPECT_EQ(mixed.parts.size(), std::min<std::size_t>(4 + static_cast<std::size_t>(i), HeaderPlan::kMaxParts));
  }
}

}  // namespace
}  // namespace logdetect
