#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/finding.h"
#include "logdetect/detection/metrics.h"
#include "logdetect/pipeline/scan.h"
#include "logdetect/reading/control.h"

namespace logdetect {

/// A scan whose verdicts are held against labels. At least one of the three label files is needed.
struct EvaluateRequest {
  ScanRequest scan;            ///< its outputs are not used
  std::string line_labels;     ///< CSV: line, label; may have category and, for several inputs, source
  std::string session_labels;  ///< CSV: session, label
  std::string faults;          ///< CSV: begin, end; may have name
  double slack_seconds = 60;   ///< around a fault, in which an incident's beginning counts
};

/// One way of deciding, over one kind of unit.
struct Judged {
  std::string name;  ///< "logdetect", "flag everything", "never-seen template", "error words"
  Decision decision;
  Ranking ranking;
};

/// How often the units of one label category were flagged.
struct CategoryRecall {
  std::string name;
  std::uint64_t units = 0;
  std::uint64_t flagged = 0;
  std::uint64_t card = 0;  ///< templates read, best first, until the first of this category; 0: sessions have none
};

/// Verdicts on one kind of unit.
struct UnitEvaluation {
  std::string unit;  ///< "line", "session"
  std::uint64_t units = 0;
  std::uint64_t anomalous = 0;
  std::uint64_t unlabelled = 0;  ///< units without a row in the labels: taken as normal
  std::uint64_t unjudged = 0;    ///< labelled units that the scan never saw: taken as not flagged, scored lowest
  Judged own;
  std::vector<std::pair<double, Decision>> at_score;  ///< at printed scores 0.5, 0.7, 0.9, 0.95
  std::vector<Judged> baselines;
  std::vector<CategoryRecall> categories;  ///< lines: by category, in order of name
  std::uint64_t cards = 0;                 ///< lines: templates in all
};

/// Incidents on known faults.
struct FaultEvaluation {
  std::vector<std::string> names;
  std::vector<TimeSpan> faults;
  std::vector<Incident> incidents;  ///< as reported; findings left out
  FaultMatch match;
  double chance = 0;  ///< that an incident beginning at any moment of the log would find a fault
};

struct EvaluateReport {
  RunSummary summary;
  double days = 0;  ///< of event time scanned; 0: the log has no times
  std::vector<UnitEvaluation> units;
  std::vector<FaultEvaluation> faults;  ///< none or one
  std::vector<std::string> warnings;    ///< where the labels allow a trick
  std::vector<std::string> advice;
  std::vector<Error> problems;
};

/// Scans and compares. Nothing is fitted to the labels. Memory: 16 bytes a record beside the labels.
/// Errors: those of scan(); kInput for label files that cannot be read or lack a column ("file:row"); kUsage when no
/// labels are given or no unit is labelled anomalous.
Result<EvaluateReport> evaluate(const EvaluateRequest& request, const RunControl& control);

}  // namespace logdetect
