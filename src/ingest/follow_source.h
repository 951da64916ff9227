#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/follow_name.h"
#include "logdetect/ingest/source.h"

namespace logdetect {

/// Follows files by name like `tail -F`, through rename rotation, copytruncate, deletion and late appearance.
/// Nothing is read twice and nothing that is on disk is lost, with these limits: a file emptied and refilled with the
/// same first 1024 bytes beyond the old offset is taken for its old self; rotated files that were compressed before
/// they were read are named in a warning, not read; UTF-16 is not decoded. Not thread-safe.
class FollowSource final : public RecordSource {
 public:
  /// `resume`: positions of an earlier run; files found in it continue there, after reading what rotated siblings
  /// (NAME.1, NAME-DATE, found by fingerprint) still hold. `clock` must outlive the source.
  FollowSource(std::vector<std::string> paths, const FollowOptions& options, const IngestOptions& ingest,
               const std::vector<FilePosition>& resume, const Clock& clock);

  /// Waits by inotify, or by polling where that fails; by the system's clock even when the timers of the files are
  /// cranked by hand.
  Result<bool> next(RecordBatch& batch, Micros wait) override;
  void finish() override { finishing_ = true; }
  [[nodiscard]] std::string cursor() const override;
  [[nodiscard]] IngestCounters counters() const override { return context_.counters; }
  [[nodiscard]] const std::string& source_name(SourceId id) const override;
  [[nodiscard]] Micros source_mtime(SourceId /*id*/) const override { return clock_.wall(); }

  /// Positions up to which everything was handed out. A name has several while rotated files are still read, oldest
  /// first.
  [[nodiscard]] std::vector<FilePosition> positions() const;

 private:
  void service_due(RecordBatch& batch);
  bool flush_next(RecordBatch& batch);
  [[nodiscard]] bool full(const RecordBatch& batch) const;
  [[nodiscard]] Micros time_to_next() const;

  FollowContext context_;
  const Clock& clock_;
  std::vector<FollowedName> names_;
  std::vector<std::uint8_t> dirty_;  // names to look at
  std::vector<Micros> deadlines_;    // by clock_: when a name is to be looked at though nothing happened
  std::size_t turn_ = 0;             // the name whose turn it is
  Micros next_sweep_ = 0;            // by the system's clock
  bool finishing_ = false;
  std::size_t flushed_ = 0;  // names whose held-back text was handed out
};

/// The positions in a cursor of this source. Errors: kOutput when it is damaged or of another version.
Result<std::vector<FilePosition>> read_follow_cursor(const std::string& cursor);
/// The cursor for such positions.
[[nodiscard]] std::string follow_cursor(const std::vector<FilePosition>& positions);

}  // namespace logdetect
