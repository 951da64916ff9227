#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/features/options.h"
#include "logdetect/features/rhythms.h"

namespace logdetect {

/// The columns for these options. Names are stable; window columns end in "_<seconds>s".
FeatureSchema feature_schema(const FeatureOptions& options);

/// What the model expects where a finding was observed: the words of an explanation. Absent: not known.
struct Expectation {
  double typical = 0;  ///< median or rate
  double low = 0;      ///< usual range: 1st to 99th percentile, or the Poisson 99 % interval
  double high = 0;
  double observed = 0;
};

/// A template on one stream (`rates.key`), in training.
struct StreamFacts {
  std::uint64_t lines = 0;    ///< of the stream
  std::uint64_t here = 0;     ///< of the template on it
  std::uint64_t streams = 0;  ///< that had the template
};

/// What training learnt about the normal log: counts and rates per template, level and hour profiles, value ranges of
/// parameters, template-to-template transitions. Immutable once training ends; const calls are thread-safe.
class Baseline {
 public:
  explicit Baseline(const FeatureOptions& options);
  ~Baseline();
  Baseline(Baseline&&) noexcept;
  Baseline& operator=(Baseline&&) noexcept;

  void save(ByteWriter& out) const;
  /// Errors: kModel.
  static Result<Baseline> load(ByteReader& in, const FeatureOptions& options);

  /// Template `from` was merged into `into`: its counts join theirs, its parameters and what follows it are forgotten.
  /// `into` must be another id. Call before a learning extractor takes the baseline on, which makes it usable. O(1).
  void fold(TemplateId from, TemplateId into);

  [[nodiscard]] std::uint64_t events() const;
  /// Event time that training covered, without the gaps in it; 0 without timestamps.
  [[nodiscard]] double observed_seconds() const;
  [[nodiscard]] std::uint64_t template_count(TemplateId id) const;
  /// Templates most probable after `previous`, best first, at most `limit`.
  [[nodiscard]] std::vector<TemplateId> likely_after(TemplateId previous, std::size_t limit) const;
  /// What training knows of a template on the stream Event::group.
  [[nodiscard]] StreamFacts on_stream(std::uint64_t group, TemplateId id) const;
  [[nodiscard]] RateKey rate_key() const;
  /// Streams told apart, and training lines whose stream and template were one pair too many to be remembered.
  [[nodiscard]] std::size_t streams() const;
  [[nodiscard]] std::uint64_t stream_lines_dropped() const;
  /// Share of the slices of training (16 to 32, of equally many records) that held this template; 0 while there were
  /// fewer than 8. Rare and yet here in slice after slice: a habit.
  [[nodiscard]] double recurrence(TemplateId id) const;
  /// True when this template came now and then all through training: in a fifth of those slices, or in 3 and more (4
  /// and more for what calls itself an error or a warning) that span half of them.
  [[nodiscard]] bool is_habit(TemplateId id, Alarm alarm) const;
  /// Usual number of this template per window of `seconds`.
  [[nodiscard]] Expectation rate(TemplateId id, std::int64_t seconds) const;
  /// Most lines of this template in any such window of training; `window` is an index into the options' windows.
  [[nodiscard]] std::uint32_t most_in_window(TemplateId id, std::size_t window) const;
  /// ln of the lines a day in training: what a look at every line costs, in nats.
  [[nodiscard]] double looks() const;
  /// What beats, and how improbable its silence is.
  [[nodiscard]] const RhythmTable& rhythms() const;
  /// Variance over mean of this template's counts in windows of the longest length, at least 1: how much more its rate
  /// wavers than chance alone would let it.
  [[nodiscard]] double dispersion(TemplateId id) const;
  /// The most frequent level of this template's lines; kUnknown for one never seen.
  [[nodiscard]] Level usual_level(TemplateId id) const;
  /// Usual range of numeric parameter `slot`; nothing for categorical or unseen slots. Values with a unit of time or
  /// size ("350ms", "2 KB") are in seconds or bytes.
  [[nodiscard]] std::optional<Expectation> numeric_range(TemplateId id, std::span<const Parameter> parameters,
                                                         std::size_t slot) const;
  /// Part of parameter_surprise that parameter `slot` of an event has, nats. `parameters` are the event's own.
  [[nodiscard]] double parameter_surprise(TemplateId id, std::span<const Parameter> parameters, std::size_t slot) const;
  /// Usual range of the message length in bytes.
  [[nodiscard]] std::optional<Expectation> length_range(TemplateId id) const;
  /// Usual range of a feature column over training rows (1st, 50th and 99th percentile).
  [[nodiscard]] Expectation column(std::size_t index) const;
  /// "09:00-18:00": hours of the day that hold 90 % of this level's lines; empty while the profile is silent.
  [[nodiscard]] std::string usual_hours(Level level) const;
  /// The same of a template that keeps hours; empty for the others.
  [[nodiscard]] std::string usual_hours(TemplateId id) const;

 private:
  friend class FeatureExtractor;  // reads and teaches the tables themselves
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Turns events, in order, into feature rows. Two modes: learning (prequential: a row is computed from what came
/// before it, then the baseline learns the event) and frozen (the baseline is const; only windows move). O(columns) per
/// event whatever the window length or number of templates. Late events are counted into the present bucket.
/// Not thread-safe: one ordered stage.
class FeatureExtractor {
 public:
  /// Learning. `baseline` must outlive the extractor.
  explicit FeatureExtractor(Baseline& baseline);
  /// Frozen.
  explicit FeatureExtractor(const Baseline& baseline);
  ~FeatureExtractor();

  /// Writes one row per event. `parameters` is EventBatch::parameters. Events of one batch are contiguous and ordered.
  void extract(std::span<const Event> events, std::span<const Parameter> parameters, FeatureMatrix& out);
  /// New input or a gap in observation: windows start empty, and warm-up is not an anomaly.
  void restart();
  /// Learning only: closes rate statistics. Call once after the last event.
  void finish();
  /// The last up to `limit` templates before event `index` of the batch last extracted, in its stream, oldest first.
  [[nodiscard]] std::vector<TemplateId> previous_templates(std::size_t index, std::size_t limit) const;
  [[nodiscard]] std::uint64_t late_events() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
