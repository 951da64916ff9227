#include "report/render.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/report/encode.h"
#include "report/record_json.h"

namespace logdetect {
namespace {

constexpr std::string_view kIndent = "     ";
constexpr std::size_t kCardReasons = 3;      // those with the largest shares
constexpr std::size_t kRelatedShown = 5;     // a block fits on a screen
constexpr std::size_t kRelatedInFull = 20;   // of up to 1,000 that a result may hold
constexpr std::size_t kSourceColumns = 60;   // of a file's name, so that line numbers stay on the line
constexpr std::size_t kLabelColumns = 11;    // "Log Line:  "
constexpr std::size_t kRelatedColumns = 40;  // bullet and time before a related finding, count and id behind it
constexpr std::size_t kWorstColumns = 27;    // indent and "worst: " before the line, " (score 0.89)" behind it
constexpr std::size_t kWhyColumns = 12;      // indent and "why:   "

// "new_template" -> "NEW TEMPLATE".
std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c == '_' ? ' ' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return out;
}

// "burst: 47 of these" has its kind in front already.
std::string_view without_kind(const Reason& reason) {
  std::string_view sentence = reason.sentence;
  const std::size_t colon = sentence.find(": ");
  if (colon != std::string_view::npos && upper(sentence.substr(0, colon)) == upper(reason.kind)) {
    sentence.remove_prefix(colon + 2);
  }
  return sentence;
}

// As float, for nobody reads more digits: 0.3 and not 0.30000000000000004.
std::string decimal(double value) {
  std::string text;
  append_json_number(text, static_cast<float>(value));
  return text;
}

std::string percent(double share) {
  return std::to_string(std::lround(std::clamp(share, 0.0, 1.0) * 100)) + " %";
}

std::string expected_text(const Reason& reason) {
  if (reason.expected_low && reason.expected_high) {
    return decimal(*reason.expected_low) + " to " + decimal(*reason.expected_high);
  }
  if (reason.expected_high) {
    return "at most " + decimal(*reason.expected_high);
  }
  return reason.expected_low ? "at least " + decimal(*reason.expected_low) : std::string();
}

void append_reasons(std::string& out, const Finding& finding, const Style& style, Detail detail) {
  if (finding.reasons.empty()) {
    return;
  }
  out += "\nAnomaly Factors:\n";
  for (const Reason& reason : finding.reasons) {
    const std::string kind = upper(reason.kind);
    (((out += "  ") += style.bullet) += ' ') += style.strong(kind);
    out += ": ";
    out += style.log_text(without_kind(reason), detail == Detail::kFull ? Style::kWhole : style.left(kind.size() + 6));
    out += '\n';
    if (reason.kind == reasons::kNewTemplate && !finding.nearest_template.empty()) {
      constexpr std::string_view kNearest = "      nearest known: ";
      out += kNearest;
      out +=
          style.quoted(finding.nearest_template, detail == Detail::kFull ? Style::kWhole : style.left(kNearest.size()));
      out += '\n';
    }
    if (detail == Detail::kFull) {
      std::string figures = "observed " + decimal(reason.observed);
      if (const std::string expected = expected_text(reason); !expected.empty()) {
        figures += ", expected " + expected;
      }
      figures += reason.unit.empty() ? "" : ' ' + reason.unit;
      figures += " (" + reason.feature + "), " + percent(reason.share) + " of the score";
      ((out += "      ") += style.faint(style.log_text(figures, Style::kWhole))) += '\n';
    }
  }
}

// A record of several lines as several lines.
void append_record_lines(std::string& out, std::string_view record, std::string_view mark, const Style& style) {
  std::size_t begin = 0;
  while (begin <= record.size()) {
    const std::size_t end = std::min(record.find('\n', begin), record.size());
    (out += "  ") += mark;
    (out += ' ') += style.log_text(record.substr(begin, end - begin), Style::kWhole);
    out += '\n';
    begin = end + 1;
  }
}

void append_evidence(std::string& out, const Finding& finding, std::span<const std::string> detector_names,
                     const Style& style) {
  out += "\nContext:\n";
  for (const std::string& line : finding.context_before) {
    append_record_lines(out, line, " ", style);
  }
  append_record_lines(out, finding.message, ">", style);
  out += "\nTemplate";
  if (finding.template_id.valid()) {
    out += ' ' + std::to_string(finding.template_id.value());
  }
  out += ": " + style.log_text(finding.template_text, Style::kWhole) + '\n';
  if (!finding.detectors.empty()) {
    out += "Detectors:\n";
  }
  for (const DetectorScore& score : finding.detectors) {
    const std::string name = detector_label(score.detector, detector_names);
    (((out += "  ") += style.bullet) += ' ') += style.log_text(name, Style::kWhole);
    out += ": " + decimal(static_cast<double>(score.surprise)) + " nats (raw " +
           decimal(static_cast<double>(score.raw)) + ")\n";
  }
  out += "Sum: " + decimal(finding.verdict.surprise) + " nats, threshold " + decimal(finding.verdict.threshold) + '\n';
}

void append_related(std::string& out, std::span<const Finding> related, const Style& style, Detail detail) {
  if (related.empty()) {
    return;
  }
  out += "\nRelated Anomalies (same incident):\n";
  const std::size_t shown = std::min(related.size(), detail == Detail::kFull ? kRelatedInFull : kRelatedShown);
  for (const Finding& other : related.first(shown)) {
    std::string line = "  " + std::string(style.bullet) + ' ';
    if (other.has_time) {
      line += clock_text(other.time) + ' ' + std::string(style.dash) + ' ';
    }
    line += style.quoted(headline(other), style.left(kRelatedColumns));
    if (other.count > 1) {
      line += ' ' + std::string(style.times) + ' ' + with_commas(other.count);
    }
    out += line;
    if (detail == Detail::kFull) {
      out += "  " + style.faint(style.log_text(other.id, Style::kWhole));
    }
    out += '\n';
  }
  if (shown < related.size()) {
    out += "  " + std::string(style.bullet) + ' ' + with_commas(related.size() - shown) + " more\n";
  }
}

std::string place(const Finding& finding, const Style& style) {
  std::string text = finding.source.empty() ? std::string() : style.log_text(finding.source, kSourceColumns) + ", ";
  text += finding.line_count > 1 ? "lines " : "line ";
  text += with_commas(finding.position.line);
  if (finding.line_count > 1) {
    text += ' ' + std::string(style.dash) + ' ' + with_commas(finding.position.line + finding.line_count - 1);
  }
  return text;
}

const Finding* finding_at(const Incident& incident, std::size_t index) {
  return index < incident.findings.size() ? &incident.findings[index] : nullptr;
}

void append_templates(std::string& out, const Incident& incident, const Style& style, std::size_t limit) {
  // The first line of the body has told of a single finding.
  if (incident.findings.size() < 2) {
    return;
  }
  std::vector<const Finding*> by_count;
  by_count.reserve(incident.findings.size());
  for (const Finding& finding : incident.findings) {
    by_count.push_back(&finding);
  }
  std::stable_sort(by_count.begin(), by_count.end(),
                   [](const Finding* a, const Finding* b) { return a->count > b->count; });
  by_count.resize(std::min(by_count.size(), limit));
  for (const Finding* finding : by_count) {
    std::string count = with_commas(finding->count) + ' ' + std::string(style.times) + ' ';
    if (finding->bout) {
      count += std::string(bout_name(finding->bout->kind)) + " of ";
    } else if (finding->whole_session) {
      count += "sessions with ";
    }
    (out += kIndent) += count;
    out += style.log_text(finding->template_text.empty() ? headline(*finding) : finding->template_text,
                          style.left(kIndent.size() + count.size()));
    out += '\n';
  }
  // Neither number covers the other: a template may have several findings, and not all findings are kept.
  const std::uint64_t kinds = std::max<std::uint64_t>(incident.template_count, incident.findings.size());
  if (kinds > by_count.size()) {
    ((out += kIndent) += "and ") += count_text(kinds - by_count.size(), "more template") + '\n';
  }
}

// "03:42:15 – 03:47:22", with dates if asked; lines of the source when there is no time.
std::string incident_span(const Incident& incident, const Style& style, bool with_date) {
  const std::string dash = ' ' + std::string(style.dash) + ' ';
  if (incident.has_time) {
    std::string text = with_date ? date_clock_text(incident.first) : clock_text(incident.first);
    // One clock is enough within a second.
    if (incident.first / kMicrosPerSecond != incident.last / kMicrosPerSecond) {
      const bool again = with_date && !same_day(incident.first, incident.last);
      text += dash + (again ? date_clock_text(incident.last) : clock_text(incident.last));
    }
    return text;
  }
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  for (const Finding& finding : incident.findings) {
    const std::uint64_t line = finding.position.line;
    first = first == 0 ? line : std::min(first, line);
    last = std::max(last, line);
  }
  return first == last ? "line " + with_commas(first) : "lines " + with_commas(first) + dash + with_commas(last);
}

}  // namespace

