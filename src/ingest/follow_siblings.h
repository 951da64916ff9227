#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/follow_identity.h"

namespace logdetect {

/// Rotated files found beside a followed name.
struct SiblingScan {
  std::vector<FoundFile> files;       ///< oldest first, opened, uncompressed
  std::vector<FoundFile> compressed;  ///< likewise; their contents cannot be followed
  bool out_of_descriptors = false;    ///< some could not be opened for that reason
};

/// Whether `candidate` looks like `base` rotated: `base.1`, `base-20240131`, `base.2024-01-31T00:00.gz`, `base.old`.
/// Words in the suffix are refused: `app.conf` or `app-worker.log` is no rotated `app`.
[[nodiscard]] bool is_rotated_name(std::string_view base, std::string_view candidate);

/// The regular files in the directory of `path` that look like `path` rotated and were modified at `since` or later, by
/// modification time, then by name (`.2` is older than `.1`, an earlier date older than a later one). Symbolic links
/// are left out. A rotation under way is waited for by looking until two looks agree (at most five). An unreadable
/// directory has no siblings.
SiblingScan find_siblings(const std::string& path, Micros since);

/// Directory part of a path ("." without one) and the name in it.
[[nodiscard]] std::string directory_of(const std::string& path);
[[nodiscard]] std::string base_name_of(const std::string& path);

}  // namespace logdetect
