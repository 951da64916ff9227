#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/messages.h"
#include "cli/setup.h"
#include "cli/verbs.h"
#include "logdetect/base/file.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/report/sink.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxResultBytes = std::size_t{1} << 30;

Result<std::string> read_stdin() {
  std::string bytes;
  std::array<char, 65'536> buffer{};
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return make_error(ErrorCode::kInput, "cannot read: " + errno_text(errno), "<stdin>");
    }
    if (got == 0) {
      return bytes;
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kMaxResultBytes) {
      return make_error(ErrorCode::kInput, "too large: more than 1 GiB", "<stdin>");
    }
  }
}

}  // namespace

Result<int> run_explain(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const std::string id, only_argument(session, "the id of a finding or incident"));
  const bool from_stdin = typed.from.empty() || typed.from == "-";
  if (from_stdin && session.terminal.in) {
    return make_error(ErrorCode::kUsage, "no result to look into", "--from",
                      "logdetect explain " + id + " --from anomalies.json");
  }
  LD_ASSIGN(const std::string result,
            from_stdin ? read_stdin() : read_file(typed.from, kMaxResultBytes, ErrorCode::kInput));
  ReportOptions options = report_options(typed, session.terminal, "text");
  options.verbose = true;
  auto text = explain_from_result(result, id, options);
  if (!text) {
    Error error = text.error();
    if (error.where.empty()) {
      error.where = from_stdin ? "<stdin>" : typed.from;
    }
    return error;
  }
  LD_TRY(print_text(*text));
  return kExitOk;
}

}  // namespace logdetect
