#include "features/transitions.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxPairs = 524'288;
constexpr std::size_t kMaxTransitions = 1'048'576;
constexpr std::size_t kFirstSlots = 1024;
constexpr std::uint32_t kMaxCount = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMaxTotal = std::uint64_t{1} << 52;

constexpr std::uint64_t join(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}

}  // namespace

std::size_t NumberedKeys::first_place(std::uint64_t key) const {
  return hash_mix(0, key) & (slots_.size() - 1);
}

std::size_t NumberedKeys::place(std::uint64_t key) const {
  std::size_t at = first_place(key);
  while (slots_[at] != kNone && keys_[slots_[at]] != key) {
    at = (at + 1) & (slots_.size() - 1);
  }
  return at;
}

std::uint32_t NumberedKeys::find(std::uint64_t key) const {
  return slots_.empty() ? kNone : slots_[place(key)];
}

bool NumberedKeys::insert(std::uint64_t key) {
  if (keys_.size() >= limit_) {
    return false;
  }
  if (4 * (keys_.size() + 1) > 3 * slots_.size()) {  // three quarters full: probes stay short
    rehash(std::max(kFirstSlots, 2 * slots_.size()));
  }
  std::uint32_t& slot = slots_[place(key)];
  if (slot != kNone) {
    return false;
  }
  slot = static_cast<std::uint32_t>(keys_.size());
  keys_.push_back(key);
  return true;
}

bool NumberedKeys::assign(std::vector<std::uint64_t> keys) {
  if (keys.size() > limit_) {
    return false;
  }
  keys_ = std::move(keys);
  return rehash(std::max(kFirstSlots, std::bit_ceil(4 * keys_.size() / 3 + 1)));
}

// False when a key occurs twice.
bool NumberedKeys::rehash(std::size_t slots) {
  constexpr std::size_t kAhead = 16;  // the table is larger than the nearest cache
  slots_.assign(slots, kNone);
  bool distinct = true;
  for (std::uint32_t i = 0; i < keys_.size(); ++i) {
    if (i + kAhead < keys_.size()) {
      __builtin_prefetch(&slots_[first_place(keys_[i + kAhead])], 1);
    }
    std::uint32_t& slot = slots_[place(keys_[i])];
    distinct = distinct && slot == kNone;
    slot = i;
  }
  return distinct;
}

const Successor* Successors::find(const TransitionContext& context, std::uint32_t next) const {
  const std::span<const Successor> list = of(context);
  const auto at = std::lower_bound(list.begin(), list.end(), next,
                                   [](const Successor& follower, std::uint32_t id) { return follower.next < id; });
  return at != list.end() && at->next == next ? &*at : nullptr;
}

Successor* Successors::find(const TransitionContext& context, std::uint32_t next) {
  const Successor* found = std::as_const(*this).find(context, next);
  return found == nullptr ? nullptr : all_.data() + (found - all_.data());
}

bool Successors::insert(TransitionContext& context, Successor follower) {
  if (size_ >= limit_) {
    return false;
  }
  if (context.distinct == context.room) {
    move_to(context, std::max<std::size_t>(2 * std::size_t{context.room}, 1));
  }
  // Ascending, for the binary search of find(). Lists are short: at most kMaxFollowers.
  Successor* const list = all_.data() + context.first;
  std::size_t at = context.distinct++;
  for (; at > 0 && list[at - 1].next > follower.next; --at) {
    list[at] = list[at - 1];
  }
  list[at] = follower;
  ++size_;
  return true;
}

void Successors::make_room(TransitionContext& context, std::size_t room) {
  if (room > context.room) {
    move_to(context, room);
  }
}

void Successors::move_to(TransitionContext& context, std::size_t room) {
  // Asked for, a size is rounded up; given back, it is rounded down. So every place in free_[k] has room for 2^k.
  std::vector<std::uint32_t>& unused = free_.at(static_cast<std::size_t>(std::bit_width(room - 1)));
  std::uint32_t first = static_cast<std::uint32_t>(all_.size());
  if (unused.empty()) {
    all_.resize(all_.size() + room);
  } else {
    first = unused.back();
    unused.pop_back();
  }
  std::copy_n(all_.begin() + context.first, context.distinct, all_.begin() + first);
  if (context.room > 0) {
    free_.at(static_cast<std::size_t>(std::bit_width(std::size_t{context.room})) - 1).push_back(context.first);
  }
  context.first = first;
  context.room = static_cast<std::uint16_t>(room);
}

Transitions::Transitions() : after_one_(kMaxTransitions), pairs_(kMaxPairs), after_two_(kMaxTransitions) {}

double Transitions::mix(const TransitionContext& context, const Successors& followers, std::uint32_t next,
                        double shorter) {
  // Followers that are not told apart share what the shorter context says, like unseen ones.
  const Successor* found = followers.find(context, next);
  const double seen = found == nullptr ? 0.0 : static_cast<double>(found->count);
  const auto distinct = static_cast<double>(context.distinct);
  return (seen + (distinct + static_cast<double>(context.other)) * shorter) /
         (static_cast<double>(context.total) + distinct);
}

