#include "logdetect/models/detector.h"

namespace logdetect {

const DetectorEntry* find_detector(std::string_view name) {
  for (const DetectorEntry& entry : detector_table()) {
    if (entry.name == name) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace logdetect
