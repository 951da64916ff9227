// All files of a directory and below.
#include <sys/stat.h>

#include <cerrno>

#include "ingest/byte_inputs.h"
#include "ingest/found_files.h"
#include "logdetect/base/file.h"

namespace logdetect {
namespace {

Result<void> resolve_directory(const SourceName& name, const IngestOptions& /*options*/, std::vector<Input>& out) {
  struct stat status {};
  if (::stat(name.target.c_str(), &status) != 0) {
    return make_error(ErrorCode::kInput, "cannot look at it: " + errno_text(errno), name.target);
  }
  if (!S_ISDIR(status.st_mode)) {
    return make_error(ErrorCode::kInput, "is no directory", name.target, "leave out 'directory:'");
  }
  return append_directory(name.target, "directory", out);
}

}  // namespace

const SourceEntry& directory_source_entry() {
  static const SourceEntry entry = {.scheme = "directory",
                                    .summary = "the files in a directory and below, like a plain name with -r",
                                    .resolve = resolve_directory,
                                    .open = open_byte_inputs};
  return entry;
}

}  // namespace logdetect
