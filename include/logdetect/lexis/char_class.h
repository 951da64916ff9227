#pragma once

#include <array>
#include <cstdint>

namespace logdetect {

/// Classes of a byte, as bits; one table look-up per byte of a message. Bytes from 0x80 count as letters, so that words
/// in any language stay whole.
enum CharClass : std::uint16_t {
  kDigitChar = 1U << 0,
  kLetterChar = 1U << 1,     // a-z A-Z and bytes >= 0x80
  kHexLetterChar = 1U << 2,  // a-f A-F
  kUnderscoreChar = 1U << 3,
  kBlankChar = 1U << 4,  // blank, tab, CR, LF, VT, FF
  kBreakChar = 1U << 5,  // ends a chunk and is a delimiter of its own: = , ; ( ) [ ] { } " ' | < >
  kColonChar = 1U << 6,
  kDotChar = 1U << 7,
  kSlashChar = 1U << 8,  // / and backslash
  kAtChar = 1U << 9,
  kDashChar = 1U << 10,
  kOtherChar = 1U << 11,  // any other punctuation: # * + ~ ! % & $ ? ^ `
};

consteval std::array<std::uint16_t, 256> make_char_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    std::uint16_t bits = 0;
    if (c >= '0' && c <= '9') {
      bits |= kDigitChar;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80) {
      bits |= kLetterChar;
    }
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      bits |= kHexLetterChar;
    }
    table[c] = bits;
  }
  for (const char c : {' ', '\t', '\r', '\n', '\v', '\f'}) {
    table[static_cast<unsigned char>(c)] |= kBlankChar;
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
[[nodiscard]] constexpr bool is_digit(char c) {
  return (char_class(c) & kDigitChar) != 0;
}
[[nodiscard]] constexpr bool is_letter(char c) {
  return (char_class(c) & kLetterChar) != 0;
}
[[nodiscard]] constexpr bool is_alnum(char c) {
  return (char_class(c) & (kDigitChar | kLetterChar)) != 0;
}
/// Letter, digit or underscore: \w of the field's regular expressions.
[[nodiscard]] constexpr bool is_word(char c) {
  return (char_class(c) & (kDigitChar | kLetterChar | kUnderscoreChar)) != 0;
}
[[nodiscard]] constexpr bool is_hex(char c) {
  return (char_class(c) & (kDigitChar | kHexLetterChar)) != 0;
}
[[nodiscard]] constexpr bool is_blank(char c) {
  return (char_class(c) & kBlankChar) != 0;
}
[[nodiscard]] constexpr bool is_break(char c) {
  return (char_class(c) & kBreakChar) != 0;
}

}  // namespace logdetect
