#include "logdetect/judging/drift.h"

#include <gtest/gtest.h>

#include <vector>

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

// A log of `records` records: first `fresh` of so many new kinds in turn, then known ones of so many kinds.
DriftMeter meter_of(const LatePart& usual, int records, int fresh, std::uint32_t new_kinds, std::uint32_t known_kinds) {
  DriftMeter meter(usual, kKnown);
  for (int i = 0; i < records; ++i) {
    const auto number = static_cast<std::uint32_t>(i);
    if (i < fresh) {
      meter.add(RecordFate::kNew, TemplateId(kKnown + number % new_kinds));
    } else {
      meter.add(RecordFate::kMatched, TemplateId(number % known_kinds));
    }
  }
  return meter;
}

TEST(Drift, AHundredRecordsAreEnoughToTell) {
  EXPECT_EQ(meter_of({}, 99, 0, 1, 10).whole(as_it_is).state, Drift::State::kUnknown);
  EXPECT_EQ(meter_of({}, 100, 0, 1, 10).whole(as_it_is).state, Drift::State::kNone);
  EXPECT_EQ(meter_of({}, 100, 90, 20, 10).whole(as_it_is).state, Drift::State::kOtherLog);
}

TEST(Drift, OfNothingIsUnknown) {
  DriftMeter meter({}, 0);
  const Drift drift = meter.whole(as_it_is);
  EXPECT_EQ(drift.state, Drift::State::kUnknown);
  EXPECT_EQ(drift.unmatched_share, 0);
  EXPECT_EQ(drift.unparsed_share, 0);
  EXPECT_EQ(drift.new_templates_per_1000, 0);
  EXPECT_EQ(drift.usual_unmatched_share, 0);
  EXPECT_EQ(drift.usual_new_templates_per_1000, 0);
  EXPECT_FALSE(meter.take_change());
}

TEST(Drift, AnotherLogIsMostRecordsAndAsManyKinds) {
  const auto state = [](int fresh, std::uint32_t new_kinds, std::uint32_t known_kinds) {
    return meter_of({}, 200, fresh, new_kinds, known_kinds).whole(as_it_is).state;
  };
  EXPECT_EQ(state(101, 10, 10), Drift::State::kOtherLog);
  EXPECT_EQ(state(100, 10, 10), Drift::State::kNone) << "half of the records, and too short for a release";
  EXPECT_EQ(state(101, 9, 10), Drift::State::kNone) << "of fewer kinds than are known";
  EXPECT_EQ(state(101, 10, 11), Drift::State::kNone);
}

TEST(Drift, WhatIsUsualIsKnownFromAHundredRecordsOfTraining) {
  const Drift known = DriftMeter({100, 10, 2}, kKnown).whole(as_it_is);
  EXPECT_DOUBLE_EQ(known.usual_unmatched_share, 0.1);
  EXPECT_DOUBLE_EQ(known.usual_new_templates_per_1000, 20);
  const Drift unknown = DriftMeter({99, 10, 2}, kKnown).whole(as_it_is);
  EXPECT_EQ(unknown.usual_unmatched_share, 0);
  EXPECT_EQ(unknown.usual_new_templates_per_1000, 0);
}

// Windows each of which has so many new records, of so many kinds.
Drift::State after_windows(const LatePart& usual, const std::vector<int>& fresh, std::uint32_t kinds) {
  DriftMeter meter(usual, kKnown);
  for (const int count : fresh) {
    for (std::uint32_t i = 0; i < DriftMeter::kWindow; ++i) {
      const bool is_new = i < static_cast<std::uint32_t>(count);
      meter.add(is_new ? RecordFate::kNew : RecordFate::kMatched, TemplateId(is_new ? kKnown + i % kinds : i % kKnown));
    }
  }
  return meter.whole(as_it_is).state;
}

TEST(Drift, AReleaseIsMoreThanOneInFiftyOfFiveKinds) {
  EXPECT_EQ(after_windows({}, {11, 11, 11, 11}, 5), Drift::State::kNewRelease);
  EXPECT_EQ(after_windows({}, {10, 10, 10, 10}, 5), Drift::State::kNone) << "one in fifty";
  EXPECT_EQ(after_windows({}, {11, 11, 11, 11}, 4), Drift::State::kNone);
}

TEST(Drift, AReleaseIsMoreThanThriceTheUsual) {
  const LatePart usual{1000, 20, 4};  // one in fifty
  EXPECT_EQ(after_windows(usual, {31, 31, 31, 31}, 6), Drift::State::kNewRelease);
  EXPECT_EQ(after_windows(usual, {29, 29, 29, 29}, 6), Drift::State::kNone);
}

TEST(Drift, AReleaseShowsInHalfOfTheWindows) {
  EXPECT_EQ(after_windows({}, {50, 0, 50, 0}, 6), Drift::State::kNewRelease);
  EXPECT_EQ(after_windows({}, {0, 0, 0, 250}, 6), Drift::State::kNone);
  EXPECT_EQ(after_windows({}, {50, 0, 50, 0, 0}, 6), Drift::State::kNone);
  EXPECT_EQ(after_windows({}, {50, 50, 50}, 6), Drift::State::kNone) << "three windows are too few";
  EXPECT_EQ(after_windows({}, {50, 50, 50, 50}, 6), Drift::State::kNewRelease);
}

TEST(Drift, KindsOfAWindowAreCountedAnewInTheNext) {
  DriftMeter meter({}, kKnown);
  for (int window = 0; window < 2; ++window) {
    for (std::uint32_t i = 0; i < DriftMeter::kWindow; ++i) {
      meter.add(i % 10 == 0 ? RecordFate::kNew : RecordFate::kMatched,
                TemplateId(i % 10 == 0 ? kKnown + i / 10 % 6 : i % kKnown));
    }
  }
  const auto change = meter.take_change();
  ASSERT_TRUE(change) << "the same kinds are new in the second window too";
  EXPECT_EQ(change->state, Drift::State::kNewRelease);
  EXPECT_DOUBLE_EQ(change->unmatched_share, 0.1);
  EXPECT_DOUBLE_EQ(change->new_templates_per_1000, 12);
  EXPECT_FALSE(meter.take_change()) << "taken";
}

TEST(Drift, AWindowIsFiveHundredRecords) {
  DriftMeter meter({}, kKnown);
  const auto add = [&](int count) {
    for (int i = 0; i < count; ++i) {
      meter.add(RecordFate::kNew, TemplateId(kKnown + static_cast<std::uint32_t>(i)));
    }
  };
  add(499);
  EXPECT_FALSE(meter.take_change());
  add(1);
  const auto change = meter.take_change();
  ASSERT_TRUE(change) << "another log is told at once";
  EXPECT_EQ(change->state, Drift::State::kOtherLog);
  add(500);
  EXPECT_FALSE(meter.take_change()) << "it stays so";
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
