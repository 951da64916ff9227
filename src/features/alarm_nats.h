#pragma once

#include <array>
#include <cstdint>

#include "logdetect/core/event.h"

namespace logdetect {

/// Share of its rarity that an alarm adds, by how alarming it is.
using AlarmShares = std::array<double, kAlarmCount>;
/// Of a line: a rare error is stranger than a rare greeting, a common error is as common as it is.
inline constexpr AlarmShares kLineAlarmShares = {0, 0.3, 0.6};
/// Of a template in a session: a warning that few sessions hold tells as much as an error.
inline constexpr AlarmShares kSessionAlarmShares = {0, 0.6, 0.6};

/// Events of training by how alarming they were.
struct AlarmCounts {
  std::array<std::uint64_t, kAlarmCount> by_alarm{};
  std::uint64_t events = 0;
};

/// What an alarm adds to its rarity, in nats: its share of the rarity, and of at most 10 nats of it. Less where more
/// than half of training was as alarming, down to nothing where all of it was: there the word says nothing.
double alarm_nats(const AlarmShares& shares, const AlarmCounts& training, Alarm alarm, double rarity);

}  // namespace logdetect
