// Arena and BoundedQueue.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/base/bounded_queue.h"

namespace logdetect {
namespace {

TEST(Arena, CopiesOutliveTheirSourceAndAMove) {
  Arena arena;
  std::vector<std::string_view> views;
  for (int i = 0; i < 50'000; ++i) {
    views.push_back(arena.copy("text number " + std::to_string(i)));
  }
  const Arena moved = std::move(arena);
  for (int i = 0; i < 50'000; ++i) {
    ASSERT_EQ(views[static_cast<std::size_t>(i)], "text number " + std::to_string(i));
  }
  EXPECT_GT(moved.bytes(), 600'000U);
}

TEST(Arena, TakesPiecesLargerThanAChunk) {
  Arena arena;
  const std::string_view small = arena.copy("small");
  const std::string big(3'000'000, 'x');
  const std::string_view copy = arena.copy(big);
  EXPECT_EQ(copy, big);
  EXPECT_EQ(small, "small");
  EXPECT_EQ(arena.copy("after"), "after");
  EXPECT_EQ(arena.bytes(), big.size() + 10);
}

TEST(Arena, ClearKeepsTheMemory) {
  Arena arena;
  const char* const first = arena.copy("abc").data();
  arena.clear();
  EXPECT_EQ(arena.bytes(), 0U);
  EXPECT_EQ(arena.copy("xyz").data(), first);
}

TEST(Arena, EmptyTextCostsNothing) {
  Arena arena;
  EXPECT_TRUE(arena.copy("").empty());
  EXPECT_EQ(arena.bytes(), 0U);
}

TEST(BoundedQueue, KeepsOrderAndDrainsAfterClose) {
  BoundedQueue<int> queue(8);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(queue.push(i));
  }
  queue.close();
  EXPECT_FALSE(queue.push(5));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(queue.pop(), i);
  }
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, CarriesMoveOnlyValues) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.push(std::make_unique<int>(3)));
  EXPECT_EQ(**queue.pop(), 3);
}

TEST(BoundedQueue, NothingIsLostOrDoubledBetweenThreads) {
  constexpr int kEach = 5000;
  constexpr int kProducers = 3;
  BoundedQueue<int> queue(4);
  std::vector<std::thread> producers;
  for (int p = 0; p < kProducers; ++p) {
    producers.emplace_back([&queue, p] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(queue.push(p * kEach + i));
      }
    });
  }
  std::vector<std::atomic<int>> seen(static_cast<std::size_t>(kEach) * kProducers);
  std::vector<std::thread> consumers;
  for (int c = 0; c < 2; ++c) {
    consumers.emplace_back([&] {
      while (const std::optional<int> value = queue.pop()) {
        ++seen[static_cast<std::size_t>(*value)];
      }
    });
  }
  for (std::thread& producer : producers) {
    producer.join();
  }
  queue.close();
  for (std::thread& consumer : consumers) {
    consumer.join();
  }
  for (const std::atomic<int>& count : seen) {
    ASSERT_EQ(count, 1);
  }
}

TEST(BoundedQueue, AFullQueueHoldsTheProducerBack) {
  BoundedQueue<int> queue(2);
  std::atomic<int> pushed = 0;
  std::thread producer([&] {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(queue.push(i));
      ++pushed;
    }
  });
  for (int i = 0; i < 100; ++i) {
    // i were taken, at most two wait, and one push may be under way.
    EXPECT_LE(pushed, i + 3);
    EXPECT_EQ(queue.pop(), i);
  }
  producer.join();
}

TEST(BoundedQueue, CloseWakesAWaitingProducerAndConsumer) {
  BoundedQueue<int> full(1);
  EXPECT_TRUE(full.push(1));
  std::thread producer([&] { EXPECT_FALSE(full.push(2)); });
  BoundedQueue<int> empty(1);
  std::thread consumer([&] { EXPECT_EQ(empty.pop(), std::nullopt); });
  full.close();
  empty.close();
  producer.join();
  consumer.join();
}

}  // namespace
}  // namespace logdetect
