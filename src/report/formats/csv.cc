#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/encode.h"
#include "logdetect/report/format.h"

namespace logdetect {
namespace {

constexpr std::string_view kColumns =
    "incident,severity,id,time,source,line,last_line,level,score,count,template_id,template,message,reason\n";

// One row a finding, for spreadsheets: text that one would run as a formula is disarmed.
class CsvWriter final : public ResultWriter {
 public:
  CsvWriter(const ReportOptions& options, Output& output) : every_finding_(options.every_finding), output_(output) {}

  Result<void> begin(const RunHeader& /*header*/) override { return output_.write(kColumns); }

  // The severity is not known before the incident closes.
  Result<void> finding(const Finding& finding) override { return write_row(finding, finding.incident_id, {}); }

  Result<void> incident(const Incident& incident) override {
    if (!every_finding_) {  // else they came by finding()
      for (const Finding& finding : incident.findings) {
        LD_TRY(write_row(finding, incident.id, severity_name(incident.severity)));
      }
    }
    return {};
  }

  Result<void> end(const RunSummary& /*summary*/) override { return {}; }

 private:
  void text(std::string_view field) {
    append_csv_field(row_, field, true);
    row_ += ',';
  }
  template <typename Number>
  void number(Number value) {
    append_json_number(row_, value);
    row_ += ',';
  }

  Result<void> write_row(const Finding& finding, std::string_view incident, std::string_view severity) {
    row_.clear();
    text(incident);
    text(severity);
    text(finding.id);
    if (finding.has_time) {
      append_rfc3339(row_, finding.time);
    }
    row_ += ',';
    text(finding.source);
    number(finding.position.line);
    number(finding.position.line + finding.line_count - (finding.line_count > 0 ? 1U : 0U));
    text(finding.level == Level::kUnknown ? std::string_view() : level_name(finding.level));
    number(finding.verdict.score);
    number(finding.count);
    if (finding.template_id.valid()) {
      append_json_number(row_, std::uint64_t{finding.template_id.value()});
    }
    row_ += ',';
    text(finding.template_text);
    text(finding.message);
    text(finding.reasons.empty() ? std::string_view() : std::string_view(finding.reasons.front().sentence));
    row_.back() = '\n';  // in place of the last comma
    return output_.write(row_);
  }

  const bool every_finding_;
  Output& output_;
  std::string row_;
};

std::unique_ptr<ResultWriter> make(const ReportOptions& options, Output& output) {
  return std::make_unique<CsvWriter>(options, output);
}

}  // namespace

const FormatEntry& csv_entry() {
  static const FormatEntry entry{{"csv", "one row a finding, for spreadsheets", false, false}, make};
  return entry;
}

}  // namespace logdetect
