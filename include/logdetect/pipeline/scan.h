#pragma once

#include <optional>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/core/finding.h"
#include "logdetect/ingest/source_entry.h"
#include "logdetect/reading/control.h"
#include "logdetect/report/options.h"
#include "logdetect/report/output_choice.h"

namespace logdetect {

struct ScanRequest {
  Config config;
  ReportOptions report;
  std::string model;                  ///< model directory or file; empty with baseline
  std::vector<std::string> baseline;  ///< inputs to train on first, in memory
  std::string config_yaml;            ///< effective configuration: part of what identifies a baseline model
  std::vector<std::string> inputs;
  std::vector<OutputChoice> outputs;  ///< empty: the caller of judge_inputs() writes
  std::string scores;                 ///< CSV of every record's score; empty: none
  std::string allow;                  ///< allow rules; empty: allow.yaml beside the model
  std::string session_scores;         ///< CSV of every session's score; empty: none
  std::optional<Micros> since;        ///< records before it move the windows but are not judged
  std::optional<Micros> until;        ///< records at or after it only move the windows too
};

struct ScanReport {
  RunSummary summary;
  std::optional<Severity> worst;    ///< of the incidents; nothing when there was none
  std::vector<std::string> advice;  ///< wrong model, all lines new, allow rules without use, ...: each with a remedy
  std::vector<Error> problems;      ///< soft input errors: exit 3
};

/// Judges logs against a model and writes findings and incidents. Deterministic for any number of threads.
/// Errors: kModel, kInput (no input at all could be read), kOutput, kOutputClosed, kInterrupted.
Result<ScanReport> scan(const ScanRequest& request, const RunControl& control);

struct WatchRequest {
  Config config;
  ReportOptions report;
  std::string model;
  std::vector<std::string> inputs;
  std::vector<OutputChoice> outputs;
  std::string allow;                 ///< allow rules, read again when they change; empty: allow.yaml beside the model
  std::string state_directory;       ///< empty: no checkpoint
  std::optional<SourceStart> start;  ///< --start begin|end; nothing: from the checkpoint, else end
};

/// Follows files and reports as it happens until control.stop. Errors: kModel, kOutput, kOutputClosed, kUsage.
Result<ScanReport> watch(const WatchRequest& request, const RunControl& control);

}  // namespace logdetect
