#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "judging/watch.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/judging/open_sessions.h"
#include "logdetect/models/ensemble.h"

namespace logdetect {

/// What training knows of sessions.
struct KnownSessions {
  const SessionStatistics& statistics;
  const SessionScorer& scorer;
  std::size_t templates = 0;  ///< ids of templates are below it; others count as one more
  bool active = false;        ///< false: training saw too few sessions to judge others by; nothing is followed then
  const Ensemble* ensemble = nullptr;                         ///< its detectors of sessions judge too; null: none
  std::function<std::string(TemplateId)> template_text = {};  ///< for these detectors
};

/// Follows the sessions of a run and tells which are strange: at the record that makes one strange, or when its silence
/// outlasts what is usual, each at most once. At most 1,000,000 sessions are open (about 300 bytes each); beyond that
/// the one silent longest is judged and forgotten, and so is one that was silent for twice as long as any of training,
/// and an hour: a record of it that still comes begins a session of the same name. O(1) per event, amortised.
class SessionWatch final : public Watch {
 public:
  static constexpr std::size_t kMaxOpen = 1'000'000;  ///< sessions; 300 MB of them

  /// What `known` refers to and `options` must outlive it. `keep_ended`: for take_ended(). `span`: a session tells
  /// nothing while its last record lies outside.
  SessionWatch(const KnownSessions& known, const ThresholdOptions& options, const JudgedSpan& span, bool keep_ended,
               std::size_t max_open = kMaxOpen);

  void see(const ScoredBatch& batch, std::size_t i, Sightings& out) override;
  void advance(Micros now, Sightings& out) override;
  /// The end of the log is the time of the records seen last.
  void finish(Sightings& out) override;

  /// Sessions judged for the last time since the last call, in that order.
  [[nodiscard]] std::vector<OpenSession> take_ended();
  /// Sessions followed to their end.
  [[nodiscard]] std::uint64_t sessions() const { return state_.sessions; }

 private:
  struct Deadline {
    Micros at;
    SessionId session;
    friend bool operator>(const Deadline& a, const Deadline& b) {
      return a.at != b.at ? a.at > b.at : a.session > b.session;
    }
  };
  struct State {
    SessionClock clock;
    OpenSessions table;
    std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines;
    std::uint64_t sessions = 0;
  };

  void follow(const ScoredBatch& batch, std::size_t i, Sightings& out);
  /// Judges a session; tells it if it is anomalous and was not told before. `row`: of the record that moved it.
  void judge(OpenSession& session, std::optional<Micros> silence, std::size_t row, Sightings& out);
  [[nodiscard]] double nats_of_detectors(const SessionState& state, std::optional<Micros> silence) const;
  void retire(Micros now, Sightings& out);
  void plan(OpenSession& session);
  void drop_stale_deadlines();
  [[nodiscard]] Micros patience(std::uint32_t template_id, std::size_t look);

  KnownSessions known_;
  const ThresholdOptions& options_;
  JudgedSpan span_;
  bool keep_ended_;
  std::size_t max_open_;
  Micros memory_;                 // how long a silent session is kept
  std::vector<Micros> patience_;  // by template and look; 0: not asked yet
  std::vector<OpenSession> ended_;
  State state_;
};

}  // namespace logdetect
