#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// Distinct 64-bit keys, numbered from 0 in order of insertion, up to a bound; none is forgotten. Open addressing on
/// the numbers, which are few bytes: a look-up touches one of them and the key.
class NumberedKeys {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  explicit NumberedKeys(std::size_t limit) : limit_(limit) {}

  /// The key's number, or kNone.
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const;
  /// Adds a key. False when it is there already or there is no room.
  bool insert(std::uint64_t key);
  /// Takes over all keys at once, when there are none yet. False when one occurs twice or they are too many.
  bool assign(std::vector<std::uint64_t> keys);
  [[nodiscard]] const std::vector<std::uint64_t>& keys() const { return keys_; }

 private:
  [[nodiscard]] std::size_t first_place(std::uint64_t key) const;
  [[nodiscard]] std::size_t place(std::uint64_t key) const;
  bool rehash(std::size_t slots);

  std::size_t limit_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> slots_;  ///< a power of two, at most three quarters of them taken
};

/// What came after one or two templates.
struct TransitionContext {
  std::uint64_t total = 0;
  std::uint64_t other = 0;     ///< followers that are not told apart
  std::uint32_t first = 0;     ///< of its list of followers
  std::uint16_t distinct = 0;  ///< length of the list
  std::uint16_t room = 0;      ///< for so many before the list has to move
};

struct Successor {
  std::uint32_t next;
  std::uint32_t count;
};

/// The followers of many contexts, up to a bound in all: one list for each context, in ascending order, all in one
/// array. A list that is full moves to twice the room; what it leaves is used again. No context may be of two of these.
class Successors {
 public:
  explicit Successors(std::size_t limit) : limit_(limit) {}

  [[nodiscard]] std::span<const Successor> of(const TransitionContext& context) const {
    return {all_.data() + context.first, context.distinct};
  }
  /// The follower, or null. O(log followers of the context).
  [[nodiscard]] const Successor* find(const TransitionContext& context, std::uint32_t next) const;
  [[nodiscard]] Successor* find(const TransitionContext& context, std::uint32_t next);
  /// Makes room for so many in all, up to the bound.
  void reserve(std::size_t followers) { all_.reserve(std::min(followers, limit_)); }
  /// Makes room for a list of so many, at most 65,535, so that it need not move.
  void make_room(TransitionContext& context, std::size_t room);
  /// Inserts one that is not there. False when there are as many as the bound allows.
  bool insert(TransitionContext& context, Successor follower);

 private:
  void move_to(TransitionContext& context, std::size_t room);

  std::size_t limit_;
  std::size_t size_ = 0;
  std::vector<Successor> all_;
  std::array<std::vector<std::uint32_t>, 16> free_;  ///< [k]: beginnings of unused places of 2^k and more
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

  /// Most frequent followers of `previous`, best first (ties: smaller id).
  [[nodiscard]] std::vector<std::uint32_t> likely_after(std::uint32_t previous, std::size_t limit) const;

  void save(ByteWriter& out) const;
  /// Ids must be below `templates`.
  void load(ByteReader& in, std::size_t templates);

 private:
  [[nodiscard]] static double mix(const TransitionContext& context, const Successors& followers, std::uint32_t next,
                                  double shorter);
  static void count(TransitionContext& context, Successors& followers, std::uint32_t next);
  static void save_context(ByteWriter& out, const TransitionContext& context, const Successors& followers);
  static bool load_context(ByteReader& in, TransitionContext& context, Successors& followers, std::size_t templates);

  std::vector<TransitionContext> single_;  ///< by last template
  Successors after_one_;
  NumberedKeys pairs_;  ///< before_last << 32 | last
  std::vector<TransitionContext> pair_contexts_;
  Successors after_two_;
};

}  // namespace logdetect
