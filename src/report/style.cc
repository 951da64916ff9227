#include "report/style.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

constexpr std::size_t kRuleColumns = 30;
constexpr std::size_t kLeastColumns = 20;
constexpr std::size_t kDateBytes = 10;  // "2024-01-15"
constexpr std::size_t kClockBytes = 8;  // "03:42:15"
constexpr std::string_view kReset = "\x1b[0m";

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += piece;
  }
  return out;
}

// Already escaped text with every code point beyond ASCII as an escape of its own.
std::string to_ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    if (point.value < 0x80) {
      out += text[0];
    } else {
      constexpr int kHexadecimal = 16;  // the base
      std::array<char, 9> digits{};
      const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                              static_cast<std::uint32_t>(point.value), kHexadecimal);
      const auto have = static_cast<std::size_t>(end - digits.data());
      const std::size_t want = point.value > 0xFFFF ? 8 : 4;
      out += point.value > 0xFFFF ? "\\U" : "\\u";
      out.append(want - std::min(want, have), '0');
      out.append(digits.data(), have);
    }
    text.remove_prefix(point.length);
  }
  return out;
}

// The literal words a template begins with, at most three.
std::vector<std::string_view> leading_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < 3) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) {
      break;
    }
    const std::string_view word = text.substr(begin, text.find(' ', begin) - begin);
    if (word.find('<') != std::string_view::npos) {
      break;
    }
    words.push_back(word);
    text.remove_prefix(begin + word.size());
  }
  return words;
}

// Where `words`, one blank apart, begin in `line`.
std::size_t find_words(std::string_view line, const std::vector<std::string_view>& words, std::size_t count) {
  std::string wanted;
  for (std::size_t i = 0; i < count; ++i) {
    wanted += (i > 0 ? " " : "");
    wanted += words[i];
  }
  return line.find(wanted);
}

}  // namespace

Style::Style(const ReportOptions& options)
    : dash(options.plain ? "-" : "–"),
      branch(options.plain ? "`-" : "└─"),
      bullet(options.plain ? "*" : "•"),
      times(options.plain ? "x" : "×"),
      rule(repeat(options.plain ? "=" : "━", kRuleColumns)),
      coloured_(options.coloured),
      plain_(options.plain),
      width_(options.width) {}

std::string Style::log_text(std::string_view raw, std::size_t columns) const {
  // A column takes at least a byte, a combining character a few more: far enough to fill the line, and no work is
  // spent on the rest of a long record.
  const bool whole = columns == kWhole;
  const std::size_t enough = columns * 8 + 64;
  std::string text = escape_for_terminal(whole || raw.size() <= enough ? raw : raw.substr(0, enough));
  if (!plain_) {
    return whole ? text : ellipsize(text, columns);
  }
  text = to_ascii(text);
  if (!whole && text.size() > columns) {
    text.resize(columns - std::min<std::size_t>(columns, 3));
    text += "...";
  }
  return text;
}

std::string Style::quoted(std::string_view raw, std::size_t columns) const {
  return '"' + log_text(raw, columns == kWhole ? kWhole : columns - std::min<std::size_t>(columns, 2)) + '"';
}

std::size_t Style::left(std::size_t used) const {
  return std::max(kLeastColumns, width_ - std::min(width_, used));
}

std::string Style::severity_tag(Severity severity) const {
  static constexpr std::array<std::string_view, 4> kNames = {"[LOW]", "[MEDIUM]", "[HIGH]", "[CRITICAL]"};
  static constexpr std::array<std::string_view, 4> kCodes = {"36", "33", "31", "1;31"};
  const auto index = static_cast<std::size_t>(severity);
  return paint(kCodes.at(index), kNames.at(index));
}

std::string Style::strong(std::string_view text) const {
  return paint("1", text);
}

std::string Style::faint(std::string_view text) const {
  return paint("2", text);
}

std::string Style::paint(std::string_view code, std::string_view text) const {
  std::string out;
  if (coloured_) {
    ((out += "\x1b[") += code) += 'm';
  }
  out += text;
  if (coloured_) {
    out += kReset;
  }
  return out;
}

std::string score_text(double score) {
  std::array<char, 32> buffer{};
  // 0.997 is not certainty: cut, do not round, near the top.
  const double shown = std::clamp(score, 0.0, 0.99);
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), shown, std::chars_format::fixed, 2);
  return {buffer.data(), end};
}

std::string clock_text(Micros time) {
  return date_clock_text(time).substr(kDateBytes + 1);
}

std::string date_clock_text(Micros time) {
  std::string text;
  append_rfc3339(text, time);
  text.resize(kDateBytes + 1 + kClockBytes);  // without fraction and zone
  text[kDateBytes] = ' ';
  return text;
}

bool same_day(Micros a, Micros b) {
  return date_clock_text(a).substr(0, kDateBytes) == date_clock_text(b).substr(0, kDateBytes);
}

namespace {

// Where the string ends in which `at` lies, if it is in a JSON object or the string is the value of a pair
// (key="value"): what follows are other keys. Else the end of the line.
std::size_t end_of_string(std::string_view line, std::size_t at) {
  const bool object = holds_object(line) && line.substr(0, at).find("{\"") != std::string_view::npos;
  if (!object && !line.substr(0, at).ends_with("=\"")) {
    return line.size();
  }
  for (std::size_t i = at; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      return line.substr(at, i - at).ends_with("\\n") ? i - 2 : i;  // the line feed that Docker keeps
    }
  }
  return line.size();
}

}  // namespace

bool holds_object(std::string_view line) {
  return line.ends_with('}') && line.find("{\"") != std::string_view::npos;
}

std::string_view headline(const Finding& finding) {
  constexpr std::size_t kHeaderBytes = 512;  // a header is not longer than this
  constexpr std::size_t kTellingBytes = 4;   // a shorter single word may stand in the header too
  std::string_view line = finding.message;
  line = line.substr(0, line.find('\n'));
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  if (finding.whole_session && line.starts_with("session " + finding.session_name + ": ")) {
    return line;  // the story of one that is over
  }
  const std::vector<std::string_view> words = leading_words(finding.template_text);
  // Fewer words also match where the line has other blanks between them than the template.
  for (std::size_t count = words.size(); count > 0; --count) {
    if (count == 1 && words[0].size() < kTellingBytes) {
      break;
    }
    const std::size_t at = find_words(line.substr(0, kHeaderBytes), words, count);
    if (at != std::string_view::npos) {
      return line.substr(at, end_of_string(line, at) - at);
    }
  }
  return line;
}

}  // namespace logdetect
