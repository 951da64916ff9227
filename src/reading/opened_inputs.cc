#include "logdetect/reading/opened_inputs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

// Copies everything that can be read from `path` ("-": standard input) into an unlinked temporary file.
Result<FileDescriptor> spool_input(const std::string& path, const RunControl& control) {
  FileDescriptor opened;
  int from = STDIN_FILENO;
  if (path != "-") {
    opened = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.valid()) {
      return make_error(ErrorCode::kInput, "cannot open: " + errno_text(errno), path);
    }
    from = opened.get();
  }
  const char* directory = std::getenv("TMPDIR");
  std::string name = std::string(directory != nullptr && *directory != '\0' ? directory : "/tmp") + "/logdetect.XXXXXX";
  FileDescriptor to(::mkostemp(name.data(), O_CLOEXEC));
  if (!to.valid()) {
    return make_error(ErrorCode::kOutput, "cannot create a temporary file: " + errno_text(errno), name,
                      "set TMPDIR to a directory with room for the input");
  }
  // The open descriptor keeps the file; it goes with the process, however that ends.
  ::unlink(name.c_str());
  std::string block(1 << 20, '\0');
  while (true) {
    if (control.stopping()) {
      return make_error(ErrorCode::kInterrupted, "interrupted");
    }
    const ssize_t got = ::read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return make_error(ErrorCode::kInput, "cannot read: " + errno_text(errno), path == "-" ? "<stdin>" : path);
    }
    if (got == 0) {
      return to;
    }
    LD_TRY(write_all(to.get(), std::string_view(block.data(), static_cast<std::size_t>(got)), "temporary file"));
  }
}

}  // namespace

Result<OpenedInputs> prepare_inputs(const std::vector<std::string>& arguments, const IngestOptions& options,
                                    const RunControl* reread) {
  OpenedInputs opened;
  std::vector<std::string> good;
  for (const std::string& argument : arguments) {
    // Each alone, so that one name that does not exist leaves the others. A usage error stops the run.
    if (auto resolved = resolve_inputs({argument}, options); resolved.ok()) {
      good.push_back(argument);
    } else if (resolved.error().code == ErrorCode::kUsage) {
      return resolved.error();
    } else {
      opened.problems.push_back(resolved.error());
    }
  }
  if (good.empty() && !opened.problems.empty()) {
    return opened.problems.front();
  }
  // All together once more: only so a file that two arguments name is read once.
  LD_ASSIGN(opened.inputs, resolve_inputs(good, options));
  if (reread == nullptr) {
    return opened;
  }
  for (Input& input : opened.inputs) {
    if (!input.once) {
      continue;
    }
    LD_ASSIGN(FileDescriptor copy, spool_input(input.path, *reread));
    input.scheme = "file";
    // The file has no name any more. Opened by this path it is read from its beginning each time.
    input.path = "/proc/self/fd/" + std::to_string(copy.get());
    input.once = false;
    opened.spool.push_back(std::move(copy));
  }
  return opened;
}

std::vector<std::string> names_of(const std::vector<Input>& inputs) {
  std::vector<std::string> names;
  names.reserve(inputs.size());
  for (const Input& input : inputs) {
    names.push_back(input.name);
  }
  return names;
}

}  // namespace logdetect
