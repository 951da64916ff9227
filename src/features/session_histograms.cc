#include "features/session_histograms.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace logdetect {
namespace {

constexpr std::uint32_t kExact = 16;  // counts below have a bucket each
constexpr Micros kPauseUnit = kMicrosPerSecond / 1000;
constexpr double kUsualQuantile = 0.99;

// Two buckets to a power of two, which begin at 1, 2, 3, 4, 6, 8, 12, ...; for value >= 1. Bucket 1 stays empty: no
// whole number lies between 1 and 2.
std::size_t half_octave(std::uint64_t value) {
  const auto octave = static_cast<std::size_t>(std::bit_width(value)) - 1;
  const std::uint64_t middle = octave == 0 ? 2 : (std::uint64_t{3} << (octave - 1));
  return 2 * octave + (value >= middle ? 1 : 0);
}

std::uint64_t half_octave_begin(std::size_t bucket) {
  const std::size_t octave = bucket / 2;
  const std::uint64_t begin = std::uint64_t{1} << octave;
  return bucket % 2 == 0 ? begin : begin + begin / 2;
}

std::size_t count_bucket(std::uint32_t count) {
  if (count < kExact) {
    return count;
  }
  return std::min(kExact + half_octave(count) - half_octave(kExact), CountHistogram::kBuckets - 1);
}

std::uint32_t count_of(std::size_t bucket) {
  return bucket < kExact ? static_cast<std::uint32_t>(bucket)
                         : static_cast<std::uint32_t>(half_octave_begin(bucket - kExact + half_octave(kExact)));
}

std::size_t pause_bucket(Micros pause) {
  return pause < kPauseUnit
             ? 0
             : std::min(1 + half_octave(static_cast<std::uint64_t>(pause / kPauseUnit)), PauseHistogram::kBuckets - 1);
}

// Buckets have 32 bits. A full one stays full.
void increase(std::uint32_t& count) {
  count += count < std::numeric_limits<std::uint32_t>::max() ? 1 : 0;
}

// Sparse: a count of buckets that are not empty, then bucket and value of each.
void save_buckets(ByteWriter& out, std::span<const std::uint32_t> buckets) {
  out.u8(static_cast<std::uint8_t>(
      std::count_if(buckets.begin(), buckets.end(), [](std::uint32_t count) { return count > 0; })));
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i] > 0) {
      out.u8(static_cast<std::uint8_t>(i));
      out.u32(buckets[i]);
    }
  }
}

void load_buckets(ByteReader& in, std::span<std::uint32_t> buckets) {
  const std::size_t filled = in.u8();
  for (std::size_t i = 0; i < filled && in.ok(); ++i) {
    const std::size_t bucket = in.u8();
    if (bucket >= buckets.size()) {
      in.fail("histogram bucket out of range");
      return;
    }
    buckets[bucket] = in.u32();
  }
}

}  // namespace

void CountHistogram::add(std::uint32_t count) {
  increase(buckets_.at(count_bucket(count)));
  ++total_;
}

std::uint64_t CountHistogram::at_least(std::uint32_t count) const {
  std::uint64_t sum = 0;
  for (std::size_t i = count_bucket(count); i < kBuckets; ++i) {
    sum += buckets_.at(i);
  }
  return sum;
}

std::uint32_t CountHistogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    sum += buckets_.at(i);
    // A share of 0 asks for the least that was seen, not for an empty bucket in front of it.
    if (sum > 0 && sum >= wanted) {
      return count_of(i);
    }
  }
  return 0;
}

void CountHistogram::save(ByteWriter& out) const {
  save_buckets(out, buckets_);
}

void CountHistogram::load(ByteReader& in) {
  load_buckets(in, buckets_);
  total_ = 0;
  for (const std::uint32_t count : buckets_) {
    total_ += count;
  }
}

void PauseHistogram::add(Micros pause) {
  increase(buckets_.at(pause_bucket(pause)));
}

std::uint64_t PauseHistogram::total() const {
  return std::accumulate(buckets_.begin(), buckets_.end(), std::uint64_t{0});
}

