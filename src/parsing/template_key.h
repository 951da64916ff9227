#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/parsing/masker.h"

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
  const std::uint64_t x = (position + 1) * 0x9E3779B97F4A7C15ULL;
  return x ^ (x >> 29);
}

/// What one place adds to a key. Keys are sums, so that one place can be exchanged in O(1), and the places of a message
/// do not wait for each other.
[[nodiscard]] constexpr std::uint64_t place_key(std::size_t position, std::uint64_t hash) {
  constexpr std::uint64_t kFactor = 0xD6E8FEB86659FD93ULL;
  const std::uint64_t x = (hash ^ place_salt(position)) * kFactor;
  return (x ^ (x >> 32)) * kFactor;
}

/// Keys of a message or template.
struct TemplateKey {
  std::uint64_t skeleton = 0;  ///< delimiters and their places, and the number of tokens
  std::uint64_t route = 0;     ///< skeleton, literal words and the places of values: the exact key
  std::uint64_t masks = 0;     ///< kinds of mask by place; of a message only
};

[[nodiscard]] TemplateKey make_key(std::span<const KeyToken> tokens);
/// The same for a message, without a copy.
[[nodiscard]] TemplateKey make_key(std::span<const Token> tokens);

/// What collapse_lists needs to know of a place.
enum class ListPart : std::uint8_t { kOther, kValue, kComma, kBlank };

/// Collapses lists: "v, v, v" (with or without blanks) and "v v v ..." (three and more) become one value. `part(i)`
/// gives the ListPart of place i of `n`; `kept` gets the places that stay. O(n).
template <typename Part>
void collapse_lists(std::size_t n, Part part, std::vector<std::size_t>& kept) {
  // The place of the value behind a separator that begins at `i`: "," or ", "; 0 if there is none.
  const auto after_comma = [&](std::size_t i) -> std::size_t {
    if (i >= n || part(i) != ListPart::kComma) {
      return 0;
    }
    ++i;
    if (i < n && part(i) == ListPart::kBlank) {
      ++i;
    }
    return i < n && part(i) == ListPart::kValue ? i : 0;
  };
  kept.clear();
  for (std::size_t i = 0; i < n; ++i) {
    kept.push_back(i);
    if (part(i) != ListPart::kValue) {
      continue;
    }
    for (std::size_t next = after_comma(i + 1); next != 0; next = after_comma(i + 1)) {
      i = next;
    }
    std::size_t last = i;
    std::size_t values = 1;
    while (last + 2 < n && part(last + 1) == ListPart::kBlank && part(last + 2) == ListPart::kValue) {
      last += 2;
      ++values;
    }
    if (values >= 3) {
      i = last;
    }
  }
}

/// The tokens of a message, whose text is `text`, with lists collapsed.
void collapse_tokens(std::span<const Token> tokens, std::string_view text, std::vector<Token>& out);

}  // namespace logdetect
