#include "cli/effective_config.h"
#include "cli/messages.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/config/config.h"
#include "logdetect/mining/mask_check.h"

namespace logdetect {
namespace {

// Prints warnings; the first sample that does not hold is the error, the others are printed before it.
Result<void> report_masks(const Session& session, const std::vector<MaskProblem>& problems, const std::string& path,
                          const std::string& origin) {
  std::vector<Error> warnings;
  std::vector<Error> failures;
  for (const MaskProblem& problem : problems) {
    // A sample knows its line; a mask as a whole is placed where the list of masks was set.
    const std::string where = problem.line > 0 ? path + ":" + std::to_string(problem.line) : origin;
    (problem.failed ? failures : warnings)
        .push_back(make_error(ErrorCode::kConfig, problem.message, where, problem.hint));
  }
  print_problems(warnings, session.terminal.colour_error);
  for (std::size_t i = 1; i < failures.size(); ++i) {
    print_error(failures[i], session.terminal.colour_error);
  }
  return failures.empty() ? Result<void>() : failures.front();
}

}  // namespace

Result<int> run_config_show(const Session& session) {
  if (session.typed.defaults) {
    LD_TRY(print_text(ConfigBuilder().to_yaml(true, false)));
    return kExitOk;
  }
  LD_ASSIGN(const ConfigBuilder builder, build_config(session.typed));
  LD_TRY(print_text(builder.to_yaml(false, true)));
  return kExitOk;
}

Result<int> run_config_check(const Session& session) {
  LD_ASSIGN(const std::string path, only_argument(session, "a configuration file"));
  // The file alone: a variable or a flag could hide what is wrong in it.
  ConfigBuilder builder;
  LD_TRY(builder.apply_file(path));
  warn_of_old_names(builder);
  LD_TRY(check_parsing(builder));
  auto masks = check_masks(builder.config().miner);
  if (!masks) {
    Error error = masks.error();
    error.where = error.where.empty() ? builder.origin_name("miner.masks") : error.where;
    return error;
  }
  LD_TRY(report_masks(session, *masks, path, builder.origin_name("miner.masks")));
  std::size_t set = 0;
  for (const FieldInfo& field : config_fields()) {
    set += builder.origin(field.path) == Origin::kFile ? 1 : 0;
  }
  if (!session.typed.quiet) {
    LD_TRY(print_text(escape_for_terminal(path) + ": good (" + count_text(set, "value") + " set)\n"));
  }
  return kExitOk;
}

}  // namespace logdetect
