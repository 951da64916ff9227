#include "logdetect/models/detector.h"

namespace logdetect {

std::vector<TemplateId> Detector::expected_after(std::span<const TemplateId> /*previous*/,
                                                 std::size_t /*limit*/) const {
  return {};
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
