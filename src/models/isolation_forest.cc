#include "models/isolation_forest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>

#include "logdetect/base/check.h"
#include "logdetect/base/hash.h"
#include "models/forest_builder.h"

namespace logdetect {
namespace {

constexpr auto kMaxTrees = static_cast<std::size_t>(ForestOptions::kTreesRange.most);
constexpr auto kMaxSubsample = static_cast<std::size_t>(ForestOptions::kSubsampleRange.most);
constexpr std::uint16_t kNoCut = 0xFFFF;    // stored instead of a column
constexpr std::size_t kBlockFloats = 4096;  // 16 KiB of rows share the first-level cache with one tree
constexpr float kPassLeft = std::numeric_limits<float>::infinity();

int height_for(std::size_t subsample) {
  return static_cast<int>(std::bit_width(subsample - 1));
}

Result<void> check_options(const ForestOptions& options) {
  if (!ForestOptions::kTreesRange.contains(options.trees)) {
    return make_error(ErrorCode::kUsage, "the forest needs 1 to " + std::to_string(kMaxTrees) + " trees",
                      "forest.trees");
  }
  if (!ForestOptions::kSubsampleRange.contains(options.subsample)) {
    return make_error(ErrorCode::kUsage, "a tree's sample must have 2 to " + std::to_string(kMaxSubsample) + " rows",
                      "forest.subsample");
  }
  if (!ForestOptions::kContaminationRange.contains(options.contamination)) {
    return make_error(ErrorCode::kUsage, "the contamination must lie between 0 and 0.5", "forest.contamination");
  }
  return {};
}

// Indices of all rows but the `drop` highest by score, rising. Equal scores: the later row goes first.
std::vector<std::uint32_t> without_highest(std::span<const float> scores, std::size_t drop) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto keep = static_cast<std::ptrdiff_t>(scores.size() - drop);
  std::nth_element(order.begin(), order.begin() + keep, order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] != scores[b] ? scores[a] < scores[b] : a < b;
  });
  order.resize(scores.size() - drop);
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace

double average_path_length(std::size_t n) {
  if (n <= 1) {
    return 0;
  }
  double harmonic = 0;
  for (std::size_t i = n - 1; i >= 1; --i) {  // small terms first
    harmonic += 1.0 / static_cast<double>(i);
  }
  const auto size = static_cast<double>(n);
  return 2 * harmonic - 2 * (size - 1) / size;
}

void IsolationForest::reset(std::size_t trees, std::size_t subsample, std::size_t columns) {
  trees_ = trees;
  subsample_ = subsample;
  columns_ = columns;
  height_ = height_for(subsample);
  normaliser_ = average_path_length(subsample) * static_cast<double>(trees);
  cuts_.assign(trees * width(), Cut{kPassLeft, 0});
  path_.assign(trees * width() * 2, 0.0F);
  sizes_.assign(trees * width(), 0);
}

Result<void> IsolationForest::fit(const FeatureMatrix& rows, const ForestOptions& options, std::uint64_t seed) {
  LD_TRY(check_options(options));
  if (rows.columns() == 0 || rows.columns() >= kNoCut || rows.rows() >= std::numeric_limits<std::uint32_t>::max()) {
    return make_error(ErrorCode::kUsage, "the feature matrix has an unusable shape");
  }
  if (rows.rows() < kMinRows) {
    return make_error(ErrorCode::kUsage,
                      "too few records to learn from: " + std::to_string(rows.rows()) + ", at least " +
                          std::to_string(kMinRows) + " are needed",
                      {}, "train on more of the log");
  }
  const auto grow = [&](std::span<const std::uint32_t> pool) {
    reset(static_cast<std::size_t>(options.trees), std::min(static_cast<std::size_t>(options.subsample), pool.size()),
          rows.columns());
    ForestBuilder(rows, pool).build(*this, seed);
  };
  std::vector<std::uint32_t> pool(rows.rows());
  std::iota(pool.begin(), pool.end(), 0U);
  grow(pool);

  // A few anomalies in training would teach the trees that they are normal: the strangest rows are left out of a
  // second fit.
  const auto drop = static_cast<std::size_t>(options.contamination * static_cast<double>(rows.rows()));
  if (drop > 0) {
    std::vector<float> scores(rows.rows());
    score(rows, scores);
    grow(without_highest(scores, drop));
  }
  return {};
}

