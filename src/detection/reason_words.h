#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "logdetect/detection/explainer.h"

namespace logdetect {

inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

/// What one reason adds to the score, and the column that adds most to it.
struct ReasonPart {
  std::string name;  ///< of the reason
  double nats = 0;
  double column_nats = 0;
  std::size_t column = kNoColumn;
  std::string feature;  ///< the column's name, or the detector's when it names no column
};

/// Where a sentence takes its numbers from.
struct ReasonContext {
  const FeatureSchema& schema;
  const Baseline& baseline;
  const Ensemble& ensemble;
  const std::function<std::string(TemplateId)>& template_text;
  const ExplainInput& input;
};

/// The reason in words, with observed against expected from the baseline; `share` is left to the caller. A name without
/// words of its own is told by what its column means, and a part without a column by its feature. Thread-safe.
Reason make_reason(const ReasonPart& part, const ReasonContext& context);

/// Place of the name among those with words of their own; the number of those for any other name.
std::size_t words_rank(std::string_view name);

}  // namespace logdetect
