#pragma once

#include "judging/scored_batch.h"
#include "logdetect/config/config.h"
#include "logdetect/features/extractor.h"
#include "logdetect/features/sequence_windows.h"
#include "logdetect/learned/model.h"
#include "logdetect/mining/template_overlay.h"
#include "logdetect/reading/thread_pool.h"

namespace logdetect {

/// Turns parsed events with templates into scores and verdicts: feature rows, windows, detectors, thresholds. Networks
/// are computed by threads of its own; the result does not depend on their number. Not thread-safe: one ordered stage.
class Scorer {
 public:
  /// `every_score`: all scores are worked out; else only those that can become a verdict are worked out in full.
  /// References must outlive it.
  Scorer(const Model& model, const TemplateOverlay& templates, const Config& config, const JudgedSpan& span,
         bool every_score);

  /// Fills rows, windows, scores, verdicts and judged of a batch whose events have templates and times.
  void score(ScoredBatch& batch);

  /// Of the batch scored last.
  [[nodiscard]] const FeatureExtractor& extractor() const { return extractor_; }

 private:
  const Model& model_;
  const TemplateOverlay& templates_;
  const ThresholdOptions& options_;
  JudgedSpan span_;
  double least_;  // nats below which no total becomes a verdict
  ThreadPool pool_;
  FeatureExtractor extractor_;
  SequenceWindows sequences_;
};

}  // namespace logdetect
