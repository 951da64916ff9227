#pragma once

#include "logdetect/base/error.h"
#include "logdetect/bundle/bundle.h"
#include "logdetect/config/config.h"
#include "logdetect/core/features.h"
#include "logdetect/features/extractor.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/features/session_statistics.h"
#include "logdetect/learned/kept_sample.h"
#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/parsing/header.h"

namespace logdetect {

/// The last part of training (validation_share), read as a scan would with a model of the part before it: what drift is
/// usual for this log.
struct LatePart {
  std::uint64_t records = 0;
  std::uint64_t unmatched = 0;  ///< of templates first seen in it
  std::uint64_t templates = 0;  ///< first seen in it
};

/// Facts about the training that the manifest tells people.
struct TrainingFacts {
  std::uint64_t records = 0;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;
  std::uint64_t validation_records = 0;
  std::uint64_t validation_flagged = 0;
  Micros first_time = 0;
  Micros last_time = 0;
  bool has_time = false;
  LatePart late;  ///< all zero in models before facts version 2
};

/// Everything training learnt; constant while scanning, so it is shared by all threads.
struct Model {
  std::string id;           ///< 16 hex digits over the learnt content
  std::string config_yaml;  ///< the effective configuration of training
  Config config;            ///< the same, read back
  TrainingFacts facts;
  std::vector<HeaderPlan> plans;  ///< at least one
  Masker masker;
  TemplateMiner miner;  ///< compacted: known templates are 0..size()-1
  FeatureSchema schema;
  Baseline baseline;
  SessionStatistics sessions;  ///< of no session where the log has none
  SessionScorer session_scorer;
  std::string session_key;  ///< pattern training found by itself; empty: none, or the configuration names one
  Ensemble ensemble;
  KeptSample sample;  ///< empty in models that cannot be updated
};

/// True when training saw enough sessions to judge others by.
bool knows_sessions(const Model& model);
/// The model as a file's content. The manifest tells version, spans, counts, detectors, thresholds.
Bundle bundle_model(const Model& model);
/// Errors: kModel when a part is missing, damaged, or does not fit the others.
Result<Model> read_model(const Bundle& bundle);
/// The same, to be shared.
Result<std::shared_ptr<const Model>> unbundle_model(const Bundle& bundle);
/// The model in the directory `path`. Errors: those of Bundle::load() and read_model().
Result<std::shared_ptr<const Model>> load_model(const std::string& path);
/// Hash over everything learnt: the same training gives the same id.
std::string model_id(const Bundle& bundle);

}  // namespace logdetect
