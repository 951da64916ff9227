#pragma once

#include <span>

#include "logdetect/core/event.h"

namespace logdetect {

/// The smallest threshold that at most a `target_fpr` share of `totals` reaches; 0 when there are too few to tell.
/// Cost: O(n).
double upper_quantile(std::span<const float> totals, double target_fpr);

/// Alerts in a stretch of log: a template counts once for each day of event time in which a record of it reaches the
/// threshold, as a person reads it once.
struct AlertCount {
  double alerts = 0;
  double days = 0;  ///< event time from the first to the last event; 0: too short, or without times, to tell
  [[nodiscard]] double per_day() const { return days > 0 ? alerts / days : 0; }
};

/// Counts the alerts of these events, whose sums of nats are `totals`. [events] Days begin with the earliest event.
/// Cost: O(n log n).
AlertCount count_alerts(std::span<const Event> events, std::span<const float> totals, double threshold);

/// The smallest threshold at which count_alerts() is at most `per_day` alerts a day. Where the events span so little
/// that less than one alert is allowed, that is just above them all. 0 when `per_day` is 0 or there are no times.
double alert_budget(std::span<const Event> events, std::span<const float> totals, double per_day);

}  // namespace logdetect