void IsolationForest::finish_tree(std::size_t tree, std::span<const std::uint16_t> sizes) {
  std::copy(sizes.begin(), sizes.end(), sizes_.begin() + static_cast<std::ptrdiff_t>(tree * width()));
  const Cut* cuts = cuts_.data() + tree * width();
  float* path = path_.data() + tree * width() * 2;
  std::vector<std::uint32_t> below(2 * width());  // training rows under each node
  std::vector<std::uint8_t> real(2 * width());    // node is reached by a cut, not padding under a leaf
  real[1] = 1;
  for (std::size_t node = 1; node < width(); ++node) {
    real[2 * node] = real[2 * node + 1] =
        static_cast<std::uint8_t>(real[node] != 0 && cuts[node].threshold != kPassLeft);
  }
  for (std::size_t node = 2 * width() - 1; node >= 1; --node) {
    const bool inner = node < width();
    below[node] = inner ? below[2 * node] + below[2 * node + 1] : sizes[node - width()];
    if (real[node] == 0) {
      continue;
    }
    if (inner && cuts[node].threshold != kPassLeft) {
      const double left = static_cast<double>(path[2 * node]) * below[2 * node];
      const double right = static_cast<double>(path[2 * node + 1]) * below[2 * node + 1];
      path[node] = static_cast<float>((left + right) / below[node]);
    } else {  // a leaf: its depth and what a full tree would have added
      path[node] = static_cast<float>(static_cast<double>(std::bit_width(node) - 1) + average_path_length(below[node]));
    }
  }
  for (std::size_t node = 2; node < 2 * width(); ++node) {
    if (real[node] == 0) {
      path[node] = path[node / 2];
    }
  }
}

float IsolationForest::score_of(double path_sum) const {
  return static_cast<float>(std::exp2(-path_sum / normaliser_));
}

// The first kTopLevels steps of all lanes at once: every cut up there is evaluated for every lane, and masks pick those
// on the lane's way. Seven comparisons of four lanes cost less than three steps of each.
void IsolationForest::top_levels(const Cut* cuts, const float* values, Nodes& node) {
  using Values = float __attribute__((vector_size(16)));       // bytes: a register of the oldest x86-64 and ARM64
  using Mask = std::int32_t __attribute__((vector_size(16)));  // -1 right, 0 left
  constexpr std::size_t kWide = sizeof(Values) / sizeof(float);
  const auto choose = [](Mask which, Mask right, Mask left) { return (which & right) | (~which & left); };
  for (std::size_t first = 0; first < kLanes; first += kWide) {
    const auto right = [&](std::size_t i) -> Mask {
      Values x;
      std::memcpy(&x, values + cuts[i].column * kLanes + first, sizeof(x));
      return x > cuts[i].threshold;
    };
    const Mask one = right(1);
    const Mask two = choose(one, right(3), right(2));
    const Mask three = choose(one, choose(two, right(7), right(6)), choose(two, right(5), right(4)));
    // Level 3 begins at node 8; a mask is -1 where the way goes right.
    const Mask reached = 8 - 4 * one - 2 * two - three;
    for (std::size_t lane = 0; lane < kWide; ++lane) {
      node[first + lane] = static_cast<std::size_t>(reached[lane]);
    }
  }
}

// One step down for every lane, spelt out at compile time: as a loop, gcc -O2 keeps the nodes in memory and each step
// waits for a store.
template <std::size_t... lane>
inline void IsolationForest::step_lanes(const Cut* cuts, const float* values, Nodes& node,
                                        std::index_sequence<lane...>) {
  ((node[lane] = 2 * node[lane] + static_cast<std::size_t>(values[cuts[node[lane]].column * kLanes + lane] >
                                                           cuts[node[lane]].threshold)),
   ...);
}

