#include "ingest/follow_siblings.h"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCompressedExtensions{".gz"sv, ".zst"sv, ".xz"sv, ".bz2"sv, ".lz4"sv, ".Z"sv};
constexpr int kMaxLooks = 5;

// What follows the separator, without a compression extension; empty when `candidate` is no sibling.
std::string_view rotation_suffix(std::string_view base, std::string_view candidate) {
  if (candidate.size() < base.size() + 2 || !candidate.starts_with(base) ||
      (candidate[base.size()] != '.' && candidate[base.size()] != '-')) {
    return {};
  }
  std::string_view suffix = candidate.substr(base.size() + 1);
  for (const std::string_view extension : kCompressedExtensions) {
    if (suffix.ends_with(extension)) {
      suffix.remove_suffix(extension.size());
      break;
    }
  }
  return suffix;
}

// Magic bytes of gzip, zstd, xz, bzip2 and lz4.
bool looks_compressed(std::string_view head) {
  static constexpr std::array kMagics{"\x1f\x8b"sv, "\x28\xb5\x2f\xfd"sv, "\xfd\x37zXZ"sv, "BZh"sv,
                                      "\x04\x22\x4d\x18"sv};
  return std::any_of(kMagics.begin(), kMagics.end(), [&](std::string_view magic) { return head.starts_with(magic); });
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Whether suffix `a` was given before suffix `b`. Dates sort as text; counters run backwards, and short ones are
// counters ("20240131" is a date, though all digits).
bool older_suffix(std::string_view a, std::string_view b) {
  const bool a_counts = all_digits(a) && a.size() < 6;
  const bool b_counts = all_digits(b) && b.size() < 6;
  if (a_counts != b_counts) {
    return b_counts;
  }
  if (a_counts) {
    return a.size() != b.size() ? a.size() > b.size() : a > b;
  }
  return a < b;
}

// Inodes of the siblings, sorted: what two looks must agree in.
using Inodes = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

template <typename Visit>
void for_each_sibling(const std::string& path, Micros since, Visit visit) {
  const std::string directory = directory_of(path);
  const std::string base = base_name_of(path);
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(directory.c_str()), &::closedir);
  if (listing == nullptr) {
    return;
  }
  while (const dirent* entry = ::readdir(listing.get())) {
    if (!is_rotated_name(base, entry->d_name)) {
      continue;
    }
    const std::string sibling = directory + "/" + entry->d_name;
    FileStatus status;
    if (look_at(sibling, false, status) == 0 && status.regular && status.modified >= since) {
      visit(sibling, status);
    }
  }
}

Inodes list_inodes(const std::string& path, Micros since) {
  Inodes inodes;
  for_each_sibling(path, since, [&](const std::string&, const FileStatus& status) {
    inodes.emplace_back(status.device, status.inode);
  });
  std::sort(inodes.begin(), inodes.end());
  return inodes;
}

Inodes open_all(const std::string& path, Micros since, SiblingScan& scan) {
  Inodes inodes;
  for_each_sibling(path, since, [&](const std::string& sibling, const FileStatus& listed) {
    FoundFile found;
    const int failure = open_found(sibling, false, found);
    if (failure != 0) {
      scan.out_of_descriptors = scan.out_of_descriptors || failure == EMFILE || failure == ENFILE;
      inodes.emplace_back(listed.device, listed.inode);  // seen, though not readable: no reason to look again
      return;
    }
    const std::pair<std::uint64_t, std::uint64_t> id(found.status.device, found.status.inode);
    // While names shift (.1 to .2) a file can turn up twice in one listing.
    if (std::find(inodes.begin(), inodes.end(), id) == inodes.end()) {
      inodes.push_back(id);
      (looks_compressed(found.head) ? scan.compressed : scan.files).push_back(std::move(found));
    }
  });
  std::sort(inodes.begin(), inodes.end());
  return inodes;
}

}  // namespace

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string base_name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

bool is_rotated_name(std::string_view base, std::string_view candidate) {
  const std::string_view suffix = rotation_suffix(base, candidate);
  if (suffix == "old" || suffix == "bak") {
    return true;
  }
  const auto belongs = [](char c) { return is_digit(c) || "-._:+TZ"sv.find(c) != std::string_view::npos; };
  return std::all_of(suffix.begin(), suffix.end(), belongs) && std::any_of(suffix.begin(), suffix.end(), is_digit);
}

SiblingScan find_siblings(const std::string& path, Micros since) {
  SiblingScan scan;
  for (int look = 0; look < kMaxLooks; ++look) {
    scan = {};
    if (open_all(path, since, scan) == list_inodes(path, since)) {
      break;
    }
  }
  const std::string base = base_name_of(path);
  const auto older = [&](const FoundFile& a, const FoundFile& b) {
    if (a.status.modified != b.status.modified) {
      return a.status.modified < b.status.modified;
    }
    const std::string a_name = base_name_of(a.path);
    const std::string b_name = base_name_of(b.path);
    return older_suffix(rotation_suffix(base, a_name), rotation_suffix(base, b_name));
  };
  std::stable_sort(scan.files.begin(), scan.files.end(), older);
  return scan;
}

}  // namespace logdetect
