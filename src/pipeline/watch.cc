#include <algorithm>
#include <memory>
#include <utility>

#include "logdetect/base/log.h"
#include "logdetect/ingest/checkpoint.h"
#include "logdetect/ingest/inputs.h"
#include "logdetect/judging/judging_run.h"
#include "logdetect/learned/allow_path.h"
#include "logdetect/pipeline/scan.h"
#include "logdetect/reading/opened_inputs.h"
#include "logdetect/reading/plan_chooser.h"
#include "logdetect/report/result_outputs.h"
#include "logdetect/report/summary_text.h"
#include "logdetect/training/model_source.h"
#include "pipeline/advice.h"

namespace logdetect {
namespace {

constexpr Micros kCheckpointEvery = kMicrosPerSecond;
constexpr Micros kLookAtRulesEvery = kMicrosPerSecond;
constexpr std::size_t kLinesToChoosePlan = 20;

// One watching run: read, judge, write, flush, then advance the checkpoint.
class Watcher {
 public:
  Watcher(JudgingSetup& setup, RecordSource& source, CheckpointStore* checkpoints, ResultOutputs& results,
          OutputSet& outputs, const RunControl& control)
      : setup_(setup),
        source_(source),
        checkpoints_(checkpoints),
        outputs_(outputs),
        control_(control),
        chooser_(setup.plans, setup.config.header.format != "auto" && setup.plans.size() == 1,
                 setup.config.header.sample_lines, kLinesToChoosePlan),
        parser_(&setup.model->masker, &setup.model->miner, &setup.sessions, &setup.deployments,
                setup.config.features.rate_key),
        // First findings at once: an incident is told only when it is over.
        judging_(setup, {false, true, {}, {}, nullptr}, results, control.clock->wall()),
        last_arrival_(control.clock->monotonic()) {}

  JudgingRun& judging() { return judging_; }

  Result<void> run() {
    while (!control_.stopping()) {
      RecordBatch batch;
      LD_ASSIGN(const bool more, source_.next(batch, kReadWait));
      tell_truncations();
      look_at_rules();
      if (batch.empty()) {
        // While nothing arrives event time goes on with the clock, so that a silence is found as it happens.
        LD_TRY(judging_.advance(last_time_ + (control_.clock->monotonic() - last_arrival_)));
      } else {
        LD_TRY(take(std::move(batch)));
      }
      LD_TRY(outputs_.flush());
      LD_TRY(checkpoint(false));
      if (!more) {
        return {};
      }
    }
    // With a checkpoint, a line that is not complete yet is read again, whole, after the restart.
    return checkpoints_ == nullptr ? take_held_back() : Result<void>();
  }

  /// Call after the output was flushed: a checkpoint never runs ahead of it.
  Result<void> checkpoint(bool now) {
    const Micros time = control_.clock->monotonic();
    if (!now && time - last_checkpoint_ < kCheckpointEvery) {
      return {};
    }
    // Also before a failure: a full disk is asked once a second, not at every batch.
    last_checkpoint_ = time;
    if (auto kept = keep(source_.cursor()); !kept) {
      // Watching goes on without: after a restart some findings come again, with the same ids.
      if (!checkpoint_failed_) {
        log_warning("checkpoint not written: " + kept.error().to_string());
      }
      checkpoint_failed_ = true;
    } else {
      checkpoint_failed_ = false;
    }
    return {};
  }

 private:
  // The source may forget only what a restart will not ask for again.
  Result<void> keep(const std::string& cursor) {
    if (checkpoints_ != nullptr) {
      LD_TRY(checkpoints_->write(cursor));
    }
    return source_.commit(cursor);
  }

  Result<void> take_held_back() {
    source_.finish();
    while (true) {
      RecordBatch batch;
      LD_ASSIGN(const bool more, source_.next(batch, 0));
      if (!more) {
        return {};
      }
      LD_TRY(take(std::move(batch)));
    }
  }

