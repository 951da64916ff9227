#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/core/ids.h"

namespace logdetect {

/// Where a record begins in its source.
struct SourcePosition {
  SourceId source;
  std::uint64_t offset = 0;  ///< bytes before the record; of the decompressed stream
  std::uint64_t line = 0;    ///< 1-based line number
  std::uint64_t length = 0;  ///< bytes in the source, terminators and dropped excess included
};

/// One log entry: a line, or several stitched together. `text` holds any bytes; stitched lines are joined by '\n'; the
/// last terminator is cut. It lives as long as its batch.
struct Record {
  std::string_view text;
  SourcePosition position;
  std::uint32_t line_count = 1;  ///< lines that were stitched; the last line number is position.line + line_count - 1
  bool truncated = false;        ///< bytes beyond the limit were dropped
};

/// Owned bytes and the records cut from them: the unit handed from stage to stage. Move-only; moving keeps the views
/// valid. Not thread-safe.
class RecordBatch {
 public:
  RecordBatch() = default;
  RecordBatch(RecordBatch&&) = default;
  RecordBatch& operator=(RecordBatch&&) = default;
  RecordBatch(const RecordBatch&) = delete;
  RecordBatch& operator=(const RecordBatch&) = delete;
  ~RecordBatch() = default;

  /// Copies `text` into the batch's own storage and appends a record with it. Amortised O(|text|).
  void append(std::string_view text, const SourcePosition& position, std::uint32_t line_count, bool truncated);

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  /// Bytes of record text held.
  [[nodiscard]] std::size_t bytes() const { return arena_.bytes(); }
  /// Makes room for so many records.
  void reserve(std::size_t records) { records_.reserve(records); }
  /// Adds `by` to the source id of every record: where ids of one source become ids of a run.
  void shift_sources(SourceId::rep by);
  /// Forgets the records, keeps the storage for re-use.
  void clear();

 private:
  Arena arena_;
  std::vector<Record> records_;
};

}  // namespace logdetect
