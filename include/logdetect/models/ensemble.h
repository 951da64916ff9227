#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bundle.h"
#include "logdetect/core/finding.h"
#include "logdetect/models/calibration.h"
#include "logdetect/models/detector.h"
#include "logdetect/models/options.h"

namespace logdetect {

/// Scores of one batch. surprise[d * rows + i] is detector d's calibrated nats for row i.
struct BatchScores {
  std::size_t rows = 0;
  std::vector<float> raw;            ///< [detectors x rows]
  std::vector<float> surprise;       ///< [detectors x rows], calibrated, before weight and cap
  std::vector<float> total;          ///< [rows], nats: sum over detectors of weight x min(surprise, cap)
  std::vector<std::uint8_t> wanted;  ///< [rows] 0: the total is known to be too low to matter; see Ensemble::score()
};

/// The verdict on a total of nats where the threshold is `threshold` before sensitivity and --threshold.
Verdict verdict_of(double total, double threshold, const ThresholdOptions& options);

/// The detectors of a model, their calibrations and weights, and the threshold. Members of unit line and window are
/// asked about every event, those of unit session about sessions; nats of either are added up by weight and cap. Const
/// calls are thread-safe.
class Ensemble {
 public:
  /// Members by name out of `table`. Errors: kUsage for an unknown name, with the nearest one as hint.
  static Result<Ensemble> create(const EnsembleOptions& options,
                                 std::span<const DetectorEntry> table = detector_table());

  Result<void> fit(const TrainingSet& training);
  /// Calibrates every member and chooses the threshold on records that fit() did not see (the latest part of training):
  /// the absolute one, or where that is higher the quantile 1 - target_fpr of the sum or what keeps within
  /// alerts_per_day, but at most twice the absolute. With fewer than 1 / target_fpr rows the quantile does not count;
  /// without any row, members that need calibration stay silent; those of unit session are calibrated on the sessions.
  /// Returns the totals of these records, [events].
  std::vector<float> calibrate(const ScoringInput& input, const ThresholdOptions& options);

  /// Scores a batch. Rows that cannot reach a total of `least` nats, whatever the members not yet asked would say, need
  /// not be scored by those: such a total is below `least`, and no more is known of it. All other rows are the same as
  /// with `least` 0, to the last bit. Members are asked in their order, each only for the rows still open, so a cheap
  /// member that goes first spares most of the work: contributions are bounded.
  void score(const ScoringInput& input, BatchScores& out, double least = 0) const;
  /// The lowest total that judge() ever calls anomalous under these options: a `least` for score().
  [[nodiscard]] double lowest_threshold(const ThresholdOptions& options) const;
  /// One line on its own, without the windows it stands in: only members of unit line have a say.
  /// `line` has one event. O(one row).
  void score_line(const LogView& line, BatchScores& out) const;
  /// Whether a member is of unit session.
  [[nodiscard]] bool judges_sessions() const;
  /// What the members of unit session find in each session, summed by weight and cap: [sessions] nats.
  [[nodiscard]] std::vector<float> score_sessions(const ScoringInput& input) const;
  /// Verdict of one row's total. `hour` 0..23 UTC; other values have no multiplier. Sensitivity low, medium, high
  /// multiplies the threshold by 1.5, 1, 0.7. With fixed_score X, score = s / (s + threshold()), adjusted likewise,
  /// decides, and Verdict::threshold is the nats at which it reaches X.
  [[nodiscard]] Verdict judge(double total, int hour, const ThresholdOptions& options) const;
  /// Threshold in nats found by calibrate(), before sensitivity and hour multipliers.
  [[nodiscard]] double threshold() const;
  [[nodiscard]] double quantile_threshold() const;
  /// After calibrate(): the threshold, nats, that the alert budget alone asks for; 0 without one.
  [[nodiscard]] double budget_threshold() const;
  /// After calibrate(): alerts a day of the records it saw, at threshold(); see alerts_per_day of the options. 0 when
  /// they span too little time to tell.
  [[nodiscard]] double alerts_per_day() const;

  /// Whether a member is a network, which fit() trains with LibTorch from windows.
  [[nodiscard]] bool neural() const;
  /// The windows that fit() learns from and, after fit() or load(), that score() needs; length 0: none.
  [[nodiscard]] WindowPlan windows(const DetectorOptions& options) const;
  /// After fit() or load(): events of the windows that score() needs; 0: none.
  [[nodiscard]] std::size_t window_length() const;
  /// What a member expects after these templates of a sequence; empty when none can say.
  [[nodiscard]] std::vector<TemplateId> expected_after(std::span<const TemplateId> previous, std::size_t limit) const;

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const std::string& name(std::size_t detector) const;
  [[nodiscard]] double weight(std::size_t detector) const;
  [[nodiscard]] const Detector& detector(std::size_t index) const;
  /// Nats that detector `d` adds for this surprise: weight x min(surprise, cap).
  [[nodiscard]] double contribution(std::size_t d, double surprise) const;

  /// Whether this program has every detector of a stored ensemble: what to ask before anything else of the model is
  /// read, because its configuration may name one. Errors: kModel, with the name of the first that is missing.
  static Result<void> check_detectors(const Bundle& bundle);
  /// After calibrate(). Adds a section "ensemble" and one "detector.<name>" per member.
  void save(Bundle& bundle) const;
  /// Errors: kModel, also when the schema is not the one of training.
  static Result<Ensemble> load(const Bundle& bundle, const FeatureSchema& schema);

 private:
  struct Member {
    std::string name;
    const DetectorEntry* entry = nullptr;
    std::unique_ptr<Detector> detector;
    Calibration calibration;
    double weight = 1;
    double cap = 0;
  };
  static Result<Ensemble> load_members(const Bundle& bundle);
  void check_fit(const ScoringInput& input) const;
  void score_raw(const ScoringInput& input, BatchScores& out) const;
  void add_up(BatchScores& out) const;
  void add_member(std::size_t d, BatchScores& out) const;
  [[nodiscard]] float surprise_of(const Member& member, float raw) const;
  [[nodiscard]] static bool of_events(const Member& member) { return member.entry->unit != DetectorUnit::kSession; }

  std::vector<Member> members_;
  std::uint64_t schema_hash_ = 0;
  double quantile_threshold_ = 0;
  double threshold_ = 0;
  double budget_threshold_ = 0;  // not saved, like the next
  double alerts_ = 0;
};

}  // namespace logdetect
