#include "logdetect/ingest/follow.h"

#include <algorithm>
#include <utility>

#include "ingest/follow_name.h"

namespace logdetect {
namespace {

// Read in one poll() at most, so that stopping is quick whatever the backlog.
constexpr std::size_t kPollBytes = std::size_t{4} * 1024 * 1024;
// How often names are looked at that nothing was reported about: other hosts' writes, and names inotify cannot watch.
constexpr Micros kSweep = kMicrosPerSecond;
constexpr Micros kPollingSweep = 100 * kMicrosPerMilli;

class FileFollower final : public Follower {
 public:
  FileFollower(std::vector<std::string> paths, const FollowOptions& options, const IngestOptions& ingest,
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

  // Waiting is measured by the system's clock even when the timers of the files are cranked by hand.
  Result<void> poll(RecordBatch& batch, Micros timeout) override {
    batch.clear();
    const Micros end = system_clock().monotonic() + std::max<Micros>(timeout, 0);
    Waker::Wake wake = context_.waker.wait(0, dirty_);
    for (;;) {
      service_due(batch);
      const Micros now = system_clock().monotonic();
      if (!batch.empty() || now >= end || wake == Waker::Wake::kSignal) {
        break;
      }
      wake = context_.waker.wait(std::min(end - now, time_to_next()), dirty_);
    }
    number(batch);
    return {};
  }

  void flush(RecordBatch& batch) override {
    batch.clear();
    for (FollowedName& name : names_) {
      name.flush(context_, batch);
    }
    number(batch);
  }

  [[nodiscard]] std::vector<FilePosition> positions() const override {
    std::vector<FilePosition> all;
    for (const FollowedName& name : names_) {
      name.append_positions(all);
    }
    return all;
  }

  [[nodiscard]] const FollowCounters& counters() const override { return context_.counters; }

  [[nodiscard]] const std::string& source_name(SourceId id) const override {
    LD_CHECK(id.value() < names_.size(), "source id of another run");
    return names_[id.value()].path();
  }

 private:
  // Serves the names in turns of one buffer each until none has more, or the batch or the share of this poll is full.
  void service_due(RecordBatch& batch) {
    const Micros real_now = system_clock().monotonic();
    const Micros now = clock_.monotonic();
    if (real_now >= next_sweep_ || (!context_.waker.reliable() && real_now >= next_sweep_ - kSweep + kPollingSweep)) {
      std::fill(dirty_.begin(), dirty_.end(), std::uint8_t{1});
      next_sweep_ = real_now + kSweep;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      dirty_[i] = dirty_[i] != 0 || deadlines_[i] <= now ? 1 : 0;
    }
    std::size_t budget = kPollBytes / context_.buffer.size();
    for (std::size_t idle = 0; idle < names_.size() && budget > 0 && !full(batch);
         turn_ = (turn_ + 1) % names_.size()) {
      const std::size_t i = turn_;
      if (dirty_[i] == 0) {
        ++idle;
        continue;
      }
      const bool more = names_[i].service(context_, batch, now);
      dirty_[i] = more ? 1 : 0;
      deadlines_[i] = names_[i].deadline(context_.options);
      idle = more ? 0 : idle + 1;
      budget -= more ? 1 : 0;
    }
  }

  [[nodiscard]] bool full(const RecordBatch& batch) const {
    return batch.bytes() >= context_.ingest.batch_bytes || batch.size() >= context_.ingest.batch_records;
  }

  [[nodiscard]] Micros time_to_next() const {
    if (std::any_of(dirty_.begin(), dirty_.end(), [](std::uint8_t dirty) { return dirty != 0; })) {
      return 0;
    }
    const Micros sweep = context_.waker.reliable() ? next_sweep_ : next_sweep_ - kSweep + kPollingSweep;
    const Micros due = deadlines_.empty() ? kNever : *std::min_element(deadlines_.begin(), deadlines_.end());
    const Micros to_sweep = std::max<Micros>(sweep - system_clock().monotonic(), 0);
    return due == kNever ? to_sweep : std::clamp<Micros>(due - clock_.monotonic(), 0, to_sweep);
  }

  void number(RecordBatch& batch) {
    if (!batch.empty()) {
      batch.sequence = next_sequence_++;
    }
  }

  FollowContext context_;
  const Clock& clock_;
  std::vector<FollowedName> names_;
  std::vector<std::uint8_t> dirty_;  // names to look at
  std::vector<Micros> deadlines_;    // by clock_: when a name is to be looked at though nothing happened
  std::size_t turn_ = 0;             // the name whose turn it is
  Micros next_sweep_ = 0;            // by the system's clock
  std::uint64_t next_sequence_ = 0;
};

}  // namespace

std::unique_ptr<Follower> follow_files(std::vector<std::string> paths, const FollowOptions& options,
                                       const IngestOptions& ingest, const std::vector<FilePosition>& resume,
                                       const Clock& clock) {
  return std::make_unique<FileFollower>(std::move(paths), options, ingest, resume, clock);
}

}  // namespace logdetect
