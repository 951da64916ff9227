#include "cli/messages.h"
#include "cli/model_diff_text.h"
#include "cli/outputs.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/model_diff.h"

namespace logdetect {

Result<int> run_model_diff(const Session& session) {
  const Typed& typed = session.typed;
  if (typed.arguments.size() != 2) {
    return make_error(ErrorCode::kUsage, "model diff needs two models", "",
                      "logdetect model diff BEFORE AFTER, each a directory that train wrote");
  }
  LD_ASSIGN(const FormatInfo format, chosen_format(typed));
  DiffLayout layout;
  layout.all = typed.all;
  layout.width = session.terminal.width;
  if (!typed.top.empty()) {
    LD_ASSIGN(layout.top, read_count("--top", typed.top));
  }
  LD_ASSIGN(const ModelDiff diff, diff_models(typed.arguments[0], typed.arguments[1]));
  LD_TRY(print_text(format.for_people ? diff_text(diff, layout) : json_text(diff_json(diff))));
  return kExitOk;
}

}  // namespace logdetect
