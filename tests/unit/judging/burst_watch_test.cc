#include "judging/burst_watch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "unit/judging/judging_support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::HandMadeBatch;
using testing::seconds;
using testing::watch_all;

const double kNeeded = std::log(1000);

class Bursts : public ::testing::Test {
 protected:
  // Six hours: template 0 every 10 s, template 1 about every five minutes, two at a time.
  Bursts() : baseline_(FeatureOptions{}), schema_(feature_schema(FeatureOptions{})) {
    EventScript script;
    for (int second = 0; second < 6 * 3600; second += 10) {
      script.add(second, 0);
      if (second % 310 == 0) {
        script.add(second + 1, 1);
        script.add(second + 2, 1);
      }
    }
    testing::learn(baseline_, script);
  }

  Sightings watch(HandMadeBatch& batch) {
    FeatureExtractor extractor(std::as_const(baseline_));  // frozen
    batch.extract(extractor);
    return watch_all(watch_, batch);
  }
  static void storm(HandMadeBatch& batch, int second, int from, int to) {
    for (int n = 0; second >= from && second < to && n < 50; ++n) {  // five a second
      batch.add(second + 0.2 * n, 1);
    }
  }

  Baseline baseline_;
  FeatureSchema schema_;
  BurstWatch watch_{baseline_, schema_, kNeeded};
};

TEST_F(Bursts, ABurstIsOneBoutHoweverManyLinesItHas) {
  HandMadeBatch batch;
  for (int second = 0; second < 3600; second += 10) {
    batch.add(second, 0);
    storm(batch, second, 1200, 1320);
  }
  const Sightings told = watch(batch);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].change, Sighting::Change::kBegan);
  EXPECT_NE(told[0].row, Sighting::kNoRow);
  EXPECT_EQ(told[1].change, Sighting::Change::kEnded);
  EXPECT_EQ(told[1].row, Sighting::kNoRow);
  EXPECT_EQ(told[1].bout_key, told[0].bout_key);
  EXPECT_EQ(told[1].template_id, TemplateId(1));
  EXPECT_NEAR(seconds(told[1].time), 1200, 10);
  EXPECT_GE(told[1].nats, kNeeded);
  const auto& burst = std::get<BurstSighting>(told[1].what);
  EXPECT_NEAR(seconds(burst.last_high), 1320, 15);
  EXPECT_GE(burst.lines, 500U);
  EXPECT_GE(burst.peak, burst.start);
  EXPECT_GE(burst.most, 40U);
  Sightings rest;
  watch_.finish(rest);
  EXPECT_TRUE(rest.empty()) << "it is over already";
}

TEST_F(Bursts, ALineAfterABurstDoesNotBeginItAnew) {
  HandMadeBatch batch;
  for (int second = 0; second < 3600; second += 10) {
    batch.add(second, 0);
    storm(batch, second, 1200, 1320);
    storm(batch, second, 1700, 1820);
    if (second == 1500) {
      batch.add(second + 1, 1);  // ten minutes hold the burst still
    }
  }
  std::vector<double> begun;
  std::vector<std::uint64_t> keys;
  for (const Sighting& sighting : watch(batch)) {
    if (sighting.change == Sighting::Change::kBegan) {
      begun.push_back(seconds(sighting.time));
      keys.push_back(sighting.bout_key);
    }
  }
  ASSERT_EQ(begun.size(), 2U);
  EXPECT_NEAR(begun[0], 1200, 10);
  EXPECT_NEAR(begun[1], 1700, 10);
  EXPECT_NE(keys[0], keys[1]);
}

TEST_F(Bursts, TheUsualIsNoBurst) {
  HandMadeBatch batch;
  for (int second = 0; second < 6 * 3600; second += 10) {
    batch.add(second, 0);
    if (second % 310 == 0) {
      batch.add(second + 1, 1);
      batch.add(second + 2, 1);
    }
  }
  EXPECT_TRUE(watch(batch).empty());
}

TEST_F(Bursts, OutsideTheJudgedSpanNothingIsFollowed) {
  HandMadeBatch batch;
  for (int second = 0; second < 3600; second += 10) {
    batch.add(second, 0);
    storm(batch, second, 1200, 1320);
  }
  batch.get().judged.assign(batch.size(), 0);
  EXPECT_TRUE(watch(batch).empty());
}

TEST_F(Bursts, NewTemplatesAndLinesWithoutATimeBeginNone) {
  for (const bool fresh : {true, false}) {
    HandMadeBatch batch;
    for (int n = 0; n < 500; ++n) {
      Event& event = batch.add(1200 + 0.2 * n, 1);
      event.is_new = fresh;
      event.has_time = fresh;
    }
    EXPECT_TRUE(watch(batch).empty()) << fresh;
  }
}

TEST_F(Bursts, TheEndOfTheLogEndsThemAll) {
  HandMadeBatch batch;
  for (int second = 1200; second < 1320; second += 10) {
    storm(batch, second, 1200, 1320);
  }
  ASSERT_EQ(watch(batch).size(), 1U);
  Sightings told;
  watch_.finish(told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].change, Sighting::Change::kEnded);
  EXPECT_EQ(std::get<BurstSighting>(told[0].what).lines, 600U);
}

TEST_F(Bursts, AreOverWhenTheirWindowHasPassed) {
  HandMadeBatch batch;
  for (int second = 1200; second < 1320; second += 10) {
    storm(batch, second, 1200, 1320);
  }
  const Sightings begun = watch(batch);
  ASSERT_EQ(begun.size(), 1U);
  Sightings told;
  watch_.finish(told);
  ASSERT_EQ(told.size(), 1U);
  const BurstSighting burst = std::get<BurstSighting>(told[0].what);
  const Micros edge = burst.last_high + burst.window_seconds * kMicrosPerSecond;
  ASSERT_EQ(watch(batch).size(), 1U) << "the same again, in a watch that has told it";
  told.clear();
  watch_.advance(edge, told);
  EXPECT_TRUE(told.empty()) << "the last moment of its window";
  watch_.advance(edge + 1, told);
  EXPECT_EQ(told.size(), 1U);
}

}  // namespace
}  // namespace logdetect
