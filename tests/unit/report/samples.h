#pragma once

#include <string>
#include <vector>

#include "logdetect/base/check.h"
#include "logdetect/core/finding.h"
#include "logdetect/report/format.h"
#include "unit/report/string_output.h"

namespace logdetect::samples {

inline constexpr Micros kMorning = 1'705'290'135LL * kMicrosPerSecond;  // 2024-01-15T03:42:15Z

/// Text that tries to break out of every output: escape codes, C1, bidi, invalid UTF-8, NUL, quotes, line ends.
inline std::string hostile() {
  return std::string(
             "\x1b]0;owned\x07\x1b[31mred \xc2\x9b"
             "2J \xe2\x80\xaekcab\xe2\x80\xac \xff\xfe \xc0\xaf ") +
         std::string(1, '\0') + "\"quoted\", 'x' \\ \r\n=cmd|' /C calc'!A0\t<script>\xe2\x80\xa8 \xf0\x9f\x94\xa5";
}

/// The numbers of a reason.
struct Numbers {
  double observed = 0;
  double low = 0;   ///< of what is expected
  double high = 0;  ///< likewise
  double share = 0;
};

inline Reason reason(std::string_view kind, std::string feature, std::string unit, const Numbers& numbers,
                     std::string sentence) {
  Reason out;
  out.kind = kind;
  out.feature = std::move(feature);
  out.unit = std::move(unit);
  out.observed = numbers.observed;
  out.expected_low = numbers.low;
  out.expected_high = numbers.high;
  out.share = numbers.share;
  out.sentence = std::move(sentence);
  return out;
}

/// "Connection timeout to replica-2", 15 times, an ERROR of the component db on host db1.
inline Finding timeout_finding() {
  Finding finding;
  finding.id = "F-0123456789ab";
  finding.source = "app.log";
  finding.position = {SourceId(0), 98'765, 1'234, 71};
  finding.time = kMorning;
  finding.has_time = true;
  finding.level = Level::kError;
  finding.host = "db1";
  finding.component = "db";
  finding.message = "2024-01-15 03:42:15 ERROR [db] Connection timeout to replica-2";
  finding.template_id = TemplateId(17);
  finding.template_text = "Connection timeout to <*>";
  finding.verdict = {13.5, 4.5, 0.75, true};
  finding.detectors = {{DetectorId(0), 0.7F, 8.25F}, {DetectorId(1), 0.5F, 5.25F}};
  finding.reasons = {reason(reasons::kBurst, "burst_60s", "lines in 60 s", {47, 0, 5, 0.75},
                            "burst: 47 of these in 60 s (usual: 0 to 5)")};
  finding.context_before = {"2024-01-15 03:42:14 INFO [db] Ping replica-2"};
  finding.count = 14;
  finding.last_time = kMorning + 300 * kMicrosPerSecond;
  return finding;
}

/// A new template, once, and the stronger of the two.
inline Finding exhausted_finding() {
  Finding finding;
  finding.id = "F-ba9876543210";
  finding.source = "app.log";
  finding.position = {SourceId(0), 99'999, 1'240, 90};
  finding.line_count = 2;
  finding.time = kMorning + 3 * kMicrosPerSecond + 250'000;
  finding.has_time = true;
  finding.level = Level::kFatal;
  finding.component = "db";
  finding.message = "2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 available\n\tat Pool.get";
  finding.template_id = TemplateId(412);
  finding.template_text = "Database connection pool exhausted, <NUM> available";
  finding.new_template = true;
  finding.nearest_template = "Database connection pool at <NUM>%";
  finding.verdict = {36, 4.5, 0.8888888888888888, true};
  finding.detectors = {{DetectorId(0), 11.9F, 30}, {DetectorId(1), 0.8F, 6}};
  Reason fresh;
  fresh.kind = reasons::kNewTemplate;
  fresh.feature = "template_rarity";
  fresh.unit = "records in training";
  fresh.expected_low = 1;
  fresh.share = 0.8;
  fresh.sentence = "new template: never seen in 145,892 training records";
  finding.reasons = {fresh, reason(reasons::kUnusualTime, "hour_surprise", "hour of day, UTC", {3.7, 9, 18, 0.2},
                                   "FATAL lines are usual 09:00-18:00, here 03:42")};
  finding.last_time = finding.time;
  return finding;
}

inline Incident database_incident() {
  Incident incident;
  incident.id = "I-00112233aabb";
  incident.severity = Severity::kCritical;
  incident.first = kMorning;
  incident.last = kMorning + 307 * kMicrosPerSecond;
  incident.has_time = true;
  incident.peak_score = 0.8888888888888888;
  incident.title = "db: Database connection pool exhausted";
  incident.count = 15;
  incident.template_count = 2;
  incident.findings = {timeout_finding(), exhausted_finding()};
  incident.first_finding = 0;
  incident.worst_finding = 1;
  incident.hosts = {"db1"};
  incident.components = {"db"};
  for (Finding& finding : incident.findings) {
    finding.incident_id = incident.id;
  }
  return incident;
}

/// One unknown line in the afternoon.
inline Incident feature_incident() {
  Incident incident;
  Finding finding;
  finding.id = "F-feedfeedfeed";
  finding.incident_id = "I-feedfeed0000";
  finding.source = "app.log";
  finding.position = {SourceId(0), 1'000'000, 9'000, 40};
  finding.time = kMorning + 38'386 * kMicrosPerSecond;
  finding.last_time = finding.time;
  finding.has_time = true;
  finding.level = Level::kInfo;
  finding.message = "New feature X enabled for user Y";
  finding.template_id = TemplateId(413);
  finding.template_text = "New feature X enabled for user Y";
  finding.new_template = true;
  finding.verdict = {9, 4.5, 2.0 / 3, true};
  incident.id = finding.incident_id;
  incident.first = incident.last = finding.time;
  incident.has_time = true;
  incident.peak_score = finding.verdict.score;
  incident.title = "New feature X enabled for user";
  incident.count = incident.template_count = 1;
  incident.findings = {finding};
  return incident;
}

/// Every field that holds log text holds hostile() text.
inline Incident hostile_incident() {
  Incident incident = database_incident();
  for (Finding& finding : incident.findings) {
    finding.source = hostile();
    finding.host = hostile();
    finding.component = hostile();
    finding.message = hostile();
    finding.template_text = hostile();
    finding.nearest_template = hostile();
    finding.context_before = {hostile(), hostile()};
    finding.reasons.push_back(
        reason(reasons::kSequence, hostile(), hostile(), {1, 0, 0, 0.1}, "sequence: " + hostile()));
  }
  incident.title = hostile();
  incident.hosts = {hostile()};
  incident.components = {hostile()};
  return incident;
}

inline RunHeader header() {
  RunHeader header;
  header.version = "0.1.0";
  header.command = "scan";
  header.model_id = "0123456789abcdef";
  header.model_trained = "2024-01-01T00:00:00Z/2024-01-07T23:59:59Z";
  header.inputs = {"app.log"};
  header.detector_names = {"novelty", "forest"};
  header.threshold = 4.5;
  return header;
}

inline RunSummary summary() {
  RunSummary summary;
  summary.bytes = 10'000'000;
  summary.lines = 145'892;
  summary.records = 145'892;
  summary.records_known = 145'889;
  summary.records_new = 3;
  summary.templates_known = 412;
  summary.templates_new = 3;
  summary.anomalies = 16;
  summary.incidents = 2;
  summary.first_time = kMorning - 1000 * kMicrosPerSecond;
  summary.last_time = kMorning + 40'000 * kMicrosPerSecond;
  summary.has_time = true;
  summary.seconds = 0.41;
  return summary;
}

/// A format and its options.
struct Format : ReportOptions {
  const FormatEntry* entry = nullptr;

  [[nodiscard]] std::unique_ptr<ResultWriter> make(Output& output) const { return entry->make(*this, output); }
};
inline Format format(std::string_view name) {
  Format out;
  out.entry = find_format(format_table(), name);
  LD_CHECK(out.entry != nullptr, "the format exists");
  return out;
}

/// What the format makes of these incidents.
inline std::string written(const Format& format, const std::vector<Incident>& incidents, const RunSummary& totals) {
  StringOutput output;
  const std::unique_ptr<ResultWriter> writer = format.make(output);
  LD_CHECK(writer->begin(header()).ok(), "begin");
  for (const Incident& incident : incidents) {
    LD_CHECK(writer->incident(incident).ok(), "incident");
  }
  LD_CHECK(writer->end(totals).ok(), "end");
  return output.text;
}

}  // namespace logdetect::samples
