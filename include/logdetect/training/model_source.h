#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/source.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/control.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// The model in `path`, or one trained now on `baseline`. Errors: kUsage unless exactly one is given; kModel.
Result<std::shared_ptr<const Model>> obtain_model(const std::string& path, const std::vector<std::string>& baseline,
                                                  const Config& config, const std::string& config_yaml,
                                                  const RunControl& control);

/// The configuration of a scan: what shapes the model comes from the model, the rest as given.
Config scan_config(const Config& given, const Model& model);

/// What a result says about where it comes from.
RunHeader run_header(const std::string& command, const Model& model, const std::vector<Input>& inputs,
                     double threshold);

}  // namespace logdetect
