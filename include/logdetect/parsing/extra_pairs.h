#pragma once

#include <string>
#include <string_view>

namespace logdetect {

/// True for a value that is more than one word: in quotes it stays one.
[[nodiscard]] bool needs_quotes(std::string_view value);

/// Appends " key=value" (without the blank to an empty text). Of the key at most 128 bytes are kept, and what would end
/// it becomes '_'. In quotes a '"' is written as '\"', and backslashes right before one are doubled.
void append_pair(std::string& out, std::string_view key, std::string_view value, bool quotes);

/// One pair of such a text.
struct ExtraPair {
  std::string_view text;       ///< "key=value", quotes included
  std::size_t name_bytes = 0;  ///< of the key with its '='
};

/// Takes the next pair off the front of what append_pair() wrote, or of "key=value key='a b'". False at its end.
/// O(|pair|).
bool take_pair(std::string_view& text, ExtraPair& pair);

}  // namespace logdetect
