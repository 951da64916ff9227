#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/pipeline/evaluate.h"

namespace logdetect {

/// A judged line or session with its label, and what the trivial rules need to know of it.
struct LabelledUnit {
  float score = 0;
  std::uint32_t template_id = 0;  ///< of a line
  std::uint16_t category = 0;     ///< of a line's label
  bool anomalous : 1 = false;     ///< by the label
  bool flagged : 1 = false;       ///< by the verdict
  bool unseen_template : 1 = false;
  bool error_words : 1 = false;
};

/// Numbers of best units for which precision is told: 10, 50, 100, 500 and as many as are anomalous; rising.
[[nodiscard]] std::vector<std::uint64_t> precision_marks(std::uint64_t anomalous);

/// Holds the verdicts on units of one kind against their labels, and three trivial rules beside them.
/// `kind`: "line", "session". O(n log n).
[[nodiscard]] UnitEvaluation evaluate_units(std::string kind, const std::vector<LabelledUnit>& units);

/// Recall by category of the labels, by name: `names` by LabelledUnit::category; "(none)" for an empty name. A card is
/// a template: CategoryRecall::card tells how many are read, best first, until the category shows up. Templates are as
/// good as their best line; of equal ones the lower id comes first. Fills categories and cards of `out`. O(n log n).
void evaluate_categories(const std::vector<LabelledUnit>& lines, const std::vector<std::string>& names,
                         UnitEvaluation& out);

/// Incidents against faults. `slack_seconds`: how far from a fault an incident may begin. `log`: first and last time of
/// the log.
[[nodiscard]] FaultEvaluation evaluate_faults(std::vector<std::string> names, std::vector<TimeSpan> faults,
                                              std::vector<Incident> incidents, const TimeSpan& log,
                                              double slack_seconds);

/// Where a good figure would prove little: one sentence each.
[[nodiscard]] std::vector<std::string> warnings_on(const UnitEvaluation& units);
[[nodiscard]] std::vector<std::string> warnings_on(const FaultEvaluation& faults);

}  // namespace logdetect
