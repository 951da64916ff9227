#include "logdetect/base/arena.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

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

}  // namespace
}  // namespace logdetect
