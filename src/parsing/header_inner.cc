#include "parsing/header_inner.h"

#include <algorithm>
#include <array>
#include <vector>

#include "logdetect/lexis/envelope.h"
#include "logdetect/lexis/text_cursor.h"
#include "parsing/field_lines.h"
#include "parsing/header_layout.h"

namespace logdetect {
namespace {

using Kind = HeaderPlan::Kind;

constexpr double kMostShare = 0.8;
// Of fewer messages a plan proves nothing.
constexpr std::size_t kFewestMessages = 2;

/// "<34>" with a letter or a digit right behind it: a blank follows where the number means something else.
bool has_priority(std::string_view line) {
  const std::size_t close = line.substr(0, 5).find('>');
  return close != std::string_view::npos && close > 1 && close + 1 < line.size() && is_digit(line[1]) &&
         is_word(line[close + 1]);
}

/// "host CEF:0|...": what a header left over.
bool is_one_word_before(std::string_view line, std::size_t payload) {
  return payload != std::string_view::npos && trim(line.substr(0, payload)).find(' ') == std::string_view::npos;
}

Kind kind_of_line(std::string_view line, bool& numbered) {
  switch (line.front()) {
    case '<':
      return has_priority(line) ? Kind::kSyslog : Kind::kNone;
    case '_':
      return line.starts_with("__CURSOR=") ? Kind::kJournal : Kind::kNone;
    case '{':
      return Kind::kNone;
    default:
      break;
  }
  if (const std::size_t payload = payload_begin(line); payload == 0 || is_one_word_before(line, payload)) {
    return line[payload] == '{' ? Kind::kNone : Kind::kCef;
  }
  if (open_envelope(line).kind == Envelope::Kind::kCri) {
    numbered = true;
    return Kind::kContainer;
  }
  const Envelope envelope = open_compose(line);
  numbered = numbered_sender(envelope.sender);
  return envelope.kind == Envelope::Kind::kCompose ? Kind::kContainer : Kind::kNone;
}

bool states_time_or_level(const HeaderPlan& plan) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [](const HeaderStep& step) {
    return step.field == HeaderField::kTime || step.field == HeaderField::kLevel;
  });
}

}  // namespace

HeaderPlan::Kind kind_by_first_bytes(std::span<const std::string_view> sample) {
  std::array<std::size_t, static_cast<std::size_t>(Kind::kJournal) + 1> counts{};
  std::size_t lines = 0;
  std::size_t numbered_lines = 0;
  for (const std::string_view line : sample) {
    if (trim(line).empty()) {
      continue;
    }
    bool numbered = false;
    ++lines;
    ++counts[static_cast<std::size_t>(kind_of_line(line, numbered))];
    numbered_lines += numbered ? 1U : 0U;
  }
  for (const Kind kind : {Kind::kContainer, Kind::kSyslog, Kind::kCef, Kind::kJournal}) {
    const std::size_t count = counts[static_cast<std::size_t>(kind)];
    if (count > 0 && static_cast<double>(count) > kMostShare * static_cast<double>(lines)) {
      return kind != Kind::kContainer || numbered_lines * 2 > count ? kind : Kind::kNone;
    }
  }
  return Kind::kNone;
}

std::vector<std::string_view> without_payloads(const std::vector<std::string_view>& lines) {
  std::vector<std::string_view> cut;
  for (const std::string_view line : lines) {
    if (const std::size_t payload = payload_begin(line); payload != std::string_view::npos && payload > 0) {
      cut.push_back(line.substr(0, payload));
    }
  }
  return static_cast<double>(cut.size()) > kMostShare * static_cast<double>(lines.size()) ? cut : lines;
}

void find_inner_plan(HeaderPlan& plan, std::span<const std::string_view> sample, std::size_t inner_left) {
  if (inner_left == 0 || plan.kind == Kind::kNone || plan.kind == Kind::kLogfmt || plan.kind == Kind::kCef) {
    return;
  }
  // Behind columns, lines of a log are known by their form only: what is left of a header there belongs to the plan.
  const bool behind_columns = plan.kind == Kind::kSteps;
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime parsed;
  std::vector<std::string_view> messages;
  for (const std::string_view line : sample) {
    parser.parse(line, arena, header, parsed);
    const std::string_view own = header.message.substr(0, parser.stated_bytes());
    if (header.quality != HeaderQuality::kBare && own.size() > 1) {
      messages.push_back(own);
    }
  }
  if (messages.size() < kFewestMessages) {
    return;
  }
  if (behind_columns) {
    const auto structured = std::count_if(messages.begin(), messages.end(), [](std::string_view message) {
      return payload_begin(message) != std::string_view::npos || message.find('=') < 32;  // a first key, not a sentence
    });
    if (static_cast<double>(structured) < kMostShare * static_cast<double>(messages.size())) {
      return;
    }
  }
  HeaderPlan inner = detect_layout(messages, inner_left - 1);
  const bool known_form = inner.kind != Kind::kNone && inner.kind != Kind::kSteps;
  if (inner.agreement < kMostShare || !(known_form || (!behind_columns && states_time_or_level(inner)))) {
    return;
  }
  plan.inner.push_back(std::move(inner));
}

}  // namespace logdetect
