#pragma once

#include <cstddef>

#include "logdetect/core/run_summary.h"
#include "logdetect/reading/line_parser.h"

namespace logdetect {

/// True if the header plan has columns and the record shows none of them.
[[nodiscard]] inline bool is_bare(const ParsedBatch& parsed, std::size_t i) {
  return parsed.headed && parsed.batch.headers[i].quality == HeaderQuality::kBare;
}

/// The fate of a record that was not dropped.
[[nodiscard]] inline RecordFate fate_of(const ParsedBatch& parsed, std::size_t i, bool matched) {
  return matched ? RecordFate::kMatched : (is_bare(parsed, i) ? RecordFate::kUnparsed : RecordFate::kNew);
}

/// Counts what was read, before anybody decides on the fate of a record.
inline void count_read(const ParsedBatch& parsed, RunSummary& summary) {
  const auto& records = parsed.batch.records.records();
  summary.records += records.size();
  for (std::size_t i = 0; i < records.size(); ++i) {
    summary.lines += records[i].line_count;
    summary.bytes += records[i].position.length;
    summary.records_truncated += records[i].truncated ? 1 : 0;
    summary.records_bare += is_bare(parsed, i) ? 1 : 0;
  }
  summary.invalid_utf8 += parsed.invalid_utf8;
}

}  // namespace logdetect
