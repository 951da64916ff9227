#include "training/sample_collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kMostWindows = 100;
constexpr std::uint64_t kSeed = 42;

// Events of one batch, each with a row that holds its number in the log.
struct Batch {
  std::vector<Event> events;
  FeatureMatrix rows;
  WindowBatch windows;
};

Batch batch(std::size_t first, std::size_t count) {
  Batch out;
  out.events.resize(count);
  out.rows.resize(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    out.events[i].time = static_cast<Micros>(first + i);
    out.events[i].template_id = TemplateId(static_cast<std::uint32_t>(first + i));
    out.rows.row(i)[0] = static_cast<float>(first + i);
  }
  out.windows.length = 2;
  return out;
}

// A window that scores these events of the batch.
void add_window(Batch& batch, const std::vector<std::uint32_t>& events) {
  batch.windows.first.push_back(static_cast<std::uint32_t>(batch.windows.events.size()));
  batch.windows.events.insert(batch.windows.events.end(), events.begin(), events.end());
  batch.windows.templates.insert(batch.windows.templates.end(), 2, events.back());
  batch.windows.values.insert(batch.windows.values.end(), 2 * WindowBatch::kNumbers, 0.0F);
}

std::vector<Micros> times(const std::vector<Event>& events) {
  std::vector<Micros> out;
  for (const Event& event : events) {
    out.push_back(event.time);
  }
  return out;
}

void offer(SampleCollector& collector, const Batch& batch) {
  collector.offer(batch.events, batch.rows, batch.windows);
}

TEST(SampleCollector, TheSplitFallsBetweenTwoRecordsOfABatch) {
  SampleCollector collector({4, 3}, kMostWindows, kSeed);
  offer(collector, batch(0, 2));
  offer(collector, batch(2, 5));
  const KeptSample sample = collector.finish({});
  EXPECT_THAT(times(sample.fit.events), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(times(sample.validation.events), ElementsAre(4, 5, 6));
  EXPECT_EQ(sample.fit.of, 4U);
  EXPECT_EQ(sample.validation.of, 3U);
  EXPECT_EQ(sample.fit.rows.row(3)[0], 3.0F);
  EXPECT_EQ(sample.validation.rows.row(0)[0], 4.0F) << "each event keeps its own row";
}

TEST(SampleCollector, AWindowAcrossTheSplitIsLeftOut) {
  SampleCollector collector({4, 3}, kMostWindows, kSeed);
  offer(collector, batch(0, 2));
  Batch second = batch(2, 5);
  add_window(second, {0, 1});  // records 2 and 3: the last fitted one
  add_window(second, {1, 2});  // records 3 and 4: across
  add_window(second, {2, 3});  // records 4 and 5: the first held out
  add_window(second, {4});     // record 6
  offer(collector, second);
  const KeptSample sample = collector.finish({});
  EXPECT_EQ(sample.fit_windows.of, 1U);
  EXPECT_THAT(times(sample.fit_windows.events), ElementsAre(2, 3));
  EXPECT_EQ(sample.validation_windows.of, 2U);
  EXPECT_THAT(times(sample.validation_windows.events), ElementsAre(4, 5, 6));
}

TEST(SampleCollector, FittedWindowsKeepTheirEventsWhereTheyMayHaveToCalibrate) {
  for (const bool enough : {false, true}) {
    const std::uint64_t held_out = SampleCollector::kShortHeldOut - (enough ? 0 : 1);
    SampleCollector collector({10, held_out}, kMostWindows, kSeed);
    Batch one = batch(0, 2);
    add_window(one, {0, 1});
    offer(collector, one);
    const KeptSample sample = collector.finish({});
    EXPECT_EQ(sample.fit_windows.windows.size(), 1U);
    EXPECT_EQ(sample.fit_windows.events.empty(), enough) << held_out;
  }
}

TEST(SampleCollector, WindowsToFitAreBounded) {
  // As many as one of 64 stretches may keep.
  SampleCollector collector({1000, 10}, 64, kSeed);
  for (std::size_t i = 0; i < 500; ++i) {
    Batch one = batch(2 * i, 2);
    add_window(one, {0, 1});
    offer(collector, one);
  }
  const KeptSample sample = collector.finish({});
  EXPECT_EQ(sample.fit_windows.of, 500U);
  EXPECT_LE(sample.fit_windows.windows.size(), 64U);
  EXPECT_GE(sample.fit_windows.windows.size(), 60U);
}

TEST(SampleCollector, JoinsTheSampleOfTheModel) {
  SampleCollector old_one({2, 1}, kMostWindows, kSeed);
  offer(old_one, batch(0, 3));
  const KeptSample before = old_one.finish({});
  SampleCollector collector({2, 1}, kMostWindows, kSeed);
  offer(collector, batch(100, 3));
  const KeptSample sample = collector.finish(before);
  EXPECT_THAT(times(sample.fit.events), ElementsAre(0, 1, 100, 101));
  EXPECT_THAT(times(sample.validation.events), ElementsAre(2, 102));
  EXPECT_EQ(sample.fit.of, 4U);
  EXPECT_THAT(times(sample.fit_windows.events), IsEmpty());
}

TEST(SampleCollector, TheSameSeedGivesTheSameSample) {
  const auto sample_of = [](std::uint64_t seed) {
    SampleCollector collector({1000, 10}, 64, seed);
    for (std::size_t i = 0; i < 500; ++i) {
      Batch one = batch(2 * i, 2);
      add_window(one, {0, 1});
      offer(collector, one);
    }
    return times(collector.finish({}).fit_windows.events);
  };
  EXPECT_EQ(sample_of(1), sample_of(1));
  EXPECT_NE(sample_of(1), sample_of(2));
}

}  // namespace
}  // namespace logdetect
