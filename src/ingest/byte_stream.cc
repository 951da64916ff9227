#include "ingest/byte_stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace logdetect {

Result<std::size_t> FdStream::read_fd(char* out, std::size_t capacity) {
  const ssize_t got = ::read(fd_.get(), out, capacity);
  if (got >= 0) {
    taken_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }
  // Not tried again here: the signal may ask the run to stop, and only the caller knows.
  if (errno == EINTR) {
    return make_error(ErrorCode::kInterrupted, "reading was interrupted", name_);
  }
  return make_error(ErrorCode::kInput, "cannot read at byte " + std::to_string(taken_) + ": " + errno_text(errno),
                    name_);
}

Result<std::size_t> FdStream::read(char* out, std::size_t capacity) {
  if (head_.empty()) {
    return read_fd(out, capacity);
  }
  const std::size_t size = std::min(capacity, head_.size());
  std::memcpy(out, head_.data(), size);
  head_.erase(0, size);
  return size;
}

Result<std::string_view> FdStream::peek(std::size_t size) {
  while (head_.size() < size) {
    char buffer[256];  // bytes at a time; enough to know any compression
    LD_ASSIGN(const std::size_t got, read_fd(buffer, std::min(sizeof(buffer), size - head_.size())));
    if (got == 0) {
      break;
    }
    head_.append(buffer, got);
  }
  return std::string_view(head_);
}

}  // namespace logdetect
