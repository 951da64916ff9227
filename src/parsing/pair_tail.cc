#include "parsing/pair_tail.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "logdetect/lexis/text_cursor.h"
#include "logdetect/parsing/extra_pairs.h"
#include "parsing/field_list.h"
#include "parsing/json_line.h"

namespace logdetect {
namespace {

bool is_key_char(char c) {
  return is_word(c) || c == '.' || c == '-' || c == '/' || c == '@';
}

/// The end of the pair that begins at `at`; `at` if there is none.
std::size_t end_of_pair(std::string_view text, std::size_t at) {
  std::size_t i = at;
  if (!is_alpha(text[i]) && text[i] != '_' && text[i] != '@') {
    return at;
  }
  while (i < text.size() && is_key_char(text[i])) {
    ++i;
  }
  if (i == text.size() || text[i] != '=') {
    return at;
  }
  ++i;
  if (i < text.size() && (text[i] == '"' || text[i] == '\'')) {
    const char quote = text[i];
    for (++i; i < text.size() && text[i] != quote; ++i) {
      i += text[i] == '\\' ? 1 : 0;
    }
    ++i;
    return i == text.size() || (i < text.size() && is_token_end(text[i])) ? i : at;
  }
  const std::size_t begin = i;
  while (i < text.size() && !is_token_end(text[i])) {
    ++i;
  }
  constexpr std::string_view kPunctuation = ",;:.)]}>'\"";
  return i > begin && kPunctuation.find(text[i - 1]) != std::string_view::npos ? at : i;
}

/// Words with digits made alike, so that messages that differ in their numbers are one.
std::string folded(std::string_view head) {
  constexpr std::size_t kMostBytes = 256;
  std::string text(head.substr(0, kMostBytes));
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return is_digit(c) ? '0' : c; });
  return text;
}

std::string key_set(std::string_view tail, JsonLine& json, FieldList& fields) {
  std::vector<std::string> keys;
  if (tail.front() == '{') {
    fields.clear();
    if (!json.read(tail, fields)) {
      return {};
    }
    std::string pairs;
    fields.append_pairs(pairs);
    return key_set(pairs.empty() ? " " : pairs, json, fields);
  }
  ExtraPair pair;
  while (take_pair(tail, pair)) {
    keys.emplace_back(pair.text.substr(0, pair.name_bytes));
  }
  std::sort(keys.begin(), keys.end());
  std::string all;
  for (const std::string& key : keys) {
    all += key;
  }
  return all;
}

}  // namespace

std::size_t find_pair_tail(std::string_view message) {
  std::size_t tail = std::string_view::npos;
  for (std::size_t i = 0; i < message.size();) {
    if (is_token_end(message[i])) {
      ++i;
      continue;
    }
    const std::size_t end = end_of_pair(message, i);
    if (end > i) {
      tail = std::min(tail, i);
      i = end;
      continue;
    }
    tail = std::string_view::npos;
    while (i < message.size() && !is_token_end(message[i])) {
      ++i;
    }
  }
  if (tail == std::string_view::npos || trim(message.substr(0, tail)).empty() ||
      trim(message.substr(0, tail)).back() == ',') {
    return std::string_view::npos;  // nothing but pairs, or the last of a list
  }
  return tail;
}

std::size_t find_object_tail(std::string_view message) {
  if (message.empty() || message.back() != '}') {
    return std::string_view::npos;
  }
  for (std::size_t at = message.find("{\"", 1); at != std::string_view::npos; at = message.find("{\"", at + 1)) {
    if (is_blank(message[at - 1])) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool has_optional_pairs(const HeaderPlan& plan, std::span<const std::string_view> sample) {
  constexpr std::size_t kFewestSets = 3;  // beyond one for every head
  HeaderParser parser(plan);
  JsonLine json;
  FieldList fields;
  Arena arena;
  Header header;
  ParsedTime parsed;
  struct Head {
    std::size_t lines = 0;
    std::set<std::string> key_sets;
  };
  std::map<std::string, Head> heads;
  std::size_t messages = 0;
  std::size_t tailed = 0;
  for (const std::string_view line : sample) {
    parser.parse(line, arena, header, parsed);
    const std::string_view message = header.message;
    messages += message.empty() ? 0 : 1;
    std::size_t tail = find_object_tail(message);
    tail = tail == std::string_view::npos ? find_pair_tail(message) : tail;
    if (tail != std::string_view::npos) {
      ++tailed;
      Head& head = heads[folded(message.substr(0, tail))];
      ++head.lines;
      head.key_sets.insert(key_set(message.substr(tail), json, fields));
    }
  }
  std::size_t sets = 0;
  std::size_t varied = 0;  // lines whose words stand before other keys as well
  for (const auto& [text, head] : heads) {
    sets += head.key_sets.size() - 1;
    varied += head.key_sets.size() > 1 ? head.lines : 0;
  }
  return 2 * tailed >= messages && sets >= kFewestSets && 2 * varied >= tailed;
}

}  // namespace logdetect
