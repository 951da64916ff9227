#pragma once

#include "logdetect/base/clock.h"

namespace logdetect {

/// The present of the windows, drawn from the times of events that are only roughly in order.
///
/// It follows the largest time seen, with three guards:
/// - a step of more than one hour is believed when kLeapVotes events in a row, none of them nearer, agree on it; until
///   then the present stays, so that one line from the year 2099 moves nothing;
/// - an event older than the present by more than the tolerance is late: it counts in the present;
/// - kReturnVotes late events in a row mean that the present was wrong (or that an older log began): it goes back to
///   the newest of them and the windows start anew.
/// Events without a time of their own neither vote nor move it. O(1). Not thread-safe.
class EventClock {
 public:
  static constexpr int kLeapVotes = 3;
  static constexpr int kReturnVotes = 32;

  struct Tick {
    Micros now = 0;          ///< the present at this event
    Micros advanced = 0;     ///< forward movement
    bool late = false;       ///< the event is older than the tolerance
    bool restarted = false;  ///< the present was set anew: windows must start empty
  };

  /// `tolerance` in microseconds, >= 0.
  explicit EventClock(Micros tolerance) : tolerance_(tolerance) {}

  [[nodiscard]] Tick observe(Micros time, bool has_time);
  /// Forgets the present: the next timed event sets it.
  void restart();
  /// False until an event with a time was seen: windows mean nothing then.
  [[nodiscard]] bool running() const { return running_; }

 private:
  [[nodiscard]] Tick step_back(Micros time);
  [[nodiscard]] Tick step_forward(Micros time);

  const Micros tolerance_;
  Micros now_ = 0;
  Micros leap_to_ = 0;  ///< smallest of the times that ask for a leap
  int leap_votes_ = 0;
  Micros return_to_ = 0;  ///< largest of the late times in a row
  int return_votes_ = 0;
  bool running_ = false;
};

}  // namespace logdetect
