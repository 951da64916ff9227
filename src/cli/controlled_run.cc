#include "cli/controlled_run.h"

#include <unistd.h>

#include "cli/signals.h"
#include "logdetect/base/file.h"

namespace logdetect {

ControlledRun::ControlledRun(const Session& session, bool progress) {
  control_.stop = &catch_signals();  // before the run starts its threads
  if (progress && session.terminal.error && !session.typed.quiet) {
    // A line that cannot be drawn must not end the run, so the result of the write is dropped.
    line_.emplace(session.terminal.width, *control_.clock,
                  [](std::string_view text) { (void)write_all(STDERR_FILENO, text, "standard error").ok(); });
    control_.progress = [this](const Progress& now) { line_->update(now); };
  }
}

}  // namespace logdetect
