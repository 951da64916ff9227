#include "logdetect/reading/opened_inputs.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

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
