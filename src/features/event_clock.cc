#include "logdetect/features/event_clock.h"

#include <algorithm>

namespace logdetect {
namespace {

// About 36,000 years: keeps every difference of two times far from overflow whatever the caller passes.
constexpr Micros kFarthest = Micros{1} << 60;

}  // namespace

EventClock::Tick EventClock::observe(Micros time, bool has_time) {
  if (!has_time) {
    return {now_, 0, false, false};
  }
  time = std::clamp(time, -kFarthest, kFarthest);
  if (!running_) {
    running_ = true;
    now_ = time;
    return {now_, 0, false, true};
  }
  return time < now_ - tolerance_ ? step_back(time) : step_forward(time);
}

void EventClock::restart() {
  running_ = false;
  leap_votes_ = 0;
  return_votes_ = 0;
}

EventClock::Tick EventClock::step_back(Micros time) {
  leap_votes_ = 0;
  // The newest of the late ones: from there on none of them is late.
  return_to_ = return_votes_ == 0 ? time : std::max(return_to_, time);
  if (++return_votes_ < kReturnVotes) {
    return {now_, 0, true, false};
  }
  return_votes_ = 0;
  now_ = return_to_;
  return {now_, 0, true, true};
}

EventClock::Tick EventClock::step_forward(Micros time) {
  return_votes_ = 0;
  const Micros before = now_;
  if (time - now_ > kMicrosPerHour) {
    // The nearest of those that ask for a leap: the present never passes an event that agreed.
    leap_to_ = leap_votes_ == 0 ? time : std::min(leap_to_, time);
    if (++leap_votes_ < kLeapVotes) {
      return {now_, 0, false, false};
    }
    now_ = leap_to_;
  }
  leap_votes_ = 0;
  if (time - now_ > kMicrosPerHour) {
    // A log with hours between its lines: this line is the first vote for the next step.
    leap_to_ = time;
    leap_votes_ = 1;
  } else {
    now_ = std::max(now_, time);
  }
  return {now_, now_ - before, false, false};
}

}  // namespace logdetect
