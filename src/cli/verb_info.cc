#include <fmt/format.h>

#include "cli/help.h"
#include "cli/messages.h"
#include "cli/verbs.h"
#include "cli/version.h"
#include "logdetect/base/version.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/models/neural.h"

namespace logdetect {
namespace {

// Opens LibTorch, to tell of what is there and not of what the program was built with.
std::string libtorch_line() {
  const Result<NeuralRuntime> runtime = neural_runtime();
  std::string line = "libtorch         ";
  if (!runtime.ok()) {
    return line + "none: " + runtime.error().message + "\n";
  }
  line += runtime->libtorch + (runtime->cuda ? ", with CUDA" : ", without CUDA");
  if (!runtime->blas.empty()) {
    line += "\nblas             " + runtime->blas;
  }
  if (!runtime->advice.empty()) {
    line += "\n                 " + runtime->advice;
  }
  return line + "\n";
}

}  // namespace

Result<int> run_version(const Session& session) {
  std::string out = fmt::format("logdetect {}\n", program_version());
  if (session.typed.verbose > 0) {
    const auto row = [](std::string_view name, std::string_view value) {
      return fmt::format("{:<16} {}\n", name, value);
    };
    out += row("compiler", kCompiler) + row("build", kBuildType);
    for (const LibraryVersion& library : kLibraries) {
      out += row(library.name, library.version.empty() ? "unknown" : library.version);
    }
    out += libtorch_line();
  }
  LD_TRY(print_text(out));
  return kExitOk;
}

Result<int> run_help(const Session& session) {
  if (session.typed.arguments.empty()) {
    LD_TRY(print_text(program_help()));
    return kExitOk;
  }
  std::string topic;
  // "help model inspect": a name may be two words.
  for (const std::string& word : session.typed.arguments) {
    topic += (topic.empty() ? "" : " ") + word;
  }
  LD_ASSIGN(const std::string text, help_on(topic));
  LD_TRY(print_text(text));
  return kExitOk;
}

}  // namespace logdetect
