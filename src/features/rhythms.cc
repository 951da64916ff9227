#include "logdetect/features/rhythms.h"

#include <algorithm>
#include <cmath>

#include "features/numerics.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kFewestGaps = 20;
constexpr double kMostSpread = 0.35;     // standard deviation of ln(gap)
constexpr double kLeastScale = 1.0 / 3;  // of the usual gap
constexpr std::uint32_t kGapsAnOutage = 1000;
constexpr double kMostOutage = 0.05;                 // of the time learnt
constexpr double kStillAlive = 3;                    // longest gaps: it came so near to the end of training
constexpr Micros kLeastGap = 1000;                   // a millisecond: what comes at once has a logarithm too
constexpr Micros kLongestGap = 366 * kMicrosPerDay;  // a year

std::uint64_t key_of(std::uint32_t template_id, std::uint32_t stream) {
  return (std::uint64_t{template_id} << 32) | stream;
}

}  // namespace

void RhythmTable::learn(std::uint32_t template_id, std::uint32_t stream, Micros now) {
  const std::uint64_t key = key_of(template_id, stream);
  auto found = pairs_.find(key);
  if (found == pairs_.end()) {
    if (pairs_.size() >= kMaxPairs && !full_) {
      sweep();
    }
    if (full_) {
      return;
    }
    found = pairs_.emplace(key, Pair{}).first;
    found->second.last = now;
    found->second.epoch = epoch_;
    return;
  }
  Pair& pair = found->second;
  // Lines out of order give gaps below zero, which count as the least one.
  const Micros gap = std::clamp(now - pair.last, kLeastGap, kLongestGap);
  const bool continues = pair.epoch == epoch_;
  pair.last = continues ? std::max(pair.last, now) : now;
  pair.epoch = epoch_;
  if (!continues || pair.gaps == kNone) {
    return;
  }
  ++pair.gaps;
  pair.span += gap;
  const double logarithm = std::log(static_cast<double>(gap));
  const double delta = logarithm - pair.mean;
  pair.mean += delta / pair.gaps;
  pair.squares += delta * (logarithm - pair.mean);
  // Inserts the gap into the falling list; the shortest one falls off its end.
  Micros rest = gap;
  for (std::size_t i = 0; rest > pair.longest.back() && i < kLongestKept; ++i) {
    if (rest > pair.longest.at(i)) {
      std::swap(rest, pair.longest.at(i));
    }
  }
}

// The spread is of ln(gap), so a rhythm of seconds and one of days are held to the same measure.
bool RhythmTable::beats(const Pair& pair) {
  return pair.gaps >= kFewestGaps && pair.squares <= kMostSpread * kMostSpread * pair.gaps;
}

// Room for pairs to come: what was seen often enough to tell, and does not beat, goes; so does what came once or twice.
void RhythmTable::sweep() {
  constexpr std::uint32_t kHardlySeen = 3;  // gaps
  std::erase_if(pairs_, [](const auto& entry) {
    const Pair& pair = entry.second;
    return pair.gaps < kHardlySeen || (pair.gaps >= kFewestGaps && !beats(pair));
  });
  full_ = pairs_.size() > kMaxPairs / 2;
}

Rhythm RhythmTable::rhythm_of(std::uint64_t key, const Pair& pair) {
  std::size_t outages = std::min<std::size_t>(pair.gaps / kGapsAnOutage, kLongestKept - 1);
  Micros out = 0;
  for (std::size_t i = 0; i < outages; ++i) {
    out += pair.longest.at(i);
  }
  if (static_cast<double>(out) > kMostOutage * static_cast<double>(pair.span)) {
    outages = 0;  // pauses are its way
  }
  Rhythm rhythm;
  rhythm.template_id = static_cast<std::uint32_t>(key >> 32);
  rhythm.stream = static_cast<std::uint32_t>(key);
  rhythm.gaps = pair.gaps;
  rhythm.usual = std::clamp(static_cast<Micros>(std::exp(pair.mean)), kLeastGap, kLongestGap);
  rhythm.longest = std::max(pair.longest.at(outages), rhythm.usual);
  // Without a least scale a job that comes to the second would be overdue after a moment.
  const double spread = std::max(std::sqrt(pair.squares / pair.gaps), kLeastScale);
  rhythm.scale = std::max<Micros>(static_cast<Micros>(spread * static_cast<double>(rhythm.usual)), 1);
  return rhythm;
}

