#include "features/recurrence.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace logdetect {
namespace {

TEST(Recurrence, RareAndYetInEverySlice) {
  Recurrence recurrence;
  for (std::size_t i = 0; i < 10'000; ++i) {
    // 0 always; 1 every 100 events; 2 forty times in a row, once.
    recurrence.add(i >= 5'000 && i < 5'040 ? 2 : (i % 100 == 0 ? 1 : 0));
  }
  EXPECT_EQ(recurrence.slices_with(0), recurrence.slices());
  EXPECT_EQ(recurrence.slices_with(1), recurrence.slices());
  EXPECT_LE(recurrence.slices_with(2), 2U);
  EXPECT_EQ(recurrence.share(0), 1);
  EXPECT_EQ(recurrence.share(1), 1);
  EXPECT_LE(recurrence.share(2), 0.125);
  EXPECT_EQ(recurrence.share(3), 0);
  EXPECT_EQ(recurrence.share(1'000'000), 0);
}

TEST(Recurrence, TheShareIsThatOfTheSlices) {
  Recurrence recurrence;
  for (std::size_t slice = 0; slice < 16; ++slice) {
    for (std::size_t i = 0; i < 16; ++i) {
      recurrence.add(i <= slice ? i : 100);  // template i is in the slices from i on
    }
  }
  ASSERT_EQ(recurrence.slices(), 16U);
  for (std::size_t id = 0; id < 15; ++id) {
    EXPECT_EQ(recurrence.slices_with(id), 16 - id);
    EXPECT_DOUBLE_EQ(recurrence.share(id), static_cast<double>(16 - id) / 16);
  }
}

TEST(Recurrence, ShortTrainingSaysNothing) {
  Recurrence recurrence;
  for (std::size_t i = 0; i < 100; ++i) {
    recurrence.add(0);
  }
  EXPECT_LT(recurrence.slices(), 8U);
  EXPECT_EQ(recurrence.share(0), 0);
}

TEST(Recurrence, SlicesAgreeWithCountingThem) {
  // Whatever was joined on the way, the bits are those of slices of the present length.
  Recurrence recurrence;
  constexpr std::size_t kEvents = 16'384;  // 32 slices of 512
  std::set<std::size_t> slices;
  for (std::size_t i = 0; i < kEvents; ++i) {
    const bool rare = i % 1'777 == 5;
    recurrence.add(rare ? 1 : 0);
    if (rare) {
      slices.insert(i / 512);
    }
  }
  EXPECT_EQ(recurrence.slices(), 32U);
  EXPECT_EQ(recurrence.slices_with(1), slices.size());
}

TEST(Recurrence, SavedAndLoaded) {
  Recurrence recurrence;
  for (std::size_t i = 0; i < 3'000; ++i) {
    recurrence.add(i % 7);
  }
  ByteWriter out;
  recurrence.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "recurrence");
  Recurrence loaded;
  loaded.load(in, 7);
  ASSERT_TRUE(in.ok());
  for (std::size_t id = 0; id < 8; ++id) {
    EXPECT_EQ(loaded.share(id), recurrence.share(id));
  }
  ByteReader short_in(std::string_view(bytes).substr(0, 20), "recurrence");
  Recurrence broken;
  broken.load(short_in, 7);
  EXPECT_FALSE(short_in.ok());
}

TEST(Recurrence, WhatComesNowAndThenIsAHabit) {
  Recurrence recurrence;
  for (std::size_t i = 0; i < 32'000; ++i) {
    const bool thrice = i == 100 || i == 15'000 || i == 31'000;
    const bool at_once = i >= 20'000 && i < 23'500 && i % 900 == 0;
    recurrence.add(thrice ? 1 : (at_once ? 2 : 0));
  }
  EXPECT_TRUE(recurrence.is_habit(0, 3));
  EXPECT_TRUE(recurrence.is_habit(1, 3));
  EXPECT_FALSE(recurrence.is_habit(1, 4)) << "more is asked of what is alarming";
  EXPECT_GE(recurrence.slices_with(2), 3U);
  EXPECT_FALSE(recurrence.is_habit(2, 3)) << "one bad hour";
  EXPECT_FALSE(recurrence.is_habit(99, 3));
}

}  // namespace
}  // namespace logdetect
