#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/control.h"

namespace logdetect {

/// The model in `path`, or one trained now on `baseline`. Errors: kUsage unless exactly one is given; kModel.
Result<std::shared_ptr<const Model>> obtain_model(const std::string& path, const std::vector<std::string>& baseline,
                                                  const Config& config, const std::string& config_yaml,
                                                  const RunControl& control);

}  // namespace logdetect
