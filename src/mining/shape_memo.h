#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "logdetect/mining/masker.h"

namespace logdetect {

/// Remembers what the scanner made of messages, by their shape: a message that equals an earlier one but for digits
/// and hexadecimal digits at places where these only made up a value has the same tokens, and need not be scanned. Most
/// lines of most logs are such.
///
/// Two messages have the same shape if they are equally long and equal byte by byte, except that inside a value of the
/// first any digit may stand for any other, and in a hexadecimal value or UUID any hexadecimal digit, as long as at
/// least one digit (and in a hexadecimal value one letter) stays. This rests on a rule of the scanner: it looks at how
/// many digits there are and where, never at which ones ("0x" aside). A test holds it to that.
///
/// Memory: at most about 12 MiB; when full everything is forgotten. Not thread-safe.
class ShapeMemo {
 public:
  /// Fills text, tokens and key of `out` if the shape is known. Cost: O(|message|), 16 bytes a step where the
  /// processor has SSE2; no allocation in steady state.
  bool recall(std::string_view message, MaskedMessage& out);
  /// Offers the outcome for the message recall() has just not known; it is kept when its shape comes for the second
  /// time.
  void offer(const MaskedMessage& masked);

 private:
  static constexpr std::size_t kMostBytes = 256;  // of a message; longer ones are rarely alike
  static constexpr std::size_t kMostTokens = 96;
  static constexpr std::size_t kStep = 16;  // bytes compared at a time

  struct Shape {
    std::uint64_t hash = 0;
    std::uint32_t first_byte = 0;   // in bytes_: the padded text, then the digit mask, then the hexadecimal mask
    std::uint32_t first_token = 0;  // in tokens_
    std::uint32_t first_run = 0;    // in runs_
    std::uint16_t size = 0;
    std::uint16_t token_count = 0;
    std::uint16_t run_count = 0;
    TemplateKey key;
  };
  // A hexadecimal value: which must keep a digit, and perhaps a letter.
  struct Run {
    std::uint16_t begin = 0;
    std::uint16_t end = 0;
    bool needs_letter = false;
  };
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t shape = 0;  // index + 1; 0: free
  };
  using Buffer = std::array<char, kMostBytes>;

  [[nodiscard]] bool fits(const Shape& shape) const;
  void add(const MaskedMessage& masked);
  void open_value(const Token& token, std::string_view text, char* digits, char* hexes);
  void forget();

  Buffer text_;             // the message asked for last, padded with NUL
  std::uint64_t hash_ = 0;  // of its shape
  bool asked_ = false;      // text_ and hash_ are those of a message that was not known
  std::vector<Entry> table_;
  std::vector<std::uint32_t> seen_;  // tags of shapes offered once
  std::vector<Shape> shapes_;
  std::vector<char> bytes_;
  std::vector<Token> tokens_;
  std::vector<Run> runs_;
};

}  // namespace logdetect
