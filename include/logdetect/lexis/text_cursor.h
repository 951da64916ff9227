#pragma once

#include <cstddef>
#include <string_view>

#include "logdetect/lexis/char_class.h"

namespace logdetect {

/// A place in a text, for the hand-written scanners. peek() past the end gives NUL, which belongs to no class of
/// char_class.h.
struct TextCursor {
  const char* p = nullptr;
  const char* end = nullptr;

  explicit TextCursor(std::string_view text) : p(text.data()), end(text.data() + text.size()) {}
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

}  // namespace logdetect
