#include "logdetect/features/rhythms.h"

#include <gtest/gtest.h>

#include <cmath>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr Micros kSecond = kMicrosPerSecond;

// Beats of one template in one stream.
struct Beats {
  std::uint32_t id = 0;
  std::uint32_t stream = 0;
  Micros period = 0;
  int count = 0;
  double jitter = 0;  // share of the period
  std::uint64_t seed = 1;
};

// Teaches them; returns the last time.
Micros teach(RhythmTable& table, const Beats& beats) {
  Rng rng(beats.seed);
  Micros last = 0;
  for (int i = 0; i < beats.count; ++i) {
    last = i * beats.period + static_cast<Micros>(beats.jitter * static_cast<double>(beats.period) * rng.uniform());
    table.learn(beats.id, beats.stream, last);
  }
  return last;
}

TEST(Rhythms, AHeartbeatIsOneForEveryStream) {
  RhythmTable table;
  teach(table, {3, 1, 10 * kSecond, 500, 0.05});
  const Micros end = teach(table, {3, 2, 10 * kSecond, 500, 0.05, 2});
  table.finish(end);
  ASSERT_EQ(table.rhythms().size(), 2U);
  EXPECT_NE(table.find(3, 1), RhythmTable::kNone);
  EXPECT_NE(table.find(3, 1), table.find(3, 2));
  EXPECT_EQ(table.find(3, 7), RhythmTable::kNone);
  EXPECT_EQ(table.find(4, 1), RhythmTable::kNone);
  const Rhythm& rhythm = table.rhythms()[table.find(3, 1)];
  EXPECT_EQ(rhythm.gaps, 499U);
  EXPECT_NEAR(static_cast<double>(rhythm.usual), 10.0 * kSecond, 0.1 * kSecond);
  EXPECT_LE(rhythm.longest, 11 * kSecond);
}

TEST(Rhythms, WhatComesAtRandomIsNone) {
  RhythmTable table;
  Rng rng(5);
  double now = 0;
  for (int i = 0; i < 5000; ++i) {
    now -= 10e6 * std::log(1 - rng.uniform());
    table.learn(1, 0, static_cast<Micros>(now));
  }
  table.finish(static_cast<Micros>(now));
  EXPECT_TRUE(table.rhythms().empty());
}

TEST(Rhythms, FewBeatsAndDeadOnesAreNone) {
  RhythmTable table;
  teach(table, {1, 0, 10 * kSecond, 15, 0});
  const Micros end = teach(table, {2, 0, 10 * kSecond, 500, 0});
  table.finish(end + kMicrosPerHour);
  EXPECT_TRUE(table.rhythms().empty()) << "one came too seldom, the other had stopped before training ended";
}

TEST(Rhythms, AnOutageInTrainingIsLeftOutAndPausesAreNot) {
  RhythmTable table;
  Micros now = 0;
  for (int i = 0; i < 3000; ++i) {
    now += i == 1000 ? 600 * kSecond : 10 * kSecond;
    table.learn(1, 0, now);
  }
  table.finish(now);
  ASSERT_EQ(table.rhythms().size(), 1U);
  EXPECT_NEAR(static_cast<double>(table.rhythms()[0].longest), 10.0 * kSecond, 0.1 * kSecond);

  RhythmTable pausing;
  now = 0;
  for (int i = 0; i < 3000; ++i) {
    now += i % 1000 == 999 ? 4 * kMicrosPerHour : 10 * kSecond;  // runs of an hour or two, hours apart
    pausing.learn(1, 0, now);
  }
  pausing.finish(now);
  for (const Rhythm& rhythm : pausing.rhythms()) {
    EXPECT_GE(rhythm.longest, 4 * kMicrosPerHour);
  }
}

TEST(Rhythms, PatienceIsWhereTheNatsAreReached) {
  RhythmTable table;
  table.finish(teach(table, {1, 0, 30 * kSecond, 2000, 0.1}));
  ASSERT_EQ(table.rhythms().size(), 1U);
  const Rhythm& rhythm = table.rhythms()[0];
  EXPECT_EQ(table.nats(rhythm, rhythm.longest), 0);
  double before = 0;
  for (const double wanted : {1.0, 6.9, 12.0, 40.0}) {
    const Micros patience = table.patience(rhythm, wanted);
    EXPECT_GE(table.nats(rhythm, patience), wanted - 1e-9);
    EXPECT_GT(table.nats(rhythm, patience), before);
    before = wanted;
  }
  EXPECT_LT(table.patience(rhythm, std::log(1000)), 5 * 30 * kSecond) << "a few missing beats are enough";
}

