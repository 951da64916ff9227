#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/features/session_statistics.h"
#include "logdetect/judging/open_sessions.h"
#include "logdetect/models/options.h"

namespace logdetect {

/// Learns what sessions look like from the events of training, in order. At most 1,000,000 sessions are open at a time;
/// beyond that the one silent longest counts as over. Deterministic. Not thread-safe.
class SessionLearner {
 public:
  /// `known`: what is known of sessions already; `scorer` judged by it, if there was enough to judge by.
  explicit SessionLearner(std::uint64_t seed, SessionStatistics known = {}, std::optional<SessionScorer> scorer = {});

  void learn(const Event& event);
  /// Closes what is over, calibrates the scorer: on the sessions heard, each part of an earlier calibration counting in
  /// proportion to its sessions. Call once, after the last event.
  void finish(const ThresholdOptions& options);

  /// After finish().
  [[nodiscard]] SessionStatistics& statistics() { return statistics_; }
  [[nodiscard]] const SessionScorer& scorer() const { return scorer_; }
  /// Sessions of training, each as likely as any other. Once.
  [[nodiscard]] std::vector<SessionSample> take_sample() { return std::move(sample_); }

 private:
  void offer(const SessionState& state);

  SessionStatistics statistics_;
  std::optional<SessionScorer> before_;
  std::uint64_t known_sessions_;
  SessionScorer scorer_;
  OpenSessions table_;
  Rng rng_;
  SessionClock clock_;
  std::uint64_t offered_ = 0;
  std::vector<SessionSample> sample_;
};

}  // namespace logdetect
