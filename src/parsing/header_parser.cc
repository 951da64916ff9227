#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "logdetect/lexis/ansi.h"
#include "logdetect/lexis/envelope.h"
#include "logdetect/lexis/level.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/lexis/time_reader.h"
#include "logdetect/parsing/header.h"
#include "parsing/brackets.h"
#include "parsing/field_lines.h"
#include "parsing/field_list.h"
#include "parsing/front_level.h"
#include "parsing/header_cut.h"
#include "parsing/json_line.h"
#include "parsing/logfmt_line.h"
#include "parsing/pair_tail.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

void set_time(const ParsedTime& parsed, Header& header) {
  header.time = parsed.time;
  header.has_time = true;
  header.year_missing = parsed.year_missing;
  header.date_missing = parsed.date_missing;
}

/// The level a header column states; one letter will do where a level is expected.
Level level_of_column(std::string_view value) {
  const Level named = level_of_token(value);
  if (named != Level::kUnknown) {
    return named;
  }
  const bool letter = value.size() == 1 || (value.size() == 2 && value[1] == ',');
  return letter && is_upper(value[0]) ? level_of_letter(value[0]) : level_of_syslog_number(value);
}

/// The first run of digits.
std::string_view first_digits(std::string_view value) {
  std::size_t begin = 0;
  while (begin < value.size() && !is_digit(value[begin])) {
    ++begin;
  }
  std::size_t end = begin;
  while (end < value.size() && is_digit(value[end])) {
    ++end;
  }
  return value.substr(begin, end - begin);
}

/// "hostd[1234]" without the number, which is the pid.
std::string_view without_number(std::string_view value, std::string_view& pid) {
  std::size_t begin = value.size() - 1;
  while (begin > 0 && is_digit(value[begin - 1])) {
    --begin;
  }
  if (begin < 2 || begin + 1 == value.size() || value[begin - 1] != '[') {
    return value;
  }
  pid = value.substr(begin, value.size() - 1 - begin);
  return value.substr(0, begin - 1);
}

/// A component without what changes from line to line: the colon behind it, a line number ("main.cc:12", "Main#12").
std::string_view plain_component(std::string_view value) {
  while (!value.empty() && (value.back() == ':' || value.back() == ',')) {
    value.remove_suffix(1);
  }
  std::size_t n = value.size();
  while (n > 0 && is_digit(value[n - 1])) {
    --n;
  }
  if (n > 1 && n < value.size() && (value[n - 1] == ':' || value[n - 1] == '#') && !is_digit(value[0])) {
    value = value.substr(0, n - 1);
  }
  return value;
}

void finish(TextCursor rest, FrontLevels& fronts, Header& header) {
  rest.skip_blanks();
  header.message = std::string_view(rest.p, rest.left());
  while (!header.message.empty() && is_token_end(header.message.back())) {
    header.message.remove_suffix(1);
  }
  if (header.level == Level::kUnknown) {
    header.level = fronts.of(header.message);
  }
}

}  // namespace

