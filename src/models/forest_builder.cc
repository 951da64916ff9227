#include "models/forest_builder.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

// Columns over which some cut is possible.
std::vector<std::uint32_t> varying_columns(const FeatureMatrix& rows) {
  using RowMajor = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto columns = static_cast<Eigen::Index>(rows.columns());
  const Eigen::Map<const RowMajor> values(rows.values().data(), static_cast<Eigen::Index>(rows.rows()), columns);
  const Eigen::ArrayXf low = values.colwise().minCoeff();
  const Eigen::ArrayXf high = values.colwise().maxCoeff();
  std::vector<std::uint32_t> varying;
  for (Eigen::Index c = 0; c < columns; ++c) {
    if (low(c) < high(c) && std::isfinite(low(c)) && std::isfinite(high(c))) {
      varying.push_back(static_cast<std::uint32_t>(c));
    }
  }
  return varying;
}

}  // namespace

ForestBuilder::ForestBuilder(const FeatureMatrix& rows, std::span<const std::uint32_t> pool)
    : rows_(rows), pool_(pool), usable_(varying_columns(rows)), order_(pool.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
}

void ForestBuilder::build(IsolationForest& forest, std::uint64_t seed) {
  for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
    Rng rng(hash_mix(seed, tree));
    draw_sample(forest.subsample(), rng);
    sizes_.assign(forest.width(), 0);
    grow(forest, tree, 1, 0, sample_, rng);
    forest.finish_tree(tree, sizes_);
  }
}

// Without replacement: the first `size` steps of a Fisher-Yates shuffle, undone afterwards so that a tree depends on
// its own seed only and costs O(size), not O(rows).
void ForestBuilder::draw_sample(std::size_t size, Rng& rng) {
  sample_.resize(size);
  std::vector<std::uint32_t> swapped(size);
  for (std::size_t i = 0; i < size; ++i) {
    swapped[i] = static_cast<std::uint32_t>(i + rng.below(order_.size() - i));
    std::swap(order_[i], order_[swapped[i]]);
    sample_[i] = pool_[order_[i]];
  }
  for (std::size_t i = size; i-- > 0;) {
    std::swap(order_[i], order_[swapped[i]]);
  }
}

ForestBuilder::Range ForestBuilder::range_of(std::span<const std::uint32_t> sample, std::uint32_t column) const {
  Range range{rows_.row(sample[0])[column], rows_.row(sample[0])[column]};
  for (const std::uint32_t row : sample) {
    const float value = rows_.row(row)[column];
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  return range;
}

// A column drawn uniformly from those that vary within the sample, cut uniformly in [low, high): both sides get rows,
// since low <= threshold goes left and high does not. False when all rows of the sample are alike.
bool ForestBuilder::choose_cut(std::span<const std::uint32_t> sample, Rng& rng, IsolationForest::Cut& cut) {
  candidates_ = usable_;
  while (!candidates_.empty()) {
    const std::size_t pick = rng.below(candidates_.size());
    const std::uint32_t column = candidates_[pick];
    const auto [low, high] = range_of(sample, column);
    if (low < high) {
      const double spread = static_cast<double>(high) - static_cast<double>(low);
      const auto threshold = static_cast<float>(static_cast<double>(low) + rng.uniform() * spread);
      cut = {std::clamp(threshold, low, std::nextafter(high, low)), column};
      return true;
    }
    candidates_[pick] = candidates_.back();
    candidates_.pop_back();
  }
  return false;
}

// Recursion is as deep as the tree: at most 15.
void ForestBuilder::grow(IsolationForest& forest, std::size_t tree, std::size_t node, int depth,
                         std::span<std::uint32_t> sample, Rng& rng) {
  IsolationForest::Cut cut{};
  if (depth == forest.height() || sample.size() <= 1 || !choose_cut(sample, rng, cut)) {
    const std::size_t first_slot = (node << (forest.height() - depth)) - forest.width();
    sizes_[first_slot] = static_cast<std::uint16_t>(sample.size());
    return;
  }
  forest.cuts_[tree * forest.width() + node] = cut;
  const auto middle = std::partition(sample.begin(), sample.end(),
                                     [&](std::uint32_t row) { return rows_.row(row)[cut.column] <= cut.threshold; });
  const auto left = static_cast<std::size_t>(middle - sample.begin());
  grow(forest, tree, 2 * node, depth + 1, sample.first(left), rng);
  grow(forest, tree, 2 * node + 1, depth + 1, sample.subspan(left), rng);
}

}  // namespace logdetect
