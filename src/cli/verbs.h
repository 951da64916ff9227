#pragma once

#include "cli/terminal.h"
#include "cli/typed.h"
#include "logdetect/base/error.h"

namespace logdetect {

/// What every verb gets.
struct Session {
  Typed typed;
  Terminal terminal;
};

/// Each does what its verb says and returns the exit status. Errors are printed, and turned into an exit status, by
/// the caller.
Result<int> run_train(const Session& session);
Result<int> run_scan(const Session& session);
Result<int> run_watch(const Session& session);
Result<int> run_parse(const Session& session);
Result<int> run_eval(const Session& session);
Result<int> run_ack(const Session& session);
Result<int> run_explain(const Session& session);
Result<int> run_model_inspect(const Session& session);
Result<int> run_model_verify(const Session& session);
Result<int> run_model_diff(const Session& session);
Result<int> run_config_show(const Session& session);
Result<int> run_config_check(const Session& session);
Result<int> run_formats(const Session& session);
Result<int> run_version(const Session& session);
Result<int> run_help(const Session& session);

/// The only plain argument of a verb. Errors: kUsage when there is none or more than one; `what` names it.
Result<std::string> only_argument(const Session& session, const char* what);

}  // namespace logdetect
