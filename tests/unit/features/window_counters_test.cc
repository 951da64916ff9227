#include "features/window_counters.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "features/numerics.h"
#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr Micros kStart = 1'704'067'200LL * kMicrosPerSecond;
constexpr std::array<std::int64_t, 3> kSeconds = {10, 60, 600};

struct Counted {
  Micros present;
  std::uint32_t id;
  Level level;
  bool fresh;
};

// What a window holds, by looking at every event since the restart again.
WindowCounters::Counts recount(const std::vector<Counted>& events, std::int64_t seconds, std::uint32_t id) {
  const Micros bucket = seconds * kMicrosPerSecond / WindowCounters::kBuckets;
  const std::int64_t head = floor_divide(events.back().present, bucket);
  WindowCounters::Counts counts;
  std::set<std::uint32_t> distinct;
  for (const Counted& event : events) {
    if (floor_divide(event.present, bucket) + WindowCounters::kBuckets <= head) {
      continue;
    }
    ++counts.events;
    counts.same += event.id == id ? 1 : 0;
    counts.errors += event.level >= Level::kError ? 1 : 0;
    counts.warnings += event.level == Level::kWarning ? 1 : 0;
    counts.fresh += event.fresh ? 1 : 0;
    distinct.insert(event.id);
  }
  counts.distinct = static_cast<std::uint32_t>(distinct.size());
  return counts;
}

void run_against_recount(std::uint64_t seed, std::uint64_t largest_step_micros, Micros start) {
  Rng rng(seed);
  WindowCounters windows(kSeconds);
  windows.restart(start);
  std::vector<Counted> events;
  Micros now = start;
  for (int i = 0; i < 3000; ++i) {
    if (rng.below(400) == 0) {
      now += kMicrosPerDay * static_cast<Micros>(rng.below(2)) - kMicrosPerHour;
      windows.restart(now);
      events.clear();
    }
    // Every third event is late: the present stays.
    if (rng.below(3) != 0) {
      now += static_cast<Micros>(rng.below(largest_step_micros));
      windows.advance(now);
    } else {
      windows.advance(now - 5);
    }
    const Counted event = {now, static_cast<std::uint32_t>(rng.below(1 + rng.below(40))),
                           static_cast<Level>(rng.below(kLevelCount)), rng.below(10) == 0};
    events.push_back(event);
    std::array<WindowCounters::Counts, 3> counts;
    windows.add(TemplateId(event.id), event.level, event.fresh, counts);
    for (std::size_t w = 0; w < counts.size(); ++w) {
      const auto expected = recount(events, kSeconds.at(w), event.id);
      ASSERT_EQ(counts.at(w).same, expected.same) << "event " << i << " window " << w;
      ASSERT_EQ(counts.at(w).events, expected.events);
      ASSERT_EQ(counts.at(w).errors, expected.errors);
      ASSERT_EQ(counts.at(w).warnings, expected.warnings);
      ASSERT_EQ(counts.at(w).distinct, expected.distinct);
      ASSERT_EQ(counts.at(w).fresh, expected.fresh);
    }
  }
}

TEST(WindowCounters, AgreeWithARecount) {
  run_against_recount(1, 200'000, kStart);
  run_against_recount(2, 5'000'000, kStart);
  run_against_recount(3, 100'000'000, kStart);
  run_against_recount(4, 3'000'000, -kStart);  // before 1970
}

TEST(WindowCounters, ObservedShareGrowsAfterARestart) {
  WindowCounters windows(kSeconds);
  windows.restart(kStart);
  std::array<WindowCounters::Counts, 3> counts;
  windows.add(TemplateId(1), Level::kInfo, false, counts);
  EXPECT_FLOAT_EQ(counts[0].observed, 1.0F / 12);
  windows.advance(kStart + 30 * kMicrosPerSecond);
  windows.add(TemplateId(1), Level::kInfo, false, counts);
  EXPECT_FLOAT_EQ(counts[0].observed, 1);
  EXPECT_FLOAT_EQ(counts[1].observed, 0.5F);
  EXPECT_FLOAT_EQ(counts[2].observed, 1.0F / 12);
}

TEST(WindowCounters, ManyTemplatesAreBoundedAndOldOnesGiveWay) {
  constexpr std::array<std::int64_t, 1> kOne = {10};
  WindowCounters windows(kOne);
  windows.restart(kStart);
  std::array<WindowCounters::Counts, 1> counts;
  for (std::uint32_t id = 0; id < WindowCounters::kMaxTracked + 100; ++id) {
    windows.add(TemplateId(id), Level::kInfo, true, counts);
  }
  EXPECT_EQ(counts[0].same, 1U);
  windows.add(TemplateId(WindowCounters::kMaxTracked - 1), Level::kInfo, false, counts);
  EXPECT_EQ(counts[0].same, 2U) << "the last that has counters of its own";
  windows.add(TemplateId(WindowCounters::kMaxTracked), Level::kInfo, false, counts);
  EXPECT_EQ(counts[0].same, 1U) << "there is no room for more";
  windows.advance(kStart + kMicrosPerHour);
  for (int i = 0; i < 5; ++i) {
    windows.add(TemplateId(900'000), Level::kInfo, false, counts);
  }
  EXPECT_EQ(counts[0].same, 5U) << "an expired template's counters were not taken over";
  windows.add(TemplateId(), Level::kInfo, false, counts);
  EXPECT_EQ(counts[0].same, 1U);
  EXPECT_EQ(counts[0].events, 6U);
}

}  // namespace
}  // namespace logdetect
