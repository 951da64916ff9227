#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace logdetect {

/// Where a message's chunks end and which of them are plain words, as bitmaps made in one pass: 64 bytes a pair of
/// numbers. A *stop* is a blank or a break character of char_class.h, a *mark* any other byte that is no letter,
/// underscore or dash. Behind the last byte there are only stops. Immutable; lives as long as its storage.
class ByteMarks {
 public:
  static constexpr std::size_t kBlockBytes = 64;  ///< of the message in a pair of numbers

  /// Reads the message into `storage`, whose memory is re-used from message to message. Cost: O(|text|), 16 bytes a
  /// step where the processor has SSE2; no allocation in steady state.
  ByteMarks(std::string_view text, std::vector<std::uint64_t>& storage);

  /// The first stop at or behind `at` (at most the text's size).
  [[nodiscard]] std::size_t next_stop(std::size_t at) const {
    std::size_t block = at / kBlockBytes;
    std::uint64_t bits = stops(block) >> (at % kBlockBytes);
    if (bits != 0) {
      return at + static_cast<std::size_t>(std::countr_zero(bits));
    }
    do {
      bits = stops(++block);
    } while (bits == 0);
    return block * kBlockBytes + static_cast<std::size_t>(std::countr_zero(bits));
  }

  /// The first mark at or behind `at`, or `end` if there is none before it. [at, end) holds no stop.
  [[nodiscard]] std::size_t next_mark(std::size_t at, std::size_t end) const {
    std::size_t block = at / kBlockBytes;
    std::uint64_t bits = marks(block) >> (at % kBlockBytes);
    if (bits != 0) {
      const std::size_t found = at + static_cast<std::size_t>(std::countr_zero(bits));
      return found < end ? found : end;
    }
    while (++block * kBlockBytes < end) {
      bits = marks(block);
      if (bits != 0) {
        const std::size_t found = block * kBlockBytes + static_cast<std::size_t>(std::countr_zero(bits));
        return found < end ? found : end;
      }
    }
    return end;
  }

 private:
  [[nodiscard]] std::uint64_t stops(std::size_t block) const { return blocks_[2 * block]; }
  [[nodiscard]] std::uint64_t marks(std::size_t block) const { return blocks_[2 * block + 1]; }

  const std::uint64_t* blocks_;  // stops and marks in turn
};

}  // namespace logdetect
