#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "models/isolation_forest.h"
#include "unit/models/slow_forest.h"

// Known values, invariants and statistics of the isolation forest; forest_reference_test.cc compares it with others.

namespace logdetect {
namespace {

ForestOptions options_of(int trees, int subsample, double contamination = 0) {
  ForestOptions options;
  options.trees = trees;
  options.subsample = subsample;
  options.contamination = contamination;
  return options;
}

FeatureMatrix gaussian(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Rng rng(seed);
  FeatureMatrix x(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (float& value : x.row(i)) {
      value = static_cast<float>(rng.normal());
    }
  }
  return x;
}

FeatureMatrix column_of(const std::vector<float>& values) {
  FeatureMatrix x(values.size(), 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    x.row(i)[0] = values[i];
  }
  return x;
}

std::vector<float> scores_of(const IsolationForest& forest, const FeatureMatrix& x) {
  std::vector<float> out(x.rows());
  forest.score(x, out);
  return out;
}

float score_row(const IsolationForest& forest, std::span<const float> row) {
  FeatureMatrix alone(1, row.size());
  std::copy(row.begin(), row.end(), alone.row(0).begin());
  return scores_of(forest, alone).front();
}

IsolationForest fitted(const FeatureMatrix& x, const ForestOptions& options, std::uint64_t seed = 42) {
  IsolationForest forest;
  const auto result = forest.fit(x, options, seed);
  EXPECT_TRUE(result.ok());
  return forest;
}

// Share of pairs (outlier, inlier) in the right order.
double auc(std::span<const float> outliers, std::span<const float> inliers) {
  double right = 0;
  for (const float out : outliers) {
    for (const float in : inliers) {
      right += out > in ? 1.0 : (out == in ? 0.5 : 0.0);
    }
  }
  return right / (static_cast<double>(outliers.size()) * static_cast<double>(inliers.size()));
}

// --- known values -----------------------------------------------------------------------------------------------

TEST(IsolationForest, BlocksInAnyOrderGiveTheSameScores) {
  const FeatureMatrix x = gaussian(2003, 13, 7);
  const IsolationForest forest = fitted(x, options_of(30, 64));
  const std::vector<float> plain = scores_of(forest, x);
  std::size_t blocks = 0;
  const ParallelFor backwards = [&blocks](std::size_t count, const std::function<void(std::size_t)>& work) {
    blocks = count;
    for (std::size_t i = count; i-- > 0;) {
      work(i);
    }
  };
  std::vector<std::uint8_t> wanted(x.rows());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = i % 3 == 0 ? 0 : 1;
  }
  std::vector<float> out(x.rows(), -1.0F);
  forest.score(x, out, wanted, backwards);
  EXPECT_GT(blocks, 2U);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(out[i], wanted[i] != 0 ? plain[i] : -1.0F) << i;
  }
  forest.score(x, out, std::vector<std::uint8_t>(x.rows(), 0), backwards);
  EXPECT_EQ(blocks, 0U) << "nobody asks";
}

TEST(AveragePathLength, KnownValues) {
  EXPECT_EQ(average_path_length(0), 0);
  EXPECT_EQ(average_path_length(1), 0);
  EXPECT_DOUBLE_EQ(average_path_length(2), 1);
  EXPECT_DOUBLE_EQ(average_path_length(3), 2 * 1.5 - 4.0 / 3);
  EXPECT_NEAR(average_path_length(256), 10.248690, 1e-6);
}

TEST(AveragePathLength, ThePapersEstimateIsNear) {
  for (const std::size_t n : {16U, 256U, 4096U}) {
    const auto size = static_cast<double>(n);
    const double estimate = 2 * (std::log(size - 1) + 0.5772156649) - 2 * (size - 1) / size;
    EXPECT_NEAR(average_path_length(n), estimate, 1.1 / size);  // H(i) - ln i - gamma = 1 / 2i - ...
  }
  EXPECT_NEAR(average_path_length(256), 10.244, 0.005);
}

TEST(IsolationForest, PathLengthsOfATwoRowTree) {
  // psi = 2: one cut, so every row has h = 1 = c(2) and s = 1/2.
  const FeatureMatrix x = column_of({1, 2, 3, 4, 5, 6, 7, 8});
  const IsolationForest forest = fitted(x, options_of(10, 2));
  EXPECT_EQ(forest.height(), 1);
  for (const float score : scores_of(forest, x)) {
    EXPECT_FLOAT_EQ(score, 0.5F);
  }
}

