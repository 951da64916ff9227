#include "report/record_json.h"

#include <optional>

#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/json_object.h"

namespace logdetect {
namespace {

void append_time_member(JsonObject& object, std::string_view name, bool known, Micros time) {
  std::string& out = object.value(name);
  if (!known) {
    out += "null";
    return;
  }
  out += '"';
  append_rfc3339(out, time);
  out += '"';
}

void append_bound(std::string& out, const std::optional<double>& bound) {
  if (bound) {
    append_json_number(out, *bound);
  } else {
    out += "null";
  }
}

void append_reason_json(std::string& out, const Reason& reason) {
  JsonObject object(out);
  object.text("kind", reason.kind);
  object.text("feature", reason.feature);
  object.text("unit", reason.unit);
  object.number("observed", reason.observed);
  std::string& expected = object.value("expected");
  if (reason.expected_low || reason.expected_high) {
    expected += '[';
    append_bound(expected, reason.expected_low);
    expected += ',';
    append_bound(expected, reason.expected_high);
    expected += ']';
  } else {
    expected += "null";
  }
  object.number("share", reason.share);
  object.text("text", reason.sentence);
}

void append_detectors_json(std::string& out, std::span<const DetectorScore> scores,
                           std::span<const std::string> names) {
  JsonObject object(out);
  for (const DetectorScore& score : scores) {
    JsonObject member(object.value(detector_label(score.detector, names)));
    member.number("raw", score.raw);
    member.number("surprise", score.surprise);
  }
}

void append_bout_json(std::string& out, const Finding& finding) {
  if (!finding.bout) {
    out += "null";
    return;
  }
  const Bout& bout = *finding.bout;
  const bool burst = bout.kind == BoutKind::kBurst;
  JsonObject object(out);
  object.text("kind", bout_name(bout.kind));
  append_time_member(object, "start", finding.has_time, bout.start);
  append_time_member(object, "peak", finding.has_time && burst, bout.peak);
  // A bout has no end while it goes on, nor when the log ended before it did.
  append_time_member(object, "end", finding.has_time && bout.over, bout.end);
  // result_reader.cc takes the window out of these words.
  object.text("unit", burst ? "lines in " + std::to_string(bout.window_seconds) + " s" : "s between two lines");
  object.number("observed", bout.observed);
  std::string& usual = object.value("usual");
  usual += '[';
  append_json_number(usual, bout.usual_low);
  usual += ',';
  append_json_number(usual, bout.usual_high);
  usual += ']';
  object.number("lines", bout.lines);
}

// Empty for an incident that keeps no findings.
std::string_view id_at(const Incident& incident, std::size_t index) {
  return index < incident.findings.size() ? std::string_view(incident.findings[index].id) : std::string_view();
}

}  // namespace

std::string detector_label(DetectorId id, std::span<const std::string> names) {
  return id.value() < names.size() ? names[id.value()] : "detector_" + std::to_string(id.value());
}

void append_header_json(std::string& out, const RunHeader& header) {
  JsonObject object(out);
  object.text("type", "header");
  object.text("schema", kResultSchema);
  object.text("version", header.version);
  object.text("command", header.command);
  object.text("model", header.model_id);
  object.optional_text("model_trained", header.model_trained);
  object.texts("inputs", header.inputs);
  object.texts("detectors", header.detector_names);
  object.number("threshold", header.threshold);
}

void append_finding_json(std::string& out, const Finding& finding, std::string_view incident,
                         std::span<const std::string> detector_names) {
  JsonObject object(out);
  object.text("type", "finding");
  object.text("id", finding.id);
  object.optional_text("incident", finding.incident_id.empty() ? incident : std::string_view(finding.incident_id));
  append_time_member(object, "time", finding.has_time, finding.time);
  object.text("source", finding.source);
  object.number("line", finding.position.line);
  object.number("last_line", finding.position.line + finding.line_count - (finding.line_count > 0 ? 1U : 0U));
  object.number("offset", finding.position.offset);
  object.boolean("truncated", finding.truncated);
  object.optional_text("level", finding.level == Level::kUnknown ? std::string_view() : level_name(finding.level));
  object.number("score", finding.verdict.score);
  object.number("surprise", finding.verdict.surprise);
  object.number("threshold", finding.verdict.threshold);
  if (finding.template_id.valid()) {
    object.number("template_id", std::uint64_t{finding.template_id.value()});
  } else {
    object.value("template_id") += "null";
  }
  object.text("template", finding.template_text);
  object.boolean("new_template", finding.new_template);
  object.optional_text("nearest_template", finding.nearest_template);
  object.number("count", finding.count);
  // Only a repeat or a bout has a last time of its own.
  append_time_member(object, "last_time", finding.has_time,
                     finding.count > 1 || finding.bout ? finding.last_time : finding.time);
  object.optional_text("host", finding.host);
  object.optional_text("component", finding.component);
  object.optional_text("session", finding.session_name);
  object.boolean("whole_session", finding.whole_session);
  append_bout_json(object.value("bout"), finding);
  if (finding.whole_session) {
    object.text("session_cause", finding.session_cause);
  }
  object.text("message", finding.message);
  append_detectors_json(object.value("detectors"), finding.detectors, detector_names);
  object.list("reasons", finding.reasons, append_reason_json);
  object.texts("context", finding.context_before);
}

void append_incident_json(std::string& out, const Incident& incident) {
  JsonObject object(out);
  object.text("type", "incident");
  object.text("id", incident.id);
  append_time_member(object, "first", incident.has_time, incident.first);
  append_time_member(object, "last", incident.has_time, incident.last);
  object.number("score", incident.peak_score);
  object.text("severity", severity_name(incident.severity));
  object.text("title", incident.title);
  object.boolean("deployment", incident.deployment);
  object.number("count", incident.count);
  object.number("templates", incident.template_count);
  object.number("templates_dropped", incident.findings_dropped);
  object.texts("hosts", incident.hosts);
  object.texts("components", incident.components);
  object.optional_text("first_finding", id_at(incident, incident.first_finding));
  object.optional_text("worst_finding", id_at(incident, incident.worst_finding));
}

void append_drift_json(std::string& out, const Drift& drift) {
  JsonObject object(out);
  object.text("state", drift_name(drift.state));
  object.number("unmatched_share", drift.unmatched_share);
  object.number("unparsed_share", drift.unparsed_share);
  object.number("new_templates_per_1000", drift.new_templates_per_1000);
  object.number("usual_unmatched_share", drift.usual_unmatched_share);
  object.number("usual_new_templates_per_1000", drift.usual_new_templates_per_1000);
}

void append_summary_json(std::string& out, const RunSummary& summary) {
  JsonObject object(out);
  object.text("type", "summary");
  object.number("bytes", summary.bytes);
  object.number("lines", summary.lines);
  object.number("records", summary.records);
  object.number("records_known", summary.records_known);
  object.number("records_new", summary.records_new);
  object.number("records_unparsed", summary.records_unparsed);
  object.number("records_dropped", summary.records_dropped);
  object.number("records_bare", summary.records_bare);
  object.number("records_truncated", summary.records_truncated);
  object.number("records_without_time", summary.records_without_time);
  object.number("records_late", summary.records_late);
  object.number("invalid_utf8", summary.invalid_utf8);
  object.number("templates_known", summary.templates_known);
  object.number("templates_new", summary.templates_new);
  object.number("templates_evicted", summary.templates_evicted);
  object.number("anomalies", summary.anomalies);
  object.number("acknowledged", summary.acknowledged);
  object.number("habitual", summary.habitual);
  object.number("sessions", summary.sessions);
  object.number("sessions_anomalous", summary.sessions_anomalous);
  object.number("sessions_acknowledged", summary.sessions_acknowledged);
  object.number("incidents", summary.incidents);
  object.number("inputs_skipped", summary.inputs_skipped);
  append_time_member(object, "first_time", summary.has_time, summary.first_time);
  append_time_member(object, "last_time", summary.has_time, summary.last_time);
  append_drift_json(object.value("drift"), summary.drift);
}

}  // namespace logdetect