// Exchangeable gaps: silences at or above ln 1000 must come about once in a thousand days.
TEST(Rhythms, FalseSilencesAreRare) {
  int alarms = 0;
  constexpr int kTables = 40;
  for (int t = 0; t < kTables; ++t) {
    Rng rng(100 + static_cast<std::uint64_t>(t));
    RhythmTable table;
    Micros now = 0;
    const auto gap = [&rng]() { return static_cast<Micros>(60e6 * std::exp(0.2 * rng.normal())); };
    for (int i = 0; i < 3000; ++i) {
      table.learn(1, 0, now += gap());
    }
    table.finish(now);
    ASSERT_EQ(table.rhythms().size(), 1U);
    const Micros patience = table.patience(table.rhythms()[0], std::log(1000));
    for (int i = 0; i < 14'400; ++i) {  // ten days
      alarms += gap() > patience ? 1 : 0;
    }
  }
  EXPECT_LE(alarms, 2) << "of 400 days";
}

TEST(Rhythms, ManyPairsAreBounded) {
  RhythmTable table;
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    table.learn(i % 1000, i, i);
  }
  const Micros start = kMicrosPerDay;
  Micros last = 0;
  for (int i = 0; i < 100; ++i) {
    table.learn(7, 7, last = start + i * kSecond);
  }
  table.finish(last);
  EXPECT_LE(table.rhythms().size(), RhythmTable::kMaxPairs);
  EXPECT_NE(table.find(7, 7), RhythmTable::kNone) << "what came once made room";
}

