#include "features/session_histograms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr Micros kMilli = kMicrosPerSecond / 1000;

// Where the bucket of a count begins: exact below 16, then 16, 24, 32, 48, 64, ...
std::uint32_t bucket_begin(std::uint32_t count) {
  if (count < 16) {
    return count;
  }
  std::uint32_t begin = 16;
  for (bool middle = false; begin + (middle ? begin / 3 : begin / 2) <= count; middle = !middle) {
    begin += middle ? begin / 3 : begin / 2;
  }
  return begin;
}

TEST(CountHistogram, BucketsBeginAtHalvesOfPowersOfTwo) {
  for (std::uint32_t count = 0; count < 5000; ++count) {
    CountHistogram histogram;
    histogram.add(count);
    ASSERT_EQ(histogram.quantile(1), bucket_begin(count)) << count;
    ASSERT_EQ(histogram.at_least(bucket_begin(count)), 1U);
    ASSERT_EQ(histogram.at_least(count), 1U);
    if (count > 0) {
      ASSERT_EQ(histogram.at_least(bucket_begin(count) - 1), 1U);
    }
    ASSERT_EQ(histogram.at_least(count * 3 / 2 + 1), 0U) << count;
  }
}

TEST(CountHistogram, AgreesWithCountingSmallCounts) {
  Rng rng(3);
  for (int round = 0; round < 50; ++round) {
    CountHistogram histogram;
    std::vector<std::uint32_t> counts;
    for (std::uint64_t i = 1 + rng.below(30); i > 0; --i) {
      counts.push_back(static_cast<std::uint32_t>(rng.below(16)));
      histogram.add(counts.back());
    }
    std::sort(counts.begin(), counts.end());
    ASSERT_EQ(histogram.total(), counts.size());
    for (std::uint32_t count = 0; count < 17; ++count) {
      ASSERT_EQ(static_cast<std::ptrdiff_t>(histogram.at_least(count)),
                counts.end() - std::lower_bound(counts.begin(), counts.end(), count));
    }
    for (std::size_t rank = 1; rank <= counts.size(); ++rank) {
      const double share = (static_cast<double>(rank) - 0.5) / static_cast<double>(counts.size());
      ASSERT_EQ(histogram.quantile(share), counts[rank - 1]);
    }
    ASSERT_EQ(histogram.quantile(0), counts.front());
    ASSERT_EQ(histogram.quantile(1), counts.back());
  }
  EXPECT_EQ(CountHistogram().quantile(1), 0U);
  EXPECT_EQ(CountHistogram().at_least(0), 0U);
}

TEST(CountHistogram, TakesAnyCount) {
  CountHistogram histogram;
  histogram.add(UINT32_MAX);
  EXPECT_EQ(histogram.at_least(UINT32_MAX), 1U);
  EXPECT_EQ(histogram.total(), 1U);
}

TEST(PauseHistogram, QuantilesAreEndsOfBuckets) {
  PauseHistogram histogram;
  EXPECT_EQ(histogram.quantile(1), 0);
  for (const Micros pause : {0, 1, 2, 10}) {
    histogram.add(pause * kMilli);
  }
  EXPECT_EQ(histogram.total(), 4U);
  EXPECT_EQ(histogram.quantile(0.25), 1 * kMilli);
  EXPECT_EQ(histogram.quantile(0.5), 2 * kMilli);
  EXPECT_EQ(histogram.quantile(0.51), 3 * kMilli);
  EXPECT_EQ(histogram.quantile(1), 12 * kMilli) << "8 to 12 are one bucket";
  EXPECT_EQ(histogram.at_least(11 * kMilli), 1U);
  EXPECT_EQ(histogram.at_least(2 * kMilli), 2U);
  EXPECT_EQ(histogram.at_least(0), 4U);
  histogram.add(INT64_MAX);
  EXPECT_EQ(histogram.at_least(INT64_MAX), 1U);
  histogram.add(-1);
  EXPECT_EQ(histogram.quantile(0.2), 1 * kMilli) << "a clock set back is no time at all";
}

template <typename Histogram>
void expect_same_after_loading(const Histogram& histogram) {
  ByteWriter out;
  histogram.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "histogram");
  Histogram loaded;
  loaded.load(in);
  ASSERT_TRUE(in.finish().ok());
  EXPECT_EQ(loaded.total(), histogram.total());
  ByteWriter again;
  loaded.save(again);
  EXPECT_EQ(again.take(), bytes);
}

TEST(Histograms, SavedAndLoaded) {
  CountHistogram counts;
  PauseHistogram pauses;
  expect_same_after_loading(counts);
  for (const std::uint32_t count : {0U, 3U, 3U, 17U, 1000U, UINT32_MAX}) {
    counts.add(count);
    pauses.add(Micros{count} * kMilli);
  }
  expect_same_after_loading(counts);
  expect_same_after_loading(pauses);
}

