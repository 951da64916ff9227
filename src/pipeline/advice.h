#pragma once

#include <string>
#include <vector>

#include "logdetect/pipeline/scan.h"
#include "logdetect/pipeline/train.h"
#include "pipeline/model.h"

namespace logdetect {

// All advice in one place: what looks wrong about a run although it worked, each with the next step.

std::vector<std::string> training_advice(const Model& model, const TrainReport& report);
std::vector<std::string> scan_advice(const RunSummary& summary, const TrainingFacts& training);
std::vector<std::string> parse_advice(const RunSummary& summary, std::uint64_t singletons, std::uint64_t evicted);

}  // namespace logdetect
