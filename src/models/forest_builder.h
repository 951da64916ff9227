#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/rng.h"
#include "models/isolation_forest.h"

namespace logdetect {

/// Grows the trees of a forest over some rows of a matrix. Not thread-safe.
class ForestBuilder {
 public:
  /// `pool`: indices of the rows to learn from. Everything must outlive the builder.
  ForestBuilder(const FeatureMatrix& rows, std::span<const std::uint32_t> pool);

  /// Fills `forest`, already of its final shape, with subsample() <= pool.size().
  void build(IsolationForest& forest, std::uint64_t seed);

 private:
  struct Range {
    float low = 0;
    float high = 0;
  };

  void draw_sample(std::size_t size, Rng& rng);
  [[nodiscard]] Range range_of(std::span<const std::uint32_t> sample, std::uint32_t column) const;
  bool choose_cut(std::span<const std::uint32_t> sample, Rng& rng, IsolationForest::Cut& cut);
  void grow(IsolationForest& forest, std::size_t tree, std::size_t node, int depth, std::span<std::uint32_t> sample,
            Rng& rng);

  const FeatureMatrix& rows_;
  std::span<const std::uint32_t> pool_;
  std::vector<std::uint32_t> usable_;      // columns that vary over the matrix and are finite, rising
  std::vector<std::uint32_t> candidates_;  // scratch: usable_ in the order they are tried
  std::vector<std::uint32_t> sample_;      // row indices of the present tree
  std::vector<std::uint32_t> order_;       // scratch of draw_sample
  std::vector<std::uint16_t> sizes_;       // leaf sizes of the present tree
};

}  // namespace logdetect
