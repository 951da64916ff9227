#include "ingest/follow_generation.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "logdetect/base/log.h"

namespace logdetect {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} * 1024;
constexpr std::size_t kSampleBytes =
    std::size_t{16} * 1024;  // enough for the 200 lines that Stitcher::sample() looks at
constexpr Micros kFirstRetry = 100 * kMicrosPerMilli;
constexpr Micros kLastRetry = 30 * kMicrosPerSecond;  // of a file that cannot be read: doubled until then
constexpr std::string_view kUtf8Bom = "\xEF\xBB\xBF";

}  // namespace

FollowContext::FollowContext(const FollowOptions& follow_options, const IngestOptions& ingest_options)
    : options(follow_options), ingest(ingest_options), waker(follow_options.use_inotify), buffer(kReadBytes) {}

Generation::Generation(FoundFile found, const GenerationStart& start, const std::string& name, SourceId source,
                       const FollowContext& context, Micros now)
    : file_(std::move(found.file)),
      source_(source),
      max_line_bytes_(context.ingest.max_line_bytes),
      splitter_(max_line_bytes_, start.offset),
      stitcher_(context.ingest),
      read_offset_(start.offset),
      lines_(start.line),
      strip_nuls_(start.after_truncation),
      last_growth_(now) {
  identity_.path = name;
  identify(identity_, found.status, found.head);
  if (start.offset > 0) {
    char before = '\n';
    // Reading begins within a line, as after a restart that had handed out its beginning. The rest is no line of its
    // own.
    mid_line_ = read_at(file_.get(), {&before, 1}, start.offset - 1) == 1 && before != '\n';
    std::string head(kSampleBytes, '\0');
    const std::int64_t got = read_at(file_.get(), head, 0);
    stitcher_.sample(std::string_view(head).substr(0, static_cast<std::size_t>(std::max<std::int64_t>(got, 0))));
  }
}

Generation::Step Generation::read(FollowContext& context, RecordBatch& batch, Micros now) {
  if (now < retry_at_) {
    return Step::kIdle;
  }
  at_end_ = false;
  FileStatus status;
  if (const int failure = look_at(file_.get(), status); failure != 0) {
    return fail(failure, now);
  }
  if (status.size < read_offset_) {
    return Step::kReplaced;
  }
  const std::size_t wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(status.size - read_offset_, context.buffer.size()));
  const std::int64_t got = read_at(file_.get(), std::span(context.buffer).first(wanted), read_offset_);
  if (got < 0) {
    return fail(static_cast<int>(-got), now);
  }
  if (retry_wait_ != 0) {
    retry_wait_ = 0;
    log_info(identity_.path + ": can be read again");
  }
  const auto bytes = static_cast<std::size_t>(got);
  // After the bytes were read: if the head is still the old one, so are they.
  const std::string head = read_head(file_.get());
  if (!head_matches(identity_, head)) {
    // Bytes that the file is now too short for were read before it was cut: they are good, and may be nowhere else.
    FileStatus after;
    const bool cut_since = look_at(file_.get(), after) == 0 && after.size < read_offset_ + bytes;
    if (bytes == 0 || !cut_since) {
      return Step::kReplaced;
    }
  } else if (identity_.fingerprint_bytes < head.size() || identity_.modified != status.modified) {
    identify(identity_, status, head);
  }
  if (bytes == 0) {
    at_end_ = true;
    return Step::kIdle;
  }
  // A writer that kept its offset over copytruncate leaves a hole in front of what it writes next.
  if (context.buffer[0] == '\0' && skip_hole(context, batch)) {
    return at_end_ ? Step::kIdle : Step::kRead;
  }
  consume({context.buffer.data(), bytes}, context, batch, now);
  return Step::kRead;
}

Generation::Step Generation::fail(int error, Micros now) {
  if (retry_wait_ == 0) {
    log_warning(identity_.path + ": cannot be read (" + errno_text(error) + "); trying again");
  }
  retry_wait_ = std::clamp(retry_wait_ * 2, kFirstRetry, kLastRetry);
  retry_at_ = now + retry_wait_;
  at_end_ = true;  // as far as anyone can tell: a later file of the name must not wait for this one
  return Step::kIdle;
}

// At a NUL byte: whether it begins a hole. One with data behind it is skipped; one to the end is waited at, for it is
// space that the writer reserved.
bool Generation::skip_hole(FollowContext& context, RecordBatch& batch) {
  const off_t data = ::lseek(file_.get(), static_cast<off_t>(read_offset_), SEEK_DATA);
  if (data < 0) {
    at_end_ = errno == ENXIO;
    return at_end_;
  }
  if (static_cast<std::uint64_t>(data) <= read_offset_) {
    return false;
  }
  hand_out_all(context, batch);
  drop_to(static_cast<std::uint64_t>(data), context);
  strip_nuls_ = true;  // holes end at a block, so the block behind it may begin with more of the same
  return true;
}

