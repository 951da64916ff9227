#include "features/alarm_nats.h"

#include <algorithm>

namespace logdetect {

double alarm_nats(const AlarmShares& shares, const AlarmCounts& training, Alarm alarm, double rarity) {
  constexpr double kMostAlarmedRarity = 10;  // nats: of what is rarer than 1 in 22,000 an alarm adds no more
  constexpr double kPseudoEvents = 0.5;      // alarming and not: before any event nothing is known
  if (alarm == Alarm::kNone) {
    return 0;
  }
  double as_alarming = kPseudoEvents;
  for (auto i = static_cast<std::size_t>(alarm); i < training.by_alarm.size(); ++i) {
    as_alarming += static_cast<double>(training.by_alarm.at(i));
  }
  const double share = as_alarming / (static_cast<double>(training.events) + 2 * kPseudoEvents);
  const double weight = shares.at(static_cast<std::size_t>(alarm)) * std::clamp(2 * (1 - share), 0.0, 1.0);
  return weight * std::min(rarity, kMostAlarmedRarity);
}

}  // namespace logdetect
