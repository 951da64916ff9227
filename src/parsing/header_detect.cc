#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "logdetect/lexis/level.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/parsing/header.h"
#include "parsing/field_list.h"
#include "parsing/header_columns.h"
#include "parsing/header_cut.h"
#include "parsing/header_delimited.h"
#include "parsing/header_inner.h"
#include "parsing/header_layout.h"
#include "parsing/json_line.h"
#include "parsing/logfmt_line.h"
#include "parsing/pair_tail.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

constexpr double kStructuredShare = 0.8;

/// Lines a log entry may begin with: not empty, not the continuation of another.
std::vector<std::string_view> usable_lines(std::span<const std::string_view> sample) {
  std::vector<std::string_view> lines;
  for (std::string_view line : sample) {
    line = line.substr(0, line.find('\n'));
    if (!trim(line).empty() && !is_blank(line.front())) {
      lines.push_back(line);
    }
  }
  return lines;
}

bool is_json_log(std::span<const std::string_view> sample) {
  JsonLine json;
  FieldList fields;
  std::size_t lines = 0;
  std::size_t objects = 0;
  for (const std::string_view line : sample) {
    if (!trim(line).empty()) {
      ++lines;
      fields.clear();
      objects += json.read(line, fields) && fields.size() > 0 ? 1U : 0U;
    }
  }
  return share_of(objects, lines) > kStructuredShare;
}

bool is_logfmt_log(std::span<const std::string_view> lines) {
  FieldList fields;
  std::size_t good = 0;
  for (const std::string_view line : lines) {
    fields.clear();
    // A first key, behind no more than a time and a level.
    const bool pairs = line.find('=') < 64 && read_logfmt(line, fields);
    good +=
        pairs && (fields.has(KeyRole::kMessage) || fields.has(KeyRole::kLevel) || fields.has(KeyRole::kTime)) ? 1U : 0U;
  }
  return share_of(good, lines.size()) > kStructuredShare;
}

/// The keys that nine in ten of the lines without a message have: their pairs stand for the message there, and what a
/// line has beside them is as optional as beside a message. None where they are less than half of what such lines hold:
/// then these are of several kinds, each with keys of its own. Sorted.
std::vector<HeaderStep> shaping_keys(HeaderPlan::Kind kind, std::span<const std::string_view> sample) {
  constexpr double kRequiredShare = 0.9;
  constexpr std::size_t kMostKeys = 32;
  JsonLine json;
  FieldList fields;
  Arena arena;
  std::map<std::string, std::size_t, std::less<>> counts;
  std::size_t lines = 0;
  std::size_t pairs = 0;
  for (const std::string_view line : sample) {
    fields.clear();
    Header header;
    ParsedTime parsed;
    const bool read = kind == HeaderPlan::Kind::kJson ? json.read(line, fields) : read_logfmt(line, fields);
    if (!read || fields.write_header(arena, header, parsed) > 0) {
      continue;
    }
    ++lines;
    for (const std::string_view key : fields.other_keys()) {
      ++pairs;
      ++counts[std::string(key)];
    }
  }
  std::vector<HeaderStep> keys;
  for (const auto& [key, count] : counts) {
    constexpr std::size_t kMostBytes = 128;
    if (share_of(count, lines) >= kRequiredShare && keys.size() < kMostKeys && !key.empty() &&
        key.size() <= kMostBytes) {
      keys.push_back({Kind::kLiteral, HeaderField::kSkip, key});
    }
  }
  return 2 * keys.size() * lines < pairs ? std::vector<HeaderStep>() : keys;
}

// --- columns parted by '|' or tabs ---

/// Builds a plan from the counts of a sample. The steps up to the last time, level or number are columns by position;
/// what follows them up to the message is recognised by its form.
class ColumnPlanner {
 public:
  explicit ColumnPlanner(const HeaderColumns& columns) : columns_(columns) {}

  HeaderPlan plan() {
    find_anchor();
    for (std::size_t p = 0; p < anchor_; ++p) {
      add_column(p);
    }
    add_tail();
    assign_time();
    assign_level();
    assign_pid();
    assign_host();
    assign_component();
    HeaderPlan plan;
    plan.columns = static_cast<std::uint32_t>(anchor_);
    for (Part& part : parts_) {
      plan.steps.push_back(std::move(part.step));
    }
    return plan;
  }

