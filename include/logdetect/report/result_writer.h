#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/finding.h"
#include "logdetect/report/options.h"
#include "logdetect/report/output.h"

namespace logdetect {

/// What a result says about where it comes from.
struct RunHeader {
  std::string version;        ///< of the program
  std::string command;        ///< "scan", "watch"
  std::string model_id;       ///< 16 hex digits
  std::string model_trained;  ///< "2024-01-01T00:00:00Z/2024-01-07T23:59:59Z", event time; may be empty
  std::vector<std::string> inputs;
  std::vector<std::string> detector_names;  ///< by DetectorId
  double threshold = 0;                     ///< nats, after sensitivity
};

/// Writes results in one format. Calls: begin, then finding and incident in any mix, end once.
/// Same calls give the same bytes. Errors are the output's. Not thread-safe.
class ResultWriter {
 public:
  virtual ~ResultWriter() = default;
  virtual Result<void> begin(const RunHeader& header) = 0;
  /// An anomalous event on its own: in `watch`, and with --all.
  virtual Result<void> finding(const Finding& finding) = 0;
  /// A closed incident with its collapsed findings.
  virtual Result<void> incident(const Incident& incident) = 0;
  virtual Result<void> end(const RunSummary& summary) = 0;
};

/// A row of the table of formats; generated from the list in src/report/CMakeLists.txt.
struct FormatEntry {
  std::string_view name;  ///< "jsonl"
  std::string_view summary;
  /// `output` must outlive the writer.
  std::unique_ptr<ResultWriter> (*make)(const ReportOptions& options, Output& output);
};

std::span<const FormatEntry> format_table();
/// Errors: kUsage for an unknown format, with the nearest name as hint.
Result<std::unique_ptr<ResultWriter>> make_result_writer(const ReportOptions& options, Output& output);

/// The text of one finding in full, as `explain` and --verbose print it; and of one incident.
std::string render_finding(const Finding& finding, std::span<const Finding> related, const ReportOptions& options);
std::string render_incident(const Incident& incident, const ReportOptions& options);

/// Reads a result written by the json or jsonl format and finds one id. Returns the rendered text.
/// Errors: kInput when it is not a result, kUsage when the id is not in it.
Result<std::string> explain_from_result(std::string_view result, std::string_view id, const ReportOptions& options);

/// The finding of that id in such a result, or the findings of the incident of that id. Errors: as above.
Result<std::vector<Finding>> findings_from_result(std::string_view result, std::string_view id);

}  // namespace logdetect
