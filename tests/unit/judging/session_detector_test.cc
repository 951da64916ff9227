// Detectors of sessions: what they find is added to what the statistics find.

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "judging/session_watch.h"
#include "unit/judging/judging_support.h"

namespace logdetect {
namespace {

using testing::HandMadeBatch;
using testing::watch_all;

constexpr float kNats = 60;  // of a session that holds template 1 by its text

class TextDetector final : public Detector {
 public:
  Result<void> fit(const TrainingSet& /*training*/) override { return {}; }
  void score(const ScoringInput& input, std::span<float> raw) const override {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      raw[i] = 0;
      for (const SessionCount& count : input.log.sessions[i].state.counts) {
        raw[i] += input.log.template_text(TemplateId(count.template_id)) == "template 1" ? kNats : 0;
      }
    }
  }
  [[nodiscard]] std::vector<Contribution> contributions(std::span<const float> /*row*/) const override { return {}; }
  [[nodiscard]] bool in_nats() const override { return true; }
  [[nodiscard]] double default_cap() const override { return 100; }
  void save(ByteWriter& /*out*/) const override {}
  Result<void> load(ByteReader& /*in*/, const FeatureSchema& /*schema*/) override { return {}; }
};

constexpr std::array<DetectorEntry, 1> kTable = {{
    {.name = "texts",
     .summary = "made up",
     .make = []() -> std::unique_ptr<Detector> { return std::make_unique<TextDetector>(); },
     .unit = DetectorUnit::kSession},
}};

SessionScorer scorer_with(double threshold) {
  return SessionScorer({.usual_step = 100, .usual_slow = 100, .threshold = threshold});
}

// What a watch tells of a session with template 0 and then 1, where the statistics know nothing.
Sightings told(const Ensemble* ensemble, double threshold) {
  const SessionStatistics statistics;
  const SessionScorer scorer = scorer_with(threshold);
  const ThresholdOptions options;
  SessionWatch watch({.statistics = statistics,
                      .scorer = scorer,
                      .templates = 2,
                      .active = true,
                      .ensemble = ensemble,
                      .template_text = [](TemplateId id) { return "template " + std::to_string(id.value()); }},
                     options, {}, false);
  HandMadeBatch batch;
  batch.add(0, 0);
  batch.in_session("a");
  batch.add(1, 1);
  batch.in_session("a");
  return watch_all(watch, batch);
}

TEST(SessionDetectors, AddTheirNatsToTheScoreOfASession) {
  EnsembleOptions options;
  options.detectors = {"texts"};
  const auto ensemble = Ensemble::create(options, kTable);
  ASSERT_TRUE(ensemble.ok());
  EXPECT_TRUE(told(nullptr, 50).empty());
  const Sightings with = told(&ensemble.value(), 50);
  ASSERT_EQ(with.size(), 1U);
  EXPECT_EQ(with.front().row, 1U) << "the record whose template it knows";
  const auto& sighting = std::get<SessionSighting>(with.front().what);
  const SessionScore known = scorer_with(50).score(SessionStatistics(), sighting.session.state, std::nullopt);
  EXPECT_NEAR(with.front().nats, known.total + static_cast<double>(kNats), 1e-6);
  EXPECT_TRUE(told(&ensemble.value(), with.front().nats + 0.001).empty());
}

TEST(SessionDetectors, AnEnsembleWithoutAnyChangesNothing) {
  const auto ensemble = Ensemble::create({});
  ASSERT_TRUE(ensemble.ok());
  const Sightings without = told(nullptr, 1e-3);
  const Sightings with = told(&ensemble.value(), 1e-3);
  ASSERT_FALSE(without.empty());
  ASSERT_EQ(with.size(), without.size());
  for (std::size_t i = 0; i < with.size(); ++i) {
    EXPECT_EQ(with[i].nats, without[i].nats);
  }
}

}  // namespace
}  // namespace logdetect
