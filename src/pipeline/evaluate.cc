#include "logdetect/pipeline/evaluate.h"

#include <iterator>
#include <optional>
#include <utility>

#include "pipeline/labels.h"
#include "pipeline/scan_run.h"
#include "pipeline/unit_collector.h"
#include "pipeline/unit_evaluation.h"

namespace logdetect {
namespace {

// What the user says is so. At least one of the three.
struct Truth {
  std::optional<LineLabels> lines;
  std::optional<SessionUnits::Labels> sessions;
  std::optional<std::vector<Fault>> faults;
};

Result<Truth> read_truth(const EvaluateRequest& request) {
  Truth truth;
  if (!request.line_labels.empty()) {
    LD_ASSIGN(truth.lines, LineLabels::read(request.line_labels));
  }
  if (!request.session_labels.empty()) {
    LD_ASSIGN(truth.sessions, read_session_labels(request.session_labels));
  }
  if (!request.faults.empty()) {
    LD_ASSIGN(truth.faults, read_faults(request.faults));
  }
  if (!truth.lines && !truth.sessions && !truth.faults) {
    return make_error(ErrorCode::kUsage, "there is nothing to compare with", "",
                      "give --labels, --session-labels or --faults");
  }
  return truth;
}

// Keeps the incidents, without what explains them.
class IncidentCollector final : public ResultWriter {
 public:
  Result<void> begin(const RunHeader& /*header*/) override { return {}; }
  Result<void> finding(const Finding& /*finding*/) override { return {}; }
  Result<void> incident(const Incident& incident) override {
    incidents_.push_back(incident);
    incidents_.back().findings.clear();
    return {};
  }
  Result<void> end(const RunSummary& /*summary*/) override { return {}; }
  std::vector<Incident> take() { return std::move(incidents_); }

 private:
  std::vector<Incident> incidents_;
};

Result<void> need_positives(const UnitEvaluation& unit, const std::string& path) {
  if (unit.anomalous > 0) {
    return {};
  }
  return make_error(ErrorCode::kUsage, "no " + unit.unit + " of the log is labelled anomalous", path,
                    "precision and recall mean nothing without one; do the labels belong to this log?");
}

FaultEvaluation evaluate_faults(const std::vector<Fault>& faults, std::vector<Incident> incidents,
                                const RunSummary& summary, double slack_seconds) {
  std::vector<std::string> names;
  std::vector<TimeSpan> spans;
  for (const Fault& fault : faults) {
    names.push_back(fault.name);
    spans.push_back(fault.span);
  }
  return evaluate_faults(std::move(names), std::move(spans), std::move(incidents),
                         {summary.first_time, summary.last_time}, slack_seconds);
}

double days_of(const RunSummary& summary) {
  return summary.has_time
             ? static_cast<double>(summary.last_time - summary.first_time) / static_cast<double>(kMicrosPerDay)
             : 0;
}

void append(std::vector<std::string> more, std::vector<std::string>& out) {
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

}  // namespace

Result<EvaluateReport> evaluate(const EvaluateRequest& request, const RunControl& control) {
  // First of all: a mistake in the labels is told before the scan, not after it.
  LD_ASSIGN(Truth truth, read_truth(request));
  LD_ASSIGN(ScanRun run, prepare_scan(request.scan, control));
  if (truth.sessions && !knows_sessions(*run.setup.model)) {
    return make_error(ErrorCode::kUsage, "the model knows no sessions, so they cannot be judged", "--session-labels",
                      "train with --session-key REGEX, whose match or first group names the session");
  }

  std::optional<LineUnits> lines;
  std::optional<SessionUnits> sessions;
  if (truth.lines) {
    lines.emplace(*truth.lines);
  }
  if (truth.sessions) {
    sessions.emplace(*truth.sessions);
  }
  UnitCollector units(lines ? &*lines : nullptr, sessions ? &*sessions : nullptr);
  IncidentCollector incidents;
  LD_ASSIGN(ScanOutcome outcome, judge_inputs(run, request.scan, incidents, &units, control));
  // Figures of half a log would be held against labels of all of it.
  if (outcome.interrupted) {
    return make_error(ErrorCode::kInterrupted, "stopped before the end of the log");
  }

  EvaluateReport report;
  report.summary = outcome.report.summary;
  report.problems = std::move(outcome.report.problems);
  report.advice = std::move(outcome.report.advice);
  report.days = days_of(report.summary);
  if (lines) {
    report.units.push_back(lines->evaluate());
    LD_TRY(need_positives(report.units.back(), request.line_labels));
  }
  if (sessions) {
    report.units.push_back(sessions->evaluate());
    LD_TRY(need_positives(report.units.back(), request.session_labels));
  }
  if (truth.faults) {
    report.faults.push_back(evaluate_faults(*truth.faults, incidents.take(), report.summary, request.slack_seconds));
    append(warnings_on(report.faults.back()), report.warnings);
  }
  for (const UnitEvaluation& unit : report.units) {
    append(warnings_on(unit), report.warnings);
  }
  return report;
}

}  // namespace logdetect
