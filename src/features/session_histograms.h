#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

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

/// How long sessions were silent, in halves of powers of two of a millisecond, up to about a year and a half.
class PauseHistogram {
 public:
  static constexpr std::size_t kBuckets = 72;
  static constexpr std::size_t kLeastBytes = 1;

  void add(Micros pause);
  [[nodiscard]] std::uint64_t total() const;
  /// Pauses of this one's bucket or a longer one.
  [[nodiscard]] std::uint64_t at_least(Micros pause) const;
  /// The end of the bucket that a share of at least `share` of the pauses do not exceed; 0 when empty.
  [[nodiscard]] Micros quantile(double share) const;
  /// The shortest pause beyond the bucket.
  [[nodiscard]] static Micros upper_end(std::size_t bucket);

  void save(ByteWriter& out) const;
  void load(ByteReader& in);

 private:
  std::array<std::uint32_t, kBuckets> buckets_{};
};

/// How long it takes in a session from one template to the next, for the first kMaxPairs pairs met: 350 bytes each.
class StepDurations {
 public:
  static constexpr std::size_t kMaxPairs = 4096;
  static constexpr std::uint64_t kFewest = 20;  ///< steps of a pair below which nothing is said of it

  void add(std::uint32_t from, std::uint32_t to, Micros duration);
  /// -ln of the share of this pair's steps that took at least as long. Beyond the longest of training, or what the
  /// clock tells apart if that is more, the tail goes on like 1 / duration (Pareto, index 1). 0 for a pair seen fewer
  /// than kFewest times. O(buckets).
  [[nodiscard]] double slowness(std::uint32_t from, std::uint32_t to, Micros duration) const;
  /// 99th percentile, to its bucket's end, no less than what the clock tells apart; 0 for an unknown pair.
  [[nodiscard]] Micros usual(std::uint32_t from, std::uint32_t to) const;
  /// Drops every pair with this template. O(pairs).
  void forget(std::uint32_t id);

  void save(ByteWriter& out) const;
  /// Ids must be below `templates`, and pairs rise.
  void load(ByteReader& in, std::size_t templates);

 private:
  static constexpr Micros kLongestTick = 60 * kMicrosPerSecond;
  static std::uint64_t key(std::uint32_t from, std::uint32_t to) { return std::uint64_t{from} << 32 | to; }
  std::unordered_map<std::uint64_t, PauseHistogram> pairs_;
  /// What the log's clock tells apart: the least duration seen that is not none; a minute at most.
  Micros tick_ = kLongestTick;
};

}  // namespace logdetect
