#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsing/token_class.h"

namespace logdetect {

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
