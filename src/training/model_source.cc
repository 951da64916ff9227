#include "logdetect/training/model_source.h"

#include <utility>

#include "logdetect/base/version.h"
#include "logdetect/bundle/bundle.h"
#include "logdetect/lexis/rfc3339.h"
#include "training/trainer.h"

namespace logdetect {

Result<std::shared_ptr<const Model>> obtain_model(const std::string& path, const std::vector<std::string>& baseline,
                                                  const Config& config, const std::string& config_yaml,
                                                  const RunControl& control) {
  if (path.empty() == baseline.empty()) {
    return make_error(ErrorCode::kUsage, "give either --model or --baseline", "",
                      "train a model with: logdetect train --input history.log --output model/");
  }
  if (path.empty()) {
    LD_ASSIGN(Trained trained, train_model(config, config_yaml, baseline, control));
    return std::move(trained.model);
  }
  LD_ASSIGN(const Bundle bundle, Bundle::load(path));
  return unbundle_model(bundle);
}

Config scan_config(const Config& given, const Model& model) {
  Config config = given;
  config.miner = model.config.miner;
  config.features = model.config.features;
  config.detectors = DetectorOptions::for_judging(model.config.detectors, given.detectors);
  if (!given.sessions.names_any()) {
    config.sessions = model.config.sessions;
    if (!model.session_key.empty()) {
      config.sessions.key = model.session_key;
    }
  }
  if (config.header.format == "auto") {
    config.header.format = model.config.header.format;
  }
  return config;
}

RunHeader run_header(const std::string& command, const Model& model, const std::vector<Input>& inputs,
                     double threshold) {
  RunHeader header;
  header.version = std::string(program_version());
  header.command = command;
  header.model_id = model.id;
  if (model.facts.has_time) {
    header.model_trained = format_rfc3339(model.facts.first_time) + "/" + format_rfc3339(model.facts.last_time);
  }
  for (const Input& input : inputs) {
    header.inputs.push_back(input.name);
  }
  for (std::size_t d = 0; d < model.ensemble.size(); ++d) {
    header.detector_names.push_back(model.ensemble.name(d));
  }
  header.threshold = threshold;
  return header;
}

}  // namespace logdetect
