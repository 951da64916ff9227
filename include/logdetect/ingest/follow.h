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

/// Where to begin with a file that the checkpoint does not know.
enum class FollowStart : std::uint8_t { kBegin, kEnd };

struct FollowOptions {
  FollowStart start = FollowStart::kEnd;
  Micros flush_partial = 5 * kMicrosPerSecond;   ///< an unterminated line is handed out after this long without growth
  Micros flush_stitched = 2 * kMicrosPerSecond;  ///< likewise an open multi-line record
  Micros rotate_wait = 30 * kMicrosPerSecond;    ///< a renamed file is read until it has not grown for this long
  bool use_inotify = true;                       ///< false: look every 100 ms, for file systems that report nothing
};

/// Read position of one followed file; survives restarts. The fingerprint is XXH3-128 of the first
/// fingerprint_bytes (at most 1024) bytes, so a replaced or refilled file is recognised.
struct FilePosition {
  std::string path;  ///< the name followed
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t fingerprint_low = 0;
  std::uint64_t fingerprint_high = 0;
  std::uint32_t fingerprint_bytes = 0;
  std::uint64_t offset = 0;  ///< first byte not yet handed out
  std::uint64_t line = 0;    ///< lines handed out before it
  Micros modified = 0;       ///< modification time when last read: what rotated since is not older
  Micros born = 0;           ///< birth time where the file system knows it, else 0: tells re-used inodes apart
};

struct FollowCounters {
  std::uint64_t rotations = 0;
  std::uint64_t truncations = 0;
  std::uint64_t lines_truncated = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::uint64_t hole_bytes = 0;  ///< skipped holes, as a writer with a stale offset leaves after copytruncate
};

/// Follows files by name like `tail -F`, through rename rotation, copytruncate, deletion and late appearance.
/// Nothing is read twice and nothing that is on disk is lost, with these limits: a file emptied and refilled with the
/// same first 1024 bytes beyond the old offset is taken for its old self; rotated files that were compressed before
/// they were read are named in a warning, not read; UTF-16 is not decoded. Not thread-safe.
class Follower {
 public:
  virtual ~Follower() = default;
  /// Fills `batch` (cleared first) with what is there, waiting up to `timeout` for something to appear (inotify, or
  /// polling where that fails). An empty batch means nothing came. Errors never end the following: they are logged once
  /// per change of state.
  virtual Result<void> poll(RecordBatch& batch, Micros timeout) = 0;
  /// Fills `batch` (cleared first) with what is held back: partial lines and open multi-line records. For shutdown.
  virtual void flush(RecordBatch& batch) = 0;
  /// Positions up to which everything was handed out; store them in the checkpoint after the output was written. A name
  /// has several while rotated files are still read, oldest first; pass all of them to `resume`.
  [[nodiscard]] virtual std::vector<FilePosition> positions() const = 0;
  [[nodiscard]] virtual const FollowCounters& counters() const = 0;
  [[nodiscard]] virtual const std::string& source_name(SourceId id) const = 0;
};

/// `resume`: positions from a checkpoint; files found in it continue there, after reading what rotated siblings
/// (NAME.1, NAME-DATE, found by fingerprint) still hold. `clock` must outlive the follower.
std::unique_ptr<Follower> follow_files(std::vector<std::string> paths, const FollowOptions& options,
                                       const IngestOptions& ingest, const std::vector<FilePosition>& resume,
                                       const Clock& clock);

/// Keeps checkpoints in a directory as two alternating, checksummed generations; takes a lock on the directory.
class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  /// The newest intact checkpoint; empty positions when there is none. Damage falls back to the older generation with a
  /// warning.
  virtual Result<std::vector<FilePosition>> read() = 0;
  /// Atomic: temporary, fdatasync, rename, fsync of the directory. Errors: kOutput.
  virtual Result<void> write(const std::vector<FilePosition>& positions) = 0;
};

/// Creates the directory when missing. Errors: kOutput when it cannot be written or another process holds it (with its
/// pid).
Result<std::unique_ptr<CheckpointStore>> open_checkpoints(const std::string& directory);

}  // namespace logdetect
