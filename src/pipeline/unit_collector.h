#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "logdetect/judging/judge_observer.h"
#include "pipeline/labels.h"
#include "pipeline/unit_evaluation.h"

namespace logdetect {

/// Judged lines beside their labels. Not thread-safe.
class LineUnits {
 public:
  /// `labels` must outlive it; it marks there what was asked for.
  explicit LineUnits(LineLabels& labels) : labels_(labels) {}

  void add(const JudgedRecord& judged);
  [[nodiscard]] UnitEvaluation evaluate() const;

 private:
  LineLabels& labels_;
  std::vector<LabelledUnit> units_;
  std::uint64_t unlabelled_ = 0;
};

/// Sessions beside their labels. Not thread-safe.
class SessionUnits {
 public:
  using Labels = std::unordered_map<std::string, bool>;  ///< by name: whether it is anomalous

  /// `labels` must outlive it.
  explicit SessionUnits(const Labels& labels) : labels_(labels) {}

  /// A line of the session, for the trivial rules.
  void add_line(const Event& event);
  /// The session was judged for the last time. One that comes back under its name is another unit.
  void close(const std::string& name, double score, bool flagged);
  /// Sessions that have a label and never came count as units that were not flagged.
  [[nodiscard]] UnitEvaluation evaluate() const;

 private:
  const Labels& labels_;
  std::unordered_map<SessionId, LabelledUnit> open_;  // what the lines of a session say of it
  std::unordered_set<std::string> judged_;
  std::vector<LabelledUnit> units_;
  std::uint64_t unlabelled_ = 0;
};

/// Hands what a run judges to those of the two that are asked for. Both must outlive it; either may be null.
class UnitCollector final : public JudgeObserver {
 public:
  UnitCollector(LineUnits* lines, SessionUnits* sessions) : lines_(lines), sessions_(sessions) {}

  Result<void> record(const JudgedRecord& judged) override;
  Result<void> session(const OpenSession& session, bool has_time) override;

 private:
  LineUnits* lines_;
  SessionUnits* sessions_;
};

}  // namespace logdetect
