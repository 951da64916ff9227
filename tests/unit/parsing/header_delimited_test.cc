#include "parsing/header_delimited.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

std::string described(const std::optional<HeaderPlan>& plan) {
  if (!plan) {
    return "none";
  }
  HeaderPlan copy = *plan;
  copy.kind = HeaderPlan::Kind::kSteps;
  return copy.describe();
}

std::string bars(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  return described(plan_delimited('|', views));
}

/// `n` lines of time, level, process and component, then `others` of plain text.
std::vector<std::string> log_of(int n, int others = 0) {
  std::vector<std::string> lines;
  for (int i = 0; i < n; ++i) {
    lines.push_back("2024-05-06 08:00:0" + std::to_string(i % 10) + "|INFO|" + std::to_string(800 + i % 3) +
                    "|depot|moved a box " + std::to_string(i));
  }
  lines.insert(lines.end(), static_cast<std::size_t>(others), "a line of text");
  return lines;
}

TEST(PlanDelimited, FieldsAreKnownByTheirValues) {
  EXPECT_EQ(bars(log_of(20)), "<time>|<level>|<pid>|<component>|<message>");
}

TEST(PlanDelimited, NineLinesInTenAreNotEnough) {
  EXPECT_EQ(bars(log_of(18, 2)), "none");
  EXPECT_NE(bars(log_of(91, 9)), "none");
}

TEST(PlanDelimited, AFieldOfTextIsTheMessage) {
  std::vector<std::string> lines;
  for (int i = 0; i < 20; ++i) {
    lines.push_back("INFO|depot|a box was moved|and then another|" + std::to_string(i));
  }
  EXPECT_EQ(bars(lines), "<level>|<component>|<message>");
}

TEST(PlanDelimited, OneColumnIsNoHeader) {
  std::vector<std::string> lines(20, "INFO|a box was moved|and then another");
  EXPECT_EQ(bars(lines), "none");
  EXPECT_EQ(bars({}), "none");
}

TEST(PlanDelimited, ALaterColumnMustHoldFewValues) {
  std::vector<std::string> few;
  std::vector<std::string> many;
  for (int i = 0; i < 20; ++i) {
    few.push_back("INFO|depot|7|x" + std::to_string(i % 2) + "|y" + std::to_string(i % 8) + "|text");
    many.push_back("INFO|depot|7|x" + std::to_string(i % 2) + "|y" + std::to_string(i % 9) + "|text");
  }
  EXPECT_EQ(bars(few), "<level>|<component>|<pid>|<skip>|<skip>|<message>");
  EXPECT_EQ(bars(many), "<level>|<component>|<pid>|<skip>|<message>");
}

TEST(PlanDelimited, ANameBeforeADashIsOneMoreColumn) {
  std::vector<std::string> lines;
  for (int i = 0; i < 20; ++i) {
    lines.push_back("2024-05-06 08:00:00|INFO|store.py - moved a box " + std::to_string(i));
  }
  EXPECT_EQ(bars(lines), "<time>|<level>|<component> - <message>");
}

std::string colons(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  return described(plan_level_colon(views));
}

TEST(PlanLevelColon, IsLevelNameMessage) {
  EXPECT_EQ(colons({"INFO:store.main:moved a box", "WARNING:store-2:lost: a box"}), "<level>:<component>:<message>");
  EXPECT_EQ(colons({"INFO:store main:moved a box"}), "none") << "a name has no blank";
  EXPECT_EQ(colons({"INFO::moved a box"}), "none");
  EXPECT_EQ(colons({"store:INFO:moved a box"}), "none");
  EXPECT_EQ(colons({"INFO: moved a box"}), "none");
}

TEST(PlanLevelColon, NineLinesInTenAreNotEnough) {
  std::vector<std::string> lines(9, "INFO:store:moved a box");
  lines.emplace_back("text");
  EXPECT_EQ(colons(lines), "none");
  lines.insert(lines.end(), 10, "INFO:store:moved a box");
  EXPECT_EQ(colons(lines), "<level>:<component>:<message>");
}

}  // namespace
}  // namespace logdetect
