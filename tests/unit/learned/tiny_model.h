#pragma once

#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/check.h"
#include "logdetect/learned/model.h"
#include "unit/features/support.h"

namespace logdetect::testing {

template <typename Value>
Value sure(Result<Value> result) {
  LD_CHECK(result.ok(), "the tiny model can be made");
  return std::move(result).value();
}

/// A model of two templates and the novelty detector alone, every fact of which is another number.
inline Model tiny_model() {
  Config config;
  config.ensemble.detectors = {"novelty"};
  config.run.seed = 77;
  Masker masker = sure(Masker::create(config.miner));
  TemplateMiner miner(config.miner);
  MaskedMessage message;
  for (const char* text : {"door opened", "door shut", "door opened"}) {
    const std::string line = text;
    masker.mask(line, message);
    miner.learn(message);
  }
  miner.compact();
  EventScript script;
  for (int i = 0; i < 200; ++i) {
    script.add(i, static_cast<std::uint32_t>(i % 2));
  }
  FeatureSchema schema = feature_schema(config.features);
  Baseline baseline(config.features);
  const FeatureMatrix rows = learn(baseline, script);
  Ensemble ensemble = sure(Ensemble::create(config.ensemble));
  const WindowBatch no_windows;
  const LogView log{.events = script.events(), .rows = rows, .windows = no_windows};
  LD_CHECK(ensemble
               .fit({.schema = schema,
                     .log = log,
                     .options = config.detectors,
                     .seed = 1,
                     .templates = 2,
                     .parallel = run_serially})
               .ok(),
           "there are enough rows");
  ensemble.calibrate({log, run_serially}, config.threshold);

  KeptSample sample;
  sample.fit = {200, {script.events().begin(), script.events().begin() + 4}, FeatureMatrix(4, schema.size())};
  sample.validation = {50, {script.events().begin(), script.events().begin() + 3}, FeatureMatrix(3, schema.size())};
  TrainingFacts facts;
  facts.records = 101;
  facts.lines = 202;
  facts.bytes = 303;
  facts.validation_records = 44;
  facts.validation_flagged = 5;
  facts.first_time = script.events().front().time;
  facts.last_time = script.events().back().time;
  facts.has_time = true;
  facts.late = {66, 7, 8};
  HeaderPlan first;
  first.name = "first";
  HeaderPlan second;
  second.name = "second";
  SessionStatistics sessions;
  sessions.finish();
  return {.id = {},
          .config_yaml = "ensemble:\n  detectors: [novelty]\n",
          .config = config,
          .facts = facts,
          .plans = {first, second},
          .masker = std::move(masker),
          .miner = std::move(miner),
          .schema = std::move(schema),
          .baseline = std::move(baseline),
          .sessions = std::move(sessions),
          .session_scorer = SessionScorer(SessionScorer::Learnt{1.5, 2.5, 3.5}),
          .session_key = "id=(\\w+)",
          .ensemble = std::move(ensemble),
          .sample = std::move(sample)};
}

}  // namespace logdetect::testing
