#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// One piece of a message.
struct Token {
  enum class Kind : std::uint8_t {
    kDelimiter,  ///< blanks (as one), a bracket, quote, '=', ',', ';', ':' or full stops
    kWord,       ///< literal text
    kLazyWord,   ///< text that looks like a value (has a digit, follows '='): literal only until a second one is seen
    kValue,      ///< a masked value
  };
  std::uint32_t begin = 0;  ///< byte offset in the message
  std::uint32_t length = 0;
  std::uint64_t hash = 0;  ///< of the text; for blanks and values a constant, for a custom value its mask's name
  Kind kind = Kind::kWord;
  MaskKind mask = MaskKind::kNone;

  /// Counts as a value in the exact key.
  [[nodiscard]] bool open() const { return kind == Kind::kValue || kind == Kind::kLazyWord; }
};

/// The name of a user's mask. A value of kind kCustom has the hash of its mask's name.
struct MaskName {
  std::uint64_t hash = 0;
  std::string name;
};

/// Keys of a message or template (src/mining/template_key.h).
struct TemplateKey {
  std::uint64_t skeleton = 0;  ///< delimiters and their places, and the number of tokens
  std::uint64_t route = 0;     ///< skeleton, literal words and the places of values: the exact key
  std::uint64_t masks = 0;     ///< kinds of mask by place; of a message only
  std::uint64_t lazy = 0;      ///< lazy words and their places; of a message only
};

class ShapeMemo;

/// A message cut into tokens, structured values masked. Re-used from call to call: no allocation per line, and a
/// message of the same shape as an earlier one is not scanned again. Not thread-safe; move-only.
struct MaskedMessage {
  MaskedMessage();
  ~MaskedMessage();
  MaskedMessage(MaskedMessage&&) noexcept;
  MaskedMessage& operator=(MaskedMessage&&) noexcept;

  std::string_view text;
  std::vector<Token> tokens;
  TemplateKey key;                       ///< of the tokens
  bool pinned = false;                   ///< matched a template of the user's: its tokens are that template's
  std::span<const MaskName> names;       ///< of the masker's masks; live as long as the masker
  std::vector<Parameter> extras;         ///< pairs of a structured line beside its message, in order
  std::vector<std::uint32_t> scratch;    ///< user masks' matches: begin, end, index, ...
  std::vector<std::uint64_t> marks;      ///< where chunks end, as bitmaps
  std::unique_ptr<MaskedMessage> value;  ///< scratch for the extras'
  std::unique_ptr<ShapeMemo> memo;       ///< of the masker's earlier messages
  std::uint64_t memo_owner = 0;          ///< the masker they came from

  /// Takes over what `earlier` remembers of earlier messages.
  void take_memory(MaskedMessage& earlier);
  [[nodiscard]] std::string_view token_text(const Token& token) const { return text.substr(token.begin, token.length); }
};

/// Cuts and masks messages in one pass by a hand-written scanner (user masks through RE2 first). Immutable after
/// construction; mask() is const and thread-safe with a MaskedMessage per thread.
class Masker {
 public:
  /// Errors: kConfig for a pattern RE2 refuses, with its reason, and for a template of the user's that is malformed.
  static Result<Masker> create(const MinerOptions& options);
  ~Masker();
  Masker(Masker&&) noexcept;
  Masker& operator=(Masker&&) noexcept;

  /// Fills `out`; `message` must outlive it. At most max_tokens tokens: the rest becomes one last value.
  /// Cost: O(|message|), no allocation in steady state.
  void mask(std::string_view message, MaskedMessage& out) const;
  /// As mask(), of a message whose last `extra_bytes` are pairs (Header::extra_bytes): these become out.extras, at most
  /// 64, and no tokens.
  void mask(std::string_view message, std::size_t extra_bytes, MaskedMessage& out) const;

 private:
  struct Impl;
  explicit Masker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
