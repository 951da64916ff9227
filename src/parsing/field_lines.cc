#include "parsing/field_lines.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "logdetect/lexis/envelope.h"
#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

constexpr std::size_t kLongestKey = 64;  // as systemd bounds the names of journal fields

/// Takes what stands before the next blank.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

/// Takes what stands before the next `delimiter` that no backslash precedes, backslashes undone. False if none follows.
bool take_escaped(std::string_view& text, char delimiter, std::string& value) {
  value.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == delimiter) {
      text.remove_prefix(at + 1);
      return true;
    }
    if (text[at] == '\\' && at + 1 < text.size()) {
      ++at;
    }
    value += text[at];
  }
  return false;
}

bool is_number(std::string_view text) {
  constexpr std::size_t kFewerDigits = 20;  // those of 2^64
  return !text.empty() && text.size() < kFewerDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
}

/// "[id key="value" ...][...]" or "-"; false if it is neither.
bool take_structured_data(std::string_view& text, FieldList& out) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
    return text.empty() || text.front() == ' ';
  }
  if (!text.starts_with('[')) {
    return false;
  }
  std::string value;
  while (text.starts_with('[')) {
    const std::size_t id = text.find_first_of(" ]");
    if (id == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(id);
    while (text.starts_with(' ')) {
      text.remove_prefix(1);
      const std::size_t equals = text.find('=');
      if (equals == 0 || equals == std::string_view::npos || equals > kLongestKey ||
          !text.substr(equals + 1).starts_with('"')) {
        return false;
      }
      const std::string_view key = text.substr(0, equals);
      text.remove_prefix(equals + 2);
      if (!take_escaped(text, '"', value)) {
        return false;
      }
      out.add_as(KeyRole::kOther, key, value);
    }
    if (!text.starts_with(']')) {
      return false;
    }
    text.remove_prefix(1);
  }
  return true;
}

void add_unless_nil(FieldList& out, KeyRole role, std::string_view key, std::string_view value) {
  if (value != "-" && !value.empty()) {
    out.add_as(role, key, value);
  }
}

/// CEF's severity, 0 to 10 or a word, as the name of a level.
std::string_view level_of_severity(std::string_view severity) {
  if (equals_ignoring_case(severity, "low")) {
    return "info";
  }
  if (equals_ignoring_case(severity, "medium")) {
    return "warning";
  }
  if (equals_ignoring_case(severity, "high")) {
    return "error";
  }
  if (equals_ignoring_case(severity, "very-high")) {
    return "critical";
  }
  if (!is_number(severity) || severity.size() > 2) {
    return {};
  }
  const int value =
      severity.size() == 1 ? digit_value(severity[0]) : digit_value(severity[0]) * 10 + digit_value(severity[1]);
  // The bands of the CEF implementation standard: low, medium, high, very high.
  return value <= 3 ? "info" : value <= 6 ? "warning" : value <= 8 ? "error" : "critical";
}

/// The length of a key with '=' behind it at the front of `text`; 0 if there is none.
std::size_t key_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && n < kLongestKey &&
         (is_word(text[n]) || text[n] == '.' || text[n] == '-' || text[n] == '[' || text[n] == ']')) {
    ++n;
  }
  return n < text.size() && text[n] == '=' ? n : 0;
}

KeyRole role_in_event(std::string_view key) {
  if (key == "rt" || key == "devTime") {
    return KeyRole::kTime;
  }
  return key == "dvchost" ? KeyRole::kHost : KeyRole::kOther;
}

void add_pair(FieldList& out, std::string_view key, std::string_view value) {
  const bool number = is_number(value);
  out.add_as(role_in_event(key), key, value, number ? FieldList::Kind::kNumber : FieldList::Kind::kText);
}

/// "key=value with blanks next=..."; a value ends before the last blank in front of the next key.
void read_extension(std::string_view text, FieldList& out) {
  std::string value;
  text = trim(text);
  while (!text.empty()) {
    const std::size_t n = key_length(text);
    if (n == 0) {
      out.add_as(KeyRole::kOther, "rest", text);
      return;
    }
    const std::string_view key = text.substr(0, n);
    text.remove_prefix(n + 1);
    value.clear();
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
      if (text[at] == ' ' && key_length(text.substr(at + 1)) > 0) {
        break;
      }
      if (text[at] == '\\' && at + 1 < text.size()) {
        ++at;
        value += text[at] == 'n' ? '\n' : text[at] == 'r' ? '\r' : text[at];
      } else {
        value += text[at];
      }
    }
    add_pair(out, key, trim(value));
    text.remove_prefix(std::min(at + 1, text.size()));
  }
}

