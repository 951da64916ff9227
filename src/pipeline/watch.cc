#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "logdetect/base/file.h"
#include "logdetect/base/log.h"
#include "logdetect/ingest/follow.h"
#include "logdetect/judging/judging_run.h"
#include "logdetect/learned/allow_path.h"
#include "logdetect/pipeline/scan.h"
#include "logdetect/reading/plan_chooser.h"
#include "logdetect/report/result_outputs.h"
#include "logdetect/report/summary_text.h"
#include "logdetect/training/model_source.h"
#include "pipeline/advice.h"

namespace logdetect {
namespace {

constexpr Micros kPollWait = 200 * kMicrosPerMilli;
constexpr Micros kFlushStitched = 500 * kMicrosPerMilli;  // a finding is printed within a second
constexpr Micros kCheckpointEvery = kMicrosPerSecond;
constexpr Micros kLookAtRulesEvery = kMicrosPerSecond;
constexpr std::size_t kLinesToChoosePlan = 20;

// One watching run: poll, judge, write, flush, then advance the checkpoint.
class Watcher {
 public:
  Watcher(JudgingSetup& setup, Follower& follower, CheckpointStore* checkpoints, ResultOutputs& results,
          const RunControl& control)
      : setup_(setup),
        follower_(follower),
        checkpoints_(checkpoints),
        results_(results),
        control_(control),
        chooser_(setup.plans, setup.config.header.format != "auto" && setup.plans.size() == 1,
                 setup.config.header.sample_lines, kLinesToChoosePlan),
        parser_(&setup.model->masker, &setup.model->miner, &setup.sessions, &setup.deployments,
                setup.config.features.rate_key),
        judging_(setup, {false, true, {}, {}, nullptr}, results, control.clock->wall()),
        last_arrival_(control.clock->monotonic()) {}

  JudgingRun& judging() { return judging_; }

  Result<void> run() {
    RecordBatch batch;
    while (!control_.stopping()) {
      LD_TRY(follower_.poll(batch, kPollWait));
      tell_truncations();
      look_at_rules();
      LD_TRY(take(batch));
      if (batch.empty()) {
        LD_TRY(judging_.advance(last_time_ + (control_.clock->monotonic() - last_arrival_)));
      }
      LD_TRY(results_.flush());
      LD_TRY(checkpoint(false));
    }
    if (checkpoints_ != nullptr) {
      return {};  // a line that is not complete yet is read again, whole, after the restart
    }
    follower_.flush(batch);
    return take(batch);
  }

  /// Call after the output was flushed: a checkpoint never runs ahead of it.
  Result<void> checkpoint(bool now) {
    const Micros time = control_.clock->monotonic();
    if (checkpoints_ == nullptr || (!now && time - last_checkpoint_ < kCheckpointEvery)) {
      return {};
    }
    last_checkpoint_ = time;
    const std::vector<FilePosition> positions = follower_.positions();
    if (auto written = checkpoints_->write(positions); !written) {
      // Watching goes on without: after a restart some findings come again, with the same ids.
      if (!checkpoint_failed_) {
        log_warning("checkpoint not written: " + written.error().to_string());
      }
      checkpoint_failed_ = true;
    } else {
      checkpoint_failed_ = false;
    }
    return {};
  }

 private:
  // Lines of a truncated file may be lost, so it is never silent.
  void tell_truncations() {
    const std::uint64_t now = follower_.counters().truncations;
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

  // A batch of the follower may hold records of several files: judged in runs of one file.
  Result<void> take(RecordBatch& batch) {
    if (batch.empty()) {
      return {};
    }
    const auto& records = batch.records();
    std::size_t begin = 0;
    while (begin < records.size()) {
      const SourceId source = records[begin].position.source;
      RecordBatch part;
      std::size_t end = begin;
      for (; end < records.size() && records[end].position.source == source; ++end) {
        const Record& record = records[end];
        part.append(record.text, record.position, record.line_count, record.truncated);
      }
      begin = end;
      LD_TRY(judge_part(std::move(part), source));
    }
    last_arrival_ = control_.clock->monotonic();
    return {};
  }

  Result<void> judge_part(RecordBatch part, SourceId source) {
    PlannedBatch planned;
    planned.source = source;
    planned.plans = chooser_.plans_for(part);
    for (const PlanNote& note : chooser_.take_notes()) {
      log_warning(note_text(note, follower_.source_name(source)));
    }
    planned.source_name = follower_.source_name(source);
    planned.source_mtime = control_.clock->wall();
    planned.records = std::move(part);
    LD_TRY(judging_.process(parser_.parse(std::move(planned))));
    last_time_ = judging_.now();
    tell_drift();
    return {};
  }

  JudgingSetup& setup_;
  Follower& follower_;
  CheckpointStore* checkpoints_;
  ResultOutputs& results_;
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

// Compressed files do not grow by lines.
Result<void> refuse_compressed(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 6> head{};
    const ssize_t got = file.valid() ? ::read(file.get(), head.data(), head.size()) : 0;
    const std::string_view magic(head.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    if (magic.starts_with("\x1f\x8b") || magic.starts_with("\x28\xb5\x2f\xfd") ||
        magic.starts_with("\xfd"
                          "7zXZ") ||
        magic.starts_with("BZh")) {
      return make_error(ErrorCode::kInput, "is compressed: it cannot be followed", path, "use logdetect scan for it");
    }
  }
  return {};
}

}  // namespace

Result<ScanReport> watch(const WatchRequest& request, const RunControl& control) {
  LD_TRY(refuse_compressed(request.inputs));
  LD_ASSIGN(std::shared_ptr<const Model> model, obtain_model(request.model, {}, request.config, {}, control));
  LD_ASSIGN(JudgingSetup setup, JudgingRun::prepare(std::move(model), request.config,
                                                    request.allow.empty() ? allow_path(request.model) : request.allow));

  std::unique_ptr<CheckpointStore> checkpoints;
  std::vector<FilePosition> resume;
  if (!request.state_directory.empty()) {
    LD_ASSIGN(checkpoints, open_checkpoints(request.state_directory));
    if (!request.start) {
      LD_ASSIGN(resume, checkpoints->read());
    }
  }
  FollowOptions follow;
  follow.start = request.start.value_or(FollowStart::kEnd);
  follow.flush_stitched = kFlushStitched;
  const std::unique_ptr<Follower> follower =
      follow_files(request.inputs, follow, setup.config.ingest, resume, *control.clock);

  LD_ASSIGN(ResultOutputs results, ResultOutputs::open(request.outputs, request.report, OutputMode::kAppend));
  Watcher watcher(setup, *follower, checkpoints.get(), results, control);
  LD_TRY(results.begin(run_header("watch", setup, request.inputs)));
  LD_TRY(results.flush());
  LD_TRY(watcher.run());
  LD_TRY(watcher.judging().finish());
  ScanReport report;
  report.summary = watcher.judging().summary();
  report.worst = watcher.judging().worst();
  LD_TRY(results.end(report.summary));
  LD_TRY(results.commit());
  LD_TRY(watcher.checkpoint(true));
  report.advice =
      scan_advice(report.summary, setup.model->facts, setup.allowances.unused(), for_people(request.outputs));
  return report;
}

}  // namespace logdetect
