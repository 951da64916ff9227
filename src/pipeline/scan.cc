#include "logdetect/pipeline/scan.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "logdetect/base/version.h"
#include "logdetect/parsing/timestamp.h"
#include "logdetect/report/output.h"
#include "logdetect/report/sink.h"
#include "pipeline/advice.h"
#include "pipeline/input_pass.h"
#include "pipeline/judge.h"
#include "pipeline/model.h"
#include "pipeline/model_source.h"
#include "pipeline/score_writer.h"

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

Result<ScanReport> scan(const ScanRequest& request, const RunControl& control) {
  const Micros began = control.clock->monotonic();
  LD_TRY(check_request(request));
  LD_ASSIGN(std::shared_ptr<const Model> model,
            obtain_model(request.model, request.baseline, request.config, request.config_yaml, control));
  const Config config = scan_config(request.config, *model);
  LD_ASSIGN(const OpenedInputs opened, prepare_inputs(request.inputs, config.ingest, nullptr));
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(request.config.header));
  if (plans.empty()) {
    plans = model->plans;
  }

  LD_ASSIGN(std::unique_ptr<Output> output, open_output(request.output));
  LD_ASSIGN(std::unique_ptr<Sink> sink, make_sink(request.report, *output));
  std::unique_ptr<ScoreWriter> scores;
  if (!request.scores.empty()) {
    LD_ASSIGN(scores, ScoreWriter::open(request.scores, model->ensemble));
  }
  LD_ASSIGN(const SessionKey session_key, SessionKey::create(config.sessions));
  const JudgeOptions options{request.report.every_finding, false, request.since, request.until};
  Judge judge(model, config, session_key, options, *sink, scores.get(), control.clock->wall());

  LD_TRY(sink->begin(run_header("scan", *model, opened.inputs, judge.threshold())));
  auto pass = run_pass(PassRequest{config, opened.inputs, std::move(plans), &model->masker, &model->miner, &session_key,
                                   control, "scanning"},
                       [&](ParsedBatch parsed) { return judge.process(std::move(parsed)); });
  const bool interrupted = !pass.ok() && pass.error().code == ErrorCode::kInterrupted;
  if (!pass.ok() && !interrupted) {
    return pass.error();
  }
  LD_TRY(judge.finish());
  ScanReport report;
  report.summary = judge.summary();
  report.worst = judge.worst();
  if (pass.ok()) {
    report.problems = opened.problems;
    report.problems.insert(report.problems.end(), pass->counters.problems.begin(), pass->counters.problems.end());
    report.summary.inputs_skipped = pass->counters.inputs_skipped + opened.problems.size();
    report.summary.lines = pass->counters.lines;
    report.summary.bytes = pass->counters.bytes;
  }
  report.summary.seconds = static_cast<double>(control.clock->monotonic() - began) / kMicrosPerSecond;
  if (interrupted) {
    // Half a result must not look whole: files are not put in place, machine formats get no summary.
    const bool to_terminal = request.output.empty() || request.output == "-";
    if (to_terminal) {
      LD_TRY(request.report.format == "text" ? sink->end(report.summary) : Result<void>());
      LD_TRY(output->commit());
    }
    return pass.error();
  }
  LD_TRY(sink->end(report.summary));
  LD_TRY(output->commit());
  if (scores) {
    LD_TRY(scores->commit());
  }
  report.advice = scan_advice(report.summary, model->facts);
  return report;
}

}  // namespace logdetect
