// Lines of several layouts in one log: the sample is divided by how its lines show their time (position and form), and
// by JSON and key=value; each part large enough is looked at on its own.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "logdetect/lexis/ansi.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/parsing/header.h"
#include "parsing/field_list.h"
#include "parsing/header_inner.h"
#include "parsing/header_layout.h"
#include "parsing/json_line.h"
#include "parsing/logfmt_line.h"
#include "parsing/token_class.h"

namespace logdetect {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kFewestLines = 10;   // a group of fewer says too little
constexpr double kFewestShare = 0.02;      // likewise
constexpr double kStructuredShare = 0.8;   // as much JSON among text is a JSON log with stray lines
constexpr double kReadsGroup = 0.7;        // share of its group a plan must read in full
constexpr std::size_t kTimePositions = 5;  // a time further back belongs to the message
constexpr std::size_t kMaxFormBytes = 48;

/// "2024-05-06 08:09:10" -> "9-9-9 9:9:9": the form of a timestamp without its fraction, which some loggers leave out
/// where it is zero.
std::string form_of(std::string_view time) {
  std::string form;
  int clocks = 0;
  for (const char c : time.substr(0, kMaxFormBytes)) {
    const char kind = is_digit(c) ? '9' : is_alpha(c) ? 'a' : is_blank(c) ? ' ' : c;
    clocks += kind == ':' ? 1 : 0;
    if (clocks == 2 && (kind == '.' || kind == ',')) {
      break;
    }
    if (form.empty() || form.back() != kind) {
      form += kind;
    }
  }
  return form;
}

/// What lines of one layout have in common.
class Shapes {
 public:
  /// "" for a line that shows nothing of a header.
  std::string of(std::string_view line) {
    const std::string_view trimmed = trim(line);
    if (trimmed.empty()) {
      return {};
    }
    fields_.clear();
    if (trimmed.front() == '{' && json_.read(trimmed, fields_) && fields_.size() > 0) {
      return "json";
    }
    classify_line(line.substr(0, line.find('\n')), kTimePositions, tokens_);
    for (std::size_t p = 0; p < tokens_.size(); ++p) {
      if (tokens_[p].kind == TokenClass::kTime) {
        return std::to_string(p) + form_of(tokens_[p].text);
      }
    }
    fields_.clear();
    // A first key, behind no more than a time and a level.
    if (line.find('=') < 64 && read_logfmt(line, fields_) &&
        (fields_.has(KeyRole::kMessage) || fields_.has(KeyRole::kLevel) || fields_.has(KeyRole::kTime))) {
      return "logfmt";
    }
    return {};
  }

 private:
  JsonLine json_;
  FieldList fields_;
  std::vector<HeaderToken> tokens_;
};

bool is_structured(const HeaderPlan& plan) {
  return plan.kind != HeaderPlan::Kind::kNone && plan.kind != HeaderPlan::Kind::kSteps &&
         plan.kind != HeaderPlan::Kind::kMixed;
}

bool has_field(const HeaderPlan& plan, HeaderField field) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [field](const HeaderStep& s) { return s.field == field; });
}

/// Which part is asked first: what proves itself by its first bytes, then the columns that are hardest to fit;
/// key=value takes nearly anything with a '=' in it.
auto order_of(const HeaderPlan& plan) {
  const int kind = plan.kind == HeaderPlan::Kind::kLogfmt ? 2 : is_structured(plan) ? 0 : 1;
  const int told = (has_field(plan, HeaderField::kLevel) ? 2 : 0) + (has_field(plan, HeaderField::kTime) ? 1 : 0);
  return std::tuple(kind, -told, -static_cast<int>(plan.steps.size()));
}

bool same_layout(const HeaderPlan& a, const HeaderPlan& b) {
  return a.kind == b.kind && a.describe() == b.describe();
}

/// True if a plan tells enough to be one of several.
bool is_telling(const HeaderPlan& plan) {
  return is_structured(plan) || has_field(plan, HeaderField::kTime) || has_field(plan, HeaderField::kLevel);
}

