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

// Template 1 in these slices of 16 events, of so many slices.
Recurrence in_slices(std::size_t slices, const std::set<std::size_t>& held) {
  Recurrence recurrence;
  for (std::size_t i = 0; i < slices * 16; ++i) {
    recurrence.add(i % 16 == 7 && held.contains(i / 16) ? 1 : 0);
  }
  return recurrence;
}

TEST(Recurrence, EightSlicesAreTheLeastThatTell) {
  EXPECT_EQ(in_slices(7, {0, 1, 2}).share(1), 0);
  EXPECT_DOUBLE_EQ(in_slices(8, {0, 1, 2}).share(1), 3.0 / 8);
  EXPECT_FALSE(in_slices(7, {0, 1, 2, 3, 4, 5, 6}).is_habit(1, 3));
  Recurrence begun = in_slices(7, {0, 1, 2});
  begun.add(0);
  EXPECT_EQ(begun.slices(), 8U);
  EXPECT_DOUBLE_EQ(begun.share(1), 3.0 / 8);
}

TEST(Recurrence, AFifthOfTheSlicesIsAHabit) {
  EXPECT_TRUE(in_slices(30, {5, 6, 7, 8, 9, 10}).is_habit(1, 9)) << "6 of 30";
  EXPECT_FALSE(in_slices(31, {5, 6, 7, 8, 9, 10}).is_habit(1, 9));
}

TEST(Recurrence, FewSlicesAreAHabitIfTheySpanHalf) {
  EXPECT_TRUE(in_slices(32, {4, 8, 19}).is_habit(1, 3));
  EXPECT_FALSE(in_slices(32, {4, 8, 18}).is_habit(1, 3));
  EXPECT_FALSE(in_slices(32, {4, 19}).is_habit(1, 3));
  EXPECT_EQ(in_slices(32, {4, 8, 19}).span(1), 16U);
  EXPECT_EQ(in_slices(32, {4}).span(1), 1U);
  EXPECT_EQ(in_slices(32, {}).span(1), 0U);
  EXPECT_EQ(in_slices(32, {}).span(9), 0U);
}

TEST(Recurrence, AMergedTemplateIsSeenWhereEitherWas) {
  Recurrence recurrence = in_slices(8, {1, 2});
  recurrence.fold(1, 5);
  EXPECT_EQ(recurrence.slices_with(1), 0U);
  EXPECT_EQ(recurrence.slices_with(5), 2U);
  recurrence.fold(5, 0);
  EXPECT_EQ(recurrence.slices_with(0), 8U);
  recurrence.fold(77, 0);
  EXPECT_EQ(recurrence.slices_with(0), 8U);
}

TEST(Recurrence, NeighboursBecomeOneSlice) {
  Recurrence recurrence = in_slices(32, {0, 5, 30, 31});
  recurrence.add(0);
  EXPECT_EQ(recurrence.slices(), 17U);
  EXPECT_EQ(recurrence.slices_with(1), 3U);
  EXPECT_EQ(recurrence.span(1), 16U);
}

TEST(Recurrence, RefusesSlicesThatCannotBe) {
  const auto loads = [](std::uint64_t events, std::uint64_t length, std::uint64_t templates) {
    ByteWriter out;
    out.u64(events);
    out.u64(length);
    out.u64(templates);
    for (std::uint64_t i = 0; i < templates; ++i) {
      out.u32(1);
    }
    const std::string bytes = out.take();
    ByteReader in(bytes, "recurrence");
    Recurrence loaded;
    loaded.load(in, 3);
    return in.finish().ok();
  };
  EXPECT_TRUE(loads(512, 16, 3));
  EXPECT_FALSE(loads(513, 16, 3)) << "more than 32 slices";
  EXPECT_FALSE(loads(0, 0, 3));
  EXPECT_FALSE(loads(512, 16, 4));
  EXPECT_TRUE(loads(0, std::uint64_t{1} << 40, 0));
  EXPECT_FALSE(loads(0, (std::uint64_t{1} << 40) + 1, 0));
}

}  // namespace
}  // namespace logdetect
