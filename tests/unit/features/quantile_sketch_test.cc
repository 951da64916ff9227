#include "features/quantile_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

TEST(QuantileSketch, FewValuesAreKeptAsTheyAre) {
  QuantileSketch sketch;
  EXPECT_EQ(sketch.median(), 0);
  for (const double value : {5.0, 1.0, 3.0, 4.0, 2.0}) {
    sketch.add(value);
  }
  EXPECT_EQ(sketch.smallest(), 1);
  EXPECT_EQ(sketch.median(), 3);
  EXPECT_EQ(sketch.largest(), 5);
}

// Against the exact quantiles: the rank of every estimate must be near the rank it stands for.
TEST(QuantileSketch, RanksAreRightForManyShapes) {
  for (int shape = 0; shape < 4; ++shape) {
    Rng rng(17 + static_cast<std::uint64_t>(shape));
    QuantileSketch sketch;
    std::vector<double> values;
    for (int i = 0; i < 20'000; ++i) {
      const double draws[] = {rng.normal(), std::exp(rng.normal()), rng.uniform(), -std::log(1 - rng.uniform())};
      values.push_back(draws[shape]);
      sketch.add(values.back());
    }
    std::sort(values.begin(), values.end());
    const auto rank = [&values](double value) {
      return static_cast<double>(std::lower_bound(values.begin(), values.end(), value) - values.begin()) /
             static_cast<double>(values.size());
    };
    EXPECT_EQ(sketch.smallest(), values.front());
    EXPECT_EQ(sketch.largest(), values.back());
    EXPECT_NEAR(rank(sketch.low()), 0.01, 0.005) << shape;
    EXPECT_NEAR(rank(sketch.median()), 0.5, 0.03) << shape;
    EXPECT_NEAR(rank(sketch.high()), 0.99, 0.005) << shape;
  }
}

TEST(QuantileSketch, EqualValuesAndRisingOnes) {
  QuantileSketch same;
  QuantileSketch rising;
  for (int i = 0; i < 1000; ++i) {
    same.add(7);
    rising.add(i);
  }
  EXPECT_EQ(same.low(), 7);
  EXPECT_EQ(same.high(), 7);
  EXPECT_LE(rising.low(), rising.median());
  EXPECT_LE(rising.median(), rising.high());
  EXPECT_EQ(rising.largest(), 999);
}

TEST(QuantileSketch, SavedAndLoaded) {
  Rng rng(3);
  QuantileSketch sketch;
  for (int i = 0; i < 500; ++i) {
    sketch.add(rng.normal());
  }
  ByteWriter out;
  sketch.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "sketch");
  QuantileSketch loaded;
  loaded.load(in, 1e33);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(loaded.high(), sketch.high());
  EXPECT_EQ(loaded.count(), 500U);
  ByteReader narrow(bytes, "sketch");
  QuantileSketch broken;
  broken.load(narrow, 0.1);
  EXPECT_FALSE(narrow.ok()) << "heights beyond the bound";
}

}  // namespace
}  // namespace logdetect
