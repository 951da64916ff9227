#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "logdetect/core/event.h"

namespace logdetect {

/// A stretch of text recognised as a value: [begin, end) of the text given.
struct ValueSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  MaskKind kind = MaskKind::kNone;
  [[nodiscard]] bool found() const { return end > begin; }
};

// Recognisers of structured values, each a single forward pass over the bytes it accepts; none allocates. "Chunk" is
// text without blanks and without the break characters of char_class.h.

/// A value that may run over blanks or breaks and begins exactly at `at`: a URL, a date with its time, a day or month
/// name followed by a date. `chunk_end` is where the chunk at `at` ends and
/// `classes` the union of its bytes' classes.
[[nodiscard]] ValueSpan match_long_value(std::string_view text, std::size_t at, std::size_t chunk_end,
                                         std::uint16_t classes);

/// The length of a unit of bytes at `at`: "KB", "MiB", "B", with "/s" or "/sec". 0 if there is none.
[[nodiscard]] std::size_t match_unit(std::string_view text, std::size_t at);

/// A run of letters and digits that is a hexadecimal value: six and more with a digit and a letter among them, or "0x".
[[nodiscard]] bool is_hex_run(std::string_view run);

/// The whole chunk as one value that holds colons: MAC, IPv6, host:port, drive path. Not found: the chunk may be cut at
/// its colons.
[[nodiscard]] ValueSpan match_colon_value(std::string_view chunk);

/// Finds what makes a chunk (already cut at colons) a value: e-mail, IPv4, path, host name, UUID, hexadecimal, number.
/// The span says which part of the chunk it is; the caller makes the whole chunk a value, save for a `name.` prefix.
[[nodiscard]] ValueSpan find_value(std::string_view chunk, std::uint16_t classes);

}  // namespace logdetect
