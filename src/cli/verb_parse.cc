#include <array>

#include "cli/effective_config.h"
#include "cli/messages.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/parse.h"
#include "logdetect/report/summary_text.h"

namespace logdetect {

Result<int> run_parse(const Session& session) {
  const Typed& typed = session.typed;
  constexpr std::array<std::string_view, 2> kFormats = {"csv", "jsonl"};
  ParseRequest request;
  LD_ASSIGN(const std::size_t format, choose("--format", typed.format.empty() ? "csv" : typed.format, kFormats));
  LD_ASSIGN(const ConfigBuilder builder, build_config(typed));
  request.config = builder.config();
  request.model = typed.model;
  request.inputs = gather_inputs(typed);
  request.output = typed.output;
  request.format = kFormats[format];
  LD_TRY(refuse_own_output(request.inputs, {typed.output}, request.config.ingest));

  Result<ParseReport> report = make_error(ErrorCode::kInternal, "the parse did not run");
  const bool rows_shown = session.terminal.out && (typed.output.empty() || typed.output == "-");
  with_control(session, !rows_shown, [&](const RunControl& control) { report = parse(request, control); });
  if (!report) {
    return report.error();
  }
  print_problems(report->problems, session.terminal.colour_error);
  if (!typed.quiet) {
    print_advice(report->advice, session.terminal.colour_error);
    const RunSummary& summary = report->summary;
    print_advice({count_text(summary.lines, "log line") + ", " + records_text(summary) + ", " +
                  count_text(summary.templates_known + summary.templates_new, "template")},
                 session.terminal.colour_error);
  }
  return report->problems.empty() ? kExitOk : kExitIncomplete;
}

}  // namespace logdetect
