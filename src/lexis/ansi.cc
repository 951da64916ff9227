#include "logdetect/lexis/ansi.h"

#include <cstddef>

namespace logdetect {
namespace {

/// The byte after the sequence at `at`, which holds ESC; `at` itself if it is none. Parameters and intermediate bytes
/// are 0x20..0x3f, the last byte 0x40..0x7e (ECMA-48).
std::size_t end_of_sequence(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at + 1] != '[') {
    return at;
  }
  std::size_t end = at + 2;
  while (end < text.size() && text[end] >= 0x20 && text[end] <= 0x3f) {
    ++end;
  }
  return end < text.size() && text[end] >= 0x40 && text[end] <= 0x7e ? end + 1 : at;
}

}  // namespace

std::string_view without_escapes(std::string_view text, Arena& arena) {
  char* out = arena.allocate(text.size());
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t next = text[i] == '\x1b' ? end_of_sequence(text, i) : i;
    if (next == i) {
      out[n++] = text[i++];
    } else {
      i = next;
    }
  }
  return {out, n};
}

}  // namespace logdetect
