#pragma once

#include <string>
#include <vector>

#include "logdetect/learned/model.h"
#include "logdetect/training/template_health.h"
#include "logdetect/training/train.h"

namespace logdetect {

/// What looks wrong about a training although it worked, each with the next step.
std::vector<std::string> training_advice(const Model& model, const TrainReport& report, const TemplateHealth& health);

}  // namespace logdetect
