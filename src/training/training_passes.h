#pragma once

#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/source.h"
#include "logdetect/reading/control.h"
#include "logdetect/reading/input_pass.h"
#include "training/training_state.h"

namespace logdetect {

/// Reads the inputs of a training, once for each stage. The header plans found by one pass serve the next one.
/// Not thread-safe; reading itself uses threads.
class TrainingPasses {
 public:
  /// All must outlive it.
  TrainingPasses(const Config& config, const std::vector<Input>& inputs, const RunControl& control)
      : config_(config), inputs_(inputs), control_(control) {}

  /// Hands every batch to stage.see(ParsedBatch&), in order; only headers are parsed.
  /// Errors: the reader's, kInterrupted when asked to stop.
  template <typename Stage>
  Result<void> read_headers(const char* phase, TrainingState& state, Stage& stage) {
    return read({config_, inputs_, state.plans, nullptr, nullptr, nullptr, control_, phase}, state, stage);
  }
  /// The same, with templates, parameters and session keys.
  template <typename Stage>
  Result<void> read_events(const char* phase, TrainingState& state, Stage& stage) {
    return read({config_, inputs_, state.plans, &state.masker, &state.miner, &state.session_key, control_, phase},
                state, stage);
  }

  /// Of the last pass.
  [[nodiscard]] const IngestCounters& counters() const { return counters_; }
  /// About headers, of the first pass that had any: later ones know the plans.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  template <typename Stage>
  Result<void> read(const PassRequest& request, TrainingState& state, Stage& stage) {
    LD_ASSIGN(PassResult result, run_pass(request, [&stage](ParsedBatch parsed) -> Result<void> {
                stage.see(parsed);
                return {};
              }));
    counters_ = std::move(result.counters);
    if (notes_.empty()) {
      notes_ = std::move(result.notes);
    }
    state.take_plans(std::move(result.plans));
    return {};
  }

  const Config& config_;
  const std::vector<Input>& inputs_;
  const RunControl& control_;
  IngestCounters counters_;
  std::vector<std::string> notes_;
};

}  // namespace logdetect
