#include "training/detector_fitting.h"

#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

int asked = 0;

Result<NeuralRuntime> fast_runtime() {
  ++asked;
  return NeuralRuntime{"1.0", "", false, "another BLAS would be faster"};
}

Result<NeuralRuntime> no_runtime() {
  ++asked;
  return make_error(ErrorCode::kUsage, "no libtorch here");
}

TEST(ChooseDetectors, OnlyNetworksAskForTheRuntime) {
  asked = 0;
  const auto choice = choose_detectors({{"novelty", "forest"}, {}, 0}, no_runtime);
  ASSERT_TRUE(choice.ok());
  EXPECT_EQ(choice->ensemble.size(), 2U);
  EXPECT_EQ(choice->note, "");
  EXPECT_EQ(asked, 0);
}

TEST(ChooseDetectors, WhatTheRuntimeAdvisesIsTold) {
  asked = 0;
  const auto choice = choose_detectors({{"novelty", "next_event"}, {}, 0}, fast_runtime);
  ASSERT_TRUE(choice.ok()) << choice.error().to_string();
  EXPECT_TRUE(choice->ensemble.neural());
  EXPECT_EQ(choice->note, "another BLAS would be faster");
  EXPECT_EQ(asked, 1);
}

TEST(ChooseDetectors, NetworksWithoutARuntimeAreRefused) {
  const auto choice = choose_detectors({{"novelty", "next_event"}, {}, 0}, no_runtime);
  ASSERT_FALSE(choice.ok());
  EXPECT_EQ(choice.error().message, "no libtorch here");
  EXPECT_FALSE(choose_detectors({{"no such detector"}, {}, 0}, fast_runtime).ok());
}

KeptRows rows(std::size_t count) {
  KeptRows out;
  out.events.resize(count);
  out.rows.resize(count, 1);
  return out;
}

KeptWindows windows(std::size_t events) {
  KeptWindows out;
  out.events.resize(events);
  out.rows.resize(events, 1);
  return out;
}

TEST(CalibrationView, TheHeldOutRowsUnlessTheyAreTooFew) {
  KeptSample sample;
  sample.fit = rows(200);
  sample.validation = rows(50);
  EXPECT_EQ(calibration_view(sample, false).events.size(), 50U);
  sample.validation = rows(49);
  const LogView fitted = calibration_view(sample, false);
  EXPECT_EQ(fitted.events.size(), 200U);
  EXPECT_EQ(fitted.rows.rows(), 200U);
  EXPECT_EQ(fitted.windows.size(), 0U);
}

TEST(CalibrationView, TheHeldOutWindowsUnlessTheyAreTooFew) {
  KeptSample sample;
  sample.fit = rows(300);
  sample.validation = rows(300);
  sample.fit_windows = windows(200);
  sample.validation_windows = windows(50);
  EXPECT_EQ(calibration_view(sample, true).events.size(), 50U);
  sample.validation_windows = windows(49);
  EXPECT_EQ(calibration_view(sample, true).events.size(), 200U);
  EXPECT_EQ(&calibration_view(sample, true).windows, &sample.fit_windows.windows);
  sample.fit_windows = windows(0);  // their events were not kept
  EXPECT_EQ(calibration_view(sample, true).events.size(), 49U);
}

class FitDetectors : public testing::Test {
 protected:
  void SetUp() override {
    auto training = train_by_hand(config_, steady_log(1000), fresh_state(config_));
    ASSERT_TRUE(training.ok()) << training.error().to_string();
    sample_ = std::move(training->lessons.features.sample);
    model_ = training->model;
  }
  Result<FittedDetectors> fit(const RunControl& control) {
    auto choice = choose_detectors(config_.ensemble, no_runtime);
    return fit_detectors(std::move(choice->ensemble), sample_, model_->miner, config_, control);
  }

  Config config_ = small_config();
  KeptSample sample_;
  std::shared_ptr<const Model> model_;
};

TEST(CalibrationView, ShowsTheSessionsOfTraining) {
  KeptSample sample;
  sample.sessions.resize(3);
  EXPECT_EQ(calibration_view(sample, false).sessions.size(), 3U);
  EXPECT_EQ(calibration_view(sample, true).sessions.size(), 3U);
}

TEST_F(FitDetectors, CalibratesOnTheHeldOutPart) {
  const auto fitted = fit(RunControl());
  ASSERT_TRUE(fitted.ok()) << fitted.error().to_string();
  EXPECT_EQ(fitted->validation_records, 200U);
  EXPECT_EQ(fitted->validation_flagged, 0U);
  EXPECT_DOUBLE_EQ(fitted->ensemble.threshold(), config_.threshold.absolute_nats);
  EXPECT_TRUE(fitted->curves.empty());
}

TEST_F(FitDetectors, ASignalEndsIt) {
  const std::atomic<int> stop = 1;
  RunControl control;
  control.stop = &stop;
  const auto fitted = fit(control);
  ASSERT_FALSE(fitted.ok());
  EXPECT_EQ(fitted.error().code, ErrorCode::kInterrupted);
}

TEST_F(FitDetectors, FlaggedIsWhatReachesTheThresholdOfItsHour) {
  const auto fitted = fit(RunControl());
  ASSERT_TRUE(fitted.ok()) << fitted.error().to_string();
  std::vector<Event> events(3);
  events[2].time = 5 * kMicrosPerHour;
  const auto threshold = static_cast<float>(fitted->ensemble.threshold());
  const std::vector<float> totals = {threshold * 0.99F, threshold * 1.01F, threshold * 1.01F};
  ThresholdOptions options = config_.threshold;
  EXPECT_EQ(count_flagged(fitted->ensemble, events, totals, options), 2U);
  options.hour_multipliers[5] = 2;
  EXPECT_EQ(count_flagged(fitted->ensemble, events, totals, options), 1U);
}

}  // namespace
}  // namespace logdetect
