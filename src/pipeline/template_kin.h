#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "logdetect/core/ids.h"
#include "logdetect/mining/template_miner.h"

namespace logdetect {

/// Things of two lists that belong together, by their places in them.
struct Kin {
  std::vector<std::size_t> before;
  std::vector<std::size_t> after;
};

/// A thing of the first list and one of the second that belong together.
using KinLink = std::pair<std::size_t, std::size_t>;

/// Everything that links connect, directly or not, is one kin; so is each thing without a link. Every place of either
/// list is in exactly one: in order of the first list, then of the second. O(n log n).
[[nodiscard]] std::vector<Kin> group_kin(std::size_t before, std::size_t after, std::span<const KinLink> links);

/// Which templates of two miners stand for one kind of message: their texts are equal, or one is a case of the other.
/// Places are those of list().
[[nodiscard]] std::vector<KinLink> link_templates(const TemplateMiner& before, const TemplateMiner& after);

}  // namespace logdetect
