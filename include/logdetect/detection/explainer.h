#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/finding.h"
#include "logdetect/features/extractor.h"
#include "logdetect/models/ensemble.h"

namespace logdetect {

/// Everything that is known about one anomalous event at the moment it is explained.
struct ExplainInput {
  const Event& event;
  std::span<const Parameter> parameters;  ///< the event's own
  std::span<const float> row;             ///< its feature row
  std::span<const DetectorScore> scores;  ///< one per detector
  std::span<const TemplateId> previous;   ///< templates before it in its stream, oldest first
};

/// Says why: factors with observed against expected from the model, by their share of the score. The factors are the
/// parts of the score: a detector's contribution is divided among its columns by Detector::contributions. Immutable;
/// thread-safe. Cost: O(columns + trees x depth), for anomalous events only.
class Explainer {
 public:
  /// `template_text` gives the text of any template, new ones included. All references must outlive the explainer.
  Explainer(const FeatureSchema& schema, const Baseline& baseline, const Ensemble& ensemble,
            std::function<std::string(TemplateId)> template_text);

  /// Reasons by share, largest first, at most 6, never empty. Sentences are plain English with numbers, e.g.
  /// "burst: 47 of these in 60 s (usual: 0-5)".
  [[nodiscard]] std::vector<Reason> explain(const ExplainInput& input) const;

 private:
  const FeatureSchema& schema_;
  const Baseline& baseline_;
  const Ensemble& ensemble_;
  std::function<std::string(TemplateId)> template_text_;
};

}  // namespace logdetect
