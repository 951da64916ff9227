#pragma once

#include "cli/typed.h"
#include "logdetect/base/error.h"
#include "logdetect/pipeline/scan.h"

namespace logdetect {

/// What `scan` and `eval` have in common: model or baseline, inputs, time range and configuration. Outputs and report
/// are left to the verb. Errors: kUsage, kConfig.
Result<ScanRequest> judging_request(const Typed& typed);

}  // namespace logdetect
