#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/judging/open_sessions.h"
#include "logdetect/learned/model.h"
#include "logdetect/models/options.h"

namespace logdetect {

/// A session that was found anomalous: now, by its last record, or by its silence.
struct SessionAlarm {
  const OpenSession& session;
  SessionScore score;
  Verdict verdict;
};

/// Follows the sessions of a run and says which are strange: at the record that makes one strange, or when its silence
/// outlasts what is usual, each at most once. At most 1,000,000 sessions are open (about 300 bytes each); beyond that
/// the one silent longest is judged and forgotten, and so is one that was silent for twice as long as any of training,
/// and an hour: a record of it that still comes begins a session of the same name. Not thread-safe.
class SessionWatch {
 public:
  using Report = std::function<Result<void>(const SessionAlarm&)>;

  /// `report` is called for every session found anomalous, from within the calls below.
  SessionWatch(const Model& model, const ThresholdOptions& options, JudgeObserver* observer, Report report);

  /// False when the model knows no sessions: nothing is followed then.
  [[nodiscard]] bool active() const { return active_; }
  /// Judges the sessions whose silence became strange by now.
  Result<void> advance(Micros now);
  /// To be called for every record, whether it belongs to a session or not, before follow().
  void see(const Event& event) { clock_.see(event); }
  /// The present, by the records seen.
  [[nodiscard]] Micros now() const { return clock_.now(); }
  /// Adds a record of a session. `judged`: false when nothing is to be said of it.
  Result<void> follow(const Event& event, std::string_view name, const SourcePosition& position, bool judged);
  /// Whether event times are times, for the observer.
  void set_has_time(bool has_time) { has_time_ = has_time; }
  /// Judges all that are still open; `now` is the end of the log.
  Result<void> finish(Micros now);

  [[nodiscard]] std::uint64_t sessions() const { return sessions_; }
  [[nodiscard]] std::uint64_t anomalous() const { return anomalous_; }

 private:
  struct Deadline {
    Micros at;
    SessionId session;
    friend bool operator>(const Deadline& a, const Deadline& b) {
      return a.at != b.at ? a.at > b.at : a.session > b.session;
    }
  };
  /// Judges a session; reports it if it is anomalous and was not reported before.
  Result<void> judge(OpenSession& session, std::optional<Micros> silence);
  Result<void> retire(Micros now);
  void plan(OpenSession& session);
  void drop_stale_deadlines();
  [[nodiscard]] Micros patience(std::uint32_t template_id, std::size_t look);

  const Model& model_;
  const ThresholdOptions& options_;
  JudgeObserver* observer_;
  Report report_;
  bool active_;
  Micros memory_;  // how long a silent session is kept
  bool has_time_ = false;
  SessionClock clock_;
  OpenSessions table_;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
  std::vector<Micros> patience_;  // by template and look; 0: not asked yet
  std::uint64_t sessions_ = 0;
  std::uint64_t anomalous_ = 0;
};

}  // namespace logdetect
