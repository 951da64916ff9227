#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/base/rng.h"
#include "models/isolation_forest.h"

namespace logdetect {

/// The paper's algorithms 1 to 3 as they stand there, with this program's order of random draws.
class SlowForest {
 public:
  SlowForest(const FeatureMatrix& x, int trees, std::size_t subsample, std::uint64_t seed)
      : x_(x), subsample_(std::min(subsample, x.rows())) {
    limit_ = static_cast<int>(std::ceil(std::log2(static_cast<double>(subsample_))));
    for (int t = 0; t < trees; ++t) {
      Rng rng(hash_mix(seed, static_cast<std::uint64_t>(t)));
      std::vector<std::size_t> rows(x.rows());
      std::iota(rows.begin(), rows.end(), std::size_t{0});
      for (std::size_t i = 0; i < subsample_; ++i) {
        std::swap(rows[i], rows[i + rng.below(rows.size() - i)]);
      }
      rows.resize(subsample_);
      trees_.push_back(grow(rows, 0, rng));
    }
  }

  [[nodiscard]] float score(std::span<const float> row) const {
    double sum = 0;
    for (const auto& tree : trees_) {
      sum += static_cast<double>(static_cast<float>(path(*tree, row, 0)));
    }
    const double normaliser = average_path_length(subsample_) * static_cast<double>(trees_.size());
    return static_cast<float>(std::exp2(-sum / normaliser));
  }

 private:
  struct Node {
    std::unique_ptr<Node> left, right;
    std::size_t column = 0;
    float threshold = 0;
    std::size_t size = 0;
  };

  std::unique_ptr<Node> grow(const std::vector<std::size_t>& rows, int depth, Rng& rng) const {
    auto node = std::make_unique<Node>();
    node->size = rows.size();
    if (depth >= limit_ || rows.size() <= 1) {
      return node;
    }
    std::vector<std::size_t> candidates;
    for (std::size_t c = 0; c < x_.columns(); ++c) {
      if (varies(c)) {
        candidates.push_back(c);
      }
    }
    while (!candidates.empty()) {
      const std::size_t pick = rng.below(candidates.size());
      const std::size_t column = candidates[pick];
      float low = std::numeric_limits<float>::max();
      float high = std::numeric_limits<float>::lowest();
      for (const std::size_t row : rows) {
        low = std::min(low, x_.row(row)[column]);
        high = std::max(high, x_.row(row)[column]);
      }
      if (low == high) {
        std::swap(candidates[pick], candidates.back());
        candidates.pop_back();
        continue;
      }
      const double at =
          static_cast<double>(low) + rng.uniform() * (static_cast<double>(high) - static_cast<double>(low));
      node->column = column;
      node->threshold = std::min(static_cast<float>(at), std::nextafter(high, low));
      std::vector<std::size_t> left;
      std::vector<std::size_t> right;
      for (const std::size_t row : rows) {
        (x_.row(row)[column] <= node->threshold ? left : right).push_back(row);
      }
      node->left = grow(left, depth + 1, rng);
      node->right = grow(right, depth + 1, rng);
      return node;
    }
    return node;
  }

  [[nodiscard]] bool varies(std::size_t column) const {
    for (std::size_t i = 1; i < x_.rows(); ++i) {
      if (x_.row(i)[column] != x_.row(0)[column]) {
        return true;
      }
    }
    return false;
  }

  static double path(const Node& node, std::span<const float> row, int depth) {
    if (node.left == nullptr) {
      return depth + average_path_length(node.size);
    }
    return path(row[node.column] <= node.threshold ? *node.left : *node.right, row, depth + 1);
  }

  const FeatureMatrix& x_;
  std::size_t subsample_;
  int limit_ = 0;
  std::vector<std::unique_ptr<Node>> trees_;
};

}  // namespace logdetect
