#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>

#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

constexpr std::size_t kMaxPattern = 512;  // bytes; bounds the steps of a plan
/// What a name in a pattern means. Names are compared without case; any other name is a column that is cut.
struct FieldName {
  std::string_view name;
  HeaderField field;
};
constexpr std::array<FieldName, 15> kNames = {{{"time", HeaderField::kTime},
                                               {"timestamp", HeaderField::kTime},
                                               {"datetime", HeaderField::kTime},
                                               {"level", HeaderField::kLevel},
                                               {"severity", HeaderField::kLevel},
                                               {"host", HeaderField::kHost},
                                               {"hostname", HeaderField::kHost},
                                               {"node", HeaderField::kHost},
                                               {"component", HeaderField::kComponent},
                                               {"logger", HeaderField::kComponent},
                                               {"class", HeaderField::kComponent},
                                               {"pid", HeaderField::kPid},
                                               {"skip", HeaderField::kSkip},
                                               {"message", HeaderField::kMessage},
                                               {"content", HeaderField::kMessage}}};
/// Parts of a date, which belong to the <Time> that follows them: "<Month> <Date> <Time>".
constexpr std::array<std::string_view, 6> kDateParts = {"weekday", "date", "day", "month", "year", "dayname"};

constexpr std::array<std::pair<std::string_view, HeaderPlan::Kind>, 6> kStructuredKinds = {{
    {"json", HeaderPlan::Kind::kJson},
    {"logfmt", HeaderPlan::Kind::kLogfmt},
    {"container", HeaderPlan::Kind::kContainer},
    {"syslog", HeaderPlan::Kind::kSyslog},
    {"cef", HeaderPlan::Kind::kCef},
    {"journal", HeaderPlan::Kind::kJournal},
}};

/// A piece of a pattern: a field, one or more blanks, or literal text without blanks.
struct Item {
  enum class Type : std::uint8_t { kField, kBlank, kText };
  Type type = Type::kText;
  HeaderField field = HeaderField::kSkip;
  std::string text;          ///< of a field its name in lower case
  std::size_t at = 0;        ///< byte of the pattern it begins at
  bool date_part = false;    ///< "<Date>", "<Month>", ...
  bool plain_clock = false;  ///< "<Time>", not "<Timestamp>"
};

Error bad_format(const FormatSpec& spec, std::string message, std::string hint = {}) {
  return make_error(ErrorCode::kConfig, (spec.name.empty() ? "" : "format '" + spec.name + "': ") + std::move(message),
                    spec.origin, std::move(hint));
}

std::string in_column(std::size_t at) {
  return " (column " + std::to_string(at + 1) + " of the pattern)";
}

/// "<Name>" at the front of `rest`: its name, empty if the '<' is just text.
std::string_view field_at(std::string_view rest) {
  const std::size_t end = rest.find('>');
  if (rest.front() != '<' || end == std::string_view::npos || end < 2) {
    return {};
  }
  const std::string_view name = rest.substr(1, end - 1);
  const bool word = is_alpha(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
                      return is_alpha(c) || is_digit(c) || c == '_';
                    });
  return word ? name : std::string_view{};
}

/// The known name made of the same letters, "time" for "tiem"; empty if there is none.
std::string_view transposed(std::string_view name) {
  const auto sorted = [](std::string_view word) {
    std::string letters(word);
    std::sort(letters.begin(), letters.end());
    return letters;
  };
  const std::string letters = sorted(name);
  const auto found =
      std::find_if(kNames.begin(), kNames.end(), [&](const FieldName& known) { return sorted(known.name) == letters; });
  return found == kNames.end() ? std::string_view{} : found->name;
}

Result<Item> field_item(const FormatSpec& spec, std::string_view name, std::size_t at) {
  Item item;
  item.type = Item::Type::kField;
  item.at = at;
  std::transform(name.begin(), name.end(), std::back_inserter(item.text), to_lower);
  const auto known =
      std::find_if(kNames.begin(), kNames.end(), [&](const FieldName& entry) { return entry.name == item.text; });
  if (known != kNames.end()) {
    item.field = known->field;
    item.plain_clock = item.text == "time";
    return item;
  }
  item.date_part = std::find(kDateParts.begin(), kDateParts.end(), item.text) != kDateParts.end();
  if (const std::string_view near = transposed(item.text); !item.date_part && !near.empty()) {
    return bad_format(spec, "unknown field '<" + std::string(name) + ">'",
                      "did you mean '<" + std::string(near) + ">'?");
  }
  return item;
}

/// Reads a pattern from left to right.
class PatternReader {
 public:
  explicit PatternReader(const FormatSpec& spec) : spec_(spec), rest_(spec.pattern) {}