 private:
  struct Part {
    HeaderStep step;
    std::size_t column = 0;
    bool tail_word = false;  // a word of the tail: a host, or a tiny vocabulary
  };

  [[nodiscard]] double share(std::size_t p, TokenClass kind) const { return columns_.share(p, kind); }
  [[nodiscard]] const HeaderColumn& at(std::size_t p) const { return columns_.at(p); }

  /// Levels, or a few words most of which are levels ("LOG", "ERROR", "STATEMENT").
  [[nodiscard]] bool is_level_column(std::size_t p) const {
    constexpr std::size_t kVocabulary = 12;  // words; loggers have at most eight levels, some spelt in two ways
    const double levels = share(p, TokenClass::kLevel);
    return levels > kMostlyShare ||
           (levels > kHalfShare && at(p).distinct() <= kVocabulary && at(p).have >= kSteadyShare * columns_.rows());
  }

  /// True if the tokens at `p` tell that the header reaches this far. `end` is where it reached before.
  [[nodiscard]] bool is_tell_tale(std::size_t p, std::size_t end) const {
    if (share(p, TokenClass::kTime) > kMostlyShare || share(p, TokenClass::kLetter) > kSureShare ||
        is_level_column(p)) {
      return true;
    }
    // Numbers count next to what is known already: further back, or behind a constant word, or at the end of the line
    // they belong to the message.
    if (share(p, TokenClass::kNumber) <= kSteadyShare || p > end + 3 || at(p + 1).have < columns_.rows() / 2) {
      return false;
    }
    for (std::size_t q = end; q < p; ++q) {
      if (columns_.main_class(q) == TokenClass::kWord && at(q).distinct() == 1) {
        return false;
      }
    }
    return p == end || at(p).distinct() > 1;
  }

  void find_anchor() {
    constexpr std::size_t kReach = 12;  // positions; two less than are counted, for what is asked behind the last
    for (std::size_t p = 0; p < kReach; ++p) {
      if (!is_tell_tale(p, anchor_)) {
        continue;
      }
      for (std::size_t q = anchor_; q < p; ++q) {
        if (!columns_.steady(q)) {
          return;  // it would be reached over free text
        }
        if (share(q, TokenClass::kName) > kNameShare && q + 1 < p) {
          return;  // a name with its colon ends a header, unless the next thing tells at once
        }
      }
      anchor_ = p + 1;
    }
  }

  /// The bracket of a bracketed step; empty for the usual ones.
  [[nodiscard]] std::string opening(std::size_t p) const {
    return at(p).angles > at(p).have / 2 ? "<" : at(p).braces > at(p).have / 2 ? "{" : "";
  }

  void add_column(std::size_t p) {
    Part part;
    part.column = p;
    switch (columns_.main_class(p)) {
      case TokenClass::kTime:
        part.step.kind = Kind::kTimestamp;
        if (at(p).first_over_12 > 0 && at(p).second_over_12 == 0) {
          part.step.literal = "day-first";
        }
        break;
      case TokenClass::kSeparator:
        part.step.kind = Kind::kSeparator;
        break;
      case TokenClass::kOpen:
        part.step.kind = Kind::kBracketed;
        part.step.literal = opening(p);
        break;
      case TokenClass::kLevel:
        if (at(p).level_pairs > at(p).have / 2) {
          part.step.kind = Kind::kLevelPair;
          break;
        }
        part.step.kind = at(p).bracketed > at(p).have / 2 ? Kind::kBracketed : Kind::kToken;
        break;
      default:
        break;
    }
    parts_.push_back(std::move(part));
  }

  void add_tail_step(std::size_t p, Kind kind, HeaderField field = HeaderField::kSkip, std::string literal = {}) {
    parts_.push_back({{kind, field, std::move(literal)}, p, false});
  }

  void add_tail_word(std::size_t p) { parts_.push_back({{}, p, true}); }

