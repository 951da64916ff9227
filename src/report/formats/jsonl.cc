#include "logdetect/report/format.h"
#include "report/record_json.h"

namespace logdetect {
namespace {

// One object a line; lines are written whole, so that a reader never sees half a record.
class JsonlWriter final : public ResultWriter {
 public:
  JsonlWriter(const ReportOptions& options, Output& output) : every_finding_(options.every_finding), output_(output) {}

  Result<void> begin(const RunHeader& header) override {
    detector_names_ = header.detector_names;
    append_header_json(line_, header);
    return write_line();
  }

  Result<void> finding(const Finding& finding) override {
    append_finding_json(line_, finding, {}, detector_names_);
    return write_line();
  }

  Result<void> incident(const Incident& incident) override {
    if (!every_finding_) {
      for (const Finding& finding : incident.findings) {
        append_finding_json(line_, finding, incident.id, detector_names_);
        LD_TRY(write_line());
      }
    }
    append_incident_json(line_, incident);
    return write_line();
  }

  Result<void> end(const RunSummary& summary) override {
    append_summary_json(line_, summary);
    return write_line();
  }

 private:
  Result<void> write_line() {
    line_ += '\n';
    Result<void> written = output_.write(line_);
    line_.clear();
    return written;
  }

  const bool every_finding_;
  Output& output_;
  std::vector<std::string> detector_names_;
  std::string line_;
};

std::unique_ptr<ResultWriter> make(const ReportOptions& options, Output& output) {
  return std::make_unique<JsonlWriter>(options, output);
}

}  // namespace

const FormatEntry& jsonl_entry() {
  static const FormatEntry entry{{"jsonl", "JSON Lines: one object a line, as it happens", false, true}, make};
  return entry;
}

}  // namespace logdetect
