#include "logdetect/ingest/line_splitter.h"

#include <algorithm>
#include <cstring>

namespace logdetect {

LineSplitter::LineSplitter(std::size_t max_line_bytes, std::uint64_t start_offset)
    : max_line_bytes_(max_line_bytes), offset_(start_offset) {}

void LineSplitter::feed(std::string_view bytes) {
  carry_input();  // empty unless the caller did not drain; then nothing may be lost either
  input_ = bytes;
}

bool LineSplitter::next(SplitLine& line) {
  const void* const end = input_.empty() ? nullptr : std::memchr(input_.data(), '\n', input_.size());
  if (end == nullptr) {
    carry_input();
    return false;
  }
  const auto size = static_cast<std::size_t>(static_cast<const char*>(end) - input_.data());
  std::string_view text = input_.substr(0, size);
  input_.remove_prefix(size + 1);
  std::uint64_t content = size;
  if (carried_ > 0) {
    keep(text);
    content = carried_;
    text = carry_;
    carried_ = 0;
  } else if (size > 0) {
    last_byte_ = text.back();
  }
  line.offset = offset_;
  line.length = content + 1;
  offset_ += line.length;
  // The '\r' of a line over the limit was not kept, so the last byte seen tells of it.
  if (content > 0 && last_byte_ == '\r') {
    --content;
  }
  line.text = text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(content, max_line_bytes_)));
  line.truncated = content > max_line_bytes_;
  return true;
}

bool LineSplitter::finish(SplitLine& line) {
  carry_input();
  if (carried_ == 0) {
    return false;
  }
  // A '\r' stays here: the line feed that would make it part of a line end never came.
  line.text = std::string_view(carry_).substr(0, max_line_bytes_);
  line.offset = offset_;
  line.length = carried_;
  line.truncated = carried_ > max_line_bytes_;
  offset_ += carried_;
  carried_ = 0;
  return true;
}

std::uint64_t LineSplitter::pending_bytes() const {
  return carried_;
}

std::uint64_t LineSplitter::next_offset() const {
  return offset_;
}

void LineSplitter::carry_input() {
  if (!input_.empty()) {
    keep(input_);
    input_ = {};
  }
}

// The view handed out last may point into carry_, so it is only emptied when the next long line begins.
void LineSplitter::keep(std::string_view part) {
  if (carried_ == 0) {
    carry_.clear();
  }
  if (!part.empty()) {
    carry_.append(part.substr(0, max_line_bytes_ - carry_.size()));
    last_byte_ = part.back();
    carried_ += part.size();
  }
}

}  // namespace logdetect