// Adds the path lengths of one tree to `sums` for groups of kLanes rows; see score() for the layout of `lanes`.
void IsolationForest::add_paths(std::size_t tree, std::span<const float> lanes, std::span<double> sums) const {
  const Cut* cuts = cuts_.data() + tree * width();
  const float* path = path_.data() + tree * width() * 2;
  const float* values = lanes.data();
  for (std::size_t first = 0; first < sums.size(); first += kLanes, values += columns_ * kLanes) {
    Nodes node{};
    node.fill(1);
    int level = 0;
    if (height_ >= kTopLevels) {
      top_levels(cuts, values, node);
      level = kTopLevels;
    }
    for (; level < height_; ++level) {
      step_lanes(cuts, values, node, std::make_index_sequence<kLanes>());
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums[first + lane] += static_cast<double>(path[node[lane]]);
    }
  }
}

// Tree by tree over a block of rows that stays in the first-level cache. Within the block the rows are transposed in
// groups of kLanes, so a step of all lanes shares one base address and has kLanes independent chains of loads.
void IsolationForest::score(const FeatureMatrix& rows, std::span<float> out, std::span<const std::uint8_t> wanted,
                            const ParallelFor& parallel) const {
  LD_CHECK(rows.columns() == columns_ && rows.rows() == out.size() && (wanted.empty() || wanted.size() == out.size()),
           "rows and forest do not fit together");
  std::vector<std::uint32_t> chosen;
  chosen.reserve(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (wanted.empty() || wanted[i] != 0) {
      chosen.push_back(static_cast<std::uint32_t>(i));
    }
  }
  const std::size_t block_rows = std::max<std::size_t>(1, kBlockFloats / (columns_ * kLanes)) * kLanes;
  const std::size_t filled = (chosen.size() + kLanes - 1) / kLanes * kLanes;
  std::vector<float> lanes(filled * columns_);
  std::vector<double> sums(filled);
  parallel((filled + block_rows - 1) / block_rows, [&](std::size_t block) {
    const std::size_t first = block * block_rows;
    const std::size_t count = std::min(block_rows, filled - first);
    score_block(rows, std::span(chosen).subspan(first, std::min(count, chosen.size() - first)),
                std::span(lanes).subspan(first * columns_, count * columns_), std::span(sums).subspan(first, count),
                out);
  });
}

// `lanes` and `sums`: room for the block, the latter zero.
void IsolationForest::score_block(const FeatureMatrix& rows, std::span<const std::uint32_t> chosen,
                                  std::span<float> lanes, std::span<double> sums, std::span<float> out) const {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto row = rows.row(chosen[std::min(i, chosen.size() - 1)]);  // the last row fills the lanes left over
    float* lane = lanes.data() + i / kLanes * columns_ * kLanes + i % kLanes;
    for (std::size_t c = 0; c < columns_; ++c) {
      lane[c * kLanes] = row[c];
    }
  }
  for (std::size_t tree = 0; tree < trees_; ++tree) {
    add_paths(tree, lanes, sums);
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    out[chosen[i]] = score_of(sums[i]);
  }
}

void IsolationForest::path_credit(std::span<const float> row, std::span<double> credit) const {
  LD_CHECK(row.size() == columns_ && credit.size() == columns_, "row and forest have different columns");
  std::fill(credit.begin(), credit.end(), 0.0);
  for (std::size_t tree = 0; tree < trees_; ++tree) {
    const Cut* cuts = cuts_.data() + tree * width();
    const float* path = path_.data() + tree * width() * 2;
    std::size_t node = 1;
    for (int level = 0; level < height_; ++level) {
      const Cut& cut = cuts[node];
      const std::size_t child = 2 * node + static_cast<std::size_t>(row[cut.column] > cut.threshold);
      credit[cut.column] += static_cast<double>(path[node]) - static_cast<double>(path[child]);  // 0 under a leaf
      node = child;
    }
  }
  for (double& value : credit) {
    value /= static_cast<double>(trees_);
  }
}

