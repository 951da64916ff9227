#include "logdetect/judging/drift.h"

#include <gtest/gtest.h>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kKnown = 40;

TemplateId as_it_is(TemplateId id) {
  return id;
}

// Feeds `n` records, of which `share` are of `kinds` new templates.
void feed(DriftMeter& meter, Rng& rng, int n, double share, std::uint64_t kinds) {
  for (int i = 0; i < n; ++i) {
    const bool fresh = static_cast<double>(rng.below(1'000'000)) < share * 1e6;
    if (fresh) {
      meter.add(RecordFate::kNew, TemplateId(static_cast<std::uint32_t>(kKnown + rng.below(kinds))));
    } else {
      meter.add(RecordFate::kMatched, TemplateId(static_cast<std::uint32_t>(rng.below(kKnown))));
    }
  }
}

Drift::State state_of(const LatePart& usual, int n, double share, std::uint64_t kinds) {
  DriftMeter meter(usual, kKnown);
  Rng rng(1);
  feed(meter, rng, n, share, kinds);
  return meter.whole(as_it_is).state;
}

TEST(Drift, IsSaidByShareAndKinds) {
  EXPECT_EQ(state_of({}, 50, 0.9, 30), Drift::State::kUnknown) << "too few to tell";
  EXPECT_EQ(state_of({}, 20'000, 0, 1), Drift::State::kNone);
  EXPECT_EQ(state_of({}, 20'000, 0.005, 30), Drift::State::kNone) << "rare lines are in every log";
  EXPECT_EQ(state_of({}, 20'000, 0.06, 30), Drift::State::kNewRelease);
  EXPECT_EQ(state_of({}, 20'000, 0.06, 2), Drift::State::kNone) << "two new statements are findings";
  EXPECT_EQ(state_of({}, 20'000, 0.92, 100), Drift::State::kOtherLog);
  EXPECT_NE(state_of({}, 20'000, 0.8, 3), Drift::State::kOtherLog) << "a storm of few kinds is a failure";
}

TEST(Drift, WhatWasUsualInTrainingIsNoDrift) {
  const LatePart restless{10'000, 400, 80};
  EXPECT_EQ(state_of(restless, 20'000, 0.06, 30), Drift::State::kNone);
  EXPECT_EQ(state_of(restless, 20'000, 0.2, 30), Drift::State::kNewRelease);
  const LatePart tiny{20, 10, 10};
  EXPECT_EQ(state_of(tiny, 20'000, 0.06, 30), Drift::State::kNewRelease) << "20 records tell nothing";
}

TEST(Drift, AFailureThatEndsIsNoRelease) {
  DriftMeter meter({}, kKnown);
  Rng rng(2);
  feed(meter, rng, 10'000, 0, 1);
  feed(meter, rng, 2'000, 0.4, 12);
  feed(meter, rng, 10'000, 0, 1);
  const Drift drift = meter.whole(as_it_is);
  EXPECT_GT(drift.unmatched_share, 0.02);
  EXPECT_EQ(drift.state, Drift::State::kNone);
}

TEST(Drift, AShortLogIsNotCalledARelease) {
  EXPECT_EQ(state_of({}, 1'900, 0.06, 30), Drift::State::kNone) << "it may as well be a failure";
  EXPECT_EQ(state_of({}, 2'000, 0.06, 30), Drift::State::kNewRelease);
}

TEST(Drift, TemplatesThatBecameOneCountAsOne) {
  DriftMeter meter({}, kKnown);
  Rng rng(4);
  feed(meter, rng, 1'000, 0.5, 20);
  EXPECT_DOUBLE_EQ(meter.whole(as_it_is).new_templates_per_1000, 20);
  EXPECT_DOUBLE_EQ(meter.whole([](TemplateId) { return TemplateId(kKnown); }).new_templates_per_1000, 1);
  EXPECT_DOUBLE_EQ(meter.whole([](TemplateId) { return TemplateId(); }).new_templates_per_1000, 20) << "evicted";
}

TEST(Drift, SharesAreExact) {
  DriftMeter meter({1'000, 30, 4}, kKnown);
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    if (i % 10 == 0) {
      meter.add(i % 50 == 0 ? RecordFate::kUnparsed : RecordFate::kNew, TemplateId(kKnown + i / 100));
    } else {
      meter.add(RecordFate::kMatched, TemplateId(i % kKnown));
    }
  }
  const Drift drift = meter.whole(as_it_is);
  EXPECT_DOUBLE_EQ(drift.unmatched_share, 0.1);
  EXPECT_DOUBLE_EQ(drift.unparsed_share, 0.02) << "another share than that of new templates";
  EXPECT_DOUBLE_EQ(drift.new_templates_per_1000, 10);
  EXPECT_DOUBLE_EQ(drift.usual_unmatched_share, 0.03);
  EXPECT_DOUBLE_EQ(drift.usual_new_templates_per_1000, 4);
}

TEST(Drift, AChangeIsToldOnce) {
  DriftMeter meter({}, kKnown);
  Rng rng(3);
  std::vector<Drift::State> told;
  const auto run = [&](int windows, double share, std::uint64_t kinds) {
    for (int i = 0; i < windows; ++i) {
      feed(meter, rng, static_cast<int>(DriftMeter::kWindow), share, kinds);
      if (const auto change = meter.take_change()) {
        told.push_back(change->state);
      }
    }
  };
  run(10, 0, 1);
  EXPECT_TRUE(told.empty()) << "no drift is what is expected";
  run(1, 0.2, 30);
  EXPECT_TRUE(told.empty()) << "one window may be chance";
  run(9, 0.2, 30);
  EXPECT_EQ(told, std::vector{Drift::State::kNewRelease});
  run(10, 0.95, 300);
  EXPECT_EQ(told.back(), Drift::State::kOtherLog);
  run(10, 0, 1);
  EXPECT_EQ(told.size(), 3U);
  EXPECT_EQ(told.back(), Drift::State::kNone);
}

}  // namespace
}  // namespace logdetect