double Transitions::probability(std::uint32_t before_last, std::uint32_t last, std::uint32_t next, double share) const {
  if (!knows(last)) {
    return share;
  }
  const double after_one = mix(single_[last], after_one_, next, share);
  if (before_last == kNone) {
    return after_one;
  }
  const std::uint32_t pair = pairs_.find(join(before_last, last));
  return pair == NumberedKeys::kNone ? after_one : mix(pair_contexts_[pair], after_two_, next, after_one);
}

void Transitions::count(TransitionContext& context, Successors& followers, std::uint32_t next) {
  if (Successor* found = followers.find(context, next); found != nullptr) {
    // The total stays too: it is the sum of the counts.
    if (found->count == kMaxCount) {
      return;
    }
    ++found->count;
  } else if (context.distinct >= kMaxFollowers || !followers.insert(context, {next, 1})) {
    ++context.other;
  }
  ++context.total;
}

void Transitions::learn(std::uint32_t before_last, std::uint32_t last, std::uint32_t next) {
  if (last == kNone) {
    return;
  }
  if (last >= single_.size()) {
    single_.resize(std::size_t{last} + 1);
  }
  count(single_[last], after_one_, next);
  if (before_last == kNone) {
    return;
  }
  const std::uint64_t key = join(before_last, last);
  std::uint32_t pair = pairs_.find(key);
  if (pair == NumberedKeys::kNone) {
    if (!pairs_.insert(key)) {
      return;
    }
    pair = static_cast<std::uint32_t>(pair_contexts_.size());
    pair_contexts_.emplace_back();
  }
  count(pair_contexts_[pair], after_two_, next);
}

std::vector<std::uint32_t> Transitions::likely_after(std::uint32_t previous, std::size_t limit) const {
  if (previous >= single_.size()) {
    return {};
  }
  const std::span<const Successor> list = after_one_.of(single_[previous]);
  std::vector<Successor> best(list.begin(), list.end());
  // The list is in order of ids, so ties go to the smaller one.
  std::stable_sort(best.begin(), best.end(), [](const Successor& a, const Successor& b) { return a.count > b.count; });
  std::vector<std::uint32_t> ids;
  for (std::size_t i = 0; i < std::min(limit, best.size()); ++i) {
    ids.push_back(best[i].next);
  }
  return ids;
}

void Transitions::save_context(ByteWriter& out, const TransitionContext& context, const Successors& followers) {
  out.u64(context.other);
  out.u64(context.distinct);
  for (const Successor& follower : followers.of(context)) {
    out.u32(follower.next);
    out.u32(follower.count);
  }
}

void Transitions::save(ByteWriter& out) const {
  out.u64(single_.size());
  for (const TransitionContext& context : single_) {
    save_context(out, context, after_one_);
  }
  out.u64(pair_contexts_.size());
  for (std::size_t i = 0; i < pair_contexts_.size(); ++i) {
    out.u64(pairs_.keys()[i]);
    save_context(out, pair_contexts_[i], after_two_);
  }
}

bool Transitions::load_context(ByteReader& in, TransitionContext& context, Successors& followers,
                               std::size_t templates) {
  context.other = in.u64();
  if (context.other > kMaxTotal) {
    in.fail("transition count out of range");
  }
  context.total = context.other;
  const std::size_t distinct = in.count(8, kMaxFollowers);
  followers.make_room(context, distinct);
  std::int64_t before = -1;
  for (std::size_t i = 0; i < distinct && in.ok(); ++i) {
    const std::uint32_t next = in.u32();
    const std::uint32_t count = in.u32();
    if (next >= templates || next <= before || count == 0 || !followers.insert(context, {next, count})) {
      in.fail("transition to an unknown template, out of order or empty");
    }
    before = next;
    context.total += count;
  }
  return in.ok();
}

void Transitions::load(ByteReader& in, std::size_t templates) {
  constexpr std::size_t kFollowerBytes = 8;
  // No more than the bytes that are left can hold: a damaged file cannot ask for memory.
  after_one_.reserve(in.remaining() / kFollowerBytes);
  after_two_.reserve(in.remaining() / kFollowerBytes);
  constexpr std::size_t kContextBytes = 16;
  single_.resize(in.count(kContextBytes, templates));
  for (TransitionContext& context : single_) {
    if (!load_context(in, context, after_one_, templates)) {
      return;
    }
  }
  std::vector<std::uint64_t> pairs(in.count(sizeof(std::uint64_t) + kContextBytes, kMaxPairs));
  pair_contexts_.resize(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = in.u64();
    if ((pairs[i] >> 32) >= templates || (pairs[i] & 0xFFFF'FFFFU) >= templates) {
      in.fail("transition context of an unknown template");
    }
    if (!load_context(in, pair_contexts_[i], after_two_, templates)) {
      return;
    }
  }
  if (!pairs_.assign(std::move(pairs))) {
    in.fail("a transition context is doubled");
  }
}

}  // namespace logdetect
