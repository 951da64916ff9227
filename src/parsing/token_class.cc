#include "parsing/token_class.h"

#include "parsing/header_cut.h"
#include "parsing/level.h"
#include "parsing/scan.h"

namespace logdetect {
namespace {

using scan::Cursor;

bool is_number(std::string_view token) {
  if (token.back() == ',' || token.back() == ':') {
    token.remove_suffix(1);
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
  }
  return end == rest.size() || scan::is_token_end(rest[end]) ? end : 0;
}

TokenClass class_of(std::string_view token) {
  if (is_separator(token)) {
    return TokenClass::kSeparator;
  }
  if (level_of_token(token) != Level::kUnknown) {
    return TokenClass::kLevel;
  }
  if (token.size() == 1 && std::string_view("VDIWEFA").find(token.front()) != std::string_view::npos) {
    return TokenClass::kLetter;
  }
  if (is_number(token)) {
    return TokenClass::kNumber;
  }
  if (token.front() == '[' || token.front() == '(') {
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
  Cursor c(line);
  while (out.size() < most) {
    c.skip_blanks();
    const std::string_view rest(c.p, c.left());
    if (rest.empty() || scan::is_token_end(rest.front())) {
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
