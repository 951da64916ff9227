#include "features/window_counters.h"

#include <algorithm>

#include "features/numerics.h"

namespace logdetect {
namespace {

// Ids from here on get no counters of their own: records_ has an entry for each id up to the largest.
constexpr std::uint32_t kMaxIds = 1U << 22;
// Records looked at for one to take over. So the cost of a line stays bounded when all are in use.
constexpr std::uint32_t kProbes = 16;

// Times before 1970 give negative buckets, and % keeps their sign.
constexpr std::size_t ring_place(std::int64_t bucket) {
  const std::int64_t rest = bucket % WindowCounters::kBuckets;
  return static_cast<std::size_t>(rest < 0 ? rest + WindowCounters::kBuckets : rest);
}

constexpr std::size_t before(std::size_t place) {
  return place == 0 ? static_cast<std::size_t>(WindowCounters::kBuckets) - 1 : place - 1;
}

}  // namespace

WindowCounters::WindowCounters(std::span<const std::int64_t> seconds) {
  for (const std::int64_t length : seconds) {
    Window& window = windows_.emplace_back();
    window.length = length * kMicrosPerSecond;
    window.bucket_length = window.length / kBuckets;
  }
}

void WindowCounters::restart(Micros now) {
  now_ = now;
  since_ = now;
  // Cells of an older epoch count as empty, so none of them has to be cleared here.
  ++epoch_;
  for (Window& window : windows_) {
    Window empty;
    empty.length = window.length;
    empty.bucket_length = window.bucket_length;
    open_bucket(empty, floor_divide(now, window.bucket_length));
    window = empty;
  }
}

void WindowCounters::open_bucket(Window& window, std::int64_t bucket) {
  window.bucket = bucket;
  window.bucket_end = (bucket + 1) * window.bucket_length;
  window.head = ring_place(bucket);
}

void WindowCounters::expire(Window& window, std::int64_t bucket) {
  // A gap longer than the window empties each place once.
  const std::int64_t steps = std::min(bucket - window.bucket, kBuckets);
  open_bucket(window, bucket);
  std::size_t place = window.head;
  for (std::int64_t i = 0; i < steps; ++i, place = before(place)) {
    window.total.events -= window.events[place];
    window.total.errors -= window.errors[place];
    window.total.warnings -= window.warnings[place];
    window.total.fresh -= window.fresh[place];
    // A template is distinct until the bucket of its last event leaves the window.
    window.total.distinct -= window.last_seen[place];
    window.events[place] = 0;
    window.errors[place] = 0;
    window.warnings[place] = 0;
    window.fresh[place] = 0;
    window.last_seen[place] = 0;
  }
}

void WindowCounters::advance(Micros now) {
  if (now <= now_) {
    return;
  }
  now_ = now;
  for (Window& window : windows_) {
    if (now >= window.bucket_end) {
      expire(window, floor_divide(now, window.bucket_length));
    }
  }
}

bool WindowCounters::gone(std::uint32_t record) const {
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    const Cell& cell = cells_[record * windows_.size() + w];
    if (cell.epoch == epoch_ && cell.bucket > windows_[w].bucket - kBuckets) {
      return false;
    }
  }
  return true;
}

std::uint32_t WindowCounters::record_of(std::uint32_t id) {
  if (id >= kMaxIds) {
    return kNone;
  }
  if (id >= records_.size()) {
    records_.resize(std::size_t{id} + 1, kNone);
  }
  if (records_[id] != kNone) {
    return records_[id];
  }
  std::uint32_t record = kNone;
  if (owners_.size() < kMaxTracked) {
    record = static_cast<std::uint32_t>(owners_.size());
    owners_.push_back(id);
    cells_.resize(cells_.size() + windows_.size());
  } else {
    for (std::uint32_t i = 0; i < kProbes && record == kNone; ++i) {
      record = gone(hand_) ? hand_ : kNone;
      hand_ = hand_ + 1 < kMaxTracked ? hand_ + 1 : 0;
    }
    if (record == kNone) {
      return kNone;
    }
    records_[owners_[record]] = kNone;
    owners_[record] = id;
    std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>(record * windows_.size()), windows_.size(), Cell{});
  }
  records_[id] = record;
  return record;
}

std::uint32_t WindowCounters::count(Window& window, Cell& cell) const {
  if (cell.epoch != epoch_ || cell.bucket <= window.bucket - kBuckets) {
    cell.counts.fill(0);
    cell.total = 0;
    cell.epoch = epoch_;
    // The template comes (back) into the window.
    ++window.total.distinct;
    ++window.last_seen[window.head];
  } else if (cell.bucket != window.bucket) {
    // The template is in the window already. Its last event moves to the present bucket.
    --window.last_seen[ring_place(cell.bucket)];
    ++window.last_seen[window.head];
    // What the template had in these places is at least a whole turn of the ring old.
    std::size_t place = window.head;
    for (std::int64_t i = cell.bucket; i < window.bucket; ++i, place = before(place)) {
      cell.total -= cell.counts[place];
      cell.counts[place] = 0;
    }
  }
  cell.bucket = window.bucket;
  ++cell.counts[window.head];
  return ++cell.total;
}

void WindowCounters::add(TemplateId id, Level level, bool first_sight, std::span<Counts> out) {
  const std::uint32_t record = record_of(id.value());
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    Window& window = windows_[w];
    // Without a record of its own a template counts as seen once: the present event.
    const std::uint32_t same = record == kNone ? 1 : count(window, cells_[record * windows_.size() + w]);
    ++window.events[window.head];
    ++window.total.events;
    if (level >= Level::kError) {
      ++window.errors[window.head];
      ++window.total.errors;
    } else if (level == Level::kWarning) {
      ++window.warnings[window.head];
      ++window.total.warnings;
    }
    if (first_sight) {
      ++window.fresh[window.head];
      ++window.total.fresh;
    }
    Counts& counts = out[w];
    counts = window.total;
    counts.same = same;
    if (now_ - since_ < window.length) {
      const auto observed = static_cast<float>(now_ - since_) / static_cast<float>(window.length);
      counts.observed = std::max(observed, 1.0F / static_cast<float>(kBuckets));
    }
  }
}

}  // namespace logdetect