std::string finding_block(const Finding& finding, std::span<const Finding> related,
                          std::span<const std::string> detector_names, const Style& style, Detail detail) {
  std::string out = style.strong("ANOMALY DETECTED [Score: " + score_text(finding.verdict.score) + "]") + '\n';
  (out += style.rule) += '\n';
  if (finding.has_time) {
    out += "Timestamp: " + date_clock_text(finding.time) + '\n';
  }
  out += "Source:    " + place(finding, style) + '\n';
  const std::size_t columns = detail == Detail::kFull ? Style::kWhole : style.left(kLabelColumns);
  // Of a JSON line only the message: its other keys would fill the width.
  out +=
      "Log Line:  " + style.quoted(holds_object(finding.message) ? headline(finding) : finding.message, columns) + '\n';
  if (finding.count > 1) {
    out += "Repeats:   " + count_text(finding.count, "time");
    out += finding.has_time ? ", last at " + date_clock_text(finding.last_time) + '\n' : "\n";
  }
  append_reasons(out, finding, style, detail);
  if (detail == Detail::kFull) {
    append_evidence(out, finding, detector_names, style);
  }
  append_related(out, related, style, detail);
  std::string ids = finding.id;
  if (!finding.incident_id.empty()) {
    ids += ", incident " + finding.incident_id;
  }
  (out += '\n') += style.faint("id: " + style.log_text(ids, Style::kWhole)) + '\n';
  return out;
}

