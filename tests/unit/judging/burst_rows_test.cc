#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "judging/burst_watch.h"
#include "unit/judging/judging_support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::HandMadeBatch;
using testing::seconds;
using testing::watch_all;

constexpr double kNeeded = 8;

// Bursts by rows made by hand. Templates 0 and 1 came once each 100 s in training, never two in a window of 60 s.
class BurstRows : public ::testing::Test {
 protected:
  BurstRows() : baseline_(learnt()), schema_(feature_schema(FeatureOptions{})) {}

  static Baseline learnt() {
    Baseline baseline(FeatureOptions{});
    EventScript script;
    for (int second = 0; second < 6 * 3600; second += 100) {
      script.add(second, 0);
      script.add(second + 50, 1);
    }
    testing::learn(baseline, script);
    return baseline;
  }

  // A line whose windows show so many nats beyond the price of looking, and so many lines.
  struct Shown {
    double nats10 = 0;
    double nats60 = 0;
    double nats600 = 0;
    double count10 = 0;
    double count60 = 0;
    double count600 = 0;
  };
  void add(double second, std::uint32_t id, const Shown& shown) {
    batch_.add(second, id);
    shown_.push_back(shown);
  }
  Sightings watch() {
    FeatureMatrix& rows = batch_.get().rows;
    rows.resize(batch_.size(), schema_.size());
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      const Shown& shown = shown_[i];
      set(i, "burst_surprise", with_looks(std::max({shown.nats10, shown.nats60, shown.nats600})));
      set(i, "burst_10s", with_looks(shown.nats10));
      set(i, "burst_60s", with_looks(shown.nats60));
      set(i, "burst_600s", with_looks(shown.nats600));
      set(i, "template_count_10s", std::log1p(shown.count10));
      set(i, "template_count_60s", std::log1p(shown.count60));
      set(i, "template_count_600s", std::log1p(shown.count600));
    }
    return watch_all(watch_, batch_);
  }
  [[nodiscard]] double with_looks(double nats) const { return nats > 0 ? nats + baseline_.looks() : 0; }
  void set(std::size_t row, const std::string& column, double value) {
    batch_.get().rows.row(row)[static_cast<std::size_t>(schema_.find(column))] = static_cast<float>(value);
  }
  [[nodiscard]] double most(std::size_t window) const { return baseline_.most_in_window(TemplateId(0), window); }

  Baseline baseline_;
  FeatureSchema schema_;
  BurstWatch watch_{baseline_, schema_, kNeeded};
  HandMadeBatch batch_;
  std::vector<Shown> shown_;
};

TEST_F(BurstRows, BeginsWhereTheNatsNeededAreReached) {
  add(1000, 0, {.nats60 = kNeeded - 0.01, .count60 = 50});
  EXPECT_TRUE(watch().empty());
  add(1010, 0, {.nats60 = kNeeded + 0.01, .count60 = 50});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, 1U);
  EXPECT_NEAR(told[0].nats, kNeeded + 0.01, 1e-4);
  EXPECT_EQ(told[0].template_id, TemplateId(0));
}

TEST_F(BurstRows, IsOfTheWindowThatShowsMost) {
  add(1000, 0, {.nats10 = 9, .nats60 = 12, .nats600 = 11, .count10 = 20, .count60 = 40, .count600 = 60});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 1U);
  const auto& burst = std::get<BurstSighting>(told[0].what);
  EXPECT_EQ(burst.window, 1U);
  EXPECT_EQ(burst.window_seconds, 60);
  EXPECT_EQ(burst.most, 40U);
  EXPECT_EQ(burst.lines, 40U) << "those in the window";
  EXPECT_NEAR(told[0].nats, 12, 1e-4);
}

TEST_F(BurstRows, OfEqualNatsTheShorterWindowIsTold) {
  add(1000, 0, {.nats10 = 12, .nats60 = 12, .nats600 = 12, .count10 = 20, .count60 = 40, .count600 = 60});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<BurstSighting>(told[0].what).window_seconds, 10);
}

TEST_F(BurstRows, BeginsWhenItsRiseBegan) {
  add(1000, 0, {.nats10 = 1, .count10 = 3});
  add(1001, 0, {.nats10 = 2, .count10 = 9});
  add(1002, 0, {});  // back to the usual
  add(1003, 0, {.nats10 = 3, .count10 = 9});
  add(1004, 0, {.nats10 = 9, .count10 = 30});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(seconds(told[0].time), 1003);
  const auto& burst = std::get<BurstSighting>(told[0].what);
  EXPECT_EQ(seconds(burst.start), 1003);
  EXPECT_EQ(seconds(burst.peak), 1004);
  EXPECT_EQ(seconds(burst.last_high), 1004);
}

