#pragma once

namespace logdetect {

/// Whether a header column may be shut in by this bracket and its counterpart.
[[nodiscard]] inline bool is_open(char c) {
  return c == '[' || c == '(' || c == '<';
}

[[nodiscard]] inline char closing(char open) {
  return open == '[' ? ']' : open == '(' ? ')' : '>';
}

}  // namespace logdetect
