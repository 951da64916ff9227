#pragma once

#include <string_view>

namespace logdetect {

/// True if the word, by itself or by its ending, says that something went wrong: "failed", "refused", "IOException".
/// Case does not matter, punctuation around it is cut. O(|word|).
[[nodiscard]] bool is_alarm_word(std::string_view word);

/// True if two words in a row say so: "not found", "timed out", "could not".
[[nodiscard]] bool is_alarm_pair(std::string_view first, std::string_view second);

}  // namespace logdetect