struct HeaderParser::Impl {
  explicit Impl(HeaderPlan given) : plan(std::move(given)) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const HeaderStep& step = plan.steps[i];
      readers.emplace_back(step.literal == "day-first");
      tabbed = tabbed || (step.kind == Kind::kUntilChar && step.literal == "\t");
      if (i < plan.columns &&
          (step.kind == Kind::kTimestamp || step.field == HeaderField::kTime || step.field == HeaderField::kLevel)) {
        has_tell_tale = true;
      }
    }
    if (plan.kind == HeaderPlan::Kind::kSteps && !plan.steps.empty() && plan.steps.back().kind == Kind::kPairs) {
      pairs = true;
      plan.steps.pop_back();
    }
    for (const HeaderPlan& part : plan.parts) {
      parts.push_back(std::make_unique<Impl>(part));
    }
    if (!plan.inner.empty()) {
      inner = std::make_unique<HeaderParser>(plan.inner.front());
    }
  }

  /// Cuts the timestamp at the cursor, brackets around it included.
  Cut cut_time(TextCursor c, TimeReader& reader, bool keep, Header& header, ParsedTime& parsed) const {
    Cut cut;
    const char open = c.peek();
    if (is_open(open)) {
      ++c.p;
    }
    ParsedTime read;
    TimeDetails details;
    if (!reader.read(std::string_view(c.p, c.left()), read, details)) {
      return cut;
    }
    c.p += read.length;
    if (is_open(open)) {
      if (c.peek() == closing(open)) {
        ++c.p;
      } else if (plan.strict || !(is_token_end(c.peek()) || c.peek() == ',' || c.peek() == ':')) {
        return cut;  // else more columns stand in the same brackets: "[2024-05-06T08:09:10Z INFO mailer]"
      }
    }
    if (!plan.strict && (c.peek() == ',' || c.peek() == ':' || c.peek() == ';')) {
      ++c.p;
    }
    if (keep) {
      parsed = read;
      set_time(read, header);
    }
    if (details.level_letter != 0) {
      header.level = level_of_letter(details.level_letter);
    }
    cut.next = c.p;
    return cut;
  }

  Cut cut_step(std::size_t i, const char* begin, TextCursor c, Header& header, ParsedTime& parsed) {
    const HeaderStep& step = plan.steps[i];
    Cut cut;
    switch (step.kind) {
      case Kind::kTimestamp:
        return cut_time(c, readers[i], step.field == HeaderField::kTime, header, parsed);
      case Kind::kToken:
        return cut_token(c);
      case Kind::kBracketed:
        cut = cut_bracketed(c, step.literal.empty() ? '\0' : step.literal[0]);
        if (cut.ok() && !plan.strict && cut.next < c.end && (*cut.next == ':' || *cut.next == ',')) {
          ++cut.next;
        }
        return cut;
      case Kind::kNameColon:
        return cut_name_colon(c);
      case Kind::kSeparator:
        return cut_separator(c);
      case Kind::kUntilDash:
        return cut_until_dash(c);
      case Kind::kUntilChar:
        return cut_until_char(c, step.literal[0]);
      case Kind::kLevelPair:
        return cut_level_pair(c);
      case Kind::kDottedName: {
        cut = cut_token(c);
        const bool group_next = i + 1 < plan.steps.size() && plan.steps[i + 1].kind == Kind::kBracketed;
        if (is_dotted_name(cut.value) || (cut.value.size() > 1 && cut.value.back() == ':')) {
          return cut;
        }
        if (cut.ok() && group_next) {  // a plain name among dotted ones: the group behind it says it is one
          TextCursor next = c;
          next.p = cut.next;
          next.skip_blanks();
          if (is_open(next.peek()) && !is_open(cut.value.front())) {
            return cut;
          }
        }
        return {};
      }
      case Kind::kPairs:
        break;
      case Kind::kLiteral:
        if (step.literal == " ") {  // blanks were skipped already
          cut.next = c.p > begin && is_blank(c.p[-1]) ? c.p : nullptr;
        } else if (std::string_view(c.p, c.left()).substr(0, step.literal.size()) == step.literal) {
          cut.next = c.p + step.literal.size();
        }
        return cut;
    }
    return cut;
  }

  /// Stores a piece. True if it proves that the line has the header: a time, a level, or a number where the plan has
  /// neither.
  bool assign(const HeaderStep& step, std::size_t i, const Cut& cut, Header& header, ParsedTime& parsed) {
    switch (step.field) {
      case HeaderField::kTime:
        if (step.kind != Kind::kTimestamp) {
          TimeDetails details;
          ParsedTime read;
          if (!readers[i].read(trim(cut.value), read, details)) {
            return false;
          }
          parsed = read;
          set_time(read, header);
        }
        return true;
      case HeaderField::kLevel: {
        Level level = Level::kUnknown;
        std::string_view name;
        if (step.kind == Kind::kLevelPair && split_level_pair(cut.value, level, name)) {
          header.component = name;
          header.pid = cut.pid.empty() ? header.pid : cut.pid;
        } else {
          level = level_of_column(trim(cut.value));
        }
        header.level = level != Level::kUnknown ? level : header.level;
        if (level == Level::kUnknown && !plan.strict) {
          header.quality = HeaderQuality::kPartial;  // something else stands where the level should
        }
        return level != Level::kUnknown;
      }
      case HeaderField::kHost:
        header.host = plain_component(trim(cut.value));
        return false;
      case HeaderField::kComponent: {
        std::string_view value = trim(cut.value);
        if (!cut.pid.empty()) {
          header.pid = cut.pid;
        } else if (!value.empty() && value.back() == ']') {
          value = without_number(value, header.pid);
        }
        if (!value.empty() && is_digit(value[0]) && value.find_first_not_of("0123456789#:*") == value.npos) {
          header.pid = first_digits(value);  // "1234#5678:", process and thread where others write a name
        } else {
          header.component = plain_component(value);
        }
        return false;
      }
      case HeaderField::kPid:
        header.pid = first_digits(cut.value);
        return !header.pid.empty() && !has_tell_tale;
      case HeaderField::kSkip:
      case HeaderField::kMessage:
        break;
    }
    return step.kind == Kind::kTimestamp ||
           (!has_tell_tale && (step.kind == Kind::kBracketed || !first_digits(cut.value).empty()));
  }

  /// False if the line does not fit; the header is then to be thrown away.
  bool run_steps(std::string_view text, Header& header, ParsedTime& parsed) {
    TextCursor c(text);
    bool proven = plan.columns == 0;
    header.quality = HeaderQuality::kFull;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if (!tabbed) {
        c.skip_blanks();
      }
      Cut cut = cut_step(i, text.data(), c, header, parsed);
      if (pieces != nullptr && cut.ok()) [[unlikely]] {
        const std::string_view raw(c.p, static_cast<std::size_t>(cut.next - c.p));
        pieces->push_back({raw, cut.value.empty() ? raw : cut.value});
      }
      if (cut.ok()) {
        const bool proof = assign(plan.steps[i], i, cut, header, parsed);
        proven = proven || proof || i >= plan.columns;
      } else if (plan.strict) {
        return false;
      } else if (i < plan.columns) {
        header.quality = HeaderQuality::kPartial;
        cut = cut_token(c);
        if (!cut.ok()) {
          return false;
        }
      } else {
        header.quality = i == 0 ? HeaderQuality::kBare : HeaderQuality::kPartial;
        break;
      }
      c.p = cut.next;
      if (i + 1 == plan.columns && !proven) {
        return false;
      }
    }
    finish(c, fronts, header);
    return true;
  }

  /// Parts the message from the pairs or the object at its end.
  void cut_pairs(Arena& arena, Header& header) {
    const std::string_view message = header.message;
    std::size_t tail = find_object_tail(message);
    fields.clear();
    if (tail != std::string_view::npos && json.read(message.substr(tail), fields)) {
      joined.assign(trim(message.substr(0, tail)));
      const std::size_t own = joined.size();
      fields.append_pairs(joined);
      header.message = arena.copy(joined);
      header.extra_bytes = static_cast<std::uint32_t>(joined.size() - own);
      return;
    }
    tail = find_pair_tail(message);
    if (tail != std::string_view::npos) {
      while (is_token_end(message[tail - 1]) && tail > 1) {
        --tail;
      }
      header.extra_bytes = static_cast<std::uint32_t>(message.size() - tail);
    }
  }

  /// A line that does not fit: its time if it begins with one, and the level behind it.
  void fall_back(std::string_view text, Header& header, ParsedTime& parsed) {
    TextCursor c(text);
    c.skip_blanks();
    header = Header{};
    const bool cut_away = plan.kind != HeaderPlan::Kind::kNone;
    const Cut time = cut_time(c, fallback_reader, true, header, parsed);
    if (!time.ok()) {
      finish(TextCursor(text), fronts, header);
      return;
    }
    c.p = time.next;
    c.skip_blanks();
    const Cut token = cut_token(c);
    const Level level = level_of_token(token.value);
    // "Error opening file" is a message; a level stands in capitals or is marked off.
    const bool marked = level != Level::kUnknown && (!is_alpha(token.value.back()) || is_upper(token.value.back()));
    if (marked) {
      header.level = level;
      c.p = token.next;
    }
    header.quality = HeaderQuality::kPartial;
    finish(cut_away ? c : TextCursor(text), fronts, header);
  }

  bool read_fields(std::string_view text) {
    switch (plan.kind) {
      case HeaderPlan::Kind::kJson:
        return text.find('\n') != std::string_view::npos &&
                       open_envelope(text.substr(0, text.find('\n'))).kind == Envelope::Kind::kDocker
                   ? read_docker_lines(text)
                   : json.read(text, fields);
      case HeaderPlan::Kind::kLogfmt:
        return read_logfmt(text, fields);
      case HeaderPlan::Kind::kContainer:
        return read_container(text, fields, joined);
      case HeaderPlan::Kind::kSyslog:
        return read_syslog(text, fields);
      case HeaderPlan::Kind::kCef:
        return read_cef(text, fields);
      case HeaderPlan::Kind::kJournal:
        return read_journal(text, fields);
      case HeaderPlan::Kind::kNone:
      case HeaderPlan::Kind::kSteps:
      case HeaderPlan::Kind::kMixed:
        break;
    }
    return false;
  }

  /// Docker's lines of one stitched record: the header of the first, the text of all.
  bool read_docker_lines(std::string_view text) {
    joined.clear();
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      fields.clear();
      if (json.read(text.substr(0, end), fields)) {
        joined += fields.value_of("log");
        first_line = first_line.empty() ? text.substr(0, end) : first_line;
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    fields.clear();
    const bool good = json.read(std::exchange(first_line, {}), fields);
    fields.replace("log", joined);
    return good;
  }

  bool read_structured(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed) {
    fields.clear();
    if (!read_fields(text)) {
      return false;
    }
    stated = fields.write_header(arena, header, parsed, plan.steps);
    if (header.level == Level::kUnknown) {
      header.level = level_in_front(header.message.substr(0, stated));
    }
    return true;
  }

  /// An object that says itself what it is, whatever the plan says of the other lines: it states a message, and a time
  /// or a level.
  bool read_object(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed) {
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') {
      return false;
    }
    fields.clear();
    if (!json.read(text, fields) || !fields.has(KeyRole::kMessage) ||
        !(fields.has(KeyRole::kTime) || fields.has(KeyRole::kLevel))) {
      return false;
    }
    inner_stated = fields.write_header(arena, header, parsed);
    return true;
  }

  /// Reads the stated message as a line of a log, where it is one, and lets its header go before the outer one.
  void read_inner(Arena& arena, Header& header, ParsedTime& parsed) {
    const std::string_view own = header.message.substr(0, stated);
    Header within;
    ParsedTime time;
    if (!own.empty() && own.front() == '{' && read_object(own, arena, within, time)) {
      stated = inner_stated;
    } else if (inner != nullptr && !own.empty()) {
      inner->parse(own, arena, within, time);
      if (within.quality == HeaderQuality::kBare) {
        return;
      }
      stated = inner->stated_bytes();
    } else {
      return;
    }
    if (within.has_time && !within.date_missing && (!header.has_time || !within.year_missing)) {
      set_time(time, header);
      parsed = time;
    }
    header.level = within.level != Level::kUnknown ? within.level : header.level;
    header.host = within.host.empty() ? header.host : within.host;
    header.component = within.component.empty() ? header.component : within.component;
    header.pid = within.pid.empty() ? header.pid : within.pid;
    header.quality = std::max(header.quality, HeaderQuality::kPartial);
    const std::string_view tail = header.message.substr(own.size());
    header.extra_bytes = static_cast<std::uint32_t>(within.extra_bytes + tail.size());
    if (tail.empty()) {
      header.message = within.message;
    } else if (within.message.data() + within.message.size() == tail.data()) {
      header.message = {within.message.data(), within.message.size() + tail.size()};
    } else {
      char* const both = arena.allocate(within.message.size() + tail.size());
      std::copy(tail.begin(), tail.end(), std::copy(within.message.begin(), within.message.end(), both));
      header.message = {both, within.message.size() + tail.size()};
    }
  }

  void parse_one(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed) {
    header = Header{};
    parsed = ParsedTime{};
    bool fits = false;
    switch (plan.kind) {
      case HeaderPlan::Kind::kNone:
      case HeaderPlan::Kind::kMixed:
        break;
      case HeaderPlan::Kind::kSteps:
        fits = (plan.strict || !plan.steps.empty()) && run_steps(text, header, parsed);
        break;
      default:
        fits = read_structured(text, arena, header, parsed);
        break;
    }
    if (!fits) {
      parsed = ParsedTime{};
      if (pieces != nullptr) {
        pieces->clear();
      }
      fall_back(text, header, parsed);
    }
    if (pairs) {
      cut_pairs(arena, header);
    }
    if (!fits || plan.kind == HeaderPlan::Kind::kSteps) {
      stated = header.message.size() - header.extra_bytes;
    }
    if (inner != nullptr || header.message.starts_with('{')) {
      read_inner(arena, header, parsed);
    }
  }

  /// By the first part that fits in full, else by the one that fits best, the first of equals. Which one it was.
  std::size_t parse_mixed(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed) {
    std::size_t best = 0;
    HeaderQuality best_quality = HeaderQuality::kBare;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i]->pieces = pieces;
      if (pieces != nullptr) {
        pieces->clear();
      }
      parts[i]->parse_one(text, arena, header, parsed);
      stated = parts[i]->stated;
      if (header.quality == HeaderQuality::kFull) {
        return i;
      }
      if (header.quality > best_quality) {
        best = i;
        best_quality = header.quality;
      }
    }
    if (best + 1 < parts.size()) {
      if (pieces != nullptr) {
        pieces->clear();
      }
      parts[best]->parse_one(text, arena, header, parsed);
      stated = parts[best]->stated;
    }
    return best;
  }

  std::size_t parse(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed) {
    if (has_escapes(text)) [[unlikely]] {
      text = without_escapes(text, arena);
    }
    if (!parts.empty()) {
      return parse_mixed(text, arena, header, parsed);
    }
    parse_one(text, arena, header, parsed);
    return 0;
  }

  HeaderPlan plan;
  std::vector<std::unique_ptr<Impl>> parts;  // of a mixed plan
  std::vector<Piece>* pieces = nullptr;      // where trace() wants them
  std::vector<TimeReader> readers;           // one per step: columns may differ in format
  TimeReader fallback_reader;
  bool pairs = false;   // the message may end in some, which are no part of it
  bool tabbed = false;  // columns are parted by tabs, and may be empty
  FrontLevels fronts;
  bool has_tell_tale = false;  // the positional columns hold a time or a level
  FieldList fields;
  JsonLine json;
  std::string joined;           // the message of several lines
  std::string_view first_line;  // while these are read
  std::unique_ptr<HeaderParser> inner;
  std::size_t stated = 0;
  std::size_t inner_stated = 0;
};

HeaderParser::HeaderParser(HeaderPlan plan) : impl_(std::make_unique<Impl>(std::move(plan))) {}
HeaderParser::~HeaderParser() = default;
HeaderParser::HeaderParser(HeaderParser&&) noexcept = default;
HeaderParser& HeaderParser::operator=(HeaderParser&&) noexcept = default;

const HeaderPlan& HeaderParser::plan() const {
  return impl_->plan;
}

void HeaderParser::parse(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed) {
  impl_->parse(text, arena, header, parsed);
}

std::size_t HeaderParser::trace(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed,
                                std::vector<Piece>& pieces) {
  pieces.clear();
  impl_->pieces = &pieces;
  const std::size_t part = impl_->parse(text, arena, header, parsed);
  impl_->pieces = nullptr;
  for (const std::unique_ptr<Impl>& each : impl_->parts) {
    each->pieces = nullptr;
  }
  return part;
}

std::size_t HeaderParser::stated_bytes() const {
  return impl_->stated;
}

}  // namespace logdetect
