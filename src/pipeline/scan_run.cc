#include "pipeline/scan_run.h"

#include <algorithm>
#include <string>
#include <utility>

#include "logdetect/judging/judge.h"
#include "logdetect/learned/allow_path.h"
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
  const std::string allow = request.allow.empty() && !request.model.empty() ? allow_path(request.model) : request.allow;
  LD_ASSIGN(Allowances allowances, Allowances::load(allow));
  Config config = scan_config(request.config, *model);
  LD_ASSIGN(SessionKey sessions, SessionKey::create(config.sessions));
  LD_ASSIGN(LineMarker deployments, LineMarker::create(config.incidents.deploy_marker, "incidents.deploy_marker"));
  LD_ASSIGN(OpenedInputs opened, prepare_inputs(request.inputs, config.ingest, nullptr));
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(request.config.header));
  if (plans.empty()) {
    plans = model->plans;
  }
  return ScanRun{std::move(model),       std::move(config), std::move(allowances), std::move(sessions),
                 std::move(deployments), std::move(opened), std::move(plans)};
}

Result<ScanOutcome> judge_inputs(ScanRun& run, const ScanRequest& request, ResultWriter& results,
                                 JudgeObserver* observer, const RunControl& control) {
  const JudgeOptions options{request.report.every_finding, false, request.since, request.until};
  Judge judge(run.model, run.config, run.sessions, options, results, observer, &run.allowances, control.clock->wall());
  LD_TRY(results.begin(run_header("scan", *run.model, run.opened.inputs, judge.threshold())));
  const Model& model = *run.model;
  auto pass = run_pass(PassRequest{run.config, run.opened.inputs, run.plans, &model.masker, &model.miner, &run.sessions,
                                   control, "scanning", &run.deployments},
                       [&](ParsedBatch parsed) { return judge.process(std::move(parsed)); });
  ScanOutcome outcome;
  outcome.interrupted = !pass.ok() && pass.error().code == ErrorCode::kInterrupted;
  if (!pass.ok() && !outcome.interrupted) {
    return pass.error();
  }
  LD_TRY(judge.finish());
  ScanReport& report = outcome.report;
  report.summary = judge.summary();
  report.worst = judge.worst();
  if (pass.ok()) {
    report.problems = run.opened.problems;
    report.problems.insert(report.problems.end(), pass->counters.problems.begin(), pass->counters.problems.end());
    report.summary.inputs_skipped = pass->counters.inputs_skipped + run.opened.problems.size();
    report.summary.lines = pass->counters.lines;
    report.summary.bytes = pass->counters.bytes;
  }
  // `eval` writes no results of its own and tells of the run itself.
  const bool told = request.outputs.empty() || for_people(request.outputs);
  report.advice = scan_advice(report.summary, model.facts, run.allowances.unused(), told);
  if (pass.ok()) {
    report.advice.insert(report.advice.begin(), pass->notes.begin(), pass->notes.end());
  }
  return outcome;
}

}  // namespace logdetect
