#pragma once

#include <memory>
#include <optional>
#include <string>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/core/run_summary.h"
#include "logdetect/judging/drift.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/judging/judging_setup.h"
#include "logdetect/reading/line_parser.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// Where and when verdicts count, and who sees them.
struct JudgingOptions {
  bool every_finding = false;         ///< hand each anomalous record on at once, repeats too
  bool first_findings = false;        ///< hand the first of each template in an incident on at once (`watch`)
  std::optional<Micros> since;        ///< records before it only move the windows
  std::optional<Micros> until;        ///< records at or after it likewise
  JudgeObserver* observer = nullptr;  ///< sees every verdict; may be null
};

/// The ordered stage of a run, from parsed batches to results: new templates, scores, sightings of four watches,
/// findings, incidents. Not thread-safe.
class JudgingRun {
 public:
  /// The one way to assemble a run, for scan, eval and watch. `allow`: file of allow rules; empty or missing: none.
  /// Errors: kConfig for rules, formats, session keys and markers that do not work.
  static Result<JudgingSetup> prepare(std::shared_ptr<const Model> model, const Config& given,
                                      const std::string& allow);

  /// `setup`, `results` and the observer must outlive it. `reference`: now, for logs whose timestamps lack the year.
  JudgingRun(JudgingSetup& setup, const JudgingOptions& options, ResultWriter& results, Micros reference);
  ~JudgingRun();

  /// Judges the next batch, which was parsed with the masker, miner, session key and marker of the setup. Errors: those
  /// of the results and the observer.
  Result<void> process(ParsedBatch parsed);
  /// Event time is `now` though nothing arrived: tells what is silent by now and closes incidents that ended.
  Result<void> advance(Micros now);
  /// The log ended: tells what was held back and closes every incident.
  Result<void> finish();

  /// Counts so far; complete after finish().
  [[nodiscard]] RunSummary summary() const;
  /// See DriftMeter::take_change().
  [[nodiscard]] std::optional<Drift> drift_change();
  /// Of the incidents reported so far.
  [[nodiscard]] std::optional<Severity> worst() const;
  /// Event time of the last record.
  [[nodiscard]] Micros now() const;

 private:
  struct Stages;
  std::unique_ptr<Stages> stages_;
};

}  // namespace logdetect
