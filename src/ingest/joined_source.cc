#include "ingest/joined_source.h"

#include <algorithm>
#include <utility>

#include "ingest/source_cursor.h"

namespace logdetect {

void JoinedSource::add(std::unique_ptr<RecordSource> source, std::string scheme, std::size_t inputs) {
  members_.push_back({std::move(source), std::move(scheme), inputs_});
  inputs_ += inputs;
}

Result<bool> JoinedSource::next(RecordBatch& batch, Micros wait) {
  batch.clear();
  return order_ == Order::kOneAfterTheOther ? next_in_order(batch, wait) : next_in_turn(batch, wait);
}

Result<bool> JoinedSource::next_in_order(RecordBatch& batch, Micros wait) {
  for (; at_ < members_.size(); ++at_) {
    Member& member = members_[at_];
    auto more = member.source->next(batch, wait);
    if (more && *more) {
      deliver(member, batch);
      return true;
    }
    // A source that delivered something and then failed ends the run. One that delivered nothing is left for the next.
    if (!more && member.delivered) {
      return more;
    }
    // An empty input that ended is usable. The run fails only when every one failed.
    usable_ = usable_ || more.ok();
    if (!more && !failure_) {
      failure_ = more.error();
    }
  }
  if (!usable_ && failure_) {
    return *failure_;
  }
  return false;
}

Result<bool> JoinedSource::next_in_turn(RecordBatch& batch, Micros wait) {
  const auto open = static_cast<Micros>(
      std::count_if(members_.begin(), members_.end(), [](const Member& member) { return !member.ended; }));
  for (std::size_t asked = 0; asked < members_.size() && batch.empty(); ++asked) {
    Member& member = members_[at_];
    at_ = (at_ + 1) % members_.size();
    if (!member.ended) {
      // A share of the time for each, so that a quiet source does not hold up the others.
      LD_ASSIGN(const bool more, member.source->next(batch, wait / open));
      member.ended = !more;
      deliver(member, batch);
    }
  }
  return std::any_of(members_.begin(), members_.end(), [](const Member& member) { return !member.ended; });
}

void JoinedSource::deliver(Member& member, RecordBatch& batch) {
  member.delivered = member.delivered || !batch.empty();
  if (member.first_id > 0) {
    batch.shift_sources(static_cast<SourceId::rep>(member.first_id));
  }
}

void JoinedSource::finish() {
  for (Member& member : members_) {
    member.source->finish();
  }
}

std::string JoinedSource::cursor() const {
  std::vector<SourceCursor> cursors;
  for (const Member& member : members_) {
    if (std::string bytes = member.source->cursor(); !bytes.empty()) {
      cursors.push_back({member.scheme, std::move(bytes)});
    }
  }
  return encode_cursor(cursors);
}

Result<void> JoinedSource::commit(const std::string& cursor) {
  LD_ASSIGN(const std::vector<SourceCursor> cursors, decode_cursor(cursor));
  for (const SourceCursor& one : cursors) {
    for (Member& member : members_) {
      if (member.scheme == one.scheme) {
        LD_TRY(member.source->commit(one.bytes));
      }
    }
  }
  return {};
}

IngestCounters JoinedSource::counters() const {
  IngestCounters sum;
  for (const Member& member : members_) {
    const IngestCounters one = member.source->counters();
    sum.bytes += one.bytes;
    sum.lines += one.lines;
    sum.lines_truncated += one.lines_truncated;
    sum.inputs_skipped += one.inputs_skipped;
    sum.rotations += one.rotations;
    sum.truncations += one.truncations;
    sum.hole_bytes += one.hole_bytes;
    const std::size_t room = kMostProblems - std::min(kMostProblems, sum.problems.size());
    sum.problems.insert(sum.problems.end(), one.problems.begin(),
                        one.problems.begin() + static_cast<std::ptrdiff_t>(std::min(room, one.problems.size())));
  }
  return sum;
}

const JoinedSource::Member& JoinedSource::member_of(SourceId id) const {
  LD_CHECK(id.value() < inputs_, "no input has this id");
  const auto behind = std::upper_bound(members_.begin(), members_.end(), id.value(),
                                       [](std::size_t value, const Member& member) { return value < member.first_id; });
  return *std::prev(behind);
}

const std::string& JoinedSource::source_name(SourceId id) const {
  const Member& member = member_of(id);
  return member.source->source_name(SourceId(static_cast<SourceId::rep>(id.value() - member.first_id)));
}

Micros JoinedSource::source_mtime(SourceId id) const {
  const Member& member = member_of(id);
  return member.source->source_mtime(SourceId(static_cast<SourceId::rep>(id.value() - member.first_id)));
}

std::uint64_t JoinedSource::total_bytes() const {
  std::uint64_t sum = 0;
  for (const Member& member : members_) {
    const std::uint64_t bytes = member.source->total_bytes();
    // The sum would be too small, and a progress above 100 % helps nobody.
    if (bytes == 0) {
      return 0;
    }
    sum += bytes;
  }
  return sum;
}

std::uint64_t JoinedSource::consumed_bytes() const {
  std::uint64_t sum = 0;
  for (const Member& member : members_) {
    sum += member.source->consumed_bytes();
  }
  return sum;
}

}  // namespace logdetect
