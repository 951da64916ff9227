#pragma once

#include <array>
#include <cstdint>

/// Classes of a byte: the only ones in the tree. ASCII, no locale.
///
/// Two pairs are easily confused. is_alpha() is an ASCII letter, is_letter() also a byte of a multi-byte character, so
/// that words in any language stay whole. is_blank() separates words within a line, is_space() is all white space.
namespace logdetect {

/// Classes as bits: one table look-up per byte of a message.
enum CharClass : std::uint16_t {
  kDigitChar = 1U << 0,
  kLetterChar = 1U << 1,     // a-z A-Z and bytes >= 0x80
  kHexLetterChar = 1U << 2,  // a-f A-F
  kUnderscoreChar = 1U << 3,
  kSpaceChar = 1U << 4,  // blank, tab, CR, LF, VT, FF
  kBreakChar = 1U << 5,  // ends a chunk and is a delimiter of its own: = , ; ( ) [ ] { } " ' | < >
  kColonChar = 1U << 6,
  kDotChar = 1U << 7,
  kSlashChar = 1U << 8,  // / and backslash
  kAtChar = 1U << 9,
  kDashChar = 1U << 10,
  kOtherChar = 1U << 11,  // any other punctuation: # * + ~ ! % & $ ? ^ `
};

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
[[nodiscard]] constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
/// An ASCII letter.
[[nodiscard]] constexpr bool is_alpha(char c) {
  return is_upper(c) || is_lower(c);
}

consteval std::array<std::uint16_t, 256> make_char_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    std::uint16_t bits = 0;
    if (is_digit(c)) {
      bits |= kDigitChar;
    }
    if (is_alpha(c) || byte >= 0x80) {
      bits |= kLetterChar;
    }
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      bits |= kHexLetterChar;
    }
    table[byte] = bits;
  }
  for (const char c : {' ', '\t', '\r', '\n', '\v', '\f'}) {
    table[static_cast<unsigned char>(c)] |= kSpaceChar;
  }
  for (const char c : {'=', ',', ';', '(', ')', '[', ']', '{', '}', '"', '\'', '|', '<', '>'}) {
    table[static_cast<unsigned char>(c)] |= kBreakChar;
  }
  table['_'] |= kUnderscoreChar;
  table[':'] |= kColonChar;
  table['.'] |= kDotChar;
  table['/'] |= kSlashChar;
  table['\\'] |= kSlashChar;
  table['@'] |= kAtChar;
  table['-'] |= kDashChar;
  for (const char c : {'#', '*', '+', '~', '!', '%', '&', '$', '?', '^', '`'}) {
    table[static_cast<unsigned char>(c)] |= kOtherChar;
  }
  return table;
}

inline constexpr std::array<std::uint16_t, 256> kCharTable = make_char_table();

[[nodiscard]] constexpr std::uint16_t char_class(char c) {
  return kCharTable[static_cast<unsigned char>(c)];
}
/// A letter of any language: is_alpha() or a byte of a multi-byte character.
[[nodiscard]] constexpr bool is_letter(char c) {
  return (char_class(c) & kLetterChar) != 0;
}
/// is_letter() or is_digit().
[[nodiscard]] constexpr bool is_alnum(char c) {
  return (char_class(c) & (kDigitChar | kLetterChar)) != 0;
}
/// is_letter(), is_digit() or underscore: \w of the field's regular expressions.
[[nodiscard]] constexpr bool is_word(char c) {
  return (char_class(c) & (kDigitChar | kLetterChar | kUnderscoreChar)) != 0;
}
[[nodiscard]] constexpr bool is_hex(char c) {
  return (char_class(c) & (kDigitChar | kHexLetterChar)) != 0;
}
/// What separates words within a line.
[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
/// What ends a token: a blank or the end of a stitched record's first line.
[[nodiscard]] constexpr bool is_token_end(char c) {
  return is_blank(c) || c == '\n' || c == '\r';
}
/// White space: what ends a token, and the two of typewriters, VT and FF.
[[nodiscard]] constexpr bool is_space(char c) {
  return (char_class(c) & kSpaceChar) != 0;
}
[[nodiscard]] constexpr bool is_break(char c) {
  return (char_class(c) & kBreakChar) != 0;
}

/// The small form of an ASCII capital; any other byte as it is.
[[nodiscard]] constexpr char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
}
/// Precondition: is_digit(c).
[[nodiscard]] constexpr int digit_value(char c) {
  return c - '0';
}

}  // namespace logdetect
