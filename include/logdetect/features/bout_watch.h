#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/record.h"
#include "logdetect/features/extractor.h"

namespace logdetect {

/// A burst that goes on.
struct OpenBurst {
  TemplateId id;
  std::size_t window = 0;  ///< index of the window that shows it best
  std::int64_t window_seconds = 0;
  Micros start = 0;
  Micros peak = 0;
  Micros last_high = 0;     ///< last line at which the rate was still improbable
  std::uint64_t lines = 0;  ///< since it was noticed, and those in the window then
  std::uint32_t most = 0;   ///< lines in the window at the peak
  double nats = 0;          ///< at the peak; looks paid for
  std::string finding;      ///< for the caller
};

/// Finds bursts: a known template that comes more often, within one of the windows, than its own past makes probable,
/// and clearly more often than it ever did in training. One burst is one bout, however many lines it has: it begins
/// with the first line of its rise and is over when its window has passed without an improbable line. The evidence is
/// the largest burst column of the row less the price of a look at every line (Baseline::looks).
///
/// At most 64 bursts are open; beyond that none begins. 8 bytes per template. O(1) per event; O(open) per advance().
/// Not thread-safe: one ordered stage.
class BurstWatch {
 public:
  using Over = std::function<void(const OpenBurst&)>;

  /// `needed`: nats from which a bout is one. References must outlive it.
  BurstWatch(const Baseline& baseline, const FeatureSchema& schema, double needed);

  /// Follows an event of a known template, with its feature row. Returns the burst that this event begins, if any; the
  /// pointer holds until the next call.
  OpenBurst* follow(const Event& event, std::span<const float> row);
  /// Hands out the bursts that are over at `now`.
  void advance(Micros now, const Over& over);
  /// Hands out all.
  void finish(const Over& over);
  [[nodiscard]] bool idle() const { return open_.empty(); }

 private:
  struct Window {
    std::int64_t seconds = 0;
    std::size_t burst = 0;  // columns
    std::size_t count = 0;
  };
  struct Sight {
    double nats = 0;  // of the window that shows most
    std::size_t window = 0;
    std::uint32_t count = 0;
    bool record = false;  // clearly more than training showed
  };
  [[nodiscard]] Sight look(TemplateId id, std::span<const float> row) const;
  void go_on(OpenBurst& burst, const Event& event, const Sight& sight);

  const Baseline& baseline_;
  std::vector<Window> windows_;
  int any_;  // column of the largest burst
  double needed_;
  double looks_;
  std::vector<Micros> rising_;  // by template: since when its rate rises; 0: it does not
  std::vector<Micros> told_;    // by template: end of its last burst; what came until then is told
  std::vector<OpenBurst> open_;
};

/// A rhythm that fell silent, or came back.
struct SilentRhythm {
  const Rhythm& rhythm;
  SourcePosition position;  ///< of its last line
  std::string_view host;
  std::string_view component;
  std::string_view line;  ///< the last line, at most 512 bytes of it
  Level level = Level::kUnknown;
  Micros last = 0;       ///< time of its last line
  Micros now = 0;        ///< when the silence became improbable, or ended
  double nats = 0;       ///< of the silence until then
  std::string& finding;  ///< for the caller
};

/// Finds silence: says of each rhythm of the model (features/rhythms.h) when its silence becomes improbable, once, and
/// when it comes back. A rhythm is followed from its first line of the run on. Its time is that of the log, moved on by
/// advance(), so in `watch` a silence is found while nothing arrives; the end of a log is none.
///
/// Memory: the rhythms of the model, below 1 KiB each. O(log rhythms) per line of a rhythm, amortised; no allocation
/// per line. Not thread-safe: one ordered stage.
class SilenceWatch {
 public:
  enum class Change : std::uint8_t { kFellSilent, kCameBack, kLogEnded };
  using Report = std::function<void(Change, const SilentRhythm&)>;

  /// `needed`: nats from which a silence is improbable. References must outlive it.
  SilenceWatch(const RhythmTable& rhythms, double needed, Report report);
  ~SilenceWatch();

  [[nodiscard]] bool active() const { return !rhythms_.rhythms().empty(); }
  /// Time moved to `now`, though nothing came; what is silent for too long is reported.
  void advance(Micros now);
  /// Follows any event: moves the time and takes it for a beat if it is one. `record`: the line.
  void follow(const Event& event, const Header& header, const Record& record);
  /// The log ended: what is silent stays so, and is told with all its length.
  void finish();

 private:
  struct Clock;
  struct State {
    Micros last = 0;
    Micros patience = 0;
    bool seen = false;
    bool queued = false;
    bool silent = false;
    Level level = Level::kUnknown;
    SourcePosition position;
    std::string host;
    std::string component;
    std::string line;
    std::string finding;
  };
  using Deadline = std::pair<Micros, std::uint32_t>;  // and the rhythm

  void tell(Change change, std::uint32_t at, Micros now);
  // The clock was set back: nothing is known of what went before.
  void restart();

  const RhythmTable& rhythms_;
  Report report_;
  std::unique_ptr<Clock> clock_;
  std::vector<State> states_;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
};

}  // namespace logdetect
