#pragma once

#include <cstdint>
#include <string_view>

#include "logdetect/base/clock.h"

namespace logdetect {

/// What became of a record. Every record read has exactly one: the first of these that applies.
enum class RecordFate : std::uint8_t {
  kDropped,   ///< not looked at: outside --since and --until; train: before --days
  kMatched,   ///< an instance of a template of the model; without a model: of those mined from the input itself
  kUnparsed,  ///< fits no template of the model, and its header was not understood either
  kNew,       ///< fits no template of the model, though its header was understood
};

/// How far a log is from what a model was trained on. Shares are of the records that were not dropped.
struct Drift {
  enum class State : std::uint8_t {
    kUnknown,     ///< too few records to tell, or no model
    kNone,        ///< as in training
    kNewRelease,  ///< a steady part of the records is of kinds that training never saw
    kOtherLog,    ///< most records are: the model was not trained on this kind of log
  };
  State state = State::kUnknown;
  double unmatched_share = 0;         ///< records that fit no template of the model: new or unparsed
  double unparsed_share = 0;          ///< of these, those whose header was not understood either
  double new_templates_per_1000 = 0;  ///< distinct templates beside the model's
  double usual_unmatched_share = 0;   ///< the same of the last part of training, against the part before it
  double usual_new_templates_per_1000 = 0;
};
[[nodiscard]] std::string_view drift_name(Drift::State state);  ///< "unknown", "none", "new_release", "other_log"

/// Counts of one run: records = records_known + records_new + records_unparsed + records_dropped.
struct RunSummary {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;  ///< blank ones included, which are in no record
  std::uint64_t records = 0;
  std::uint64_t records_known = 0;      ///< RecordFate::kMatched
  std::uint64_t records_new = 0;        ///< RecordFate::kNew
  std::uint64_t records_unparsed = 0;   ///< RecordFate::kUnparsed
  std::uint64_t records_dropped = 0;    ///< RecordFate::kDropped
  std::uint64_t records_bare = 0;       ///< header not understood, whatever became of them
  std::uint64_t records_truncated = 0;  ///< longer than the limit
  std::uint64_t records_without_time = 0;
  std::uint64_t records_late = 0;  ///< out of order by more than the tolerance
  std::uint64_t invalid_utf8 = 0;
  std::uint64_t templates_known = 0;
  std::uint64_t templates_new = 0;
  std::uint64_t templates_evicted = 0;  ///< rare ones forgotten to stay within the bound
  std::uint64_t anomalies = 0;
  std::uint64_t acknowledged = 0;  ///< anomalies that an allow rule kept out of the incidents; part of anomalies
  std::uint64_t habitual =
      0;  ///< anomalies in incidents not reported, for training had them as often; part of anomalies
  std::uint64_t sessions = 0;               ///< followed, if the log has sessions
  std::uint64_t sessions_anomalous = 0;     ///< of these
  std::uint64_t sessions_acknowledged = 0;  ///< of the anomalous ones, those an allow rule kept out of the incidents
  std::uint64_t incidents = 0;
  std::uint64_t inputs_skipped = 0;
  Micros first_time = 0;
  Micros last_time = 0;
  bool has_time = false;
  Drift drift;
  double seconds = 0;  ///< wall time of the run; never in machine output (determinism)

  /// Adds one record to the counter of its fate.
  void count(RecordFate fate);
  [[nodiscard]] std::uint64_t records_judged() const { return records_known + records_new + records_unparsed; }
};

}  // namespace logdetect