void IsolationForest::save(ByteWriter& out) const {
  out.u64(trees_);
  out.u32(static_cast<std::uint32_t>(subsample_));
  out.u32(static_cast<std::uint32_t>(columns_));
  for (std::size_t tree = 0; tree < trees_; ++tree) {
    for (std::size_t node = 1; node < width(); ++node) {
      const Cut& cut = cuts_[tree * width() + node];
      const bool none = cut.threshold == kPassLeft;
      out.u16(none ? kNoCut : static_cast<std::uint16_t>(cut.column));
      out.f32(none ? 0.0F : cut.threshold);
    }
    for (std::size_t slot = 0; slot < width(); ++slot) {
      out.u16(sizes_[tree * width() + slot]);
    }
  }
}

Result<void> IsolationForest::load(ByteReader& in, std::size_t columns) {
  // 4 + 4 bytes of header, then at least two nodes and slots a tree; the exact size is checked once psi is known.
  const std::size_t trees = in.count(6, kMaxTrees);
  const std::size_t subsample = in.u32();
  const std::size_t stored_columns = in.u32();
  if (in.ok() && (trees == 0 || subsample < 2 || subsample > kMaxSubsample)) {
    in.fail("the forest has an impossible shape");
  }
  if (in.ok() && (stored_columns != columns || columns == 0 || columns >= kNoCut)) {
    in.fail("the forest was trained on another number of feature columns");
  }
  IsolationForest loaded;
  const std::size_t loaded_width = in.ok() ? std::size_t{1} << height_for(subsample) : 0;
  if (in.ok() && trees > in.remaining() / ((loaded_width - 1) * 6 + loaded_width * 2)) {
    in.fail("the forest is larger than the data");
  }
  if (in.ok()) {
    loaded.reset(trees, subsample, columns);
  }
  for (std::size_t tree = 0; in.ok() && tree < trees; ++tree) {
    loaded.load_tree(in, tree);
  }
  if (!in.ok()) {
    return in.finish();
  }
  *this = std::move(loaded);
  return {};
}

// Checks that cuts form a tree from the root down, that leaf sizes stand exactly where leaves begin, and that they add
// up to the sample: then every division of finish_tree() is sound.
void IsolationForest::load_tree(ByteReader& in, std::size_t tree) {
  Cut* cuts = cuts_.data() + tree * width();
  for (std::size_t node = 1; node < width(); ++node) {
    const std::uint16_t column = in.u16();
    const float threshold = in.f32();
    if (column == kNoCut) {
      continue;
    }
    if (column >= columns_) {
      in.fail("a tree cuts a column that does not exist");
    } else if (node > 1 && cuts[node / 2].threshold == kPassLeft) {
      in.fail("a tree has a cut below a leaf");
    } else {
      cuts[node] = {threshold, column};
    }
  }
  std::vector<std::uint16_t> sizes(width());
  std::size_t total = 0;
  for (std::size_t slot = 0; slot < width(); ++slot) {
    sizes[slot] = in.u16();
    total += sizes[slot];
    // The slot is where a leaf begins when every padding node on the way up to that leaf is a left child.
    std::size_t node = width() + slot;
    bool leftmost = true;
    while (node > 1 && cuts[node / 2].threshold == kPassLeft) {
      leftmost = leftmost && node % 2 == 0;
      node /= 2;
    }
    if (in.ok() && (sizes[slot] > 0) != leftmost) {
      in.fail("the leaf sizes of a tree do not fit its cuts");
    }
  }
  if (in.ok() && total != subsample_) {
    in.fail("the leaf sizes of a tree do not add up");
  }
  if (in.ok()) {
    finish_tree(tree, sizes);
  }
}

}  // namespace logdetect
