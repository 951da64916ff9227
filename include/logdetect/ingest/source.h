#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"
#include "logdetect/core/record.h"
#include "logdetect/ingest/options.h"

namespace logdetect {

/// What reading met, for the run's summary and warnings.
struct IngestCounters {
  std::uint64_t bytes = 0;  ///< decompressed bytes
  std::uint64_t lines = 0;
  std::uint64_t lines_truncated = 0;
  std::uint64_t inputs_skipped = 0;  ///< binary or unreadable
  std::vector<Error> problems;       ///< soft errors, at most 100 kept: the run goes on and exits 3
};

/// An input after globs and directories were expanded, in reading order, each file once (by device and inode).
struct Input {
  std::string path;              ///< "-" for standard input
  std::string name;              ///< as shown to people; "<stdin>" for standard input
  bool named_explicitly = true;  ///< false: found through a glob or directory, so binary files are skipped quietly
};

/// Expands what the user typed: files, quoted globs, directories (only with options.recursive), "-".
/// Order: as given; within a glob or directory by name, numeric rotation suffixes oldest first (app.log.2.gz,
/// app.log.1, app.log). Errors: kInput for a name that matches nothing (with the nearest existing name as hint) or a
/// directory without -r; kUsage when the list is empty.
Result<std::vector<Input>> expand_inputs(const std::vector<std::string>& arguments, const IngestOptions& options);

/// Records, batch by batch, from one or more inputs. Not thread-safe: one reader.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Fills `batch` (cleared first) with the next records; sequence numbers rise from 0. False at the end, with an empty
  /// batch. A batch never mixes inputs. Soft errors (an unreadable file, a truncated gzip) are counted and the reading
  /// goes on with the next input; an Error is returned only when nothing can go on, or when no input at all could be
  /// read. A signal that arrives while it waits for a pipe makes it return early, perhaps with an empty batch, so that
  /// the caller can look at its stop flag.
  virtual Result<bool> next(RecordBatch& batch) = 0;
  [[nodiscard]] virtual const IngestCounters& counters() const = 0;
  /// Name of an input by the id in its positions.
  [[nodiscard]] virtual const std::string& source_name(SourceId id) const = 0;
  /// Modification time of the input, for logs whose timestamps lack the year; now for standard input. 0 if unknown.
  [[nodiscard]] virtual Micros source_mtime(SourceId id) const = 0;
  /// Bytes of the inputs as they lie on disk, and how many of them were read: for progress. 0 when unknown.
  [[nodiscard]] virtual std::uint64_t total_bytes() const = 0;
  [[nodiscard]] virtual std::uint64_t consumed_bytes() const = 0;
};

/// Opens the inputs for reading one after the other. Compression is recognised by its magic bytes (gzip, zstd, xz,
/// bzip2; concatenated members too), a BOM selects UTF-8 or UTF-16.
std::unique_ptr<RecordSource> open_inputs(std::vector<Input> inputs, const IngestOptions& options);

/// Records from a byte string, for tests and for text already in memory. Unpacked and decoded as a file would be, but
/// never taken for binary.
std::unique_ptr<RecordSource> open_text(std::string bytes, std::string name, const IngestOptions& options);

}  // namespace logdetect
