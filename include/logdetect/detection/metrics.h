#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/clock.h"

namespace logdetect {

/// One judged unit (a line, a session) beside its label.
struct LabelledScore {
  double score = 0;        ///< higher is stranger
  bool anomalous = false;  ///< by the label
  bool flagged = false;    ///< by the verdict under test
};

/// Counts and shares at one decision. Shares whose denominator is zero are 0.
struct Decision {
  std::uint64_t true_positives = 0;
  std::uint64_t false_positives = 0;
  std::uint64_t false_negatives = 0;
  std::uint64_t true_negatives = 0;
  [[nodiscard]] double precision() const;
  [[nodiscard]] double recall() const;
  [[nodiscard]] double f1() const;
  [[nodiscard]] double false_positive_rate() const;
};

/// Decision of the verdicts.
[[nodiscard]] Decision decide(std::span<const LabelledScore> units);
/// Decision of "score >= threshold".
[[nodiscard]] Decision decide_at(std::span<const LabelledScore> units, double threshold);

/// How well a score puts anomalies before the rest, whatever the threshold.
struct Ranking {
  double average_precision = 0;
  double full_recall_false_positive_rate = 0;                  ///< cost of missing nothing
  std::vector<std::pair<std::uint64_t, double>> precision_at;  ///< (k, precision among the k best)
};

/// Units of equal score share one rank: precision is taken after the whole tie, and within a tie precision at k is its
/// expectation over all orders, so that the order of the input gives nothing away. All zero without an anomalous unit.
/// precision_at is given for each k of `marks` that is at most units.size().
/// Cost: O(n log n). Source: average precision as in Manning, Raghavan, Schuetze, "Introduction to Information
/// Retrieval", 2008, 8.4, with ties by McSherry and Najork, ECIR 2008.
[[nodiscard]] Ranking rank_units(std::span<const LabelledScore> units, std::span<const std::uint64_t> marks);

/// A span of event time, both ends included.
struct TimeSpan {
  Micros first = 0;
  Micros last = 0;
};

/// Incidents against known faults.
struct FaultMatch {
  std::vector<std::optional<std::size_t>> incident_of;  ///< [faults]: index of the incident that found it
  std::uint64_t unmatched = 0;                          ///< incidents that found none
  double minute_precision = 0;                          ///< share of minutes inside incidents that lie in a fault
  double minute_recall = 0;
  double minute_base_rate = 0;  ///< share of all minutes that lie in a fault: what minute_precision must beat
};

/// Chance that an incident that begins at any moment of `log` would find a fault under this slack: what the number of
/// faults found must beat. 0 for a log of no length. O(faults log faults).
[[nodiscard]] double chance_of_match(std::span<const TimeSpan> faults, const TimeSpan& log, Micros slack);

/// An incident finds a fault if it begins within `slack` microseconds of the fault's span; each finds one fault at
/// most, and each fault takes the incident that begins nearest its own beginning, so one endless incident is one hit.
/// Minutes are those from the first to the last one of all spans. Spans with last < first count as a point. Cost:
/// O(faults x incidents + minutes spanned).
[[nodiscard]] FaultMatch match_faults(std::span<const TimeSpan> faults, std::span<const TimeSpan> incidents,
                                      Micros slack);

}  // namespace logdetect
