#include "parsing/logfmt_line.h"

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

bool is_key_char(char c) {
  return is_word(c) || c == '.' || c == '-' || c == '/' || c == '@';
}

/// A key with its '=' at the cursor: the length of the key, 0 if there is none.
std::size_t key_length(const TextCursor& c) {
  constexpr std::size_t kMaxKey = 64;  // bytes; what is longer is text with an = in it
  if (!is_alpha(c.peek()) && c.peek() != '_' && c.peek() != '@') {
    return 0;
  }
  std::size_t n = 1;
  while (n < kMaxKey && is_key_char(c.peek(n))) {
    ++n;
  }
  return c.peek(n) == '=' ? n : 0;
}

/// The inside of a quoted value, backslashes undone; the cursor ends behind the closing quote. False if none closes.
bool read_quoted(TextCursor& c, std::string& value) {
  value.clear();
  const char quote = c.peek();
  for (++c.p; !c.done(); ++c.p) {
    if (*c.p == quote) {
      ++c.p;
      return true;
    }
    if (*c.p == '\\' && c.left() > 1) {
      ++c.p;
      value += *c.p == 'n' ? '\n' : *c.p == 't' ? '\t' : *c.p;
    } else {
      value += *c.p;
    }
  }
  return false;
}

void skip_space(TextCursor& c) {
  while (!c.done() && is_token_end(*c.p)) {
    ++c.p;
  }
}

/// "audit(1700000000.123:45):", as the kernel's audit log has it: the time of the event and its number.
bool read_audit_stamp(std::string_view text, std::string_view& time) {
  constexpr std::string_view kOpening = "audit(";
  const std::size_t close = text.find(':', kOpening.size());
  if (!text.starts_with(kOpening) || close == std::string_view::npos || !text.ends_with("):")) {
    return false;
  }
  time = text.substr(kOpening.size(), close - kOpening.size());
  return time.find_first_not_of("0123456789.") == std::string_view::npos && !time.empty();
}

/// An unquoted value: up to the blank before the next pair, or before the end.
std::string_view read_bare(TextCursor& c) {
  const char* begin = c.p;
  const char* end = c.p;
  while (!c.done()) {
    while (!c.done() && !is_token_end(*c.p)) {
      ++c.p;
    }
    end = c.p;
    skip_space(c);
    if (key_length(c) > 0) {
      break;
    }
  }
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

bool read_logfmt(std::string_view text, FieldList& out) {
  TextCursor c(text);
  std::string quoted;
  std::size_t pairs = 0;
  bool audit = false;
  std::string_view first;  // the type at the front
  skip_space(c);
  while (!c.done()) {
    const std::size_t n = key_length(c);
    if (n == 0) {
      return false;
    }
    const std::string_view key(c.p, n);
    c.p += n + 1;
    if (c.peek() == '"' || (audit && c.peek() == '\'')) {
      if (!read_quoted(c, quoted) || (!c.done() && !is_token_end(*c.p))) {
        return false;
      }
      out.add(key, quoted, FieldList::Kind::kText);
      skip_space(c);
    } else if (c.done() || is_token_end(*c.p)) {
      out.add(key, {}, FieldList::Kind::kText);
      skip_space(c);
    } else {
      const std::string_view value = read_bare(c);
      std::string_view time;
      if (key == "msg" && read_audit_stamp(value, time)) {
        out.add_as(KeyRole::kTime, "time", time, FieldList::Kind::kNumber);
        audit = true;
      } else {
        const bool names = key == "type" && pairs == 0;
        first = names ? value : first;  // what it is will show
        if (!names) {
          out.add(key, value, FieldList::Kind::kText);
        }
      }
    }
    ++pairs;
  }
  if (!first.empty() && audit) {
    out.add_as(KeyRole::kMessage, "event", first);  // "type=SYSCALL msg=audit(...): ..."
  } else if (!first.empty()) {
    out.add("type", first, FieldList::Kind::kText);
  }
  return pairs >= 2;
}

}  // namespace logdetect
