#pragma once

#include <memory>
#include <span>
#include <vector>

#include "logdetect/report/output_choice.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// The results of one run in several formats, each at its destination. The first error of one ends them all. Not
/// thread-safe.
class ResultOutputs final : public ResultWriter {
 public:
  /// Opens every destination. The formats are of format_table(). Errors: those of the destinations.
  static Result<ResultOutputs> open(std::span<const OutputChoice> choices, const ReportOptions& options,
                                    OutputMode mode);

  Result<void> begin(const RunHeader& header) override;
  Result<void> finding(const Finding& finding) override;
  Result<void> incident(const Incident& incident) override;
  Result<void> end(const RunSummary& summary) override;

  /// Returns when all that was written is delivered everywhere.
  Result<void> flush();
  /// Completes the results. Call after end().
  Result<void> commit();
  /// Instead of end() and commit(), for a run that was stopped: half a result must not look whole. Formats for people
  /// say what was found so far, the others get no summary; no file is put in place.
  Result<void> abandon(const RunSummary& summary);

 private:
  struct Route {
    bool for_people;
    std::unique_ptr<Output> output;
    std::unique_ptr<ResultWriter> writer;
  };
  std::vector<Route> routes_;
};

}  // namespace logdetect
