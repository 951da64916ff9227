#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "judging/watch.h"
#include "logdetect/features/event_clock.h"
#include "logdetect/features/rhythms.h"

namespace logdetect {

/// Finds silence: says of each rhythm of the model (features/rhythms.h) when its silence becomes improbable, once, and
/// when it comes back. A rhythm is followed from its first line of the run on. Its time is that of the log, moved on by
/// advance(), so in `watch` a silence is found while nothing arrives; the end of a log is none. A silence is told from
/// the moment at which the next line was due, if that lies inside the judged span.
///
/// Memory: the rhythms of the model, below 1 KiB each. O(log rhythms) per line of a rhythm, amortised; no allocation
/// per line.
class SilenceWatch final : public Watch {
 public:
  /// `needed`: nats from which a silence is improbable. `rhythms` must outlive it.
  SilenceWatch(const RhythmTable& rhythms, double needed, const JudgedSpan& span);

  void see(const ScoredBatch& batch, std::size_t i, Sightings& out) override;
  void advance(Micros now, Sightings& out) override;
  void finish(Sightings& out) override;

 private:
  struct Beat {
    Micros last = 0;
    bool seen = false;
    bool queued = false;
    bool silent = false;
    bool told = false;  // of this silence
    Level level = Level::kUnknown;
    SourcePosition position;
    std::string host;
    std::string component;
    std::string line;
  };
  using Deadline = std::pair<Micros, std::uint32_t>;  // and the rhythm
  struct State {
    EventClock clock;
    Micros now = 0;
    std::vector<Beat> beats;  // by rhythm
    std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines;
  };

  void tell(Sighting::Change change, std::uint32_t at, Micros now, Sightings& out);
  // The clock was set back: nothing is known of what went before.
  void restart();

  const RhythmTable& rhythms_;
  JudgedSpan span_;
  std::vector<Micros> patience_;  // by rhythm
  State state_;
};

}  // namespace logdetect
