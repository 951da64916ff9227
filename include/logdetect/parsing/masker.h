#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// One piece of a message: a word, a delimiter or a masked value.
struct Token {
  enum class Kind : std::uint8_t { kWord, kDelimiter, kValue };
  std::uint32_t begin = 0;  ///< byte offset in the message
  std::uint32_t length = 0;
  std::uint64_t hash = 0;  ///< of the text (word, delimiter); equal for all values
  Kind kind = Kind::kWord;
  MaskKind mask = MaskKind::kNone;
  bool route_value = false;  ///< a word that counts as a value in the key (has a digit, follows '=', is a boolean)
};

/// A message cut into tokens, structured values masked. Re-used from call to call: no allocation per line.
struct MaskedMessage {
  std::string_view text;
  std::vector<Token> tokens;
  std::uint64_t skeleton = 0;  ///< hash of delimiters and the places of words and values
  std::uint64_t route = 0;     ///< hash of the skeleton and the literal words: the exact key
};

/// Cuts and masks messages in one pass by a hand-written scanner (user masks through RE2 first). Immutable after
/// construction; mask() is const and thread-safe with a MaskedMessage per thread.
class Masker {
 public:
  /// Errors: kConfig for a pattern RE2 refuses, with its offset and reason.
  static Result<Masker> create(const MinerOptions& options);
  ~Masker();
  Masker(Masker&&) noexcept;
  Masker& operator=(Masker&&) noexcept;

  /// `message` must outlive `out`. Cost: O(|message|).
  void mask(std::string_view message, MaskedMessage& out) const;

 private:
  struct Impl;
  explicit Masker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
