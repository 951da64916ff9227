#include "cli/effective_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cli/scan_request.h"
#include "logdetect/base/file.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string file_of(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/effective_config_" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(BuildConfig, FlagsBeatTheFileAndTheFileTheDefaults) {
  Typed typed;
  typed.config_file = file_of("a.yaml", "run: {seed: 7, days: 3}\n");
  typed.values = {{"run.seed", "9", "--seed"}};
  const auto built = build_config(typed);
  ASSERT_TRUE(built.ok()) << built.error().to_string();
  EXPECT_EQ(built->value_text("run.seed"), "9");
  EXPECT_EQ(built->origin_name("run.seed"), "--seed");
  EXPECT_EQ(built->value_text("run.days"), "3");
  EXPECT_EQ(built->origin("miner.depth"), Origin::kDefault);
}

TEST(BuildConfig, PatternsToExcludeBecomeOneListWhateverTheyHold) {
  Typed typed;
  typed.exclude = {"user \"<*>\", gone", "b: [c"};
  const auto built = build_config(typed);
  ASSERT_TRUE(built.ok()) << built.error().to_string();
  EXPECT_THAT(built->config().run.exclude, ElementsAre("user \"<*>\", gone", "b: [c"));
  EXPECT_EQ(built->origin_name("run.exclude"), "--exclude");
}

TEST(CheckParsing, SaysWhereABadValueWasSet) {
  const auto where = [](std::string_view path, const std::string& text) {
    Typed typed;
    typed.values = {{path, text, "--the-flag"}};
    const auto built = build_config(typed);
    EXPECT_FALSE(built.ok()) << path;
    return built.ok() ? "" : built.error().where;
  };
  EXPECT_EQ(where("header.timezone", "Nowhere/Land"), "--the-flag");
  EXPECT_EQ(where("header.format", "no_such_format"), "--the-flag");
  EXPECT_EQ(where("sessions.key", "("), "--the-flag");
  EXPECT_EQ(where("incidents.deploy_marker", "("), "--the-flag");
}

TEST(AdoptModelValues, TakesWhatShapesTheModelUnlessItContradicts) {
  ConfigBuilder trained;
  ASSERT_TRUE(trained.apply_value("miner.depth", "6", "--x", Origin::kFlag).ok());
  ConfigBuilder ours;
  ASSERT_TRUE(adopt_model_values(ours, trained.model_yaml()).ok());
  EXPECT_EQ(ours.value_text("miner.depth"), "6");
  ConfigBuilder same;
  ASSERT_TRUE(same.apply_value("miner.depth", "6", "--depth", Origin::kFlag).ok());
  EXPECT_TRUE(adopt_model_values(same, trained.model_yaml()).ok());
  ConfigBuilder other;
  ASSERT_TRUE(other.apply_value("miner.depth", "5", "--depth", Origin::kFlag).ok());
  const auto refused = adopt_model_values(other, trained.model_yaml());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  EXPECT_EQ(refused.error().message, "the model to update was trained with miner.depth 6, not 5");
  EXPECT_EQ(refused.error().where, "--depth");
}

TEST(GatherInputs, FlagsComeFirstAndNothingIsStandardInput) {
  Typed typed;
  EXPECT_THAT(gather_inputs(typed), ElementsAre("-"));
  typed.arguments = {"c", "-"};
  EXPECT_THAT(gather_inputs(typed), ElementsAre("c", "-"));
  typed.inputs = {"a", "b"};
  EXPECT_THAT(gather_inputs(typed), ElementsAre("a", "b", "c", "-"));
}

TEST(RefuseOwnOutput, AnInputThatWouldBeWritten) {
  const std::string a = file_of("a.log", "x\n");
  const std::string b = file_of("b.log", "x\n");
  const auto refused = refuse_own_output({a, b}, {"elsewhere", file_identity(b)}, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().where, b);
  EXPECT_TRUE(refuse_own_output({a}, {"elsewhere", file_identity(b)}, {}).ok());
  EXPECT_TRUE(refuse_own_output({a}, {}, {}).ok());
  EXPECT_TRUE(refuse_own_output({a + ".missing"}, {""}, {}).ok());
}

Error refused(const Typed& typed) {
  const auto request = judging_request(typed);
  EXPECT_FALSE(request.ok());
  return request.ok() ? Error{} : request.error();
}

TEST(JudgingRequest, NeedsAModelOrABaselineAndNotBoth) {
  Typed typed;
  typed.verb = Verb::kEval;
  EXPECT_EQ(refused(typed).message, "eval needs a model, or a baseline to learn from first");
  EXPECT_THAT(refused(typed).hint, HasSubstr("then logdetect eval --model model/ today.log"));
  typed.model = "m";
  typed.baseline = {"b"};
  EXPECT_EQ(refused(typed).where, "--baseline");
  typed.model.clear();
  EXPECT_TRUE(judging_request(typed).ok());
}

TEST(JudgingRequest, HoldsWhatWasTyped) {
  Typed typed;
  typed.verb = Verb::kScan;
  typed.model = "m";
  typed.since = "2024-01-15T00:00:00Z";
  typed.arguments = {"app.log"};
  typed.allow = file_of("allow.yaml", "");
  typed.values = {{"run.seed", "9", "--seed"}};
  const auto request = judging_request(typed);
  ASSERT_TRUE(request.ok()) << request.error().to_string();
  EXPECT_EQ(request->model, "m");
  EXPECT_EQ(request->since, 1'705'276'800LL * kMicrosPerSecond);
  EXPECT_FALSE(request->until.has_value());
  EXPECT_THAT(request->inputs, ElementsAre("app.log"));
  EXPECT_EQ(request->allow, typed.allow);
  EXPECT_EQ(request->config.run.seed, 9U);
  EXPECT_THAT(request->config_yaml, HasSubstr("seed: 9"));
  typed.until = "someday";
  EXPECT_EQ(refused(typed).message, "--until must be a time, not 'someday'");
  typed.until.clear();
  typed.since = "never";
  EXPECT_EQ(refused(typed).message, "--since must be a time, not 'never'");
  typed.allow += ".missing";
  EXPECT_EQ(refused(typed).where, "--allow");
}

}  // namespace
}  // namespace logdetect
