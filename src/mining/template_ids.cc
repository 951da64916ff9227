#include "mining/template_ids.h"

#include <algorithm>

namespace logdetect {
namespace {
constexpr std::uint32_t kMostIds = 0x7FFFFFFF;  // leaves room for the ids of a model in front
}

std::uint32_t TemplateIds::give(std::uint32_t slot) {
  if (!moved_) {
    return next_++;  // slots are filled in order until one is freed
  }
  do {
    next_ = next_ + 1 < kMostIds ? next_ + 1 : 0;
  } while (slots_.find(key(next_)) != kNone);
  if (slot >= id_of_.size()) {
    id_of_.resize(slot + std::size_t{1}, kNone);
  }
  id_of_[slot] = next_;
  slots_.put(key(next_), slot);
  return next_;
}

void TemplateIds::settle(std::span<const std::uint32_t> roots) {
  if (!moved_) {
    moved_ = true;
    id_of_.resize(roots.size());
    for (std::uint32_t slot = 0; slot < roots.size(); ++slot) {
      id_of_[slot] = slot;
    }
    next_ = next_ == 0 ? 0 : next_ - 1;  // from now on: the last one given
  }
  std::vector<Alias> kept;
  for (const Alias& alias : aliases_) {
    if (roots[alias.slot] != kNone) {
      kept.push_back({alias.id, roots[alias.slot]});
    }
  }
  for (std::uint32_t slot = 0; slot < roots.size(); ++slot) {
    if (roots[slot] != slot) {
      if (roots[slot] != kNone && id_of_[slot] != kNone) {
        kept.push_back({id_of_[slot], roots[slot]});
      }
      id_of_[slot] = kNone;
    }
  }
  std::sort(kept.begin(), kept.end(), [](const Alias& a, const Alias& b) { return a.id < b.id; });
  // The lowest ids are mostly the oldest ones.
  const std::size_t excess = kept.size() - std::min(kept.size(), most_aliases_);
  aliases_.assign(kept.begin() + static_cast<std::ptrdiff_t>(excess), kept.end());
  // FlatMap erases nothing, so ids that went would stay in it.
  slots_.clear();
  for (std::uint32_t slot = 0; slot < id_of_.size(); ++slot) {
    if (id_of_[slot] != kNone) {
      slots_.put(key(id_of_[slot]), slot);
    }
  }
  for (const Alias& alias : aliases_) {
    slots_.put(key(alias.id), alias.slot);
  }
}

void TemplateIds::restart(std::size_t count) {
  next_ = static_cast<std::uint32_t>(count);
  moved_ = false;
  id_of_ = {};
  slots_.clear();
  aliases_ = {};
}

}  // namespace logdetect
