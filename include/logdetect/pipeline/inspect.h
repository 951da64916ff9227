#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/features/extractor.h"
#include "logdetect/mining/template_miner.h"
#include "logdetect/models/detector.h"

namespace logdetect {

/// What `model inspect` shows.
struct ModelSummary {
  std::string path;
  std::string manifest;                                         ///< JSON
  std::vector<std::pair<std::string, std::uint64_t>> sections;  ///< name, bytes
  std::string header;
  std::vector<TemplateInfo> templates;  ///< by count, largest first
  FeatureSchema schema;
  std::vector<std::pair<std::string, double>> detectors;               ///< name, weight
  std::vector<std::pair<std::string, std::vector<EpochLoss>>> curves;  ///< network, loss by epoch
  double threshold = 0;
  std::string config_yaml;
};

/// Loads and checks every part of a model. Errors: kModel. `verify` is this, with the result thrown away.
Result<ModelSummary> inspect_model(const std::string& path);

}  // namespace logdetect
