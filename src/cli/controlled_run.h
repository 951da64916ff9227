#pragma once

#include <functional>
#include <optional>
#include <type_traits>

#include "cli/progress.h"
#include "cli/verbs.h"
#include "logdetect/reading/control.h"

namespace logdetect {

/// Signals are caught and, where `progress` holds and standard error is a terminal, a progress line is drawn, as long
/// as this lives. One at a time.
class ControlledRun {
 public:
  ControlledRun(const Session& session, bool progress);
  ControlledRun(const ControlledRun&) = delete;
  ControlledRun& operator=(const ControlledRun&) = delete;

  [[nodiscard]] const RunControl& control() const { return control_; }

 private:
  RunControl control_;
  std::optional<ProgressLine> line_;
};

/// What `run(control)`, the work of a verb, returns. The progress line is erased by then.
template <typename Run>
[[nodiscard]] std::invoke_result_t<Run, const RunControl&> with_control(const Session& session, bool progress,
                                                                        Run&& run) {
  const ControlledRun controlled(session, progress);
  return std::invoke(std::forward<Run>(run), controlled.control());
}

}  // namespace logdetect
