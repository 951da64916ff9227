#pragma once

#include <cstddef>
#include <cstdint>

#include "logdetect/config/config.h"
#include "logdetect/features/sequence_windows.h"
#include "logdetect/judging/session_cutter.h"
#include "logdetect/judging/session_learner.h"
#include "logdetect/models/detector.h"
#include "training/fate_counter.h"
#include "training/sample_collector.h"
#include "training/training_review.h"
#include "training/training_state.h"

namespace logdetect {

/// What the pass over the features tells, beside what the state's baseline learnt.
struct LearntFeatures {
  KeptSample sample;
  SessionStatistics sessions;
  SessionScorer session_scorer;
  TrainingFates fates;
  TrainingReview review;  ///< to be finished with the model
  std::uint64_t late_records = 0;
};

/// The pass that learns what is normal: computes each record's features from what came before it, and then learns from
/// the record. Not thread-safe.
class FeatureLearner {
 public:
  /// Teaches `state.baseline`, and the statistics of sessions, which it takes; the templates of the state must be
  /// numbered. `records`: how many will teach. `windows`: what networks
  /// need; none of length 0.
  /// `config` and `state` must outlive the learner.
  FeatureLearner(const Config& config, TrainingState& state, const TeachingRule& rule, std::uint64_t records,
                 const WindowPlan& windows);

  /// `parsed` has templates and session keys.
  void see(ParsedBatch& parsed);
  /// Call once, after the last batch.
  LearntFeatures finish();

 private:
  FeatureLearner(const Config& config, TrainingState& state, const TeachingRule& rule, const TrainingSplit& split,
                 const WindowPlan& windows);

  const Config& config_;
  const TrainingState& state_;
  TimeLine times_;
  SessionCutter cutter_;
  FateCounter fates_;
  FeatureExtractor extractor_;
  SessionLearner sessions_;
  SequenceWindows sequences_;
  SampleCollector sample_;
  TrainingReview review_;
  FeatureMatrix rows_;   // of the present batch
  WindowBatch windows_;  // of the present batch
};

}  // namespace logdetect