// Goes on at `offset`. Precondition: nothing is held back of the bytes before it.
void Generation::drop_to(std::uint64_t offset, FollowContext& context) {
  context.counters.hole_bytes += offset - read_offset_;
  read_offset_ = offset;
  splitter_ = LineSplitter(max_line_bytes_, offset);
  mid_line_ = false;
}

void Generation::consume(std::string_view bytes, FollowContext& context, RecordBatch& batch, Micros now) {
  if (strip_nuls_) {
    const std::size_t nuls = std::min(bytes.find_first_not_of('\0'), bytes.size());
    if (nuls > 0) {
      drop_to(read_offset_ + nuls, context);
      bytes.remove_prefix(nuls);
    }
    strip_nuls_ = bytes.empty();
  }
  last_growth_ = now;
  read_offset_ += bytes.size();
  context.counters.bytes += bytes.size();
  splitter_.feed(bytes);
  SplitLine line;
  while (splitter_.next(line)) {
    take(line, context, batch);
  }
}

void Generation::take(SplitLine line, FollowContext& context, RecordBatch& batch) {
  if (line.offset == 0 && line.text.starts_with(kUtf8Bom)) {
    line.text.remove_prefix(kUtf8Bom.size());
  }
  if (mid_line_) {
    mid_line_ = false;
    if (line.text.empty()) {
      return;  // only the terminator of a line that was handed out without it
    }
    mid_line_offset_ = line.offset;
  } else {
    ++lines_;
    ++context.counters.lines;
  }
  context.counters.lines_truncated += line.truncated ? 1 : 0;
  // Lines are counted from 1, also where reading began within one.
  stitcher_.add(line, std::max<std::uint64_t>(lines_, 1), source_, batch);
}

void Generation::hand_out_partial(FollowContext& context, RecordBatch& batch) {
  SplitLine line;
  if (splitter_.finish(line)) {
    take(line, context, batch);
    mid_line_ = true;
  }
}

void Generation::hand_out_all(FollowContext& context, RecordBatch& batch) {
  hand_out_partial(context, batch);
  stitcher_.flush(batch);
}

void Generation::hand_out_due(FollowContext& context, RecordBatch& batch, Micros now) {
  if (splitter_.pending_bytes() > 0 && now - last_growth_ >= context.options.flush_partial) {
    hand_out_all(context, batch);
  } else if (stitcher_.open() && now - last_growth_ >= context.options.flush_stitched) {
    stitcher_.flush(batch);
  }
}

void Generation::linger(Micros now) {
  lingering_since_ = now;
}

FileDescriptor Generation::move_to(FoundFile copy) {
  FileDescriptor old = std::exchange(file_, std::move(copy.file));
  identify(identity_, copy.status, copy.head);
  return old;
}

std::uint64_t Generation::size() const {
  FileStatus status;
  return look_at(file_.get(), status) == 0 ? status.size : 0;
}

bool Generation::deleted() const {
  FileStatus status;
  return look_at(file_.get(), status) == 0 && status.links == 0;
}

bool Generation::changed_since_empty() const {
  FileStatus status;
  return identity_.fingerprint_bytes == 0 && look_at(file_.get(), status) == 0 && status.modified != identity_.modified;
}

bool Generation::replaced() const {
  FileStatus status;
  return look_at(file_.get(), status) == 0 &&
         (status.size < read_offset_ || !head_matches(identity_, read_head(file_.get())));
}

Micros Generation::quiet_since() const {
  return lingering() ? std::max(lingering_since_, last_growth_) : last_growth_;
}

Micros Generation::deadline(const FollowOptions& options) const {
  Micros due = kNever;
  if (splitter_.pending_bytes() > 0) {
    due = std::min(due, last_growth_ + options.flush_partial);
  }
  if (stitcher_.open()) {
    due = std::min(due, last_growth_ + options.flush_stitched);
  }
  if (retry_wait_ != 0) {
    due = std::min(due, retry_at_);
  }
  if (lingering()) {
    due = std::min(due, quiet_since() + options.rotate_wait);
  }
  return due;
}

FilePosition Generation::position() const {
  FilePosition position = identity_;
  position.offset = splitter_.next_offset();
  position.line = lines_;
  if (stitcher_.open()) {
    // An open record is not handed out yet: after a crash its lines must be read again.
    const SourcePosition& open = stitcher_.position();
    position.offset = open.offset;
    // The rest of a line was counted with its beginning, so it does not count as one that is still to come.
    position.line = open.offset == mid_line_offset_ ? open.line : open.line - 1;
  }
  return position;
}

}  // namespace logdetect
