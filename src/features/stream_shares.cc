#include "features/stream_shares.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "features/columns.h"
#include "features/numerics.h"

namespace logdetect {
namespace {

constexpr double kPriorLines = 200;
// An anomaly hidden in training has a few lines on its stream, and must not make itself normal.
constexpr std::uint64_t kLinesThatProveNothing = 10;
constexpr std::uint64_t kMaxLines = std::uint64_t{1} << 50;

}  // namespace

std::size_t StreamShares::PairHash::operator()(const Pair& pair) const {
  // The stream is a hash already.
  return static_cast<std::size_t>(pair.stream ^ (pair.id * 0x9E3779B97F4A7C15ULL));
}

// Follows a template's count on one stream. `once` loses it again when it comes for the second time.
void StreamShares::count(Spread& spread, std::uint64_t before, std::uint64_t after) {
  spread.streams += before == 0 ? 1 : 0;
  spread.once += after == 1 ? 1 : 0;
  spread.once -= before == 1 && after > 1 ? 1 : 0;
}

void StreamShares::learn(std::uint64_t stream, std::size_t id) {
  if (stream == 0) {
    return;
  }
  auto at = streams_.find(stream);
  if (at == streams_.end()) {
    if (streams_.size() >= kMaxStreams) {
      ++dropped_;
      return;
    }
    at = streams_.emplace(stream, Stream{}).first;
  }
  ++at->second.lines;
  const Pair key{stream, static_cast<std::uint32_t>(id)};
  auto pair = pairs_.find(key);
  if (pair == pairs_.end()) {
    if (pairs_.size() >= kMaxPairs) {
      // From now on "the stream never had this template" may be wrong, so nothing is said of that.
      at->second.whole = false;
      ++dropped_;
      return;
    }
    pair = pairs_.emplace(key, 0).first;
  }
  if (id >= spreads_.size()) {
    spreads_.resize(id + 1);
  }
  count(spreads_[id], pair->second, pair->second + 1);
  ++pair->second;
}

StreamShares::Facts StreamShares::facts(std::uint64_t stream, std::size_t id) const {
  Facts out;
  const auto at = streams_.find(stream);
  const auto pair = pairs_.find({stream, static_cast<std::uint32_t>(id)});
  out.lines = at == streams_.end() ? 0 : at->second.lines;
  out.here = pair == pairs_.end() ? 0 : pair->second;
  out.streams = id < spreads_.size() ? spreads_[id].streams : 0;
  return out;
}

double StreamShares::surprise(std::uint64_t stream, std::size_t id, std::uint64_t count, double share) const {
  const auto at = streams_.find(stream);
  // A stream that training never saw is not judged, nor is a template that is new everywhere.
  if (at == streams_.end() || count == 0) {
    return 0;
  }
  const auto lines = static_cast<double>(at->second.lines);
  const auto pair = pairs_.find({stream, static_cast<std::uint32_t>(id)});
  if (pair != pairs_.end()) {
    const double here = (static_cast<double>(pair->second) + kPriorLines * share) / (lines + kPriorLines);
    return bounded_nats(std::log(share / here), kMaxStreamNats);
  }
  if (!at->second.whole || id >= spreads_.size()) {
    return 0;
  }
  // Half a stream more, so that a first is not impossible (Krichevsky, Trofimov 1981).
  const double newcomer = (static_cast<double>(spreads_[id].once) + 0.5) / (static_cast<double>(count) + 1);
  return bounded_nats(std::min(-std::log(newcomer), std::log((lines + kPriorLines) / kPriorLines)), kMaxStreamNats);
}

double StreamShares::share(std::uint64_t stream, std::size_t id, double share) const {
  const auto pair = pairs_.find({stream, static_cast<std::uint32_t>(id)});
  if (pair == pairs_.end() || pair->second <= kLinesThatProveNothing) {
    return share;
  }
  const auto proven = static_cast<double>(pair->second - kLinesThatProveNothing);
  const auto lines = static_cast<double>(streams_.at(stream).lines);
  return std::max(share, (proven + kPriorLines * share) / (lines + kPriorLines));
}

void StreamShares::save(ByteWriter& out) const {
  std::vector<std::pair<std::uint64_t, Stream>> streams(streams_.begin(), streams_.end());
  std::sort(streams.begin(), streams.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out.u64(streams.size());
  for (const auto& [name, stream] : streams) {
    out.u64(name);
    out.u64(stream.lines);
    out.u8(stream.whole ? 1 : 0);
  }
  std::vector<std::pair<Pair, std::uint64_t>> pairs(pairs_.begin(), pairs_.end());
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
    return a.first.stream != b.first.stream ? a.first.stream < b.first.stream : a.first.id < b.first.id;
  });
  out.u64(pairs.size());
  for (const auto& [pair, lines] : pairs) {
    out.u64(pair.stream);
    out.u32(pair.id);
    out.u64(lines);
  }
  out.u64(dropped_);
}

void StreamShares::load(ByteReader& in, std::size_t templates) {
  for (std::size_t n = in.count(8 + 8 + 1, kMaxStreams); n > 0 && in.ok(); --n) {
    const std::uint64_t name = in.u64();
    const std::uint64_t lines = in.u64();
    const bool whole = in.u8() != 0;
    if (name == 0 || lines == 0 || lines > kMaxLines || !streams_.emplace(name, Stream{lines, whole}).second) {
      in.fail("streams out of range");
    }
  }
  for (std::size_t n = in.count(8 + 4 + 8, kMaxPairs); n > 0 && in.ok(); --n) {
    const std::uint64_t name = in.u64();
    const std::uint32_t id = in.u32();
    const std::uint64_t lines = in.u64();
    const auto stream = streams_.find(name);
    if (stream == streams_.end() || id >= templates || lines == 0 || lines > stream->second.lines ||
        !pairs_.emplace(Pair{name, id}, lines).second) {
      in.fail("templates of streams out of range");
      return;
    }
    if (id >= spreads_.size()) {
      spreads_.resize(std::size_t{id} + 1);
    }
    ++spreads_[id].streams;
    spreads_[id].once += lines == 1 ? 1 : 0;
  }
  dropped_ = in.u64();
}

}  // namespace logdetect
