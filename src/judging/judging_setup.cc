#include "logdetect/judging/judging_setup.h"

#include <utility>

#include "logdetect/base/version.h"
#include "logdetect/lexis/rfc3339.h"

namespace logdetect {

Config judging_config(const Config& given, const Model& model) {
  Config config = given;
  // Templates and rows mean what they mean under the settings of training. Others would compare unlike things.
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

RunHeader run_header(const std::string& command, const JudgingSetup& setup, std::vector<std::string> inputs) {
  const Model& model = *setup.model;
  RunHeader header;
  header.version = std::string(program_version());
  header.command = command;
  header.model_id = model.id;
  if (model.facts.has_time) {
    header.model_trained = format_rfc3339(model.facts.first_time) + "/" + format_rfc3339(model.facts.last_time);
  }
  header.inputs = std::move(inputs);
  for (std::size_t d = 0; d < model.ensemble.size(); ++d) {
    header.detector_names.push_back(model.ensemble.name(d));
  }
  header.threshold = setup.threshold;
  return header;
}

}  // namespace logdetect
