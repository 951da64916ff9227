#pragma once

#include <string>

#include "logdetect/training/train.h"

namespace logdetect {

/// What training found, for people. `plain`: ASCII only. `verbose`: every epoch, and every odd template that is kept.
[[nodiscard]] std::string train_text(const TrainReport& report, const TrainRequest& request, bool plain, bool verbose);

}  // namespace logdetect
