#include "logdetect/base/error.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "logdetect/base/strong_id.h"

namespace logdetect {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) {
    return make_error(ErrorCode::kInput, "is odd", std::to_string(value), "take an even one");
  }
  return value / 2;
}

Result<int> quarter(int value) {
  LD_ASSIGN(const int once, half(value));
  LD_ASSIGN(const int twice, half(once));
  return twice;
}

Result<void> both_even(int a, int b) {
  LD_TRY(half(a));
  LD_TRY(half(b));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(*half(8), 4);
  const Result<int> failed = half(3);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kInput);
  EXPECT_EQ(failed.error().hint, "take an even one");
}

TEST(Result, AssignPassesTheFirstErrorOn) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(7).error().where, "7");
  EXPECT_EQ(quarter(6).error().where, "3");
}

TEST(Result, TryStopsAtTheFirstError) {
  EXPECT_TRUE(both_even(2, 4).ok());
  EXPECT_EQ(both_even(2, 5).error().where, "5");
  EXPECT_EQ(both_even(3, 5).error().where, "3");
}

TEST(Result, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, CarriesTheErrorTypeOfTheSameShapeAsTheValue) {
  const Result<std::string> good(std::string("text"));
  EXPECT_EQ(good->size(), 4U);
}

TEST(ResultDeathTest, LookingAtWhatIsNotThereAborts) {
  EXPECT_DEATH((void)half(3).value(), "value\\(\\) of a failed Result");
  EXPECT_DEATH((void)half(2).error(), "error\\(\\) of a good Result");
  EXPECT_DEATH((void)Result<void>().error(), "error\\(\\) of a good Result");
}

TEST(Error, NamesThePlaceFirst) {
  EXPECT_EQ(make_error(ErrorCode::kConfig, "unknown key", "a.yaml:3:1").to_string(), "a.yaml:3:1: unknown key");
  EXPECT_EQ(make_error(ErrorCode::kConfig, "unknown key").to_string(), "unknown key");
}

using AppleId = StrongId<struct AppleTag, std::uint16_t>;
using PearId = StrongId<struct PearTag, std::uint16_t>;
static_assert(!std::is_convertible_v<AppleId, PearId> && !std::is_constructible_v<AppleId, PearId>);
static_assert(!std::is_convertible_v<int, AppleId>);

TEST(StrongId, DefaultIsNone) {
  EXPECT_FALSE(AppleId().valid());
  EXPECT_EQ(AppleId().value(), 0xFFFF);
  EXPECT_TRUE(AppleId(0).valid());
}

TEST(StrongId, OrdersAndHashesByValue) {
  EXPECT_LT(AppleId(1), AppleId(2));
  EXPECT_EQ(AppleId(5), AppleId(5));
  const std::hash<AppleId> hash;
  EXPECT_EQ(hash(AppleId(5)), hash(AppleId(5)));
  EXPECT_NE(hash(AppleId(5)), hash(AppleId(6)));
}

}  // namespace
}  // namespace logdetect
