#pragma once

#include <cstddef>
#include <string_view>

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {

/// A piece cut from the front of a line.
struct Cut {
  std::string_view value;      ///< without wrapping
  std::string_view pid;        ///< digits of "name[123]:"
  const char* next = nullptr;  ///< first byte after it; null: the line has no such piece here
  [[nodiscard]] bool ok() const { return next != nullptr; }
};

// Each looks at most kMaxPiece bytes far and stops at the end of the first line. The cursor stands on the piece.
inline constexpr std::size_t kMaxPiece = 256;

/// Up to the next blank; a group in square brackets counts as one token, blanks inside included, and ends before
/// another group that follows at once.
[[nodiscard]] Cut cut_token(TextCursor at);
/// A group in brackets of kind `open` ('[', '(', '{' or '<'; NUL: '[' or '('), nested ones included.
[[nodiscard]] Cut cut_bracketed(TextCursor at, char open);
/// "sshd[123]:", "CRON (root):", "kernel:", "Google Chrome[5]:", with blanks or the end after the colon.
[[nodiscard]] Cut cut_name_colon(TextCursor at);
/// "-", "|", ":", "--", "---", "=", "*", "=>" alone.
[[nodiscard]] Cut cut_separator(TextCursor at);
/// A token that holds a level and a name, with logcat's "( 1708):" behind it as pid.
[[nodiscard]] Cut cut_level_pair(TextCursor at);
/// Up to three tokens before a "-" alone, which is skipped.
[[nodiscard]] Cut cut_until_dash(TextCursor at);
/// Up to `delimiter`, which is skipped.
[[nodiscard]] Cut cut_until_char(TextCursor at, char delimiter);

/// "org.example.Main", "dfs.DataNode$PacketResponder:", "nova/compute/api", "o.e.Main#115".
[[nodiscard]] bool is_dotted_name(std::string_view token);
/// "-", "|", ...: a token that only separates.
[[nodiscard]] bool is_separator(std::string_view token);

}  // namespace logdetect
