#include "features/transitions.h"

#include <algorithm>
#include <limits>
#include <tuple>

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

std::size_t BoundedMap::place(std::uint64_t key) const {
  const std::size_t mask = keys_.size() - 1;
  std::size_t at = hash_mix(0, key) & mask;
  while (keys_[at] != key && keys_[at] != kNoKey) {
    at = (at + 1) & mask;
  }
  return at;
}

const std::uint32_t* BoundedMap::find(std::uint64_t key) const {
  if (keys_.empty()) {
    return nullptr;
  }
  const std::size_t at = place(key);
  return keys_[at] == key ? &values_[at] : nullptr;
}

std::uint32_t* BoundedMap::find(std::uint64_t key) {
  const std::uint32_t* found = std::as_const(*this).find(key);
  return found == nullptr ? nullptr : values_.data() + (found - values_.data());
}

bool BoundedMap::insert(std::uint64_t key, std::uint32_t value) {
  if (size_ >= limit_) {
    return false;
  }
  if ((size_ + 1) * 4 > keys_.size() * 3) {
    grow();
  }
  const std::size_t at = place(key);
  keys_[at] = key;
  values_[at] = value;
  ++size_;
  return true;
}

void BoundedMap::grow() {
  std::vector<std::uint64_t> old_keys(keys_.empty() ? kFirstSlots : keys_.size() * 2, kNoKey);
  std::vector<std::uint32_t> old_values(old_keys.size(), 0);
  keys_.swap(old_keys);
  values_.swap(old_values);
  for (std::size_t i = 0; i < old_keys.size(); ++i) {
    if (old_keys[i] != kNoKey) {
      const std::size_t at = place(old_keys[i]);
      keys_[at] = old_keys[i];
      values_[at] = old_values[i];
    }
  }
}

Transitions::Transitions() : single_counts_(kMaxTransitions), pair_index_(kMaxPairs), pair_counts_(kMaxTransitions) {}

double Transitions::mix(const Context& context, const BoundedMap& counts, std::uint64_t key, double shorter) {
  const std::uint32_t* found = counts.find(key);
  const double seen = found == nullptr ? 0.0 : static_cast<double>(*found);
  const auto distinct = static_cast<double>(context.distinct);
  return (seen + (distinct + static_cast<double>(context.other)) * shorter) /
         (static_cast<double>(context.total) + distinct);
}

double Transitions::probability(std::uint32_t before_last, std::uint32_t last, std::uint32_t next, double share) const {
  if (last >= single_.size() || single_[last].total == 0) {
    return share;
  }
  const double after_one = mix(single_[last], single_counts_, join(last, next), share);
  if (before_last == kNone) {
    return after_one;
  }
  const std::uint32_t* pair = pair_index_.find(join(before_last, last));
  return pair == nullptr ? after_one : mix(pair_contexts_[*pair], pair_counts_, join(*pair, next), after_one);
}

void Transitions::count(Context& context, BoundedMap& counts, std::uint64_t key) {
  if (std::uint32_t* found = counts.find(key); found != nullptr) {
    if (*found == kMaxCount) {
      return;
    }
    ++*found;
  } else if (context.distinct < kMaxFollowers && counts.insert(key, 1)) {
    ++context.distinct;
  } else {
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
  count(single_[last], single_counts_, join(last, next));
  if (before_last == kNone) {
    return;
  }
  const std::uint64_t key = join(before_last, last);
  std::uint32_t index = 0;
  if (const std::uint32_t* found = pair_index_.find(key); found != nullptr) {
    index = *found;
  } else {
    index = static_cast<std::uint32_t>(pairs_.size());
    if (!pair_index_.insert(key, index)) {
      return;
    }
    pairs_.push_back(key);
    pair_contexts_.emplace_back();
  }
  count(pair_contexts_[index], pair_counts_, join(index, next));
}

std::vector<Transitions::Follower> Transitions::sorted(const BoundedMap& counts) {
  std::vector<Follower> all;
  all.reserve(counts.size());
  counts.for_each([&all](std::uint64_t key, std::uint32_t count) {
    all.push_back({static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key), count});
  });
  std::sort(all.begin(), all.end(), [](const Follower& a, const Follower& b) {
    return std::tie(a.context, a.next) < std::tie(b.context, b.next);
  });
  return all;
}

