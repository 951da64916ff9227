#include "logdetect/learned/row_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace logdetect {
namespace {

RowSample sample_of(std::size_t n, std::size_t capacity, std::uint64_t seed) {
  RowSample sample(capacity, seed);
  for (std::size_t i = 0; i < n; ++i) {
    Event event;
    event.time = static_cast<Micros>(i);
    const std::array<float, 2> row = {static_cast<float>(i), 1.0F};
    sample.offer(event, row);
  }
  sample.finish();
  return sample;
}

TEST(RowSample, KeepsEverythingThatFits) {
  const RowSample sample = sample_of(10, 16, 1);
  ASSERT_EQ(sample.size(), 10U);
  EXPECT_EQ(sample.rows().rows(), 10U);
  EXPECT_FLOAT_EQ(sample.rows().row(7)[0], 7.0F);
}

TEST(RowSample, IsInOrderAndRowsBelongToTheirEvents) {
  const RowSample sample = sample_of(100'000, 500, 2);
  ASSERT_EQ(sample.size(), 500U);
  EXPECT_EQ(sample.offered(), 100'000U);
  for (std::size_t i = 0; i < sample.size(); ++i) {
    EXPECT_EQ(static_cast<Micros>(sample.rows().row(i)[0]), sample.events()[i].time);
    EXPECT_TRUE(i == 0 || sample.events()[i - 1].time < sample.events()[i].time);
  }
}

TEST(RowSample, IsAsLargeAsItsCapacity) {
  for (const std::size_t capacity : {1U, 2U, 15U, 16U}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::size_t most = std::min<std::size_t>(capacity, 16);
      const RowSample sample = sample_of(16, capacity, seed);
      EXPECT_EQ(sample.size(), most);
      EXPECT_EQ(sample.rows().rows(), most);
      EXPECT_EQ(sample.rows().columns(), 2U);
      EXPECT_EQ(sample.offered(), 16U);
    }
  }
}

TEST(RowSample, WithoutRoomKeepsNothing) {
  const RowSample sample = sample_of(50, 0, 1);
  EXPECT_EQ(sample.size(), 0U);
  EXPECT_EQ(sample.rows().rows(), 0U);
  EXPECT_EQ(sample.offered(), 50U);
}

TEST(RowSample, OfNothingIsEmpty) {
  const RowSample sample = sample_of(0, 10, 1);
  EXPECT_EQ(sample.size(), 0U);
  EXPECT_EQ(sample.rows().rows(), 0U);
  EXPECT_EQ(sample.offered(), 0U);
}

// One of three: each is kept in a third of the samples, within five standard deviations of 6,000 samples.
TEST(RowSample, EachOfAFewIsAsLikely) {
  std::array<int, 3> kept = {};
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    ++kept.at(static_cast<std::size_t>(sample_of(3, 1, seed).events()[0].time));
  }
  for (const int count : kept) {
    EXPECT_NEAR(count, 2000, 5 * 37);
  }
}

TEST(RowSample, TheSameSeedGivesTheSameSample) {
  const auto first = [](std::uint64_t seed) { return sample_of(1000, 10, seed).events()[0].time; };
  EXPECT_EQ(first(7), first(7));
  EXPECT_NE(first(7), first(8));
}

// The mean arrival of a uniform sample of m from n has a standard error of n / sqrt(12 m).
TEST(RowSample, IsUniform) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const RowSample sample = sample_of(20'000, 1000, seed);
    double mean = 0;
    for (const Event& event : sample.events()) {
      mean += static_cast<double>(event.time) / 1000.0;
    }
    EXPECT_NEAR(mean, 10'000.0, 5 * 20'000.0 / std::sqrt(12.0 * 1000.0)) << seed;
  }
}

}  // namespace
}  // namespace logdetect
