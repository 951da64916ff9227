#include "logdetect/models/detector_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "logdetect/models/detector.h"
#include "models/neural_options.h"

namespace logdetect {
namespace {

constexpr std::array<std::string_view, 2> kSides = {"left", "right"};
constexpr std::array<OptionInfo, 4> kMade = {{
    {.name = "loud", .initial = false},
    {.name = "depth", .initial = std::int64_t{3}, .range = {1, 9}},
    {.name = "share", .initial = 0.5, .range = {0, 1}},
    {.name = "side", .initial = kSides[0], .words = kSides},
}};

TEST(OptionValues, BeginWithTheDefaultsAndHoldWhatIsSet) {
  OptionValues values(kMade);
  EXPECT_FALSE(values.get<bool>("loud"));
  EXPECT_EQ(values.get<std::int64_t>("depth"), 3);
  EXPECT_EQ(values.get<double>("share"), 0.5);
  EXPECT_EQ(values.get<std::string_view>("side"), "left");
  values.set("loud", true);
  values.set("depth", std::int64_t{9});
  values.set("share", 1.0);
  values.set("side", kSides[1]);
  EXPECT_TRUE(values.get<bool>("loud"));
  EXPECT_EQ(values.get<std::int64_t>("depth"), 9);
  EXPECT_EQ(values.get<double>("share"), 1.0);
  EXPECT_EQ(values.get<std::string_view>("side"), "right");
}

TEST(OptionInfo, AllowsItsKindAndItsRangeToTheEdge) {
  EXPECT_TRUE(kMade[0].allows(true));
  EXPECT_FALSE(kMade[0].allows(std::int64_t{1}));
  EXPECT_TRUE(kMade[1].allows(std::int64_t{1}));
  EXPECT_TRUE(kMade[1].allows(std::int64_t{9}));
  EXPECT_FALSE(kMade[1].allows(std::int64_t{0}));
  EXPECT_FALSE(kMade[1].allows(std::int64_t{10}));
  EXPECT_FALSE(kMade[1].allows(3.0));
  EXPECT_TRUE(kMade[2].allows(0.0));
  EXPECT_TRUE(kMade[2].allows(1.0));
  EXPECT_FALSE(kMade[2].allows(1.0000001));
  EXPECT_FALSE(kMade[2].allows(std::nan("")));
  EXPECT_TRUE(kMade[3].allows(kSides[1]));
  EXPECT_FALSE(kMade[3].allows(std::string_view("middle")));
}

TEST(OptionValuesDeathTest, UnknownNamesAndKindsAreFaultsOfTheProgram) {
  OptionValues values(kMade);
  EXPECT_DEATH((void)values.get<double>("depht"), "no option of this name");
  EXPECT_DEATH((void)values.get<double>("depth"), "read as what it is not");
  EXPECT_DEATH(values.set("depth", std::int64_t{10}), "cannot have this value");
}

TEST(OptionGroups, HoldEveryOptionOfTheTableOnce) {
  std::set<std::string> paths;
  for (const OptionGroup& group : option_groups()) {
    EXPECT_FALSE(group.options.empty()) << group.name;
    for (const OptionInfo& option : group.options) {
      EXPECT_TRUE(option.allows(option.initial)) << group.name << '.' << option.name;
      EXPECT_FALSE(option.help.empty()) << group.name << '.' << option.name;
      EXPECT_TRUE(paths.insert(std::string(group.name) + "." + std::string(option.name)).second) << option.name;
    }
  }
  for (const DetectorEntry& entry : detector_table()) {
    for (const OptionInfo& option : entry.options) {
      EXPECT_TRUE(paths.contains(std::string(entry.name) + "." + std::string(option.name)));
    }
  }
  EXPECT_TRUE(paths.contains("forest.trees"));
  EXPECT_TRUE(paths.contains("neural.epochs"));
}

TEST(DetectorOptions, JudgingTakesTheModelsButWhatItMayChoose) {
  DetectorOptions trained;
  trained.of("forest").set("trees", std::int64_t{7});
  trained.of("neural").set("stride", std::int64_t{5});
  DetectorOptions given;
  given.of("forest").set("trees", std::int64_t{9});
  DetectorOptions judging = DetectorOptions::for_judging(trained, given);
  EXPECT_EQ(judging.of("forest").get<std::int64_t>("trees"), 7);
  EXPECT_EQ(judging.of("neural").get<std::int64_t>("stride"), 5) << "the default is no choice";
  given.of("neural").set("stride", std::int64_t{1});
  judging = DetectorOptions::for_judging(trained, given);
  EXPECT_EQ(judging.of("neural").get<std::int64_t>("stride"), 1);
}

TEST(NeuralOptionsTable, SaysWhatTheStructSays) {
  const DetectorOptions defaults;
  const NeuralOptions read = neural_options(defaults);
  const NeuralOptions own;
  EXPECT_EQ(read.sequence_length, own.sequence_length);
  EXPECT_EQ(read.stride, own.stride);
  EXPECT_EQ(read.embedding, own.embedding);
  EXPECT_EQ(read.hidden, own.hidden);
  EXPECT_EQ(read.latent, own.latent);
  EXPECT_EQ(read.epochs, own.epochs);
  EXPECT_EQ(read.patience, own.patience);
  EXPECT_EQ(read.batch, own.batch);
  EXPECT_EQ(read.max_windows, own.max_windows);
  EXPECT_EQ(read.learning_rate, own.learning_rate);
  EXPECT_EQ(read.clip_norm, own.clip_norm);
  EXPECT_EQ(read.unseen_share, own.unseen_share);
  EXPECT_EQ(read.device, Device::kCpu);
  DetectorOptions other;
  other.of("neural").set("device", neural_group.options.back().words[1]);
  EXPECT_EQ(neural_options(other).device, Device::kCuda);
}

}  // namespace
}  // namespace logdetect
