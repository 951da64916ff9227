#include "logdetect/models/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

std::vector<float> exponential(std::size_t n, std::uint64_t seed, double mean = 1) {
  Rng rng(seed);
  std::vector<float> x(n);
  for (float& value : x) {
    value = static_cast<float>(-mean * std::log(1 - rng.uniform()));
  }
  return x;
}

// --- known values -----------------------------------------------------------------------------------------------

TEST(Calibration, IsTheLogOfTheShareAtLeastAsHigh) {
  const Calibration c = Calibration::fit(std::vector<float>{4, 1, 3, 2});
  EXPECT_FLOAT_EQ(c.surprise(1), 0);
  EXPECT_FLOAT_EQ(c.surprise(2), std::log(4.0F / 3));
  EXPECT_FLOAT_EQ(c.surprise(3), std::log(2.0F));
  EXPECT_FLOAT_EQ(c.surprise(4), std::log(4.0F));
  EXPECT_FLOAT_EQ(c.surprise(2.5F), (c.surprise(2) + c.surprise(3)) / 2);
  EXPECT_EQ(c.surprise(-100), 0);
}

TEST(Calibration, TiesCountTogether) {
  const Calibration c = Calibration::fit(std::vector<float>{0, 0, 0, 0, 0, 0, 1, 1});
  EXPECT_EQ(c.surprise(0), 0);
  EXPECT_FLOAT_EQ(c.surprise(1), std::log(4.0F));
}

TEST(Calibration, TailGoesOnByTheMeanExcess) {
  // Few values: the excess is taken over the median, 5: mean of 1, 2, 3, 4.
  const Calibration c = Calibration::fit(std::vector<float>{0, 1, 2, 3, 5, 6, 7, 8, 9});
  EXPECT_NEAR(c.surprise(9), std::log(9.0), 1e-5);
  EXPECT_NEAR(c.surprise(19) - c.surprise(9), 10 / 2.5, 1e-4);
}

// --- invariants -------------------------------------------------------------------------------------------------

TEST(Calibration, RisesAndStaysFinite) {
  for (const std::size_t n : {1U, 2U, 10U, 511U, 513U, 5000U}) {
    const std::vector<float> sample = exponential(n, n);
    const Calibration c = Calibration::fit(sample);
    float last = 0;
    for (int i = -10; i < 3000; ++i) {
      const float nats = c.surprise(static_cast<float>(i) * 0.01F);
      ASSERT_GE(nats, last) << n << " at " << i;
      last = nats;
    }
    EXPECT_GT(c.surprise(*std::max_element(sample.begin(), sample.end()) + 1), 0) << n;
    EXPECT_TRUE(std::isfinite(c.surprise(std::numeric_limits<float>::max())));
    EXPECT_TRUE(std::isfinite(c.surprise(std::numeric_limits<float>::infinity())));
    EXPECT_EQ(c.surprise(-std::numeric_limits<float>::infinity()), 0);
  }
}

TEST(Calibration, OrderOfTheSampleDoesNotMatter) {
  std::vector<float> sample = exponential(700, 3);
  const Calibration c = Calibration::fit(sample);
  std::reverse(sample.begin(), sample.end());
  const Calibration d = Calibration::fit(sample);
  for (const float x : {0.1F, 1.0F, 3.0F, 30.0F}) {
    EXPECT_EQ(c.surprise(x), d.surprise(x));
  }
}

TEST(Calibration, NoSpreadIsNoDivisionByZero) {
  const Calibration c = Calibration::fit(std::vector<float>(1000, 0.5F));
  EXPECT_EQ(c.surprise(0.5F), 0);
  EXPECT_GT(c.surprise(0.6F), 1);
  EXPECT_LT(c.surprise(0.6F), 100);
}

TEST(Calibration, ValuesThatAreNoNumbersAreIgnored) {
  const float inf = std::numeric_limits<float>::infinity();
  const Calibration c = Calibration::fit(std::vector<float>{1, inf, 2, std::nanf(""), -inf, 4});
  EXPECT_FLOAT_EQ(c.surprise(4), std::log(3.0F));
  EXPECT_EQ(Calibration::fit(std::vector<float>{inf}).surprise(1), 0);
}

TEST(Calibration, ComesBackFromBytes) {
  const Calibration c = Calibration::fit(exponential(5000, 1));
  ByteWriter out;
  c.save(out);
  const std::string bytes = out.take();
  EXPECT_LE(bytes.size(), 8 + 2 * (8 + 512 * 4) + 4U);
  ByteReader in(bytes, "calibration");
  const auto back = Calibration::load(in);
  ASSERT_TRUE(back.ok());
  EXPECT_TRUE(in.finish().ok());
  for (float x = 0; x < 20; x += 0.01F) {
    ASSERT_EQ(back->surprise(x), c.surprise(x));
  }
}

