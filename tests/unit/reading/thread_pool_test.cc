#include "logdetect/reading/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace logdetect {
namespace {

TEST(ThreadPool, DoesEveryPartOnce) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
      std::vector<std::atomic<int>> done(count);
      pool.parallel()(count, [&](std::size_t i) { ++done[i]; });
      for (const std::atomic<int>& times : done) {
        EXPECT_EQ(times.load(), 1);
      }
    }
  }
}

TEST(ThreadPool, ManyShortCallsFollowEachOther) {
  ThreadPool pool(4);
  std::size_t sum = 0;
  for (std::size_t round = 0; round < 2000; ++round) {
    std::atomic<std::size_t> parts = 0;
    pool.run(3, [&](std::size_t i) { parts += i + 1; });
    sum += parts;
  }
  EXPECT_EQ(sum, 12000U);
}

TEST(ThreadPool, AnExceptionReachesTheCallerAndThePoolGoesOn) {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    EXPECT_THROW(pool.run(100,
                          [](std::size_t i) {
                            if (i == 7) {
                              throw std::runtime_error("part");
                            }
                          }),
                 std::runtime_error);
    std::atomic<int> after = 0;
    pool.run(10, [&](std::size_t) { ++after; });
    EXPECT_EQ(after.load(), 10);
  }
}

}  // namespace
}  // namespace logdetect
