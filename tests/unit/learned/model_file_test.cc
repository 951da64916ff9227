#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "logdetect/bundle/bytes.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/plan_chooser.h"
#include "unit/learned/tiny_model.h"

namespace logdetect {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::tiny_model;

// The bundle with another section of this name, or without it.
Bundle changed(const Bundle& from, const std::string& name, const std::optional<Section>& other) {
  Bundle out;
  out.set_manifest(from.manifest());
  for (const Section& section : from.sections()) {
    if (section.name != name) {
      out.add(section);
    } else if (other) {
      out.add(*other);
    }
  }
  return out;
}

std::string bytes_of(const Bundle& bundle, const std::string& name) {
  return std::string(bundle.find(name)->bytes);
}

// The message of a model that is refused; empty: it is not.
std::string refusal(const Bundle& bundle) {
  const auto read = read_model(bundle);
  if (read.ok()) {
    return "";
  }
  EXPECT_EQ(read.error().code, ErrorCode::kModel) << read.error().to_string();
  return read.error().to_string();
}

class ModelFile : public ::testing::Test {
 protected:
  ModelFile() : bundle_(bundle_model(tiny_model())) {}

  Bundle bundle_;
};

TEST_F(ModelFile, HoldsAllThatWasLearnt) {
  const Model model = tiny_model();
  const auto read = read_model(bundle_);
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ(read->config_yaml, model.config_yaml);
  EXPECT_EQ(read->config.ensemble.detectors, std::vector<std::string>{"novelty"});
  EXPECT_EQ(read->facts.records, 101U);
  EXPECT_EQ(read->facts.lines, 202U);
  EXPECT_EQ(read->facts.bytes, 303U);
  EXPECT_EQ(read->facts.validation_records, 44U);
  EXPECT_EQ(read->facts.validation_flagged, 5U);
  EXPECT_EQ(read->facts.first_time, model.facts.first_time);
  EXPECT_EQ(read->facts.last_time, model.facts.last_time);
  EXPECT_TRUE(read->facts.has_time);
  EXPECT_EQ(read->facts.late.records, 66U);
  EXPECT_EQ(read->facts.late.unmatched, 7U);
  EXPECT_EQ(read->facts.late.templates, 8U);
  ASSERT_EQ(read->plans.size(), 2U);
  EXPECT_EQ(read->plans[0].name, "first");
  EXPECT_EQ(read->plans[1].name, "second");
  EXPECT_EQ(read->miner.size(), 2U);
  EXPECT_EQ(read->miner.info(TemplateId(1)).text, "door shut");
  EXPECT_EQ(read->schema.hash(), model.schema.hash());
  EXPECT_EQ(read->baseline.events(), 200U);
  EXPECT_EQ(read->session_key, "id=(\\w+)");
  EXPECT_EQ(read->session_scorer.learnt().usual_step, 1.5);
  EXPECT_EQ(read->session_scorer.learnt().usual_slow, 2.5);
  EXPECT_EQ(read->session_scorer.learnt().threshold, 3.5);
  EXPECT_EQ(read->ensemble.size(), 1U);
  EXPECT_EQ(read->sample.fit.of, 200U);
  EXPECT_EQ(read->sample.fit.events.size(), 4U);
  EXPECT_EQ(read->sample.validation.events.size(), 3U);
}

TEST_F(ModelFile, WrittenAgainIsTheSame) {
  const auto read = read_model(bundle_);
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ(model_id(bundle_model(*read)), model_id(bundle_));
  EXPECT_EQ(read->id, model_id(bundle_));
  const auto shared = unbundle_model(bundle_);
  ASSERT_TRUE(shared.ok());
  EXPECT_EQ((*shared)->id, read->id);
}

TEST_F(ModelFile, WithoutTimesHasNone) {
  Model model = tiny_model();
  model.facts.has_time = false;
  const Bundle bundle = bundle_model(model);
  EXPECT_FALSE(read_model(bundle)->facts.has_time);
  EXPECT_THAT(bundle.manifest(), Not(HasSubstr("_time")));
}

TEST_F(ModelFile, LacksNoPartButTheSample) {
  for (const char* name : {"config", "facts", "header", "templates", "schema", "baseline", "sessions", "ensemble"}) {
    EXPECT_THAT(refusal(changed(bundle_, name, std::nullopt)), HasSubstr(name));
  }
  const auto read = read_model(changed(bundle_, "sample", std::nullopt));
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_TRUE(read->sample.fit.events.empty());
  EXPECT_EQ(read->sample.fit.of, 0U);
  EXPECT_EQ(read->sample.validation_windows.of, 0U);
}

TEST_F(ModelFile, WithMoreOrLessBytesInAPartIsRefused) {
  for (const char* name : {"config", "facts", "header", "templates", "baseline", "sessions", "sample"}) {
    const std::string bytes = bytes_of(bundle_, name);
    const std::uint32_t version = bundle_.find(name)->version;
    EXPECT_EQ(refusal(changed(bundle_, name, Section{name, version, bytes})), "") << name;
    EXPECT_THAT(refusal(changed(bundle_, name, Section{name, version, bytes + '\0'})), HasSubstr(name));
    EXPECT_THAT(refusal(changed(bundle_, name, Section{name, version, bytes.substr(0, bytes.size() - 1)})),
                HasSubstr(name));
  }
}

TEST_F(ModelFile, OfANewerProgramIsRefusedPartByPart) {
  for (const Section& section : bundle_.sections()) {
    EXPECT_NE(refusal(changed(bundle_, section.name, Section{section.name, section.version + 1, section.bytes})), "")
        << section.name;
  }
}

TEST_F(ModelFile, OfTheFirstVersionOfFactsHasNoLatePart) {
  const std::string facts = bytes_of(bundle_, "facts");
  ASSERT_EQ(bundle_.find("facts")->version, 2U);
  const auto read = read_model(changed(bundle_, "facts", Section{"facts", 1, facts.substr(0, facts.size() - 24)}));
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ(read->facts.records, 101U);
  EXPECT_EQ(read->facts.late.records, 0U);
  EXPECT_EQ(read->facts.late.unmatched, 0U);
  EXPECT_EQ(read->facts.late.templates, 0U);
}

TEST_F(ModelFile, HasOneToSixteenHeaderPlans) {
  const auto with_plans = [&](std::size_t count) {
    Model model = tiny_model();
    model.plans.resize(count);
    ByteWriter out;
    out.u64(count);
    for (const HeaderPlan& plan : model.plans) {
      plan.save(out);
    }
    return refusal(changed(bundle_, "header", Section{"header", 1, out.take()}));
  };
  EXPECT_THAT(with_plans(0), HasSubstr("no header plan"));
  EXPECT_EQ(with_plans(1), "");
  EXPECT_EQ(with_plans(16), "");
  EXPECT_NE(with_plans(17), "");
}

TEST_F(ModelFile, OfOtherFeaturesIsRefused) {
  std::string schema = bytes_of(bundle_, "schema");
  schema[0] = static_cast<char>(schema[0] ^ 1);
  EXPECT_THAT(refusal(changed(bundle_, "schema", Section{"schema", 1, schema})), HasSubstr("other features"));
}

TEST_F(ModelFile, WithAConfigurationThatDoesNotWorkIsRefused) {
  ByteWriter out;
  out.str("ensemble: {detectors: [novelty], no_such_option: 1}\n");
  EXPECT_NE(refusal(changed(bundle_, "config", Section{"config", 1, out.take()})), "");
}

// What is in the file of a scorer that learnt this.
std::string refusal_of_scorer(const SessionScorer::Learnt& learnt) {
  Model model = tiny_model();
  model.session_scorer = SessionScorer(learnt);
  return refusal(bundle_model(model));
}

TEST_F(ModelFile, SessionNatsAreBounded) {
  const double above = std::nextafter(1e6, 2e6);
  EXPECT_EQ(refusal_of_scorer({0, 0, 1}), "") << "a step may well take no nats";
  EXPECT_EQ(refusal_of_scorer({0.5, 0.25, 0.125}), "");
  EXPECT_EQ(refusal_of_scorer({1e6, 1e6, 1e6}), "");
  for (const SessionScorer::Learnt& learnt :
       {SessionScorer::Learnt{-0.001, 0, 1}, SessionScorer::Learnt{0, -0.001, 1}, SessionScorer::Learnt{above, 0, 1},
        SessionScorer::Learnt{0, above, 1}, SessionScorer::Learnt{0, 0, above}, SessionScorer::Learnt{0, 0, -1}}) {
    EXPECT_THAT(refusal_of_scorer(learnt), HasSubstr("out of range"));
  }
  EXPECT_THAT(refusal_of_scorer({0, 0, 0}), HasSubstr("out of range")) << "a threshold of 0 would flag every session";
}

// ---- id and manifest

Bundle of_sections(const std::vector<Section>& sections) {
  Bundle bundle;
  for (const Section& section : sections) {
    bundle.add(section);
  }
  return bundle;
}

TEST(ModelId, IsOfTheNamesAndTheBytesOfTheParts) {
  const std::string id = model_id(of_sections({{"a", 1, std::string("xy")}, {"b", 1, std::string("z")}}));
  EXPECT_THAT(id, ::testing::MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(model_id(of_sections({{"a", 1, std::string("xy")}, {"b", 1, std::string("z")}})), id);
  EXPECT_NE(model_id(of_sections({{"a", 1, std::string("xz")}, {"b", 1, std::string("z")}})), id);
  EXPECT_NE(model_id(of_sections({{"a", 1, std::string("xy")}, {"b", 1, std::string("y")}})), id);
  EXPECT_NE(model_id(of_sections({{"c", 1, std::string("xy")}, {"b", 1, std::string("z")}})), id);
  EXPECT_NE(model_id(of_sections({{"b", 1, std::string("z")}, {"a", 1, std::string("xy")}})), id) << "order counts";
  EXPECT_NE(model_id(of_sections({{"a", 1, std::string("xy")}})), id);
}

TEST(ModelId, IsNotOfTheManifest) {
  Bundle bundle = of_sections({{"a", 1, std::string("xy")}});
  const std::string id = model_id(bundle);
  bundle.set_manifest("{\"tool\":\"other\"}");
  EXPECT_EQ(model_id(bundle), id);
}

TEST_F(ModelFile, TellsAManifestToPeople) {
  for (const char* part : {"{\"tool\":\"logdetect\",\"version\":\"", "\"records\":101,\"lines\":202,\"bytes\":303,",
                           "\"first_time\":\"2024-01-01T00:00:00Z\",\"last_time\":\"2024-01-01T00:03:19Z\"",
                           "\"templates\":2,\"seed\":77,", "\"detectors\":[{\"name\":\"novelty\",\"weight\":",
                           "\"validation_records\":44,\"validation_flagged\":5}"}) {
    EXPECT_THAT(bundle_.manifest(), HasSubstr(part));
  }
  const Model model = tiny_model();
  EXPECT_THAT(bundle_.manifest(), HasSubstr("\"model_id\":\"" + model_id(bundle_) + "\","));
  EXPECT_THAT(bundle_.manifest(), HasSubstr("\"header\":\"" + model.plans.front().describe() + "\","));
  EXPECT_THAT(bundle_.manifest(), HasSubstr("\"features\":" + std::to_string(model.schema.size()) + ","));
  EXPECT_THAT(bundle_.manifest(), ::testing::ContainsRegex("\"feature_schema\":\"[0-9a-f]+\","));
  EXPECT_THAT(bundle_.manifest(), ::testing::ContainsRegex("\"threshold_nats\":6\\.90"));
}

// What an update adds to must begin at nothing.
TEST(TrainingFacts, AreAllZeroAtFirst) {
  const TrainingFacts facts;
  EXPECT_EQ(facts.records + facts.lines + facts.bytes, 0U);
  EXPECT_EQ(facts.validation_records + facts.validation_flagged, 0U);
  EXPECT_EQ(facts.first_time, 0);
  EXPECT_EQ(facts.last_time, 0);
  EXPECT_FALSE(facts.has_time);
  EXPECT_EQ(facts.late.records + facts.late.unmatched + facts.late.templates, 0U);
}

// ---- sessions

TEST(KnowsSessions, FromTwentyOn) {
  for (const int count : {0, 19, 20}) {
    Model model = tiny_model();
    for (int i = 0; i < count; ++i) {
      SessionState state;
      Event event;
      event.template_id = TemplateId(0);
      event.session = SessionId(static_cast<std::uint64_t>(i) + 1);
      event.has_time = true;
      model.sessions.learn(event, state);
      model.sessions.close(state);
    }
    model.sessions.finish();
    EXPECT_EQ(knows_sessions(model), count >= 20) << count;
  }
}

}  // namespace
}  // namespace logdetect