  Result<std::vector<Item>> read() {
    while (!rest_.empty()) {
      if (const std::string_view name = field_at(rest_); !name.empty()) {
        LD_ASSIGN(Item item, field_item(spec_, name, at()));
        items_.push_back(std::move(item));
        rest_.remove_prefix(name.size() + 2);
      } else if (is_blank(rest_.front())) {
        add_blank();
        rest_.remove_prefix(1);
      } else if (rest_.front() == '\\' && rest_.size() > 1) {
        read_escape();
      } else if (!skip_optional_pid()) {
        add_text(rest_.front());
        rest_.remove_prefix(1);
      }
    }
    return std::move(items_);
  }

 private:
  [[nodiscard]] std::size_t at() const { return spec_.pattern.size() - rest_.size(); }

  void add_blank() {
    if (items_.empty() || items_.back().type != Item::Type::kBlank) {
      items_.push_back({Item::Type::kBlank, HeaderField::kSkip, " ", at()});
    }
  }

  void add_text(char c) {
    if (items_.empty() || items_.back().type != Item::Type::kText) {
      items_.push_back({Item::Type::kText, HeaderField::kSkip, "", at()});
    }
    items_.back().text += c;
  }

  /// "\[" is a bracket, "\t" and "\s+" are blanks: patterns are often copied from where they were expressions.
  void read_escape() {
    const char c = rest_[1];
    rest_.remove_prefix(2);
    if (c != 't' && c != 's') {
      add_text(c);
      return;
    }
    add_blank();
    if (!rest_.empty() && (rest_.front() == '+' || rest_.front() == '*')) {
      rest_.remove_prefix(1);
    }
  }

  /// "<Component>(\[<Pid>\])?:": the number in brackets is optional behind a name anyway.
  bool skip_optional_pid() {
    constexpr std::string_view kOptional = "(\\[<pid>\\])?";
    const std::string_view here = rest_.substr(0, kOptional.size());
    if (items_.empty() || items_.back().field != HeaderField::kComponent || !equals_ignoring_case(here, kOptional)) {
      return false;
    }
    rest_.remove_prefix(kOptional.size());
    return true;
  }

  const FormatSpec& spec_;
  std::string_view rest_;
  std::vector<Item> items_;
};

bool is_field(const Item& item, HeaderField field) {
  return item.type == Item::Type::kField && item.field == field;
}

/// Joins "<Month> <Date> <Time>" and "<Date>T<Time>" into one <Time>: a timestamp is read as a whole. A <Date> with no
/// <Time> behind it is the time if there is no other, else a column.
void join_dates(std::vector<Item>& items) {
  const auto joins = [&items](std::size_t i) {
    return items[i].type == Item::Type::kBlank ||
           (items[i].type == Item::Type::kText && items[i].text.size() == 1 && items[i].text != "|" &&
            items[i].text != "[" && items[i].text != "]");
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].date_part) {
      continue;
    }
    std::size_t end = i;
    while (end + 2 < items.size() && items[end].date_part && joins(end + 1) &&
           (items[end + 2].date_part || items[end + 2].plain_clock)) {
      end += 2;
    }
    if (items[end].plain_clock) {
      items[end].at = items[i].at;
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(i), items.begin() + static_cast<std::ptrdiff_t>(end));
    }
  }
  if (std::none_of(items.begin(), items.end(), [](const Item& item) { return is_field(item, HeaderField::kTime); })) {
    const auto date = std::find_if(items.begin(), items.end(),
                                   [](const Item& item) { return item.date_part && item.text == "date"; });
    if (date != items.end()) {
      date->field = HeaderField::kTime;
    }
  }
}

/// The message must come last; where a name suggests that it was meant, say so.
Result<void> check_message(const FormatSpec& spec, const std::vector<Item>& items) {
  if (!items.empty() && is_field(items.back(), HeaderField::kMessage)) {
    return {};
  }
  const auto message =
      std::find_if(items.begin(), items.end(), [](const Item& item) { return is_field(item, HeaderField::kMessage); });
  if (message != items.end()) {
    return bad_format(spec, "the pattern does not end with <message>" + in_column(message->at),
                      "what stands behind the message cannot be cut: end the pattern with <" + message->text + ">");
  }
  constexpr std::array<std::string_view, 2> kMessageNames = {"content", "message"};
  const std::string_view near = items.empty() || items.back().type != Item::Type::kField
                                    ? std::string_view{}
                                    : nearest_name(items.back().text, kMessageNames);
  return bad_format(spec, "the pattern does not end with <message>",
                    near.empty() ? "add <Content> at its end: it takes the rest of the line"
                                 : "did you mean '<" + std::string(near) + ">'?");
}