void Transitions::index_followers(std::size_t limit) {
  std::vector<Follower> all = sorted(single_counts_);
  std::stable_sort(all.begin(), all.end(), [](const Follower& a, const Follower& b) {
    return a.context != b.context ? a.context < b.context : a.count > b.count;
  });
  follower_start_.assign(single_.size() + 1, 0);
  followers_.clear();
  std::size_t at = 0;
  for (std::size_t id = 0; id < single_.size(); ++id) {
    follower_start_[id] = static_cast<std::uint32_t>(followers_.size());
    for (std::size_t kept = 0; at < all.size() && all[at].context == id; ++at, ++kept) {
      if (kept < limit) {
        followers_.push_back(all[at].next);
      }
    }
  }
  follower_start_[single_.size()] = static_cast<std::uint32_t>(followers_.size());
}

std::vector<std::uint32_t> Transitions::likely_after(std::uint32_t previous, std::size_t limit) const {
  if (std::size_t{previous} + 1 >= follower_start_.size()) {
    return {};
  }
  const std::size_t first = follower_start_[previous];
  const std::size_t count = std::min<std::size_t>(limit, follower_start_[previous + 1] - first);
  return {followers_.begin() + static_cast<std::ptrdiff_t>(first),
          followers_.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

void Transitions::save_contexts(ByteWriter& out, const std::vector<Context>& contexts, const BoundedMap& counts,
                                const std::vector<std::uint64_t>* pairs) {
  const std::vector<Follower> all = sorted(counts);
  out.u64(contexts.size());
  std::size_t at = 0;
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    if (pairs != nullptr) {
      out.u64((*pairs)[i]);
    }
    out.u64(contexts[i].other);
    out.u64(contexts[i].distinct);
    for (; at < all.size() && all[at].context == i; ++at) {
      out.u32(all[at].next);
      out.u32(all[at].count);
    }
  }
}

void Transitions::save(ByteWriter& out) const {
  save_contexts(out, single_, single_counts_, nullptr);
  save_contexts(out, pair_contexts_, pair_counts_, &pairs_);
}

bool Transitions::load_context(ByteReader& in, std::uint32_t context_index, Context& context, BoundedMap& counts,
                               std::size_t templates) {
  context.other = in.u64();
  if (context.other > kMaxTotal) {
    in.fail("transition count out of range");
  }
  context.total = context.other;
  context.distinct = static_cast<std::uint32_t>(in.count(8, kMaxFollowers));
  for (std::uint32_t i = 0; i < context.distinct && in.ok(); ++i) {
    const std::uint32_t next = in.u32();
    const std::uint32_t count = in.u32();
    const std::uint64_t key = join(context_index, next);
    if (next >= templates || count == 0 || counts.find(key) != nullptr || !counts.insert(key, count)) {
      in.fail("transition to an unknown template, doubled or empty");
    }
    context.total += count;
  }
  return in.ok();
}

void Transitions::load(ByteReader& in, std::size_t templates) {
  single_.resize(in.count(16, templates));
  for (std::uint32_t i = 0; i < single_.size(); ++i) {
    if (!load_context(in, i, single_[i], single_counts_, templates)) {
      return;
    }
  }
  const std::size_t pairs = in.count(24, kMaxPairs);
  pairs_.reserve(pairs);
  pair_contexts_.resize(pairs);
  for (std::uint32_t i = 0; i < pairs; ++i) {
    const std::uint64_t key = in.u64();
    if ((key >> 32) >= templates || (key & 0xFFFF'FFFFU) >= templates || pair_index_.find(key) != nullptr ||
        !pair_index_.insert(key, i)) {
      in.fail("transition context of an unknown template, or doubled");
    }
    pairs_.push_back(key);
    if (!load_context(in, i, pair_contexts_[i], pair_counts_, templates)) {
      return;
    }
  }
}

}  // namespace logdetect
