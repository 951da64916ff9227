#include "parsing/template_index.h"

#include <algorithm>

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

}  // namespace logdetect
