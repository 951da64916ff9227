#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "ingest/byte_stream.h"

namespace logdetect::testing_support {

/// Reads a byte string.
class MemoryStream final : public PeekStream {
 public:
  explicit MemoryStream(std::string bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> read(char* out, std::size_t capacity) override {
    const std::size_t size = bytes_.copy(out, capacity, at_);
    at_ += size;
    return size;
  }
  Result<std::string_view> peek(std::size_t size) override { return std::string_view(bytes_).substr(at_, size); }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace logdetect::testing_support
