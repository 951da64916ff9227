#include "parsing/pair_tail.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

TEST(FindPairTail, BeginsWithTheFirstOfTheLastPairs) {
  EXPECT_EQ(find_pair_tail("order placed user=7"), 13U);
  EXPECT_EQ(find_pair_tail("order placed user=7 shop=b"), 13U);
  EXPECT_EQ(find_pair_tail("order a=1 placed user=7"), 17U) << "a pair within the sentence is of the sentence";
  EXPECT_EQ(find_pair_tail("order placed user="), 13U) << "no value is a value";
  EXPECT_EQ(find_pair_tail("order placed user=7 "), 13U);
}

TEST(FindPairTail, NeedsWordsInFrontAndNothingBehind) {
  EXPECT_EQ(find_pair_tail("user=7 shop=b"), kNone);
  EXPECT_EQ(find_pair_tail("user=7 went away"), kNone);
  EXPECT_EQ(find_pair_tail("went to a, user=7"), kNone) << "the last of a list";
  EXPECT_EQ(find_pair_tail("order placed"), kNone);
  EXPECT_EQ(find_pair_tail("order user"), kNone);
  EXPECT_EQ(find_pair_tail(""), kNone);
}

TEST(FindPairTail, AKeyBeginsWithALetterOrAMark) {
  EXPECT_EQ(find_pair_tail("x _a=1"), 2U);
  EXPECT_EQ(find_pair_tail("x @a=1"), 2U);
  EXPECT_EQ(find_pair_tail("x a.b-c/d@e=1"), 2U);
  EXPECT_EQ(find_pair_tail("x 1a=1"), kNone);
  EXPECT_EQ(find_pair_tail("x =1"), kNone);
  EXPECT_EQ(find_pair_tail("x a+b=1"), kNone);
}

TEST(FindPairTail, QuotesHoldBlanksAndBackslashes) {
  EXPECT_EQ(find_pair_tail("x note=\"a b\""), 2U);
  EXPECT_EQ(find_pair_tail("x note='a b' b=1"), 2U);
  EXPECT_EQ(find_pair_tail("x note=\"a \\\" b\""), 2U);
  EXPECT_EQ(find_pair_tail("x note=\"\""), 2U);
  EXPECT_EQ(find_pair_tail("x note=\"a b"), kNone) << "never closed";
  EXPECT_EQ(find_pair_tail("x note=\"a\"b"), kNone) << "goes on behind the quote";
  EXPECT_EQ(find_pair_tail("x note=\"a\\"), kNone);
}

TEST(FindPairTail, AValueWithoutQuotesEndsInNoPunctuation) {
  for (const char c : std::string(",;:.)]}>'\"")) {
    EXPECT_EQ(find_pair_tail(std::string("x a=1") + c), kNone) << c;
  }
  EXPECT_EQ(find_pair_tail("x a=1!"), 2U);
}

TEST(FindObjectTail, IsBehindABlank) {
  EXPECT_EQ(find_object_tail("order placed {\"user\":7}"), 13U);
  EXPECT_EQ(find_object_tail("order x{\"a\":1} {\"user\":7}"), 15U);
  EXPECT_EQ(find_object_tail("order x{\"user\":7}"), kNone);
  EXPECT_EQ(find_object_tail("{\"user\":7}"), kNone) << "nothing in front";
  EXPECT_EQ(find_object_tail("order {\"user\":7} done"), kNone);
  EXPECT_EQ(find_object_tail(""), kNone);
}

/// Whether pairs are beside the message in `lines`, by the plan of plain text.
bool optional(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  HeaderPlan plan;
  plan.kind = HeaderPlan::Kind::kSteps;
  return has_optional_pairs(plan, views);
}

TEST(HasOptionalPairs, TheSameWordsStandBeforeOtherKeys) {
  const std::vector<std::string> varied = {"order placed user=7", "order placed shop=b", "order placed user=7 shop=b",
                                           "order placed note=x"};
  EXPECT_TRUE(optional(varied));
  EXPECT_FALSE(optional({varied.begin(), varied.begin() + 3})) << "two more sets of keys than heads are too few";
  EXPECT_FALSE(optional({"order placed user=7", "order sent shop=b", "order lost note=x", "order found way=y"}))
      << "each has keys of its own";
}

TEST(HasOptionalPairs, HalfOfTheMessagesHaveThem) {
  std::vector<std::string> lines = {"order placed user=7", "order placed shop=b", "order placed user=7 shop=b",
                                    "order placed note=x"};
  lines.insert(lines.end(), 4, "the box went away");
  EXPECT_TRUE(optional(lines));
  lines.emplace_back("the box went away");
  EXPECT_FALSE(optional(lines));
}

TEST(HasOptionalPairs, NumbersInTheWordsMakeNoOtherHead) {
  EXPECT_TRUE(optional(
      {"order 1 placed user=7", "order 2 placed shop=b", "order 3 placed user=7 shop=b", "order 4 placed note=x"}));
}

TEST(HasOptionalPairs, ObjectsCountByTheirKeys) {
  EXPECT_TRUE(optional({"order placed {\"user\":7}", "order placed {\"shop\":1}",
                        "order placed {\"user\":7,\"shop\":1}", "order placed {\"note\":\"x\"}"}));
  EXPECT_FALSE(optional({"order placed {\"user\":7}", "order placed {\"user\":8}", "order placed {\"user\":9}",
                         "order placed {\"user\":10}"}));
}

}  // namespace
}  // namespace logdetect
