#include "parsing/token_class.h"

#include <algorithm>

#include "logdetect/lexis/level.h"
#include "logdetect/lexis/text_cursor.h"
#include "parsing/header_cut.h"

namespace logdetect {
namespace {

bool is_number(std::string_view token) {
  if (token.back() == ',' || token.back() == ':') {
    token.remove_suffix(1);
  } else if (token.size() > 2 && token[token.size() - 2] == ':' && is_upper(token.back())) {
    token.remove_suffix(2);  // process and role: "812:M"
  }
  return !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A timestamp with or without brackets at the front of `rest`; the token's length, 0 if there is none.
std::size_t time_token_length(std::string_view rest, HeaderToken& token) {
  const std::size_t open = rest.front() == '[' || rest.front() == '(' || rest.front() == '<' ? 1 : 0;
  TimeReader reader;
  if (!reader.read(rest.substr(open), token.time, token.details)) {
    return 0;
  }
  std::size_t end = open + token.time.length;
  if (end < rest.size() && std::string_view("]),>:;").find(rest[end]) != std::string_view::npos) {
    ++end;
    if (end < rest.size() && rest[end] == '[' && rest[end - 1] == ']') {
      return end;
    }
  }
  return end == rest.size() || is_token_end(rest[end]) ? end : 0;
}

bool is_level(std::string_view token) {
  Level level = Level::kUnknown;
  std::string_view name;
  return level_of_token(token) != Level::kUnknown || split_level_pair(token, level, name);
}

/// "<0.230.0>", "{taskinstance.py:1103}", "{}"; not "{"a":1}".
bool is_wrapped_name(std::string_view token) {
  if (token == "{}") {
    return true;  // no query, no request
  }
  const char close = token.front() == '<' ? '>' : token.front() == '{' ? '}' : '\0';
  if (token.size() < 3 || close == '\0' || token.back() != close) {
    return false;
  }
  const std::string_view inside = token.substr(1, token.size() - 2);
  return std::all_of(inside.begin(), inside.end(),
                     [](char c) { return is_word(c) || c == '.' || c == '-' || c == ':' || c == '#' || c == '/'; });
}

TokenClass class_of(std::string_view token) {
  if (is_separator(token)) {
    return TokenClass::kSeparator;
  }
  if (is_level(token)) {
    return TokenClass::kLevel;
  }
  if ((token.size() == 1 || (token.size() == 2 && token[1] == ',')) &&
      std::string_view("VDIWEFA").find(token.front()) != std::string_view::npos) {
    return TokenClass::kLetter;
  }
  if (is_number(token)) {
    return TokenClass::kNumber;
  }
  if (token.front() == '[' || token.front() == '(' || is_wrapped_name(token)) {
    return TokenClass::kOpen;
  }
  if (token.back() == ']' && token.find('[') == std::string_view::npos) {
    return TokenClass::kClose;
  }
  if (token.back() == ':') {
    return TokenClass::kName;
  }
  return is_dotted_name(token) ? TokenClass::kDotted : TokenClass::kWord;
}

}  // namespace

void classify_line(std::string_view line, std::size_t most, std::vector<HeaderToken>& out) {
  out.clear();
  TextCursor c(line);
  while (out.size() < most) {
    c.skip_blanks();
    const std::string_view rest(c.p, c.left());
    if (rest.empty() || is_token_end(rest.front())) {
      break;
    }
    HeaderToken token;
    if (const std::size_t length = time_token_length(rest, token); length > 0) {
      token.kind = TokenClass::kTime;
      token.text = rest.substr(0, length);
    } else {
      token.text = cut_token(c).value;
      token.kind = class_of(token.text);
    }
    c.p += token.text.size();
    out.push_back(token);
  }
}

}  // namespace logdetect
