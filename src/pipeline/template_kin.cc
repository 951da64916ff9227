#include "pipeline/template_kin.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace logdetect {
namespace {

// Sets of numbers that grow together.
class Components {
 public:
  explicit Components(std::size_t n) : parents_(n) { std::iota(parents_.begin(), parents_.end(), std::size_t{0}); }
  std::size_t root(std::size_t i) {
    while (parents_[i] != i) {
      // Path halving keeps the chains short (Tarjan and van Leeuwen 1984).
      parents_[i] = parents_[parents_[i]];
      i = parents_[i];
    }
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parents_;
};

std::unordered_map<TemplateId, std::size_t> places_of(const std::vector<TemplateInfo>& templates) {
  std::unordered_map<TemplateId, std::size_t> places;
  for (std::size_t i = 0; i < templates.size(); ++i) {
    places.emplace(templates[i].id, i);
  }
  return places;
}

}  // namespace

std::vector<Kin> group_kin(std::size_t before, std::size_t after, std::span<const KinLink> links) {
  Components sets(before + after);
  for (const auto& [first, second] : links) {
    sets.join(first, before + second);
  }
  std::vector<Kin> kin;
  std::unordered_map<std::size_t, std::size_t> kin_of_root;
  for (std::size_t i = 0; i < before + after; ++i) {
    const auto [entry, added] = kin_of_root.emplace(sets.root(i), kin.size());
    if (added) {
      kin.emplace_back();
    }
    if (i < before) {
      kin[entry->second].before.push_back(i);
    } else {
      kin[entry->second].after.push_back(i - before);
    }
  }
  return kin;
}

std::vector<KinLink> link_templates(const TemplateMiner& before, const TemplateMiner& after) {
  const std::vector<TemplateInfo> old_ones = before.list();
  const std::vector<TemplateInfo> new_ones = after.list();
  const std::unordered_map<TemplateId, std::size_t> old_places = places_of(old_ones);
  const std::unordered_map<TemplateId, std::size_t> new_places = places_of(new_ones);
  std::unordered_map<std::string_view, std::size_t> by_text;
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    by_text.emplace(old_ones[i].text, i);
  }
  std::vector<KinLink> links;
  for (std::size_t i = 0; i < new_ones.size(); ++i) {
    if (const auto same = by_text.find(new_ones[i].text); same != by_text.end()) {
      links.emplace_back(same->second, i);
    }
    // Either log may have opened a word that the other did not, so both directions are asked.
    if (const TemplateId wider = before.counterpart(after, new_ones[i].id); wider.valid()) {
      links.emplace_back(old_places.at(wider), i);
    }
  }
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    if (const TemplateId wider = after.counterpart(before, old_ones[i].id); wider.valid()) {
      links.emplace_back(i, new_places.at(wider));
    }
  }
  return links;
}

}  // namespace logdetect
