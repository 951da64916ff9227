#include "logdetect/report/explain.h"
#include "report/render.h"
#include "report/result_reader.h"

namespace logdetect {
namespace {

constexpr std::size_t kTemplatesInFull = 50;
constexpr std::size_t kNameColumns = 60;  // of a host or component: a longer one is cut

// The card, then the first and the worst event in full with all that belongs to them.
std::string explain_incident(const Incident& incident, std::span<const std::string> detector_names,
                             const Style& style) {
  std::string out = incident_headline(incident, "Incident", style, true) + '\n';
  out += incident_body(incident, style, kTemplatesInFull);
  const auto list = [&](std::string_view name, std::span<const std::string> values) {
    std::string line;
    for (const std::string& value : values) {
      line += (line.empty() ? " " : ", ") + style.log_text(value, kNameColumns);
    }
    if (!line.empty()) {
      ((out += "     ") += name) += line + '\n';
    }
  };
  list("hosts:", incident.hosts);
  list("components:", incident.components);
  if (incident.findings.empty()) {
    return out;
  }
  const std::size_t first = incident.first_finding;
  const std::size_t worst = incident.worst_finding;
  // First and worst follow in full, so the list of related ones leaves them out.
  std::vector<Finding> related;
  for (std::size_t i = 0; i < incident.findings.size(); ++i) {
    if (i != first && i != worst) {
      related.push_back(incident.findings[i]);
    }
  }
  if (first != worst) {
    out += "\nFirst event\n" + finding_block(incident.findings[first], {}, detector_names, style, Detail::kFull);
  }
  out += first == worst ? "\nFirst and worst event\n" : "\nWorst event\n";
  out += finding_block(incident.findings[worst], related, detector_names, style, Detail::kFull);
  return out;
}

}  // namespace

Result<std::string> explain_from_result(std::string_view result, std::string_view id, const ReportOptions& options) {
  const Style style(options);
  LD_ASSIGN(const FoundRecord found, find_record(result, id));
  if (found.incident) {
    return explain_incident(*found.incident, found.detector_names, style);
  }
  return finding_block(*found.finding, found.related, found.detector_names, style, Detail::kFull);
}

Result<std::vector<Finding>> findings_from_result(std::string_view result, std::string_view id) {
  LD_ASSIGN(FoundRecord found, find_record(result, id));
  if (found.incident) {
    return std::move(found.incident->findings);
  }
  return std::vector<Finding>{*std::move(found.finding)};
}

}  // namespace logdetect
