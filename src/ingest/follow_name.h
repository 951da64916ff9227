#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "ingest/follow_generation.h"
#include "ingest/follow_siblings.h"

namespace logdetect {

/// One followed name with all the files it stood for that may still hold unread lines, oldest first.
///
/// Order: a file is left for the next one when it is at its end and a later one has data, looked at in that order, so
/// the lines of one writer never change places. The file left lingers: it is read along until it has not grown for
/// rotate_wait, at most eight of them, for writers that still hold it open. Not thread-safe.
class FollowedName {
 public:
  /// `index` is the name's number in the waker and its source id; `resume` its positions, oldest first.
  FollowedName(std::string path, std::size_t index, std::vector<FilePosition> resume);

  /// Looks at the name, reads at most one buffer from each of its files and hands out what is due. True when something
  /// was read, so there may be more.
  bool service(FollowContext& context, RecordBatch& batch, Micros now);
  /// Hands out all that is held back.
  void flush(FollowContext& context, RecordBatch& batch);
  void append_positions(std::vector<FilePosition>& out) const;
  /// When service() has something to do though nothing was written.
  [[nodiscard]] Micros deadline(const FollowOptions& options) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  enum class State { kUnknown, kFollowing, kMissing, kUnreadable, kNotRegular, kNoDescriptor };
  using Generations = std::vector<std::unique_ptr<Generation>>;

  void start(FollowContext& context, Micros now);
  void start_fresh(FollowContext& context, FoundFile* named, Micros now);
  void start_resumed(FollowContext& context, FoundFile* named, Micros now);
  bool look(FollowContext& context, RecordBatch& batch, Micros now);
  int open_named(FollowContext& context, FoundFile& named);
  void change_state(State state, int failure, FollowContext& context);

  void rotate(FollowContext& context, FoundFile named, Micros now);
  void replace(std::size_t i, FollowContext& context, RecordBatch& batch, Micros now);
  void adopt_copies_of_empty(FollowContext& context, Micros now);
  Generations unread_siblings(FollowContext& context, Generation* truncated, FileDescriptor& released, Micros now);
  void retire_old(FollowContext& context, RecordBatch& batch, Micros now);
  void retire(std::size_t i, FollowContext& context, RecordBatch& batch);

  std::unique_ptr<Generation> make_generation(FollowContext& context, FoundFile found, const GenerationStart& start,
                                              Micros now);
  void remember(const FoundFile& found);
  [[nodiscard]] bool known(const FoundFile& found) const;
  [[nodiscard]] bool later_has_data(std::size_t i) const;

  std::string path_;
  std::size_t index_;
  std::vector<FilePosition> resume_;  // until started
  bool started_ = false;
  bool had_file_ = false;
  State state_ = State::kUnknown;
  Generations generations_;
  std::vector<FilePosition> done_;  // the last files read to their end; part of the checkpoint
  std::vector<FilePosition> seen_;  // siblings that are none of our business, modified at floor_ or later
  Micros floor_ = 0;                // siblings modified before this are old; what rotated since we looked is not
};

}  // namespace logdetect
