#include "logdetect/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace logdetect {
namespace {

// The stream of xoshiro256** seeded by splitmix64: models and generated logs depend on it.
TEST(Rng, StreamIsPinned) {
  Rng rng(42);
  EXPECT_EQ(rng.next(), 0x15780b2e0c2ec716ULL);
  EXPECT_EQ(rng.next(), 0x6104d9866d113a7eULL);
  EXPECT_EQ(rng.next(), 0xae17533239e499a1ULL);
  EXPECT_EQ(rng.next(), 0xecb8ad4703b360a1ULL);
  EXPECT_EQ(Rng(0).next(), 0x99ec5f36cb75f2b4ULL);
}

double chi_square(const std::vector<int>& counts, double expected) {
  double sum = 0;
  for (const int count : counts) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

// With k - 1 degrees of freedom the statistic has mean k - 1 and variance 2 (k - 1); six sigma is a loose bound that a
// modulo bias or a stuck bit breaks at once.
void expect_uniform(std::uint64_t bound, std::uint64_t seed) {
  constexpr int kDraws = 200'000;
  Rng rng(seed);
  std::vector<int> counts(bound);
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t value = rng.below(bound);
    ASSERT_LT(value, bound);
    ++counts[value];
  }
  const double freedom = static_cast<double>(bound) - 1;
  EXPECT_LT(chi_square(counts, kDraws / static_cast<double>(bound)), freedom + 6 * std::sqrt(2 * freedom)) << bound;
}

TEST(Rng, BelowIsUniform) {
  for (const std::uint64_t bound : {2U, 3U, 7U, 100U, 1000U}) {
    expect_uniform(bound, 7);
  }
}

// Two thirds of 2^64: taking a remainder would make the lower half twice as likely as the upper.
TEST(Rng, BelowHasNoModuloBias) {
  constexpr std::uint64_t kBound = 0xAAAAAAAAAAAAAAAAULL;
  constexpr int kDraws = 20'000;
  Rng rng(3);
  int lower = 0;
  for (int i = 0; i < kDraws; ++i) {
    lower += rng.below(kBound) < kBound / 2 ? 1 : 0;
  }
  EXPECT_NEAR(lower / static_cast<double>(kDraws), 0.5, 6 * 0.5 / std::sqrt(kDraws));
}

TEST(Rng, BelowOneIsZeroAndBelowZeroAborts) {
  Rng rng(1);
  EXPECT_EQ(rng.below(1), 0U);
  EXPECT_DEATH((void)rng.below(0), "below");
}

TEST(Rng, UniformStaysInsideAndSpreads) {
  Rng rng(5);
  std::vector<int> counts(20);
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = rng.uniform();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    ++counts[static_cast<std::size_t>(value * 20)];
  }
  EXPECT_LT(chi_square(counts, kDraws / 20.0), 19 + 6 * std::sqrt(38.0));
}

TEST(Rng, NormalHasTheMomentsOfTheNormal) {
  Rng rng(9);
  constexpr int kDraws = 200'000;
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = rng.normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
    fourths += value * value * value * value;
  }
  const double root = std::sqrt(static_cast<double>(kDraws));
  EXPECT_NEAR(sum / kDraws, 0, 6 / root);
  EXPECT_NEAR(squares / kDraws, 1, 6 * std::sqrt(2.0) / root);
  EXPECT_NEAR(fourths / kDraws, 3, 6 * std::sqrt(96.0) / root);
}

}  // namespace
}  // namespace logdetect
