#pragma once

#include "logdetect/base/error.h"

namespace logdetect {

/// What the program's exit status says; documented in docs/cli.md and by `logdetect help exit-codes`.
enum ExitCode : int {
  kExitOk = 0,
  kExitFindings = 1,    ///< an incident at or above --fail-on
  kExitUsage = 2,       ///< a flag, an argument or the configuration is wrong
  kExitIncomplete = 3,  ///< some input could not be read; the results of the rest were written
  kExitModel = 4,       ///< the model is missing, broken or from another version
  kExitOutput = 5,      ///< an output or the state directory could not be written
  kExitInternal = 70,   ///< a bug of ours, or memory ran out
  kExitSignal = 128,    ///< plus the number of the signal that stopped the run: 130 or 143
};

/// The one place where errors become exit statuses. `signal` is the one that stopped the run, or 0.
[[nodiscard]] int exit_code(ErrorCode code, int signal);

/// The graver of two outcomes: a stopping signal, then 70 > 5 > 4 > 2 > 3 > 1 > 0.
[[nodiscard]] int graver_exit(int a, int b);

}  // namespace logdetect
