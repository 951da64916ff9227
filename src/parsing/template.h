#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/core/event.h"
#include "logdetect/parsing/masker.h"
#include "parsing/template_key.h"

namespace logdetect {

/// One place of a template.
struct TemplateToken {
  std::string text;  ///< of a delimiter, word or lazy word; of a custom value its mask's name
  std::uint64_t hash = 0;
  Token::Kind kind = Token::Kind::kWord;
  MaskKind mask = MaskKind::kNone;  ///< for values: the kind all of them had
  bool opened = false;              ///< a word in the messages, made a value by merging

  [[nodiscard]] bool open() const { return kind == Token::Kind::kValue || kind == Token::Kind::kLazyWord; }
  [[nodiscard]] bool delimiter() const { return kind == Token::Kind::kDelimiter; }
  [[nodiscard]] bool literal() const { return kind == Token::Kind::kWord; }
  /// Hash of this place in the exact key.
  [[nodiscard]] std::uint64_t key_hash() const { return open() ? kOpenHash : hash; }
};

/// A template while it is mined.
struct Template {
  // What a search looks at stands together. The first four are kept by refresh().
  TemplateKey key;
  std::array<std::uint8_t, 16> prints{};    ///< low bytes of the first place_hashes, for similarity_bound()
  std::vector<std::uint64_t> place_hashes;  ///< key_hash() of the tokens that are no delimiters
  std::vector<std::uint16_t> open_places;   ///< of tokens, ascending, without units
  std::vector<TemplateToken> tokens;
  std::uint64_t count = 0;
  std::uint64_t last_seen = 0;        ///< learn() number of its latest message
  std::uint64_t mask_signature = 0;   ///< hash of the mask kinds last absorbed, by place
  std::uint32_t parent = 0xFFFFFFFF;  ///< the template it was merged into
  std::uint32_t lazy_words = 0;
  std::uint32_t revision = 0;  ///< rises whenever the text or the open places may have changed
  bool variable = false;       ///< holds a list whose length varies: tokens are the collapsed form
  bool many_forms = false;     ///< some messages have a group of tokens where it has one value
  bool pinned = false;         ///< the user's: neither merged nor evicted
  bool live = true;
  bool alarming = false;  ///< its words say that something went wrong

  /// Recomputes key, prints, place_hashes, open_places, lazy_words and alarming from the tokens.
  void refresh();
  /// Makes place `i` a value that words may stand in.
  void open_place(std::size_t i);
  /// Collapses lists: from now on it stands for messages with lists of any length.
  void make_variable();
  /// The text shown to people.
  [[nodiscard]] std::string text() const;
  /// Words that are literal.
  [[nodiscard]] std::size_t literal_count() const;
  [[nodiscard]] std::size_t open_count() const;
};

/// What stands for an id whose template was merged into `parent`, or evicted (0xFFFFFFFF).
Template husk(std::uint32_t parent);
/// A template that holds exactly this message.
Template make_template(const MaskedMessage& message);

}  // namespace logdetect
