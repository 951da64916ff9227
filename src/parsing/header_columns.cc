#include "parsing/header_columns.h"

#include <algorithm>

#include "logdetect/lexis/level.h"
#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

constexpr std::size_t kFocusPositions = 7;

/// How much a timestamp says: an absolute time beats a full one, that beats one without year or date.
std::uint64_t score_of(const HeaderToken& token) {
  const bool dated = !token.time.date_missing;
  return (dated && !token.time.year_missing ? 8U : 0U) + (token.details.has_clock ? 8U : 0U) + (dated ? 4U : 0U) +
         (token.time.has_zone ? 2U : 0U) + (token.details.has_fraction ? 1U : 0U);
}

bool looks_like_identifier(std::string_view token) {
  return token.find_first_of("0123456789./@_-") != std::string_view::npos && token.back() != ',';
}

bool is_capitals(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return is_upper(c) || c == '_'; });
}

/// The inside of "[...]" as a name: begins with a letter, no blanks or brackets.
bool is_bracket_name(std::string_view inside) {
  if (inside.empty() || !is_alpha(inside.front())) {
    return false;
  }
  return std::all_of(inside.begin(), inside.end(), [](char c) {
    return is_word(c) || c == '.' || c == '-' || c == '/' || c == '$' || c == ':' || c == '#';
  });
}

bool is_close_number(std::string_view token) {
  if (token.size() < 2 || token.back() != ']') {
    return false;
  }
  token.remove_suffix(1);
  token.remove_prefix(token.front() == '#' ? 1 : 0);
  return !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_bracket_number(std::string_view inside) {
  if (inside.substr(0, 4) == "pid ") {
    inside.remove_prefix(4);
    return !inside.empty() && is_digit(inside.front());
  }
  return !inside.empty() && inside.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The position and class that mark the lines which have a header, or nothing.
struct Focus {
  std::size_t position = kFocusPositions;
  TokenClass kind = TokenClass::kTime;
  [[nodiscard]] bool on(const std::vector<HeaderToken>& row) const {
    return position >= kFocusPositions || (row.size() > position && row[position].kind == kind);
  }
};

Focus find_focus(const std::vector<std::vector<HeaderToken>>& rows) {
  constexpr double kLeast = 0.3;    // fewer lines than this are no log of that form
  constexpr double kEnough = 0.97;  // nothing to leave out
  for (const TokenClass kind : {TokenClass::kTime, TokenClass::kLevel}) {
    std::array<std::size_t, kFocusPositions> count{};
    for (const auto& row : rows) {
      for (std::size_t p = 0; p < std::min(row.size(), kFocusPositions); ++p) {
        count[p] += row[p].kind == kind ? 1U : 0U;
      }
    }
    const auto best = std::max_element(count.begin(), count.end());
    const double share = static_cast<double>(*best) / static_cast<double>(rows.size());
    if (share >= kEnough) {
      return {};
    }
    if (share >= kLeast) {
      return {static_cast<std::size_t>(best - count.begin()), kind};
    }
  }
  return {};
}

}  // namespace

HeaderColumns::HeaderColumns(std::span<const std::string_view> lines) {
  std::vector<std::vector<HeaderToken>> rows(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    classify_line(lines[i], kWidth, rows[i]);
  }
  if (rows.empty()) {
    return;
  }
  const Focus focus = find_focus(rows);
  for (const auto& row : rows) {
    if (focus.on(row)) {
      add(row);
    }
  }
}

void HeaderColumns::add(const std::vector<HeaderToken>& row) {
  ++rows_;
  for (std::size_t p = 0; p < row.size(); ++p) {
    const HeaderToken& token = row[p];
    HeaderColumn& column = columns_[p];
    ++column.have;
    ++column.kinds[static_cast<std::size_t>(token.kind)];
    ++column.values[token.text];
    column.identifiers += looks_like_identifier(token.text) ? 1U : 0U;
    column.digits += token.text.find_first_of("0123456789") != std::string_view::npos ? 1U : 0U;
    column.quotes += std::count(token.text.begin(), token.text.end(), '"') % 2 != 0 ? 1U : 0U;
    column.capitals += is_capitals(token.text) ? 1U : 0U;
    column.close_numbers += is_close_number(token.text) ? 1U : 0U;
    column.angles += token.kind == TokenClass::kOpen && token.text.front() == '<' ? 1U : 0U;
    column.braces += token.kind == TokenClass::kOpen && token.text.front() == '{' ? 1U : 0U;
    const std::size_t inner = token.text.find('[');
    column.named_numbers += token.kind == TokenClass::kWord && inner != 0 && inner != std::string_view::npos &&
                                    is_close_number(token.text.substr(inner + 1))
                                ? 1U
                                : 0U;
    column.commas += token.text.back() == ',' ? 1U : 0U;
    column.accounts += token.text.find('@') != std::string_view::npos ? 1U : 0U;
    if (token.kind == TokenClass::kLevel) {
      Level level = Level::kUnknown;
      std::string_view name;
      column.level_pairs += split_level_pair(token.text, level, name) ? 1U : 0U;
    }
    column.file_names += token.text.find(".log") != std::string_view::npos ? 1U : 0U;
    if (token.text.size() > 2 && token.text.front() == '[' && token.text.back() == ']') {
      const std::string_view inside = trim(token.text.substr(1, token.text.size() - 2));
      ++column.bracketed;
      column.bracket_numbers += is_bracket_number(inside) ? 1U : 0U;
      column.bracket_names += is_bracket_name(inside) ? 1U : 0U;
    }
    if (token.kind == TokenClass::kTime) {
      column.time_score += score_of(token);
      column.first_over_12 += token.details.first_over_12 ? 1U : 0U;
      column.second_over_12 += token.details.second_over_12 ? 1U : 0U;
    }
  }
}

double HeaderColumns::share(std::size_t position, TokenClass kind) const {
  if (position >= kWidth || rows_ == 0) {
    return 0;
  }
  return columns_[position].kinds[static_cast<std::size_t>(kind)] / static_cast<double>(rows_);
}

TokenClass HeaderColumns::main_class(std::size_t position) const {
  const auto& kinds = columns_[position].kinds;
  return static_cast<TokenClass>(std::max_element(kinds.begin(), kinds.end()) - kinds.begin());
}

bool HeaderColumns::steady(std::size_t position) const {
  const HeaderColumn& column = columns_[position];
  if (column.have < kSteadyShare * rows_ || (position > 0 && column.quotes > kHalfShare * rows_)) {
    return false;  // missing, or the beginning of free text in quotes
  }
  const TokenClass main = main_class(position);
  if (main != TokenClass::kName && main != TokenClass::kWord && main != TokenClass::kClose &&
      share(position, main) > kUsualShare) {
    return true;
  }
  return are_few(column.distinct(), rows_) || column.identifiers > kSureShare * rows_;
}

}  // namespace logdetect
