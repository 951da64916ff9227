#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "logdetect/config/config.h"

namespace logdetect {
namespace {

// Sets an environment variable for one test.
class ScopedEnvironment {
 public:
  ScopedEnvironment(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~ScopedEnvironment() { ::unsetenv(name_); }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  const char* name_;
};

Error yaml_error(const std::string& text) {
  ConfigBuilder builder;
  const auto result = builder.apply_yaml(text, "t.yaml", Origin::kFile);
  EXPECT_FALSE(result.ok()) << text;
  return result.ok() ? Error{} : result.error();
}

ConfigBuilder built_from(const std::string& text) {
  ConfigBuilder builder;
  const auto result = builder.apply_yaml(text, "t.yaml", Origin::kFile);
  EXPECT_TRUE(result.ok()) << result.error().to_string();
  return builder;
}

TEST(ConfigBuilder, StartsWithTheDefaultsOfTheStructs) {
  const ConfigBuilder builder;
  EXPECT_EQ(builder.config().detectors.of("forest").get<std::int64_t>("trees"), 100);
  EXPECT_EQ(builder.value_text("miner.similarity"), "0.4");
  EXPECT_EQ(builder.value_text("ingest.max_line_bytes"), "64k");
  EXPECT_EQ(builder.value_text("features.window_seconds"), "[10, 60, 600]");
  EXPECT_EQ(builder.origin("miner.similarity"), Origin::kDefault);
  EXPECT_EQ(builder.origin_name("miner.similarity"), "default");
}

TEST(ConfigBuilder, ReadsEveryKindOfValueFromYaml) {
  const ConfigBuilder builder = built_from(
      "run: {seed: 18446744073709551615, validation_share: 0.25}\n"
      "ingest:\n  max_line_bytes: 1M\n  stitch: no\n  encoding: utf-16le\n"
      "header:\n  format: syslog\n  timezone: Europe/Berlin\n"
      "miner:\n  masks:\n    - name: ORDER\n      pattern: 'ORD-\\d+'\n    - {name: CARD, pattern: \"[0-9]{16}\"}\n"
      "features:\n  window_seconds: [5, 50]\n"
      "ensemble:\n  detectors: [forest]\n  weights: {forest: 0.6}\n"
      "threshold:\n  sensitivity: high\n");
  const Config& config = builder.config();
  EXPECT_EQ(config.run.seed, 18446744073709551615ULL);
  EXPECT_DOUBLE_EQ(config.run.validation_share, 0.25);
  EXPECT_EQ(config.ingest.max_line_bytes, 1048576U);
  EXPECT_FALSE(config.ingest.stitch);
  EXPECT_EQ(config.ingest.encoding, Encoding::kUtf16Le);
  EXPECT_EQ(config.header.format, "syslog");
  EXPECT_EQ(config.header.timezone, "Europe/Berlin");
  ASSERT_EQ(config.miner.masks.size(), 2U);
  EXPECT_EQ(config.miner.masks[0].pattern, "ORD-\\d+");
  EXPECT_EQ(config.miner.masks[1].name, "CARD");
  EXPECT_EQ(config.features.window_seconds, (std::vector<std::int64_t>{5, 50}));
  EXPECT_EQ(config.ensemble.detectors, std::vector<std::string>{"forest"});
  ASSERT_EQ(config.ensemble.weights.size(), 1U);
  EXPECT_DOUBLE_EQ(config.ensemble.weights[0].second, 0.6);
  EXPECT_EQ(config.threshold.sensitivity, Sensitivity::kHigh);
  EXPECT_EQ(builder.origin_name("header.format"), "t.yaml:7:3");
}

TEST(ConfigBuilder, UnknownKeySaysWhereAndWhatWasMeant) {
  const Error error = yaml_error("miner:\n  depth: 4\n  simlarity: 0.5\n");
  EXPECT_EQ(error.code, ErrorCode::kConfig);
  EXPECT_EQ(error.where, "t.yaml:3:3");
  EXPECT_EQ(error.message, "unknown key 'miner.simlarity'");
  EXPECT_EQ(error.hint, "did you mean 'similarity'?");
}

TEST(ConfigBuilder, UnknownSectionAndMisplacedKeyAreExplained) {
  EXPECT_EQ(yaml_error("treshold: {target_fpr: 0.1}\n").hint, "did you mean 'threshold'?");
  EXPECT_EQ(yaml_error("contamination: 0.1\n").hint, "'contamination' belongs under 'forest'");
  EXPECT_EQ(yaml_error("run: {quite_another_thing: 1}\n").hint,
            "known here: threads seed days validation_share exclude");
}

TEST(ConfigBuilder, RangeAndTypeErrorsPointAtTheValue) {
  const Error range = yaml_error("forest:\n  contamination: 0.9\n");
  EXPECT_EQ(range.where, "t.yaml:2:18");
  EXPECT_EQ(range.message, "'forest.contamination' must be a number from 0 to 0.5, not '0.9'");
  EXPECT_EQ(yaml_error("forest: {trees: many}").message,
            "'forest.trees' must be a whole number from 1 to 10000, not 'many'");
  EXPECT_EQ(yaml_error("forest: {trees: [1]}").message,
            "'forest.trees' must be a whole number from 1 to 10000, not a list");
  EXPECT_EQ(yaml_error("forest: {trees: }").message,
            "'forest.trees' must be a whole number from 1 to 10000, not nothing");
  EXPECT_EQ(yaml_error("forest: 7").message, "'forest' must be a map of keys to values");
  EXPECT_EQ(yaml_error("threshold: {sensitivity: hihg}").hint, "did you mean 'high'?");
  EXPECT_EQ(yaml_error("ensemble: {detectors: [novlety]}").hint, "did you mean 'novelty'?");
  EXPECT_EQ(yaml_error("incidents: {aggregator: neerness}").hint, "did you mean 'nearness'?");
}

TEST(ConfigBuilder, NumbersThatAreNoneAreRefused) {
  for (const char* bad : {"nan", "inf", "-inf", "1e999", "0x10", "1,5", "+1", "--1", "1 2"}) {
    yaml_error("forest: {contamination: '" + std::string(bad) + "'}");
  }
  for (const char* bad : {"-1", "1.5", "99999999999999999999", "64kk", "k", "64 k", "20000000000G"}) {
    yaml_error("ingest: {max_line_bytes: '" + std::string(bad) + "'}");
  }
}

TEST(ConfigBuilder, ListsAreCheckedAsAWhole) {
  yaml_error("features: {window_seconds: [60, 10]}");
  yaml_error("features: {window_seconds: [1, 2, 3, 4, 5]}");
  yaml_error("features: {window_seconds: []}");
  yaml_error("threshold: {hour_multipliers: [1, 1]}");
  yaml_error("ensemble: {detectors: [forest, forest]}");
  yaml_error("ensemble: {weights: {forest: -1}}");
  yaml_error("ensemble: {weights: {woods: 1}}");
  EXPECT_EQ(yaml_error("miner:\n  masks:\n    - {name: lower, pattern: x}\n").where, "t.yaml:3:14");
  yaml_error("miner: {masks: [{name: A}]}");
  yaml_error("miner: {masks: [{name: A, pattern: x, color: red}]}");
}

TEST(ConfigBuilder, AnOldNameSetsTheFieldAndIsNoted) {
  const ConfigBuilder file = built_from("streams: {key: host}\n");
  EXPECT_EQ(file.config().features.rate_key, RateKey::kHost);
  EXPECT_EQ(file.value_text("rates.key"), "host");
  EXPECT_EQ(file.origin("rates.key"), Origin::kFile);
  EXPECT_EQ(file.notes(),
            std::vector<std::string>{"t.yaml:1:11: streams.key is now called rates.key; the old name still works"});
  EXPECT_TRUE(built_from("rates: {key: host}\n").notes().empty());
  EXPECT_EQ(file.to_yaml(false, false).find("streams"), std::string::npos);

  ConfigBuilder flag;
  ASSERT_TRUE(flag.apply_value("streams.key", "file", "--stream-key", Origin::kFlag).ok());
  EXPECT_EQ(flag.config().features.rate_key, RateKey::kFile);
  EXPECT_EQ(flag.notes(), std::vector<std::string>{"--stream-key is now called --rates-key; the old name still works"});

  const ScopedEnvironment variable("LOGDETECT_STREAMS_KEY", "component");
  ConfigBuilder environment;
  ASSERT_TRUE(environment.apply_environment().ok());
  EXPECT_EQ(environment.config().features.rate_key, RateKey::kComponent);
  EXPECT_EQ(environment.origin("rates.key"), Origin::kEnvironment);
  EXPECT_EQ(environment.notes(), std::vector<std::string>{"LOGDETECT_STREAMS_KEY is now called LOGDETECT_RATES_KEY; "
                                                          "the old name still works"});
}

TEST(ConfigBuilder, AModelThatHoldsTheOldNameIsRead) {
  ConfigBuilder builder;
  ASSERT_TRUE(builder.apply_model("streams:\n  key: component\n").ok());
  EXPECT_EQ(builder.config().features.rate_key, RateKey::kComponent);
  EXPECT_NE(builder.model_yaml().find("rates:\n  key: component\n"), std::string::npos);
}

TEST(ConfigBuilder, AFieldIsNotSetUnderBothNames) {
  const Error twice = yaml_error("rates: {key: host}\nstreams: {key: host}\n");
  EXPECT_EQ(twice.message, "'rates.key' is set twice");
  EXPECT_EQ(twice.where, "t.yaml:2:11");
  ConfigBuilder builder;
  ASSERT_TRUE(builder.apply_value("rates.key", "host", "--rates-key", Origin::kFlag).ok());
  ASSERT_TRUE(builder.apply_value("rates.key", "file", "--rates-key", Origin::kFlag).ok()) << "the last one counts";
  const auto flags = builder.apply_value("streams.key", "host", "--stream-key", Origin::kFlag);
  ASSERT_FALSE(flags.ok());
  EXPECT_EQ(flags.error().code, ErrorCode::kUsage);
  EXPECT_EQ(flags.error().hint, "it is also set by --rates-key");
  EXPECT_EQ(builder.config().features.rate_key, RateKey::kFile);
}

TEST(ConfigBuilder, WhatIsUnknownBelowAnOldSectionIsSaid) {
  const Error unknown = yaml_error("streams: {kye: host}\n");
  EXPECT_EQ(unknown.message, "unknown key 'streams.kye'");
  EXPECT_EQ(unknown.hint, "see `logdetect config show --defaults`");
}

TEST(ConfigBuilder, NothingIsAppliedWhenAnyValueIsWrong) {
  ConfigBuilder builder;
  EXPECT_FALSE(builder.apply_yaml("run: {seed: 7}\nforest: {trees: 0}\n", "t.yaml", Origin::kFile).ok());
  EXPECT_EQ(builder.config().run.seed, 42U);
  EXPECT_EQ(builder.origin("run.seed"), Origin::kDefault);
}

TEST(ConfigBuilder, TheStrongerOriginWinsInAnyOrder) {
  ConfigBuilder builder;
  ASSERT_TRUE(builder.apply_value("forest.trees", "30", "--trees", Origin::kFlag).ok());
  ASSERT_TRUE(builder.apply_yaml("forest: {trees: 20, subsample: 64}", "t.yaml", Origin::kFile).ok());
  ASSERT_TRUE(builder.apply_model("forest: {trees: 10, subsample: 32}\nminer: {depth: 6}\nrun: {seed: 9}\n").ok());
  EXPECT_EQ(builder.config().detectors.of("forest").get<std::int64_t>("trees"), 30);
  EXPECT_EQ(builder.config().detectors.of("forest").get<std::int64_t>("subsample"), 64);
  EXPECT_EQ(builder.config().miner.depth, 6);
  EXPECT_EQ(builder.config().run.seed, 42U) << "the seed does not shape the model's features";
  EXPECT_EQ(builder.origin("miner.depth"), Origin::kModel);
}

TEST(ConfigBuilder, AModelsConfigurationThatDoesNotFitIsAModelError) {
  ConfigBuilder builder;
  const auto result = builder.apply_model("miner: {from_the_future: 1}");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kModel);
}

TEST(ConfigBuilder, FlagsTakeTextForListsAndMaps) {
  ConfigBuilder builder;
  ASSERT_TRUE(builder.apply_value("ensemble.detectors", "forest, novelty", "--detectors", Origin::kFlag).ok());
  ASSERT_TRUE(builder.apply_value("ensemble.weights", "forest=0.6,novelty=2", "env", Origin::kEnvironment).ok());
  ASSERT_TRUE(builder.apply_value("features.window_seconds", "[7, 70]", "env", Origin::kEnvironment).ok());
  EXPECT_EQ(builder.value_text("ensemble.detectors"), "[forest, novelty]");
  EXPECT_EQ(builder.value_text("ensemble.weights"), "{forest: 0.6, novelty: 2}");
  EXPECT_EQ(builder.value_text("features.window_seconds"), "[7, 70]");
}

TEST(ConfigBuilder, AWrongFlagIsAUsageErrorAtTheFlag) {
  ConfigBuilder builder;
  const auto result = builder.apply_value("run.seed", "soon", "--seed", Origin::kFlag);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUsage);
  EXPECT_EQ(result.error().where, "--seed");
  EXPECT_FALSE(builder.apply_value("run.sede", "1", "x", Origin::kFlag).ok());
}

TEST(ConfigBuilder, TheVariableOfTheTrainingModuleIsNoValue) {
  const ScopedEnvironment module("LOGDETECT_NEURAL_MODULE", "/nowhere/neural.so");
  testing::internal::CaptureStderr();
  ConfigBuilder builder;
  EXPECT_TRUE(builder.apply_environment().ok());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ConfigBuilder, TheEnvironmentIsReadByFieldName) {
  const ScopedEnvironment trees("LOGDETECT_FOREST_TREES", "55");
  const ScopedEnvironment unknown("LOGDETECT_FOREST_TREEES", "56");
  ConfigBuilder builder;
  ASSERT_TRUE(builder.apply_environment().ok());
  EXPECT_EQ(builder.config().detectors.of("forest").get<std::int64_t>("trees"), 55);
  EXPECT_EQ(builder.origin_name("forest.trees"), "LOGDETECT_FOREST_TREES");
}

TEST(ConfigBuilder, AWrongEnvironmentVariableIsNamed) {
  const ScopedEnvironment trees("LOGDETECT_FOREST_TREES", "-5");
  ConfigBuilder builder;
  const auto result = builder.apply_environment();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kConfig);
  EXPECT_EQ(result.error().where, "LOGDETECT_FOREST_TREES");
}

