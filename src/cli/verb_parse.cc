#include "cli/controlled_run.h"
#include "cli/effective_config.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/number_text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/parse.h"
#include "logdetect/report/summary_text.h"

namespace logdetect {

Result<int> run_parse(const Session& session) {
  const Typed& typed = session.typed;
  ParseRequest request;
  LD_ASSIGN(request.outputs, chosen_outputs(session));
  LD_ASSIGN(const ConfigBuilder builder, build_config(typed));
  request.config = builder.config();
  request.model = typed.model;
  request.inputs = gather_inputs(typed);
  LD_TRY(refuse_own_output(request.inputs, places_of(request.outputs), request.config.ingest));

  // Rows come while the run goes on, and would tear a progress line on the same terminal.
  const bool rows_shown = shown_on_terminal(session, request.outputs);
  LD_ASSIGN(const ParseReport report,
            with_control(session, !rows_shown, [&](const RunControl& control) { return parse(request, control); }));
  print_problems(report.problems, session.terminal.colour_error);
  if (!typed.quiet) {
    print_advice(report.advice, session.terminal.colour_error);
    // To standard error, since standard output holds nothing but rows.
    const RunSummary& summary = report.summary;
    print_advice({count_text(summary.lines, "log line") + ", " + records_text(summary) + ", " +
                  count_text(summary.templates_known + summary.templates_new, "template")},
                 session.terminal.colour_error);
  }
  return report.problems.empty() ? kExitOk : kExitIncomplete;
}

}  // namespace logdetect
