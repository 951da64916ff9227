#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "logdetect/base/error.h"
#include "logdetect/base/shared_bytes.h"

namespace logdetect {

/// Owns a file descriptor. Move-only.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

/// Writes all bytes, through short writes and EINTR. Errors: kOutputClosed on EPIPE, else kOutput naming `name`.
Result<void> write_all(int fd, std::string_view bytes, const std::string& name);

/// Reads a whole regular file of at most `max_bytes`. Symbolic links are followed; FIFOs and devices are refused.
/// Errors carry `code`.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes, ErrorCode code);
/// The same for files of many megabytes: in large pages where the system has them, and to be shared.
Result<SharedBytes> read_large_file(const std::string& path, std::size_t max_bytes, ErrorCode code);

/// Replaces `path` by `bytes` so that a reader, or a crash at any point, sees the old file or the new one, whole:
/// temporary name in the same directory (mode 0600), fsync, rename, fsync of the directory. Errors: kOutput, and the
/// old file is untouched.
Result<void> replace_file(const std::string& path, std::string_view bytes);

/// Device and inode of a regular file, which all its names have in common. Empty for everything else: a terminal or
/// /dev/null may well be read and written at once.
std::string file_identity(const std::string& path);
std::string descriptor_identity(int fd);

/// Text of the current errno value `code` ("No such file or directory").
std::string errno_text(int code);

}  // namespace logdetect
