#include "mining/drain_tree.h"

#include <algorithm>
#include <array>
#include <bit>

#include "logdetect/base/hash.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace logdetect {
namespace {
constexpr std::uint64_t kWildcard = 0x2A2A2A2A;  // "****": no word has it as its hash but by chance

using Fingerprint = std::array<std::uint8_t, 16>;  // a byte of each token's hash, compared in one step

std::size_t equal_bytes(const Fingerprint& a, const Fingerprint& b) {
#ifdef __SSE2__
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a.data()));  // NOLINT: unaligned load
  const __m128i y = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b.data()));  // NOLINT: unaligned load
  return static_cast<std::size_t>(std::popcount(static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)))));
#else
  std::size_t equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    equal += a[i] == b[i] ? 1 : 0;
  }
  return equal;
#endif
}

}  // namespace

DrainTree::DrainTree(int depth, int max_children)
    : levels_(static_cast<std::size_t>(std::max(depth - 2, 1))),
      max_children_(static_cast<std::uint32_t>(std::max(max_children, 2))) {
  clear();
}

void DrainTree::clear() {
  edges_.clear();
  leaf_of_node_.clear();
  leaves_.clear();
  children_.assign(1, 0);
}

std::uint32_t DrainTree::child(std::uint64_t node, std::uint64_t word) {
  // The root fans out by skeleton without limit: skeletons are as many as there are shapes of line.
  const bool full = node != 0 && children_[node] >= max_children_;
  std::uint32_t found = edges_.find(hash_mix(node, word));
  if (found == FlatMap::kNone && full) {
    word = kWildcard;
    found = edges_.find(hash_mix(node, word));
  }
  if (found == FlatMap::kNone) {
    found = static_cast<std::uint32_t>(children_.size());
    children_.push_back(0);
    ++children_[node];
    edges_.put(hash_mix(node, word), found);
  }
  return found;
}

std::uint32_t DrainTree::leaf(const Template& wanted) {
  std::uint32_t node = child(0, wanted.key.skeleton);
  std::size_t level = 0;
  for (const TemplateToken& token : wanted.tokens) {
    if (level == levels_) {
      break;
    }
    if (!token.delimiter()) {
      node = child(node, token.key_hash());
      ++level;
    }
  }
  std::uint32_t found = leaf_of_node_.find(hash_mix(node, 0));
  if (found == FlatMap::kNone) {
    found = static_cast<std::uint32_t>(leaves_.size());
    leaves_.emplace_back();
    leaf_of_node_.put(hash_mix(node, 0), found);
  }
  return found;
}

double similarity_bound(const Template& a, const Template& b) {
  const std::size_t places = a.place_hashes.size();
  if (places == 0 || places != b.place_hashes.size()) {
    return 1;
  }
  const std::size_t equal = equal_bytes(a.prints, b.prints);
  // Prints without a place are equal, places without a print may be.
  const std::size_t most =
      places < a.prints.size() ? equal - (a.prints.size() - places) : equal + places - a.prints.size();
  return static_cast<double>(most) / static_cast<double>(places);
}

double similarity(const Template& a, const Template& b) {
  if (a.key.skeleton != b.key.skeleton || a.place_hashes.size() != b.place_hashes.size()) {
    return 0;
  }
  const std::size_t places = a.place_hashes.size();
  std::size_t equal = 0;
  for (std::size_t i = 0; i < places; ++i) {
    equal += a.place_hashes[i] == b.place_hashes[i] ? 1 : 0;
  }
  return places == 0 ? 1 : static_cast<double>(equal) / static_cast<double>(places);
}

}  // namespace logdetect
