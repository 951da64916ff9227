#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/core/event.h"
#include "logdetect/mining/masker.h"
#include "mining/template_key.h"

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

/// A place of a template whose text in a message is a parameter.
struct OpenPlace {
  std::uint16_t token = 0;
  bool with_unit = false;  ///< "12 KB": the parameter goes on to the end of the unit two tokens on
};

/// A template while it is mined. With 10^5 of them nearly every line waits for memory, so what a known message needs
/// fills the first cache line, and what similarity_bound() needs the second.
struct alignas(64) Template {
  static constexpr std::size_t kNearPlaces = 10;

  std::uint64_t count = 0;
  std::uint64_t last_seen = 0;        ///< learn() number of its latest message
  std::uint64_t signature = 0;        ///< Impl::signature_of() the message last absorbed
  std::uint32_t parent = 0xFFFFFFFF;  ///< the template it was merged into
  std::uint32_t revision = 0;         ///< rises whenever the text or the open places may have changed
  // Kept by refresh(), as all that says so; see open_place_at().
  std::array<std::uint16_t, kNearPlaces> near_places{};
  std::uint16_t open_places = 0;
  std::uint16_t near_units = 0;  ///< bit k: near_places[k] goes on to the end of the unit behind it ("12 KB")
  std::uint16_t token_count = 0;
  std::uint16_t lazy_words = 0;
  bool variable : 1 = false;    ///< holds a list whose length varies: tokens are the collapsed form
  bool many_forms : 1 = false;  ///< some messages have a group of tokens where it has one value
  bool pinned : 1 = false;      ///< the user's: neither merged nor evicted
  bool live : 1 = true;
  bool alarming : 1 = false;  ///< its words say that something went wrong; kept by refresh()

  TemplateKey key;                          ///< kept by refresh()
  std::array<std::uint8_t, 16> prints{};    ///< low bytes of the first place_hashes; kept by refresh()
  std::vector<std::uint64_t> place_hashes;  ///< key_hash() of the tokens that are no delimiters; kept by refresh()
  std::vector<TemplateToken> tokens;
  std::vector<OpenPlace> far_places;  ///< the open places beyond near_places; kept by refresh()

  /// Asks for the first two cache lines.
  void prefetch() const {
    __builtin_prefetch(this);
    __builtin_prefetch(&key);
  }
  /// Recomputes from the tokens what is kept by it.
  void refresh();
  /// Makes place `i` a value that words may stand in.
  void open_place(std::size_t i);
  /// Collapses lists: from now on it stands for messages with lists of any length.
  void make_variable();
  /// The text shown to people.
  [[nodiscard]] std::string text() const;
  /// Words that are literal.
  [[nodiscard]] std::size_t literal_count() const;
  /// The open places are the tokens whose text in a message is a parameter, in ascending order, without units.
  [[nodiscard]] std::size_t open_count() const { return open_places; }
  [[nodiscard]] OpenPlace open_place_at(std::size_t k) const {
    return k < kNearPlaces ? OpenPlace{near_places[k], (near_units >> k & 1U) != 0} : far_places[k - kNearPlaces];
  }

 private:
  void add_open_place(std::size_t token);
};

/// What stands for an id whose template was merged into `parent`, or evicted (0xFFFFFFFF).
Template husk(std::uint32_t parent);
/// A template that holds exactly this message.
Template make_template(const MaskedMessage& message);

}  // namespace logdetect
