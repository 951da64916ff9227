#pragma once

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/inputs.h"
#include "logdetect/reading/control.h"
#include "logdetect/reading/line_parser.h"
#include "logdetect/reading/ordered_run.h"
#include "logdetect/reading/plan_chooser.h"

namespace logdetect {

/// Threads a run uses: as configured, else one per core, at most 8.
[[nodiscard]] inline int thread_count(const RunOptions& options) {
  constexpr int kMost = 8;  // beyond it the ordered stage, which is one thread, is the limit
  if (options.threads > 0) {
    return options.threads;
  }
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMost);
}

/// What a pass over the inputs needs besides its consumer.
struct PassRequest {
  const Config& config;
  const std::vector<Input>& inputs;
  std::vector<HeaderPlan> plans;   ///< known ones
  const Masker* masker = nullptr;  ///< both null: headers only
  const TemplateMiner* miner = nullptr;
  const SessionKey* sessions = nullptr;  ///< null: no session keys are looked for
  const RunControl& control;
  const char* phase = "";
  const LineMarker* deployments = nullptr;  ///< null: none are looked for
};

struct PassResult {
  IngestCounters counters;
  std::vector<HeaderPlan> plans;   ///< used, by source
  std::vector<std::string> notes;  ///< about headers: layouts that changed, a given format that does not fit
};

/// Reads all inputs once: read (serial) -> parse (parallel) -> `consume(ParsedBatch)` (serial, in order).
/// Errors: the reader's, the consumer's, kInterrupted when asked to stop.
template <typename Consume>
Result<PassResult> run_pass(const PassRequest& request, Consume consume) {
  LD_ASSIGN(const std::unique_ptr<RecordSource> source, open_inputs(request.inputs, {request.config.ingest}));
  const bool fixed = request.config.header.format != "auto" && request.plans.size() == 1;
  PlanChooser chooser(request.plans, fixed, request.config.header.sample_lines);
  Progress progress{request.phase, 0, source->total_bytes(), 0, request.miner == nullptr ? 0 : request.miner->size()};

  const auto produce = [&]() -> Result<std::optional<PlannedBatch>> {
    RecordBatch records;
    do {  // an empty batch: a signal came while the source waited
      if (request.control.stopping()) {
        return make_error(ErrorCode::kInterrupted, "interrupted");
      }
      LD_ASSIGN(const bool more, source->next(records, kReadWait));
      if (!more) {
        return std::optional<PlannedBatch>();
      }
    } while (records.empty());
    return std::optional<PlannedBatch>(plan_batch(std::move(records), *source, chooser));
  };
  const auto make_worker = [&] {
    return [parser = LineParser(request.masker, request.miner, request.sessions, request.deployments,
                                request.config.features.rate_key)](PlannedBatch planned) mutable {
      return parser.parse(std::move(planned));
    };
  };
  const auto consume_and_report = [&](ParsedBatch parsed) -> Result<void> {
    progress.bytes_done = parsed.bytes_consumed;
    progress.lines += parsed.batch.events.size();
    if (request.control.progress) {
      request.control.progress(progress);
    }
    return consume(std::move(parsed));
  };
  LD_TRY((OrderedRun<PlannedBatch, ParsedBatch>::run(thread_count(request.config.run), produce, make_worker,
                                                     consume_and_report)));
  std::vector<std::string> notes;
  for (std::vector<PlanNote>& part : std::array{chooser.take_notes(), chooser.misfits()}) {
    for (const PlanNote& note : part) {
      notes.push_back(note_text(note, source->source_name(note.source)));
    }
  }
  return PassResult{source->counters(), chooser.used(), std::move(notes)};
}

}  // namespace logdetect
