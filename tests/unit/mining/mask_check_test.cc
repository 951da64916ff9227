#include "logdetect/mining/mask_check.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

using Kind = MaskSample::Kind;

std::vector<MaskProblem> problems_of(std::vector<CustomMask> masks) {
  MinerOptions options;
  options.masks = std::move(masks);
  auto problems = check_masks(options);
  EXPECT_TRUE(problems.ok());
  return problems.ok() ? *problems : std::vector<MaskProblem>();
}

TEST(MaskCheck, SamplesThatHoldAreNoProblem) {
  EXPECT_TRUE(problems_of({{"ORDER",
                            "ord-[a-z]+",
                            {{Kind::kMasked, "paid ord-xy with 7 coins", "paid <ORDER> with <NUM> coins", 3},
                             {Kind::kMatches, "an ord-q here", "", 4},
                             {Kind::kNotMatches, "an order", "", 5}}}})
                  .empty());
}

TEST(MaskCheck, EverySampleThatDoesNotHoldIsNamedWithItsLine) {
  const auto problems = problems_of({{"ORDER",
                                      "ord-[a-z]+",
                                      {{Kind::kMasked, "paid ord-xy", "paid <CUSTOM>", 3},
                                       {Kind::kMatches, "an order", "", 4},
                                       {Kind::kNotMatches, "an ord-q here", "", 5}}}});
  ASSERT_EQ(problems.size(), 3U);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    EXPECT_TRUE(problems[i].failed);
    EXPECT_EQ(problems[i].line, static_cast<int>(i) + 3);
  }
  EXPECT_EQ(problems[0].message, "mask ORDER makes \"paid <ORDER>\" of \"paid ord-xy\"");
  EXPECT_NE(problems[2].message.find("\"ord-q\""), std::string::npos);
}

TEST(MaskCheck, MasksApplyInOrder) {
  const CustomMask first{"WHOLE", "job [a-z]+", {}};
  const CustomMask second{"PART", "job", {{Kind::kMasked, "run job cleanup", "run <WHOLE>", 1}}};
  EXPECT_TRUE(problems_of({first, second}).empty());
  EXPECT_EQ(problems_of({second}).size(), 1U);
}

TEST(MaskCheck, WarnsOfMasksThatMatchTheEmptyTextOrEverything) {
  for (const char* empty : {"a*", "(x|)", "\\d{0,3}"}) {
    const auto problems = problems_of({{"M", empty, {}}});
    ASSERT_EQ(problems.size(), 1U) << empty;
    EXPECT_FALSE(problems[0].failed);
    EXPECT_NE(problems[0].message.find("empty"), std::string::npos);
  }
  for (const char* all : {".*", ".+", "^.*$", "[^\\n]+"}) {
    const auto problems = problems_of({{"M", all, {}}});
    ASSERT_EQ(problems.size(), 1U) << all;
    EXPECT_NE(problems[0].message.find("every line"), std::string::npos);
  }
  for (const char* good : {"ord-[a-z]+", "[A-Z]{3}\\d+", "\\bjob\\b"}) {
    EXPECT_TRUE(problems_of({{"M", good, {}}}).empty()) << good;
  }
}

TEST(MaskCheck, ABrokenPatternIsAnError) {
  MinerOptions options;
  options.masks = {{"M", "(", {}}};
  EXPECT_FALSE(check_masks(options).ok());
}

}  // namespace
}  // namespace logdetect
