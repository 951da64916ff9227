#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/result_source.h"
#include "cli/verbs.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/report/explain.h"

namespace logdetect {

Result<int> run_explain(const Session& session) {
  LD_ASSIGN(const std::string id, only_argument(session, "the id of a finding or incident"));
  LD_ASSIGN(const ResultSource result, read_result(session, "logdetect explain " + id + " --from anomalies.json"));
  ReportOptions options = report_options(session.typed, session.terminal);
  options.verbose = true;
  auto text = explain_from_result(result.bytes, id, options);
  if (!text) {
    Error error = text.error();
    // A broken line has its place ("result:7"); an id that is not there has none.
    if (error.where.empty()) {
      error.where = result.name;
    }
    return error;
  }
  LD_TRY(print_text(*text));
  return kExitOk;
}

}  // namespace logdetect
