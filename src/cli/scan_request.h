#pragma once

#include "cli/typed.h"
#include "logdetect/base/error.h"
#include "logdetect/pipeline/scan.h"

namespace logdetect {

/// What `scan` and `eval` have in common: model or baseline, inputs, time range and configuration. Outputs and report
/// are left to the verb. Errors: kUsage, kConfig.
Result<ScanRequest> judging_request(const Typed& typed);

/// That the file of `--allow`, if it was given, is there: a batch job whose rules are elsewhere must not run without.
/// Errors: kUsage.
Result<void> check_allow_file(const Typed& typed);

}  // namespace logdetect
