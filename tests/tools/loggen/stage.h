#pragma once

#include <array>
#include <cstdint>
#include <queue>
#include <vector>

#include "loggen/catalog.h"
#include "loggen/options.h"

namespace logdetect::loggen {

/// One record to come.
struct Line {
  Micros time = 0;
  std::uint64_t order = 0;  ///< breaks ties of time: the earlier said
  std::uint64_t request = 0;
  std::uint64_t session = 0;
  std::array<std::int64_t, 4> values{};
  Say say = Say::kLoginDone;
  std::uint8_t instance = 0;  ///< index into instances()
  Category category = Category::kNormal;
};

/// Who wants to act at a time.
enum class Actor : std::uint8_t { kArrival, kSession, kClockwork, kSeldom, kIncident };

struct Wake {
  Micros time = 0;
  std::uint64_t order = 0;
  Actor actor = Actor::kArrival;
  std::uint32_t index = 0;  ///< which of the actor's kind
};

/// What is going to happen: lines that wait for their time, and actors that wait for theirs. Nobody may plan anything
/// before the time at which he acts, so lines come out in order. Memory: lines and sessions under way, which depends on
/// the lines a day, not on their number. Not thread-safe.
class Stage {
 public:
  void say(Line line) {
    line.order = ++order_;
    lines_.push(line);
  }
  void wake(Micros time, Actor actor, std::uint32_t index) { wakes_.push({time, ++order_, actor, index}); }

  /// Whether an actor must act before the next line can be taken.
  [[nodiscard]] bool must_act() const {
    return !wakes_.empty() && (lines_.empty() || wakes_.top().time <= lines_.top().time);
  }
  [[nodiscard]] bool has_line() const { return !lines_.empty(); }
  Wake take_wake() {
    const Wake wake = wakes_.top();
    wakes_.pop();
    return wake;
  }
  Line take_line() {
    const Line line = lines_.top();
    lines_.pop();
    return line;
  }

 private:
  struct Later {
    template <typename T>
    bool operator()(const T& a, const T& b) const {
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };
  std::priority_queue<Line, std::vector<Line>, Later> lines_;
  std::priority_queue<Wake, std::vector<Wake>, Later> wakes_;
  std::uint64_t order_ = 0;
};

}  // namespace logdetect::loggen
