#pragma once

#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/core/finding.h"
#include "logdetect/reading/control.h"

namespace logdetect {

struct ParseRequest {
  Config config;
  std::string model;  ///< use this model's templates; empty: mine them from the input itself
  std::vector<std::string> inputs;
  std::string output;
  std::string format = "csv";  ///< "csv" or "jsonl"
};

struct ParseReport {
  RunSummary summary;
  std::string header;  ///< the plan used
  std::vector<std::string> advice;
  std::vector<Error> problems;
};

/// Writes one row per record: line, last_line, time, level, template_id, template, parameters.
Result<ParseReport> parse(const ParseRequest& request, const RunControl& control);

}  // namespace logdetect
