#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/models/detector.h"

namespace logdetect {

/// A small made-up training set: rows of surprise in nats under some of the names the features room uses.
struct Sample {
  FeatureSchema schema;
  FeatureMatrix rows;
  std::vector<Event> events;
  WindowBatch windows;

  DetectorOptions options;

  /// A few trees are as good as many, and faster.
  void set_trees(int trees) { options.of("forest").set("trees", std::int64_t{trees}); }
  [[nodiscard]] LogView log() const { return {.events = events, .rows = rows, .windows = windows}; }
  [[nodiscard]] TrainingSet training(std::uint64_t seed = 42) const {
    return {.schema = schema, .log = log(), .options = options, .seed = seed};
  }
  /// Without windows.
  [[nodiscard]] ScoringInput input() const { return {log()}; }
};

inline FeatureSchema sample_schema() {
  FeatureSchema schema;
  for (const char* name :
       {"template_rarity", "error_prior", "parameter_surprise", "sequence_surprise", "length_surprise"}) {
    schema.columns.push_back({name, "nats", "made up"});
  }
  return schema;
}

inline Sample make_sample(std::size_t count, std::uint64_t seed) {
  Sample sample{sample_schema(), FeatureMatrix(count, 5), std::vector<Event>(count), {}, {}};
  Rng rng(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = sample.rows.row(i);
    for (float& value : row) {
      value = static_cast<float>(rng.uniform());
    }
    row[1] = 0;
  }
  return sample;
}

}  // namespace logdetect
