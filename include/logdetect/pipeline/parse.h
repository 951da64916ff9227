#pragma once

#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/core/finding.h"
#include "logdetect/reading/control.h"
#include "logdetect/report/output_choice.h"

namespace logdetect {

struct ParseRequest {
  Config config;
  std::string model;  ///< use this model's templates; empty: mine them from the input itself
  std::vector<std::string> inputs;
  std::vector<OutputChoice> outputs;  ///< with formats of row_format_table()
};

/// A format of rows. The first is the default.
struct RowFormat : FormatInfo {
  bool json = false;
};
std::span<const RowFormat> row_format_table();

struct ParseReport {
  RunSummary summary;
  std::string header;  ///< the plan used
  std::vector<std::string> advice;
  std::vector<Error> problems;
};

/// Writes one row per record: line, last_line, time, level, template_id, template, parameters.
Result<ParseReport> parse(const ParseRequest& request, const RunControl& control);

}  // namespace logdetect
