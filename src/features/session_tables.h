#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "logdetect/base/clock.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// How many sessions held a template how often: exact up to 15, then in halves of powers of two. O(buckets) per
/// question.
class CountHistogram {
 public:
  static constexpr std::size_t kBuckets = 40;
  static constexpr std::size_t kLeastBytes = 1;

  void add(std::uint32_t count);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// Sessions with at least this count; beyond 15, those of its bucket too.
  [[nodiscard]] std::uint64_t at_least(std::uint32_t count) const;
  /// The least count that a share of at least `share` of the sessions do not exceed; 0 when empty.
  [[nodiscard]] std::uint32_t quantile(double share) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  std::array<std::uint32_t, kBuckets> buckets_{};
  std::uint64_t total_ = 0;
};

/// How long sessions were silent, in halves of powers of two of 1/8 s, up to about two years.
class PauseHistogram {
 public:
  static constexpr std::size_t kBuckets = 60;
  static constexpr std::size_t kLeastBytes = 1;

  void add(Micros pause);
  /// Pauses of a longer bucket than this one's.
  [[nodiscard]] std::uint64_t longer_than(Micros pause) const;
  /// The shortest pause beyond the bucket.
  [[nodiscard]] static Micros upper_end(std::size_t bucket);

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  std::array<std::uint32_t, kBuckets> buckets_{};
};

}  // namespace logdetect
