#include "logdetect/reading/ordered_run.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace logdetect {
namespace {

using Run = OrderedRun<int, int>;

Result<std::vector<int>> squares(int threads, int n, int fail_at = -1) {
  int next = 0;
  std::vector<int> seen;
  auto result = Run::run(
      threads, [&]() -> Result<std::optional<int>> { return next < n ? std::optional<int>(next++) : std::nullopt; },
      [] { return [](int x) { return x * x; }; },
      [&](int x) -> Result<void> {
        if (static_cast<int>(seen.size()) == fail_at) {
          return make_error(ErrorCode::kOutput, "full");
        }
        seen.push_back(x);
        return {};
      });
  if (!result) {
    return result.error();
  }
  return seen;
}

TEST(OrderedRun, KeepsOrderForAnyNumberOfThreads) {
  const auto one = squares(1, 1000);
  ASSERT_TRUE(one.ok());
  ASSERT_EQ(one->size(), 1000U);
  EXPECT_EQ((*one)[31], 961);
  for (const int threads : {2, 3, 8}) {
    const auto many = squares(threads, 1000);
    ASSERT_TRUE(many.ok());
    EXPECT_EQ(*many, *one);
  }
}

TEST(OrderedRun, EmptyInputEnds) {
  for (const int threads : {1, 4}) {
    const auto none = squares(threads, 0);
    ASSERT_TRUE(none.ok());
    EXPECT_TRUE(none->empty());
  }
}

TEST(OrderedRun, ConsumersErrorEndsTheRun) {
  for (const int threads : {1, 2, 5}) {
    const auto failed = squares(threads, 100'000, 10);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().message, "full");
  }
}

TEST(OrderedRun, ProducersErrorComesAfterWhatItProduced) {
  for (const int threads : {1, 4}) {
    int next = 0;
    int consumed = 0;
    const auto result = Run::run(
        threads,
        [&]() -> Result<std::optional<int>> {
          if (next == 50) {
            return make_error(ErrorCode::kInput, "gone");
          }
          return std::optional<int>(next++);
        },
        [] { return [](int x) { return x; }; },
        [&](int) -> Result<void> {
          ++consumed;
          return {};
        });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().message, "gone");
    EXPECT_EQ(consumed, 50);
  }
}

TEST(OrderedRun, AWorkersExceptionReachesTheCaller) {
  for (const int threads : {1, 4}) {
    int next = 0;
    EXPECT_THROW(static_cast<void>(Run::run(
                     threads, [&]() -> Result<std::optional<int>> { return std::optional<int>(next++); },
                     [] {
                       return [](int x) {
                         if (x == 20) {
                           throw std::runtime_error("worker");
                         }
                         return x;
                       };
                     },
                     [](int) -> Result<void> { return {}; })),
                 std::runtime_error);
  }
}

}  // namespace
}  // namespace logdetect
