#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/core/event.h"
#include "logdetect/core/ids.h"

namespace logdetect {

/// How often one template came in a session.
struct SessionCount {
  std::uint32_t template_id = 0;
  std::uint16_t count = 0;  ///< stops at 65,535
  Alarm alarm = Alarm::kNone;
};

/// What one session showed so far: about 110 bytes and 8 for each of its templates, of which the first 64 are told
/// apart.
struct SessionState {
  static constexpr std::size_t kMaxTemplates = 64;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr Micros kWhole = std::numeric_limits<Micros>::max();

  SessionId id;
  Micros lead = kWhole;  ///< from the beginning of what was read to its first event; kWhole: it is known to begin there
  Micros first = 0;
  Micros last = 0;
  bool timed = false;  ///< the last event had a time of its own
  std::uint32_t events = 0;
  std::uint32_t last_template = kNone;
  std::uint32_t before_last = kNone;
  float worst_step = 0;  ///< nats: the least expected event after the two before it
  std::uint32_t step_template = kNone;
  std::uint32_t step_after = kNone;  ///< the template before it; kNone at the beginning
  float slowest = 0;                 ///< nats: the step that took unusually long
  std::uint32_t slow_template = kNone;
  std::uint32_t slow_after = kNone;
  Micros slow_duration = 0;
  std::vector<SessionCount> counts;  ///< in order of first sight
};

/// A session, and how long it has been silent: since its last event, or at the end of training.
struct SessionSample {
  SessionState state;
  Micros silence = 0;
};

}  // namespace logdetect
