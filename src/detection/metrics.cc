#include "logdetect/detection/metrics.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace logdetect {
namespace {

constexpr Micros kMicrosPerMinute = 60 * kMicrosPerSecond;

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void count(Decision& decision, bool anomalous, bool flagged) {
  if (anomalous) {
    ++(flagged ? decision.true_positives : decision.false_negatives);
  } else {
    ++(flagged ? decision.false_positives : decision.true_negatives);
  }
}

// Disjoint, sorted ranges of whole minutes, both ends included; bounded by the number of spans, not of minutes.
using Minutes = std::vector<std::pair<Micros, Micros>>;

Minutes minutes_of(std::span<const TimeSpan> spans) {
  Minutes sorted;
  for (const TimeSpan& span : spans) {
    const auto minute = [](Micros time) { return time / kMicrosPerMinute - (time % kMicrosPerMinute < 0 ? 1 : 0); };
    sorted.emplace_back(minute(span.first), minute(std::max(span.first, span.last)));
  }
  std::sort(sorted.begin(), sorted.end());
  Minutes merged;
  for (const auto& range : sorted) {
    if (!merged.empty() && range.first <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, range.second);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

std::uint64_t length(const Minutes& ranges) {
  std::uint64_t sum = 0;
  for (const auto& [first, last] : ranges) {
    sum += static_cast<std::uint64_t>(last - first + 1);
  }
  return sum;
}

std::uint64_t common_length(const Minutes& a, const Minutes& b) {
  std::uint64_t sum = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    const Micros first = std::max(i->first, j->first);
    const Micros last = std::min(i->second, j->second);
    sum += last >= first ? static_cast<std::uint64_t>(last - first + 1) : 0;
    (i->second < j->second ? i : j)++;
  }
  return sum;
}

}  // namespace

double Decision::precision() const {
  return share(true_positives, true_positives + false_positives);
}

double Decision::recall() const {
  return share(true_positives, true_positives + false_negatives);
}

double Decision::f1() const {
  return share(2 * true_positives, 2 * true_positives + false_positives + false_negatives);
}

double Decision::false_positive_rate() const {
  return share(false_positives, false_positives + true_negatives);
}

Decision decide(std::span<const LabelledScore> units) {
  Decision decision;
  for (const LabelledScore& unit : units) {
    count(decision, unit.anomalous, unit.flagged);
  }
  return decision;
}

Decision decide_at(std::span<const LabelledScore> units, double threshold) {
  Decision decision;
  for (const LabelledScore& unit : units) {
    count(decision, unit.anomalous, unit.score >= threshold);
  }
  return decision;
}

Ranking rank_units(std::span<const LabelledScore> units, std::span<const std::uint64_t> marks) {
  Ranking ranking;
  std::vector<std::pair<double, bool>> order;
  std::uint64_t positives = 0;
  for (const LabelledScore& unit : units) {
    order.emplace_back(unit.score, unit.anomalous);
    positives += unit.anomalous ? 1 : 0;
  }
  if (positives == 0) {
    return ranking;
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    std::uint64_t gained = 0;
    for (; end < order.size() && order[end].first == order[i].first; ++end) {
      gained += order[end].second ? 1 : 0;
    }
    for (const std::uint64_t k : marks) {
      if (k > i && k <= end) {
        const double inside = static_cast<double>(gained) * share(k - i, end - i);
        ranking.precision_at.emplace_back(k, (static_cast<double>(found) + inside) / static_cast<double>(k));
      }
    }
    found += gained;
    ranking.average_precision += share(gained, positives) * share(found, end);
    if (gained > 0 && found == positives) {
      ranking.full_recall_false_positive_rate = share(end - positives, order.size() - positives);
    }
    i = end;
  }
  return ranking;
}

double chance_of_match(std::span<const TimeSpan> faults, const TimeSpan& log, Micros slack) {
  if (log.last <= log.first) {
    return 0;
  }
  std::vector<TimeSpan> reach;
  for (const TimeSpan& fault : faults) {
    const Micros first = std::max(fault.first, log.first + slack) - slack;
    const Micros last = std::min(std::max(fault.first, fault.last), log.last - slack) + slack;
    if (last > first) {
      reach.push_back({first, last});
    }
  }
  std::sort(reach.begin(), reach.end(), [](const TimeSpan& a, const TimeSpan& b) { return a.first < b.first; });
  double covered = 0;
  Micros end = log.first;
  for (const TimeSpan& span : reach) {
    covered += static_cast<double>(std::max<Micros>(span.last - std::max(span.first, end), 0));
    end = std::max(end, span.last);
  }
  return covered / static_cast<double>(log.last - log.first);
}

FaultMatch match_faults(std::span<const TimeSpan> faults, std::span<const TimeSpan> incidents, Micros slack) {
  FaultMatch match;
  match.incident_of.resize(faults.size());
  std::set<std::size_t> used;
  for (std::size_t f = 0; f < faults.size(); ++f) {
    const TimeSpan& fault = faults[f];
    for (std::size_t i = 0; i < incidents.size(); ++i) {
      const Micros begin = incidents[i].first;
      if (used.contains(i) || begin < fault.first - slack || begin > std::max(fault.first, fault.last) + slack) {
        continue;
      }
      std::optional<std::size_t>& best = match.incident_of[f];
      if (!best || std::llabs(begin - fault.first) < std::llabs(incidents[*best].first - fault.first)) {
        best = i;
      }
    }
    if (match.incident_of[f]) {
      used.insert(*match.incident_of[f]);
    }
  }
  match.unmatched = incidents.size() - used.size();
  const Minutes wanted = minutes_of(faults);
  const Minutes flagged = minutes_of(incidents);
  if (!wanted.empty()) {
    Micros first = wanted.front().first;
    Micros last = wanted.back().second;
    if (!flagged.empty()) {
      first = std::min(first, flagged.front().first);
      last = std::max(last, flagged.back().second);
    }
    const std::uint64_t both = common_length(wanted, flagged);
    match.minute_precision = share(both, length(flagged));
    match.minute_recall = share(both, length(wanted));
    match.minute_base_rate = share(length(wanted), static_cast<std::uint64_t>(last - first + 1));
  }
  return match;
}

}  // namespace logdetect
