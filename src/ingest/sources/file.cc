// A file by its path, or files by a glob.
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "ingest/byte_inputs.h"
#include "ingest/found_files.h"
#include "ingest/source_name.h"
#include "logdetect/base/file.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostCandidates = 10'000;  // names looked at for "did you mean": a directory may hold millions

Error input_error(const std::string& path, std::string message, std::string hint = {}) {
  return make_error(ErrorCode::kInput, std::move(message), path, std::move(hint));
}

// What to type instead of a path that does not exist.
std::string missing_hint(const SourceName& name) {
  const std::string& path = name.target;
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  std::vector<std::string> names;
  if (!list_directory(directory, names)) {
    return "the directory '" + directory + "' cannot be read either";
  }
  std::sort(names.begin(), names.end());
  names.resize(std::min(names.size(), kMostCandidates));
  const std::vector<std::string_view> views(names.begin(), names.end());
  std::string near(nearest_name(std::string_view(path).substr(slash + 1), views));
  near = near.empty() ? (name.stated ? near : with_nearest_scheme(path))
                      : (slash == std::string::npos ? near : path.substr(0, slash + 1) + near);
  return near.empty() ? near : "did you mean '" + near + "'?";
}

Result<void> append_named(const std::string& path, const struct stat& status, const IngestOptions& options,
                          std::vector<Input>& out) {
  if (S_ISDIR(status.st_mode)) {
    if (!options.recursive) {
      return input_error(path, "is a directory", "use -r to read the files in it and below");
    }
    return append_directory(path, "file", out);
  }
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) {
    return input_error(path, "is neither a file nor a pipe");
  }
  out.push_back({path, path, true, "file", !S_ISREG(status.st_mode), identity_at(path)});
  return {};
}

Result<void> append_matches(const std::string& pattern, const IngestOptions& options, std::vector<Input>& out) {
  glob_t matches{};
  const int code = ::glob(pattern.c_str(), GLOB_NOSORT | GLOB_BRACE | GLOB_TILDE, nullptr, &matches);
  std::vector<std::string> paths(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  ::globfree(&matches);
  if (code == GLOB_NOSPACE) {
    return input_error(pattern, "the pattern matches too many files for the memory");
  }
  std::vector<std::string> files;
  bool directories = false;
  for (const std::string& path : paths) {
    struct stat status {};
    // A link that leads nowhere matches the pattern too.
    if (::stat(path.c_str(), &status) != 0) {
      continue;
    }
    if (S_ISREG(status.st_mode)) {
      files.push_back(path);
    } else if (S_ISDIR(status.st_mode)) {
      directories = true;
      if (options.recursive) {
        append_files_below(path, files);
      }
    }
  }
  if (files.empty()) {
    return input_error(pattern,
                       directories ? "the pattern matches no files, only directories" : "nothing matches the pattern",
                       directories && !options.recursive ? "use -r to read the files in them" : "");
  }
  append_found(std::move(files), "file", out);
  return {};
}

Result<void> resolve_file(const SourceName& name, const IngestOptions& options, std::vector<Input>& out) {
  struct stat status {};
  // Before any pattern: a log may be called "a[1].log".
  if (::stat(name.target.c_str(), &status) == 0) {
    return append_named(name.target, status, options, out);
  }
  const int code = errno;
  if (name.target.find_first_of("*?[{") != std::string::npos) {
    return append_matches(name.target, options, out);
  }
  if (code == ENOENT || code == ENOTDIR) {
    return input_error(name.target, "no such file", missing_hint(name));
  }
  return input_error(name.target, "cannot look at it: " + errno_text(code));
}

}  // namespace

const SourceEntry& file_source_entry() {
  static const SourceEntry entry = {.scheme = "file",
                                    .summary = "a file, a glob in quotes or a pipe, from begin to end",
                                    .resolve = resolve_file,
                                    .open = open_byte_inputs};
  return entry;
}

}  // namespace logdetect
