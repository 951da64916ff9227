#pragma once

#include "features/column_sample.h"
#include "features/columns.h"
#include "features/good_turing.h"
#include "features/rate_statistics.h"
#include "features/recurrence.h"
#include "features/slot_statistics.h"
#include "features/stream_shares.h"
#include "features/template_hours.h"
#include "features/time_profile.h"
#include "features/transitions.h"
#include "logdetect/features/extractor.h"
#include "logdetect/features/rhythms.h"

namespace logdetect {

/// What one event teaches, beside its own fields.
struct Lesson {
  std::size_t id = 0;  ///< template; below kMaxTemplateIds
  std::uint32_t last = Transitions::kNone;
  std::uint32_t before_last = Transitions::kNone;
  bool timed = false;  ///< the event's own time is usable
  Micros now = 0;      ///< the present
};

/// The statistics behind Baseline, with the questions the extractor asks of them. Questions about a template take its
/// index, which may be beyond every template seen. While training goes on answers are computed from the counts; after
/// finish() they come from tables.
struct Baseline::Impl {
  struct Template {
    std::uint64_t count = 0;
    std::array<std::uint32_t, kLevelCount> levels{};
    Moments length;  ///< of ln(1 + bytes)
  };
  /// Answers about one template.
  struct Answers {
    double share = 1;
    float rarity = 0;
    float length_mean = 0;       ///< of ln(1 + bytes)
    float length_precision = 0;  ///< 1 / deviation; 0 when too little is known
    std::array<float, kLevelCount> level_nats{};
  };

  explicit Impl(const FeatureOptions& options);

  [[nodiscard]] bool knows(std::size_t id) const { return id < templates.size() && templates[id].count > 0; }
  [[nodiscard]] std::uint64_t count_of(std::size_t id) const { return id < templates.size() ? templates[id].count : 0; }
  [[nodiscard]] double share(std::size_t id) const;
  [[nodiscard]] double rarity(std::size_t id) const;
  /// The same on a stream: less where the stream has it more often than the rest.
  [[nodiscard]] double rarity_on(std::uint64_t stream, std::size_t id) const;
  [[nodiscard]] double stream_surprise(std::uint64_t stream, std::size_t id) const;
  [[nodiscard]] double level_surprise(std::size_t id, Level level) const;
  /// What an alarming line adds to its rarity, nats; less where training is full of such lines.
  [[nodiscard]] double error_prior(Alarm alarm, double rarity) const;
  /// How unusual the hour is for this template and for lines of this level, whichever says more. nats.
  [[nodiscard]] double hour_surprise(std::size_t id, Micros time, Level level) const;
  [[nodiscard]] double length_surprise(std::size_t id, std::uint32_t bytes) const;
  [[nodiscard]] BurstModel burst(std::size_t id, std::size_t window) const;
  /// Smoothed share of lines of levels `from`..`to`.
  [[nodiscard]] double level_share(Level from, Level to) const;
  /// Length of training in lengths of window `w`.
  [[nodiscard]] double window_lengths(std::size_t w) const;

  void learn(const Event& event, std::span<const Parameter> parameters, const Lesson& lesson);
  /// See Baseline::fold().
  void fold(std::size_t from, std::size_t into);
  /// Back to counting after finish().
  void reopen();
  /// Closes the rates and builds the tables.
  void finish();
  void build_tables();
  void save(ByteWriter& out) const;
  void load(ByteReader& in);

  FeatureOptions options;
  std::vector<std::int64_t> windows;  ///< seconds
  GoodTuringCounts good_turing;
  std::array<std::uint64_t, kLevelCount> levels{};
  std::array<std::uint64_t, kAlarmCount> alarms{};
  std::vector<Template> templates;
  RateStatistics rates;
  Recurrence recurrence;
  RhythmTable rhythms;
  Micros latest = 0;  ///< the present of training
  Transitions transitions;
  SlotTable slots;
  TimeProfile profile;
  TemplateHours hours;
  StreamShares streams;  ///< empty unless options.rate_key says by what
  ColumnSample sample;   ///< only while training
  std::vector<ColumnSample::Quantiles> columns;

  bool finished = false;
  std::vector<Answers> answers;    ///< [templates + 1]; the last is that of an unseen template
  std::vector<BurstModel> bursts;  ///< [(templates + 1) x windows]

 private:
  [[nodiscard]] Answers answers_of(std::size_t id) const;
  [[nodiscard]] double length_precision(std::size_t id) const;
  [[nodiscard]] double level_nats(std::size_t id, std::size_t level) const;
  [[nodiscard]] const Answers& table_of(std::size_t id) const {
    return answers[id < templates.size() ? id : templates.size()];
  }
};

}  // namespace logdetect
