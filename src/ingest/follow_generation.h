#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "ingest/follow_identity.h"
#include "ingest/follow_wake.h"
#include "ingest/stitcher.h"
#include "logdetect/ingest/line_splitter.h"
#include "logdetect/ingest/source_entry.h"

namespace logdetect {

inline constexpr Micros kNever = std::numeric_limits<Micros>::max();

/// How files are followed; the presets are those of the source's options.
struct FollowOptions {
  SourceStart start = SourceStart::kEnd;  ///< in files that no position is known of
  Micros flush_partial = 0;               ///< an unterminated line is handed out after this long without growth
  Micros flush_stitched = 0;              ///< likewise an open multi-line record
  Micros rotate_wait = 0;                 ///< a renamed file is read until it has not grown for this long
  bool use_inotify = true;                ///< false: look every 100 ms, for file systems that report nothing
};

/// What all files of one follower share.
struct FollowContext {
  FollowContext(const FollowOptions& follow_options, const IngestOptions& ingest_options);

  FollowOptions options;
  IngestOptions ingest;
  IngestCounters counters;
  Waker waker;
  std::vector<char> buffer;        ///< for one read; also the share of a file before the next one's turn
  bool descriptors_short = false;  ///< the limit of open files was reached and reported
};

/// Where to begin in a file.
struct GenerationStart {
  std::uint64_t offset = 0;
  std::uint64_t line = 0;         ///< lines before the offset
  bool after_truncation = false;  ///< NUL bytes at the front are a hole that a stale writer left
};

/// One file that a followed name stands for or stood for: open descriptor, read position and what is held back.
/// The inode cannot be given to another file while this holds it open. Not thread-safe.
class Generation {
 public:
  Generation(FoundFile found, const GenerationStart& start, const std::string& name, SourceId source,
             const FollowContext& context, Micros now);

  enum class Step {
    kIdle,      ///< nothing new
    kRead,      ///< something was read, there may be more
    kReplaced,  ///< truncated, or other content under the same inode; nothing was read
  };
  /// Reads at most one buffer and hands out the records it completes. The head is compared after the bytes were read
  /// and before they are used, so bytes of other content never mix in. Read errors are retried after 0.1 s to 30 s.
  Step read(FollowContext& context, RecordBatch& batch, Micros now);

  /// Hands out what was held back for long enough.
  void hand_out_due(FollowContext& context, RecordBatch& batch, Micros now);
  /// Hands out all that is held back. What is appended to a partial line later becomes a record of its own.
  void hand_out_all(FollowContext& context, RecordBatch& batch);

  /// The name means another file now: from here on only late lines are expected.
  void linger(Micros now);
  void revive() { lingering_since_ = kNever; }
  [[nodiscard]] bool lingering() const { return lingering_since_ != kNever; }

  /// Goes on in a copy of the file at the same offset, and gives the old descriptor away.
  FileDescriptor move_to(FoundFile copy);
  FileDescriptor release() { return std::move(file_); }

  /// Bytes in the file now; 0 when it cannot be told.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] bool deleted() const;
  /// Whether it was empty when last read and was modified since.
  [[nodiscard]] bool changed_since_empty() const;
  /// Whether read() would report kReplaced.
  [[nodiscard]] bool replaced() const;
  /// Whether the last read found no more, or failed.
  [[nodiscard]] bool at_end() const { return at_end_; }
  [[nodiscard]] std::uint64_t read_offset() const { return read_offset_; }
  /// When it last grew, or began to linger if that was later.
  [[nodiscard]] Micros quiet_since() const;
  /// When hand_out_due() or a retry is due; kNever if nothing is.
  [[nodiscard]] Micros deadline(const FollowOptions& options) const;
  [[nodiscard]] FilePosition position() const;
  [[nodiscard]] const FilePosition& identity() const { return identity_; }
  [[nodiscard]] bool is(const FileStatus& status) const {
    return identity_.device == status.device && identity_.inode == status.inode;
  }

  int watch = -1;  ///< of FollowContext::waker

 private:
  Step fail(int error, Micros now);
  bool skip_hole(FollowContext& context, RecordBatch& batch);
  void drop_to(std::uint64_t offset, FollowContext& context);
  void consume(std::string_view bytes, FollowContext& context, RecordBatch& batch, Micros now);
  void take(SplitLine line, FollowContext& context, RecordBatch& batch);
  void hand_out_partial(FollowContext& context, RecordBatch& batch);

  FileDescriptor file_;
  FilePosition identity_;  // its offset and line are unused, see position()
  SourceId source_;
  std::size_t max_line_bytes_;
  LineSplitter splitter_;
  Stitcher stitcher_;
  std::uint64_t read_offset_ = 0;
  std::uint64_t lines_ = 0;
  bool mid_line_ = false;  // the next line is the rest of one whose beginning was handed out
  std::uint64_t mid_line_offset_ = std::numeric_limits<std::uint64_t>::max();  // where such a rest last began
  bool strip_nuls_ = false;
  bool at_end_ = false;
  Micros last_growth_;
  Micros lingering_since_ = kNever;
  Micros retry_at_ = 0;
  Micros retry_wait_ = 0;  // 0: the last read worked
};

}  // namespace logdetect