TEST(Calibration, DamagedBytesAreRefused) {
  const auto load = [](const std::vector<float>& scores, const std::vector<float>& nats, float slope) {
    ByteWriter out;
    out.u64(scores.size());
    out.f32s(scores);
    out.f32s(nats);
    out.f32(slope);
    const std::string bytes = out.take();
    ByteReader in(bytes, "calibration");
    return Calibration::load(in).ok();
  };
  EXPECT_TRUE(load({1, 2}, {0, 1}, 1));
  EXPECT_FALSE(load({2, 1}, {0, 1}, 1));
  EXPECT_FALSE(load({1, 1}, {0, 1}, 1));
  EXPECT_FALSE(load({1, 2}, {1, 0}, 1));
  EXPECT_FALSE(load({1, 2}, {-1, 0}, 1));
  EXPECT_FALSE(load({1, 2}, {0, 1e9F}, 1));
  EXPECT_FALSE(load({1, 2}, {0, 1}, -1));
  EXPECT_FALSE(load({1, 2}, {0}, 1));
  EXPECT_FALSE(load({1, 2}, {0, 1}, std::nanf("")));
  EXPECT_FALSE(load(std::vector<float>(513), std::vector<float>(513), 1));
}

// --- statistics and differential --------------------------------------------------------------------------------

TEST(Calibration, NatsOfANormalRecordAreExponential) {
  // If the sample is fair, P(surprise >= t) = e^-t for records it never saw.
  const Calibration c = Calibration::fit(exponential(20'000, 7, 3.0));
  const std::vector<float> fresh = exponential(200'000, 8, 3.0);
  for (const double t : {0.5, 1.0, 2.0, 4.0, 6.0}) {
    const auto above =
        std::count_if(fresh.begin(), fresh.end(), [&](float x) { return static_cast<double>(c.surprise(x)) >= t; });
    const double share = static_cast<double>(above) / 200'000;
    EXPECT_NEAR(std::log(share), -t, t <= 4 ? 0.1 : 0.3) << t;
  }
}

TEST(Calibration, KnotsStayNearTheWholeSample) {
  std::vector<float> sample = exponential(30'000, 9);
  const Calibration c = Calibration::fit(sample);
  std::sort(sample.begin(), sample.end());
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double exact = -std::log(static_cast<double>(sample.size() - i) / 30'000);
    ASSERT_NEAR(c.surprise(sample[i]), exact, 0.05) << i;
  }
}

TEST(Calibration, TheTailOfALargeSampleIsTheMeanExcessOfItsFiftieth) {
  std::vector<float> sample(1000);
  std::iota(sample.begin(), sample.end(), 0.0F);
  const Calibration c = Calibration::fit(sample);
  EXPECT_NEAR(c.surprise(999), std::log(1000), 1e-5);
  EXPECT_NEAR(c.surprise(1009) - c.surprise(999), 1, 1e-4) << "980 is exceeded by 1 to 19: 10 on average";
}

TEST(Calibration, EqualScoresSpreadByAHundredthOfThemselves) {
  EXPECT_NEAR(Calibration::fit(std::vector<float>(9, 500)).surprise(505), 1, 1e-4);
  EXPECT_NEAR(Calibration::fit(std::vector<float>(9, -500)).surprise(-495), 1, 1e-4);
  EXPECT_NEAR(Calibration::fit(std::vector<float>(9, 0.5F)).surprise(0.51F), 1, 1e-4) << "and by no less than 0.01";
}

TEST(Calibration, OfOneScoreAndOfTwo) {
  const Calibration one = Calibration::fit(std::vector<float>{3});
  EXPECT_EQ(one.surprise(3), 0);
  EXPECT_NEAR(one.surprise(3.3F), 10, 1e-3);
  const Calibration two = Calibration::fit(std::vector<float>{3, 5});
  EXPECT_NEAR(two.surprise(4), std::log(2) / 2, 1e-6);
  EXPECT_NEAR(two.surprise(7) - two.surprise(5), 1, 1e-5) << "the mean excess over the least";
}

TEST(Calibration, NoScoreIsMoreThanTenThousandNats) {
  EXPECT_EQ(Calibration::fit(std::vector<float>{1, 2}).surprise(1e30F), 1e4F);
  EXPECT_EQ(Calibration().surprise(1e30F), 0) << "nothing was fitted";
}

TEST(Calibration, BytesAreReadUpToTheirBounds) {
  const auto load = [](std::size_t knots, float last, float first = 0) {
    std::vector<float> scores(knots);
    std::iota(scores.begin(), scores.end(), 0.0F);
    std::vector<float> nats(knots, last);
    if (knots > 0) {
      nats.front() = first;
    }
    ByteWriter out;
    out.u64(knots);
    out.f32s(scores);
    out.f32s(nats);
    out.f32(0);
    const std::string bytes = out.take();
    ByteReader in(bytes, "calibration");
    return Calibration::load(in).ok() && in.finish().ok();
  };
  EXPECT_TRUE(load(0, 0));
  EXPECT_TRUE(load(512, 1));
  EXPECT_TRUE(load(2, 1e4F));
  EXPECT_FALSE(load(2, 1.01e4F));
  EXPECT_TRUE(load(2, 1, 1));
  EXPECT_FALSE(load(2, 1, -0.1F));
}

}  // namespace
}  // namespace logdetect
