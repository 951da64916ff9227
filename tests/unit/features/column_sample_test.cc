#include "features/column_sample.h"

#include <gtest/gtest.h>

#include <array>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

TEST(ColumnSample, QuantilesOfFewRowsAreExact) {
  ColumnSample sample;
  EXPECT_TRUE(sample.quantiles().empty());
  for (int i = 99; i >= 0; --i) {
    const std::array<float, 2> row = {static_cast<float>(i), static_cast<float>(-i)};
    sample.add(row);
  }
  const auto quantiles = sample.quantiles();
  ASSERT_EQ(quantiles.size(), 2U);
  EXPECT_EQ(quantiles[0].low, 1);
  EXPECT_EQ(quantiles[0].median, 50);
  EXPECT_EQ(quantiles[0].high, 99);
  EXPECT_EQ(quantiles[1].low, -98);
}

TEST(ColumnSample, QuantilesOfManyRowsAreNear) {
  ColumnSample sample;
  Rng rng(1);
  for (int i = 0; i < 200'000; ++i) {
    // The first half lies elsewhere: a sample of the beginning only would show.
    const std::array<float, 1> row = {static_cast<float>(rng.uniform() + (i < 100'000 ? 0 : 1))};
    sample.add(row);
  }
  const auto quantiles = sample.quantiles();
  EXPECT_NEAR(quantiles[0].low, 0.02, 0.01);
  EXPECT_NEAR(quantiles[0].median, 1, 0.05);
  EXPECT_NEAR(quantiles[0].high, 1.98, 0.01);
}

TEST(ColumnSample, OneRowAndOneColumnAreEnough) {
  ColumnSample sample;
  const std::array<float, 1> row = {7};
  sample.add(row);
  const auto quantiles = sample.quantiles();
  ASSERT_EQ(quantiles.size(), 1U);
  EXPECT_EQ(quantiles[0].low, 7);
  EXPECT_EQ(quantiles[0].median, 7);
  EXPECT_EQ(quantiles[0].high, 7);
  ColumnSample bare;
  bare.add({});
  EXPECT_TRUE(bare.quantiles().empty());
}

}  // namespace
}  // namespace logdetect
