#include <algorithm>

#include "cli/controlled_run.h"
#include "cli/effective_config.h"
#include "cli/formats_text.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/verbs.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/config/config.h"
#include "logdetect/parsing/header.h"
#include "logdetect/pipeline/explain_format.h"

namespace logdetect {
namespace {

Result<void> show_builtin(const Session& session) {
  LD_ASSIGN(const std::vector<FormatSpec> formats, builtin_formats());
  if (session.typed.arguments.empty()) {
    constexpr std::size_t kSummaryColumn = 20;  // behind the longest name
    std::string out;
    for (const FormatSpec& spec : formats) {
      std::string line = spec.name;
      line.resize(std::max<std::size_t>(line.size() + 2, kSummaryColumn), ' ');
      out += line + escape_for_terminal(spec.summary) + "\n";
    }
    return print_text(out);
  }
  LD_ASSIGN(const std::string name, only_argument(session, "a format's name"));
  std::vector<std::string_view> names;
  names.reserve(formats.size());
  for (const FormatSpec& spec : formats) {
    if (spec.name == name) {
      return print_text(format_details(spec));
    }
    names.push_back(spec.name);
  }
  return make_error(ErrorCode::kUsage, "unknown format '" + name + "'", "", suggest_format(name, names));
}

}  // namespace

Result<int> run_formats(const Session& session) {
  const Typed& typed = session.typed;
  if (typed.explain.empty()) {
    if (!typed.format.empty()) {
      return make_error(ErrorCode::kUsage, "the list of formats is text only", "--format",
                        "--format json goes with --explain LOG");
    }
    LD_TRY(show_builtin(session));
    return kExitOk;
  }
  if (!typed.arguments.empty()) {
    return make_error(ErrorCode::kUsage, "unexpected argument '" + typed.arguments.front() + "'", "",
                      "--explain takes one file");
  }
  LD_ASSIGN(const FormatInfo format, chosen_format(typed));
  LD_ASSIGN(const ConfigBuilder builder, build_config(typed));
  // No progress line: only the beginning of the log is looked at.
  LD_ASSIGN(const FormatExplanation found, with_control(session, false, [&](const RunControl& control) {
              return explain_format(builder.config(), typed.explain, control);
            }));
  LD_TRY(print_text(format.for_people ? explanation_text(found) : json_text(explanation_json(found))));
  if (!typed.quiet) {
    print_advice(found.notes, session.terminal.colour_error);
  }
  return kExitOk;
}

}  // namespace logdetect
