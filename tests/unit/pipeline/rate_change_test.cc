#include "pipeline/rate_change.h"

#include <gtest/gtest.h>

#include <cmath>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

TEST(RateChange, KnownValues) {
  // 2 (29.5 ln(29.5 / 20) + 10.5 ln(10.5 / 20)) = 9.3993; the upper tail of chi-square with one degree there.
  EXPECT_NEAR(rate_change_p_value(30, 10, 1, 1), 0.002171, 2e-6);
  EXPECT_NEAR(rate_change_p_value(10, 30, 1, 1), 0.002171, 2e-6);
  EXPECT_DOUBLE_EQ(rate_change_p_value(0, 0, 1, 1), 1);
  EXPECT_DOUBLE_EQ(rate_change_p_value(10, 20, 2, 1), 1) << "twice as many in twice the time";
  EXPECT_DOUBLE_EQ(rate_change_p_value(1, 0, 1, 1), 1) << "it had to be on one side";
}

TEST(RateChange, MoreEvidenceIsLessChanceAndDispersionTakesItBack) {
  EXPECT_LT(rate_change_p_value(300, 100, 1, 1), rate_change_p_value(30, 10, 1, 1));
  EXPECT_NEAR(std::log(rate_change_p_value(3000, 1000, 1, 100)), std::log(rate_change_p_value(30, 10, 1, 1)), 0.6);
  EXPECT_DOUBLE_EQ(rate_change_p_value(30, 10, 1, 0), rate_change_p_value(30, 10, 1, 1)) << "never below chance";
  EXPECT_GT(rate_change_p_value(7, 0, 0.1, 1), 0.1) << "a short look that misses a rare thing says little";
  EXPECT_LT(rate_change_p_value(700, 0, 0.1, 1), 1e-10);
  EXPECT_GE(rate_change_p_value(UINT64_MAX / 4, 1, 1, 1), 0);
}

// Sum over all outcomes of n fair coins that are at most as probable as k heads.
double exact_p_value(int k, int n) {
  const auto probability = [n](int i) {
    return std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) - n * std::log(2.0));
  };
  double sum = 0;
  for (int i = 0; i <= n; ++i) {
    sum += probability(i) <= probability(k) * (1 + 1e-9) ? probability(i) : 0;
  }
  return sum;
}

TEST(RateChange, AgreesWithTheExactTest) {
  for (const int n : {20, 60, 200}) {
    for (int k = 0; k <= n / 3; ++k) {
      const double exact = exact_p_value(k, n);
      if (exact < 1e-9) {
        continue;  // nobody asks how much less than that
      }
      const double ours = rate_change_p_value(static_cast<std::uint64_t>(k), static_cast<std::uint64_t>(n - k), 1, 1);
      EXPECT_LT(ours, exact * 1.05) << k << " of " << n;
      EXPECT_GT(ours, exact / 3) << k << " of "
                                 << n;  // it is the more daring one, by the missing continuity correction
    }
  }
}

TEST(RateChange, WhatIsBelievedIsRarelyChance) {
  // 400 coins that are fair beside 40 that are not: of the discoveries few are fair ones.
  Rng rng(7);
  std::uint64_t wrong = 0;
  std::uint64_t right = 0;
  for (int round = 0; round < 50; ++round) {
    std::vector<double> p_values;
    for (int i = 0; i < 440; ++i) {
      std::uint64_t first = 0;
      for (int toss = 0; toss < 100; ++toss) {
        first += rng.below(100) < (i < 400 ? 50U : 80U) ? 1 : 0;
      }
      p_values.push_back(rate_change_p_value(first, 100 - first, 1, 1));
    }
    const std::vector<bool> believed = discoveries(p_values, 0.05);
    for (std::size_t i = 0; i < believed.size(); ++i) {
      (i < 400 ? wrong : right) += believed[i] ? 1 : 0;
    }
  }
  EXPECT_GT(right, 1900U);
  EXPECT_LT(wrong, (right + wrong) / 10);
}

TEST(RateChange, DiscoveriesByHand) {
  // Bounds at 0.05: 0.0125, 0.025, 0.0375, 0.05. The third fits its own bound, so the second one is believed too.
  const std::vector<double> p_values = {0.9, 0.03, 0.001, 0.026};
  EXPECT_EQ(discoveries(p_values, 0.05), (std::vector<bool>{false, true, true, true}));
  EXPECT_EQ(discoveries(p_values, 0.001), (std::vector<bool>{false, false, false, false}));
  EXPECT_TRUE(discoveries({}, 0.05).empty());
}

TEST(RateChange, Median) {
  EXPECT_EQ(median_of({}, 7), 7);
  EXPECT_EQ(median_of({3}, 7), 3);
  EXPECT_EQ(median_of({5, 1, 100}, 7), 5);
  EXPECT_EQ(median_of({4, 3, 2, 1}, 7), 2);
}

}  // namespace
}  // namespace logdetect
