#pragma once

#include <memory>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/judging/allowances.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/learned/model.h"
#include "logdetect/parsing/session_key.h"
#include "logdetect/pipeline/scan.h"
#include "logdetect/reading/control.h"
#include "logdetect/reading/input_pass.h"
#include "logdetect/reading/opened_inputs.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// A scan whose model and inputs are at hand: what `scan` and `eval` have in common.
struct ScanRun {
  std::shared_ptr<const Model> model;
  Config config;  ///< as given, with what the model prescribes
  Allowances allowances;
  SessionKey sessions;
  LineMarker deployments;
  OpenedInputs opened;
  std::vector<HeaderPlan> plans;
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