TEST(ConfigBuilder, MissingFilesAndDirectoriesAreConfigErrors) {
  ConfigBuilder builder;
  EXPECT_EQ(builder.apply_file("/nowhere/at/all.yaml").error().code, ErrorCode::kConfig);
  EXPECT_EQ(builder.apply_file("/").error().code, ErrorCode::kConfig);
}

TEST(ConfigBuilder, WhatItWritesItReadsBack) {
  ConfigBuilder first = built_from(
      "miner:\n  masks: [{name: ODD, pattern: \"a\\\"b\\\\c: #{}\\x01\\u00e9\"}]\n"
      "ensemble: {weights: {forest: 0.1}}\nheader: {format: \"./my formats.yaml\"}\n"
      "threshold: {target_fpr: 0.007, fixed_score: 0.3333333333333333}\n");
  for (const bool help : {false, true}) {
    ConfigBuilder second = built_from(first.to_yaml(help, true));
    for (const FieldInfo& field : config_fields()) {
      EXPECT_EQ(first.value_text(field.path), second.value_text(field.path));
      EXPECT_EQ(second.origin(field.path), Origin::kFile) << field.path;
    }
  }
}

TEST(ConfigBuilder, AModelKeepsWhatHadAPartInLearning) {
  ConfigBuilder first = built_from("run: {threads: 3}\ningest: {batch_bytes: 8k}\nminer: {depth: 5}\n");
  ConfigBuilder second = built_from("run: {threads: 1}\nminer: {depth: 5}\n");
  EXPECT_EQ(first.model_yaml(), second.model_yaml()) << "threads and batches do not change what is learned";
  ConfigBuilder scan;
  ASSERT_TRUE(scan.apply_model(first.model_yaml()).ok());
  EXPECT_EQ(scan.config().miner.depth, 5);
}