bool read_leef(std::string_view text, FieldList& out) {
  std::array<std::string, 5> head;  // LEEF:version, vendor, product, version, event
  for (std::string& part : head) {
    if (!take_escaped(text, '|', part)) {
      return false;
    }
  }
  char delimiter = '\t';
  if (head[0] == "LEEF:2.0") {
    std::string given;
    if (!take_escaped(text, '|', given)) {
      return false;
    }
    delimiter = given.size() == 1 ? given[0] : '\t';
  }
  out.add_as(KeyRole::kMessage, "event", head[4]);
  out.add_as(KeyRole::kComponent, "product", head[2]);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(delimiter), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && equals > 0 && equals <= kLongestKey) {
      const std::string_view key = pair.substr(0, equals);
      if (key == "sev") {
        out.add_as(KeyRole::kLevel, key, level_of_severity(pair.substr(equals + 1)));
      } else {
        add_pair(out, key, pair.substr(equals + 1));
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

bool is_journal_key(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey &&
         std::all_of(key.begin(), key.end(), [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

}  // namespace

std::size_t payload_begin(std::string_view line) {
  constexpr std::size_t kReach = 256;  // the longest header in front; further back it is text that quotes such a line
  const std::string_view head = line.substr(0, kReach);
  for (const std::string_view mark : {"{\"", "CEF:0|", "CEF:1|", "LEEF:"}) {
    const std::size_t at = head.find(mark);
    if (at != std::string_view::npos && (at == 0 || is_blank(line[at - 1]))) {
      return mark.front() != '{' || line.back() == '}' ? at : std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

bool read_syslog(std::string_view text, FieldList& out) {
  const std::size_t close = text.substr(0, 5).find('>');
  if (!text.starts_with('<') || close == std::string_view::npos || !is_number(text.substr(1, close - 1))) {
    return false;
  }
  int priority = 0;
  for (const char c : text.substr(1, close - 1)) {
    priority = priority * 10 + digit_value(c);
  }
  text.remove_prefix(close + 1);
  constexpr int kSeverities = 8;    // a priority is 8 x facility + severity (RFC 5424, 6.2.1)
  constexpr int kPriorities = 192;  // of 24 facilities
  const char severity = static_cast<char>('0' + priority % kSeverities);
  if (!text.starts_with("1 ")) {
    out.add_as(KeyRole::kLevel, "severity", {&severity, 1}, FieldList::Kind::kNumber);
    out.add_as(KeyRole::kMessage, "message", text);
    return priority < kPriorities;
  }
  text.remove_prefix(2);
  const std::string_view time = take_word(text);
  const std::string_view host = take_word(text);
  const std::string_view app = take_word(text);
  const std::string_view pid = take_word(text);
  const std::string_view id = take_word(text);
  if (id.empty() || !take_structured_data(text, out)) {
    return false;
  }
  out.add_as(KeyRole::kLevel, "severity", {&severity, 1}, FieldList::Kind::kNumber);
  add_unless_nil(out, KeyRole::kTime, "timestamp", time);
  add_unless_nil(out, KeyRole::kHost, "host", host);
  add_unless_nil(out, KeyRole::kComponent, "app", app);
  add_unless_nil(out, KeyRole::kPid, "pid", pid);
  text = trim(text);
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  if (text.empty()) {
    add_unless_nil(out, KeyRole::kMessage, "msgid", id);
  } else {
    out.add_as(KeyRole::kMessage, "message", text);
  }
  return true;
}

bool read_cef(std::string_view text, FieldList& out) {
  const std::size_t begin = payload_begin(text);
  if (begin == std::string_view::npos || text[begin] == '{') {
    return false;
  }
  // What a header in front of it left over: the host.
  add_unless_nil(out, KeyRole::kHost, "host", trim(text.substr(0, begin)));
  text.remove_prefix(begin);
  if (text.starts_with("LEEF:")) {
    return read_leef(text, out);
  }
  std::array<std::string, 7> head;  // CEF:version, vendor, product, version, signature, name, severity
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (!take_escaped(text, '|', head[i])) {
      if (i + 1 < head.size()) {
        return false;
      }
      text = {};  // no extension, and the last bar left out
    }
  }
  out.add_as(KeyRole::kMessage, "name", head[5]);
  out.add_as(KeyRole::kComponent, "product", head[2]);
  const std::string_view severity = trim(head[6]);
  const std::string_view level = level_of_severity(severity);
  out.add_as(level.empty() ? KeyRole::kOther : KeyRole::kLevel, "severity", level.empty() ? severity : level);
  read_extension(text, out);
  return true;
}

bool read_journal(std::string_view text, FieldList& out) {
  if (!text.starts_with("__")) {
    return false;
  }
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos && is_journal_key(line.substr(0, equals))) {
      out.add(line.substr(0, equals), line.substr(equals + 1), FieldList::Kind::kText);
    } else if (is_journal_key(line) && text.size() > sizeof(std::uint64_t)) {
      // 64 bits, little end first, then so many bytes and a line feed
      std::uint64_t size = 0;
      for (std::size_t i = sizeof size; i > 0; --i) {
        size = size << 8 | static_cast<unsigned char>(text[i - 1]);
      }
      text.remove_prefix(sizeof size);
      const auto kept = static_cast<std::size_t>(std::min<std::uint64_t>(size, text.size()));
      out.add(line, text.substr(0, kept), FieldList::Kind::kText);
      text.remove_prefix(std::min(kept + 1, text.size()));
    }
  }
  return out.has(KeyRole::kMessage) || out.has(KeyRole::kTime);
}

bool read_container(std::string_view text, FieldList& out, std::string& message) {
  message.clear();
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    Envelope envelope = open_envelope(line);
    if (envelope.kind != Envelope::Kind::kCri) {
      envelope = open_compose(line);
    }
    if (envelope.kind == Envelope::Kind::kNone) {
      if (first) {
        return false;
      }
      envelope.body = line;
    }
    if (first && envelope.kind == Envelope::Kind::kCri) {
      out.add_as(KeyRole::kTime, "time", envelope.time);
    }
    if (first) {
      const bool cri = envelope.kind == Envelope::Kind::kCri;
      out.add_as(cri ? KeyRole::kComponent : KeyRole::kHost, cri ? "stream" : "container", envelope.sender);
      first = false;
    }
    message += envelope.body;
    if (!envelope.partial && !text.empty()) {
      message += '\n';
    }
  }
  if (first) {
    return false;
  }
  out.add_as(KeyRole::kMessage, "message", message);
  return true;
}

}  // namespace logdetect