std::uint64_t PauseHistogram::at_least(Micros pause) const {
  const auto from = buckets_.begin() + static_cast<std::ptrdiff_t>(pause_bucket(pause));
  return std::accumulate(from, buckets_.end(), std::uint64_t{0});
}

Micros PauseHistogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total())));
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    sum += buckets_.at(i);
    if (sum > 0 && sum >= wanted) {
      return upper_end(i);
    }
  }
  return 0;
}

Micros PauseHistogram::upper_end(std::size_t bucket) {
  // Whole milliseconds: the halves of the first power of two are one bucket.
  return kPauseUnit * static_cast<Micros>(bucket < 2 ? bucket + 1 : half_octave_begin(bucket));
}

void PauseHistogram::save(ByteWriter& out) const {
  save_buckets(out, buckets_);
}

void PauseHistogram::load(ByteReader& in) {
  load_buckets(in, buckets_);
}

void StepDurations::add(std::uint32_t from, std::uint32_t to, Micros duration) {
  const std::uint64_t pair = key(from, to);
  auto found = pairs_.find(pair);
  if (found == pairs_.end()) {
    // Pairs met so late are mostly rare, and nothing is said of a pair below kFewest steps.
    if (pairs_.size() >= kMaxPairs) {
      return;
    }
    found = pairs_.emplace(pair, PauseHistogram{}).first;
  }
  found->second.add(duration);
  // A clock that was set back gives durations below zero, which do not tell how fine it is.
  if (duration > 0) {
    tick_ = std::min(tick_, duration);
  }
}

double StepDurations::slowness(std::uint32_t from, std::uint32_t to, Micros duration) const {
  const auto found = pairs_.find(key(from, to));
  if (found == pairs_.end() || duration <= 0) {  // none, or a clock set back
    return 0;
  }
  const PauseHistogram& known = found->second;
  const std::uint64_t all = known.total();
  if (all < kFewest) {
    return 0;
  }
  const std::uint64_t as_long = known.at_least(duration);
  // Half a step more, so that what never was is not impossible (Krichevsky, Trofimov 1981).
  const double within = -std::log((static_cast<double>(as_long) + 0.5) / (static_cast<double>(all) + 1));
  if (as_long > 0) {
    return std::max(within, 0.0);
  }
  // A clock of whole seconds shows a step of some milliseconds as none or as one second.
  const auto longest = static_cast<double>(std::max(known.quantile(1), tick_));
  return within + std::log(std::max(static_cast<double>(duration) / longest, 1.0));
}

Micros StepDurations::usual(std::uint32_t from, std::uint32_t to) const {
  const auto found = pairs_.find(key(from, to));
  return found == pairs_.end() ? 0 : std::max(found->second.quantile(kUsualQuantile), tick_);
}

void StepDurations::forget(std::uint32_t id) {
  std::erase_if(pairs_, [id](const auto& pair) { return pair.first >> 32 == id || (pair.first & 0xFFFFFFFF) == id; });
}

void StepDurations::save(ByteWriter& out) const {
  std::vector<std::uint64_t> order;
  order.reserve(pairs_.size());
  for (const auto& [pair, durations] : pairs_) {
    order.push_back(pair);
  }
  // The map's order is its own. Sorted, the same training gives the same bytes.
  std::sort(order.begin(), order.end());
  out.i64(tick_);
  out.u64(order.size());
  for (const std::uint64_t pair : order) {
    out.u64(pair);
    pairs_.at(pair).save(out);
  }
}

void StepDurations::load(ByteReader& in, std::size_t templates) {
  tick_ = in.i64();
  if (tick_ <= 0 || tick_ > kLongestTick) {
    in.fail("the least step of sessions is out of range");
    return;
  }
  const std::size_t count = in.count(8 + PauseHistogram::kLeastBytes, kMaxPairs);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t pair = in.u64();
    if (i > 0 && pair <= before) {
      in.fail("the steps of sessions are not in order");
      return;
    }
    before = pair;
    if (pair >> 32 >= templates || (pair & 0xFFFFFFFF) >= templates) {
      in.fail("a step of sessions names an unknown template");
      return;
    }
    pairs_[pair].load(in);
  }
}

}  // namespace logdetect
