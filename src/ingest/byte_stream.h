#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"
#include "logdetect/base/file.h"

namespace logdetect {

/// Bytes in order, until they end. Not thread-safe.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Reads at least one and at most `capacity` bytes; 0 at the end. Errors: kInput when no more can be read, after
  /// everything good was handed out; kInterrupted when a signal came while waiting: call again.
  virtual Result<std::size_t> read(char* out, std::size_t capacity) = 0;
};

/// A stream that can be looked into before it is read: recognising a compression must not cost a pipe its first bytes.
class PeekStream : public ByteStream {
 public:
  /// At least the next `size` bytes, fewer only at the end; valid until the next call of anything. Errors: as read().
  virtual Result<std::string_view> peek(std::size_t size) = 0;
};

/// Reads a file, pipe or device through its descriptor; never maps it, since a file may shrink under the reader.
class FdStream final : public PeekStream {
 public:
  FdStream(FileDescriptor fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}

  Result<std::size_t> read(char* out, std::size_t capacity) override;
  Result<std::string_view> peek(std::size_t size) override;
  /// Bytes taken from the descriptor so far.
  [[nodiscard]] std::uint64_t taken() const { return taken_; }

 private:
  Result<std::size_t> read_fd(char* out, std::size_t capacity);

  FileDescriptor fd_;
  std::string name_;
  std::string head_;  // peeked, not yet read
  std::uint64_t taken_ = 0;
};

}  // namespace logdetect
