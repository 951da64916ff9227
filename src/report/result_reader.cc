#include "report/result_reader.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "report/record_json.h"

namespace logdetect {
namespace {

using Json = nlohmann::json;

// A result is nested five deep. The bounds keep a hostile file from using up stack or memory.
constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxRelated = 1000;
constexpr std::size_t kIdsRemembered = 200'000;
constexpr std::uint64_t kMaxLines = 1'000'000'000;  // of one record
constexpr std::size_t kMaxIdBytes = 64;             // of an id that is asked for, and of a text that a message quotes

// ---- Fields, tolerant of what is missing or of another type -----------------------------------------------------

const Json& member(const Json& object, const char* name) {
  static const Json null;
  if (!object.is_object()) {
    return null;
  }
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

std::string text_of(const Json& value) {
  const auto* text = value.get_ptr<const Json::string_t*>();
  return text == nullptr ? std::string() : *text;
}
std::string text_at(const Json& object, const char* name) {
  return text_of(member(object, name));
}
double number_at(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_number() ? value.get<double>() : 0;
}
std::uint64_t count_at(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}
bool flag_at(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_boolean() && value.get<bool>();
}
std::optional<double> number_in(const Json& array, std::size_t index) {
  if (!array.is_array() || index >= array.size() || !array[index].is_number()) {
    return std::nullopt;
  }
  return array[index].get<double>();
}
std::vector<std::string> texts_at(const Json& object, const char* name) {
  std::vector<std::string> texts;
  const Json& array = member(object, name);
  if (array.is_array()) {
    for (const Json& value : array) {
      texts.push_back(text_of(value));
    }
  }
  return texts;
}

template <typename Enum, typename Name>
Enum enum_named(std::string_view wanted, int count, Enum otherwise, Name name) {
  for (int i = 0; i < count; ++i) {
    if (name(static_cast<Enum>(i)) == wanted) {
      return static_cast<Enum>(i);
    }
  }
  return otherwise;
}

// A newer version, or a detector that is not built in here, may have written a reason that this one does not know.
bool is_reason_name(std::string_view text) {
  constexpr std::size_t kMostBytes = 64;  // of a result file that somebody else wrote
  return !text.empty() && text.size() <= kMostBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Reason read_reason(const Json& json) {
  Reason reason;
  if (std::string kind = text_at(json, "kind"); is_reason_name(kind)) {
    reason.kind = std::move(kind);
  }
  reason.feature = text_at(json, "feature");
  reason.unit = text_at(json, "unit");
  reason.observed = number_at(json, "observed");
  reason.expected_low = number_in(member(json, "expected"), 0);
  reason.expected_high = number_in(member(json, "expected"), 1);
  reason.share = number_at(json, "share");
  reason.sentence = text_at(json, "text");
  return reason;
}

void read_detectors(const Json& json, std::span<const std::string> names, Finding& finding) {
  for (std::size_t i = 0; i < names.size() && i < DetectorId::kNone; ++i) {
    const Json& score = member(json, names[i].c_str());
    if (score.is_object()) {
      finding.detectors.push_back({DetectorId(static_cast<DetectorId::rep>(i)),
                                   static_cast<float>(number_at(score, "raw")),
                                   static_cast<float>(number_at(score, "surprise"))});
    }
  }
}

std::optional<Bout> read_bout(const Json& json) {
  if (!json.is_object()) {
    return std::nullopt;
  }
  Bout bout;
  bout.kind = enum_named(text_at(json, "kind"), 2, BoutKind::kBurst, bout_name);
  bout.start = parse_rfc3339(text_at(json, "start")).value_or(0);
  bout.peak = parse_rfc3339(text_at(json, "peak")).value_or(0);
  const std::optional<Micros> end = parse_rfc3339(text_at(json, "end"));
  bout.over = end.has_value();
  bout.end = end.value_or(0);
  bout.observed = number_at(json, "observed");
  bout.usual_low = number_in(member(json, "usual"), 0).value_or(0);
  bout.usual_high = number_in(member(json, "usual"), 1).value_or(0);
  bout.lines = count_at(json, "lines");
  const std::string unit = text_at(json, "unit");
  constexpr std::string_view kLinesIn = "lines in ";
  if (unit.starts_with(kLinesIn)) {
    const char* const begin = unit.data() + kLinesIn.size();
    std::from_chars(begin, unit.data() + unit.size(), bout.window_seconds);
  }
  return bout;
}

Finding read_finding(const Json& json, std::span<const std::string> detector_names) {
  Finding finding;
  finding.id = text_at(json, "id");
  finding.incident_id = text_at(json, "incident");
  finding.source = text_at(json, "source");
  finding.position.line = count_at(json, "line");
  finding.position.offset = count_at(json, "offset");
  // "last_line" is only a claim: it may lie before "line", or far behind it.
  const std::uint64_t last_line = std::max(count_at(json, "last_line"), finding.position.line);
  finding.line_count =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(last_line - finding.position.line, kMaxLines) + 1);
  finding.truncated = flag_at(json, "truncated");
  const std::optional<Micros> time = parse_rfc3339(text_at(json, "time"));
  finding.has_time = time.has_value();
  finding.time = time.value_or(0);
  finding.last_time = parse_rfc3339(text_at(json, "last_time")).value_or(finding.time);
  finding.level = enum_named(text_at(json, "level"), kLevelCount, Level::kUnknown, level_name);
  finding.host = text_at(json, "host");
  finding.component = text_at(json, "component");
  finding.session_name = text_at(json, "session");
  finding.whole_session = flag_at(json, "whole_session");
  finding.bout = read_bout(member(json, "bout"));
  finding.session_cause = text_at(json, "session_cause");
  finding.message = text_at(json, "message");
  if (const std::uint64_t id = count_at(json, "template_id");
      member(json, "template_id").is_number_unsigned() && id < TemplateId::kNone) {
    finding.template_id = TemplateId(static_cast<TemplateId::rep>(id));
  }
  finding.template_text = text_at(json, "template");
  finding.new_template = flag_at(json, "new_template");
  finding.nearest_template = text_at(json, "nearest_template");
  finding.verdict = {number_at(json, "surprise"), number_at(json, "threshold"), number_at(json, "score"), true};
  finding.count = std::max<std::uint64_t>(count_at(json, "count"), 1);
  read_detectors(member(json, "detectors"), detector_names, finding);
  if (const Json& reasons = member(json, "reasons"); reasons.is_array()) {
    std::transform(reasons.begin(), reasons.end(), std::back_inserter(finding.reasons), read_reason);
  }
  finding.context_before = texts_at(json, "context");
  return finding;
}

Incident read_incident(const Json& json) {
  Incident incident;
  incident.id = text_at(json, "id");
  incident.severity = enum_named(text_at(json, "severity"), 4, Severity::kLow, severity_name);
  const std::optional<Micros> first = parse_rfc3339(text_at(json, "first"));
  incident.has_time = first.has_value();
  incident.first = first.value_or(0);
  incident.last = parse_rfc3339(text_at(json, "last")).value_or(incident.first);
  incident.peak_score = number_at(json, "score");
  incident.title = text_at(json, "title");
  incident.deployment = flag_at(json, "deployment");
  incident.count = count_at(json, "count");
  incident.template_count = count_at(json, "templates");
  incident.findings_dropped = count_at(json, "templates_dropped");
  incident.hosts = texts_at(json, "hosts");
  incident.components = texts_at(json, "components");
  return incident;
}

// ---- The records of a result, in either shape --------------------------------------------------------------------

// Deepest nesting of brackets outside strings, without recursion. Depth is checked before any parser sees the text.
int nesting(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

Error not_a_result(std::string message, std::size_t line) {
  return make_error(ErrorCode::kInput, std::move(message), line == 0 ? "result" : "result:" + std::to_string(line),
                    "give a file written by scan --format json or --format jsonl");
}

Result<Json> parse_bounded(std::string_view text, std::size_t line) {
  if (nesting(text) > kMaxDepth) {
    return not_a_result("JSON is nested too deeply", line);
  }
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    return not_a_result("not valid JSON, or cut off", line);
  }
  return json;
}

using Visit = std::function<void(const Json& record)>;

// JSON Lines, one record in memory at a time. Lines are counted from 1, for messages.
Result<void> visit_lines(std::string_view text, const Visit& visit) {
  std::size_t line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = text.substr(0, end);
    ++line;
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    LD_ASSIGN(const Json record, parse_bounded(content, line));
    visit(record);
  }
  return {};
}

// Both shapes of a result behind one loop.
class ResultText {
 public:
  static Result<ResultText> open(std::string_view text) {
    // JSON Lines begin with a header on a line of its own. Else the whole text is one document.
    const std::string_view first_line = text.substr(0, text.find('\n'));
    if (nesting(first_line) <= kMaxDepth) {
      const Json first = Json::parse(first_line, nullptr, false);
      if (first.is_object() && text_at(first, "type") == "header") {
        LD_TRY(check_schema(first));
        return ResultText(text, Json());
      }
    }
    LD_ASSIGN(Json document, parse_bounded(text, 0));
    if (!document.is_object() || !member(document, "records").is_array()) {
      return not_a_result("not a result of logdetect", 0);
    }
    LD_TRY(check_schema(document));
    return ResultText(text, std::move(document));
  }