TEST_F(BurstRows, ThatDoesNotRiseBeganWithItsWindow) {
  add(5000, 0, {.nats600 = 9, .count600 = 100});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(seconds(told[0].time), 4400);
}

TEST_F(BurstRows, NeedsHalfAsManyAgainAndTwoMoreThanTrainingHad) {
  ASSERT_LT(most(1), 4) << "two more are the stricter bound";
  const double enough = std::ceil(most(1) + 2);
  add(1000, 0, {.nats60 = 20, .count60 = enough - 1});
  EXPECT_TRUE(watch().empty());
  add(1010, 0, {.nats60 = 20, .count60 = enough});
  EXPECT_EQ(watch().size(), 1U);
}

TEST_F(BurstRows, NeedsHalfAsManyAgainWhereTrainingHadMany) {
  ASSERT_GT(most(2), 4) << "half as many again is the stricter bound";
  const double enough = std::ceil(1.5 * most(2));
  add(1000, 0, {.nats600 = 20, .count600 = enough - 1});
  EXPECT_TRUE(watch().empty());
  add(1010, 0, {.nats600 = 20, .count600 = enough});
  EXPECT_EQ(watch().size(), 1U);
}

TEST_F(BurstRows, GrowsWithItsLinesAndKeepsItsPeak) {
  add(1000, 0, {.nats60 = 9, .count60 = 20});
  add(1005, 0, {.nats60 = 15, .count60 = 40});
  add(1010, 0, {.nats60 = 12, .count60 = 30});
  add(1012, 1, {});
  (void)watch();
  Sightings told;
  watch_.finish(told);
  ASSERT_EQ(told.size(), 1U);
  const auto& burst = std::get<BurstSighting>(told[0].what);
  EXPECT_EQ(burst.lines, 22U) << "20 when it began, and two more";
  EXPECT_EQ(burst.most, 40U);
  EXPECT_EQ(seconds(burst.peak), 1005);
  EXPECT_EQ(seconds(burst.last_high), 1010);
  EXPECT_NEAR(told[0].nats, 15, 1e-4);
}

TEST_F(BurstRows, OfEqualNatsTheLargerCountIsThePeak) {
  add(1000, 0, {.nats60 = 9, .count60 = 20});
  add(1005, 0, {.nats60 = 9, .count60 = 25});
  add(1006, 0, {.nats60 = 9, .count60 = 25});
  (void)watch();
  Sightings told;
  watch_.finish(told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<BurstSighting>(told[0].what).most, 25U);
  EXPECT_EQ(seconds(std::get<BurstSighting>(told[0].what).peak), 1005) << "the first of them";
}

TEST_F(BurstRows, IsHighFromHalfOfTheNatsNeededOn) {
  add(1000, 0, {.nats60 = 9, .count60 = 20});
  add(1005, 0, {.nats60 = kNeeded / 2 + 0.01, .count60 = 15});
  add(1010, 0, {.nats60 = kNeeded / 2 - 0.01, .count60 = 14});
  (void)watch();
  Sightings told;
  watch_.finish(told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(seconds(std::get<BurstSighting>(told[0].what).last_high), 1005);
  EXPECT_EQ(std::get<BurstSighting>(told[0].what).lines, 22U) << "all its lines count";
}

TEST_F(BurstRows, OfTwoTemplatesAreTwo) {
  add(1000, 0, {.nats60 = 9, .count60 = 20});
  add(1001, 1, {.nats60 = 10, .count60 = 30});
  add(1002, 0, {.nats60 = 9, .count60 = 21});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].template_id, TemplateId(0));
  EXPECT_EQ(told[1].template_id, TemplateId(1));
  EXPECT_NE(told[0].bout_key, told[1].bout_key);
}

TEST_F(BurstRows, AtMostSixtyFourAreOpen) {
  for (std::uint32_t id = 0; id < 70; ++id) {
    add(1000 + 0.01 * id, 100 + id, {.nats60 = 9, .count60 = 20});
  }
  EXPECT_EQ(watch().size(), 64U);
  Sightings told;
  watch_.finish(told);
  EXPECT_EQ(told.size(), 64U);
}

TEST_F(BurstRows, WhatALongWindowStillHoldsOfABurstIsNoSecondOne) {
  add(1000, 0, {.nats10 = 9, .count10 = 30});
  add(1200, 0, {.nats600 = 9, .count600 = 40});  // 600 s ago lies before the end of the first
  add(1700, 0, {.nats600 = 9, .count600 = 40});
  const Sightings told = watch();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[1].change, Sighting::Change::kEnded);
  EXPECT_EQ(told[2].change, Sighting::Change::kBegan);
  EXPECT_EQ(seconds(told[2].time), 1100);
}

}  // namespace
}  // namespace logdetect
