#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>

#include "logdetect/base/hash.h"
#include "logdetect/base/rng.h"
#include "models/isolation_forest.h"

// The isolation forest against a slow recursive one with pointers, bit by bit, and against scikit-learn by rank.

namespace logdetect {
namespace {

// The paper's algorithms 1 to 3 as they stand there, with this program's order of random draws.
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

struct Reference {
  FeatureMatrix x;
  std::vector<float> scores;
};

Reference read_reference(const std::string& name) {
  std::ifstream file(std::string(LOGDETECT_SOURCE_DIR) + "/tests/data/forest_reference/" + name + ".csv");
  EXPECT_TRUE(file.good()) << name;
  std::string line;
  std::getline(file, line);
  const auto columns = static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
  std::vector<std::vector<float>> rows;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) {
      rows.back().push_back(std::stof(cell));
    }
  }
  Reference reference{FeatureMatrix(rows.size(), columns), {}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(rows[i].begin(), columns, reference.x.row(i).begin());
    reference.scores.push_back(rows[i].back());
  }
  return reference;
}

// Ranks from 1, equal values share their mean rank.
std::vector<double> ranks(std::span<const float> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) {
      ++end;
    }
    for (std::size_t k = i; k < end; ++k) {
      rank[order[k]] = static_cast<double>(i + end + 1) / 2;
    }
    i = end;
  }
  return rank;
}

double spearman(std::span<const float> a, std::span<const float> b) {
  const std::vector<double> x = ranks(a);
  const std::vector<double> y = ranks(b);
  const double mean = static_cast<double>(a.size() + 1) / 2;
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xy / std::sqrt(xx * yy);
}

std::set<std::size_t> top(std::span<const float> scores, std::size_t k) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k)};
}

class ForestReference : public ::testing::TestWithParam<const char*> {};

TEST_P(ForestReference, EqualsTheSlowForestBitByBit) {
  const Reference reference = read_reference(GetParam());
  for (const int subsample : {2, 7, 64, 256, 1000}) {
    ForestOptions options;
    options.trees = 12;
    options.subsample = subsample;
    options.contamination = 0;
    IsolationForest forest;
    ASSERT_TRUE(forest.fit(reference.x, options, 5).ok());
    const SlowForest slow(reference.x, 12, static_cast<std::size_t>(subsample), 5);
    std::vector<float> scores(reference.x.rows());
    forest.score(reference.x, scores);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      ASSERT_EQ(scores[i], slow.score(reference.x.row(i))) << "row " << i << ", psi " << subsample;
    }
  }
}

TEST_P(ForestReference, RanksLikeScikitLearn) {
  const Reference reference = read_reference(GetParam());
  ASSERT_EQ(reference.x.rows(), 400U);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    ForestOptions options;
    options.contamination = 0;
    IsolationForest forest;
    ASSERT_TRUE(forest.fit(reference.x, options, seed).ok());
    std::vector<float> scores(reference.x.rows());
    forest.score(reference.x, scores);
    EXPECT_GE(spearman(scores, reference.scores), 0.95) << "seed " << seed;

    const std::set<std::size_t> ours = top(scores, 20);
    const std::set<std::size_t> theirs = top(reference.scores, 20);
    std::vector<std::size_t> common;
    std::set_intersection(ours.begin(), ours.end(), theirs.begin(), theirs.end(), std::back_inserter(common));
    EXPECT_GE(common.size(), 16U) << "seed " << seed;

    double difference = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      difference += std::abs(static_cast<double>(scores[i]) - static_cast<double>(reference.scores[i])) / 400;
    }
    EXPECT_LT(difference, 0.02) << "seed " << seed;  // the same scale, too
  }
}

INSTANTIATE_TEST_SUITE_P(Matrices, ForestReference,
                         ::testing::Values("cluster_and_outliers", "two_clusters_correlated", "like_log_features"),
                         [](const auto& param_info) { return std::string(param_info.param); });

}  // namespace
}  // namespace logdetect
