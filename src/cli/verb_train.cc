#include "cli/controlled_run.h"
#include "cli/effective_config.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/scan_request.h"
#include "cli/train_text.h"
#include "cli/verbs.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/inspect.h"
#include "logdetect/training/train.h"

namespace logdetect {

Result<int> run_train(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const std::string output, chosen_directory(typed));
  LD_TRY(check_allow_file(typed));
  LD_ASSIGN(ConfigBuilder builder, build_config(typed));
  // Before the log is read: a flag that contradicts the model is told at once.
  if (typed.update) {
    LD_ASSIGN(const ModelSummary model, inspect_model(output));
    LD_TRY(adopt_model_values(builder, model.config_yaml));
  }
  TrainRequest request;
  request.update = typed.update;
  request.config = builder.config();
  request.config_yaml = builder.model_yaml();
  request.inputs = gather_inputs(typed);
  request.output = output;
  request.allow = typed.allow;
  // The report goes to standard output: `train -o model/ app.log >> app.log` is refused.
  LD_ASSIGN(const OutputTarget told, find_output("-"));
  LD_TRY(refuse_own_output(request.inputs, {told.place()}, request.config.ingest));

  LD_ASSIGN(const TrainReport report,
            with_control(session, true, [&](const RunControl& control) { return train(request, control); }));
  print_problems(report.problems, session.terminal.colour_error);
  if (!typed.quiet) {
    print_advice(report.advice, session.terminal.colour_error);
    LD_TRY(print_text(train_text(report, request, typed.plain, typed.verbose > 0)));
  }
  return report.problems.empty() ? kExitOk : kExitIncomplete;
}

}  // namespace logdetect
