#include "parsing/header_cut.h"

#include <algorithm>

namespace logdetect {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

Cut piece(const char* begin, const char* end) {
  Cut cut;
  cut.value = between(begin, end);
  cut.next = end;
  return cut;
}

TextCursor limited(TextCursor at) {
  if (at.left() > kMaxPiece) {
    at.end = at.p + kMaxPiece;
  }
  return at;
}

/// The byte after the bracket that closes the one at `at`; null if none does.
const char* find_close(TextCursor at, char open, char close) {
  int depth = 0;
  for (const char* p = at.p; p < at.end && *p != '\n'; ++p) {
    if (*p == open) {
      ++depth;
    } else if (*p == close && --depth == 0) {
      return p + 1;
    }
  }
  return nullptr;
}

bool is_name_char(char c) {
  switch (c) {
    case '.':
    case '/':
    case '@':
    case '$':
    case '*':
    case '(':
    case ')':
    case '#':
    case ':':
    case '<':
    case '>':
    case '-':
      return true;
    default:
      return is_word(c);
  }
}

/// "[123]" at `p`: its end and digits; null if it is not there.
const char* skip_pid(const char* p, const char* end, std::string_view& pid) {
  if (p >= end || *p != '[') {
    return nullptr;
  }
  const char* digits = p + 1;
  const char* q = digits;
  while (q < end && is_digit(*q)) {
    ++q;
  }
  if (q == digits || q >= end || *q != ']') {
    return nullptr;
  }
  pid = between(digits, q);
  return q + 1;
}

/// "(context)" at `p` without blanks at its edges needing care: its end; null if it is not there.
const char* skip_context(const char* p, const char* end) {
  constexpr std::ptrdiff_t kMaxContext = 82;
  if (p >= end || *p != '(') {
    return nullptr;
  }
  for (const char* q = p + 1; q < end && q - p < kMaxContext && *q != '\n'; ++q) {
    if (*q == ')') {
      return q > p + 1 ? q + 1 : nullptr;
    }
  }
  return nullptr;
}

bool ends_name(const char* p, const char* end) {
  return p < end && *p == ':' && (p + 1 == end || is_token_end(p[1]));
}

/// " 1.4.1" at `p`: its end; null if no version is there.
const char* skip_version(const char* p, const char* end) {
  if (p + 1 >= end || *p != ' ' || !is_digit(p[1])) {
    return nullptr;
  }
  bool dotted = false;
  for (++p; p < end && (is_digit(*p) || *p == '.'); ++p) {
    dotted = dotted || *p == '.';
  }
  return dotted ? p : nullptr;
}

/// What may stand between a name and its colon: "(ctx)", " 1.4.1", "[123]", " (ctx)", "[123]".
Cut finish_name(const char* begin, const char* name_end, const char* end) {
  Cut cut;
  const char* p = name_end;
  if (const char* q = skip_context(p, end); q != nullptr) {
    name_end = p = q;
  }
  if (const char* q = skip_version(p, end); q != nullptr) {
    p = q;
  }
  if (const char* q = skip_pid(p, end, cut.pid); q != nullptr) {
    p = q;
  }
  if (p + 1 < end && *p == ' ') {
    if (const char* q = skip_context(p + 1, end); q != nullptr) {
      p = q;
    }
  }
  if (const char* q = skip_pid(p, end, cut.pid); q != nullptr) {
    p = q;
  }
  if (ends_name(p, end)) {
    cut.value = between(begin, name_end);
    cut.next = p + 1;
  }
  return cut;
}

/// Two or three capitalised words: "Google Chrome Helper".
Cut cut_words_colon(TextCursor at) {
  const char* p = at.p;
  for (int words = 0; words < 3 && p < at.end && is_upper(*p); ++words) {
    while (p < at.end && (is_word(*p) || *p == '.' || *p == '-')) {
      ++p;
    }
    if (words > 0) {
      if (Cut cut = finish_name(at.p, p, at.end); cut.ok()) {
        return cut;
      }
    }
    if (p >= at.end || *p != ' ') {
      break;
    }
    ++p;
  }
  return {};
}

}  // namespace

Cut cut_token(TextCursor at) {
  const char* p = at.p;
  if (p < at.end && *p == '[') {
    const char* close = find_close(limited(TextCursor(between(p, at.end))), '[', ']');
    if (close != nullptr && close < at.end && *close == '[') {  // "[time][level]": the next group is its own token
      return piece(at.p, close);
    }
    p = close != nullptr ? close : p;
  }
  while (p < at.end && !is_token_end(*p)) {
    ++p;
  }
  return p > at.p ? piece(at.p, p) : Cut{};
}