TEST(Rhythms, SavedAndLoaded) {
  RhythmTable table;
  teach(table, {1, 4'000'000'000U, 30 * kSecond, 200, 0.1});
  table.finish(teach(table, {2, 9, 30 * kSecond, 200, 0.1}));
  ByteWriter out;
  table.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "rhythms");
  RhythmTable loaded;
  loaded.load(in, 3);
  ASSERT_TRUE(in.ok());
  ASSERT_EQ(loaded.rhythms().size(), 2U);
  EXPECT_EQ(loaded.find(1, 4'000'000'000U), table.find(1, 4'000'000'000U));
  EXPECT_EQ(loaded.patience(loaded.rhythms()[0], 7), table.patience(table.rhythms()[0], 7));
  ByteReader unknown(bytes, "rhythms");
  RhythmTable wrong;
  wrong.load(unknown, 2);
  EXPECT_FALSE(unknown.ok()) << "a template that the model does not have";
}

// Beats ten seconds apart; the last at the end.
RhythmTable steady(int beats, Micros wait = 0) {
  RhythmTable table;
  const Micros last = teach(table, {1, 5, 10 * kSecond, beats});
  table.finish(last + wait);
  return table;
}

TEST(Rhythms, NatsByHand) {
  const RhythmTable table = steady(100);
  ASSERT_EQ(table.rhythms().size(), 1U);
  const Rhythm rhythm = table.rhythms()[0];
  EXPECT_EQ(rhythm.template_id, 1U);
  EXPECT_EQ(rhythm.stream, 5U);
  EXPECT_EQ(rhythm.gaps, 99U);
  EXPECT_EQ(rhythm.longest, 10 * kSecond);
  EXPECT_NEAR(static_cast<double>(rhythm.usual), 10e6, 10);
  EXPECT_NEAR(static_cast<double>(rhythm.scale), 10e6 / 3, 10) << "a third of the gap at least";
  // ln(100) for a new record, a nat for each scale beyond; 8,640 looks a day are paid for.
  const double expected = std::log(100) + 10 - std::log(8640);
  EXPECT_NEAR(table.nats(rhythm, rhythm.longest + 10 * rhythm.scale), expected, 1e-4);
  EXPECT_EQ(table.nats(rhythm, rhythm.longest + rhythm.scale), 0);
  EXPECT_NEAR(static_cast<double>(table.patience(rhythm, expected)),
              static_cast<double>(rhythm.longest + 10 * rhythm.scale), 2000);
  EXPECT_GT(table.patience(rhythm, 0), rhythm.longest);
}

TEST(Rhythms, TwentyGapsAreNeeded) {
  EXPECT_TRUE(steady(20).rhythms().empty());
  EXPECT_EQ(steady(21).rhythms().size(), 1U);
}

TEST(Rhythms, StillBeatForThreeOfTheirLongestGaps) {
  EXPECT_EQ(steady(100, 30 * kSecond).rhythms().size(), 1U);
  EXPECT_TRUE(steady(100, 30 * kSecond + 1).rhythms().empty());
}

TEST(Rhythms, AJumpOfThePresentIsNoGap) {
  RhythmTable table;
  teach(table, {1, 5, 10 * kSecond, 50});
  table.restart();
  Micros now = kMicrosPerDay;
  for (int i = 0; i < 50; ++i) {
    table.learn(1, 5, now += 10 * kSecond);
  }
  table.finish(now);
  ASSERT_EQ(table.rhythms().size(), 1U);
  EXPECT_EQ(table.rhythms()[0].gaps, 98U);
  EXPECT_EQ(table.rhythms()[0].longest, 10 * kSecond);
  RhythmTable gone;
  teach(gone, {1, 5, 10 * kSecond, 50});
  gone.restart();
  gone.finish(490 * kSecond);
  EXPECT_TRUE(gone.rhythms().empty()) << "it did not come since";
}

TEST(Rhythms, OneOutageOfEveryThousandGapsIsForgiven) {
  for (const int gaps : {999, 1000, 1999, 2000}) {
    RhythmTable table;
    Micros now = 0;
    table.learn(1, 0, now);
    for (int i = 0; i < gaps; ++i) {
      now += i == 300 ? 50 * kSecond : i == 600 ? 40 * kSecond : 10 * kSecond;
      table.learn(1, 0, now);
    }
    table.finish(now);
    ASSERT_EQ(table.rhythms().size(), 1U);
    const Micros longest = gaps < 1000 ? 50 : gaps < 2000 ? 40 : 10;
    EXPECT_NEAR(static_cast<double>(table.rhythms()[0].longest), static_cast<double>(longest) * 1e6, 1e5) << gaps;
  }
}

TEST(Rhythms, ArePutInOrderAndPayForEachOther) {
  RhythmTable table;
  Micros now = 0;
  for (int i = 0; i < 100; ++i) {
    now = i * 10 * kSecond;
    table.learn(2, 1, now);
    table.learn(1, 9, now);
    table.learn(1, 3, now);
  }
  table.finish(now);
  ASSERT_EQ(table.rhythms().size(), 3U);
  EXPECT_EQ(table.find(1, 3), 0U);
  EXPECT_EQ(table.find(1, 9), 1U);
  EXPECT_EQ(table.find(2, 1), 2U);
  EXPECT_EQ(table.find(0, 3), RhythmTable::kNone);
  EXPECT_EQ(table.find(3, 1), RhythmTable::kNone) << "beyond all templates";
  const Rhythm& rhythm = table.rhythms()[0];
  EXPECT_NEAR(table.nats(rhythm, rhythm.longest + 10 * rhythm.scale), std::log(100) + 10 - std::log(3 * 8640), 1e-4);
}

TEST(Rhythms, WhatCannotBeIsRefused) {
  constexpr Micros kYear = 366 * kMicrosPerDay;
  struct Stored {
    std::uint32_t id, stream;
    Micros usual, longest, scale;
  };
  const auto loads = [](const std::vector<Stored>& rhythms) {
    ByteWriter out;
    out.u64(rhythms.size());
    for (const Stored& rhythm : rhythms) {
      out.u32(rhythm.id);
      out.u32(rhythm.stream);
      out.u32(20);
      out.i64(rhythm.usual);
      out.i64(rhythm.longest);
      out.i64(rhythm.scale);
    }
    const std::string bytes = out.take();
    ByteReader in(bytes, "rhythms");
    RhythmTable table;
    table.load(in, 3);
    return in.finish().ok() && table.rhythms().size() == rhythms.size();
  };
  EXPECT_TRUE(loads({{0, 0, 1, 1, 1}, {0, 1, kYear, kYear, kYear}, {2, 0, 1, 1, 1}}));
  EXPECT_FALSE(loads({{3, 0, 1, 1, 1}}));
  EXPECT_FALSE(loads({{1, 0, 1, 1, 1}, {0, 7, 1, 1, 1}})) << "not in order";
  EXPECT_FALSE(loads({{1, 0, 1, 1, 1}, {1, 0, 1, 1, 1}})) << "twice";
  EXPECT_FALSE(loads({{1, 0, 0, 1, 1}}));
  EXPECT_FALSE(loads({{1, 0, 1, 0, 1}}));
  EXPECT_FALSE(loads({{1, 0, 1, 1, 0}}));
  EXPECT_FALSE(loads({{1, 0, kYear + 1, 1, 1}}));
  EXPECT_FALSE(loads({{1, 0, 1, kYear + 1, 1}}));
  EXPECT_FALSE(loads({{1, 0, 1, 1, kYear + 1}}));
}

}  // namespace
}  // namespace logdetect
