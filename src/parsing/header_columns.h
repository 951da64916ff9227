#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "logdetect/base/number_text.h"
#include "parsing/token_class.h"

namespace logdetect {

/// Shares of the sampled lines. A header is steady and a message is not, but for lines of other layouts in between. The
/// values part the two on the headers of tests/unit/parsing/header_zoo_test.cc and on 44 public logs.
inline constexpr double kSteadyShare = 0.97;  ///< of lines that have a column at all: the rest is broken or foreign
inline constexpr double kSureShare = 0.95;    ///< for classes that words are easily mistaken for: letters, identifiers
inline constexpr double kUsualShare = 0.9;    ///< for brackets, separators and what stands in them
inline constexpr double kMostlyShare = 0.85;  ///< for times and levels, of which some are not recognised
inline constexpr double kNameShare = 0.7;     ///< for a name with its colon, which some lines lack
inline constexpr double kHalfShare = 0.5;
inline constexpr double kLittleShare = 0.02;

/// Whether so few values are those of a column rather than of text: at most eight, or one in fifty lines.
[[nodiscard]] inline bool are_few(std::size_t values, std::size_t lines) {
  constexpr double kAlwaysFewValues = 8;
  return static_cast<double>(values) <= std::max(kAlwaysFewValues, kLittleShare * static_cast<double>(lines));
}

/// What the sample's lines have at one position.
struct HeaderColumn {
  std::uint32_t have = 0;  ///< lines that reach this position
  std::array<std::uint32_t, kTokenClasses> kinds{};
  std::unordered_map<std::string_view, std::uint32_t> values;
  std::uint32_t identifiers = 0;      ///< digits, dots, dashes, '@' or '/' inside
  std::uint32_t digits = 0;           ///< with a digit inside
  std::uint32_t quotes = 0;           ///< an odd number of quotes: the text in quotes goes on in the next token
  std::uint32_t capitals = 0;         ///< letters, all of them capitals
  std::uint32_t file_names = 0;       ///< ".log" inside
  std::uint32_t bracketed = 0;        ///< "[...]", of any class
  std::uint32_t bracket_numbers = 0;  ///< "[1234]", "[pid 1234]"
  std::uint32_t bracket_names = 0;    ///< "[worker-1]"
  std::uint32_t angles = 0;           ///< "<...>" of class kOpen
  std::uint32_t braces = 0;           ///< "{...}" of class kOpen
  std::uint32_t named_numbers = 0;    ///< "hostd[1234]"
  std::uint32_t close_numbers = 0;    ///< "1234]", "#1234]"
  std::uint32_t commas = 0;           ///< ended by a comma
  std::uint32_t accounts = 0;         ///< '@' inside
  std::uint32_t level_pairs = 0;      ///< a level and a name in one token
  std::uint64_t time_score = 0;       ///< how much the timestamps say, summed
  std::uint32_t first_over_12 = 0;
  std::uint32_t second_over_12 = 0;

  [[nodiscard]] std::size_t distinct() const { return values.size(); }
};

/// The first tokens of the sample's lines, counted by position.
class HeaderColumns {
 public:
  static constexpr std::size_t kWidth = 14;  ///< positions looked at

  /// Lines must be outlived. Stack traces and the like between the lines of a log are left out: if one position holds
  /// a time (or else a level) in a good part of the lines, only those lines count. Cost: O(bytes of the tokens).
  explicit HeaderColumns(std::span<const std::string_view> lines);

  [[nodiscard]] double share(std::size_t position, TokenClass kind) const;
  [[nodiscard]] const HeaderColumn& at(std::size_t position) const { return columns_[position]; }
  [[nodiscard]] std::uint32_t rows() const { return rows_; }
  /// True for a header column without a tell-tale class: nearly every line has it, and its values are few or have the
  /// look of identifiers.
  [[nodiscard]] bool steady(std::size_t position) const;
  /// The class most lines have there.
  [[nodiscard]] TokenClass main_class(std::size_t position) const;

 private:
  void add(const std::vector<HeaderToken>& row);

  std::array<HeaderColumn, kWidth> columns_;
  std::uint32_t rows_ = 0;
};

}  // namespace logdetect
