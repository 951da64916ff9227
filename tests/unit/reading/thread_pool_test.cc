#include "logdetect/reading/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace logdetect {
namespace {

TEST(Crew, DoesEveryPartOnce) {
  for (const int threads : {1, 2, 5}) {
    Crew crew(threads);
    for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
      std::vector<std::atomic<int>> done(count);
      crew.parallel()(count, [&](std::size_t i) { ++done[i]; });
      for (const std::atomic<int>& times : done) {
        EXPECT_EQ(times.load(), 1);
      }
    }
  }
}

TEST(Crew, ManyShortCallsFollowEachOther) {
  Crew crew(4);
  std::size_t sum = 0;
  for (std::size_t round = 0; round < 2000; ++round) {
    std::atomic<std::size_t> parts = 0;
    crew.run(3, [&](std::size_t i) { parts += i + 1; });
    sum += parts;
  }
  EXPECT_EQ(sum, 12000U);
}

TEST(Crew, AnExceptionReachesTheCallerAndTheCrewGoesOn) {
  for (const int threads : {1, 3}) {
    Crew crew(threads);
    EXPECT_THROW(crew.run(100,
                          [](std::size_t i) {
                            if (i == 7) {
                              throw std::runtime_error("part");
                            }
                          }),
                 std::runtime_error);
    std::atomic<int> after = 0;
    crew.run(10, [&](std::size_t) { ++after; });
    EXPECT_EQ(after.load(), 10);
  }
}

}  // namespace
}  // namespace logdetect
