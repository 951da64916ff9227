#include <dirent.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "ingest/input_order.h"
#include "logdetect/base/file.h"
#include "logdetect/base/text.h"
#include "logdetect/core/ids.h"
#include "logdetect/ingest/source.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostInputs = SourceId::kNone;  // ids below "none"
constexpr std::size_t kMostCandidates = 10'000;       // names looked at for "did you mean"

Error input_error(const std::string& path, std::string message, std::string hint = {}) {
  return make_error(ErrorCode::kInput, std::move(message), path, std::move(hint));
}

std::string join_path(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

// Names in a directory, without "." and "..". False when it cannot be read.
bool list_directory(const std::string& path, std::vector<std::string>& names) {
  DIR* const directory = ::opendir(path.c_str());
  if (directory == nullptr) {
    return false;
  }
  while (const dirent* const entry = ::readdir(directory)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(std::move(name));
    }
  }
  ::closedir(directory);
  return true;
}

// What to type instead of a path that does not exist.
std::string missing_hint(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  std::vector<std::string> names;
  if (!list_directory(directory, names)) {
    return "the directory '" + directory + "' cannot be read either";
  }
  std::sort(names.begin(), names.end());
  names.resize(std::min(names.size(), kMostCandidates));
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string near(nearest_name(std::string_view(path).substr(slash + 1), views));
  if (near.empty()) {
    return {};
  }
  return "did you mean '" + (slash == std::string::npos ? near : path.substr(0, slash + 1) + near) + "'?";
}

bool has_glob_characters(const std::string& argument) {
  return argument.find_first_of("*?[{") != std::string::npos;
}

class Expansion {
 public:
  explicit Expansion(bool recursive) : recursive_(recursive) {}

  Result<void> add_argument(const std::string& argument);
  Result<std::vector<Input>> take() {
    if (inputs_.size() > kMostInputs) {
      return make_error(ErrorCode::kUsage, std::to_string(inputs_.size()) + " inputs are too many", {},
                        "at most " + std::to_string(kMostInputs) + " in one run; put them together with cat");
    }
    return std::move(inputs_);
  }

 private:
  Result<void> add_named(const std::string& path, const struct stat& status);
  Result<void> add_glob(const std::string& pattern);
  Result<void> add_directory(const std::string& path);
  void collect_directory(const std::string& path, std::vector<std::string>& found) const;
  void add_sorted(std::vector<std::string> paths);
  void add_once(const std::string& path, const struct stat& status, bool named_explicitly);

  const bool recursive_;
  bool standard_input_ = false;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;  // device and inode
  std::vector<Input> inputs_;
};

Result<void> Expansion::add_argument(const std::string& argument) {
  if (argument == "-") {
    if (!std::exchange(standard_input_, true)) {
      inputs_.push_back({"-", "<stdin>", true});
    }
    return {};
  }
  if (argument.empty()) {
    return make_error(ErrorCode::kUsage, "an input has an empty name", {}, "use '-' for standard input");
  }
  struct stat status {};
  if (::stat(argument.c_str(), &status) == 0) {
    return add_named(argument, status);
  }
  const int code = errno;
  if (has_glob_characters(argument)) {
    return add_glob(argument);
  }
  if (code == ENOENT || code == ENOTDIR) {
    return input_error(argument, "no such file", missing_hint(argument));
  }
  return input_error(argument, "cannot look at it: " + errno_text(code));
}

Result<void> Expansion::add_named(const std::string& path, const struct stat& status) {
  if (S_ISDIR(status.st_mode)) {
    return recursive_ ? add_directory(path)
                      : input_error(path, "is a directory", "use -r to read the files in it and below");
  }
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) {
    return input_error(path, "is neither a file nor a pipe");
  }
  add_once(path, status, true);
  return {};
}

Result<void> Expansion::add_glob(const std::string& pattern) {
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
    if (::stat(path.c_str(), &status) != 0) {
      continue;
    }
    if (S_ISREG(status.st_mode)) {
      files.push_back(path);
    } else if (S_ISDIR(status.st_mode)) {
      directories = true;
      if (recursive_) {
        collect_directory(path, files);
      }
    }
  }
  if (files.empty()) {
    return input_error(pattern,
                       directories ? "the pattern matches no files, only directories" : "nothing matches the pattern",
                       directories && !recursive_ ? "use -r to read the files in them" : "");
  }
  add_sorted(std::move(files));
  return {};
}

Result<void> Expansion::add_directory(const std::string& path) {
  std::vector<std::string> files;
  collect_directory(path, files);
  if (files.empty()) {
    return input_error(path, "no files in the directory");
  }
  add_sorted(std::move(files));
  return {};
}

// Regular files below `path`. Links to directories are not followed, so there is no circle. A directory that cannot be
// listed stands for its files: opening it fails then, and is counted as an unreadable input.
void Expansion::collect_directory(const std::string& path, std::vector<std::string>& found) const {
  std::vector<std::string> waiting = {path};
  while (!waiting.empty()) {
    const std::string directory = std::move(waiting.back());
    waiting.pop_back();
    std::vector<std::string> names;
    if (!list_directory(directory, names)) {
      found.push_back(directory);
      continue;
    }
    for (const std::string& name : names) {
      std::string full = join_path(directory, name);
      struct stat status {};
      if (::lstat(full.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        waiting.push_back(std::move(full));
      } else if (::stat(full.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
        found.push_back(std::move(full));
      }
    }
  }
}

void Expansion::add_sorted(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end(), reads_before);
  for (const std::string& path : paths) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
      add_once(path, status, false);
    }
  }
}

void Expansion::add_once(const std::string& path, const struct stat& status, bool named_explicitly) {
  if (seen_.emplace(status.st_dev, status.st_ino).second) {
    inputs_.push_back({path, path, named_explicitly});
  }
}

}  // namespace

Result<std::vector<Input>> expand_inputs(const std::vector<std::string>& arguments, const IngestOptions& options) {
  if (arguments.empty()) {
    return make_error(ErrorCode::kUsage, "no input was given", {}, "name a file, a directory with -r, or '-'");
  }
  Expansion expansion(options.recursive);
  for (const std::string& argument : arguments) {
    LD_TRY(expansion.add_argument(argument));
  }
  return expansion.take();
}

}  // namespace logdetect