TEST(IsolationForest, PathLengthsWithAnObviousFirstCut) {
  // Seven equal rows and one far away: the only possible cut isolates it. h(far) = 1, h(others) = 1 + c(7).
  const FeatureMatrix x = column_of({0, 0, 0, 0, 0, 0, 0, 1000});
  const IsolationForest forest = fitted(x, options_of(25, 8));
  const std::vector<float> scores = scores_of(forest, x);
  EXPECT_NEAR(scores[7], std::exp2(-1 / average_path_length(8)), 1e-6);
  EXPECT_NEAR(scores[0], std::exp2(-(1 + average_path_length(7)) / average_path_length(8)), 1e-6);
}

TEST(IsolationForest, EqualRowsScoreOneHalf) {
  const FeatureMatrix x = column_of(std::vector<float>(300, 3.5F));
  for (const float score : scores_of(fitted(x, options_of(20, 256)), x)) {
    EXPECT_FLOAT_EQ(score, 0.5F);  // h = c(psi)
  }
}

TEST(IsolationForest, HeightIsTheCeilingOfLog2OfTheSample) {
  const FeatureMatrix x = gaussian(300, 2, 1);
  for (const auto& [subsample, height] : {std::pair{2, 1}, {3, 2}, {4, 2}, {5, 3}, {255, 8}, {256, 8}, {257, 9}}) {
    EXPECT_EQ(fitted(x, options_of(2, subsample)).height(), height) << subsample;
  }
  EXPECT_EQ(fitted(x, options_of(2, 1000)).subsample(), 300U);  // no more rows than there are
}

// --- invariants -------------------------------------------------------------------------------------------------

TEST(IsolationForest, ScoresLieBetweenZeroAndOne) {
  const IsolationForest forest = fitted(gaussian(500, 4, 2), options_of(100, 256));
  FeatureMatrix extreme(4, 4);
  const float huge = std::numeric_limits<float>::max();
  const float values[] = {0, huge, -huge, std::numeric_limits<float>::infinity()};
  for (std::size_t i = 0; i < 4; ++i) {
    std::fill(extreme.row(i).begin(), extreme.row(i).end(), values[i]);
  }
  for (const float score : scores_of(forest, extreme)) {
    EXPECT_GT(score, 0);
    EXPECT_LT(score, 1);
  }
}

TEST(IsolationForest, ARowScoresTheSameInAnyCompany) {
  const IsolationForest forest = fitted(gaussian(600, 7, 3), options_of(50, 128));
  const FeatureMatrix x = gaussian(333, 7, 4);  // not a multiple of the block or of the lanes
  const std::vector<float> together = scores_of(forest, x);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    EXPECT_EQ(together[i], score_row(forest, x.row(i))) << i;
  }
  FeatureMatrix mixed(2 * x.rows(), 7);  // reversed, and each row twice
  for (std::size_t i = 0; i < mixed.rows(); ++i) {
    const auto row = x.row(x.rows() - 1 - i / 2);
    std::copy(row.begin(), row.end(), mixed.row(i).begin());
  }
  const std::vector<float> again = scores_of(forest, mixed);
  for (std::size_t i = 0; i < mixed.rows(); ++i) {
    EXPECT_EQ(again[i], together[x.rows() - 1 - i / 2]);
  }
}

TEST(IsolationForest, LanesAndPlainWalkAgreeForEveryShape) {
  for (const int subsample : {2, 3, 5, 9, 31, 256, 700}) {
    for (const std::size_t columns : {1U, 3U, 20U, 600U}) {
      const FeatureMatrix learnt = gaussian(720, columns, columns);
      const IsolationForest forest = fitted(learnt, options_of(5, subsample));
      const SlowForest plain(learnt, 5, static_cast<std::size_t>(subsample), 42);
      const FeatureMatrix x = gaussian(21, columns, 9);
      const std::vector<float> scores = scores_of(forest, x);
      for (std::size_t i = 0; i < x.rows(); ++i) {
        ASSERT_EQ(scores[i], plain.score(x.row(i))) << subsample << " x " << columns;
      }
    }
  }
}

TEST(IsolationForest, TheSeedDecidesEverything) {
  const FeatureMatrix x = gaussian(500, 5, 5);
  EXPECT_EQ(scores_of(fitted(x, {}, 7), x), scores_of(fitted(x, {}, 7), x));
  EXPECT_NE(scores_of(fitted(x, {}, 7), x), scores_of(fitted(x, {}, 8), x));
}

