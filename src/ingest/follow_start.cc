// How following a name begins: afresh, or where a checkpoint left off.
#include <algorithm>
#include <cerrno>
#include <optional>

#include "ingest/follow_name.h"
#include "logdetect/base/log.h"

namespace logdetect {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;
// Larger files are not read through for the sake of line numbers; they are counted from where following begins.
constexpr std::uint64_t kMaxCountedBytes = std::uint64_t{1024} * 1024 * 1024;

// A file under the name but with another inode is only taken for the known one when this much of it agrees: a new log
// may well begin with the banner of the old one.
constexpr std::uint32_t kMinNamedFingerprintBytes = 64;

// Offset after the last '\n' before `size`, so that a line being written is handed out whole. A line longer than the
// limit has no beginning worth looking for.
std::uint64_t start_of_last_line(int fd, std::uint64_t size, std::size_t max_line_bytes) {
  std::string block;
  for (std::uint64_t end = size; end > 0 && size - end <= max_line_bytes;) {
    const std::uint64_t begin = end > kBlockBytes ? end - kBlockBytes : 0;
    block.resize(static_cast<std::size_t>(end - begin));
    // The file was cut meanwhile, or cannot be read: then following begins at its end.
    if (read_at(fd, block, begin) != static_cast<std::int64_t>(block.size())) {
      return size;
    }
    if (const std::size_t newline = block.rfind('\n'); newline != std::string::npos) {
      return begin + newline + 1;
    }
    if (begin == 0) {
      return 0;
    }
    end = begin;
  }
  return size;
}

std::uint64_t count_lines(int fd, std::uint64_t size) {
  std::uint64_t lines = 0;
  std::string block(kBlockBytes, '\0');
  for (std::uint64_t at = 0; at < size;) {
    block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, size - at)));
    const std::int64_t got = read_at(fd, block, at);
    if (got <= 0) {
      break;
    }
    lines += static_cast<std::uint64_t>(std::count(block.begin(), block.begin() + got, '\n'));
    at += static_cast<std::uint64_t>(got);
  }
  return lines;
}

// For each position the candidate that is its file, by index: first by inode, then copies under another inode.
// `named` is the index of the file under the name itself.
std::vector<std::optional<std::size_t>> match_positions(const std::vector<FilePosition>& positions,
                                                        const std::vector<FoundFile>& candidates,
                                                        std::optional<std::size_t> named) {
  std::vector<std::optional<std::size_t>> matched(positions.size());
  std::vector<bool> taken(candidates.size(), false);
  // Both from the newest on: where heads are equal, the newest position belongs to the newest file.
  for (const Likeness wanted : {Likeness::kSameFile, Likeness::kCopy}) {
    for (std::size_t p = positions.size(); p-- > 0;) {
      for (std::size_t c = candidates.size(); c-- > 0 && !matched[p];) {
        const bool doubtful =
            wanted == Likeness::kCopy && named == c && positions[p].fingerprint_bytes < kMinNamedFingerprintBytes;
        if (!taken[c] && !doubtful && compare(positions[p], candidates[c].status, candidates[c].head) == wanted) {
          matched[p] = c;
          taken[c] = true;
        }
      }
    }
  }
  return matched;
}

void report_unread(const std::string& path, bool found_newest, std::uint64_t compressed_bytes) {
  const std::string amount = std::to_string(compressed_bytes) + " bytes of compressed rotated files";
  if (!found_newest) {
    log_warning(path + ": the file read before is gone; what it got since the last checkpoint is not read" +
                (compressed_bytes > 0 ? ", it may be among " + amount : std::string()));
  } else if (compressed_bytes > 0) {
    log_warning(path + ": " + amount + " came meanwhile and are not read; scan them to see what they hold");
  }
}

}  // namespace

void FollowedName::start(FollowContext& context, Micros now) {
  FoundFile named;
  const int failure = open_named(context, named);
  if (failure != 0 && failure != ENOENT && failure != ENOTDIR && failure != EINVAL) {
    return;  // something is there, and where to begin in it is decided when it can be opened
  }
  const bool exists = failure == 0;
  if (resume_.empty()) {
    start_fresh(context, exists ? &named : nullptr, now);
  } else {
    start_resumed(context, exists ? &named : nullptr, now);
  }
}

