#include "cli/messages.h"
#include "cli/model_text.h"
#include "cli/outputs.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/inspect.h"

namespace logdetect {
namespace {

constexpr std::size_t kTemplatesShown = 20;

}  // namespace

Result<int> run_model_inspect(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const std::string path, only_argument(session, "the model directory"));
  LD_ASSIGN(const FormatInfo format, chosen_format(typed));
  std::size_t top = kTemplatesShown;
  if (!typed.top.empty()) {
    LD_ASSIGN(top, read_count("--top", typed.top));
  }
  LD_ASSIGN(const ModelSummary model, inspect_model(path));
  LD_TRY(print_text(format.for_people ? model_text(model, top, session.terminal.width) : json_text(model_json(model))));
  return kExitOk;
}

Result<int> run_model_verify(const Session& session) {
  LD_ASSIGN(const std::string path, only_argument(session, "the model directory"));
  // Reading a model checks every section and its checksum; damage is an error.
  LD_ASSIGN(const ModelSummary model, inspect_model(path));
  std::uint64_t bytes = 0;
  for (const auto& section : model.sections) {
    bytes += section.second;
  }
  if (!session.typed.quiet) {
    LD_TRY(print_text(escape_for_terminal(path) + ": intact (" + count_text(model.sections.size(), "section") + ", " +
                      count_text(model.templates.size(), "template") + ", " + size_text(bytes) + ")\n"));
  }
  return kExitOk;
}

}  // namespace logdetect
