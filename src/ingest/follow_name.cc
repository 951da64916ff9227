#include "ingest/follow_name.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "logdetect/base/log.h"

namespace logdetect {
namespace {

// Files kept open for late writers, and files remembered after that, for each name.
constexpr std::size_t kMaxLingering = 8;
constexpr std::size_t kMaxDone = 8;

void report_descriptor_limit(FollowContext& context) {
  if (context.descriptors_short) {
    return;
  }
  context.descriptors_short = true;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  log_error("the limit of " + std::to_string(limit.rlim_cur) +
            " open files is reached, so not all files are followed: raise it (ulimit -n, or LimitNOFILE= in the unit)");
}

}  // namespace

FollowedName::FollowedName(std::string path, std::size_t index, std::vector<FilePosition> resume)
    : path_(std::move(path)), index_(index), resume_(std::move(resume)) {}

bool FollowedName::service(FollowContext& context, RecordBatch& batch, Micros now) {
  if (!look(context, batch, now)) {
    return false;
  }
  adopt_copies_of_empty(context, now);
  bool progress = false;
  for (std::size_t i = 0; i < generations_.size(); ++i) {
    Generation& generation = *generations_[i];
    // Before the read: what the old file gets after the new one has data comes from another writer.
    const bool superseded = later_has_data(i);
    const Generation::Step step = generation.read(context, batch, now);
    if (step == Generation::Step::kReplaced) {
      replace(i, context, batch, now);
      return true;
    }
    progress = progress || step == Generation::Step::kRead;
    if (generation.lingering()) {
      continue;
    }
    // The lines of the next file wait until this one is read to its end.
    if (step == Generation::Step::kRead || !generation.at_end() || !superseded) {
      break;
    }
    generation.hand_out_all(context, batch);
    generation.linger(now);
  }
  if (!generations_.empty()) {
    // Only now: had it been truncated, its time would be later than that of the copy made before.
    floor_ = std::max(floor_, generations_.back()->identity().modified);
  }
  for (const auto& generation : generations_) {
    generation->hand_out_due(context, batch, now);
  }
  retire_old(context, batch, now);
  return progress;
}

void FollowedName::flush(FollowContext& context, RecordBatch& batch) {
  for (const auto& generation : generations_) {
    generation->hand_out_all(context, batch);
  }
}

void FollowedName::append_positions(std::vector<FilePosition>& out) const {
  const std::vector<FilePosition>& closed = started_ ? done_ : resume_;
  out.insert(out.end(), closed.begin(), closed.end());
  for (const auto& generation : generations_) {
    out.push_back(generation->position());
  }
}

Micros FollowedName::deadline(const FollowOptions& options) const {
  Micros due = kNever;
  for (const auto& generation : generations_) {
    due = std::min(due, generation->deadline(options));
  }
  return due;
}

bool FollowedName::later_has_data(std::size_t i) const {
  return std::any_of(generations_.begin() + static_cast<std::ptrdiff_t>(i) + 1, generations_.end(),
                     [](const auto& later) { return later->size() > 0; });
}

// Finds out what the name means now. False when there is nothing to read yet.
bool FollowedName::look(FollowContext& context, RecordBatch& batch, Micros now) {
  context.waker.watch_directory(path_, index_);
  if (!started_) {
    start(context, now);
    return started_;
  }
  FileStatus status;
  if (const int failure = look_at(path_, true, status); failure != 0) {
    change_state(failure == ENOENT || failure == ENOTDIR ? State::kMissing : State::kUnreadable, failure, context);
    adopt_while_missing(context, batch, now);
    return true;
  }
  if (!generations_.empty() && generations_.back()->is(status)) {
    change_state(State::kFollowing, 0, context);
    return true;
  }
  FoundFile named;
  if (open_named(context, named) == 0 && (generations_.empty() || !generations_.back()->is(named.status))) {
    replace_truncated(context, batch, now);
    rotate(context, std::move(named), now);
  }
  return true;
}

int FollowedName::open_named(FollowContext& context, FoundFile& named) {
  const int failure = open_found(path_, true, named);
  switch (failure) {
    case 0:
      change_state(State::kFollowing, 0, context);
      break;
    case ENOENT:
    case ENOTDIR:
      change_state(State::kMissing, failure, context);
      break;
    case EINVAL:
      change_state(State::kNotRegular, failure, context);
      break;
    case EMFILE:
    case ENFILE:
      change_state(State::kNoDescriptor, failure, context);
      break;
    default:
      change_state(State::kUnreadable, failure, context);
  }
  return failure;
}

// One message for each change, however often the name is looked at.
void FollowedName::change_state(State state, int failure, FollowContext& context) {
  if (state == state_) {
    return;
  }
  const State before = std::exchange(state_, state);
  switch (state) {
    case State::kFollowing:
      if (before == State::kUnknown) {
        log_debug(path_ + ": following");
      } else {
        log_info(path_ + ": is there now, following it");
      }
      break;
    case State::kMissing:
      if (had_file_) {
        log_info(path_ + ": was removed or renamed, waiting for a new one");
      } else {
        log_warning(path_ + ": does not exist yet, waiting for it");
      }
      break;
    case State::kUnreadable:
      log_warning(path_ + ": cannot be opened (" + errno_text(failure) + "), trying again");
      break;
    case State::kNotRegular:
      log_warning(path_ + ": is not a regular file, waiting for one");
      break;
    case State::kNoDescriptor:
      report_descriptor_limit(context);
      break;
    case State::kUnknown:
      break;
  }
}

std::unique_ptr<Generation> FollowedName::make_generation(FollowContext& context, FoundFile found,
                                                          const GenerationStart& start, Micros now) {
  had_file_ = true;
  const int fd = found.file.get();
  auto generation = std::make_unique<Generation>(std::move(found), start, path_,
                                                 SourceId(static_cast<SourceId::rep>(index_)), context, now);
  generation->watch = context.waker.watch_file(fd, index_);
  return generation;
}

void FollowedName::remember(const FoundFile& found) {
  FilePosition position;
  position.path = path_;
  identify(position, found.status, found.head);
  seen_.push_back(std::move(position));
}

bool FollowedName::known(const FoundFile& found) const {
  const auto matches = [&](const FilePosition& position) { return already_known(position, found.status, found.head); };
  return std::any_of(
             generations_.begin(), generations_.end(),
             [&](const auto& generation) { return generation->is(found.status) || matches(generation->position()); }) ||
         std::any_of(done_.begin(), done_.end(), matches) || std::any_of(seen_.begin(), seen_.end(), matches);
}

// The name means another file than before.
void FollowedName::rotate(FollowContext& context, FoundFile named, Micros now) {
  context.counters.rotations += had_file_ ? 1 : 0;
  const auto back = std::find_if(generations_.begin(), generations_.end(),
                                 [&](const auto& generation) { return generation->is(named.status); });
  if (back != generations_.end()) {  // an older file was renamed back
    (*back)->revive();
    std::rotate(back, back + 1, generations_.end());
    return;
  }
  FileDescriptor none;
  for (auto& sibling : unread_siblings(context, nullptr, none, now)) {
    if (!sibling->is(named.status)) {
      ++context.counters.rotations;
      generations_.push_back(std::move(sibling));
    }
  }
  GenerationStart start;
  // A file that was read to its end, forgotten, and renamed back goes on where it stood.
  for (const FilePosition& position : done_) {
    if (compare(position, named.status, named.head) == Likeness::kSameFile) {
      start = {position.offset, position.line, false};
    }
  }
  floor_ = std::max(floor_, named.status.modified);
  std::erase_if(seen_, [&](const FilePosition& seen) { return seen.modified < floor_; });
  generations_.push_back(make_generation(context, std::move(named), start, now));
}

// The i-th file was emptied, or refilled under the same inode. Whoever does that on purpose made a copy first
// (copytruncate): then the copy holds what was not read yet, and the copies made since.
void FollowedName::replace(std::size_t i, FollowContext& context, RecordBatch& batch, Micros now) {
  ++context.counters.truncations;
  std::unique_ptr<Generation> old = std::move(generations_[i]);
  generations_.erase(generations_.begin() + static_cast<std::ptrdiff_t>(i));
  Generations successors;
  FileDescriptor file;
  // Only the file that has the name is emptied by copytruncate; rotated ones have no copy.
  if (i == generations_.size()) {
    successors = unread_siblings(context, old.get(), file, now);
  }
  const bool copied = file.valid();
  if (!copied) {
    old->hand_out_all(context, batch);
    file = old->release();
  }
  FoundFile again;
  again.path = path_;
  again.head = read_head(file.get());
  if (look_at(file.get(), again.status) == 0) {
    again.file = std::move(file);
    successors.push_back(make_generation(context, std::move(again), {0, 0, true}, now));
  }
  // It may have been renamed since, and others after it.
  std::stable_sort(successors.begin(), successors.end(),
                   [](const auto& a, const auto& b) { return a->identity().modified < b->identity().modified; });
  if (copied) {
    successors.insert(successors.begin(), std::move(old));
  }
  generations_.insert(generations_.begin() + static_cast<std::ptrdiff_t>(i),
                      std::make_move_iterator(successors.begin()), std::make_move_iterator(successors.end()));
}

// Truncated first, renamed then: before siblings are sorted out, the copy must be known as such.
void FollowedName::replace_truncated(FollowContext& context, RecordBatch& batch, Micros now) {
  if (!generations_.empty() && generations_.back()->replaced()) {
    replace(generations_.size() - 1, context, batch, now);
  }
}

// A file that came and was renamed since we looked is found only beside the name. A directory is read again when it has
// changed.
void FollowedName::adopt_while_missing(FollowContext& context, RecordBatch& batch, Micros now) {
  FileStatus directory;
  if (look_at(directory_of(path_), true, directory) != 0 || directory.modified == directory_modified_) {
    return;
  }
  directory_modified_ = directory.modified;
  replace_truncated(context, batch, now);
  FileDescriptor none;
  for (auto& sibling : unread_siblings(context, nullptr, none, now)) {
    ++context.counters.rotations;
    generations_.push_back(std::move(sibling));
  }
}

// A file that was empty has no head to tell by whether it was filled, copied and emptied since we looked: the copy
// shows.
void FollowedName::adopt_copies_of_empty(FollowContext& context, Micros now) {
  if (generations_.empty() || !generations_.back()->changed_since_empty()) {
    return;
  }
  FileDescriptor none;
  Generations copies = unread_siblings(context, nullptr, none, now);
  context.counters.truncations += copies.size();
  generations_.insert(generations_.end() - 1, std::make_move_iterator(copies.begin()),
                      std::make_move_iterator(copies.end()));
}

// Rotated files nobody has read, oldest first. When one of them is a copy of `truncated`, that goes on in it and its
// old descriptor is put into `released`.
FollowedName::Generations FollowedName::unread_siblings(FollowContext& context, Generation* truncated,
                                                        FileDescriptor& released, Micros now) {
  SiblingScan scan = find_siblings(path_, floor_);
  if (scan.out_of_descriptors) {
    report_descriptor_limit(context);
  }
  FilePosition own;
  if (truncated != nullptr) {
    own = truncated->identity();
    own.offset = truncated->read_offset();
  }
  Generations unread;
  for (FoundFile& found : scan.files) {
    if (known(found)) {
      continue;
    }
    if (truncated != nullptr && found.status.device == own.device && found.status.inode == own.inode) {
      continue;  // the emptied file itself, renamed since
    }
    const bool copy =
        truncated != nullptr && !released.valid() && compare(own, found.status, found.head) != Likeness::kDifferent;
    if (copy) {
      released = truncated->move_to(std::move(found));
    } else {
      unread.push_back(make_generation(context, std::move(found), {}, now));
    }
  }
  std::uint64_t lost_bytes = 0;
  for (const FoundFile& found : scan.compressed) {
    // A compressed file keeps the time of the last line in it: later than our last file, so it is not that one.
    if (found.status.modified > floor_ && !known(found)) {
      lost_bytes += found.status.size;
    }
    remember(found);
  }
  if (lost_bytes > 0) {
    log_warning(path_ + ": files rotated since the last look were compressed already (" + std::to_string(lost_bytes) +
                " bytes); scan them to see what they hold");
  }
  return unread;
}

void FollowedName::retire_old(FollowContext& context, RecordBatch& batch, Micros now) {
  auto lingering = static_cast<std::size_t>(
      std::count_if(generations_.begin(), generations_.end(), [](const auto& file) { return file->lingering(); }));
  for (std::size_t i = 0; i < generations_.size();) {
    const Generation& generation = *generations_[i];
    const bool quiet = now - generation.quiet_since() >= context.options.rotate_wait;
    const bool left = generation.lingering() && (quiet || lingering > kMaxLingering);
    // The last file of a name that is gone is kept while it may be written to; once deleted it only takes up space.
    const bool gone = i + 1 == generations_.size() && state_ == State::kMissing && quiet && generation.deleted();
    if (generation.at_end() && (left || gone)) {
      lingering -= generation.lingering() ? 1 : 0;
      retire(i, context, batch);
    } else {
      ++i;
    }
  }
}

void FollowedName::retire(std::size_t i, FollowContext& context, RecordBatch& batch) {
  generations_[i]->hand_out_all(context, batch);
  done_.push_back(generations_[i]->position());
  // Its position is no longer worth a place in the checkpoint, but the file must not be taken for an unread one.
  if (done_.size() > kMaxDone) {
    seen_.push_back(std::move(done_.front()));
    done_.erase(done_.begin());
  }
  const int watch = generations_[i]->watch;
  generations_.erase(generations_.begin() + static_cast<std::ptrdiff_t>(i));
  // inotify has one watch for an inode, so a file and its refilled self share it.
  if (std::none_of(generations_.begin(), generations_.end(),
                   [&](const auto& other) { return other->watch == watch; })) {
    context.waker.forget(watch);
  }
}

}  // namespace logdetect
