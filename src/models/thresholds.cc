#include "models/thresholds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "logdetect/base/check.h"

namespace logdetect {
namespace {

// An hour of log is the least that says anything about days.
constexpr Micros kShortest = kMicrosPerHour;

// Just above a total that must not be flagged: a crowd of equal totals is then below it as a whole.
double above(float total) {
  return static_cast<double>(std::nextafter(total, std::numeric_limits<float>::infinity()));
}

struct Span {
  Micros first = 0;
  double days = 0;
};

Span span_of(std::span<const Event> events) {
  Span span;
  Micros last = 0;
  bool any = false;
  for (const Event& event : events) {
    if (event.has_time) {
      span.first = any ? std::min(span.first, event.time) : event.time;
      last = any ? std::max(last, event.time) : event.time;
      any = true;
    }
  }
  if (any && last - span.first >= kShortest) {
    span.days = static_cast<double>(last - span.first) / static_cast<double>(kMicrosPerDay);
  }
  return span;
}

// The highest total of each template in each day.
std::vector<float> daily_peaks(std::span<const Event> events, std::span<const float> totals, Micros first) {
  LD_CHECK(events.size() == totals.size(), "events and totals do not fit together");
  struct Entry {
    std::int64_t day;
    std::uint32_t id;
    float total;
  };
  std::vector<Entry> entries;
  entries.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Micros since = std::max<Micros>(events[i].time - first, 0);
    entries.push_back({since / kMicrosPerDay, events[i].template_id.value(), totals[i]});
  }
  const auto same_alert = [](const Entry& a, const Entry& b) { return a.day == b.day && a.id == b.id; };
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    return same_alert(a, b) ? a.total > b.total : std::pair(a.day, a.id) < std::pair(b.day, b.id);
  });
  entries.erase(std::unique(entries.begin(), entries.end(), same_alert), entries.end());
  std::vector<float> peaks;
  peaks.reserve(entries.size());
  std::transform(entries.begin(), entries.end(), std::back_inserter(peaks), [](const Entry& e) { return e.total; });
  return peaks;
}

}  // namespace

double upper_quantile(std::span<const float> totals, double target_fpr) {
  const auto n = static_cast<double>(totals.size());
  if (!(target_fpr > 0) || n * target_fpr < 1) {
    return 0;
  }
  const auto allowed = std::min(static_cast<std::size_t>(n * target_fpr), totals.size() - 1);
  std::vector<float> sorted(totals.begin(), totals.end());
  const auto first_refused = sorted.begin() + static_cast<std::ptrdiff_t>(allowed);
  std::nth_element(sorted.begin(), first_refused, sorted.end(), std::greater<>());
  return above(*first_refused);
}

AlertCount count_alerts(std::span<const Event> events, std::span<const float> totals, double threshold) {
  const Span span = span_of(events);
  if (span.days <= 0) {
    return {};
  }
  const std::vector<float> peaks = daily_peaks(events, totals, span.first);
  const auto alerts = std::count_if(peaks.begin(), peaks.end(),
                                    [threshold](float peak) { return static_cast<double>(peak) >= threshold; });
  return {static_cast<double>(alerts), span.days};
}

double alert_budget(std::span<const Event> events, std::span<const float> totals, double per_day) {
  const Span span = span_of(events);
  if (!(per_day > 0) || span.days <= 0) {
    return 0;
  }
  std::vector<float> peaks = daily_peaks(events, totals, span.first);
  const double allowed = std::floor(per_day * span.days);
  if (allowed >= static_cast<double>(peaks.size())) {
    return 0;
  }
  const auto first_refused = peaks.begin() + static_cast<std::ptrdiff_t>(allowed);
  std::nth_element(peaks.begin(), first_refused, peaks.end(), std::greater<>());
  return above(*first_refused);
}

}  // namespace logdetect
