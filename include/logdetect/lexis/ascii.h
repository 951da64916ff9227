#pragma once

#include <cstddef>
#include <string_view>

/// Character classes and a bounds-checked cursor for the hand-written scanners. ASCII only, no locale.
namespace logdetect::scan {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
[[nodiscard]] constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
[[nodiscard]] constexpr bool is_alpha(char c) {
  return is_upper(c) || is_lower(c);
}
[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
/// What ends a token: a blank or the end of a stitched record's first line.
[[nodiscard]] constexpr bool is_token_end(char c) {
  return is_blank(c) || c == '\n' || c == '\r';
}
/// Letter, digit, underscore, or a byte of a multi-byte character.
[[nodiscard]] constexpr bool is_word(char c) {
  return is_alpha(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
[[nodiscard]] constexpr char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] constexpr int digit_value(char c) {
  return c - '0';
}

/// A place in a text. peek() past the end gives NUL, which belongs to no class above.
struct Cursor {
  const char* p = nullptr;
  const char* end = nullptr;

  explicit Cursor(std::string_view text) : p(text.data()), end(text.data() + text.size()) {}
  [[nodiscard]] char peek() const { return p < end ? *p : '\0'; }
  [[nodiscard]] char peek(std::size_t ahead) const { return left() > ahead ? p[ahead] : '\0'; }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end - p); }
  [[nodiscard]] bool done() const { return p >= end; }
  void skip_blanks() {
    while (p < end && is_blank(*p)) {
      ++p;
    }
  }
};

/// The text without blanks, CR and LF at both ends.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_token_end(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_token_end(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// True if `text` equals `lower`, which holds no capitals, in any case.
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (to_lower(text[i]) != lower[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace logdetect::scan
