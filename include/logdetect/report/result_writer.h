#pragma once

#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/finding.h"

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
/// Same calls give the same bytes. Errors: those of what it writes to. Not thread-safe.
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

}  // namespace logdetect
