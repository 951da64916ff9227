#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/mining/masker.h"

namespace logdetect {

/// What stands at one place of a message or template, as far as keys are concerned.
struct KeyToken {
  std::uint64_t hash = 0;  ///< of a word or delimiter; ignored when open
  bool delimiter = false;
  bool open = false;  ///< a value, or counts as one
};

inline constexpr std::uint64_t kOpenHash = 0x6F70656E;  ///< stands for any value
inline constexpr std::uint64_t kHoleHash = 0x686F6C65;  ///< stands for "whatever is here" in slot keys

/// A number for each place, no two of them in a simple relation.
[[nodiscard]] constexpr std::uint64_t place_salt(std::size_t position) {
  // 2^64 by the golden ratio: neighbouring places get distant numbers.
  const std::uint64_t x = (position + 1) * 0x9E3779B97F4A7C15ULL;
  return x ^ (x >> 29);
}

/// What one place adds to a key. Keys are sums, so that one place can be exchanged in O(1), and the places of a message
/// do not wait for each other.
[[nodiscard]] constexpr std::uint64_t place_key(std::size_t position, std::uint64_t hash) {
  constexpr std::uint64_t kFactor = 0xD6E8FEB86659FD93ULL;  // of degski's 64-bit mixer, applied twice
  const std::uint64_t x = (hash ^ place_salt(position)) * kFactor;
  return (x ^ (x >> 32)) * kFactor;
}

[[nodiscard]] TemplateKey make_key(std::span<const KeyToken> tokens);
/// The same for a message, without a copy.
[[nodiscard]] TemplateKey make_key(std::span<const Token> tokens);

/// What collapse_lists needs to know of a place. kOpened: a value of a template where its messages may have words.
enum class ListPart : std::uint8_t { kOther, kValue, kOpened, kComma, kBlank };
struct ListPlace {
  std::uint64_t hash = 0;  ///< of words and delimiters
  ListPart part = ListPart::kOther;
};
/// By the first byte of a delimiter.
[[nodiscard]] ListPart delimiter_part(char first);

/// Collapses lists: blocks of up to 16 places that repeat, a value in each, become one. Two suffice where ',' or ';'
/// separates them ("a(1), a(2)"), else three are needed ("1 2 3"). `kept` gets the places that stay. O(places).
void collapse_lists(std::span<const ListPlace> places, std::vector<std::size_t>& kept);

/// The tokens of a message, whose text is `text`, with lists collapsed.
void collapse_tokens(std::span<const Token> tokens, std::string_view text, std::vector<Token>& out);

}  // namespace logdetect