// Whatever lies beside the name now is older than our following and stays unread.
void FollowedName::start_fresh(FollowContext& context, FoundFile* named, Micros now) {
  started_ = true;
  floor_ = named != nullptr ? named->status.modified : 0;
  const SiblingScan scan = find_siblings(path_, floor_);
  for (const std::vector<FoundFile>* files : {&scan.files, &scan.compressed}) {
    for (const FoundFile& found : *files) {
      if (named == nullptr) {
        floor_ = std::max(floor_, found.status.modified);
      }
      remember(found);
    }
  }
  if (named == nullptr) {
    std::erase_if(seen_, [&](const FilePosition& seen) { return seen.modified < floor_; });
    return;
  }
  GenerationStart begin;
  if (context.options.start == SourceStart::kEnd) {
    begin.offset = start_of_last_line(named->file.get(), named->status.size, context.ingest.max_line_bytes);
    begin.line = begin.offset <= kMaxCountedBytes ? count_lines(named->file.get(), begin.offset) : 0;
  }
  generations_.push_back(make_generation(context, std::move(*named), begin, now));
}

// The checkpoint's files are looked for under the name and its rotated forms; what rotated after the newest of them and
// is unknown is read from its beginning.
void FollowedName::start_resumed(FollowContext& context, FoundFile* named, Micros now) {
  const FilePosition newest = resume_.back();
  Micros oldest = newest.modified;
  for (const FilePosition& position : resume_) {
    oldest = std::min(oldest, position.modified);
  }
  SiblingScan scan = find_siblings(path_, oldest);
  std::vector<FoundFile> candidates = std::move(scan.files);
  std::erase_if(candidates, [&](const FoundFile& found) {  // a hard link to the file, or renamed while we looked
    return named != nullptr && found.status.device == named->status.device && found.status.inode == named->status.inode;
  });
  if (named != nullptr) {
    candidates.push_back(std::move(*named));
  }
  std::optional<std::size_t> named_index;
  if (named != nullptr) {
    named_index = candidates.size() - 1;
  }
  const auto matched = match_positions(resume_, candidates, named_index);
  const bool found_any = std::any_of(matched.begin(), matched.end(), [](const auto& m) { return m.has_value(); });
  if (named == nullptr && !found_any) {
    return;  // nothing is there, perhaps not mounted yet: the positions stay good
  }
  started_ = true;
  floor_ = newest.modified;
  const bool unrotated = named != nullptr && matched.back() == named_index;
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    FoundFile& found = candidates[c];
    const auto match = std::find(matched.begin(), matched.end(), std::optional(c));
    if (match != matched.end()) {
      const FilePosition& position = resume_[static_cast<std::size_t>(match - matched.begin())];
      generations_.push_back(make_generation(context, std::move(found), {position.offset, position.line, false}, now));
      continue;
    }
    const bool read_before = std::any_of(resume_.begin(), resume_.end(), [&](const FilePosition& position) {
      return already_known(position, found.status, found.head);
    });
    // An empty file may have been filled, copied and emptied again: then what is newer than it holds its lines.
    const bool newer = unrotated ? newest.fingerprint_bytes == 0 && found.status.modified > newest.modified
                                 : found.status.modified >= newest.modified;
    if (named_index == c || (newer && !read_before)) {
      const bool emptied = found.status.device == newest.device && found.status.inode == newest.inode;
      context.counters.truncations += emptied ? 1 : 0;
      generations_.push_back(make_generation(context, std::move(found), {0, 0, emptied}, now));
    } else {
      remember(found);
    }
  }
  std::uint64_t lost_bytes = 0;
  for (const FoundFile& found : scan.compressed) {
    lost_bytes += !unrotated && found.status.modified >= newest.modified ? found.status.size : 0;
    remember(found);
  }
  report_unread(path_, matched.back().has_value(), lost_bytes);
  for (const auto& generation : generations_) {
    floor_ = std::max(floor_, generation->identity().modified);
  }
  resume_.clear();
}

}  // namespace logdetect
