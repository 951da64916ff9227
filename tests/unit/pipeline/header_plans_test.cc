#include "pipeline/header_plans.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

RecordBatch batch_of(std::uint16_t source, const std::vector<std::string>& lines) {
  RecordBatch batch;
  std::uint64_t number = 0;
  for (const std::string& line : lines) {
    batch.append(line, {SourceId(source), 0, ++number, line.size() + 1}, 1, false);
  }
  return batch;
}

std::vector<std::string> dated_lines(int n) {
  std::vector<std::string> lines;
  for (int i = 0; i < n; ++i) {
    lines.push_back("2024-01-15 03:42:" + std::to_string(10 + i % 50) + " INFO server: request " + std::to_string(i));
  }
  return lines;
}

TEST(PlanChooser, FilesWithoutHeaderShareOnePlan) {
  PlanChooser chooser({}, false, 2000);
  for (std::uint16_t source = 0; source < 40; ++source) {
    chooser.plan_for(batch_of(source, {"just words", "and more of them", "number " + std::to_string(source)}));
  }
  EXPECT_EQ(chooser.used().size(), 1U);
}

TEST(PlanChooser, AnotherLayoutGetsItsOwnPlanAndKeepsIt) {
  PlanChooser chooser({}, false, 2000);
  const auto dated = chooser.plan_for(batch_of(0, dated_lines(50)));
  const auto plain = chooser.plan_for(batch_of(1, {"just words", "and more of them"}));
  EXPECT_NE(dated, plain);
  EXPECT_EQ(chooser.plan_for(batch_of(0, {"just words now"})), dated) << "a source keeps its plan";
  EXPECT_EQ(chooser.plan_for(batch_of(2, dated_lines(30))), dated);
}

TEST(PlanChooser, FewLinesLeaveTheChoiceOpen) {
  PlanChooser first({}, false, 2000);
  const HeaderPlan dated = *first.plan_for(batch_of(0, dated_lines(50)));
  PlanChooser chooser({HeaderPlan{}, dated}, false, 2000, 20);
  EXPECT_EQ(chooser.plan_for(batch_of(7, dated_lines(2)))->describe(), dated.describe());
  EXPECT_EQ(chooser.plan_for(batch_of(7, {"words"}))->kind, HeaderPlan::Kind::kNone);
}

TEST(ConfiguredPlans, UnknownNamesAreHelped) {
  HeaderOptions options;
  options.format = "syslog_rfc3165";
  const auto plans = configured_plans(options);
  ASSERT_FALSE(plans.ok());
  EXPECT_NE(plans.error().hint.find("syslog_rfc3164"), std::string::npos);
}

TEST(PrepareInputs, OneBadNameIsAProblemAndAllBadAreAnError) {
  const std::string good = std::string(LOGDETECT_SOURCE_DIR) + "/README.md";
  const auto some = prepare_inputs({"no-such-file", good}, {}, nullptr);
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some->inputs.size(), 1U);
  EXPECT_EQ(some->problems.size(), 1U);
  const auto none = prepare_inputs({"no-such-file"}, {}, nullptr);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kInput);
}

}  // namespace
}  // namespace logdetect
