#include "training/template_learner.h"

namespace logdetect {

TemplateLearner::TemplateLearner(TrainingState& state, const TeachingRule& rule, const std::string& zone,
                                 bool look_for_sessions)
    : state_(state), begin_(rule.begin), exclusion_(rule.exclude), times_(zone, 0) {
  if (look_for_sessions) {
    sessions_.emplace();
  }
}

void TemplateLearner::see(ParsedBatch& parsed) {
  times_.resolve(parsed);
  const EventBatch& batch = parsed.batch;
  const auto header_of = [&](std::size_t i) -> const Header& { return batch.headers[i]; };
  ahead_.run(state_.masker, state_.miner, batch.events.size(), header_of,
             [&](std::size_t i, const MaskedMessage& message) {
               // Not counted here: the pass over the features counts what became of each record.
               if (batch.events[i].time < begin_ || exclusion_.find(batch.headers[i].message).has_value()) {
                 return;
               }
               const TemplateId id = state_.miner.learn(message);
               growth_.add(++records_, state_.miner.size() + state_.miner.evicted());
               if (sessions_) {
                 sessions_->offer(batch.records.records()[i].text, id);
               }
             });
}

LearntTemplates TemplateLearner::finish() {
  LearntTemplates out;
  out.records = records_;
  out.times = {times_.has_time(), times_.first(), times_.last(), times_.without_time()};
  out.health = health_of(state_.miner, state_.facts.records + records_, growth_);
  if (sessions_) {  // before the ids change
    out.found_sessions = sessions_->find([this](TemplateId id) { return state_.miner.resolve(id); });
  }
  state_.miner.compact(state_.known_ids);
  // After the ids are final: an update may have merged templates of the model.
  state_.follow_merges();
  return out;
}

}  // namespace logdetect
