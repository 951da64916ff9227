#include "logdetect/core/features.h"

#include "logdetect/base/hash.h"

namespace logdetect {

std::uint64_t FeatureSchema::hash() const {
  // Words for people may change without a new model, so `meaning` and `reason` are left out.
  std::uint64_t seed = columns.size();
  for (const FeatureInfo& column : columns) {
    seed = hash64(column.unit, hash64(column.name, seed));
  }
  return seed;
}

int FeatureSchema::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace logdetect
