#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace logdetect {

/// Bytes that stand in a JSON string as they are, and on a terminal too: printable ASCII without quote and backslash.
inline constexpr std::array<bool, 256> kPlainInJson = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) {
    plain[byte] = byte != '"' && byte != '\\';
  }
  return plain;
}();

/// Appends `text` as a JSON string with quotes: valid UTF-8 (U+FFFD for ill-formed bytes), control characters escaped,
/// U+2028 and U+2029 too, and every character that hides or reorders text on a terminal, so that a pasted line of JSON
/// is safe to look at; a reader gets the same text back. O(|text|).
void append_json_string(std::string& out, std::string_view text);

/// Appends a CSV field by RFC 4180: quoted when it holds a comma, quote, CR or LF, or begins or ends with a blank;
/// NUL and other control characters are kept out as visible escapes, ill-formed bytes as U+FFFD; tab, CR and LF stay.
/// With `guard_formulas` a field that a spreadsheet would run (= + - @, tab or CR in front, and not a plain number)
/// gets an apostrophe in front. O(|text|).
void append_csv_field(std::string& out, std::string_view text, bool guard_formulas);

/// Appends the shortest decimal that reads back as the same double (or float); "null" for NaN and infinity.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, float value);
void append_json_number(std::string& out, std::uint64_t value);

}  // namespace logdetect
