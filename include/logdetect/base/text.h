#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace logdetect {

/// One decoded code point. `length` bytes were used (1..4); an ill-formed byte gives valid = false and length 1.
struct CodePoint {
  char32_t value = 0;
  std::uint8_t length = 1;
  bool valid = false;
};

/// Decodes the code point at the front of non-empty `text`. Overlong forms, surrogates and values above U+10FFFF are
/// ill-formed. O(1).
[[nodiscard]] CodePoint decode_utf8(std::string_view text);

/// Appends the UTF-8 form of a scalar value; kReplacementCharacter for anything that is not one.
void append_utf8(std::string& out, char32_t value);

/// Stands for what is no character (U+FFFD).
inline constexpr char32_t kReplacementCharacter = 0xFFFD;

/// True for C1 controls and for characters that move, hide or reorder what a terminal shows.
[[nodiscard]] bool hides_text(char32_t c);

/// Text that is safe to show on a terminal: C0, C1, DEL, escape sequences, bidi and zero-width characters become
/// visible escapes (`\x1b`, `\u202e`), ill-formed bytes become `\xNN`; tab, CR, LF and NUL become `\t`, `\r`, `\n`,
/// `\0`.
[[nodiscard]] std::string escape_for_terminal(std::string_view text);

/// True if every byte belongs to a well-formed code point. O(|text|); eight bytes at a time where they are ASCII.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Valid UTF-8 with U+FFFD in place of each ill-formed byte. Returns the input unchanged when it is valid.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// Columns a terminal needs for already escaped text (wide East Asian characters count as two).
[[nodiscard]] std::size_t display_width(std::string_view text);

/// At most `columns` wide, cut at a code point, with an ellipsis when something was cut.
[[nodiscard]] std::string ellipsize(std::string_view text, std::size_t columns);

/// The candidate nearest to `word` by Levenshtein distance, if at most 2 (at most 1 for words of up to 3 letters);
/// empty when none is near. Ties go to the earlier candidate.
[[nodiscard]] std::string_view nearest_name(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace logdetect
