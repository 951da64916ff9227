#include "features/session_tables.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

namespace logdetect {
namespace {

constexpr std::uint32_t kExact = 16;
constexpr Micros kPauseUnit = kMicrosPerSecond / 8;

// Two buckets to a power of two: 2 log2 rounded down, for value >= 1.
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

std::uint64_t PauseHistogram::longer_than(Micros pause) const {
  std::uint64_t sum = 0;
  for (std::size_t i = pause_bucket(pause) + 1; i < kBuckets; ++i) {
    sum += buckets_.at(i);
  }
  return sum;
}

Micros PauseHistogram::upper_end(std::size_t bucket) {
  return bucket == 0 ? kPauseUnit : kPauseUnit * static_cast<Micros>(half_octave_begin(bucket));
}

void PauseHistogram::save(ByteWriter& out) const {
  save_buckets(out, buckets_);
}

void PauseHistogram::load(ByteReader& in) {
  load_buckets(in, buckets_);
}

}  // namespace logdetect