  [[nodiscard]] bool tail_has(Kind kind) const {
    return std::any_of(parts_.begin() + static_cast<std::ptrdiff_t>(anchor_), parts_.end(),
                       [kind](const Part& part) { return part.step.kind == kind; });
  }

  /// A tiny vocabulary of capitals, such as the subsystem in front of a message.
  [[nodiscard]] bool is_capital_vocabulary(std::size_t p) const {
    constexpr std::size_t kTiny = 3;          // more words of capitals are text
    constexpr double kNearlyAllShare = 0.99;  // a tail has no other sign, so hardly a line may differ
    return at(p).distinct() <= kTiny && at(p).distinct() > 1 && at(p).have == columns_.rows() &&
           share(p, TokenClass::kWord) > kNearlyAllShare && at(p).capitals == at(p).have;
  }

  /// One word of a few that another column follows or that a comma parts from it: "NETWORK  [conn12] ...",
  /// "2024-05-06 08:09:10, INFO, mailer, ...".
  [[nodiscard]] bool is_listed_word(std::size_t p) const {
    const std::uint32_t rows = columns_.rows();
    if (columns_.main_class(p) != TokenClass::kWord || at(p).distinct() < 2 || !columns_.steady(p) ||
        !are_few(at(p).distinct(), rows)) {
      return false;
    }
    const auto comma_at = [&](std::size_t q) { return at(q).commas > kUsualShare * rows; };
    return (comma_at(p) && comma_at(p - 1)) || share(p + 1, TokenClass::kOpen) > kUsualShare;
  }

  /// Share of lines with a dash alone at `p`.
  [[nodiscard]] double dashes(std::size_t p) const {
    if (p >= HeaderColumns::kWidth) {
      return 0;
    }
    const auto dash = at(p).values.find("-");
    return dash == at(p).values.end() ? 0 : share_of(dash->second, columns_.rows());
  }

  /// Dotted names, among which a few plain ones are known by the group behind them.
  [[nodiscard]] bool is_dotted_column(std::size_t p) const {
    const double dotted = share(p, TokenClass::kDotted);
    constexpr double kDottedShare = 0.8;
    return (dotted > kHalfShare && dotted + share(p, TokenClass::kName) > kSureShare) ||
           (dotted > kDottedShare && share(p + 1, TokenClass::kOpen) > kUsualShare);
  }

  /// One more step of the tail at position `p`; false if the message begins there.
  bool add_tail_at(std::size_t p, bool& last) {
    // "name - message" and "two words - message": a dash comes soon in nearly every line, and at once in many.
    constexpr double kDashAtOnceShare = 0.3;
    constexpr double kSeparatorShare = 0.05;
    const bool anchored = anchor_ > 0;
    if (share(p, TokenClass::kOpen) > kUsualShare) {
      add_tail_step(p, Kind::kBracketed, HeaderField::kSkip, opening(p));
    } else if (anchored && at(p).named_numbers > kUsualShare * columns_.rows() &&
               share(p + 1, TokenClass::kOpen) > kUsualShare) {
      add_tail_step(p, Kind::kToken, HeaderField::kComponent);
    } else if (share(p, TokenClass::kSeparator) > kUsualShare) {
      add_tail_step(p, Kind::kSeparator);
    } else if (share(p, TokenClass::kName) > kNameShare && !(tail_has(Kind::kDottedName) && at(p).distinct() == 1)) {
      add_tail_step(p, Kind::kNameColon, HeaderField::kComponent);
      last = true;
    } else if (anchored && share(p, TokenClass::kClose) > kUsualShare) {
      add_tail_step(p, Kind::kUntilChar, HeaderField::kComponent, "]");
      last = true;
    } else if (anchored && share(p, TokenClass::kSeparator) < kSeparatorShare && dashes(p + 1) > kDashAtOnceShare &&
               dashes(p + 1) + dashes(p + 2) > kUsualShare) {
      add_tail_step(p, Kind::kUntilDash, HeaderField::kComponent);
      last = true;
    } else if (is_dotted_column(p)) {
      add_tail_step(p, Kind::kDottedName);
    } else if (anchored &&
               ((share(p + 1, TokenClass::kName) > kNameShare && columns_.steady(p)) || is_capital_vocabulary(p))) {
      add_tail_word(p);
    } else if (anchored && is_listed_word(p)) {
      add_tail_step(p, Kind::kToken);
    } else {
      return false;
    }
    return true;
  }

