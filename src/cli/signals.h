#pragma once

#include <atomic>

namespace logdetect {

/// Catches SIGINT and SIGTERM from now on and ignores SIGPIPE. The first signal is kept in the returned flag (0 until
/// then) for the run to end in good order; system calls that wait then return with EINTR, in every thread. A second
/// SIGINT ends the process at once with 130. Call once, before threads start. Uses SIGURG inside.
const std::atomic<int>& catch_signals();

/// A closed pipe is an error of write(), not a signal. Call before anything is written.
void ignore_broken_pipes();

/// The signal that asked the run to stop, or 0.
int stop_signal();

}  // namespace logdetect
