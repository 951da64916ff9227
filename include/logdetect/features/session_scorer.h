#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "logdetect/core/event.h"
#include "logdetect/features/session_statistics.h"

namespace logdetect {

/// What can be strange about a session.
enum class SessionSign : std::uint8_t {
  kNewTemplate,   ///< holds a template training never saw
  kRareTemplate,  ///< holds a template that few sessions hold
  kTooOften,      ///< holds a template unusually often
  kMissing,       ///< is over without a template that sessions hold
  kTooRarely,     ///< is over with fewer of a template than usual
  kStep,          ///< an event that was not expected after those before it
  kSlow,          ///< an event that came unusually long after the one before it
  kEnd,           ///< ended or stalled where sessions go on
};

/// One part of a session's score.
struct SessionEvidence {
  SessionSign sign = SessionSign::kEnd;
  std::uint32_t template_id = SessionState::kNone;  ///< kEnd: the last one
  std::uint32_t count = 0;                          ///< of the template in the session
  double nats = 0;                                  ///< its part
};

struct SessionScore {
  double total = 0;                    ///< nats
  std::vector<SessionEvidence> parts;  ///< add up to the total, largest first
};

/// True for a session that holds what few do, but what came again and again in training, when nothing else in its score
/// would reach `threshold` alone, or is such a habit too: no news, as with a line. (Where a card is declined, nothing
/// is captured; that is the same habit.) `is_habit`: of a template, and how alarming it came.
[[nodiscard]] bool holds_only_habits(const SessionScore& score, const SessionState& state, double threshold,
                                     const std::function<bool(TemplateId, Alarm)>& is_habit);

/// How strange a session is, in nats.
///
/// Each template the session holds counts with the rarity of sessions that hold it (an alarming one up to 60 % more) or
/// half of how unusually often it came, if that is more; each one it should hold, once it is over, with the rarity of
/// sessions that do without, or with so few; and its end with 0.3 of how improbable an end is there. Of these the
/// largest counts in full, the next three a quarter: they go together, and one cause must not be counted many times.
/// What depends on the session being over is limited to -ln P(such a silence in a session that goes on), so sessions
/// that the end of the log cuts off stay quiet; likewise where the session may have begun before what was read. The
/// least expected step adds 0.3 of what it exceeds the 98th percentile of training sessions by, at most 4 nats; the
/// slowest step, by how long its pair of templates usually takes, what it exceeds the same percentile by, at most 8.
/// Immutable after calibrate(); const calls are thread-safe.
class SessionScorer {
 public:
  /// Learns the usual worst and slowest step and the threshold: the absolute one. Only where more than 5 % of the
  /// training sessions lie above it, which is more than a few hidden anomalies, their 1 - target_fpr quantile raises
  /// it, at most to twice the absolute.
  void calibrate(const SessionStatistics& statistics, std::span<const SessionSample> sample, double absolute_nats,
                 double target_fpr);

  /// `silence`: event time since its last event; nothing while it goes on (then nothing is said of its end). `learnt`:
  /// it is a session of training. O(templates of the session + expected templates).
  [[nodiscard]] SessionScore score(const SessionStatistics& statistics, const SessionState& state,
                                   std::optional<Micros> silence, bool learnt = false) const;
  /// Nats from which on a session is strange, before sensitivity.
  [[nodiscard]] double threshold() const { return learnt_.threshold; }

  /// What the model file keeps of it.
  struct Learnt {
    double usual_step = 0;  ///< nats
    double usual_slow = 0;  ///< nats
    double threshold = 1;   ///< nats
  };
  [[nodiscard]] const Learnt& learnt() const { return learnt_; }
  explicit SessionScorer(const Learnt& learnt) : learnt_(learnt) {}
  SessionScorer() = default;

 private:
  Learnt learnt_;
};

}  // namespace logdetect