/// Fields may come once, the message last, and something must stand between two of them. A second name for what is
/// named already ("<Node>" behind "<Host>") is a column like any other.
Result<void> check_items(const FormatSpec& spec, std::vector<Item>& items) {
  LD_TRY(check_message(spec, items));
  std::map<HeaderField, std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    Item& item = items[i];
    if (item.type != Item::Type::kField) {
      continue;
    }
    if (item.field != HeaderField::kSkip) {
      const auto [first, fresh] = seen.emplace(item.field, item.text);
      if (!fresh && first->second == item.text && item.field != HeaderField::kTime) {
        return bad_format(spec, "a field stands in the pattern twice" + in_column(item.at),
                          "name the second one <skip>");
      }
      item.field = fresh ? item.field : HeaderField::kSkip;
    }
    const bool follows_time = i > 0 && (is_field(items[i - 1], HeaderField::kTime) || items[i - 1].plain_clock);
    if (i > 0 && items[i - 1].type == Item::Type::kField && !follows_time) {
      return bad_format(spec, "two fields have nothing between them" + in_column(item.at),
                        "put a blank or a separator there");
    }
  }
  return {};
}

class PatternCompiler {
 public:
  explicit PatternCompiler(std::vector<Item> items) : items_(std::move(items)) {}

  std::vector<HeaderStep> compile() {
    while (at_ + 1 < items_.size()) {  // the last item is the message: what is left
      compile_item();
    }
    return std::move(steps_);
  }

 private:
  void add(Kind kind, HeaderField field = HeaderField::kSkip, std::string literal = {}) {
    steps_.push_back({kind, field, std::move(literal)});
  }

  /// The text item `ahead` places on; empty for any other item.
  [[nodiscard]] std::string_view text(std::size_t ahead) const {
    const std::size_t i = at_ + ahead;
    return i < items_.size() && items_[i].type == Item::Type::kText ? std::string_view(items_[i].text)
                                                                    : std::string_view{};
  }
  [[nodiscard]] bool field(std::size_t ahead, HeaderField wanted) const {
    return at_ + ahead < items_.size() && is_field(items_[at_ + ahead], wanted);
  }
  [[nodiscard]] bool blank(std::size_t ahead) const {
    return at_ + ahead < items_.size() && items_[at_ + ahead].type == Item::Type::kBlank;
  }

  static char closing(char open) { return open == '[' ? ']' : open == '(' ? ')' : open == '<' ? '>' : '\0'; }

  /// Takes `n` bytes from the text item `ahead` places on; what is left of it stays.
  void take_text(std::size_t ahead, std::size_t n) {
    std::string& text = items_[at_ + ahead].text;
    text.erase(0, n);
  }

  void compile_item() {
    Item& item = items_[at_];
    switch (item.type) {
      case Item::Type::kBlank:
        if (!steps_.empty() && !ends_at_blank(steps_.back().kind)) {
          add(Kind::kLiteral, HeaderField::kSkip, " ");
        }
        ++at_;
        return;
      case Item::Type::kText:
        if (item.text.empty()) {
          ++at_;
        } else if (!compile_group()) {
          compile_text();
        }
        return;
      case Item::Type::kField:
        compile_field();
        return;
    }
  }

  static bool ends_at_blank(Kind kind) { return kind == Kind::kToken || kind == Kind::kNameColon; }

  /// "[<field>]": text that ends with a bracket, a field, text that begins with its partner.
  bool compile_group() {
    std::string& text_here = items_[at_].text;
    const char open = text_here.back();
    const char close = closing(open);
    if (close == '\0' || at_ + 2 >= items_.size() || items_[at_ + 1].type != Item::Type::kField || text(2).empty() ||
        text(2).front() != close) {
      return false;
    }
    text_here.pop_back();
    if (!text_here.empty()) {
      add(Kind::kLiteral, HeaderField::kSkip, text_here);
    }
    const HeaderField inside = items_[at_ + 1].field;
    if (inside == HeaderField::kTime || items_[at_ + 1].plain_clock) {
      add(Kind::kTimestamp, inside);
    } else {
      add(Kind::kBracketed, inside, std::string(1, open));
    }
    take_text(2, 1);
    at_ += 2;
    return true;
  }

  void compile_text() {
    add(Kind::kLiteral, HeaderField::kSkip, items_[at_].text);
    ++at_;
  }

  void compile_field() {
    const HeaderField here = items_[at_].field;
    if (here == HeaderField::kTime || items_[at_].plain_clock) {
      add(Kind::kTimestamp, here);
      ++at_;
      return;
    }
    if (here == HeaderField::kComponent && compile_name_colon()) {
      return;
    }
    const std::string_view next = text(1);
    if (blank(1) && text(2) == "-" && blank(3) && here != HeaderField::kLevel) {
      add(Kind::kUntilDash, here);  // "chrome.exe *64 - ...": blanks inside
      at_ += 4;
      return;
    }
    if (next.empty()) {
      add(Kind::kToken, here);
      ++at_;
      return;
    }
    add(Kind::kUntilChar, here, std::string(1, next.front()));
    take_text(1, 1);
    ++at_;
  }

