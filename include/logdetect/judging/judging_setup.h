#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/judging/allowances.h"
#include "logdetect/learned/model.h"
#include "logdetect/parsing/line_marker.h"
#include "logdetect/parsing/session_key.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// All that a run of judging is made of, whatever it reads from and writes to. JudgingRun::prepare makes one.
struct JudgingSetup {
  std::shared_ptr<const Model> model;
  Config config;  ///< as given, with what the model prescribes
  Allowances allowances;
  SessionKey sessions;
  LineMarker deployments;
  std::vector<HeaderPlan> plans;  ///< header plans to try first
  double threshold = 0;           ///< nats of a record, after sensitivity
};

/// The configuration of a run: what shapes the model comes from the model, the rest as given.
Config judging_config(const Config& given, const Model& model);

/// What a result says about where it comes from. `inputs`: their names.
RunHeader run_header(const std::string& command, const JudgingSetup& setup, std::vector<std::string> inputs);

}  // namespace logdetect
