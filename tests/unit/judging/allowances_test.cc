#include "logdetect/judging/allowances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AllowancesOfAFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  void write(const std::string& yaml) const { std::ofstream(path_, std::ios::binary) << yaml; }
  static bool allows(Allowances& allowances, const std::string& message) {
    return allowances.allow(message, message, "", "", std::nullopt);
  }

  std::string path_ =
      testing::TempDir() + "allowances_test_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml";
};

TEST_F(AllowancesOfAFile, UnusedIsWhatNeverAllowedAnything) {
  write("- id: pool\n  pattern: pool exhausted <*>\n- id: beat\n  pattern: heartbeat\n");
  auto allowances = Allowances::load(path_);
  ASSERT_TRUE(allowances.ok());
  EXPECT_THAT(allowances->unused(), ElementsAre("pool", "beat"));
  EXPECT_TRUE(allows(*allowances, "pool exhausted 7"));
  EXPECT_FALSE(allows(*allowances, "disk full"));
  EXPECT_THAT(allowances->unused(), ElementsAre("beat"));
}

TEST_F(AllowancesOfAFile, RulesThatStayKeepTheirUsesWhenTheFileChanges) {
  write("- id: pool\n  pattern: pool exhausted <*>\n- id: beat\n  pattern: heartbeat\n");
  auto allowances = Allowances::load(path_);
  ASSERT_TRUE(allowances.ok());
  EXPECT_TRUE(allows(*allowances, "pool exhausted 7"));
  EXPECT_TRUE(allows(*allowances, "heartbeat"));
  write("- id: new\n  pattern: something else\n- id: renamed\n  pattern: pool exhausted <*>\n  reason: planned\n");
  ASSERT_TRUE(allowances->refresh().ok());
  EXPECT_EQ(allowances->size(), 2U);
  EXPECT_THAT(allowances->unused(), ElementsAre("new")) << "the same rule by another id";
  EXPECT_TRUE(allows(*allowances, "something else"));
  EXPECT_THAT(allowances->unused(), IsEmpty());
}

TEST_F(AllowancesOfAFile, WithoutAFileThereAreNoRulesUntilThereIsOne) {
  auto allowances = Allowances::load(path_);
  ASSERT_TRUE(allowances.ok());
  EXPECT_EQ(allowances->size(), 0U);
  EXPECT_FALSE(allows(*allowances, "heartbeat"));
  ASSERT_TRUE(allowances->refresh().ok());
  EXPECT_EQ(allowances->size(), 0U);
  write("- id: beat\n  pattern: heartbeat\n");
  ASSERT_TRUE(allowances->refresh().ok());
  EXPECT_TRUE(allows(*allowances, "heartbeat"));
  std::filesystem::remove(path_);
  ASSERT_TRUE(allowances->refresh().ok());
  EXPECT_EQ(allowances->size(), 0U);
}

TEST_F(AllowancesOfAFile, WithoutAPathThereIsNothingToRefresh) {
  auto allowances = Allowances::load("");
  ASSERT_TRUE(allowances.ok());
  EXPECT_TRUE(allowances->refresh().ok());
  EXPECT_EQ(allowances->size(), 0U);
  EXPECT_THAT(allowances->unused(), IsEmpty());
  EXPECT_FALSE(allows(*allowances, ""));
}

TEST_F(AllowancesOfAFile, UsesGoOnCountingAfterAChange) {
  write("- id: pool\n  pattern: pool exhausted <*>\n");
  auto allowances = Allowances::load(path_);
  ASSERT_TRUE(allowances.ok());
  write("- id: first\n  pattern: nothing like it\n- id: pool\n  pattern: pool exhausted <*>\n");
  ASSERT_TRUE(allowances->refresh().ok());
  EXPECT_THAT(allowances->unused(), ElementsAre("first", "pool"));
  EXPECT_TRUE(allows(*allowances, "pool exhausted 7"));
  EXPECT_THAT(allowances->unused(), ElementsAre("first"));
}

TEST_F(AllowancesOfAFile, ABrokenFileIsComplainedAboutOnce) {
  write("- patern: wrong\n");
  EXPECT_FALSE(Allowances::load(path_).ok());
  std::filesystem::remove(path_);
  auto allowances = Allowances::load(path_);
  ASSERT_TRUE(allowances.ok());
  write("- patern: wrong\n");
  EXPECT_FALSE(allowances->refresh().ok());
  EXPECT_TRUE(allowances->refresh().ok()) << "it has not changed since";
}

TEST_F(AllowancesOfAFile, ABrokenFileLeavesRulesAndUsesAsTheyWere) {
  write("- id: pool\n  pattern: pool exhausted <*>\n");
  auto allowances = Allowances::load(path_);
  ASSERT_TRUE(allowances.ok());
  EXPECT_TRUE(allows(*allowances, "pool exhausted 7"));
  write("- patern: pool exhausted and more\n");
  EXPECT_FALSE(allowances->refresh().ok());
  EXPECT_TRUE(allows(*allowances, "pool exhausted 7"));
  EXPECT_THAT(allowances->unused(), IsEmpty());
}

}  // namespace
}  // namespace logdetect
