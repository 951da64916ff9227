#include "pipeline/format_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

#include "logdetect/lexis/char_class.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

/// Text of a pattern: blanks as one, and what would be read as a field or an escape marked.
void append_literal(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_blank(text[i])) {
      if (out.empty() || out.back() != ' ') {
        out += ' ';
      }
      continue;
    }
    if (text[i] == '\\' || (text[i] == '<' && text.find('>', i) != std::string_view::npos)) {
      out += '\\';
    }
    out += text[i];
  }
}

std::string_view name_of(HeaderField field) {
  constexpr std::array<std::string_view, 7> kNames = {"<Time>", "<Level>", "<Host>",   "<Component>",
                                                      "<Pid>",  "<Skip>",  "<Content>"};
  return kNames[static_cast<std::size_t>(field)];
}

/// The wrapping of a piece that is a field inside: "[", "]," around a timestamp, "," behind a word.
std::string wrapped(std::string_view raw, std::string_view field) {
  std::size_t begin = 0;
  std::size_t end = raw.size();
  while (begin < end && std::string_view("[(<{").find(raw[begin]) != std::string_view::npos) {
    ++begin;
  }
  while (end > begin && std::string_view("])>},:;").find(raw[end - 1]) != std::string_view::npos) {
    --end;
  }
  std::string out;
  append_literal(out, raw.substr(0, begin));
  out += field;
  append_literal(out, raw.substr(end));
  return out;
}

/// A timestamp that is not the line's time may have blanks inside: a column for each word.
std::string skipped_words(std::string_view raw) {
  std::string out = "<Skip>";
  for (std::size_t i = 1; i < raw.size(); ++i) {
    out += is_blank(raw[i]) && !is_blank(raw[i - 1]) ? " <Skip>" : "";
  }
  return out;
}

std::string level_pair(std::string_view raw) {
  const std::size_t at = raw.find_first_of("/.:");
  if (at == std::string_view::npos) {
    return wrapped(raw, "<Level>");
  }
  // "W/Tag" states the level first, "app.WARNING" and "core:warn" state it last.
  const bool level_first = raw[at] == '/';
  std::string out = wrapped(raw.substr(0, at), level_first ? "<Level>" : "<Component>");
  out += raw[at];
  return out + wrapped(raw.substr(at + 1), level_first ? "<Component>" : "<Level>");
}

std::string piece_pattern(const HeaderStep& step, const HeaderParser::Piece& piece) {
  const std::string_view name = name_of(step.field);
  std::string out;
  switch (step.kind) {
    case Kind::kTimestamp:
      return step.field == HeaderField::kTime ? wrapped(piece.raw, name) : skipped_words(piece.raw);
    case Kind::kSeparator:
    case Kind::kLiteral:
      append_literal(out, piece.raw);
      return out;
    case Kind::kNameColon:
      return std::string(name) + ":";
    case Kind::kUntilDash:
      return std::string(name) + " -";
    case Kind::kUntilChar:
      out = name;
      append_literal(out, step.literal);
      return out;
    case Kind::kLevelPair:
      return level_pair(piece.raw);
    case Kind::kToken:
    case Kind::kBracketed:
    case Kind::kDottedName:
    case Kind::kPairs:
      break;
  }
  return wrapped(piece.raw, name);
}

void append_member(std::string& out, std::string_view indent, std::string_view key, std::string_view value) {
  if (!value.empty()) {
    out += std::string(indent) + std::string(key) + ": ";
    append_json_string(out, value);  // a string of JSON is one of YAML
    out += '\n';
  }
}

}  // namespace

std::string pattern_of_line(const HeaderPlan& plan, std::string_view line,
                            const std::vector<HeaderParser::Piece>& pieces) {
  // Pairs at the end of the message are no column: the parser yields no piece for that step.
  const bool pairs = !plan.steps.empty() && plan.steps.back().kind == HeaderStep::Kind::kPairs;
  if (pieces.size() != plan.steps.size() - (pairs ? 1 : 0) || pieces.empty()) {
    return {};
  }
  std::string out;
  const char* end = line.data();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const HeaderParser::Piece& piece = pieces[i];
    // What stands between two pieces is text of the pattern.
    append_literal(out, {end, static_cast<std::size_t>(piece.raw.data() - end)});
    out += piece_pattern(plan.steps[i], piece);
    end = piece.raw.data() + piece.raw.size();
  }
  const bool blank = end < line.data() + line.size() && is_blank(*end);
  return out + (blank ? " <Content>" : "<Content>");
}

std::string format_file(const std::string& pattern, const std::string& line) {
  auto plan = compile_pattern(pattern, "");
  if (!plan) {
    return {};
  }
  HeaderParser parser(std::move(plan).value());
  Arena arena;
  Header header;
  ParsedTime time;
  parser.parse(line, arena, header, time);
  if (header.quality != HeaderQuality::kFull) {
    return {};
  }
  std::string out = "name: mine\nsummary: how this log begins\nkind: pattern\n";
  append_member(out, "", "pattern", pattern);
  out += "samples:\n";
  append_member(out, "  - ", "line", line);
  append_member(out, "    ", "time", header.has_time ? format_rfc3339(header.time) : "");
  append_member(out, "    ", "level", header.level == Level::kUnknown ? "" : level_name(header.level));
  append_member(out, "    ", "host", header.host);
  append_member(out, "    ", "component", header.component);
  append_member(out, "    ", "pid", header.pid);
  append_member(out, "    ", "message", header.message);
  return out;
}

}  // namespace logdetect
