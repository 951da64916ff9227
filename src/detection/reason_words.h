#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "logdetect/detection/explainer.h"

namespace logdetect {

inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

/// What one kind of reason adds to the score, and the column that adds most to it.
struct ReasonPart {
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

/// The reason of one kind in words, with observed against expected from the baseline; `share` is left to the caller.
/// Any kind but kForest needs a column of the schema. Thread-safe.
Reason make_reason(ReasonKind kind, const ReasonPart& part, const ReasonContext& context);

}  // namespace logdetect
