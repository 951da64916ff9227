#pragma once

#include <memory>
#include <span>
#include <vector>

#include "logdetect/report/output_choice.h"
#include "logdetect/report/output_set.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// The results of one run in several formats, each at its destination. The outputs belong to an OutputSet, which ends
/// them: call its commit() after end(), or its abandon() after end_early(). Not thread-safe.
class ResultOutputs final : public ResultWriter {
 public:
  /// Opens every destination in `outputs`, which must outlive the result. The formats are of format_table(). Errors:
  /// those of the destinations.
  static Result<ResultOutputs> open(std::span<const OutputChoice> choices, const ReportOptions& options,
                                    OutputMode mode, OutputSet& outputs);

  Result<void> begin(const RunHeader& header) override;
  Result<void> finding(const Finding& finding) override;
  Result<void> incident(const Incident& incident) override;
  Result<void> end(const RunSummary& summary) override;

  /// Instead of end(), for a run that was stopped: half a result must not look whole. Formats for people say what was
  /// found so far. The others get no summary.
  Result<void> end_early(const RunSummary& summary);

 private:
  struct Route {
    bool for_people;
    std::unique_ptr<ResultWriter> writer;
  };
  std::vector<Route> routes_;
};

}  // namespace logdetect
