#include "ingest/follow_identity.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

Micros to_micros(const statx_timestamp& time) {
  return static_cast<Micros>(time.tv_sec) * kMicrosPerSecond + static_cast<Micros>(time.tv_nsec) / 1000;
}

int look(int directory, const char* path, int flags, FileStatus& status) {
  struct statx raw {};
  if (::statx(directory, path, flags, STATX_BASIC_STATS | STATX_BTIME, &raw) != 0) {
    return errno;
  }
  status.device = (static_cast<std::uint64_t>(raw.stx_dev_major) << 32) | raw.stx_dev_minor;
  status.inode = raw.stx_ino;
  status.size = raw.stx_size;
  status.links = raw.stx_nlink;
  status.modified = to_micros(raw.stx_mtime);
  // Some file systems keep no time of birth. 0 is then equal to any.
  status.born = (raw.stx_mask & STATX_BTIME) != 0 ? to_micros(raw.stx_btime) : 0;
  status.regular = S_ISREG(raw.stx_mode);
  return 0;
}

}  // namespace

int look_at(const std::string& path, bool follow_link, FileStatus& status) {
  return look(AT_FDCWD, path.c_str(), follow_link ? 0 : AT_SYMLINK_NOFOLLOW, status);
}

int look_at(int fd, FileStatus& status) {
  return look(fd, "", AT_EMPTY_PATH, status);
}

int open_found(const std::string& path, bool follow_link, FoundFile& found) {
  // Without O_NONBLOCK a FIFO under the name would hold the run up until somebody writes to it.
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow_link ? 0 : O_NOFOLLOW);
  FileDescriptor file(::open(path.c_str(), flags));
  if (!file.valid()) {
    return errno;
  }
  FileStatus status;
  if (const int failure = look_at(file.get(), status); failure != 0) {
    return failure;
  }
  if (!status.regular) {
    return EINVAL;
  }
  found.path = path;
  found.head = read_head(file.get());
  found.status = status;
  found.file = std::move(file);
  return 0;
}

std::int64_t read_at(int fd, std::span<char> buffer, std::uint64_t offset) {
  std::size_t have = 0;
  while (have < buffer.size()) {
    const ssize_t got = ::pread(fd, buffer.data() + have, buffer.size() - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0 && have == 0) {
      return -errno;
    }
    if (got <= 0) {
      break;
    }
    have += static_cast<std::size_t>(got);
  }
  return static_cast<std::int64_t>(have);
}

std::string read_head(int fd) {
  std::string head(kFingerprintBytes, '\0');
  const std::int64_t got = read_at(fd, head, 0);
  head.resize(static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
  return head;
}

bool head_matches(const FilePosition& position, std::string_view head) {
  if (head.size() < position.fingerprint_bytes) {
    return false;
  }
  if (position.fingerprint_bytes == 0) {
    return true;
  }
  const Hash128 hash = hash128(head.substr(0, position.fingerprint_bytes));
  return hash.low == position.fingerprint_low && hash.high == position.fingerprint_high;
}

void identify(FilePosition& position, const FileStatus& status, std::string_view head) {
  const Hash128 hash = hash128(head);
  position.device = status.device;
  position.inode = status.inode;
  position.modified = status.modified;
  position.born = status.born;
  position.fingerprint_low = hash.low;
  position.fingerprint_high = hash.high;
  position.fingerprint_bytes = static_cast<std::uint32_t>(head.size());
}

Likeness compare(const FilePosition& position, const FileStatus& status, std::string_view head) {
  // A file that is shorter than what was read of it was emptied, whatever its inode says.
  if (status.size < position.offset || !head_matches(position, head)) {
    return Likeness::kDifferent;
  }
  // A file system gives the inode of a deleted file to the next one. The times of birth tell the two apart.
  const bool born_alike = position.born == 0 || status.born == 0 || position.born == status.born;
  if (position.device == status.device && position.inode == status.inode && born_alike) {
    return Likeness::kSameFile;
  }
  return position.fingerprint_bytes > 0 ? Likeness::kCopy : Likeness::kDifferent;
}

bool already_known(const FilePosition& position, const FileStatus& status, std::string_view head) {
  switch (compare(position, status, head)) {
    case Likeness::kDifferent:
      return false;
    case Likeness::kSameFile:
      return true;
    case Likeness::kCopy:
      // The whole fingerprint, or every byte of a shorter file, must agree: taking a new file for an old one loses it.
      return position.fingerprint_bytes == kFingerprintBytes ||
             (status.size == position.offset && status.size == position.fingerprint_bytes);
  }
  return false;
}

}  // namespace logdetect
