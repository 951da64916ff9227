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
#include "unit/models/slow_forest.h"

// The isolation forest against a slow recursive one with pointers, bit by bit, and against scikit-learn by rank.

namespace logdetect {
namespace {

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
