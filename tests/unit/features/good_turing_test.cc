#include "features/good_turing.h"

#include <gtest/gtest.h>

#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

GoodTuringCounts census_of(const std::vector<std::uint64_t>& counts) {
  GoodTuringCounts good_turing;
  for (const std::uint64_t count : counts) {
    for (std::uint64_t before = 0; before < count; ++before) {
      good_turing.add(before);
    }
  }
  return good_turing;
}

TEST(GoodTuringCounts, KeepsCountsOfCounts) {
  const GoodTuringCounts good_turing = census_of({5, 2, 1, 1, 1, 2, 9});
  EXPECT_EQ(good_turing.events, 21U);
  EXPECT_EQ(good_turing.types, 7U);
  EXPECT_EQ(good_turing.once, 3U);
  EXPECT_EQ(good_turing.twice, 2U);
}

TEST(GoodTuringCounts, GoodTuringByHand) {
  // 21 events, 3 singletons: unseen mass 3.5 / 22; Chao expects 3 * 2 / (2 * 3) = 1 unseen type, whose share is then
  // held at half of what a singleton keeps, (1 - 3.5 / 22) / 21.
  const GoodTuringCounts good_turing = census_of({5, 2, 1, 1, 1, 2, 9});
  const double kept = 1 - 3.5 / 22;
  EXPECT_NEAR(good_turing.share(5), kept * 5 / 21, 1e-12);
  EXPECT_NEAR(good_turing.share(1), kept / 21, 1e-12);
  EXPECT_NEAR(good_turing.share(0), 0.5 * kept / 21, 1e-12);
}

TEST(GoodTuringCounts, ManySingletonsShareTheUnseenMass) {
  std::vector<std::uint64_t> counts(1000, 1);
  counts.push_back(100000);
  const GoodTuringCounts good_turing = census_of(counts);
  const double mass = 1000.5 / 101001;
  const double types = 1000.0 * 999 / 2;
  EXPECT_NEAR(good_turing.share(0), mass / types, 1e-15);
}

TEST(GoodTuringCounts, UnseenIsAlwaysRarerThanSeenOnce) {
  Rng rng(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> counts;
    for (std::uint64_t i = rng.below(40); i > 0; --i) {
      counts.push_back(1 + rng.below(4));
    }
    const GoodTuringCounts good_turing = census_of(counts);
    EXPECT_GT(good_turing.share(0), 0);
    EXPECT_LT(good_turing.share(0), good_turing.share(1));
    EXPECT_LE(good_turing.share(1), good_turing.share(2));
    double seen = 0;
    for (const std::uint64_t count : counts) {
      seen += good_turing.share(count);
    }
    EXPECT_LE(seen, 1 + 1e-9);
  }
}

}  // namespace
}  // namespace logdetect
