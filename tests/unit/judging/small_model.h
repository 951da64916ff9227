#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/judging/session_learner.h"
#include "logdetect/learned/model.h"
#include "unit/judging/log_lines.h"

namespace logdetect::testing {

/// Templates of the small model, by id.
enum SmallTemplate : std::uint32_t {
  kHeartbeat,  ///< every 10 s: a rhythm
  kOpened,     ///< begins a session
  kStep,       ///< twice in each session, with a duration from 10 to 19 ms
  kClosed,     ///< ends it, 3 s after its beginning
  kReport,     ///< 12 times, now and then all through training: a habit
  kFailure,    ///< an error, once
  kSmallTemplates,
};

inline constexpr std::array<std::string_view, kSmallTemplates> kSmallTexts = {
    "heartbeat ok",           "request id=<ID> opened", "request id=<ID> took <NUM> ms",
    "request id=<ID> closed", "nightly report sent",    "disk check failed"};

/// Training of the small model: 12,000 s with 1,200 heartbeats and 400 sessions.
inline LogLines small_training() {
  constexpr int kBeats = 1200;
  LogLines log;
  for (int i = 0; i < kBeats; ++i) {
    const int second = 10 * i;
    log.add(second, "heartbeat ok");
    if (i % 3 == 0) {
      const std::string id = "request id=r" + std::to_string(i);
      log.add(second + 1, id + " opened");
      log.add(second + 2, id + " took " + std::to_string(10 + i % 10) + " ms");
      log.add(second + 3, id + " took " + std::to_string(10 + i % 7) + " ms");
      log.add(second + 4, id + " closed");
    }
    if (i % 100 == 70) {
      log.add(second + 6, "nightly report sent");
    }
    if (i == 500) {
      log.add(second + 7, "disk check failed", "ERROR");
    }
  }
  return log;
}

template <typename Value>
Value valued(Result<Value> result) {
  LD_CHECK(result.ok(), "the small model can be learnt");
  return std::move(result).value();
}

/// The templates of these lines, numbered as they came first.
inline TemplateMiner mine_small_training(const PlannedBatch& lines, const Masker& masker, const MinerOptions& options) {
  TemplateMiner miner(options);
  Arena arena;
  MaskedMessage message;
  HeaderParser headers(*line_plan());
  for (const Record& record : lines.records.records()) {
    Header header;
    ParsedTime time;
    headers.parse(record.text, arena, header, time);
    masker.mask(header.message, message);
    miner.learn(message);
  }
  miner.compact();
  LD_CHECK(miner.size() == kSmallTemplates, "as many templates as the enumeration names");
  for (std::uint32_t id = 0; id < kSmallTemplates; ++id) {
    LD_CHECK(miner.info(TemplateId(id)).text == kSmallTexts.at(id), "templates are numbered as they came");
  }
  return miner;
}

/// Detectors that learnt from these events, and are calibrated on them.
inline Ensemble fit_small_ensemble(const Config& config, const FeatureSchema& schema, const std::vector<Event>& events,
                                   const FeatureMatrix& rows) {
  Ensemble ensemble = valued(Ensemble::create(config.ensemble));
  const WindowBatch no_windows;
  const LogView log{.events = events, .rows = rows, .windows = no_windows};
  const TrainingSet training{.schema = schema,
                             .log = log,
                             .options = config.detectors,
                             .seed = config.run.seed,
                             .templates = kSmallTemplates,
                             .parallel = run_serially};
  LD_CHECK(ensemble.fit(training).ok(), "there are enough rows");
  ensemble.calibrate({log, run_serially}, config.threshold);
  return ensemble;
}

/// Learns the model of small_training() step by step, in a few milliseconds, without the training room. `rate_key`:
/// what its lines are counted by beside the whole log.
inline Model learn_small_model(RateKey rate_key = RateKey::kNone) {
  Config config;
  config.run.threads = 1;
  config.features.rate_key = rate_key;
  config.sessions.key = "id=(\\w+)";
  Masker masker = valued(Masker::create(config.miner));
  const SessionKey key = valued(SessionKey::create(config.sessions));
  LogLines log = small_training();
  PlannedBatch lines = log.take();

  TemplateMiner miner = mine_small_training(lines, masker, config.miner);

  ParsedBatch parsed = LineParser(&masker, &miner, &key, nullptr, rate_key).parse(std::move(lines));
  TimeLine times("UTC", 0);
  times.resolve(parsed);
  const std::vector<Event>& events = parsed.batch.events;
  FeatureSchema schema = feature_schema(config.features);
  Baseline baseline(config.features);
  FeatureMatrix rows;
  FeatureExtractor extractor(baseline);
  extractor.extract(events, parsed.batch.parameters, rows);
  extractor.finish();
  SessionLearner sessions(config.run.seed);
  for (const Event& event : events) {
    sessions.learn(event);
  }
  sessions.finish(config.threshold);
  config.detectors.of("forest").set("trees", std::int64_t{10});
  config.detectors.of("forest").set("subsample", std::int64_t{64});
  Ensemble ensemble = fit_small_ensemble(config, schema, events, rows);

  TrainingFacts facts;
  facts.records = events.size();
  facts.has_time = true;
  facts.first_time = times.first();
  facts.last_time = times.last();
  return {.id = "0123456789abcdef",
          .config_yaml = {},
          .config = config,
          .facts = facts,
          .plans = {*line_plan()},
          .masker = std::move(masker),
          .miner = std::move(miner),
          .schema = std::move(schema),
          .baseline = std::move(baseline),
          .sessions = std::move(sessions.statistics()),
          .session_scorer = sessions.scorer(),
          .session_key = {},
          .ensemble = std::move(ensemble),
          .sample = {}};
}

/// The small model, learnt once; nothing changes it.
inline const std::shared_ptr<const Model>& small_model() {
  static const std::shared_ptr<const Model> model = std::make_shared<const Model>(learn_small_model());
  return model;
}

/// The same, counted by host too.
inline const std::shared_ptr<const Model>& small_model_of_hosts() {
  static const std::shared_ptr<const Model> model = std::make_shared<const Model>(learn_small_model(RateKey::kHost));
  return model;
}

}  // namespace logdetect::testing
