#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "logdetect/lexis/time_reader.h"

namespace logdetect {

/// What a token at the front of a line looks like.
enum class TokenClass : std::uint8_t {
  kSeparator,  ///< only "-", "|", ":" and the like
  kTime,       ///< a timestamp, brackets around it allowed
  kLevel,      ///< a level's name
  kLetter,     ///< one capital that may be a level
  kNumber,     ///< digits, a comma or colon behind them allowed
  kOpen,       ///< begins with a bracket
  kClose,      ///< ends with one: glog's "file.cc:123]"
  kName,       ///< ends with a colon
  kDotted,     ///< "org.example.Main"
  kWord,
};
inline constexpr std::size_t kTokenClasses = 10;

/// A token of a header.
struct HeaderToken {
  std::string_view text;
  TokenClass kind = TokenClass::kWord;
  ParsedTime time;      ///< of a kTime token
  TimeDetails details;  ///< likewise
};

/// Cuts the first tokens of a line, at most `most`. A timestamp of several words is one token, as is a group in square
/// brackets. Cost: O(bytes of the tokens).
void classify_line(std::string_view line, std::size_t most, std::vector<HeaderToken>& out);

}  // namespace logdetect
