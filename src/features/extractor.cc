#include "logdetect/features/extractor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "features/baseline_impl.h"
#include "features/sequence_key.h"
#include "features/stream_history.h"
#include "features/window_counters.h"
#include "logdetect/features/event_clock.h"

namespace logdetect {
namespace {

// Weight of the training share beside the lines of a window, in lines.
constexpr double kShareWeight = 20;
constexpr std::uint32_t kFewestInBurst = 3;  // lines: two are a pair
// Ids from here on are never a first sight, so that `met` stays small.
constexpr std::size_t kMaxNewIds = std::size_t{1} << 22;

float narrow(double value) {
  return static_cast<float>(value);
}

}  // namespace

struct FeatureExtractor::Impl {
  Impl(const Baseline::Impl& known, Baseline::Impl* learning)
      : baseline(known),
        learner(learning),
        clock(std::clamp(known.options.reorder_seconds, FeatureOptions::kReorderRange.least,
                         FeatureOptions::kReorderRange.most) *
              kMicrosPerSecond),
        windows(known.windows),
        columns(kLineColumnCount + known.windows.size() * kWindowColumnCount +
                (known.options.rate_key == RateKey::kNone ? 0 : 1)) {
    refresh_shares();
  }

  void extract_one(const Event& event, std::span<const Parameter> parameters, std::span<float> row);
  void line_columns(const Event& event, std::span<const Parameter> parameters, std::size_t id, std::span<float> row);
  void window_columns(const Event& event, std::size_t id, bool first_sight, std::span<float> row);
  [[nodiscard]] bool first_sight(std::size_t id);
  void note_counts(std::size_t id);
  void refresh_shares();
  void restart();

  const Baseline::Impl& baseline;
  Baseline::Impl* const learner;  ///< null when frozen
  EventClock clock;
  WindowCounters windows;
  StreamHistory history;
  const std::size_t columns;

  std::array<WindowCounters::Counts, kMaxWindows> counts;  ///< of the present event