  void add_tail() {
    constexpr std::size_t kMaxTail = 5;  // steps; no public log has more
    bool last = false;
    for (std::size_t p = anchor_; p < anchor_ + kMaxTail && p < HeaderColumns::kWidth && !last; ++p) {
      if (!add_tail_at(p, last)) {
        return;
      }
    }
  }

  /// Of several time columns the one that says most, on average.
  void assign_time() {
    double best = 0;
    for (std::size_t i = 0; i < anchor_; ++i) {
      const HeaderColumn& column = at(parts_[i].column);
      const double score = share_of(column.time_score, column.have);
      if (parts_[i].step.kind == Kind::kTimestamp && score > best) {
        best = score;
        time_ = i;
      }
    }
    if (best > 0) {
      parts_[time_].step.field = HeaderField::kTime;
    } else {
      time_ = anchor_;
    }
  }

  void assign_level() {
    level_ = anchor_;
    for (const TokenClass wanted : {TokenClass::kLevel, TokenClass::kLetter}) {
      for (std::size_t i = 0; i < anchor_; ++i) {
        if (columns_.main_class(parts_[i].column) == wanted) {
          parts_[i].step.field = HeaderField::kLevel;
          level_ = i;
          return;
        }
      }
    }
  }

  [[nodiscard]] bool is_unassigned(std::size_t i) const {
    const HeaderStep& step = parts_[i].step;
    return step.field == HeaderField::kSkip && step.kind != Kind::kTimestamp && step.kind != Kind::kSeparator;
  }

  void assign_pid() {
    const std::size_t from = time_ < anchor_ ? time_ + 1 : 0;
    for (std::size_t k = 0; k < parts_.size(); ++k) {
      const std::size_t i = (from + k) % parts_.size();  // behind the time, else before it
      const HeaderColumn& column = at(parts_[i].column);
      const bool number =
          (i < anchor_ && columns_.main_class(parts_[i].column) == TokenClass::kNumber && column.distinct() > 2) ||
          column.close_numbers > kUsualShare * column.have;
      const bool group = parts_[i].step.kind == Kind::kBracketed && column.bracket_numbers > kUsualShare * column.have;
      if (is_unassigned(i) && (number || group)) {
        parts_[i].step.field = HeaderField::kPid;
        return;
      }
    }
  }

  /// A plain word (or dotted name) of the positional columns that is not shut in by separators.
  /// "0x1f4a": a thread or an activity, never a host.
  [[nodiscard]] static bool shows_hex(const HeaderColumn& column) {
    return !column.values.empty() && column.values.begin()->first.starts_with("0x");
  }

  [[nodiscard]] bool is_plain_word(std::size_t i) const {
    const auto is_separator_at = [this](std::size_t k) {
      return k < parts_.size() && parts_[k].step.kind == Kind::kSeparator;
    };
    const TokenClass main = columns_.main_class(parts_[i].column);
    const HeaderColumn& column = at(parts_[i].column);
    return is_unassigned(i) && (main == TokenClass::kWord || main == TokenClass::kDotted) &&
           !(i > 0 && is_separator_at(i - 1) && is_separator_at(i + 1)) && column.accounts < column.have / 2 + 1 &&
           column.capitals < column.have / 2 + 1 && column.file_names < column.have / 2 + 1 && !shows_hex(column);
  }

  /// A steady identifier: behind the time and before the level, in front of the name, or else before the time.
  void assign_host() {
    for (std::size_t i = anchor_; i < parts_.size(); ++i) {
      const HeaderColumn& column = at(parts_[i].column);
      const bool dotted_host = parts_[i].step.kind == Kind::kDottedName && i + 1 < parts_.size() &&
                               parts_[i + 1].step.kind == Kind::kNameColon && level_ == anchor_;
      if (dotted_host || (parts_[i].tail_word && column.capitals < column.have / 2 + 1)) {
        parts_[i].step.field = HeaderField::kHost;
        return;
      }
    }
    for (std::size_t i = time_ + 1; i < level_ && i < anchor_; ++i) {
      if (is_plain_word(i)) {
        parts_[i].step.field = HeaderField::kHost;
        return;
      }
    }
    for (std::size_t i = 0; i < time_ && time_ < anchor_; ++i) {
      if (is_plain_word(i)) {
        parts_[i].step.field = HeaderField::kHost;
        return;
      }
    }
  }

