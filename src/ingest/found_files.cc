#include "ingest/found_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

#include "logdetect/base/file.h"

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

enum class Rotation : std::uint8_t { kDated, kNumbered, kCurrent };  // in reading order

struct RotatedName {
  std::string_view base;
  Rotation rotation = Rotation::kCurrent;
  std::int64_t number = 0;  // negated, so that the highest, which is the oldest, comes first
  std::string_view date;
};

std::string_view without_compression_suffix(std::string_view name) {
  for (const std::string_view suffix : {".gz", ".zst", ".xz", ".bz2"}) {
    if (name.ends_with(suffix)) {
      return name.substr(0, name.size() - suffix.size());
    }
  }
  return name;
}

bool in_date(char c) {
  return is_digit(c) || c == '-' || c == '_' || c == 'T';
}

// Splits off ".3", "-20240131" or ".2024-01-31".
RotatedName parse_rotated(std::string_view path) {
  constexpr std::size_t kLongestNumber = 5;  // more digits are a date or an epoch
  RotatedName result;
  // "app.log.1.gz": the number stands before the ending.
  result.base = without_compression_suffix(path);
  std::size_t begin = result.base.size();
  while (begin > 0 && in_date(result.base[begin - 1])) {
    --begin;
  }
  std::string_view suffix = result.base.substr(begin);
  const bool after_dot = begin > 0 && result.base[begin - 1] == '.';
  const std::size_t digits = static_cast<std::size_t>(std::count_if(suffix.begin(), suffix.end(), is_digit));
  if (after_dot && digits == suffix.size() && digits > 0 && digits <= kLongestNumber) {
    std::from_chars(suffix.data(), suffix.data() + suffix.size(), result.number);
    result.number = -result.number;
    result.rotation = Rotation::kNumbered;
    result.base = result.base.substr(0, begin - 1);
  } else if (digits >= 6 && (after_dot || suffix[0] == '-' || suffix[0] == '_')) {
    result.date = suffix;
    result.rotation = Rotation::kDated;
    result.base = result.base.substr(0, after_dot ? begin - 1 : begin);
  }
  return result;
}

std::string join_path(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

}  // namespace

bool reads_before(const std::string& a, const std::string& b) {
  const RotatedName x = parse_rotated(a);
  const RotatedName y = parse_rotated(b);
  // The base comes first, so that the files of one rotated log stand together.
  return std::tie(x.base, x.rotation, x.number, x.date, a) < std::tie(y.base, y.rotation, y.number, y.date, b);
}

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

void append_files_below(const std::string& path, std::vector<std::string>& found) {
  // A list in place of recursion: no depth of directories can use up the stack.
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
      // Links to files are read, links to directories are not followed: they may lead in a circle.
      if (::lstat(full.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
        waiting.push_back(std::move(full));
      } else if (::stat(full.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
        found.push_back(std::move(full));
      }
    }
  }
}

void append_found(std::vector<std::string> paths, std::string_view scheme, std::vector<Input>& out) {
  std::sort(paths.begin(), paths.end(), reads_before);
  for (std::string& path : paths) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
      out.push_back({path, path, false, std::string(scheme), false, identity_at(path)});
    }
  }
}

Result<void> append_directory(const std::string& path, std::string_view scheme, std::vector<Input>& out) {
  std::vector<std::string> files;
  append_files_below(path, files);
  if (files.empty()) {
    return make_error(ErrorCode::kInput, "no files in the directory", path);
  }
  append_found(std::move(files), scheme, out);
  return {};
}

std::string identity_at(const std::string& path) {
  std::string file = file_identity(path);
  return file.empty() ? path : file;
}

}  // namespace logdetect