  // Lines of a truncated file may be lost, so it is never silent.
  void tell_truncations() {
    const std::uint64_t now = source_.counters().truncations;
    if (now > truncations_) {
      log_warning("a followed file was truncated (" + std::to_string(now) + " so far): reading it from its beginning");
      truncations_ = now;
    }
  }

  // What a person allows while the watch runs counts from then on.
  void look_at_rules() {
    const Micros now = control_.clock->monotonic();
    if (now - last_look_ < kLookAtRulesEvery) {
      return;
    }
    last_look_ = now;
    if (auto read = setup_.allowances.refresh(); !read) {
      log_warning("allow rules stay as they were: " + read.error().to_string());
    }
  }

  // Once for every change, not for every line.
  void tell_drift() {
    if (const std::optional<Drift> change = judging_.drift_change()) {
      const std::string text = drift_text(*change);
      change->state == Drift::State::kNone ? log_info(text) : log_warning(text);
    }
  }

  Result<void> take(RecordBatch batch) {
    PlannedBatch planned = plan_batch(std::move(batch), source_, chooser_);
    for (const PlanNote& note : chooser_.take_notes()) {
      log_warning(note_text(note, planned.source_name));
    }
    LD_TRY(judging_.process(parser_.parse(std::move(planned))));
    // Event time goes on from this and the time of arrival below while nothing comes.
    last_time_ = judging_.now();
    tell_drift();
    last_arrival_ = control_.clock->monotonic();
    return {};
  }

  JudgingSetup& setup_;
  RecordSource& source_;
  CheckpointStore* checkpoints_;
  OutputSet& outputs_;
  const RunControl& control_;
  PlanChooser chooser_;
  LineParser parser_;
  JudgingRun judging_;
  Micros last_arrival_;
  Micros last_time_ = 0;
  Micros last_checkpoint_ = 0;
  Micros last_look_ = 0;
  bool checkpoint_failed_ = false;
  std::uint64_t truncations_ = 0;
};

}  // namespace

Result<ScanReport> watch(const WatchRequest& request, const RunControl& control) {
  LD_ASSIGN(const std::vector<Input> inputs, resolve_inputs(request.inputs, request.config.ingest, InputUse::kLive));
  LD_ASSIGN(std::shared_ptr<const Model> model, obtain_model(request.model, {}, request.config, {}, control));
  LD_ASSIGN(JudgingSetup setup, JudgingRun::prepare(std::move(model), request.config,
                                                    request.allow.empty() ? allow_path(request.model) : request.allow));

  std::unique_ptr<CheckpointStore> checkpoints;
  OpenOptions how{setup.config.ingest, request.start.value_or(SourceStart::kEnd)};
  how.clock = control.clock;
  if (!request.state_directory.empty()) {
    // Takes the lock, before a second process could read the same cursor.
    LD_ASSIGN(checkpoints, open_checkpoints(request.state_directory));
    // --start says where to begin, whatever was saved.
    if (!request.start) {
      LD_ASSIGN(how.cursor, checkpoints->read());
    }
  }
  LD_ASSIGN(const std::unique_ptr<RecordSource> source, open_inputs(inputs, how));

  OutputSet outputs;
  LD_ASSIGN(ResultOutputs results, ResultOutputs::open(request.outputs, request.report, OutputMode::kAppend, outputs));
  Watcher watcher(setup, *source, checkpoints.get(), results, outputs, control);
  LD_TRY(results.begin(run_header("watch", setup, names_of(inputs))));
  // The head of the results shows at once that the watch is on, though no finding may come for days.
  LD_TRY(outputs.flush());
  LD_TRY(watcher.run());
  LD_TRY(watcher.judging().finish());
  ScanReport report;
  report.summary = watcher.judging().summary();
  report.worst = watcher.judging().worst();
  LD_TRY(results.end(report.summary));
  LD_TRY(outputs.commit());
  // After the commit: what the checkpoint skips has been delivered.
  LD_TRY(watcher.checkpoint(true));
  report.advice =
      scan_advice(report.summary, setup.model->facts, setup.allowances.unused(), for_people(request.outputs));
  return report;
}

}  // namespace logdetect
