#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/base/parallel.h"
#include "logdetect/base/range.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/features.h"

namespace logdetect {

struct ForestOptions {
  static constexpr Range<int> kTreesRange{1, 10'000};          ///< scores settle at a hundred
  static constexpr Range<int> kSubsampleRange{2, 32'768};      ///< leaf sizes are stored in 16 bits
  static constexpr Range<double> kContaminationRange{0, 0.5};  ///< what most rows are is normal

  int trees = 100;
  int subsample = 256;          ///< psi
  double contamination = 0.01;  ///< expected share of anomalies in training; trimmed before the refit
};

/// Mean path length of an unsuccessful search in a binary search tree of n values: 2 H(n-1) - 2 (n-1) / n, with the
/// exact harmonic number H; 0 for n <= 1. O(n).
/// Source: Liu, Ting, Zhou, "Isolation Forest", ICDM 2008, eq. 1 (which estimates H(i) by ln i + 0.5772).
[[nodiscard]] double average_path_length(std::size_t n);

/// Isolation forest: how few random cuts set a row apart from a small sample of the training rows.
///
/// Every tree is a complete binary tree of height h = ceil(log2 psi) held in arrays, root at 1, children of i at 2i and
/// 2i + 1. A leaf above the bottom is padded with cuts that every row passes to the left, so each walk takes exactly h
/// steps without a branch, and no stored index can point anywhere. At 100 trees and psi = 256: 400 KiB.
/// Const calls are thread-safe after fit() or load().
class IsolationForest {
 public:
  static constexpr std::size_t kMinRows = 8;

  /// Learns from `rows` [n x columns], at least kMinRows of them, no NaN. Fits once, drops the `contamination` share of
  /// rows that score highest, and fits again on the rest. Rng of tree t: hash_mix(seed, t); no other state, so equal
  /// arguments give equal forests everywhere. Columns that are constant, or hold an infinity, are never cut.
  /// Errors: kUsage for options out of range or too few rows; the forest is then as before.
  /// Cost: O(trees * psi * log psi + n * trees * log psi).
  Result<void> fit(const FeatureMatrix& rows, const ForestOptions& options, std::uint64_t seed);

  /// out[i] = 2^(-E[h(row i)] / c(psi)) in (0, 1); higher is stranger. Rows must have columns() columns. Where `wanted`
  /// [rows], if given, is 0, out is left as it is. `parallel` shares out blocks of rows.
  /// Cost: O(rows * trees * log psi); a few allocations. Source: eq. 2.
  void score(const FeatureMatrix& rows, std::span<float> out, std::span<const std::uint8_t> wanted = {},
             const ParallelFor& parallel = run_serially) const;

  /// credit[c] = mean over the trees of how much the cuts on column c shortened the row's expected path; negative when
  /// they made it longer. Sums to expected path of a training row minus that of this row. O(trees * log psi).
  void path_credit(std::span<const float> row, std::span<double> credit) const;

  void save(ByteWriter& out) const;
  /// Errors: kModel, also when the forest was trained on another number of columns; the forest is then as before.
  Result<void> load(ByteReader& in, std::size_t columns);

  [[nodiscard]] std::size_t trees() const { return trees_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t subsample() const { return subsample_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  friend class ForestBuilder;

  /// Rows with value <= threshold go left. No cut: column 0 and threshold +infinity.
  struct Cut {
    float threshold;
    std::uint32_t column;
  };

  /// Rows walked side by side, to hide the latency of each step.
  static constexpr std::size_t kLanes = 8;
  static constexpr int kTopLevels = 3;
  using Nodes = std::array<std::size_t, kLanes>;

  void reset(std::size_t trees, std::size_t subsample, std::size_t columns);
  [[nodiscard]] std::size_t width() const { return std::size_t{1} << height_; }
  static void top_levels(const Cut* cuts, const float* values, Nodes& node);
  template <std::size_t... lane>
  static void step_lanes(const Cut* cuts, const float* values, Nodes& node, std::index_sequence<lane...>);
  void score_block(const FeatureMatrix& rows, std::span<const std::uint32_t> chosen, std::span<float> lanes,
                   std::span<double> sums, std::span<float> out) const;
  void add_paths(std::size_t tree, std::span<const float> lanes, std::span<double> sums) const;
  [[nodiscard]] float score_of(double path_sum) const;
  /// Fills path_ of a tree from its cuts and `sizes` [width()]: training rows in each leaf, at its leftmost slot.
  void finish_tree(std::size_t tree, std::span<const std::uint16_t> sizes);
  void load_tree(ByteReader& in, std::size_t tree);

  std::size_t trees_ = 0;
  std::size_t subsample_ = 0;
  std::size_t columns_ = 0;
  int height_ = 0;
  double normaliser_ = 1;             // c(psi) * trees
  std::vector<Cut> cuts_;             // [trees x width], slot 0 unused
  std::vector<float> path_;           // [trees x 2 width]: mean path length of the training rows below a node
  std::vector<std::uint16_t> sizes_;  // [trees x width]: training rows in the leaf that begins at this bottom slot
};

}  // namespace logdetect
