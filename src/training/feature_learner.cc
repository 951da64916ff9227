#include "training/feature_learner.h"

#include <utility>

namespace logdetect {
namespace {

// Brings the events at `places` to the front and drops the others.
void keep_places(std::span<const std::uint32_t> places, std::vector<Event>& events) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    events[i] = events[places[i]];
  }
  events.resize(places.size());
}

}  // namespace

FeatureLearner::FeatureLearner(const Config& config, TrainingState& state, const TeachingRule& rule,
                               std::uint64_t records, const WindowPlan& windows)
    : FeatureLearner(config, state, rule, split_records(records, config.run.validation_share), windows) {}

FeatureLearner::FeatureLearner(const Config& config, TrainingState& state, const TeachingRule& rule,
                               const TrainingSplit& split, const WindowPlan& windows)
    : config_(config),
      state_(state),
      times_(config.header.timezone, 0),
      cutter_(state.session_key),
      fates_(rule, LatePartCounter(state.miner.id_bound(), state.known_ids, split.fitted)),
      extractor_(state.baseline),
      sessions_(config.run.seed + 2, std::move(state.sessions), state.session_scorer),
      sequences_(feature_schema(config.features), windows.cut),
      sample_(split, windows.learn, config.run.seed),
      review_(feature_schema(config.features)) {}

void FeatureLearner::see(ParsedBatch& parsed) {
  times_.resolve(parsed);
  cutter_.cut(parsed);
  // Headers keep their places, so an event finds its own by this list.
  const std::span<const std::uint32_t> places = fates_.count(parsed);
  std::vector<Event>& events = parsed.batch.events;
  keep_places(places, events);
  // Makes each row from what came before its event, and learns the event only then.
  extractor_.extract(events, parsed.batch.parameters, rows_);
  for (const Event& event : events) {
    sessions_.learn(event);
  }
  sequences_.cut(events, rows_, windows_);
  sample_.offer(events, rows_, windows_);
  for (std::size_t i = 0; i < events.size(); ++i) {
    review_.offer(events[i], rows_.row(i), parsed.batch.headers[places[i]]);
  }
}

LearntFeatures FeatureLearner::finish() {
  extractor_.finish();
  sessions_.finish(config_.threshold);
  KeptSample sample = sample_.finish(state_.sample);
  sample.sessions = sessions_.take_sample();
  return {std::move(sample),  std::move(sessions_.statistics()), sessions_.scorer(), fates_.fates(),
          std::move(review_), extractor_.late_events()};
}

}  // namespace logdetect
