#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "logdetect/base/clock.h"

namespace logdetect {

/// How far a run has come; called from the ordered stage about every batch.
struct Progress {
  const char* phase = "";  ///< "learning templates", "scanning", ...
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;  ///< 0: unknown
  std::uint64_t lines = 0;
  std::uint64_t templates = 0;  ///< known ones; 0 while they are being learnt
};

/// How long a read waits for a live input, so that the stop flag and timers are looked at five times a second.
inline constexpr Micros kReadWait = 200 * kMicrosPerMilli;

/// What the command line holds over a run. `stop` is set by signal handlers: the run ends at the next batch, closes its
/// outputs properly and returns kInterrupted (watch: returns normally).
struct RunControl {
  const std::atomic<int>* stop = nullptr;
  std::function<void(const Progress&)> progress;  ///< may be empty
  const Clock* clock = &system_clock();
  [[nodiscard]] bool stopping() const { return stop != nullptr && stop->load(std::memory_order_relaxed) != 0; }
};

}  // namespace logdetect
