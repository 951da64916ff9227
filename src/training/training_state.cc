#include "training/training_state.h"

#include <algorithm>
#include <string>
#include <utility>

#include "logdetect/bundle/bytes.h"
#include "logdetect/reading/plan_chooser.h"

namespace logdetect {
namespace {

bool same_sessions(const SessionOptions& a, const SessionOptions& b) {
  return a.key == b.key && a.delimiter == b.delimiter && a.gap_seconds == b.gap_seconds;
}

// Events of merged templates become those of what they were merged into.
template <typename Resolve>
void rename(KeptSample& sample, const Resolve& resolve) {
  for (std::vector<Event>* events :
       {&sample.fit.events, &sample.validation.events, &sample.fit_windows.events, &sample.validation_windows.events}) {
    for (Event& event : *events) {
      event.template_id = resolve(event.template_id);
    }
  }
  for (WindowBatch* windows : {&sample.fit_windows.windows, &sample.validation_windows.windows}) {
    for (std::uint32_t& id : windows->templates) {
      id = id == WindowBatch::kPadding ? id : resolve(TemplateId(id)).value();
    }
  }
}

}  // namespace

Result<TrainingState> TrainingState::fresh(const Config& config) {
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(config.header));
  LD_ASSIGN(Masker masker, Masker::create(config.miner));
  LD_ASSIGN(SessionKey key, SessionKey::create(config.sessions));
  return TrainingState{std::move(plans),
                       std::move(masker),
                       std::move(key),
                       "",
                       TemplateMiner(config.miner),
                       Baseline(config.features),
                       {},
                       {},
                       {},
                       {},
                       0,
                       false};
}

Result<TrainingState> TrainingState::from_model(Model model, const Config& config) {
  if (!same_sessions(config.sessions, model.config.sessions)) {
    return make_error(ErrorCode::kUsage, "the model was trained with another notion of sessions", "--session-key",
                      "leave it out to update, or train a new model");
  }
  if (model.sample.fit.events.empty()) {
    return make_error(ErrorCode::kModel, "the model keeps no sample of its training, so it cannot be continued", "",
                      "it was made by an older version: train it again, from all its logs");
  }
  SessionOptions sessions = config.sessions;
  if (!model.session_key.empty()) {
    sessions.key = model.session_key;
  }
  LD_ASSIGN(SessionKey key, SessionKey::create(sessions));
  std::optional<SessionScorer> scorer;
  if (knows_sessions(model)) {
    scorer = model.session_scorer;
  }
  const std::size_t known = model.miner.id_bound();
  return TrainingState{std::move(model.plans),
                       std::move(model.masker),
                       std::move(key),
                       std::move(model.session_key),
                       std::move(model.miner),
                       std::move(model.baseline),
                       std::move(model.sessions),
                       scorer,
                       model.facts,
                       std::move(model.sample),
                       known,
                       true};
}

Result<void> TrainingState::take_sessions(const FoundSessions& found) {
  SessionOptions options;
  options.key = found.pattern;
  LD_ASSIGN(session_key, SessionKey::create(options));
  found_key = found.pattern;
  return {};
}

void TrainingState::take_plans(std::vector<HeaderPlan> used) {
  if (!update) {
    if (!used.empty()) {
      plans = std::move(used);
    }
    return;
  }
  // Plans have no comparison of their own; what is saved of one is all that it is.
  const auto bytes_of = [](const HeaderPlan& plan) {
    ByteWriter out;
    plan.save(out);
    return out.take();
  };
  for (HeaderPlan& plan : used) {
    const std::string bytes = bytes_of(plan);
    const bool known =
        std::any_of(plans.begin(), plans.end(), [&](const HeaderPlan& other) { return bytes_of(other) == bytes; });
    if (!known && plans.size() < kMaxPlans) {
      plans.push_back(std::move(plan));
    }
  }
}

void TrainingState::follow_merges() {
  for (std::size_t id = 0; id < known_ids; ++id) {
    const TemplateId from(static_cast<std::uint32_t>(id));
    const TemplateId into = miner.resolve(from);
    if (into.valid() && into != from) {
      baseline.fold(from, into);
      sessions.fold(from, into);
    }
  }
  // What was evicted keeps its id, which no record has any more.
  rename(sample, [this](TemplateId id) {
    const TemplateId now = miner.resolve(id);
    return now.valid() ? now : id;
  });
}

}  // namespace logdetect
