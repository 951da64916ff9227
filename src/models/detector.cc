#include "logdetect/models/detector.h"

#include <utility>

#include "logdetect/core/reason.h"

namespace logdetect {

std::vector<TemplateId> Detector::expected_after(std::span<const TemplateId> /*previous*/,
                                                 std::size_t /*limit*/) const {
  return {};
}

std::string_view Detector::reason() const {
  return reasons::kForest;
}

std::span<const DetectorSet> detector_sets() {
  static const std::vector<DetectorSet> sets = [] {
    DetectorSet all{"all", "every detector, each by its own weight", {}};
    for (const DetectorEntry& entry : detector_table()) {
      all.members.emplace_back(entry.name, entry.default_weight);
    }
    // The weights asked for when the set was defined; docs/quality.md holds it against the others.
    DetectorSet classic{"classic", "0.6 forest + 0.4 autoencoder", {{"forest", 0.6}, {"autoencoder", 0.4}}};
    return std::vector<DetectorSet>{std::move(all), std::move(classic)};
  }();
  return sets;
}

const DetectorEntry* find_detector(std::string_view name) {
  for (const DetectorEntry& entry : detector_table()) {
    if (entry.name == name) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace logdetect
