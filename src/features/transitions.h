#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// A map from 64-bit keys to 32-bit values that grows up to a bound and never forgets. Open addressing; the order of
/// insertion decides which keys a full map holds, so it is deterministic.
class BoundedMap {
 public:
  static constexpr std::uint64_t kNoKey = ~std::uint64_t{0};

  explicit BoundedMap(std::size_t limit) : limit_(limit) {}

  /// The value, or null. `key` is not kNoKey.
  [[nodiscard]] const std::uint32_t* find(std::uint64_t key) const;
  [[nodiscard]] std::uint32_t* find(std::uint64_t key);
  /// Inserts a key that is not there. False when the map is full.
  bool insert(std::uint64_t key, std::uint32_t value);
  [[nodiscard]] std::size_t size() const { return size_; }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i] != kNoKey) {
        visit(keys_[i], values_[i]);
      }
    }
  }

 private:
  [[nodiscard]] std::size_t place(std::uint64_t key) const;
  void grow();

  std::size_t limit_;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> values_;
};

/// Probability of a template after the two before it: trigram, backed off to bigram and to the template's own share by
/// Witten-Bell smoothing: P(w | h) = (c(hw) + d(h) P(w | h')) / (c(h) + d(h)), d(h) the number of distinct followers.
/// At most 64 followers of a context are told apart; the others share out by the shorter context. At most 524,288
/// pairs are contexts and 1,048,576 pairs and triples are counted; what comes after that falls back.
/// Cost: O(1), three look-ups. Thread-safe for const calls.
/// Source: Witten, Bell, "The zero-frequency problem", IEEE Trans. Inf. Theory 37 (1991).
class Transitions {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::uint32_t kMaxFollowers = 64;

  Transitions();

  /// `share` is the probability of `next` without context. kNone stands for a missing predecessor.
  [[nodiscard]] double probability(std::uint32_t before_last, std::uint32_t last, std::uint32_t next,
                                   double share) const;
  /// Whether anything was seen to follow `last`.
  [[nodiscard]] bool knows(std::uint32_t last) const { return last < single_.size() && single_[last].total > 0; }
  void learn(std::uint32_t before_last, std::uint32_t last, std::uint32_t next);

  /// Builds the table behind likely_after(). O(transitions log).
  void index_followers(std::size_t limit);
  /// Most frequent followers of `previous`, best first (ties: smaller id), as of index_followers().
  [[nodiscard]] std::vector<std::uint32_t> likely_after(std::uint32_t previous, std::size_t limit) const;

  void save(ByteWriter& out) const;
  /// Ids must be below `templates`.
  void load(ByteReader& in, std::size_t templates);

 private:
  /// What came after one or two templates.
  struct Context {
    std::uint64_t total = 0;
    std::uint64_t other = 0;  ///< followers that are not told apart
    std::uint32_t distinct = 0;
  };
  struct Follower {
    std::uint32_t context;
    std::uint32_t next;
    std::uint32_t count;
  };
  [[nodiscard]] static double mix(const Context& context, const BoundedMap& counts, std::uint64_t key, double shorter);
  static void count(Context& context, BoundedMap& counts, std::uint64_t key);
  [[nodiscard]] static std::vector<Follower> sorted(const BoundedMap& counts);
  static void save_contexts(ByteWriter& out, const std::vector<Context>& contexts, const BoundedMap& counts,
                            const std::vector<std::uint64_t>* pairs);
  static bool load_context(ByteReader& in, std::uint32_t context_index, Context& context, BoundedMap& counts,
                           std::size_t templates);

  std::vector<Context> single_;       ///< by last template
  BoundedMap single_counts_;          ///< last << 32 | next
  BoundedMap pair_index_;             ///< before_last << 32 | last -> index into pairs_
  std::vector<std::uint64_t> pairs_;  ///< the key of each pair context
  std::vector<Context> pair_contexts_;
  BoundedMap pair_counts_;  ///< pair index << 32 | next

  std::vector<std::uint32_t> follower_start_;  ///< [single_.size() + 1], into followers_
  std::vector<std::uint32_t> followers_;
};

}  // namespace logdetect