TEST(Histograms, RefuseBucketsTheyDoNotHave) {
  const auto counts_load = [](std::uint8_t bucket) {
    ByteWriter out;
    out.u8(1);
    out.u8(bucket);
    out.u32(7);
    const std::string bytes = out.take();
    ByteReader in(bytes, "histogram");
    CountHistogram histogram;
    histogram.load(in);
    return in.finish().ok() && histogram.total() == 7;
  };
  EXPECT_TRUE(counts_load(CountHistogram::kBuckets - 1));
  EXPECT_FALSE(counts_load(CountHistogram::kBuckets));
}

TEST(StepDurations, AreSlowByTheShareThatTookAsLong) {
  StepDurations steps;
  for (int i = 0; i < 19; ++i) {
    steps.add(1, 2, 10 * kMilli);
  }
  EXPECT_EQ(steps.slowness(1, 2, kMicrosPerHour), 0) << "19 are too few";
  steps.add(1, 2, 100 * kMilli);
  EXPECT_NEAR(steps.slowness(1, 2, 100 * kMilli), -std::log(1.5 / 21), 1e-12);
  EXPECT_NEAR(steps.slowness(1, 2, 20 * kMilli), -std::log(1.5 / 21), 1e-12);
  EXPECT_NEAR(steps.slowness(1, 2, 10 * kMilli), -std::log(20.5 / 21), 1e-12);
  EXPECT_NEAR(steps.slowness(1, 2, 128 * kMilli), -std::log(0.5 / 21), 1e-12) << "the end of the longest's bucket";
  EXPECT_NEAR(steps.slowness(1, 2, 1280 * kMilli), -std::log(0.5 / 21) + std::log(10), 1e-12);
  EXPECT_EQ(steps.slowness(2, 1, kMicrosPerHour), 0) << "the other way round";
  EXPECT_EQ(steps.slowness(1, 2, 0), 0);
  EXPECT_EQ(steps.slowness(1, 2, -1), 0);
  EXPECT_EQ(steps.usual(1, 2), 128 * kMilli);
  EXPECT_EQ(steps.usual(2, 1), 0);
}

TEST(StepDurations, NoStepIsShorterThanTheClockTells) {
  StepDurations steps;
  for (int i = 0; i < 20; ++i) {
    steps.add(1, 2, 0);
  }
  EXPECT_EQ(steps.usual(1, 2), 60 * kMicrosPerSecond) << "nothing but none: perhaps whole minutes";
  steps.add(3, 4, 5 * kMicrosPerSecond);
  steps.add(3, 4, 7 * kMicrosPerSecond);
  EXPECT_EQ(steps.usual(1, 2), 5 * kMicrosPerSecond);
  EXPECT_NEAR(steps.slowness(1, 2, 50 * kMicrosPerSecond), -std::log(0.5 / 21) + std::log(10), 1e-12);
}

TEST(StepDurations, ForgetATemplateOnEitherSide) {
  StepDurations steps;
  steps.add(1, 2, kMilli);
  steps.add(2, 3, kMilli);
  steps.add(3, 1, kMilli);
  steps.forget(2);
  EXPECT_EQ(steps.usual(1, 2), 0);
  EXPECT_EQ(steps.usual(2, 3), 0);
  EXPECT_GT(steps.usual(3, 1), 0);
}

TEST(StepDurations, AreBounded) {
  StepDurations steps;
  for (std::uint32_t i = 0; i < StepDurations::kMaxPairs; ++i) {
    steps.add(i, 0, kMilli);
  }
  steps.add(9, 9, kMilli);
  EXPECT_EQ(steps.usual(9, 9), 0);
  EXPECT_GT(steps.usual(StepDurations::kMaxPairs - 1, 0), 0);
}

bool loads(Micros tick, const std::vector<std::uint64_t>& pairs) {
  ByteWriter out;
  out.i64(tick);
  out.u64(pairs.size());
  for (const std::uint64_t pair : pairs) {
    out.u64(pair);
    out.u8(0);
  }
  const std::string bytes = out.take();
  ByteReader in(bytes, "steps");
  StepDurations steps;
  steps.load(in, 4);
  return in.finish().ok();
}

TEST(StepDurations, RefuseWhatCannotBe) {
  constexpr std::uint64_t kHigh = std::uint64_t{1} << 32;
  EXPECT_TRUE(loads(1, {0, 3, 3 * kHigh + 3}));
  EXPECT_TRUE(loads(60 * kMicrosPerSecond, {}));
  EXPECT_FALSE(loads(0, {}));
  EXPECT_FALSE(loads(60 * kMicrosPerSecond + 1, {}));
  EXPECT_FALSE(loads(1, {3, 2})) << "not in order";
  EXPECT_FALSE(loads(1, {3, 3})) << "twice";
  EXPECT_FALSE(loads(1, {4}));
  EXPECT_FALSE(loads(1, {4 * kHigh}));
}

}  // namespace
}  // namespace logdetect