TEST(IsolationForest, MoreTreesKeepTheFirstOnes) {
  const FeatureMatrix x = gaussian(300, 3, 6);
  ByteWriter few_writer;
  fitted(x, options_of(3, 64)).save(few_writer);
  const std::string few = few_writer.take();
  ByteWriter many_writer;
  fitted(x, options_of(9, 64)).save(many_writer);
  const std::string many = many_writer.take();
  constexpr std::size_t kShape = 8 + 4 + 4;
  EXPECT_TRUE(many.substr(kShape, few.size() - kShape) == few.substr(kShape));
}

TEST(IsolationForest, ScaleAndOffsetOfAColumnDoNotMatter) {
  const FeatureMatrix x = gaussian(400, 3, 7);
  FeatureMatrix scaled = x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    scaled.row(i)[1] *= 1024;  // a power of two: the same roundings
  }
  EXPECT_EQ(scores_of(fitted(scaled, {}), scaled), scores_of(fitted(x, {}), x));
}

TEST(IsolationForest, FartherIsNeverMoreNormal) {
  const IsolationForest forest = fitted(gaussian(1000, 3, 8), {});
  float last = 0;
  for (const float distance : {0.0F, 2.0F, 4.0F, 8.0F, 100.0F, 1e20F}) {
    const float score = score_row(forest, std::vector<float>{distance, distance, distance});
    EXPECT_GE(score, last) << distance;
    last = score;
  }
  EXPECT_GT(last, 0.7F);
}

TEST(IsolationForest, ConstantColumnsAreNeverCut) {
  FeatureMatrix x = gaussian(400, 3, 9);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    x.row(i)[1] = 5;
  }
  const IsolationForest forest = fitted(x, {});
  FeatureMatrix moved = x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    moved.row(i)[1] = -1e6F;
  }
  EXPECT_EQ(scores_of(forest, moved), scores_of(forest, x));
}

TEST(IsolationForest, InfiniteValuesInTrainingDoNoHarm) {
  FeatureMatrix x = gaussian(300, 2, 10);
  x.row(7)[0] = std::numeric_limits<float>::infinity();
  for (const float score : scores_of(fitted(x, {}), x)) {
    EXPECT_TRUE(score > 0 && score < 1);
  }
}

TEST(IsolationForest, NeighbouringFloatsCanBeCut) {
  std::vector<float> values(64, 1.0F);
  values[5] = std::nextafter(1.0F, 2.0F);
  const FeatureMatrix x = column_of(values);
  const std::vector<float> scores = scores_of(fitted(x, options_of(20, 64)), x);
  EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 5);
}

TEST(IsolationForest, RefusesWhatItCannotLearnFrom) {
  IsolationForest forest;
  const FeatureMatrix x = gaussian(100, 2, 1);
  EXPECT_EQ(forest.fit(gaussian(7, 2, 1), {}, 1).error().code, ErrorCode::kUsage);
  EXPECT_FALSE(forest.fit(FeatureMatrix(0, 2), {}, 1).ok());
  EXPECT_FALSE(forest.fit(FeatureMatrix(100, 0), {}, 1).ok());
  for (const ForestOptions& bad :
       {options_of(0, 256), options_of(20'000, 256), options_of(10, 1), options_of(10, 40'000),
        options_of(10, 256, -0.1), options_of(10, 256, 0.6), options_of(10, 256, std::nan(""))}) {
    EXPECT_EQ(forest.fit(x, bad, 1).error().code, ErrorCode::kUsage);
  }
}

// --- attribution ------------------------------------------------------------------------------------------------

TEST(PathCredit, AddsUpToTheExpectedPathMinusTheRowsOwn) {
  const FeatureMatrix x = gaussian(500, 4, 11);
  const IsolationForest forest = fitted(x, options_of(100, 256));
  const double c = average_path_length(256);
  double expected = 0;  // path of a mean training row, the same for every row
  for (std::size_t i = 0; i < 20; ++i) {
    std::vector<double> credit(4);
    forest.path_credit(x.row(i), credit);
    const double path = -std::log2(static_cast<double>(score_row(forest, x.row(i)))) * c;
    const double sum = std::accumulate(credit.begin(), credit.end(), 0.0);
    expected = i == 0 ? sum + path : expected;
    EXPECT_NEAR(sum + path, expected, 1e-3);
  }
}

