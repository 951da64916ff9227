#include "features/numerics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

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

TEST(Numerics, MergedMomentsAreThoseOfAll) {
  const std::vector<double> values = {3, -1, 4, 1, -5, 9, 2, 6};
  for (std::size_t cut = 0; cut <= values.size(); ++cut) {
    Moments left;
    Moments right;
    Moments all;
    for (std::size_t i = 0; i < values.size(); ++i) {
      all.add(values[i], i + 1);
      i < cut ? left.add(values[i], i + 1) : right.add(values[i], i + 1 - cut);
    }
    left.merge(cut, right, values.size() - cut);
    EXPECT_NEAR(left.mean, all.mean, 1e-12) << cut;
    EXPECT_NEAR(left.squares, all.squares, 1e-12) << cut;
  }
}

TEST(Numerics, LogCountsAgreeWithTheLogarithm) {
  EXPECT_EQ(log_count(0), 0);
  for (const std::uint64_t n : {1ULL, 2ULL, 100ULL, 4094ULL, 4095ULL, 4096ULL, 4097ULL, 1ULL << 50}) {
    EXPECT_DOUBLE_EQ(log_count(n), std::log(static_cast<double>(n))) << n;
  }
}

TEST(Numerics, NormalTailAgreesWithTheErrorFunction) {
  for (double z = 0; z < 25; z += 0.0371) {
    EXPECT_NEAR(normal_tail_nats(z), -std::log(std::erfc(z / std::sqrt(2.0)) / 2), 1e-3) << z;
  }
}

TEST(Numerics, JustAboveTheMeanIsHalf) {
  EXPECT_NEAR(negative_binomial_tail_nats(6, 5.499999, 3), std::log(2), 1e-6);
  EXPECT_EQ(negative_binomial_tail_nats(6, 5.5, 3), 0);
}

TEST(Numerics, MomentsThatNoLogGivesAreRefused) {
  const auto loads = [](double mean, double squares) {
    ByteWriter out;
    out.f64(mean);
    out.f64(squares);
    const std::string bytes = out.take();
    ByteReader in(bytes, "moments");
    Moments moments;
    moments.load(in);
    return in.ok() && moments.mean == mean && moments.squares == squares;
  };
  EXPECT_TRUE(loads(-3, 0));
  EXPECT_TRUE(loads(9e39, 9e79));
  EXPECT_FALSE(loads(1e40, 0));
  EXPECT_FALSE(loads(-1e40, 0));
  EXPECT_FALSE(loads(0, -1e-9));
  EXPECT_FALSE(loads(0, 1e80));
  EXPECT_FALSE(loads(std::nan(""), 0));
  EXPECT_FALSE(loads(0, std::nan("")));
}

}  // namespace
}  // namespace logdetect
