#include "logdetect/reading/ordered_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
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

TEST(OrderedRun, EachWorkerIsMadeOnceAndTheCallerIsOneOfTheThreads) {
  for (const auto& [threads, workers] : {std::pair{1, 1}, std::pair{2, 1}, std::pair{5, 4}}) {
    int made = 0;
    int next = 0;
    const auto result = Run::run(
        threads, [&]() -> Result<std::optional<int>> { return next < 10 ? std::optional<int>(next++) : std::nullopt; },
        [&] {
          ++made;
          return [](int x) { return x; };
        },
        [](int) -> Result<void> { return {}; });
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(made, workers) << threads;
  }
}

// The consumer lingers at the first element until all that may be under way is.
TEST(OrderedRun, AtMostTwoElementsAThreadAreUnderWay) {
  constexpr int kThreads = 3;
  std::atomic<int> produced = 0;
  int consumed = 0;
  int most = 0;
  const auto result = Run::run(
      kThreads,
      [&]() -> Result<std::optional<int>> {
        const int item = produced++;
        return item < 100 ? std::optional<int>(item) : std::nullopt;
      },
      [] { return [](int x) { return x; }; },
      [&](int) -> Result<void> {
        ++consumed;
        while (consumed == 1 && produced < 1 + 2 * kThreads) {
          std::this_thread::yield();
        }
        for (int i = 0; i < 1000; ++i) {
          std::this_thread::yield();
        }
        most = std::max(most, std::min(produced.load(), 100) - consumed);
        return {};
      });
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(consumed, 100);
  EXPECT_EQ(most, 2 * kThreads);
}

TEST(OrderedRun, ExceptionsOfTheOtherStagesReachTheCallerToo) {
  for (const int threads : {1, 4}) {
    const auto produce = []() -> Result<std::optional<int>> { return std::optional<int>(1); };
    const auto make_worker = [] { return [](int x) { return x; }; };
    const auto consume = [](int) -> Result<void> { return {}; };
    EXPECT_THROW(static_cast<void>(Run::run(
                     threads, []() -> Result<std::optional<int>> { throw std::runtime_error("producer"); }, make_worker,
                     consume)),
                 std::runtime_error);
    EXPECT_THROW(static_cast<void>(Run::run(threads, produce, make_worker,
                                            [](int) -> Result<void> { throw std::runtime_error("consumer"); })),
                 std::runtime_error);
  }
}

}  // namespace
}  // namespace logdetect
