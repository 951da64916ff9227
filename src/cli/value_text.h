#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// Index of `word` among the words a flag takes. Errors: kUsage, with the nearest one as hint.
Result<std::size_t> choose(const std::string& flag, const std::string& word, std::span<const std::string_view> words);

/// A whole number given to a flag. Errors: kUsage.
Result<std::size_t> read_count(const std::string& flag, const std::string& text);

/// "0.4 s", "3 min 5 s", "2 h 10 min".
std::string duration_text(double seconds);
/// "812 bytes", "1.4 MB" (powers of 1000).
std::string size_text(std::uint64_t bytes);
/// `text` with blanks in front, or behind, up to `width` bytes.
std::string aligned_right(std::string text, std::size_t width);
std::string aligned_left(std::string text, std::size_t width);

/// `text` as one word of a POSIX shell, in single quotes.
std::string shell_quoted(std::string_view text);

}  // namespace logdetect
