#include "logdetect/core/finding.h"

#include <array>

namespace logdetect {

std::string_view reason_name(ReasonKind kind) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "new_template",   "rare_template", "burst",   "sequence",  "parameter",    "unusual_time",
      "unusual_level",  "error_rate",    "length",  "diversity", "missing_step", "repeated",
      "unusual_stream", "slow",          "stalled", "silence",   "forest"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view bout_name(BoutKind kind) {
  return kind == BoutKind::kBurst ? "burst" : "silence";
}

std::string_view severity_name(Severity severity) {
  static constexpr std::array<std::string_view, 4> kNames = {"low", "medium", "high", "critical"};
  return kNames.at(static_cast<std::size_t>(severity));
}

}  // namespace logdetect
