#include "models/window_cache.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace logdetect {
namespace {

TEST(WindowCache, GivesTheLastPositionsOfWhatItHolds) {
  WindowCache cache(4, 16);
  const Hash128 content{5, 6};
  std::array<float, 2> last{};
  EXPECT_FALSE(cache.find(content, last));
  cache.put(content, std::array{1.0F, 2.0F, 3.0F});
  ASSERT_TRUE(cache.find(content, last));
  EXPECT_EQ(last, (std::array{2.0F, 3.0F}));
  std::array<float, 4> more{};
  EXPECT_FALSE(cache.find(content, more));  // only three are known
  cache.put(content, std::array{9.0F});     // fewer positions never replace more
  ASSERT_TRUE(cache.find(content, last));
  EXPECT_EQ(last, (std::array{2.0F, 3.0F}));
}

TEST(WindowCache, TellsWindowsOfOnePlaceApart) {
  WindowCache cache(4, 16);
  cache.put({3, 1}, std::array{1.0F});
  std::array<float, 1> last{};
  EXPECT_FALSE(cache.find({3, 2}, last));
  EXPECT_FALSE(cache.find({3 + 16, 1}, last));
  cache.put({3 + 16, 1}, std::array{2.0F});  // displaces the first
  EXPECT_FALSE(cache.find({3, 1}, last));
  ASSERT_TRUE(cache.find({3 + 16, 1}, last));
  EXPECT_EQ(last[0], 2.0F);
}

TEST(WindowCache, AgreesWithAPlainMapWhereItAnswers) {
  WindowCache cache(3, 64);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::vector<float> errors(1 + i % 3, static_cast<float>(i));
    cache.put({i * 7, i}, errors);
    std::vector<float> found(errors.size());
    ASSERT_TRUE(cache.find({i * 7, i}, found));
    EXPECT_EQ(found, errors);
  }
  std::array<float, 1> last{};
  std::size_t answers = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    if (cache.find({i * 7, i}, last)) {
      ++answers;
      EXPECT_EQ(last[0], static_cast<float>(i));
    }
  }
  EXPECT_LE(answers, 64U);
  EXPECT_GT(answers, 0U);
}

TEST(WindowCache, TakesWhatFitsAWindow) {
  WindowCache cache(2, 4);
  std::array<float, 1> last{};
  cache.put({1, 1}, std::array{1.0F, 2.0F, 3.0F});
  EXPECT_FALSE(cache.find({1, 1}, last)) << "longer than a window";
  cache.put({1, 1}, std::vector<float>{});
  EXPECT_FALSE(cache.find({1, 1}, last));
  cache.put({3, 1}, std::array{1.0F, 2.0F});
  std::array<float, 2> both{};
  ASSERT_TRUE(cache.find({3, 1}, both)) << "the last place";
  EXPECT_EQ(both, (std::array{1.0F, 2.0F}));
  EXPECT_FALSE(cache.find({0, 0}, last)) << "an empty place holds nothing";
  EXPECT_FALSE(cache.find({0, 0}, std::span<float>{}));
}

TEST(WindowCache, LearnsMoreOfWhatItHolds) {
  WindowCache cache(3, 4);
  cache.put({2, 1}, std::array{7.0F});
  cache.put({2, 1}, std::array{5.0F, 6.0F, 7.0F});
  std::array<float, 3> all{};
  ASSERT_TRUE(cache.find({2, 1}, all));
  EXPECT_EQ(all, (std::array{5.0F, 6.0F, 7.0F}));
}

}  // namespace
}  // namespace logdetect
