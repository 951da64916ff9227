#pragma once

#include <span>
#include <string>
#include <vector>

#include "logdetect/pipeline/scan.h"
#include "logdetect/pipeline/train.h"
#include "pipeline/model.h"
#include "pipeline/template_health.h"

namespace logdetect {

// All advice in one place: what looks wrong about a run although it worked, each with the next step.

std::vector<std::string> training_advice(const Model& model, const TrainReport& report, const TemplateHealth& health);
/// Of scan, watch and eval, and of parse with a model. `unused_rules`: ids of allow rules that allowed nothing in the
/// whole run. `drift_told`: the summary for people says it already.
std::vector<std::string> scan_advice(const RunSummary& summary, const TrainingFacts& training,
                                     const std::vector<std::string>& unused_rules, bool drift_told);
/// Of parse without a model. `structured`: see is_structured().
std::vector<std::string> parse_advice(const RunSummary& summary, const TemplateHealth& health, bool structured);

/// True if a plan reads JSON or logfmt, or a format that was named: then few templates are no sign of a header that was
/// not understood.
[[nodiscard]] bool is_structured(std::span<const HeaderPlan> plans);

}  // namespace logdetect
