#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxLiteral = 256;  // bytes; what a model may ask for
// In the place of the kind: the inner plan stands before the plan it belongs to.
constexpr std::uint8_t kInnerFollows = 255;
constexpr auto kLastKind = HeaderStep::Kind::kPairs;

std::string_view field_name(HeaderField field) {
  switch (field) {
    case HeaderField::kTime:
      return "<time>";
    case HeaderField::kLevel:
      return "<level>";
    case HeaderField::kHost:
      return "<host>";
    case HeaderField::kComponent:
      return "<component>";
    case HeaderField::kPid:
      return "<pid>";
    case HeaderField::kSkip:
      return "<skip>";
    case HeaderField::kMessage:
      return "<message>";
  }
  return "<skip>";
}

std::string describe_step(const HeaderStep& step) {
  std::string name(field_name(step.field));
  switch (step.kind) {
    case HeaderStep::Kind::kBracketed: {
      const char open = step.literal.empty() ? '[' : step.literal[0];
      return open + name + (open == '(' ? ')' : open == '<' ? '>' : open == '{' ? '}' : ']');
    }
    case HeaderStep::Kind::kNameColon:
      return name + ":";
    case HeaderStep::Kind::kSeparator:
      return "-";
    case HeaderStep::Kind::kUntilDash:
      return name + " -";
    case HeaderStep::Kind::kUntilChar:
      return name + step.literal;
    case HeaderStep::Kind::kLiteral:
      return step.literal;
    case HeaderStep::Kind::kLevelPair:
      return "<level>/<component>";
    case HeaderStep::Kind::kTimestamp:
    case HeaderStep::Kind::kToken:
    case HeaderStep::Kind::kDottedName:
    case HeaderStep::Kind::kPairs:
      break;
  }
  return name;
}

bool valid(const HeaderStep& step) {
  if (step.field == HeaderField::kMessage || step.literal.size() > kMaxLiteral) {
    return false;
  }
  const bool needs_literal = step.kind == HeaderStep::Kind::kUntilChar || step.kind == HeaderStep::Kind::kLiteral;
  return !needs_literal || !step.literal.empty();
}

}  // namespace

void HeaderPlan::save(ByteWriter& out) const {
  for (const HeaderPlan& plan : inner) {
    out.u8(kInnerFollows);
    plan.save(out);
  }
  out.u8(static_cast<std::uint8_t>(kind));
  out.str(name);
  out.u8(strict ? 1 : 0);
  out.u32(columns);
  out.f64(agreement);
  out.u64(steps.size());
  for (const HeaderStep& step : steps) {
    out.u8(static_cast<std::uint8_t>(step.kind));
    out.u8(static_cast<std::uint8_t>(step.field));
    out.str(step.literal);
  }
  if (kind == Kind::kMixed) {
    out.u64(parts.size());
    for (const HeaderPlan& part : parts) {
      part.save(out);
    }
  }
}

namespace {

HeaderPlan load_plan(ByteReader& in, std::size_t inner_left);

/// Reads a plan that is not mixed, or what a mixed one has beside its parts.
HeaderPlan load_fields(ByteReader& in, std::size_t inner_left) {
  HeaderPlan plan;
  std::uint8_t kind = in.u8();
  if (kind == kInnerFollows) {
    if (inner_left == 0) {
      in.fail("header plans inside one another are too many");
      return plan;
    }
    plan.inner.push_back(load_plan(in, inner_left - 1));
    kind = in.u8();
  }
  plan.name = std::string(in.str());
  plan.strict = in.u8() != 0;
  plan.columns = in.u32();
  plan.agreement = in.f64();
  const std::size_t n = in.count(6, HeaderPlan::kMaxSteps);
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    HeaderStep step;
    const std::uint8_t step_kind = in.u8();
    const std::uint8_t field = in.u8();
    step.literal = std::string(in.str());
    if (step_kind > static_cast<std::uint8_t>(kLastKind) || field > static_cast<std::uint8_t>(HeaderField::kMessage)) {
      in.fail("a step of the header is of no known kind");
      break;
    }
    step.kind = static_cast<HeaderStep::Kind>(step_kind);
    step.field = static_cast<HeaderField>(field);
    if (!valid(step)) {
      in.fail("a step of the header lacks its text");
      break;
    }
    plan.steps.push_back(std::move(step));
  }
  if (kind > static_cast<std::uint8_t>(HeaderPlan::Kind::kJournal) || plan.columns > plan.steps.size()) {
    in.fail("the header plan makes no sense");
    return plan;
  }
  plan.kind = static_cast<HeaderPlan::Kind>(kind);
  return plan;
}

HeaderPlan load_plan(ByteReader& in, std::size_t inner_left) {
  HeaderPlan plan = load_fields(in, inner_left);
  if (in.ok() && plan.kind == HeaderPlan::Kind::kMixed) {
    constexpr std::size_t kFewestBytes = 26;  // of a plan without a name and steps
    const std::size_t n = in.count(kFewestBytes, HeaderPlan::kMaxParts);
    for (std::size_t i = 0; i < n && in.ok(); ++i) {
      plan.parts.push_back(load_fields(in, inner_left));
      if (plan.parts.back().kind == HeaderPlan::Kind::kMixed) {
        in.fail("a mixed header plan holds another one");
      }
    }
    if (in.ok() && plan.parts.empty()) {
      in.fail("a mixed header plan is empty");
    }
  }
  return plan;
}

}  // namespace

Result<HeaderPlan> HeaderPlan::load(ByteReader& in) {
  HeaderPlan plan = load_plan(in, kMaxInner);
  if (!in.ok()) {
    return make_error(ErrorCode::kModel, "the header plan is broken");
  }
  return plan;
}

std::string HeaderPlan::describe() const {
  if (!inner.empty()) {
    HeaderPlan outer = *this;
    outer.inner.clear();
    return outer.describe() + ", in its message: " + inner.front().describe();
  }
  std::string text;
  switch (kind) {
    case Kind::kMixed:
      for (const HeaderPlan& part : parts) {
        text += (text.empty() ? "" : " | ") + part.describe();
      }
      return text;
    case Kind::kJson:
      return "JSON objects";
    case Kind::kLogfmt:
      return "key=value pairs";
    case Kind::kContainer:
      return "container lines";
    case Kind::kSyslog:
      return "syslog (RFC 5424)";
    case Kind::kCef:
      return "CEF events";
    case Kind::kJournal:
      return "journal entries";
    case Kind::kNone:
      return "<message>";
    case Kind::kSteps:
      break;
  }
  const bool pairs = !steps.empty() && steps.back().kind == HeaderStep::Kind::kPairs;
  bool glued = true;  // whether the next step follows without a blank
  for (const HeaderStep& step : steps) {
    const bool literal = step.kind == HeaderStep::Kind::kLiteral;
    if (step.kind == HeaderStep::Kind::kPairs) {
      break;
    }
    if (literal && step.literal == " ") {
      text += ' ';
      glued = true;
      continue;
    }
    if (!glued && !(strict && literal)) {
      text += ' ';
    }
    text += describe_step(step);
    glued = (step.kind == HeaderStep::Kind::kUntilChar && step.literal != "]") || (strict && literal);
  }
  return text + (glued ? "<message>" : " <message>") + (pairs ? " <key=value ...>" : "");
}

}  // namespace logdetect