  double error_share = 0;  ///< of training
  double warn_share = 0;
  std::vector<bool> met;  ///< new templates seen already, by id (frozen only)
  std::uint64_t late = 0;
};

void FeatureExtractor::Impl::refresh_shares() {
  error_share = baseline.level_share(Level::kError, Level::kFatal);
  warn_share = baseline.level_share(Level::kWarning, Level::kWarning);
}

void FeatureExtractor::Impl::restart() {
  clock.restart();
  history.restart();
}

bool FeatureExtractor::Impl::first_sight(std::size_t id) {
  if (id >= kMaxNewIds) {
    return false;
  }
  if (id >= met.size()) {
    met.resize(id + 1, false);
  }
  const bool first = !met[id];
  met[id] = true;
  return first;
}

// What the windows of the event just learnt held: the most of training is what a burst has to exceed.
void FeatureExtractor::Impl::note_counts(std::size_t id) {
  for (std::size_t w = 0; clock.running() && w < baseline.windows.size(); ++w) {
    learner->rates.note(id, w, counts.at(w).same);
  }
}

void FeatureExtractor::Impl::line_columns(const Event& event, std::span<const Parameter> parameters, std::size_t id,
                                          std::span<float> row) {
  const double rarity = baseline.rarity_on(event.group, id);
  row[kTemplateRarity] = narrow(rarity);
  row[kLevel] = static_cast<float>(event.level);
  row[kLevelSurprise] = narrow(baseline.level_surprise(id, event.level));
  row[kErrorPrior] = narrow(baseline.error_prior(event.alarm, rarity));
  row[kHourSurprise] = event.has_time ? narrow(baseline.hour_surprise(id, event.time, event.level)) : 0.0F;
  row[kWeekdaySurprise] = event.has_time ? narrow(baseline.profile.weekday_surprise(event.time, event.level)) : 0.0F;
  row[kMessageLength] = narrow(log_count(std::uint64_t{event.message_bytes} + 1));
  row[kLengthSurprise] = narrow(baseline.length_surprise(id, event.message_bytes));
  // Pairs ("key=value") come and go with a message, and would make the count waver.
  row[kParameterCount] = static_cast<float>(
      std::count_if(parameters.begin(), parameters.end(), [](const Parameter& p) { return !p.named(); }));
  row[kParameterSurprise] = narrow(baseline.slots.surprise(id, parameters));
  if (baseline.options.rate_key != RateKey::kNone) {
    row[columns - 1] = narrow(baseline.stream_surprise(event.group, id));
  }
}

void FeatureExtractor::Impl::window_columns(const Event& event, std::size_t id, bool first, std::span<float> row) {
  const std::size_t count = baseline.windows.size();
  if (clock.running()) {
    windows.add(event.template_id, event.level, first, std::span(counts).first(count));
  } else {
    // In a log without times the window columns stay at rest.
    counts.fill({.same = 1});
  }
  double most = 0;
  for (std::size_t w = 0; w < count; ++w) {
    const WindowCounters::Counts& window = counts.at(w);
    const std::span<float> out = row.subspan(kLineColumnCount + w * kWindowColumnCount, kWindowColumnCount);
    double burst = 0;
    if (window.same >= kFewestInBurst) {
      const BurstModel model = baseline.burst(id, w);
      if (model.mean > 0) {
        // After a start or a gap a window is part empty, so less is expected of it.
        const double mean = static_cast<double>(model.mean) * static_cast<double>(window.observed);
        burst = bounded_nats(
            negative_binomial_tail_nats(std::uint64_t{window.same} - 1, mean, static_cast<double>(model.size)),
            kMaxBurstNats);
      }
    }
    most = std::max(most, burst);
    const double lines = static_cast<double>(window.events) + kShareWeight;
    out[kTemplateCount] = narrow(log_count(std::uint64_t{window.same} + 1));
    out[kBurst] = narrow(burst);
    out[kErrorShare] = narrow((static_cast<double>(window.errors) + kShareWeight * error_share) / lines);
    out[kWarnShare] = narrow((static_cast<double>(window.warnings) + kShareWeight * warn_share) / lines);
    out[kDistinctTemplates] = narrow(log_count(std::uint64_t{window.distinct} + 1));
    out[kNewTemplates] = narrow(log_count(std::uint64_t{window.fresh} + 1));
  }
  row[kBurstSurprise] = narrow(most);
}

void FeatureExtractor::Impl::extract_one(const Event& event, std::span<const Parameter> parameters,
                                         std::span<float> row) {
  const EventClock::Tick tick = clock.observe(event.time, event.has_time);
  late += tick.late ? 1 : 0;
  if (tick.restarted) {
    windows.restart(tick.now);
    if (learner != nullptr) {
      learner->rhythms.restart();
    }
  } else {
    windows.advance(tick.now);
  }
  // What the pipeline calls new has no statistics, whatever its number.
  const bool countable = event.template_id.value() < kMaxTemplateIds;
  const std::size_t id =
      countable && !(event.is_new && learner == nullptr) ? event.template_id.value() : kMaxTemplateIds;
  const bool known = baseline.knows(id);
  // A template that repeats is new in each row, but its first sight in a window comes once.
  const bool first = !known && (learner != nullptr ? countable : first_sight(event.template_id.value()));

  if (learner != nullptr) {
    refresh_shares();
  }
  // The row is made of what came before the event. Only then is the event learnt, at the end.
  line_columns(event, parameters, id, row);
  row[kTemplateNew] = known ? 0.0F : 1.0F;
  window_columns(event, id, first, row);

  const std::uint32_t next = event.template_id.value();
  const StreamHistory::Context context = history.push(sequence_key(event), next);
  double nats = 0;
  if (baseline.transitions.knows(context.last)) {
    nats = -std::log(baseline.transitions.probability(context.before_last, context.last, next, baseline.share(id)));
  } else if (context.last != StreamHistory::kNone) {
    nats = -std::log(baseline.share(id));  // nothing is known of what follows: back-off to the template itself
  }
  row[kSequenceSurprise] = narrow(bounded_nats(nats, kMaxSequenceNats));

  if (learner != nullptr) {
    // Before the event: the minute that it adds lies in time that was observed.
    learner->profile.advance(tick.now - tick.advanced, tick.now);
    if (countable) {
      learner->learn(event, parameters, {id, context.last, context.before_last, clock.running(), tick.now});
      // Behind learn(), which makes the rows of the rates that this writes to.
      note_counts(id);
    }
    learner->sample.add(row);
  }
}

FeatureExtractor::FeatureExtractor(Baseline& baseline)
    : impl_(std::make_unique<Impl>(*baseline.impl_, baseline.impl_.get())) {
  baseline.impl_->reopen();
}

FeatureExtractor::FeatureExtractor(const Baseline& baseline)
    : impl_(std::make_unique<Impl>(*baseline.impl_, nullptr)) {}

FeatureExtractor::~FeatureExtractor() = default;

void FeatureExtractor::extract(std::span<const Event> events, std::span<const Parameter> parameters,
                               FeatureMatrix& out) {
  out.resize(events.size(), impl_->columns);
  impl_->history.begin_batch(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    LD_CHECK(std::size_t{event.first_parameter} + event.parameter_count <= parameters.size(),
             "event with parameters beyond its batch");
    impl_->extract_one(event, parameters.subspan(event.first_parameter, event.parameter_count), out.row(i));
  }
}

void FeatureExtractor::restart() {
  impl_->restart();
}

void FeatureExtractor::finish() {
  if (impl_->learner != nullptr) {
    impl_->learner->finish();
  }
}

std::vector<TemplateId> FeatureExtractor::previous_templates(std::size_t index, std::size_t limit) const {
  return impl_->history.previous(index, limit);
}

std::uint64_t FeatureExtractor::late_events() const {
  return impl_->late;
}

}  // namespace logdetect
