#include "features/numerics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace logdetect {
namespace {

// -ln P(X >= n), summed term by term from n until the terms vanish.
double exact_tail(std::uint64_t n, double mean, double size) {
  const double p = mean / (size + mean);
  const auto k = static_cast<double>(n);
  const double log_first =
      std::lgamma(k + size) - std::lgamma(size) - std::lgamma(k + 1) + k * std::log(p) + size * std::log1p(-p);
  double sum = 0;
  double term = 1;  // relative to the first
  for (double i = k; term > 1e-17 * sum; ++i) {
    sum += term;
    term *= p * (i + size) / (i + 1);
  }
  return -(log_first + std::log(sum));
}

TEST(Numerics, FloorDividesTowardsMinusInfinity) {
  EXPECT_EQ(floor_divide(7, 3), 2);
  EXPECT_EQ(floor_divide(-7, 3), -3);
  EXPECT_EQ(floor_divide(-6, 3), -2);
  EXPECT_EQ(floor_divide(0, 3), 0);
}

TEST(Numerics, NormalTailMatchesKnownValues) {
  EXPECT_NEAR(normal_tail_nats(0), std::log(2.0), 1e-9);
  EXPECT_NEAR(normal_tail_nats(-3), std::log(2.0), 1e-9);
  EXPECT_NEAR(normal_tail_nats(1.644853627), -std::log(0.05), 1e-4);
  EXPECT_NEAR(normal_tail_nats(2.326347874), -std::log(0.01), 1e-4);
  EXPECT_NEAR(normal_tail_nats(6), -std::log(9.865876450377e-10), 1e-3);
  EXPECT_NEAR(normal_tail_nats(9.999999), normal_tail_nats(10.000001), 1e-3);
  EXPECT_NEAR(normal_tail_nats(20), 203.917155, 1e-3);
}

TEST(Numerics, TailMatchesTheExactSum) {
  for (const double size : {1.0, 1.5, 4.0, 26.0, 1e6}) {
    for (const double mean : {0.01, 0.3, 1.0, 5.0, 40.0, 800.0}) {
      for (const double factor : {1.1, 1.5, 2.0, 4.0, 10.0}) {
        const auto n = static_cast<std::uint64_t>(std::ceil(mean * factor)) + 1;
        const double exact = exact_tail(n, mean, size);
        EXPECT_NEAR(negative_binomial_tail_nats(n, mean, size), exact, std::max(0.05, 0.02 * exact))
            << "n " << n << " mean " << mean << " size " << size;
      }
    }
  }
}

TEST(Numerics, PoissonTailKnownValues) {
  // P(X >= 3) for mean 1 is 1 - 2.5 / e; P(X >= 10) for mean 2 is 4.6498e-5.
  EXPECT_NEAR(negative_binomial_tail_nats(3, 1, 1e9), -std::log(1 - 2.5 / std::exp(1.0)), 0.05);
  EXPECT_NEAR(negative_binomial_tail_nats(10, 2, 1e9), -std::log(4.6498e-5), 0.05);
}

TEST(Numerics, TailRisesWithTheCountAndIsZeroBelowTheMean) {
  EXPECT_EQ(negative_binomial_tail_nats(5, 5, 3), 0);
  EXPECT_EQ(negative_binomial_tail_nats(1, 50, 3), 0);
  double before = 0;
  for (std::uint64_t n = 6; n < 2000; ++n) {
    const double nats = negative_binomial_tail_nats(n, 5, 3);
    ASSERT_TRUE(std::isfinite(nats));
    ASSERT_GE(nats, before);
    before = nats;
  }
}

TEST(Numerics, BoundedNatsNeverLetsANumberAccidentThrough) {
  EXPECT_EQ(bounded_nats(std::numeric_limits<double>::quiet_NaN(), 5), 0);
  EXPECT_EQ(bounded_nats(std::numeric_limits<double>::infinity(), 5), 5);
  EXPECT_EQ(bounded_nats(-1, 5), 0);
  EXPECT_EQ(bounded_nats(2, 5), 2);
}

TEST(Numerics, MomentsOfASmallSample) {
  Moments moments;
  std::uint64_t n = 0;
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) {
    moments.add(value, ++n);
  }
  EXPECT_NEAR(moments.mean, 5, 1e-12);
  EXPECT_NEAR(moments.squares, 32, 1e-12);
}

}  // namespace
}  // namespace logdetect
