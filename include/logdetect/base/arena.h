#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace logdetect {

/// Storage for many byte strings that live and die together. Views handed out stay valid until clear() or destruction,
/// also when the arena is moved. Not thread-safe.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() = default;

  /// A copy of `text`. Amortised O(|text|).
  std::string_view copy(std::string_view text);
  /// `size` uninitialised bytes.
  char* allocate(std::size_t size);
  /// Bytes handed out since the last clear().
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Forgets everything, keeps the memory for re-use.
  void clear();

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t capacity = 0;
    std::size_t used = 0;
  };
  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace logdetect
