#include "parsing/header_delimited.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "logdetect/lexis/level.h"
#include "logdetect/lexis/text_cursor.h"
#include "parsing/header_columns.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

constexpr double kDelimitedShare = 0.9;

std::vector<std::string_view> split_at(char delimiter, std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t bar = line.find(delimiter);
    fields.push_back(trim(line.substr(0, bar)));
    if (bar == std::string_view::npos) {
      return fields;
    }
    line.remove_prefix(bar + 1);
  }
}

bool is_whole_time(std::string_view field) {
  ParsedTime time;
  return parse_timestamp(field, time) && time.length == field.size();
}

HeaderField field_of_values(const std::vector<std::vector<std::string_view>>& rows, std::size_t f,
                            const std::vector<HeaderStep>& before) {
  std::size_t times = 0;
  std::size_t levels = 0;
  std::size_t numbers = 0;
  for (const auto& row : rows) {
    const std::string_view value = row[f];
    times += is_whole_time(value) ? 1U : 0U;
    levels += level_of_token(value) != Level::kUnknown ? 1U : 0U;
    numbers += !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos ? 1U : 0U;
  }
  const auto mostly = [&](std::size_t n) { return share_of(n, rows.size()) > kMostlyShare; };
  const auto is_free = [&](HeaderField field) {
    return std::none_of(before.begin(), before.end(), [field](const HeaderStep& s) { return s.field == field; });
  };
  if (mostly(times) && is_free(HeaderField::kTime)) {
    return HeaderField::kTime;
  }
  if (mostly(levels) && is_free(HeaderField::kLevel)) {
    return HeaderField::kLevel;
  }
  if (mostly(numbers)) {
    return is_free(HeaderField::kPid) ? HeaderField::kPid : HeaderField::kSkip;
  }
  return is_free(HeaderField::kComponent) ? HeaderField::kComponent : HeaderField::kSkip;
}

/// The text behind the first `columns` fields.
std::string_view behind(char delimiter, std::size_t columns, std::string_view line) {
  for (std::size_t f = 0; f < columns; ++f) {
    line.remove_prefix(std::min(line.find(delimiter) + 1, line.size()));
  }
  return line;
}

/// "module:function:line - message" behind the columns: the name before the dash is one more column.
bool begins_with_name_and_dash(std::span<const std::string_view> rests) {
  const HeaderColumns columns(rests);
  const auto dash = columns.at(1).values.find("-");
  return dash != columns.at(1).values.end() && share_of(dash->second, rests.size()) > kDelimitedShare &&
         columns.steady(0);
}

}  // namespace

std::optional<HeaderPlan> plan_delimited(char delimiter, std::span<const std::string_view> lines) {
  constexpr std::size_t kMaxColumns = 6;
  constexpr std::size_t kSureColumns = 4;  // later ones must hold few values: a message may be a list as well
  std::vector<std::vector<std::string_view>> rows;
  std::vector<std::string_view> delimited;
  std::size_t columns = kMaxColumns;
  for (const std::string_view line : lines) {
    if (std::count(line.begin(), line.end(), delimiter) >= 2) {
      rows.push_back(split_at(delimiter, line));
      delimited.push_back(line);
      columns = std::min(columns, rows.back().size() - 1);
    }
  }
  if (rows.empty() || share_of(rows.size(), lines.size()) <= kDelimitedShare) {
    return std::nullopt;
  }
  for (std::size_t f = 0; f <= columns && f < kMaxColumns; ++f) {
    std::size_t free_text = 0;
    std::set<std::string_view> values;
    for (const auto& row : rows) {
      free_text += row[f].find(' ') != std::string_view::npos && !is_whole_time(row[f]) ? 1U : 0U;
      values.insert(row[f]);
    }
    const bool many = !are_few(values.size(), rows.size());
    // Times and levels stand first and hold no text; a component of several words may come later.
    constexpr double kLaterTextShare = 0.2;
    if (share_of(free_text, rows.size()) > (f < 2 ? kLittleShare : kLaterTextShare) || (f >= kSureColumns && many)) {
      columns = f;
    }
  }
  if (columns < 2) {
    return std::nullopt;
  }
  HeaderPlan plan;
  for (std::size_t f = 0; f < columns; ++f) {
    plan.steps.push_back({Kind::kUntilChar, field_of_values(rows, f, plan.steps), std::string(1, delimiter)});
  }
  const bool named = std::any_of(plan.steps.begin(), plan.steps.end(),
                                 [](const HeaderStep& step) { return step.field == HeaderField::kComponent; });
  std::transform(delimited.begin(), delimited.end(), delimited.begin(),
                 [&](std::string_view line) { return behind(delimiter, columns, line); });
  if (!named && begins_with_name_and_dash(delimited)) {
    plan.steps.push_back({Kind::kUntilDash, HeaderField::kComponent, {}});
  }
  return plan;
}

std::optional<HeaderPlan> plan_level_colon(std::span<const std::string_view> lines) {
  std::size_t good = 0;
  for (const std::string_view line : lines) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos || level_of_token(line.substr(0, first)) == Level::kUnknown) {
      continue;
    }
    const std::string_view name = line.substr(first + 1, second - first - 1);
    good += !name.empty() &&
                    std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; })
                ? 1U
                : 0U;
  }
  if (share_of(good, lines.size()) <= kDelimitedShare) {
    return std::nullopt;
  }
  HeaderPlan plan;
  plan.steps = {{Kind::kUntilChar, HeaderField::kLevel, ":"}, {Kind::kUntilChar, HeaderField::kComponent, ":"}};
  return plan;
}

}  // namespace logdetect
