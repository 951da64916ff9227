#include "features/good_turing.h"

#include <gtest/gtest.h>

#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

Census census_of(const std::vector<std::uint64_t>& counts) {
  Census census;
  for (const std::uint64_t count : counts) {
    for (std::uint64_t before = 0; before < count; ++before) {
      census.add(before);
    }
  }
  return census;
}

TEST(Census, KeepsCountsOfCounts) {
  const Census census = census_of({5, 2, 1, 1, 1, 2, 9});
  EXPECT_EQ(census.events, 21U);
  EXPECT_EQ(census.types, 7U);
  EXPECT_EQ(census.once, 3U);
  EXPECT_EQ(census.twice, 2U);
}

TEST(Census, GoodTuringByHand) {
  // 21 events, 3 singletons: unseen mass 3.5 / 22; Chao expects 3 * 2 / (2 * 3) = 1 unseen type, whose share is then
  // held at half of what a singleton keeps, (1 - 3.5 / 22) / 21.
  const Census census = census_of({5, 2, 1, 1, 1, 2, 9});
  const double kept = 1 - 3.5 / 22;
  EXPECT_NEAR(census.share(5), kept * 5 / 21, 1e-12);
  EXPECT_NEAR(census.share(1), kept / 21, 1e-12);
  EXPECT_NEAR(census.share(0), 0.5 * kept / 21, 1e-12);
}

TEST(Census, ManySingletonsShareTheUnseenMass) {
  std::vector<std::uint64_t> counts(1000, 1);
  counts.push_back(100000);
  const Census census = census_of(counts);
  const double mass = 1000.5 / 101001;
  const double types = 1000.0 * 999 / 2;
  EXPECT_NEAR(census.share(0), mass / types, 1e-15);
}

TEST(Census, UnseenIsAlwaysRarerThanSeenOnce) {
  Rng rng(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> counts;
    for (std::uint64_t i = rng.below(40); i > 0; --i) {
      counts.push_back(1 + rng.below(4));
    }
    const Census census = census_of(counts);
    EXPECT_GT(census.share(0), 0);
    EXPECT_LT(census.share(0), census.share(1));
    EXPECT_LE(census.share(1), census.share(2));
    double seen = 0;
    for (const std::uint64_t count : counts) {
      seen += census.share(count);
    }
    EXPECT_LE(seen, 1 + 1e-9);
  }
}

}  // namespace
}  // namespace logdetect