std::string counted_findings(const Incident& incident) {
  std::uint64_t sessions = 0;
  std::uint64_t bursts = 0;
  std::uint64_t silences = 0;
  for (const Finding& finding : incident.findings) {
    if (finding.bout) {
      (finding.bout->kind == BoutKind::kBurst ? bursts : silences) += finding.count;
    } else if (finding.whole_session) {
      sessions += finding.count;
    }
  }
  // Findings that there was no room for are lines, nearly always.
  const std::uint64_t others = sessions + bursts + silences;
  const std::uint64_t lines = incident.count > others ? incident.count - others : 0;
  std::vector<std::string> parts;
  const auto part = [&parts](std::uint64_t count, std::string_view singular) {
    if (count > 0) {
      parts.push_back(count_text(count, singular));
    }
  };
  part(lines, "anomalous line");
  part(sessions, "anomalous session");
  part(bursts, "burst");
  part(silences, "silence");
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += i == 0 ? "" : (i + 1 < parts.size() ? ", " : " and ");
    out += parts[i];
  }
  return out;
}

std::string incident_headline(const Incident& incident, std::string_view name, const Style& style, bool with_date) {
  constexpr std::size_t kTagColumns = 13;  // ": " before the title and " [CRITICAL]" after it
  const std::string begin = std::string(name) + " (" + incident_span(incident, style, with_date) + ")";
  return style.strong(begin) + ": " + style.log_text(incident.title, style.left(display_width(begin) + kTagColumns)) +
         ' ' + style.severity_tag(incident.severity);
}

std::string incident_body(const Incident& incident, const Style& style, std::size_t templates) {
  std::string out;
  const Finding* first = finding_at(incident, incident.first_finding);
  const Finding* worst = finding_at(incident, incident.worst_finding);
  const std::string findings = counted_findings(incident);
  (out += "  ") += style.branch;
  (out += ' ') += findings;
  if (first != nullptr) {
    const std::string_view joint = incident.count == 1 ? ": " : ", started with ";
    out += joint;
    out += style.quoted(headline(*first), style.left(kIndent.size() + findings.size() + joint.size()));
  }
  out += '\n';
  if (worst != nullptr && worst != first) {
    ((out += kIndent) += "worst: ") += style.quoted(headline(*worst), style.left(kWorstColumns));
    out += " (score " + score_text(worst->verdict.score) + ")\n";
  }
  if (worst != nullptr) {
    const std::size_t count = std::min(worst->reasons.size(), kCardReasons);
    for (std::size_t i = 0; i < count; ++i) {
      (out += kIndent) += i == 0 ? "why:   " : "       ";
      out += style.log_text(worst->reasons[i].sentence, style.left(kWhyColumns)) + '\n';
    }
  }
  append_templates(out, incident, style, templates);
  (out += kIndent) += style.faint("id: " + style.log_text(incident.id, Style::kWhole)) + '\n';
  return out;
}

}  // namespace logdetect
