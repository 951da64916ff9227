#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/core/finding.h"
#include "logdetect/models/detector.h"
#include "logdetect/parsing/session_finder.h"
#include "logdetect/reading/control.h"

namespace logdetect {

struct TrainRequest {
  Config config;
  std::string config_yaml;          ///< effective configuration, kept in the model
  std::vector<std::string> inputs;  ///< as typed
  std::string output;               ///< model directory
  bool update = false;              ///< continue from the model in `output`
  std::string allow;                ///< allow rules; empty: allow.yaml in `output`
};

/// A template of training that the model itself would flag: worth a look before trusting the model.
struct OddTemplate {
  std::string text;         ///< raw bytes
  std::string pattern;      ///< for `train --exclude`, printable; empty: none would match this alone
  std::string example;      ///< its strangest message, at most 512 bytes; raw
  std::uint64_t count = 0;  ///< records of it
  Micros first = 0;         ///< its first and last time, if the log has times
  Micros last = 0;
  double score = 0;              ///< of the example
  std::vector<std::string> why;  ///< sentences, by weight, at most 3; may quote log text
};

/// How many records a pattern kept out of training.
struct ExcludedCount {
  std::string pattern;
  std::uint64_t records = 0;
};

/// How the training of a network went.
struct LearningCurve {
  std::string detector;
  std::vector<EpochLoss> epochs;
};

struct TrainReport {
  RunSummary summary;
  std::string model_path;
  std::string model_id;
  std::string header;  ///< HeaderPlan::describe()
  std::uint64_t validation_records = 0;
  std::uint64_t validation_flagged = 0;
  double threshold = 0;                         ///< nats
  double quantile_threshold = 0;                ///< nats
  double budget_threshold = 0;                  ///< nats that the alert budget asks for; 0 without one
  double alerts_per_day = 0;                    ///< of the validation part, at the threshold
  std::optional<FoundSessions> found_sessions;  ///< without a key: the id that threads the log, if one does
  std::uint64_t new_templates = 0;              ///< of an update: not known before
  std::uint64_t sessions = 0;
  std::uint64_t streams = 0;           ///< told apart by rates.key
  std::string stream_word;             ///< "host"; of what
  double session_threshold = 0;        ///< nats
  std::vector<OddTemplate> odd;        ///< by score, at most 100
  std::uint64_t odd_templates = 0;     ///< flagged templates in all
  std::uint64_t odd_habits = 0;        ///< beside them: would be flagged, but came in slice after slice of training
  std::uint64_t odd_acknowledged = 0;  ///< beside them too: would be flagged, but an allow rule covers them
  std::vector<std::string> taken_in;   ///< update: ids of allow rules whose new templates the model now takes as normal
  std::vector<ExcludedCount> excluded;  ///< by pattern of run.exclude; part of the records dropped
  std::vector<LearningCurve> curves;
  std::vector<std::string> advice;  ///< template explosion, too little data, ...: each with a remedy
  std::vector<Error> problems;      ///< soft input errors
};

/// Learns a model from history and writes it. The latest part (validation_share) of the training span is held out for
/// calibration and the threshold, by time, before anything is fitted to it. Deterministic for any number of threads.
/// An update goes on counting where the model stopped (its template ids stay) and fits the detectors and thresholds to
/// the new records and the model's sample of the old ones, in proportion.
/// Allow rules leave nothing out of training; what they cover is left out of the review.
/// Errors: kConfig for allow rules that cannot be read; kUsage with fewer than 20 records (an update: with none), or
/// when the configuration contradicts the model to update; kModel when there is none; kInput, kOutput; the previous
/// model is untouched by a failure.
Result<TrainReport> train(const TrainRequest& request, const RunControl& control);

}  // namespace logdetect
