#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ingest/follow_position.h"
#include "logdetect/base/file.h"

namespace logdetect {

/// Bytes at the head of a file that tell it from others.
inline constexpr std::size_t kFingerprintBytes = 1024;

/// What one look at a file tells.
struct FileStatus {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::uint64_t links = 0;
  Micros modified = 0;
  Micros born = 0;  ///< 0 when the file system does not tell
  bool regular = false;
};

/// An opened file with the look that was taken through its descriptor.
struct FoundFile {
  std::string path;
  FileDescriptor file;
  FileStatus status;
  std::string head;  ///< its first kFingerprintBytes, or what there is
};

/// How a file compares with a position.
enum class Likeness {
  kDifferent,
  kSameFile,  ///< the same inode, and the head and the size allow it
  kCopy,      ///< another inode with the same head, at least as long as what was read
};

/// Status of a name or of an open file. Returns 0, or an errno value and leaves `status` alone.
int look_at(const std::string& path, bool follow_link, FileStatus& status);
int look_at(int fd, FileStatus& status);

/// Opens a regular file for reading and looks at it; FIFOs do not block. Returns 0 or an errno value; EINVAL when it is
/// no regular file.
int open_found(const std::string& path, bool follow_link, FoundFile& found);

/// Bytes read into `buffer` from `offset` on, through EINTR and short reads, fewer only at the end; -errno on failure.
std::int64_t read_at(int fd, std::span<char> buffer, std::uint64_t offset);

/// The first kFingerprintBytes of the file, fewer when it is shorter or unreadable.
std::string read_head(int fd);

/// Whether `head` begins with the bytes the position's fingerprint was taken of.
[[nodiscard]] bool head_matches(const FilePosition& position, std::string_view head);

/// Device, inode, times and fingerprint of a file; offset and line stay.
void identify(FilePosition& position, const FileStatus& status, std::string_view head);

/// See Likeness. O(|head|).
[[nodiscard]] Likeness compare(const FilePosition& position, const FileStatus& status, std::string_view head);

/// Whether the file holds nothing that was not read at `position`: the same file, or beyond doubt a copy of it.
[[nodiscard]] bool already_known(const FilePosition& position, const FileStatus& status, std::string_view head);

}  // namespace logdetect