void RhythmTable::finish(Micros end) {
  rhythms_.clear();
  for (const auto& [key, pair] : pairs_) {
    // What did not come since the present last jumped is not known to beat still.
    if (!beats(pair) || pair.epoch != epoch_) {
      continue;
    }
    const Rhythm rhythm = rhythm_of(key, pair);
    if (static_cast<double>(end - pair.last) <= kStillAlive * static_cast<double>(rhythm.longest)) {
      rhythms_.push_back(rhythm);
    }
  }
  std::sort(rhythms_.begin(), rhythms_.end(), [](const Rhythm& a, const Rhythm& b) {
    return key_of(a.template_id, a.stream) < key_of(b.template_id, b.stream);
  });
  pairs_.clear();
  index();
}

void RhythmTable::index() {
  beating_.clear();
  double gaps_a_day = 0;
  for (const Rhythm& rhythm : rhythms_) {
    if (rhythm.template_id >= beating_.size()) {
      beating_.resize(std::size_t{rhythm.template_id} + 1, false);
    }
    beating_[rhythm.template_id] = true;
    gaps_a_day += static_cast<double>(kMicrosPerDay) / static_cast<double>(rhythm.usual);
  }
  looks_ = std::log(std::max(gaps_a_day, 1.0));
}

std::uint32_t RhythmTable::find(std::uint32_t template_id, std::uint32_t stream) const {
  if (template_id >= beating_.size() || !beating_[template_id]) {
    return kNone;
  }
  const std::uint64_t key = key_of(template_id, stream);
  const auto found = std::lower_bound(rhythms_.begin(), rhythms_.end(), key, [](const Rhythm& a, std::uint64_t wanted) {
    return key_of(a.template_id, a.stream) < wanted;
  });
  return found != rhythms_.end() && key_of(found->template_id, found->stream) == key
             ? static_cast<std::uint32_t>(found - rhythms_.begin())
             : kNone;
}

double RhythmTable::nats(const Rhythm& rhythm, Micros silence) const {
  if (silence <= rhythm.longest) {
    return 0;
  }
  const double beyond = static_cast<double>(silence - rhythm.longest) / static_cast<double>(rhythm.scale);
  return std::max(log_count(std::uint64_t{rhythm.gaps} + 1) + beyond - looks_, 0.0);
}

Micros RhythmTable::patience(const Rhythm& rhythm, double nats) const {
  const double beyond = std::max(nats + looks_ - log_count(std::uint64_t{rhythm.gaps} + 1), 0.0);
  constexpr double kMostBeyond = 1e4;  // scales: keeps the product within 64 bits
  return rhythm.longest + 1 +
         static_cast<Micros>(std::ceil(std::min(beyond, kMostBeyond) * static_cast<double>(rhythm.scale)));
}

void RhythmTable::save(ByteWriter& out) const {
  out.u64(rhythms_.size());
  for (const Rhythm& rhythm : rhythms_) {
    out.u32(rhythm.template_id);
    out.u32(rhythm.stream);
    out.u32(rhythm.gaps);
    out.i64(rhythm.usual);
    out.i64(rhythm.longest);
    out.i64(rhythm.scale);
  }
}

void RhythmTable::load(ByteReader& in, std::size_t templates) {
  constexpr std::size_t kBytes = 3 * 4 + 3 * 8;
  rhythms_.resize(in.count(kBytes, kMaxPairs));
  const auto usable = [](Micros time) { return time >= 1 && time <= kLongestGap; };
  for (std::size_t i = 0; i < rhythms_.size(); ++i) {
    Rhythm& rhythm = rhythms_[i];
    rhythm.template_id = in.u32();
    rhythm.stream = in.u32();
    rhythm.gaps = in.u32();
    rhythm.usual = in.i64();
    rhythm.longest = in.i64();
    rhythm.scale = in.i64();
    const bool ordered = i == 0 || key_of(rhythms_[i - 1].template_id, rhythms_[i - 1].stream) <
                                       key_of(rhythm.template_id, rhythm.stream);
    if (rhythm.template_id >= templates || !ordered || !usable(rhythm.usual) || !usable(rhythm.longest) ||
        !usable(rhythm.scale)) {
      in.fail("rhythm out of range");
    }
    if (!in.ok()) {
      rhythms_.clear();
      return;
    }
  }
  index();
}

}  // namespace logdetect
