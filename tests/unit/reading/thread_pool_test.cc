#include "logdetect/reading/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
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

TEST(ThreadPool, NoMoreThreadsThanAskedForWorkTogether) {
  constexpr std::chrono::microseconds kPart(200);  // long enough for one thread too many to take a part
  for (const std::size_t threads : {1U, 2U, 5U}) {
    ThreadPool pool(static_cast<int>(threads));
    std::mutex mutex;
    std::set<std::thread::id> workers;
    pool.run(50 * threads, [&](std::size_t) {
      std::this_thread::sleep_for(kPart);
      const std::lock_guard lock(mutex);
      workers.insert(std::this_thread::get_id());
    });
    EXPECT_LE(workers.size(), threads);
  }
}

TEST(ThreadPool, AsManyPartsAsThreadsAreUnderWayTogether) {
  constexpr int kThreads = 3;
  ThreadPool pool(kThreads);
  std::atomic<int> arrived = 0;
  pool.run(kThreads, [&](std::size_t) {
    ++arrived;
    while (arrived < kThreads) {
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(arrived.load(), kThreads);
}

TEST(ThreadPool, WithoutHelpersTheCallerDoesAll) {
  ThreadPool pool(1);
  std::set<std::thread::id> by;
  pool.run(100, [&](std::size_t) { by.insert(std::this_thread::get_id()); });
  EXPECT_EQ(by, std::set{std::this_thread::get_id()});
}

TEST(ThreadPool, AfterAnExceptionNoFurtherPartIsBegun) {
  constexpr int kThreads = 3;
  ThreadPool pool(kThreads);
  std::atomic<int> begun = 0;
  EXPECT_THROW(pool.run(10'000,
                        [&](std::size_t) {
                          ++begun;
                          throw std::runtime_error("part");
                        }),
               std::runtime_error);
  EXPECT_LE(begun.load(), kThreads);
}

}  // namespace
}  // namespace logdetect
