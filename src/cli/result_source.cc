#include "cli/result_source.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "logdetect/base/file.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxResultBytes = std::size_t{1} << 30;  // all of it is held in memory

// All of standard input, which may be a pipe: read_file() takes regular files only.
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

Result<ResultSource> read_result(const Session& session, const std::string& example) {
  const std::string& from = session.typed.from;
  if (!from.empty() && from != "-") {
    LD_ASSIGN(std::string bytes, read_file(from, kMaxResultBytes, ErrorCode::kInput));
    return ResultSource{std::move(bytes), from};
  }
  // Nobody types a result: waiting for one would look like a hang.
  if (session.terminal.in) {
    return make_error(ErrorCode::kUsage, "no result to look into", "--from", example);
  }
  LD_ASSIGN(std::string bytes, read_stdin());
  return ResultSource{std::move(bytes), "<stdin>"};
}

}  // namespace logdetect
