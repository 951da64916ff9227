#include "logdetect/core/finding.h"

#include <array>

namespace logdetect {

std::string_view bout_name(BoutKind kind) {
  return kind == BoutKind::kBurst ? "burst" : "silence";
}

std::string_view severity_name(Severity severity) {
  static constexpr std::array<std::string_view, 4> kNames = {"low", "medium", "high", "critical"};
  return kNames.at(static_cast<std::size_t>(severity));
}

}  // namespace logdetect
