#include "mining/template_index.h"

#include <algorithm>
#include <utility>

namespace logdetect {
namespace {
constexpr std::size_t kCrowd = 32;  // sets of one skeleton from which on templates no longer merge on evidence
}

void TemplateIndex::add(std::uint32_t id, const Template& added) {
  routes_.put(added.key.route, id);
  Places places;
  for (std::size_t i = 0; i < added.tokens.size(); ++i) {
    if (added.tokens[i].opened) {
      places.push_back(static_cast<std::uint16_t>(i));
    }
  }
  if (places.empty()) {
    return;
  }
  std::uint32_t slot = skeletons_.find(added.key.skeleton);
  if (slot == FlatMap::kNone) {
    slot = static_cast<std::uint32_t>(opened_.size());
    skeletons_.put(added.key.skeleton, slot);
    opened_.emplace_back();
  }
  std::vector<Places>& sets = opened_[slot];
  const auto before = [](const Places& a, const Places& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  };
  const auto at = std::lower_bound(sets.begin(), sets.end(), places, before);
  if (at == sets.end() || *at != places) {
    sets.insert(at, std::move(places));
    ++place_sets_;
  }
}

std::uint32_t TemplateIndex::find(std::span<const Token> tokens, const TemplateKey& key) const {
  if (const std::uint32_t id = routes_.find(key.route); id != FlatMap::kNone) {
    return id;
  }
  const std::uint32_t slot = skeletons_.find(key.skeleton);
  if (slot == FlatMap::kNone) {
    return FlatMap::kNone;
  }
  // As if the message had a value at each of these places. A key is a sum, so a place is exchanged without the others.
  for (const Places& places : opened_[slot]) {
    std::uint64_t route = key.route;
    for (const std::uint16_t i : places) {
      if (i < tokens.size() && !tokens[i].open()) {
        route += place_key(i, kOpenHash) - place_key(i, tokens[i].hash);
      }
    }
    if (const std::uint32_t id = routes_.find(route); id != FlatMap::kNone) {
      return id;
    }
  }
  return FlatMap::kNone;
}

bool TemplateIndex::crowded(std::uint64_t skeleton) const {
  const std::uint32_t slot = skeletons_.find(skeleton);
  return slot != FlatMap::kNone && opened_[slot].size() >= kCrowd;
}

void TemplateIndex::clear() {
  routes_.clear();
  skeletons_.clear();
  opened_ = {};
  place_sets_ = 0;
}

void TemplateIndex::remap(std::span<const std::uint32_t> now) {
  FlatMap kept;
  routes_.for_each([&](std::uint64_t route, std::uint32_t id) {
    if (id < now.size() && now[id] != FlatMap::kNone) {
      kept.put(route, now[id]);
    }
  });
  routes_ = std::move(kept);
}

void TemplateIndex::save(ByteWriter& out) const {
  const auto sorted = [](const FlatMap& map) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> entries;
    map.for_each([&](std::uint64_t key, std::uint32_t value) { entries.emplace_back(key, value); });
    std::sort(entries.begin(), entries.end());
    return entries;
  };
  const auto routes = sorted(routes_);
  out.u64(routes.size());
  for (const auto& [route, id] : routes) {
    out.u64(route);
    out.u32(id);
  }
  const auto skeletons = sorted(skeletons_);
  out.u64(skeletons.size());
  for (const auto& [skeleton, slot] : skeletons) {
    out.u64(skeleton);
    out.u64(opened_[slot].size());
    for (const Places& places : opened_[slot]) {
      out.u64(places.size());
      for (const std::uint16_t place : places) {
        out.u16(place);
      }
    }
  }
}

void TemplateIndex::load(ByteReader& in, std::size_t templates) {
  constexpr std::size_t kMost = 100'000'000;  // entries; the bytes that are left bound them before
  clear();
  constexpr std::size_t kRouteBytes = 12;
  constexpr std::size_t kSkeletonBytes = 16;  // at least
  for (std::size_t n = in.count(kRouteBytes, kMost); n > 0 && in.ok(); --n) {
    const std::uint64_t route = in.u64();
    const std::uint32_t id = in.u32();
    if (id >= templates) {
      in.fail("a key leads to no template");
      return;
    }
    routes_.put(route, id);
  }
  for (std::size_t n = in.count(kSkeletonBytes, kMost); n > 0 && in.ok(); --n) {
    skeletons_.put(in.u64(), static_cast<std::uint32_t>(opened_.size()));
    std::vector<Places>& sets = opened_.emplace_back(in.count(8, kMost));
    place_sets_ += sets.size();
    for (Places& places : sets) {
      places.resize(in.count(2, kMost));
      for (std::uint16_t& place : places) {
        place = in.u16();
      }
    }
  }
}

}  // namespace logdetect
