#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "judging/finding_builder.h"
#include "logdetect/features/extractor.h"
#include "logdetect/mining/template_overlay.h"
#include "unit/judging/judging_support.h"
#include "unit/judging/small_model.h"

namespace logdetect::testing {

/// The text of a template of the small model.
inline std::string text_of(std::uint32_t id) {
  return std::string(kSmallTexts.at(id));
}

/// A finding builder over the small model.
class FindingBuilderTest : public ::testing::Test {
 protected:
  explicit FindingBuilderTest(const Model& model = *small_model()) : model_(model) {
    options_.hour_multipliers[0] = 2;  // what is judged by the hour can be told from what is not
  }

  // Rows as the run computes them, scores that tell each detector and row from all others.
  void score(HandMadeBatch& made) {
    made.extract(extractor_);
    ScoredBatch& batch = made.get();
    batch.scores.rows = batch.size();
    batch.scores.raw.clear();
    batch.scores.surprise.clear();
    for (std::size_t k = 0; k < model_.ensemble.size() * batch.size(); ++k) {
      batch.scores.raw.push_back(static_cast<float>(100 + k));
      batch.scores.surprise.push_back(static_cast<float>(k) / 8);
    }
  }
  float& value(HandMadeBatch& made, std::size_t row, const std::string& column) {
    return made.get().rows.row(row)[static_cast<std::size_t>(model_.schema.find(column))];
  }
  // A row about which nothing is odd.
  static void make_calm(HandMadeBatch& made, std::size_t row) {
    for (float& cell : made.get().rows.row(row)) {
      cell = 0;
    }
  }
  static Sighting line_at(HandMadeBatch& made, std::size_t row, double nats = 9) {
    const Event& event = made.get().event(row);
    Sighting line;
    line.row = row;
    line.time = event.time;
    line.nats = nats;
    line.template_id = event.template_id;
    return line;
  }
  Finding completed(const Sighting& sighting, HandMadeBatch& made) {
    Finding finding = builder_.describe(sighting, made.get());
    builder_.complete(sighting, made.get(), finding);
    return finding;
  }

  const Model& model_;
  TemplateOverlay templates_{model_.miner, model_.config.miner};
  FeatureExtractor extractor_{model_.baseline};
  ThresholdOptions options_;
  FindingBuilder builder_{model_, templates_, extractor_, options_};
};

}  // namespace logdetect::testing
