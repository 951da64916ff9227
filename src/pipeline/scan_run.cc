#include "pipeline/scan_run.h"

#include <algorithm>
#include <string>
#include <utility>

#include "logdetect/judging/judging_run.h"
#include "logdetect/learned/allow_path.h"
#include "logdetect/reading/input_pass.h"
#include "logdetect/training/model_source.h"
#include "pipeline/advice.h"

namespace logdetect {
namespace {

// What is wrong with a request before anything is read.
Result<void> check_request(const ScanRequest& request) {
  const auto stdin_in = [](const std::vector<std::string>& list) { return std::count(list.begin(), list.end(), "-"); };
  if (stdin_in(request.inputs) + stdin_in(request.baseline) > 1) {
    return make_error(ErrorCode::kUsage, "standard input is named more than once", "-", "it can be read only once");
  }
  if (request.since && request.until && *request.since >= *request.until) {
    return make_error(ErrorCode::kUsage, "the time range is empty", "--since, --until", "--since must come first");
  }
  if (auto masker = Masker::create(request.config.miner); !masker.ok()) {
    return masker.error();  // unused: the model brings its own masks; a broken one is reported all the same
  }
  return {};
}

}  // namespace

Result<ScanRun> prepare_scan(const ScanRequest& request, const RunControl& control) {
  LD_TRY(check_request(request));
  LD_ASSIGN(std::shared_ptr<const Model> model,
            obtain_model(request.model, request.baseline, request.config, request.config_yaml, control));
  // A baseline trained for this run has no directory in which rules could lie.
  const std::string allow = request.allow.empty() && !request.model.empty() ? allow_path(request.model) : request.allow;
  LD_ASSIGN(JudgingSetup setup, JudgingRun::prepare(std::move(model), request.config, allow));
  LD_ASSIGN(OpenedInputs opened, prepare_inputs(request.inputs, setup.config.ingest, nullptr));
  return ScanRun{std::move(setup), std::move(opened)};
}

Result<ScanOutcome> judge_inputs(ScanRun& run, const ScanRequest& request, ResultWriter& results,
                                 JudgeObserver* observer, const RunControl& control) {
  JudgingSetup& setup = run.setup;
  const JudgingOptions options{request.report.every_finding, false, request.since, request.until, observer};
  JudgingRun judging(setup, options, results, control.clock->wall());
  LD_TRY(results.begin(run_header("scan", setup, names_of(run.opened.inputs))));
  auto pass = run_pass(PassRequest{setup.config, run.opened.inputs, setup.plans, &setup.model->masker,
                                   &setup.model->miner, &setup.sessions, control, "scanning", &setup.deployments},
                       [&](ParsedBatch parsed) { return judging.process(std::move(parsed)); });
  ScanOutcome outcome;
  outcome.interrupted = !pass.ok() && pass.error().code == ErrorCode::kInterrupted;
  if (!pass.ok() && !outcome.interrupted) {
    return pass.error();
  }
  // Also after an interruption: what was found until then is handed on.
  LD_TRY(judging.finish());
  ScanReport& report = outcome.report;
  report.summary = judging.summary();
  report.worst = judging.worst();
  if (pass.ok()) {
    report.problems = run.opened.problems;
    report.problems.insert(report.problems.end(), pass->counters.problems.begin(), pass->counters.problems.end());
    report.summary.inputs_skipped = pass->counters.inputs_skipped + run.opened.problems.size();
    report.summary.lines = pass->counters.lines;
    report.summary.bytes = pass->counters.bytes;
  }
  // `eval` writes no results of its own and tells of the run itself.
  const bool told = request.outputs.empty() || for_people(request.outputs);
  report.advice = scan_advice(report.summary, setup.model->facts, setup.allowances.unused(), told);
  if (pass.ok()) {
    report.advice.insert(report.advice.begin(), pass->notes.begin(), pass->notes.end());
  }
  return outcome;
}

}  // namespace logdetect