  [[nodiscard]] bool has_component() const {
    return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
      return part.step.field == HeaderField::kComponent || part.step.kind == Kind::kLevelPair;
    });
  }

  /// A name ended by a colon or dotted; else the most varied word left; else a group that holds a name.
  void assign_component() {
    if (has_component()) {
      return;
    }
    std::size_t best = parts_.size();
    double best_score = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const HeaderColumn& column = at(parts_[i].column);
      const TokenClass main = columns_.main_class(parts_[i].column);
      if (!is_unassigned(i) || column.file_names > column.have / 2) {
        continue;
      }
      double score = 0;
      if (parts_[i].step.kind == Kind::kDottedName || main == TokenClass::kDotted) {
        score = 4;  // above every word, whose score is at most 3
      } else if (parts_[i].step.kind == Kind::kToken && main == TokenClass::kWord) {
        // a name seldom holds digits; a node or a rack does
        score = (column.digits > column.have / 2 ? 0.5 : 2) + share_of(column.distinct(), column.have);
      } else if (parts_[i].step.kind == Kind::kBracketed && column.bracket_names > kUsualShare * column.have) {
        // below the words with digits
        score = column.digits > column.have / 2 ? 0.4 : 1;
      }
      if (score > best_score) {
        best = i;
        best_score = score;
      }
    }
    if (best < parts_.size()) {
      parts_[best].step.field = HeaderField::kComponent;
    }
  }

  const HeaderColumns& columns_;
  std::vector<Part> parts_;
  std::size_t anchor_ = 0;  // number of positional columns
  std::size_t time_ = 0;    // index of the time column; anchor_: none
  std::size_t level_ = 0;   // likewise
};

}  // namespace

double agreement_of(const HeaderPlan& plan, std::span<const std::string_view> sample) {
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime parsed;
  std::size_t lines = 0;
  std::size_t full = 0;
  for (const std::string_view line : sample) {
    if (!trim(line).empty()) {
      ++lines;
      parser.parse(line, arena, header, parsed);
      full += header.quality == HeaderQuality::kFull ? 1U : 0U;
    }
  }
  return share_of(full, lines);
}

HeaderPlan detect_layout(std::span<const std::string_view> sample, std::size_t inner_left) {
  HeaderPlan plan;
  const std::vector<std::string_view> lines = usable_lines(sample);
  if (const auto kind = kind_by_first_bytes(sample); kind != HeaderPlan::Kind::kNone) {
    plan.kind = kind;
  } else if (is_json_log(sample)) {
    plan.kind = HeaderPlan::Kind::kJson;
    plan.steps = shaping_keys(plan.kind, sample);
  } else if (is_logfmt_log(lines)) {
    plan.kind = HeaderPlan::Kind::kLogfmt;
    plan.steps = shaping_keys(plan.kind, lines);
  } else if (!lines.empty()) {
    std::optional<HeaderPlan> delimited = plan_delimited('|', lines);
    if (!delimited) {
      delimited = plan_delimited('\t', lines);
    }
    if (!delimited) {
      delimited = plan_level_colon(lines);
    }
    if (delimited) {
      plan = *std::move(delimited);
    } else {
      const HeaderColumns columns(without_payloads(lines));
      plan = ColumnPlanner(columns).plan();
    }
    plan.kind = HeaderPlan::Kind::kSteps;
    if (!plan.steps.empty() && has_optional_pairs(plan, sample)) {
      plan.steps.push_back({Kind::kPairs, HeaderField::kSkip, {}});
    }
  }
  plan.name = "auto";
  find_inner_plan(plan, sample, inner_left);
  if (plan.kind != HeaderPlan::Kind::kNone) {
    plan.agreement = agreement_of(plan, sample);
  }
  return plan;
}

}  // namespace logdetect
