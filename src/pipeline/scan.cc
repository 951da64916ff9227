#include "logdetect/pipeline/scan.h"

#include <memory>
#include <utility>

#include "logdetect/report/result_outputs.h"
#include "pipeline/scan_run.h"
#include "pipeline/score_writer.h"

namespace logdetect {

Result<ScanReport> scan(const ScanRequest& request, const RunControl& control) {
  const Micros began = control.clock->monotonic();
  LD_ASSIGN(ScanRun run, prepare_scan(request, control));
  OutputSet outputs;
  LD_ASSIGN(ResultOutputs results, ResultOutputs::open(request.outputs, request.report, OutputMode::kReplace, outputs));
  std::unique_ptr<ScoreWriter> scores;
  // Told before the scan, not by an empty file after it.
  if (!request.session_scores.empty() && !knows_sessions(*run.setup.model)) {
    return make_error(ErrorCode::kUsage, "the model knows no sessions, so they cannot be scored", "--session-scores",
                      "train with --session-key REGEX, whose match or first group names the session");
  }
  if (!request.scores.empty() || !request.session_scores.empty()) {
    LD_ASSIGN(scores, ScoreWriter::open(request.scores, request.session_scores, run.setup.model->ensemble, outputs));
  }
  LD_ASSIGN(ScanOutcome outcome, judge_inputs(run, request, results, scores.get(), control));
  ScanReport& report = outcome.report;
  report.summary.seconds = static_cast<double>(control.clock->monotonic() - began) / kMicrosPerSecond;
  if (outcome.interrupted) {
    LD_TRY(results.end_early(report.summary));
    LD_TRY(outputs.abandon());
    return make_error(ErrorCode::kInterrupted, "stopped before the end of the log");
  }
  LD_TRY(results.end(report.summary));
  LD_TRY(outputs.commit());
  return std::move(report);
}

}  // namespace logdetect
