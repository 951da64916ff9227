#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/finding.h"
#include "logdetect/report/options.h"

namespace logdetect {

/// Reads a result written in the json or jsonl format and finds one id. Returns the rendered text.
/// Errors: kInput when it is not a result, kUsage when the id is not in it.
Result<std::string> explain_from_result(std::string_view result, std::string_view id, const ReportOptions& options);

/// The finding of that id in such a result, or the findings of the incident of that id. Errors: as above.
Result<std::vector<Finding>> findings_from_result(std::string_view result, std::string_view id);

}  // namespace logdetect
