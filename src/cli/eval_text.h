#pragma once

#include <string>

#include "cli/json_text.h"
#include "logdetect/base/error.h"
#include "logdetect/pipeline/evaluate.h"

namespace logdetect {

/// What `eval` found, for people and for programs.
[[nodiscard]] std::string eval_text(const EvaluateReport& report);
[[nodiscard]] Json eval_json(const EvaluateReport& report);

/// --slack, in seconds; 60 where it is not given. Errors: kUsage for less than 0 or more than a day.
[[nodiscard]] Result<double> read_slack(const std::string& text);

}  // namespace logdetect
