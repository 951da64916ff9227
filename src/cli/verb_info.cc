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
  std::string out = "logdetect " + std::string(program_version()) + "\n";
  if (session.typed.verbose > 0) {
    out += "compiler         " + std::string(kCompiler) + "\nbuild            " + std::string(kBuildType) + "\n";
    for (const LibraryVersion& library : kLibraries) {
      std::string line(library.name);
      line.resize(17, ' ');
      out += line + (library.version.empty() ? "unknown" : std::string(library.version)) + "\n";
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
  for (const std::string& word : session.typed.arguments) {
    topic += (topic.empty() ? "" : " ") + word;
  }
  LD_ASSIGN(const std::string text, help_on(topic));
  LD_TRY(print_text(text));
  return kExitOk;
}

}  // namespace logdetect