Cut cut_bracketed(TextCursor at, char open) {
  const char first = at.peek();
  Cut cut;
  if (open == '\0' ? first != '[' && first != '(' : first != open) {
    return cut;
  }
  const char close = first == '[' ? ']' : first == '(' ? ')' : first == '{' ? '}' : '>';
  const char* end = find_close(limited(at), first, close);
  if (end == nullptr) {
    return cut;
  }
  cut.value = between(at.p + 1, end - 1);
  cut.next = end;
  return cut;
}

Cut cut_name_colon(TextCursor at) {
  at = limited(at);
  const char* p = at.p;
  const char* open = nullptr;
  while (p < at.end && is_name_char(*p)) {
    if (*p == '(') {
      open = p;
    } else if (*p == ')') {
      open = nullptr;
    }
    ++p;
  }
  if (p > at.p + 1 && p[-1] == ':' && (p == at.end || is_token_end(*p))) {
    Cut cut;
    cut.value = between(at.p, p - 1);
    cut.next = p;
    return cut;
  }
  if (open != nullptr && open > at.p) {
    p = open;  // "sshd(pam unix)": the context holds a blank
  }
  if (p > at.p) {
    if (Cut cut = finish_name(at.p, p, at.end); cut.ok()) {
      return cut;
    }
  }
  return cut_words_colon(at);
}

Cut cut_level_pair(TextCursor at) {
  Cut cut = cut_token(at);
  if (!cut.ok()) {
    return cut;
  }
  // logcat's "W/Tag    ( 1708):"
  TextCursor c = at;
  c.p = cut.next;
  c.skip_blanks();
  const bool glued = cut.value.size() > 1 && cut.value.back() == '(';
  if (!glued && c.peek() != '(') {
    return cut;
  }
  c.p += glued ? 0 : 1;
  c.skip_blanks();
  const char* digits = c.p;
  while (is_digit(c.peek())) {
    ++c.p;
  }
  if (c.p == digits || c.peek() != ')' || c.peek(1) != ':') {
    return cut;
  }
  cut.pid = between(digits, c.p);
  cut.next = c.p + 2;
  return cut;
}

bool is_separator(std::string_view token) {
  if (token.empty() || token.size() > 3) {
    return false;
  }
  if (token == "#" || token == ".") {
    return true;
  }
  return std::all_of(token.begin(), token.end(),
                     [](char c) { return c == '-' || c == '|' || c == ':' || c == '=' || c == '*' || c == '>'; });
}

Cut cut_separator(TextCursor at) {
  Cut cut = cut_token(at);
  return is_separator(cut.value) ? cut : Cut{};
}

Cut cut_until_dash(TextCursor at) {
  const char* begin = at.p;
  const char* last_end = at.p;
  for (int tokens = 0; tokens < 4; ++tokens) {
    Cut token = cut_token(at);
    if (!token.ok()) {
      return {};
    }
    if (tokens > 0 && token.value == "-") {
      Cut cut;
      cut.value = between(begin, last_end);
      cut.next = token.next;
      return cut;
    }
    last_end = token.next;
    at.p = token.next;
    at.skip_blanks();
  }
  return {};
}

Cut cut_until_char(TextCursor at, char delimiter) {
  at = limited(at);
  for (const char* p = at.p; p < at.end && *p != '\n'; ++p) {
    if (*p == delimiter) {
      Cut cut;
      cut.value = between(at.p, p);
      cut.next = p + 1;
      return cut;
    }
  }
  return {};
}

bool is_dotted_name(std::string_view token) {
  if (!token.empty() && token.back() == ':') {
    token.remove_suffix(1);
  }
  // a line number behind the name
  std::size_t n = token.size();
  while (n > 0 && is_digit(token[n - 1])) {
    --n;
  }
  if (n > 1 && n < token.size() && (token[n - 1] == '#' || token[n - 1] == ':')) {
    token = token.substr(0, n - 1);
  }
  if (token.empty() || !(is_alpha(token.front()) || token.front() == '_')) {
    return false;
  }
  bool dotted = false;
  bool part_empty = true;
  for (const char c : token) {
    if (c == '.' || c == '/' || (c == '$' && part_empty)) {
      if (part_empty) {
        return false;
      }
      dotted = true;
      part_empty = true;
    } else if (is_word(c) || c == '-' || c == '$') {
      part_empty = false;
    } else {
      return false;
    }
  }
  return dotted && !part_empty;
}

}  // namespace logdetect
