// The range of a field is the range of the code that uses it.

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "logdetect/config/config.h"
#include "logdetect/models/detector.h"
#include "logdetect/models/ensemble.h"

namespace logdetect {
namespace {

bool accepts(std::string_view path, const std::string& value) {
  ConfigBuilder builder;
  return builder.apply_value(path, value, "test", Origin::kFile).ok();
}

TEST(Ranges, AreWhatTheHelpSaysToTheEdge) {
  int fields = 0;
  for (const FieldInfo& field : config_fields()) {
    const std::size_t to = field.range.find(" to ");
    if (!field.range.starts_with("from ") || to == std::string::npos) {
      continue;
    }
    ++fields;
    const std::string least = field.range.substr(5, to - 5);
    const std::string most = field.range.substr(to + 4);
    EXPECT_TRUE(accepts(field.path, least)) << field.path;
    EXPECT_TRUE(accepts(field.path, most)) << field.path;
    EXPECT_FALSE(accepts(field.path, "9" + most)) << field.path;
    EXPECT_FALSE(accepts(field.path, "-1")) << field.path;
    if (field.type == "integer" && most != std::to_string(UINT64_MAX)) {
      EXPECT_FALSE(accepts(field.path, std::to_string(std::stoll(most) + 1))) << field.path;
      EXPECT_FALSE(accepts(field.path, std::to_string(std::stoll(least) - 1))) << field.path;
    }
  }
  EXPECT_GT(fields, 40);
}

// Whether training takes what the configuration takes.
Result<void> train_with(std::string_view path, const std::string& value, double& weight) {
  ConfigBuilder builder;
  LD_TRY(builder.apply_value("ensemble.detectors", "novelty, forest", "test", Origin::kFile));
  LD_TRY(builder.apply_value(path, value, "test", Origin::kFile));
  LD_ASSIGN(Ensemble ensemble, Ensemble::create(builder.config().ensemble));
  weight = ensemble.weight(1);
  FeatureSchema schema;
  schema.columns.push_back({"template_rarity", "nats", "made up"});
  FeatureMatrix rows(10, 1);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    rows.row(i)[0] = static_cast<float>(i);
  }
  const std::vector<Event> events(rows.rows());
  const WindowBatch none;
  return ensemble.fit({.schema = schema,
                       .log = {.events = events, .rows = rows, .windows = none},
                       .options = builder.config().detectors});
}

// The field `path`; a failure and an empty one if there is none.
FieldInfo field_named(std::string_view path) {
  for (const FieldInfo& field : config_fields()) {
    if (field.path == path) {
      return field;
    }
  }
  ADD_FAILURE() << "no field " << path;
  return {};
}

TEST(Ranges, OfTheForestAreThoseOfItsTraining) {
  double weight = 0;
  for (const char* path : {"forest.trees", "forest.subsample", "forest.contamination"}) {
    const FieldInfo field = field_named(path);
    const std::size_t to = field.range.find(" to ");
    ASSERT_NE(to, std::string::npos) << path << ": " << field.range;
    EXPECT_TRUE(train_with(path, field.range.substr(5, to - 5), weight).ok()) << path;
    EXPECT_TRUE(train_with(path, field.range.substr(to + 4), weight).ok()) << path;
  }
  EXPECT_TRUE(train_with("forest.subsample", "32768", weight).ok());
  EXPECT_FALSE(accepts("forest.subsample", "32769"));
  EXPECT_FALSE(accepts("forest.subsample", "65536"));
}

TEST(Ranges, OfWeightsAreThoseOfTheEnsemble) {
  double weight = 0;
  EXPECT_TRUE(train_with("ensemble.weights", "forest=100", weight).ok());
  EXPECT_EQ(weight, 1);
  EXPECT_TRUE(train_with("ensemble.weights", "forest=0", weight).ok());
  EXPECT_EQ(weight, 0);
  EXPECT_FALSE(accepts("ensemble.weights", "forest=100.5"));
  EnsembleOptions beyond;
  beyond.weights = {{"forest", 100.5}};
  EXPECT_FALSE(Ensemble::create(beyond).ok());
}

TEST(Ranges, WindowsAreAWeekAtMost) {
  EXPECT_TRUE(accepts("features.window_seconds", "[1, 604800]"));
  EXPECT_FALSE(accepts("features.window_seconds", "[0, 60]"));
  EXPECT_FALSE(accepts("features.window_seconds", "[604801]"));
  EXPECT_FALSE(accepts("features.window_seconds", "[1, 2, 3, 4, 5]"));
}

// The options of a detector make a section of their own, which must not fall into another one's.
TEST(Sections, AreOneStretchEachWithEachFieldOnce) {
  std::set<std::string> paths;
  std::set<std::string> sections;
  std::string last;
  for (const FieldInfo& field : config_fields()) {
    EXPECT_TRUE(paths.insert(std::string(field.path)).second) << field.path;
    const std::string section(field.path.substr(0, field.path.find('.')));
    EXPECT_TRUE(section == last || sections.insert(section).second) << field.path;
    last = section;
  }
}

TEST(Options, OfDetectorsAreFieldsOfTheirKind) {
  EXPECT_TRUE(accepts("neural.device", "cuda"));
  EXPECT_FALSE(accepts("neural.device", "gpu"));
  EXPECT_TRUE(accepts("neural.epochs", "1"));
  EXPECT_FALSE(accepts("neural.epochs", "1.5"));
  EXPECT_TRUE(accepts("forest.contamination", "0.5"));
  EXPECT_FALSE(accepts("forest.contamination", "half"));
  for (const FieldInfo& field : config_fields()) {
    EXPECT_EQ(field.while_judging, field.path == "neural.stride") << field.path;
    EXPECT_TRUE(!field.path.starts_with("forest.") || field.shapes_model) << field.path;
    EXPECT_TRUE(field.path != "neural.device" || !field.shapes_model);
  }
}

TEST(Help, TellsWhatEveryDetectorWeighsThatIsNotNamed) {
  const FieldInfo field = field_named("ensemble.weights");
  EXPECT_NE(field.help.find("novelty 1"), std::string_view::npos) << field.help;
  EXPECT_NE(field.help.find("forest 0.02"), std::string_view::npos) << field.help;
  for (const DetectorEntry& entry : detector_table()) {
    EXPECT_NE(field.help.find(std::string(entry.name) + ' '), std::string_view::npos) << entry.name;
  }
}

}  // namespace
}  // namespace logdetect