TEST(ConfigBuilder, OriginsAreShown) {
  ConfigBuilder builder = built_from("run:\n  seed: 7\n");
  const std::string yaml = builder.to_yaml(false, true);
  EXPECT_NE(yaml.find("  # t.yaml:2:3\n"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("# default\n"), std::string::npos);
}

TEST(ConfigFields, AreWellFormed) {
  std::set<std::string> environment;
  std::set<std::string_view> flags;
  const ConfigBuilder defaults;
  for (const FieldInfo& field : config_fields()) {
    EXPECT_NE(field.path.find('.'), std::string_view::npos);
    EXPECT_FALSE(field.help.empty()) << field.path;
    EXPECT_NE(field.help.back(), '.') << field.path;
    EXPECT_TRUE(environment.insert(environment_name(field.path)).second) << field.path;
    EXPECT_TRUE(field.flag.empty() || flags.insert(field.flag).second) << field.flag;
    // The default is in its own range: what is written is accepted.
    ConfigBuilder builder;
    EXPECT_TRUE(builder.apply_value(field.path, defaults.value_text(field.path), "x", Origin::kFlag).ok() ||
                field.type == "text")
        << field.path;
  }
  EXPECT_EQ(environment_name("miner.max_children"), "LOGDETECT_MINER_MAX_CHILDREN");
}

TEST(DefaultYaml, IsWhatTheTableSays) {
  std::ifstream file(LOGDETECT_SOURCE_DIR "/configs/default.yaml");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), ConfigBuilder().to_yaml(true, false))
      << "run `logdetect config show --defaults > configs/default.yaml`";
}

}  // namespace
}  // namespace logdetect
