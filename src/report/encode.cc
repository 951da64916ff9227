#include "logdetect/report/encode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

// What a byte asks of a CSV field.
constexpr std::uint8_t kCsvQuoted = 1;   // quotes around the field
constexpr std::uint8_t kCsvSpecial = 2;  // more than a copy: to be doubled, escaped or decoded
constexpr std::array<std::uint8_t, 256> kCsvClass = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    classes[byte] = byte < 0x20 || byte >= 0x7F ? kCsvSpecial : 0;
  }
  classes['\t'] = 0;
  classes['\n'] = classes['\r'] = classes[','] = kCsvQuoted;
  classes['"'] = kCsvQuoted | kCsvSpecial;
  return classes;
}();

void append_utf16_escape(std::string& out, std::uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {  // four digits of four bits
    out += kHexDigits[(unit >> shift) & 0xF];
  }
}

void append_json_escape(std::string& out, char32_t c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (c > 0xFFFF) {  // a surrogate pair: RFC 2781, section 2.1
    const std::uint32_t offset = static_cast<std::uint32_t>(c) - 0x10000;
    append_utf16_escape(out, 0xD800 + (offset >> 10));    // the high one: its first value, ten bits
    append_utf16_escape(out, 0xDC00 + (offset & 0x3FF));  // the low one
  } else {
    append_utf16_escape(out, static_cast<std::uint32_t>(c));
  }
}

bool is_plain_number(std::string_view text) {
  double value = 0;
  const std::size_t sign = !text.empty() && text[0] == '+' ? 1 : 0;  // from_chars takes no '+'
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + sign, end, value);
  // from_chars reads "inf" and "nan" too; a spreadsheet takes those for names.
  return error == std::errc() && rest == end && std::isfinite(value);
}

// What a spreadsheet runs when it opens the file (OWASP, CSV injection).
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
         !is_plain_number(text);
}

// The classes of all bytes of a field together; blanks at its ends count as kCsvQuoted.
std::uint8_t csv_needs(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  std::uint8_t needs = 0;
  for (const char c : text) {
    needs |= kCsvClass[static_cast<unsigned char>(c)];
  }
  return !text.empty() && (blank(text.front()) || blank(text.back())) ? needs | kCsvQuoted : needs;
}

// One character that is not copied as it stands.
void append_csv_special(std::string& out, std::string_view piece, const CodePoint& point) {
  if (!point.valid) {
    append_utf8(out, kReplacementCharacter);
  } else if (point.value == '"') {
    out += "\"\"";
  } else if (point.value < 0xA0) {  // controls: C0, DEL and C1
    out += escape_for_terminal(piece);
  } else {
    out.append(piece);
  }
}

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> buffer{};  // the longest double has 24 bytes
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && kPlainInJson[static_cast<unsigned char>(text[run])]) {
      ++run;
    }
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) {
      break;
    }
    const CodePoint point = decode_utf8(text);
    if (!point.valid) {
      append_utf8(out, kReplacementCharacter);
    } else if (point.value < 0x80 || hides_text(point.value)) {
      append_json_escape(out, point.value);
    } else {
      out.append(text.substr(0, point.length));
    }
    text.remove_prefix(point.length);
  }
  out += '"';
}

void append_csv_field(std::string& out, std::string_view text, bool guard_formulas) {
  const bool guarded = guard_formulas && is_formula(text);
  const std::uint8_t needs = csv_needs(text);
  const std::string_view quote = (needs & kCsvQuoted) != 0 ? "\"" : "";
  out += quote;
  if (guarded) {
    out += '\'';
  }
  while ((needs & kCsvSpecial) != 0 && !text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && (kCsvClass[static_cast<unsigned char>(text[run])] & kCsvSpecial) == 0) {
      ++run;
    }
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (!text.empty()) {
      const CodePoint point = decode_utf8(text);
      append_csv_special(out, text.substr(0, point.length), point);
      text.remove_prefix(point.length);
    }
  }
  out += text;
  out += quote;
}

void append_json_number(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_number(out, value);
  } else {
    out += "null";
  }
}

void append_json_number(std::string& out, float value) {
  if (std::isfinite(value)) {
    append_number(out, value);
  } else {
    out += "null";
  }
}

void append_json_number(std::string& out, std::uint64_t value) {
  append_number(out, value);
}

}  // namespace logdetect
