#include "logdetect/judging/judging_setup.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "unit/judging/small_model.h"

namespace logdetect {
namespace {

using testing::learn_small_model;

void set(Config& config, std::string_view option, std::int64_t value) {
  config.detectors.of("neural").set(option, value);
}

std::int64_t neural(const Config& config, std::string_view option) {
  return config.detectors.of("neural").get<std::int64_t>(option);
}

// A model whose configuration differs from the default in all that a run takes from it.
Model odd_model() {
  Model model = learn_small_model();
  model.config.miner.similarity = 0.7;
  model.config.features.window_seconds = {5, 50};
  set(model.config, "sequence_length", 12);
  set(model.config, "stride", 3);
  model.config.header.format = "syslog";
  model.config.header.timezone = "Asia/Tokyo";
  model.config.threshold.absolute_nats = 3;
  return model;
}

TEST(JudgingConfig, WhatShapesTheModelIsTheModelsAndTheRestAsGiven) {
  Config given;
  given.miner.similarity = 0.1;
  given.features.window_seconds = {7};
  set(given, "sequence_length", 99);
  given.threshold.absolute_nats = 5;
  given.header.timezone = "Europe/Rome";
  given.incidents.gap_seconds = 17;
  given.run.threads = 3;
  const Config config = judging_config(given, odd_model());
  EXPECT_EQ(config.miner.similarity, 0.7);
  EXPECT_EQ(config.features.window_seconds, (std::vector<std::int64_t>{5, 50}));
  EXPECT_EQ(neural(config, "sequence_length"), 12);
  EXPECT_EQ(neural(config, "stride"), 3);
  EXPECT_EQ(config.threshold.absolute_nats, 5);
  EXPECT_EQ(config.header.timezone, "Europe/Rome");
  EXPECT_EQ(config.incidents.gap_seconds, 17);
  EXPECT_EQ(config.run.threads, 3);
}

TEST(JudgingConfig, AStrideThatIsGivenCounts) {
  Config given;
  set(given, "stride", 1);
  EXPECT_EQ(neural(judging_config(given, odd_model()), "stride"), 1);
}

TEST(JudgingConfig, SessionsAreTheModelsUnlessSomeAreGiven) {
  Model model = odd_model();
  model.config.sessions.delimiter = "^boot";
  EXPECT_EQ(judging_config({}, model).sessions.key, "id=(\\w+)");
  EXPECT_EQ(judging_config({}, model).sessions.delimiter, "^boot");
  model.session_key = "found=(\\w+)";
  EXPECT_EQ(judging_config({}, model).sessions.key, "found=(\\w+)") << "what training found by itself";
  Config key;
  key.sessions.key = "mine=(\\w+)";
  EXPECT_EQ(judging_config(key, model).sessions.key, "mine=(\\w+)");
  EXPECT_EQ(judging_config(key, model).sessions.delimiter, "");
  Config gap;
  gap.sessions.gap_seconds = 60;
  EXPECT_EQ(judging_config(gap, model).sessions.key, "");
  EXPECT_EQ(judging_config(gap, model).sessions.gap_seconds, 60);
}

TEST(JudgingConfig, AFormatThatIsGivenCounts) {
  EXPECT_EQ(judging_config({}, odd_model()).header.format, "syslog");
  Config given;
  given.header.format = "none";
  EXPECT_EQ(judging_config(given, odd_model()).header.format, "none");
}

TEST(RunHeaderOfASetup, SaysWhereAResultComesFrom) {
  auto key = SessionKey::create({});
  auto marker = LineMarker::create("", "");
  ASSERT_TRUE(key.ok() && marker.ok());
  auto model = std::make_shared<Model>(odd_model());
  JudgingSetup setup{model, model->config, {}, std::move(key).value(), std::move(marker).value(), {}, 4.5};
  const RunHeader header = run_header("watch", setup, {"a.log", "b.log"});
  EXPECT_EQ(header.command, "watch");
  EXPECT_FALSE(header.version.empty());
  EXPECT_EQ(header.model_id, model->id);
  EXPECT_EQ(header.model_trained, "2024-01-01T00:00:00Z/2024-01-01T03:19:50Z");
  EXPECT_EQ(header.inputs, (std::vector<std::string>{"a.log", "b.log"}));
  EXPECT_EQ(header.detector_names, (std::vector<std::string>{"novelty", "forest"}));
  EXPECT_EQ(header.threshold, 4.5);
  model->facts.has_time = false;
  EXPECT_EQ(run_header("scan", setup, {}).model_trained, "");
}

}  // namespace
}  // namespace logdetect
