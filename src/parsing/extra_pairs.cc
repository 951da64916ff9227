#include "logdetect/parsing/extra_pairs.h"

#include <algorithm>
#include <cstddef>

namespace logdetect {
namespace {

constexpr std::size_t kLongestName = 128;  // longer names are cut; a field's name is shorter

bool ends_name(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '=' || c == '"';
}

}  // namespace

bool needs_quotes(std::string_view value) {
  return value.empty() || value.front() == '\'' || value.find_first_of(" \t\n\r=\"") != std::string_view::npos;
}

void append_pair(std::string& out, std::string_view key, std::string_view value, bool quotes) {
  if (!out.empty()) {
    out += ' ';
  }
  for (const char c : key.substr(0, kLongestName)) {
    out += ends_name(c) ? '_' : c;
  }
  out += '=';
  if (!quotes) {
    out += value;
    return;
  }
  out += '"';
  std::size_t backslashes = 0;
  for (const char c : value) {
    if (c == '"') {
      out.append(backslashes + 1, '\\');
    }
    backslashes = c == '\\' ? backslashes + 1 : 0;
    out += c;
  }
  out.append(backslashes, '\\');
  out += '"';
}

bool take_pair(std::string_view& text, ExtraPair& pair) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return false;
  }
  std::size_t end = equals + 1;
  if (end < text.size() && (text[end] == '"' || text[end] == '\'')) {
    const char quote = text[end];
    for (++end; end < text.size() && text[end] != quote; ++end) {
      end += text[end] == '\\' ? 1 : 0;
    }
    end = std::min(end + 1, text.size());
  } else {
    end = std::min(text.find(' ', end), text.size());
  }
  pair = {text.substr(0, end), equals + 1};
  text.remove_prefix(end);
  return true;
}

}  // namespace logdetect
