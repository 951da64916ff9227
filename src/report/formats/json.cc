#include "logdetect/report/encode.h"
#include "logdetect/report/format.h"
#include "report/record_json.h"

namespace logdetect {
namespace {

// One document, {"schema":..,"header":{..},"records":[..],"summary":{..}}, whose records are the lines of the jsonl
// format in the same order. Streamed: nothing is held back.
class JsonWriter final : public ResultWriter {
 public:
  JsonWriter(const ReportOptions& options, Output& output) : every_finding_(options.every_finding), output_(output) {}

  Result<void> begin(const RunHeader& header) override {
    detector_names_ = header.detector_names;
    text_ = "{\"schema\":";
    append_json_string(text_, kResultSchema);
    text_ += ",\n\"header\":";
    append_header_json(text_, header);
    text_ += ",\n\"records\":[";
    return write_text();
  }

  Result<void> finding(const Finding& finding) override {
    start_record();
    append_finding_json(text_, finding, {}, detector_names_);
    return write_text();
  }

  Result<void> incident(const Incident& incident) override {
    if (!every_finding_) {
      for (const Finding& finding : incident.findings) {
        start_record();
        append_finding_json(text_, finding, incident.id, detector_names_);
        LD_TRY(write_text());
      }
    }
    start_record();
    append_incident_json(text_, incident);
    return write_text();
  }

  Result<void> end(const RunSummary& summary) override {
    // A result that was stopped lacks this end, so that no reader takes it for a whole one.
    text_ += "\n],\n\"summary\":";
    append_summary_json(text_, summary);
    text_ += "}\n";
    return write_text();
  }

 private:
  void start_record() {
    text_ += first_record_ ? "\n" : ",\n";
    first_record_ = false;
  }

  Result<void> write_text() {
    Result<void> written = output_.write(text_);
    text_.clear();
    return written;
  }

  const bool every_finding_;
  Output& output_;
  std::vector<std::string> detector_names_;
  std::string text_;
  bool first_record_ = true;
};

std::unique_ptr<ResultWriter> make(const ReportOptions& options, Output& output) {
  return std::make_unique<JsonWriter>(options, output);
}

}  // namespace

const FormatEntry& json_entry() {
  static const FormatEntry entry{{"json", "the same records as one JSON document", false, false}, make};
  return entry;
}

}  // namespace logdetect
