#include "logdetect/models/detector_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "logdetect/models/detector.h"
#include "models/isolation_forest.h"
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

TEST(NeuralOptionsTable, EachNameSetsItsOwnMember) {
  DetectorOptions options;
  OptionValues& neural = options.of("neural");
  std::int64_t value = 101;
  for (const char* name :
       {"sequence_length", "stride", "embedding", "hidden", "latent", "epochs", "patience", "batch", "max_windows"}) {
    neural.set(name, value++);
  }
  neural.set("learning_rate", 0.25);
  neural.set("clip_norm", 7.0);
  neural.set("unseen_share", 0.125);
  const NeuralOptions read = neural_options(options);
  EXPECT_EQ(read.sequence_length, 101);
  EXPECT_EQ(read.stride, 102);
  EXPECT_EQ(read.embedding, 103);
  EXPECT_EQ(read.hidden, 104);
  EXPECT_EQ(read.latent, 105);
  EXPECT_EQ(read.epochs, 106);
  EXPECT_EQ(read.patience, 107);
  EXPECT_EQ(read.batch, 108);
  EXPECT_EQ(read.max_windows, 109);
  EXPECT_EQ(read.learning_rate, 0.25);
  EXPECT_EQ(read.clip_norm, 7);
  EXPECT_EQ(read.unseen_share, 0.125);
  const WindowPlan plan = neural_windows(options);
  EXPECT_EQ(plan.cut.length, 101U);
  EXPECT_EQ(plan.cut.stride, 102U);
  EXPECT_EQ(plan.learn, 109U);
}

TEST(NeuralOptionsTable, HasTheDefaultsOfTheManual) {
  const NeuralOptions options;
  EXPECT_EQ(options.sequence_length, 20);
  EXPECT_EQ(options.stride, 0);
  EXPECT_EQ(options.embedding, 16);
  EXPECT_EQ(options.hidden, 64);
  EXPECT_EQ(options.latent, 32);
  EXPECT_EQ(options.epochs, 50);
  EXPECT_EQ(options.patience, 3);
  EXPECT_EQ(options.batch, 64);
  EXPECT_EQ(options.max_windows, 4000);
  EXPECT_EQ(options.learning_rate, 0.004);
  EXPECT_EQ(options.clip_norm, 5);
  EXPECT_EQ(options.unseen_share, 0.02);
}

TEST(DetectorSets, AllByTheirOwnWeightsAndTheClassicPair) {
  ASSERT_EQ(detector_sets().size(), 2U);
  const DetectorSet& all = detector_sets()[0];
  EXPECT_EQ(all.name, "all");
  ASSERT_EQ(all.members.size(), detector_table().size());
  for (std::size_t i = 0; i < all.members.size(); ++i) {
    EXPECT_EQ(all.members[i].first, detector_table()[i].name);
    EXPECT_EQ(all.members[i].second, detector_table()[i].default_weight);
  }
  const DetectorSet& classic = detector_sets()[1];
  EXPECT_EQ(classic.name, "classic");
  ASSERT_EQ(classic.members.size(), 2U);
  EXPECT_EQ(classic.members[0], (std::pair<std::string_view, double>("forest", 0.6)));
  EXPECT_EQ(classic.members[1], (std::pair<std::string_view, double>("autoencoder", 0.4)));
}

TEST(ForestOptionsTable, ReachesTheForest) {
  const DetectorOptions options;
  EXPECT_EQ(options.of("forest").get<std::int64_t>("trees"), ForestOptions().trees);
  EXPECT_EQ(options.of("forest").get<std::int64_t>("subsample"), ForestOptions().subsample);
  EXPECT_EQ(options.of("forest").get<double>("contamination"), ForestOptions().contamination);
}

}  // namespace
}  // namespace logdetect