  Result<void> each(const Visit& visit) const {
    if (document_.is_null()) {
      return visit_lines(text_, visit);
    }
    visit(member(document_, "header"));
    for (const Json& record : member(document_, "records")) {
      visit(record);
    }
    return {};
  }

 private:
  ResultText(std::string_view text, Json document) : text_(text), document_(std::move(document)) {}

  static Result<void> check_schema(const Json& json) {
    if (text_at(json, "schema") != kResultSchema) {
      return not_a_result("its schema is \"" + escape_for_terminal(text_at(json, "schema").substr(0, kMaxIdBytes)) +
                              "\", expected \"" + std::string(kResultSchema) + "\"",
                          0);
    }
    return {};
  }

  std::string_view text_;
  Json document_;  // null: JSON Lines
};

// ---- Ids ---------------------------------------------------------------------------------------------------------

// "f-1A2B" -> "F-1a2b", as ids are written.
std::string normalised(std::string_view id) {
  std::string out(id);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = out[i];
    if (i == 0 && c >= 'a' && c <= 'z') {
      out[i] = static_cast<char>(c - 'a' + 'A');
    } else if (i > 0 && c >= 'A' && c <= 'Z') {
      out[i] = static_cast<char>(c - 'A' + 'a');
    }
  }
  return out;
}

bool looks_like_id(std::string_view id) {
  constexpr std::size_t kLeastDigits = 4;
  return id.size() >= 2 + kLeastDigits && id.size() <= kMaxIdBytes &&
         (id.substr(0, 2) == "F-" || id.substr(0, 2) == "I-") &&
         id.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

std::string listed(const std::set<std::string>& ids, std::size_t limit) {
  std::string out;
  for (const std::string& id : ids) {
    if (limit-- == 0) {
      return out + ", ...";
    }
    out += (out.empty() ? "" : ", ") + escape_for_terminal(id.substr(0, kMaxIdBytes));
  }
  return out;
}

Error unknown_id(const std::string& id, const std::set<std::string>& ids) {
  std::string hint = "the result holds no findings";
  if (!ids.empty()) {
    std::vector<std::string_view> names(ids.begin(), ids.end());
    if (const std::string_view nearest = nearest_name(id, names); !nearest.empty()) {
      hint = "did you mean " + escape_for_terminal(nearest) + "?";
    } else {
      // The nearest in order: what shares the longest beginning stands around the place of `id`.
      auto at = ids.lower_bound(id);
      for (int back = 0; back < 2 && at != ids.begin(); ++back) {
        --at;
      }
      hint = "the nearest ids in it are " + listed(std::set<std::string>(at, ids.end()), 4);
    }
  }
  return make_error(ErrorCode::kUsage, "no finding or incident " + id + " in this result", {}, std::move(hint));
}

// The only id of the result that begins with what was asked for.
Result<std::string> full_id(const ResultText& result, std::string_view asked) {
  const std::string id = normalised(asked);
  if (!looks_like_id(id)) {
    return make_error(ErrorCode::kUsage, "\"" + escape_for_terminal(asked.substr(0, kMaxIdBytes)) + "\" is not an id",
                      {}, "ids look like F-1a2b3c4d5e6f or I-1a2b3c4d5e6f; the first 4 digits are enough");
  }
  std::set<std::string> matches;
  std::set<std::string> others;
  LD_TRY(result.each([&](const Json& record) {
    std::string other = text_at(record, "id");
    if (other.compare(0, id.size(), id) == 0) {
      matches.insert(std::move(other));
    } else if (!other.empty() && others.size() < kIdsRemembered) {
      others.insert(std::move(other));
    }
  }));
  if (matches.empty()) {
    return unknown_id(id, others);
  }
  if (matches.size() > 1 && matches.count(id) == 0) {
    return make_error(ErrorCode::kUsage, id + " begins more than one id", {}, "one of " + listed(matches, 5));
  }
  // An id that was typed in full sorts before those that it begins.
  return *matches.begin();
}

// Places of the findings that the incident names, in its list.
void point_to_findings(Incident& incident, const std::string& first, const std::string& worst) {
  for (std::size_t i = 0; i < incident.findings.size(); ++i) {
    if (incident.findings[i].id == first) {
      incident.first_finding = i;
    }
    if (incident.findings[i].id == worst) {
      incident.worst_finding = i;
    }
  }
}

}  // namespace

Result<FoundRecord> find_record(std::string_view result, std::string_view id) {
  LD_ASSIGN(const ResultText text, ResultText::open(result));
  LD_ASSIGN(const std::string wanted, full_id(text, id));
  FoundRecord found;
  std::string first_finding;
  std::string worst_finding;
  LD_TRY(text.each([&](const Json& record) {
    const std::string type = text_at(record, "type");
    if (type == "header") {  // stands first, so findings know the names
      found.detector_names = texts_at(record, "detectors");
    } else if (text_at(record, "id") != wanted) {
      return;
    } else if (type == "finding" && !found.finding) {
      found.finding = read_finding(record, found.detector_names);
    } else if (type == "incident" && !found.incident) {
      found.incident = read_incident(record);
      first_finding = text_at(record, "first_finding");
      worst_finding = text_at(record, "worst_finding");
    }
  }));
  if (!found.finding && !found.incident) {
    return not_a_result("the record " + wanted + " is neither a finding nor an incident", 0);
  }
  const std::string incident = found.finding ? found.finding->incident_id : wanted;
  std::vector<Finding>& findings = found.finding ? found.related : found.incident->findings;
  // A second pass: findings stand before their incident, and only the first pass tells which incident is meant.
  if (!incident.empty()) {
    LD_TRY(text.each([&](const Json& record) {
      if (findings.size() < kMaxRelated && text_at(record, "type") == "finding" &&
          text_at(record, "incident") == incident && (found.incident || text_at(record, "id") != wanted)) {
        findings.push_back(read_finding(record, found.detector_names));
      }
    }));
  }
  if (found.incident) {
    point_to_findings(*found.incident, first_finding, worst_finding);
  }
  return found;
}

}  // namespace logdetect
