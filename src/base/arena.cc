#include "logdetect/base/arena.h"

#include <algorithm>
#include <cstring>

namespace logdetect {
namespace {
constexpr std::size_t kChunkBytes = std::size_t{256} << 10;
}

char* Arena::allocate(std::size_t size) {
  while (current_ < chunks_.size() && chunks_[current_].capacity - chunks_[current_].used < size) {
    ++current_;
  }
  if (current_ == chunks_.size()) {
    const std::size_t capacity = std::max(kChunkBytes, size);
    // make_unique would zero the bytes first.
    chunks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity, 0});  // NOLINT
  }
  Chunk& chunk = chunks_[current_];
  char* const at = chunk.data.get() + chunk.used;
  chunk.used += size;
  bytes_ += size;
  return at;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  char* const at = allocate(text.size());
  std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void Arena::clear() {
  for (Chunk& chunk : chunks_) {
    chunk.used = 0;
  }
  current_ = 0;
  bytes_ = 0;
}

}  // namespace logdetect
