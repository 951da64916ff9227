#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"
#include "logdetect/core/record.h"

namespace logdetect {

/// What reading met, for the run's summary and warnings.
struct IngestCounters {
  std::uint64_t bytes = 0;  ///< decompressed bytes
  std::uint64_t lines = 0;
  std::uint64_t lines_truncated = 0;
  std::uint64_t inputs_skipped = 0;  ///< binary or unreadable
  std::uint64_t rotations = 0;       ///< of followed files
  std::uint64_t truncations = 0;     ///< likewise
  std::uint64_t hole_bytes = 0;      ///< skipped holes, as a writer with a stale offset leaves after copytruncate
  std::vector<Error> problems;       ///< soft errors, at most kMostProblems kept: the run goes on and exits 3
};

inline constexpr std::size_t kMostProblems = 100;  ///< enough to see what they have in common

/// Records, batch by batch, from one or more inputs: the one interface for what ends (files, pipes) and for what goes
/// on (followed files). An implementation counts the ids of its inputs from 0. Not thread-safe: one reader.
class RecordSource {
 public:
  virtual ~RecordSource() = default;

  /// Fills `batch` (cleared first) with the next records, in order; a batch holds records of one input only.
  ///
  /// wait    how long to wait for a live input to grow; an input that ends is waited for as long as its writer takes
  /// Returns true with an empty batch when nothing came, or a signal did, so that the caller can look at its stop flag.
  /// False at the end, with an empty batch. A live input ends only after finish().
  /// Errors: only when nothing can go on. An unreadable file or a damaged archive is counted in counters().problems and
  /// reading goes on behind it. What a live input meets is logged once per change of state.
  virtual Result<bool> next(RecordBatch& batch, Micros wait) = 0;

  /// Ends a live input: nothing more is read. Further calls of next() hand out what was held back (unterminated lines,
  /// open multi-line records), then report the end.
  virtual void finish() {}

  /// Where reading goes on after everything that next() handed out: bytes that only open_inputs() understands, with a
  /// version and a checksum. Empty for inputs that are read in one go.
  [[nodiscard]] virtual std::string cursor() const { return {}; }

  /// Says that everything before `cursor` (of this source) was judged, delivered and saved, so that a server may forget
  /// it. Files need no word. Errors: kInput when the server does not take it.
  virtual Result<void> commit(const std::string& /*cursor*/) { return {}; }

  [[nodiscard]] virtual IngestCounters counters() const = 0;
  /// Name of an input by the id in its positions, as shown to people.
  [[nodiscard]] virtual const std::string& source_name(SourceId id) const = 0;
  /// When the input was last written to, for logs whose timestamps lack the year; now for what is written just then.
  [[nodiscard]] virtual Micros source_mtime(SourceId id) const = 0;
  /// Bytes of the inputs as they lie on disk, and how many of them were read: for progress. 0 when unknown.
  [[nodiscard]] virtual std::uint64_t total_bytes() const { return 0; }
  [[nodiscard]] virtual std::uint64_t consumed_bytes() const { return 0; }
};

}  // namespace logdetect
