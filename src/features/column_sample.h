#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {

/// A uniform sample of feature rows, for the usual range of every column: the first 20,000 rows, then each later one in
/// place of a random one with the right probability. Deterministic. O(1) per row. Not thread-safe.
/// Source: Vitter, "Random sampling with a reservoir", 1985, algorithm R.
class ColumnSample {
 public:
  static constexpr std::size_t kRows = 20'000;

  struct Quantiles {
    float low = 0;  ///< 1st percentile
    float median = 0;
    float high = 0;  ///< 99th percentile
  };

  void add(std::span<const float> row);
  /// One element per column; empty when no row was added. O(kRows x columns).
  [[nodiscard]] std::vector<Quantiles> quantiles() const;

 private:
  Rng rng_{42};  // any seed would do, as long as it is the same in every run
  std::size_t columns_ = 0;
  std::uint64_t seen_ = 0;
  std::vector<float> rows_;
};

}  // namespace logdetect
