#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxLiteral = 256;
// In the place of the kind: the inner plan stands before the plan it belongs to.
constexpr std::uint8_t kInnerFollows = 255;
constexpr auto kLastKind = HeaderStep::Kind::kDottedName;

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
      return open + name + (open == '(' ? ')' : open == '<' ? '>' : ']');
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
    case HeaderStep::Kind::kTimestamp:
    case HeaderStep::Kind::kToken:
    case HeaderStep::Kind::kDottedName:
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
}

namespace {

Result<HeaderPlan> load_plan(ByteReader& in, std::size_t inner_left) {
  HeaderPlan plan;
  std::uint8_t kind = in.u8();
  if (kind == kInnerFollows) {
    if (inner_left == 0) {
      return make_error(ErrorCode::kModel, "the header plan is broken");
    }
    LD_ASSIGN(HeaderPlan inner, load_plan(in, inner_left - 1));
    plan.inner.push_back(std::move(inner));
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
  }
  if (!in.ok()) {
    return make_error(ErrorCode::kModel, "the header plan is broken");
  }
  plan.kind = static_cast<HeaderPlan::Kind>(kind);
  return plan;
}

}  // namespace

Result<HeaderPlan> HeaderPlan::load(ByteReader& in) {
  return load_plan(in, kMaxInner);
}

std::string HeaderPlan::describe() const {
  if (!inner.empty()) {
    HeaderPlan outer = *this;
    outer.inner.clear();
    return outer.describe() + ", in its message: " + inner.front().describe();
  }
  switch (kind) {
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
  std::string text;
  bool glued = true;  // whether the next step follows without a blank
  for (const HeaderStep& step : steps) {
    const bool literal = step.kind == HeaderStep::Kind::kLiteral;
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
  return text + (glued ? "<message>" : " <message>");
}

}  // namespace logdetect
