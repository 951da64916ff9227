#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mining/flat_map.h"
#include "mining/template.h"

namespace logdetect {

/// The fixed-depth tree of Drain: the first level is the skeleton (which fixes the number of tokens), then depth - 2
/// levels of leading literal words, then leaves with templates. A node with max_children children sends further words
/// to its wildcard child. Here it answers one question: which templates could a message be merged with?
/// Not thread-safe while written to. Source: He et al., "Drain", ICWS 2017.
class DrainTree {
 public:
  DrainTree(int depth, int max_children);

  /// The leaf of a template, made when missing. O(depth).
  [[nodiscard]] std::uint32_t leaf(const Template& wanted);
  [[nodiscard]] std::span<const std::uint32_t> templates(std::uint32_t leaf) const { return leaves_[leaf]; }
  void add(std::uint32_t leaf, std::uint32_t id) { leaves_[leaf].push_back(id); }
  [[nodiscard]] std::size_t nodes() const { return children_.size() + leaves_.size(); }
  void clear();

 private:
  std::uint32_t child(std::uint64_t node, std::uint64_t word);

  std::size_t levels_;
  std::uint32_t max_children_;
  FlatMap edges_;                        // hash of (node, word) -> node
  std::vector<std::uint32_t> children_;  // per node
  FlatMap leaf_of_node_;
  std::vector<std::vector<std::uint32_t>> leaves_;
};

/// Share of equal places among the words and values of two templates with one skeleton; 1 when there are none.
[[nodiscard]] double similarity(const Template& a, const Template& b);
/// At least similarity(), for a fraction of its cost: looks at one byte a place.
[[nodiscard]] double similarity_bound(const Template& a, const Template& b);

}  // namespace logdetect