void add_part(HeaderPlan& mixed, const HeaderPlan& part) {
  const bool known = std::any_of(mixed.parts.begin(), mixed.parts.end(),
                                 [&part](const HeaderPlan& other) { return same_layout(other, part); });
  if (!known && mixed.parts.size() < HeaderPlan::kMaxParts) {
    mixed.parts.push_back(part);
  }
}

/// One part alone needs no mixing.
HeaderPlan settle(HeaderPlan mixed) {
  if (mixed.parts.size() == 1) {
    return std::move(mixed.parts.front());
  }
  std::stable_sort(mixed.parts.begin(), mixed.parts.end(),
                   [](const HeaderPlan& a, const HeaderPlan& b) { return order_of(a) < order_of(b); });
  return mixed;
}

HeaderPlan empty_mix() {
  HeaderPlan mixed;
  mixed.kind = HeaderPlan::Kind::kMixed;
  mixed.name = "auto";
  return mixed;
}

/// The groups worth a plan of their own, the largest first.
std::vector<Lines> groups_of(std::span<const std::string_view> sample, bool& structured) {
  Shapes shapes;
  std::map<std::string, Lines> by_shape;
  std::size_t lines = 0;
  for (const std::string_view line : sample) {
    if (!trim(line).empty()) {
      ++lines;
      by_shape[shapes.of(line)].push_back(line);
    }
  }
  by_shape.erase("");
  const auto enough = static_cast<std::size_t>(kFewestShare * static_cast<double>(lines));
  structured = false;
  std::vector<Lines> groups;
  for (auto& [shape, members] : by_shape) {
    if (members.size() >= std::max(enough, kFewestLines)) {
      const double share = static_cast<double>(members.size()) / static_cast<double>(lines);
      structured = structured || ((shape == "json" || shape == "logfmt") && share <= kStructuredShare);
      groups.push_back(std::move(members));
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Lines& a, const Lines& b) { return a.size() > b.size(); });
  return groups;
}

HeaderPlan detect(std::span<const std::string_view> sample) {
  if (kind_by_first_bytes(sample) != HeaderPlan::Kind::kNone) {
    return detect_layout(sample);  // envelopes: what differs is inside them
  }
  bool structured = false;
  const std::vector<Lines> groups = groups_of(sample, structured);
  if (groups.size() < 2 && !structured) {
    return detect_layout(sample);
  }
  HeaderPlan mixed = empty_mix();
  for (const Lines& group : groups) {
    const HeaderPlan plan = detect_layout(group);
    if (is_telling(plan) && plan.agreement >= kReadsGroup) {
      add_part(mixed, plan);
    }
  }
  if (mixed.parts.empty() || (mixed.parts.size() == 1 && !is_structured(mixed.parts.front()))) {
    return detect_layout(sample);
  }
  mixed = settle(std::move(mixed));
  mixed.agreement = agreement_of(mixed, sample);
  return mixed;
}

}  // namespace

HeaderPlan detect_header(std::span<const std::string_view> sample) {
  if (std::none_of(sample.begin(), sample.end(), has_escapes)) {
    return detect(sample);
  }
  Arena plain;
  Lines lines;
  lines.reserve(sample.size());
  for (const std::string_view line : sample) {
    lines.push_back(without_escapes(line, plain));
  }
  return detect(lines);
}

HeaderPlan mix_plans(const HeaderPlan& first, const HeaderPlan& second) {
  HeaderPlan mixed = empty_mix();
  for (const HeaderPlan* plan : {&first, &second}) {
    if (plan->kind == HeaderPlan::Kind::kMixed) {
      for (const HeaderPlan& part : plan->parts) {
        add_part(mixed, part);
      }
    } else if (is_telling(*plan) || plan == &first) {
      add_part(mixed, *plan);
    }
  }
  mixed = settle(std::move(mixed));
  mixed.agreement = std::max(first.agreement, second.agreement);
  return mixed;
}

}  // namespace logdetect
