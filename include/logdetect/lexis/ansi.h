#pragma once

#include <cstring>
#include <string_view>

#include "logdetect/base/arena.h"

namespace logdetect {

/// True if the text may hold terminal sequences. Cost: one pass of memchr.
[[nodiscard]] inline bool has_escapes(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), '\x1b', text.size()) != nullptr;
}

/// The text without the terminal sequences that colour it ("ESC [ 33 m"), in `arena`. Cost: O(|text|).
[[nodiscard]] std::string_view without_escapes(std::string_view text, Arena& arena);

}  // namespace logdetect
