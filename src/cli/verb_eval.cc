#include "cli/controlled_run.h"
#include "cli/effective_config.h"
#include "cli/eval_text.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/scan_request.h"
#include "cli/verbs.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/evaluate.h"

namespace logdetect {

Result<int> run_eval(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const FormatInfo format, chosen_format(typed));
  EvaluateRequest request;
  request.line_labels = typed.labels;
  request.session_labels = typed.session_labels;
  request.faults = typed.faults;
  LD_ASSIGN(request.slack_seconds, read_slack(typed.slack));
  LD_ASSIGN(request.scan, judging_request(typed));
  // Nothing is printed before the end, so the progress line mixes with nothing.
  LD_ASSIGN(const EvaluateReport report,
            with_control(session, true, [&](const RunControl& control) { return evaluate(request, control); }));
  LD_TRY(print_text(format.for_people ? eval_text(report) : json_text(eval_json(report))));
  print_problems(report.problems, session.terminal.colour_error);
  if (!typed.quiet) {
    print_advice(report.advice, session.terminal.colour_error);
  }
  return report.problems.empty() ? kExitOk : kExitIncomplete;
}

}  // namespace logdetect
