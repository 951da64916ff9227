#include "judging/sighting.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

namespace logdetect {
namespace {

TEST(Sighting, IsOfTheKindOfWhatItHolds) {
  Sighting sighting;
  EXPECT_EQ(kind_of(sighting), FindingKind::kLine);
  sighting.what = BurstSighting();
  EXPECT_EQ(kind_of(sighting), FindingKind::kBurst);
  sighting.what = SilenceSighting();
  EXPECT_EQ(kind_of(sighting), FindingKind::kSilence);
  sighting.what = SessionSighting();
  EXPECT_EQ(kind_of(sighting), FindingKind::kSession);
}

TEST(Sighting, TellsOfNothingAtFirst) {
  const Sighting sighting;
  EXPECT_EQ(sighting.change, Sighting::Change::kBegan);
  EXPECT_EQ(sighting.row, Sighting::kNoRow);
  EXPECT_EQ(sighting.time, 0);
  EXPECT_EQ(sighting.nats, 0);
  EXPECT_EQ(sighting.bout_key, 0U);
  const BurstSighting burst;
  EXPECT_EQ(burst.window, 0U);
  EXPECT_EQ(burst.window_seconds, 0);
  EXPECT_EQ(burst.start, 0);
  EXPECT_EQ(burst.peak, 0);
  EXPECT_EQ(burst.last_high, 0);
  EXPECT_EQ(burst.lines, 0U);
  EXPECT_EQ(burst.most, 0U);
  const SilenceSighting silence;
  EXPECT_EQ(silence.last, 0);
  EXPECT_EQ(silence.now, 0);
  EXPECT_EQ(silence.usual, 0);
  EXPECT_EQ(silence.longest, 0);
}

TEST(BoutKey, IsAnotherForEachBurstAndSilence) {
  std::set<std::uint64_t> keys;
  for (std::uint64_t number = 0; number < 100; ++number) {
    keys.insert(bout_key(BoutKind::kBurst, number));
    keys.insert(bout_key(BoutKind::kSilence, number));
  }
  EXPECT_EQ(keys.size(), 200U);
}

}  // namespace
}  // namespace logdetect
