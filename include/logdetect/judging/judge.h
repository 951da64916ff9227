#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/core/finding.h"
#include "logdetect/detection/aggregator.h"
#include "logdetect/detection/explainer.h"
#include "logdetect/detection/incident_rules.h"
#include "logdetect/features/bout_watch.h"
#include "logdetect/features/extractor.h"
#include "logdetect/features/sequence_windows.h"
#include "logdetect/judging/allowances.h"
#include "logdetect/judging/drift.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/judging/session_cutter.h"
#include "logdetect/judging/session_watch.h"
#include "logdetect/learned/model.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/reading/line_parser.h"
#include "logdetect/reading/thread_pool.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// 0..23, UTC.
[[nodiscard]] int hour_of_day(Micros time);

/// Where and when the judge's verdicts count.
struct JudgeOptions {
  bool every_finding = false;   ///< hand each anomalous record to the sink at once, repeats too
  bool first_findings = false;  ///< hand the first of each template in an incident to the sink at once (`watch`)
  std::optional<Micros> since;  ///< records before it only move the windows
  std::optional<Micros> until;  ///< records at or after it are dropped
};

/// The ordered stage of scan and watch: new templates, features, scores, verdicts, findings, incidents. Its input is
/// parsed batches in order; what it finds goes to the sink. Networks are computed by a pool of its own. Not
/// thread-safe.
class Judge {
 public:
  /// `sink`, `observer` and `allowances` (both may be null) must outlive it. `reference`: now, for logs whose
  /// timestamps lack the year. `sessions`: the key the batches were parsed with; must outlive it too.
  Judge(std::shared_ptr<const Model> model, const Config& config, const SessionKey& sessions,
        const JudgeOptions& options, ResultWriter& sink, JudgeObserver* observer, Allowances* allowances,
        Micros reference);

  Result<void> process(ParsedBatch parsed);
  /// Closes incidents that ended by now; `watch` calls it while nothing arrives.
  Result<void> advance(Micros now);
  /// Closes every incident.
  Result<void> finish();

  [[nodiscard]] const RunSummary& summary() const { return summary_; }
  /// See DriftMeter::take_change().
  [[nodiscard]] std::optional<Drift> drift_change() { return drift_.take_change(); }
  [[nodiscard]] std::optional<Severity> worst() const { return worst_; }
  /// Event time of the last record.
  [[nodiscard]] Micros now() const { return now_; }
  /// Threshold in nats under the present sensitivity, for the header of the result.
  [[nodiscard]] double threshold() const;

 private:
  static constexpr std::size_t kMaxMessageBytes = std::size_t{8} * 1024;

  void find_new_templates(ParsedBatch& parsed);
  void count(const ParsedBatch& parsed);
  Result<void> judge_event(const ParsedBatch& parsed, std::size_t i);
  struct OddColumn {
    int column;
    std::string_view kind;
  };
  [[nodiscard]] bool is_habit(const Event& event) const;
  [[nodiscard]] bool is_odd(std::span<const float> row, std::string_view kind) const;
  [[nodiscard]] bool is_habitual(const Event& event, std::span<const float> row) const;
  [[nodiscard]] bool acknowledged(const ParsedBatch& parsed, std::size_t i) const;
  Result<void> follow_session(const ParsedBatch& parsed, std::size_t i, bool judged);
  Result<void> report_session(const SessionAlarm& alarm);
  /// What is cheap to say of a session that is over, or stalled.
  Finding session_ended(const SessionAlarm& alarm);
  Result<void> follow_bouts(const ParsedBatch& parsed, std::size_t i, bool judged);
  Result<void> report_burst(const ParsedBatch& parsed, std::size_t i, OpenBurst& burst);
  void burst_ended(const OpenBurst& burst);
  [[nodiscard]] Bout bout_of(const OpenBurst& burst, bool over) const;
  void silence_changed(SilenceWatch::Change change, const SilentRhythm& silent);
  [[nodiscard]] Verdict bout_verdict(double nats, Micros time) const;
  using Completer = std::function<void(Finding&)>;  ///< fills in what is costly
  Result<void> hand_over(Finding finding, const Completer& complete);
  Result<void> report(const ParsedBatch& parsed, std::size_t i, const Verdict& verdict);
  /// What is cheap to say of an event; explain() adds the rest.
  [[nodiscard]] Finding describe(const ParsedBatch& parsed, std::size_t i, const Verdict& verdict) const;
  void explain(const ParsedBatch& parsed, std::size_t i, Finding& finding);
  std::vector<std::string> context_of(const ParsedBatch& parsed, std::size_t i) const;
  Result<void> emit_closed();
  [[nodiscard]] std::string template_text(TemplateId id) const;

  // Constant after construction.
  std::shared_ptr<const Model> model_;
  const Config& config_;
  JudgeOptions options_;
  ResultWriter& sink_;
  JudgeObserver* observer_;
  Allowances* allowances_;
  std::uint32_t known_templates_;
  std::array<OddColumn, 5>
      odd_columns_;  ///< features that make a habitual template worth a word; -1: not in the schema

  // Moves with the log.
  TimeLine times_;
  SessionCutter cutter_;
  TemplateMiner overlay_;  ///< templates the model does not have
  FeatureExtractor extractor_;
  SequenceWindows sequences_;
  ThreadPool pool_;
  Explainer explainer_;
  SessionWatch sessions_;
  BurstWatch bursts_;
  SilenceWatch silences_;
  Result<void> trouble_;  ///< of the sink, while a silence was reported
  std::unique_ptr<Aggregator> aggregator_;
  MaskedMessage message_;
  FeatureMatrix rows_;
  WindowBatch windows_;
  BatchScores batch_scores_;
  std::deque<std::string> last_lines_;  ///< of the previous batch of the same source, for context
  SourceId last_source_;
  std::map<SourceId, std::string> source_names_;
  const ParsedBatch* followed_ = nullptr;  ///< while a record is added to its session: its batch and index
  std::size_t followed_at_ = 0;
  RunSummary summary_;
  DriftMeter drift_;
  Micros now_ = 0;
  std::optional<Severity> worst_;
};

}  // namespace logdetect
