#include <algorithm>
#include <array>
#include <utility>

#include "logdetect/base/text.h"
#include "logdetect/parsing/header.h"
#include "parsing/scan.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

constexpr std::size_t kMaxPattern = 512;
constexpr std::array<std::string_view, 7> kFieldNames = {"time", "level", "host",   "component",
                                                         "pid",  "skip",  "message"};
constexpr std::array<HeaderField, 7> kFields = {HeaderField::kTime,      HeaderField::kLevel, HeaderField::kHost,
                                                HeaderField::kComponent, HeaderField::kPid,   HeaderField::kSkip,
                                                HeaderField::kMessage};

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
  enum class Type { kField, kBlank, kText };
  Type type = Type::kText;
  HeaderField field = HeaderField::kSkip;
  std::string text;
};

Error bad_format(const FormatSpec& spec, std::string message, std::string hint = {}) {
  return make_error(ErrorCode::kConfig, "format '" + spec.name + "': " + std::move(message), spec.origin,
                    std::move(hint));
}

/// "<name>" at the front of `rest`: its name, empty if the '<' is just text.
std::string_view field_at(std::string_view rest) {
  const std::size_t end = rest.find('>');
  if (rest.front() != '<' || end == std::string_view::npos || end < 2) {
    return {};
  }
  const std::string_view name = rest.substr(1, end - 1);
  const bool word = std::all_of(name.begin(), name.end(), [](char c) { return scan::is_lower(c) || c == '_'; });
  return word ? name : std::string_view{};
}

Result<std::vector<Item>> split_pattern(const FormatSpec& spec) {
  std::vector<Item> items;
  std::string_view rest = spec.pattern;
  while (!rest.empty()) {
    const std::string_view name = field_at(rest);
    if (!name.empty()) {
      const auto known = std::find(kFieldNames.begin(), kFieldNames.end(), name);
      if (known == kFieldNames.end()) {
        const std::string_view near = nearest_name(name, kFieldNames);
        return bad_format(spec, "unknown field '<" + std::string(name) + ">'",
                          near.empty() ? "fields are time, level, host, component, pid, skip and message"
                                       : "did you mean '<" + std::string(near) + ">'?");
      }
      items.push_back({Item::Type::kField, kFields[static_cast<std::size_t>(known - kFieldNames.begin())], {}});
      rest.remove_prefix(name.size() + 2);
    } else if (scan::is_blank(rest.front())) {
      items.push_back({Item::Type::kBlank, HeaderField::kSkip, " "});
      while (!rest.empty() && scan::is_blank(rest.front())) {
        rest.remove_prefix(1);
      }
    } else {
      if (items.empty() || items.back().type != Item::Type::kText) {
        items.emplace_back();
      }
      items.back().text += rest.front();
      rest.remove_prefix(1);
    }
  }
  return items;
}

bool is_field(const Item& item, HeaderField field) {
  return item.type == Item::Type::kField && item.field == field;
}

/// Fields may come once, the message last, and something must stand between two of them.
Result<void> check_items(const FormatSpec& spec, const std::vector<Item>& items) {
  if (items.empty() || !is_field(items.back(), HeaderField::kMessage)) {
    return bad_format(spec, "the pattern does not end with <message>");
  }
  std::array<int, kFields.size()> seen{};
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].type != Item::Type::kField) {
      continue;
    }
    const auto field = static_cast<std::size_t>(items[i].field);
    if (++seen[field] > 1 && items[i].field != HeaderField::kSkip) {
      return bad_format(spec, "a field stands in the pattern twice", "name the second one <skip>");
    }
    const bool follows_time = i > 0 && is_field(items[i - 1], HeaderField::kTime);
    if (i > 0 && items[i - 1].type == Item::Type::kField && !follows_time) {
      return bad_format(spec, "two fields have nothing between them", "put a blank or a separator there");
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
    if (inside == HeaderField::kTime) {
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
    if (here == HeaderField::kTime) {
      add(Kind::kTimestamp, here);
      ++at_;
      return;
    }
    if (here == HeaderField::kComponent && compile_name_colon()) {
      return;
    }
    const std::string_view next = text(1);
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

}  // namespace

Result<HeaderPlan> compile_format(const FormatSpec& spec) {
  HeaderPlan plan;
  plan.name = spec.name;
  plan.agreement = 1;
  const auto structured = std::find_if(kStructuredKinds.begin(), kStructuredKinds.end(),
                                       [&](const auto& known) { return known.first == spec.kind; });
  if (structured != kStructuredKinds.end()) {
    plan.kind = structured->second;
  } else if (spec.kind == "pattern") {
    if (spec.pattern.size() > kMaxPattern) {
      return bad_format(spec, "the pattern is longer than " + std::to_string(kMaxPattern) + " bytes");
    }
    LD_ASSIGN(auto items, split_pattern(spec));
    LD_TRY(check_items(spec, items));
    plan.kind = HeaderPlan::Kind::kSteps;
    plan.strict = true;
    plan.steps = PatternCompiler(std::move(items)).compile();
    if (plan.steps.size() > HeaderPlan::kMaxSteps) {
      return bad_format(spec, "the pattern has more than " + std::to_string(HeaderPlan::kMaxSteps) + " steps");
    }
  } else {
    return bad_format(spec, "unknown kind '" + spec.kind + "'",
                      "a format is of kind pattern, json, logfmt, container, syslog, cef or journal");
  }
  LD_TRY(prove(spec, plan));
  return plan;
}

}  // namespace logdetect