TEST(PathCredit, NamesTheColumnThatStandsOut) {
  const FeatureMatrix x = gaussian(1000, 6, 12);
  const IsolationForest forest = fitted(x, {});
  for (std::size_t column = 0; column < 6; ++column) {
    std::vector<float> row(6, 0.1F);
    row[column] = 7;
    std::vector<double> credit(6);
    forest.path_credit(row, credit);
    double others = 0;
    for (std::size_t c = 0; c < 6; ++c) {
      others += c == column ? 0 : std::max(credit[c], 0.0);
    }
    EXPECT_GT(credit[column], 2 * others) << column;
  }
}

// --- statistics -------------------------------------------------------------------------------------------------

TEST(IsolationForest, SeparatesOutliersFromAGaussianCluster) {
  double worst = 1;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    FeatureMatrix x = gaussian(1000, 4, 100 + seed);
    Rng rng(seed);
    for (std::size_t i = 0; i < 30; ++i) {
      for (float& value : x.row(i)) {
        value = static_cast<float>(12 * rng.uniform() - 6);
      }
    }
    const std::vector<float> scores = scores_of(fitted(x, options_of(100, 256, 0.01), seed), x);
    worst = std::min(worst, auc(std::span(scores).first(30), std::span(scores).subspan(30)));
  }
  EXPECT_GT(worst, 0.95);
}

TEST(IsolationForest, TrimmingHelpsAgainstAnomaliesInTraining) {
  // A tight clump of 5 % anomalies looks like a second cluster to a forest that learns from it.
  double with_trim = 0;
  double without = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    FeatureMatrix x = gaussian(1000, 3, 200 + seed);
    for (std::size_t i = 0; i < 50; ++i) {
      for (float& value : x.row(i)) {
        value = 3.5F + 0.3F * value;
      }
    }
    const auto separation = [&](double contamination) {
      const std::vector<float> scores = scores_of(fitted(x, options_of(100, 256, contamination), seed), x);
      return auc(std::span(scores).first(50), std::span(scores).subspan(50));
    };
    with_trim += separation(0.06) / 8;
    without += separation(0) / 8;
  }
  EXPECT_GT(with_trim, without);
  EXPECT_GT(with_trim, 0.95);
}

TEST(IsolationForest, LearnsFromEightRows) {
  IsolationForest forest;
  EXPECT_TRUE(forest.fit(gaussian(8, 2, 1), {}, 1).ok());
  EXPECT_EQ(forest.subsample(), 8U);
  for (const ForestOptions& edge : {options_of(1, 2, 0), options_of(1, 32'768, 0.5)}) {
    EXPECT_TRUE(forest.fit(gaussian(20, 2, 1), edge, 1).ok());
  }
}

TEST(IsolationForest, TrimmingLeavesOutTheShareOfTheStrangest) {
  FeatureMatrix x = gaussian(100, 2, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    x.row(10 + i)[0] = 50.0F + static_cast<float>(i);
  }
  FeatureMatrix rest(97, 2);
  for (std::size_t i = 0, to = 0; i < 100; ++i) {
    if (i < 10 || i > 12) {
      std::copy(x.row(i).begin(), x.row(i).end(), rest.row(to++).begin());
    }
  }
  const IsolationForest trimmed = fitted(x, options_of(10, 64, 0.03));
  const IsolationForest clean = fitted(rest, options_of(10, 64));
  EXPECT_EQ(scores_of(trimmed, rest), scores_of(clean, rest));
  const IsolationForest whole = fitted(x, options_of(10, 64, 0.0099));
  EXPECT_EQ(scores_of(whole, x), scores_of(fitted(x, options_of(10, 64)), x)) << "less than a row";
}

TEST(IsolationForest, OfEquallyStrangeRowsTheLaterIsLeftOut) {
  // All rows alike but for their order of draws: trimming two of ten leaves the first eight.
  std::vector<float> values(10, 1.0F);
  values[9] = 1.0F;
  const FeatureMatrix x = column_of(values);
  EXPECT_EQ(fitted(x, options_of(3, 256, 0.2)).subsample(), 8U);
}

TEST(PathCredit, OfASingleCutIsThePathItSaves) {
  // Seven equal rows and one far away: h = 1 or 1 + c(7), on average of the rows what a row is expected to have.
  const FeatureMatrix x = column_of({0, 0, 0, 0, 0, 0, 0, 1000});
  const IsolationForest forest = fitted(x, options_of(25, 8));
  std::vector<double> credit(1);
  forest.path_credit(x.row(7), credit);
  EXPECT_NEAR(credit[0], average_path_length(7) * 7 / 8, 1e-6);
  forest.path_credit(x.row(0), credit);
  EXPECT_NEAR(credit[0], -average_path_length(7) / 8, 1e-6);
}

}  // namespace
}  // namespace logdetect
