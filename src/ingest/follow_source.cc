#include "ingest/follow_source.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

// Read in one next() at most, so that stopping is quick whatever the backlog.
constexpr std::size_t kTurnBytes = std::size_t{4} * 1024 * 1024;
// How often names are looked at that nothing was reported about: other hosts' writes, and names inotify cannot watch.
constexpr Micros kSweep = kMicrosPerSecond;
constexpr Micros kPollingSweep = 100 * kMicrosPerMilli;

constexpr std::uint32_t kCursorVersion = 1;

}  // namespace

FollowSource::FollowSource(std::vector<std::string> paths, const FollowOptions& options, const IngestOptions& ingest,
                           const std::vector<FilePosition>& resume, const Clock& clock)
    : context_(options, ingest), clock_(clock) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::vector<FilePosition> positions;
    std::copy_if(resume.begin(), resume.end(), std::back_inserter(positions),
                 [&](const FilePosition& position) { return position.path == paths[i]; });
    names_.emplace_back(std::move(paths[i]), i, std::move(positions));
  }
  dirty_.assign(names_.size(), 1);
  deadlines_.assign(names_.size(), kNever);
}

Result<bool> FollowSource::next(RecordBatch& batch, Micros wait) {
  batch.clear();
  if (finishing_) {
    return flush_next(batch);
  }
  const Micros end = system_clock().monotonic() + std::max<Micros>(wait, 0);
  // What happened since the last call, without waiting.
  Waker::Wake wake = context_.waker.wait(0, dirty_);
  for (;;) {
    service_due(batch);
    const Micros now = system_clock().monotonic();
    if (!batch.empty() || now >= end || wake == Waker::Wake::kSignal) {
      return true;
    }
    wake = context_.waker.wait(std::min(end - now, time_to_next()), dirty_);
  }
}

bool FollowSource::flush_next(RecordBatch& batch) {
  while (flushed_ < names_.size() && batch.empty()) {
    names_[flushed_++].flush(context_, batch);
  }
  return !batch.empty();
}

std::string FollowSource::cursor() const {
  return follow_cursor(positions());
}

std::vector<FilePosition> FollowSource::positions() const {
  std::vector<FilePosition> all;
  for (const FollowedName& name : names_) {
    name.append_positions(all);
  }
  return all;
}

const std::string& FollowSource::source_name(SourceId id) const {
  LD_CHECK(id.value() < names_.size(), "source id of another run");
  return names_[id.value()].path();
}

// Serves the names in turns of one buffer each until none has more, or the batch or the share of this call is full. A
// batch is of one name: where it holds records, the turn of the next name that has some to say is left for later.
void FollowSource::service_due(RecordBatch& batch) {
  const Micros real_now = system_clock().monotonic();
  const Micros now = clock_.monotonic();
  if (real_now >= next_sweep_ || (!context_.waker.reliable() && real_now >= next_sweep_ - kSweep + kPollingSweep)) {
    std::fill(dirty_.begin(), dirty_.end(), std::uint8_t{1});
    next_sweep_ = real_now + kSweep;
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    dirty_[i] = dirty_[i] != 0 || deadlines_[i] <= now ? 1 : 0;
  }
  std::size_t budget = kTurnBytes / context_.buffer.size();
  for (std::size_t idle = 0; idle < names_.size() && budget > 0 && !full(batch); turn_ = (turn_ + 1) % names_.size()) {
    const std::size_t i = turn_;
    if (dirty_[i] == 0) {
      ++idle;
      continue;
    }
    if (!batch.empty() && batch.records().front().position.source.value() != i) {
      return;
    }
    const bool more = names_[i].service(context_, batch, now);
    dirty_[i] = more ? 1 : 0;
    deadlines_[i] = names_[i].deadline(context_.options);
    // Every name has been asked in vain once `idle` reaches their number.
    idle = more ? 0 : idle + 1;
    budget -= more ? 1 : 0;
  }
}

bool FollowSource::full(const RecordBatch& batch) const {
  return batch.bytes() >= context_.ingest.batch_bytes || batch.size() >= context_.ingest.batch_records;
}

Micros FollowSource::time_to_next() const {
  if (std::any_of(dirty_.begin(), dirty_.end(), [](std::uint8_t dirty) { return dirty != 0; })) {
    return 0;
  }
  // `next_sweep_ - kSweep` is when the last sweep was.
  const Micros sweep = context_.waker.reliable() ? next_sweep_ : next_sweep_ - kSweep + kPollingSweep;
  const Micros due = deadlines_.empty() ? kNever : *std::min_element(deadlines_.begin(), deadlines_.end());
  const Micros to_sweep = std::max<Micros>(sweep - system_clock().monotonic(), 0);
  return due == kNever ? to_sweep : std::clamp<Micros>(due - clock_.monotonic(), 0, to_sweep);
}

std::string follow_cursor(const std::vector<FilePosition>& positions) {
  ByteWriter version;
  version.u32(kCursorVersion);
  return version.take() + encode_positions(positions);
}

Result<std::vector<FilePosition>> read_follow_cursor(const std::string& cursor) {
  ByteReader reader(cursor, "cursor of followed files");
  const std::uint32_t version = reader.u32();
  if (!reader.ok() || version != kCursorVersion) {
    return make_error(
        ErrorCode::kOutput,
        "has version " + std::to_string(version) + ", this program reads version " + std::to_string(kCursorVersion),
        "cursor of followed files", "begin anew with --start begin or --start end");
  }
  return decode_positions(std::string_view(cursor).substr(sizeof(version)));
}

}  // namespace logdetect
