#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"
#include "logdetect/core/event.h"

namespace logdetect {

/// What a comparison of two models tells of one of them.
struct ModelFacts {
  std::string path;
  std::string id;
  std::uint64_t records = 0;
  std::uint64_t lines = 0;
  std::uint64_t templates = 0;
  bool has_time = false;
  Micros first = 0;
  Micros last = 0;
  double hours = 0;  ///< of event time, without gaps
  std::string header;
  double threshold = 0;                                   ///< nats
  std::vector<std::pair<std::string, double>> detectors;  ///< name, weight
  std::string session_key;                                ///< pattern, given or found; empty: none
  std::uint64_t sessions = 0;
  double session_threshold = 0;  ///< nats; meaningful if there are sessions
};

/// A template that differs between two models. Rates are per hour of event time, or per 1,000 records where one of the
/// models knows no time.
struct TemplateChange {
  std::string text;  ///< raw bytes; as the later model writes it, if it has it
  Alarm alarm = Alarm::kNone;
  std::uint64_t before = 0;  ///< records in training
  std::uint64_t after = 0;
  double before_rate = 0;
  double after_rate = 0;
  double factor = 0;    ///< after_rate / before_rate; 0 for a template that is new or gone
  double p_value = 1;   ///< chance of so large a difference at one and the same rate
  bool chance = false;  ///< gone, but so rare that it may merely not have come again
};

struct ValueChange {
  std::string path;  ///< "miner.depth"
  std::string before;
  std::string after;
};

/// How model `b` differs from model `a`.
struct ModelDiff {
  ModelFacts a;
  ModelFacts b;
  bool per_hour = true;                 ///< unit of the rates; false: per 1,000 records
  double traffic = 1;                   ///< median factor of the templates that both have: what a rate is held against
  std::vector<TemplateChange> added;    ///< errors first, then warnings; by count
  std::vector<TemplateChange> gone;     ///< those that are no chance first; then likewise
  std::vector<TemplateChange> changed;  ///< errors first; by evidence
  std::uint64_t steady = 0;             ///< templates of both, at about the same rate
  std::vector<ValueChange> config;      ///< in the order of the configuration

  [[nodiscard]] std::uint64_t surely_gone() const;  ///< of `gone`, without chance
};

/// Compares two models. Templates are the same if their texts are equal or one is a case of the other, whatever their
/// ids; several that the other model holds as one are compared together.
///
/// A rate has changed if it differs by a factor of 1.5 and more from what `traffic` explains, and by more than chance:
/// a likelihood-ratio test of two counts, widened by how much the template's rate wavers anyway (Baseline::dispersion);
/// of what is listed as changed or gone, one in a hundred is expected to be chance (Benjamini-Hochberg). What is new is
/// always listed. Errors: kModel. Cost: two loads and O(n log n) over the templates.
Result<ModelDiff> diff_models(const std::string& a, const std::string& b);

}  // namespace logdetect
