#include "cli/messages.h"
#include "cli/setup.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/config/config.h"

namespace logdetect {
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
  ConfigBuilder builder;
  LD_TRY(builder.apply_file(path));
  LD_TRY(check_parsing(builder));
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
