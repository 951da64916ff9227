#pragma once

#include "logdetect/base/error.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/judging/judging_setup.h"
#include "logdetect/pipeline/scan.h"
#include "logdetect/reading/control.h"
#include "logdetect/reading/opened_inputs.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// A scan whose model and inputs are at hand: what `scan` and `eval` have in common.
struct ScanRun {
  JudgingSetup setup;
  OpenedInputs opened;
};

/// Loads or trains the model and opens the inputs. Errors: kUsage, kModel, kInput.
Result<ScanRun> prepare_scan(const ScanRequest& request, const RunControl& control);

struct ScanOutcome {
  ScanReport report;
  bool interrupted = false;  ///< a signal stopped it: the report holds what came before
};

/// Judges every record; what is found goes to `results` (begin() included, end() not), each record to `observer`, which
/// may be null. Errors: those of the results, the observer and reading.
Result<ScanOutcome> judge_inputs(ScanRun& run, const ScanRequest& request, ResultWriter& results,
                                 JudgeObserver* observer, const RunControl& control);

}  // namespace logdetect
