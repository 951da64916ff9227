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

TEST(GoodTuringCounts, TemplatesThatBecomeOneCountAsOne) {
  for (std::uint64_t a = 0; a < 5; ++a) {
    for (std::uint64_t b = 0; b < 5; ++b) {
      GoodTuringCounts merged = census_of({a, b, 1, 2, 3});
      merged.remove(a);
      merged.remove(b);
      merged.put_back(a + b);
      const GoodTuringCounts expected = census_of({a + b, 1, 2, 3});
      EXPECT_EQ(merged.events, expected.events);
      EXPECT_EQ(merged.types, expected.types) << a << " and " << b;
      EXPECT_EQ(merged.once, expected.once) << a << " and " << b;
      EXPECT_EQ(merged.twice, expected.twice) << a << " and " << b;
    }
  }
}

TEST(GoodTuringCounts, FewEventsByHand) {
  const GoodTuringCounts none;
  EXPECT_DOUBLE_EQ(none.share(0), 0.25) << "half an event of one more than none";
  const GoodTuringCounts one = census_of({1});
  EXPECT_DOUBLE_EQ(one.share(1), 0.5) << "the unseen have half of all at most";
  EXPECT_DOUBLE_EQ(one.share(0), 0.25);
  EXPECT_DOUBLE_EQ(one.share(7), 1) << "no share is more than all";
}

TEST(GoodTuringCounts, DoubletonsTellOfFewerUnseenTemplates) {
  std::vector<std::uint64_t> counts(30, 1);
  counts.insert(counts.end(), {2, 2, 2, 2, 1000});
  EXPECT_NEAR(census_of(counts).share(0), 30.5 / 1039 / (30.0 * 29 / (2 * 5)), 1e-15);
}

}  // namespace
}  // namespace logdetect
