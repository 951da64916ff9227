#include "report/buffered_output.h"

#include "logdetect/base/file.h"

namespace logdetect {
namespace {

// As much as a pipe holds on Linux: more would not be taken in one piece.
constexpr std::size_t kBufferBytes = 65'536;

}  // namespace

Result<void> BufferedOutput::write(std::string_view records) {
  // Records are not cut: what does not fit begins a new piece.
  if (buffer_.size() + records.size() > kBufferBytes) {
    LD_TRY(flush());
  }
  if (records.size() >= kBufferBytes) {
    return write_piece(records);
  }
  buffer_.append(records);
  return {};
}

Result<void> BufferedOutput::flush() {
  if (!buffer_.empty()) {
    LD_TRY(write_piece(buffer_));
    buffer_.clear();
  }
  return {};
}

Result<void> BufferedOutput::write_piece(std::string_view bytes) {
  return write_all(fd_, bytes, name_);
}

}  // namespace logdetect
