#pragma once

#include <string>
#include <vector>

#include "logdetect/core/run_summary.h"
#include "logdetect/learned/model.h"
#include "logdetect/training/template_health.h"

namespace logdetect {

// What looks wrong about a run although it worked, each with the next step.

/// Of scan, watch and eval, and of parse with a model. `unused_rules`: ids of allow rules that allowed nothing in the
/// whole run. `drift_told`: the summary for people says it already.
std::vector<std::string> scan_advice(const RunSummary& summary, const TrainingFacts& training,
                                     const std::vector<std::string>& unused_rules, bool drift_told);
/// Of parse without a model. `structured`: see is_structured().
std::vector<std::string> parse_advice(const RunSummary& summary, const TemplateHealth& health, bool structured);

}  // namespace logdetect
