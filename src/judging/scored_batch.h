#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "logdetect/core/features.h"
#include "logdetect/core/finding.h"
#include "logdetect/core/windows.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/reading/line_parser.h"

namespace logdetect {

/// The span of event time that is judged. What lies outside only moves clocks and windows.
struct JudgedSpan {
  std::optional<Micros> since;
  std::optional<Micros> until;  ///< the first moment behind the span

  [[nodiscard]] bool contains(Micros time) const { return !(since && time < *since) && !(until && time >= *until); }
};

/// A parsed batch whose events have templates, times, sessions, and scores: what the watches look at. All vectors are
/// by index of the event.
struct ScoredBatch {
  ParsedBatch parsed;
  bool has_time = false;  ///< the run has seen a timestamp: event times are times, not counts of records
  FeatureMatrix rows;
  WindowBatch windows;
  BatchScores scores;
  std::vector<Verdict> verdicts;
  std::vector<std::uint8_t> judged;  ///< 1: inside the judged span

  [[nodiscard]] std::size_t size() const { return parsed.batch.events.size(); }
  [[nodiscard]] const Event& event(std::size_t i) const { return parsed.batch.events[i]; }
  [[nodiscard]] const Header& header(std::size_t i) const { return parsed.batch.headers[i]; }
  [[nodiscard]] const Record& record(std::size_t i) const { return parsed.batch.records.records()[i]; }
  [[nodiscard]] std::span<const Parameter> parameters(std::size_t i) const {
    return {parsed.batch.parameters.data() + event(i).first_parameter, event(i).parameter_count};
  }
};

}  // namespace logdetect