  /// "<component>[<pid>]:" and "<component>:" with a blank behind.
  bool compile_name_colon() {
    if (text(1) == ":" && blank(2)) {
      add(Kind::kNameColon, HeaderField::kComponent);
      at_ += 2;
      return true;
    }
    if (text(1) == "[" && field(2, HeaderField::kPid) && text(3) == "]:" && blank(4)) {
      add(Kind::kNameColon, HeaderField::kComponent);
      at_ += 4;
      return true;
    }
    return false;
  }

  std::vector<Item> items_;
  std::vector<HeaderStep> steps_;
  std::size_t at_ = 0;
};

/// What of a sample came out differently; empty if nothing did.
std::string difference(const FormatSpec::Sample& sample, const Header& header) {
  const std::string time = header.has_time ? format_rfc3339(header.time) : std::string{};
  const std::string level =
      header.level == Level::kUnknown && sample.level.empty() ? std::string{} : std::string(level_name(header.level));
  const std::array<std::pair<std::string_view, std::pair<std::string_view, std::string_view>>, 6> fields = {{
      {"time", {sample.time, time}},
      {"level", {sample.level, level}},
      {"host", {sample.host, header.host}},
      {"component", {sample.component, header.component}},
      {"pid", {sample.pid, header.pid}},
      {"message", {sample.message, header.message}},
  }};
  for (const auto& [name, values] : fields) {
    if (values.first != values.second) {
      return std::string(name) + " is '" + std::string(values.second) + "', not '" + std::string(values.first) + "'";
    }
  }
  return {};
}

Result<void> prove(const FormatSpec& spec, const HeaderPlan& plan) {
  if (spec.samples.empty()) {
    return bad_format(spec, "it has no sample", "add a line of the log under samples, with what it must parse to");
  }
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime parsed;
  for (std::size_t i = 0; i < spec.samples.size(); ++i) {
    const FormatSpec::Sample& sample = spec.samples[i];
    parser.parse(sample.line, arena, header, parsed);
    std::string which = "sample " + std::to_string(i + 1);
    if (header.quality != HeaderQuality::kFull) {
      return bad_format(spec, which.append(" does not fit the pattern"), "the line is: " + sample.line);
    }
    if (const std::string wrong = difference(sample, header); !wrong.empty()) {
      return bad_format(spec, which.append(": ").append(wrong));
    }
  }
  return {};
}

Result<HeaderPlan> compile_steps(const FormatSpec& spec) {
  if (spec.pattern.size() > kMaxPattern) {
    return bad_format(spec, "the pattern is longer than " + std::to_string(kMaxPattern) + " bytes");
  }
  LD_ASSIGN(auto items, PatternReader(spec).read());
  join_dates(items);
  LD_TRY(check_items(spec, items));
  HeaderPlan plan;
  plan.name = spec.name;
  plan.agreement = 1;
  plan.kind = HeaderPlan::Kind::kSteps;
  plan.strict = true;
  plan.steps = PatternCompiler(std::move(items)).compile();
  if (plan.steps.size() > HeaderPlan::kMaxSteps) {
    return bad_format(spec, "the pattern has more than " + std::to_string(HeaderPlan::kMaxSteps) + " steps");
  }
  return plan;
}

}  // namespace

Result<HeaderPlan> compile_pattern(std::string_view pattern, const std::string& origin) {
  FormatSpec spec;
  spec.pattern = pattern;
  spec.origin = origin;
  LD_ASSIGN(HeaderPlan plan, compile_steps(spec));
  plan.name = "pattern";
  return plan;
}

Result<HeaderPlan> compile_format(const FormatSpec& spec) {
  HeaderPlan plan;
  plan.name = spec.name;
  plan.agreement = 1;
  const auto structured = std::find_if(kStructuredKinds.begin(), kStructuredKinds.end(),
                                       [&](const auto& known) { return known.first == spec.kind; });
  if (structured != kStructuredKinds.end()) {
    plan.kind = structured->second;
  } else if (spec.kind == "pattern") {
    LD_ASSIGN(plan, compile_steps(spec));
  } else {
    return bad_format(spec, "unknown kind '" + spec.kind + "'",
                      "a format is of kind pattern, json, logfmt, container, syslog, cef or journal");
  }
  LD_TRY(prove(spec, plan));
  return plan;
}

}  // namespace logdetect
