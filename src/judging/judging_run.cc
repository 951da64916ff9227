#include "logdetect/judging/judging_run.h"

#include <array>
#include <utility>

#include "judging/burst_watch.h"
#include "judging/desk.h"
#include "judging/finding_builder.h"
#include "judging/line_watch.h"
#include "judging/new_templates.h"
#include "judging/scorer.h"
#include "judging/session_watch.h"
#include "judging/silence_watch.h"
#include "logdetect/judging/session_cutter.h"
#include "logdetect/reading/record_counts.h"

namespace logdetect {
namespace {

HandOn hand_on_of(const JudgingOptions& options) {
  if (options.every_finding) {
    return HandOn::kEveryFinding;
  }
  return options.first_findings ? HandOn::kFirstFindings : HandOn::kIncidents;
}

}  // namespace

struct JudgingRun::Stages {
  Stages(JudgingSetup& setup, const JudgingOptions& options, ResultWriter& results, Micros reference)
      : observer(options.observer),
        times(setup.config.header.timezone, reference),
        cutter(setup.sessions),
        templates(setup.model->miner, setup.model->config.miner),
        new_templates(setup.model->masker, templates),
        scorer(*setup.model, templates, setup.config, {options.since, options.until}, observer != nullptr),
        sessions({setup.model->sessions, setup.model->session_scorer, setup.model->miner.id_bound(),
                  knows_sessions(*setup.model), &setup.model->ensemble,
                  [this](TemplateId id) { return templates.text(id); }},
                 setup.config.threshold, {options.since, options.until}, observer != nullptr),
        silences(setup.model->baseline.rhythms(), setup.threshold, {options.since, options.until}),
        bursts(setup.model->baseline, setup.model->schema, setup.threshold),
        drift(setup.model->facts.late, setup.model->miner.id_bound()),
        builder(*setup.model, templates, scorer.extractor(), setup.config.threshold),
        desk(hand_on_of(options), setup.config.incidents, results, setup.allowances) {}

  Result<void> process(ParsedBatch parsed);
  Result<void> process_event(std::size_t i);
  Result<void> observe(std::size_t i);
  Result<void> hand_in_sightings();

  JudgeObserver* observer;  // may be null
  TimeLine times;
  SessionCutter cutter;
  TemplateOverlay templates;
  NewTemplates new_templates;
  Scorer scorer;
  SessionWatch sessions;
  SilenceWatch silences;
  BurstWatch bursts;
  LineWatch lines;
  std::array<Watch*, 4> watches = {&sessions, &silences, &bursts, &lines};
  DriftMeter drift;
  FindingBuilder builder;
  Desk desk;
  ScoredBatch batch;    // the present one
  Sightings sightings;  // not handed in yet
  RunSummary counts;    // of what was read, and of fates
  Micros now = 0;       // event time of the last record
};

Result<JudgingSetup> JudgingRun::prepare(std::shared_ptr<const Model> model, const Config& given,
                                         const std::string& allow) {
  LD_ASSIGN(Allowances allowances, Allowances::load(allow));
  Config config = judging_config(given, *model);
  LD_ASSIGN(SessionKey sessions, SessionKey::create(config.sessions));
  LD_ASSIGN(LineMarker deployments, LineMarker::create(config.incidents.deploy_marker, "incidents.deploy_marker"));
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(given.header));
  if (plans.empty()) {
    plans = model->plans;
  }
  constexpr int kNoon = 12;  // an hour without a multiplier of its own, unless all have one
  const double threshold = model->ensemble.judge(0, kNoon, config.threshold).threshold;
  return JudgingSetup{
      std::move(model), std::move(config), std::move(allowances), std::move(sessions), std::move(deployments),
      std::move(plans), threshold};
}

JudgingRun::JudgingRun(JudgingSetup& setup, const JudgingOptions& options, ResultWriter& results, Micros reference)
    : stages_(std::make_unique<Stages>(setup, options, results, reference)) {}

JudgingRun::~JudgingRun() = default;

Result<void> JudgingRun::process(ParsedBatch parsed) {
  return stages_->process(std::move(parsed));
}

Result<void> JudgingRun::Stages::process(ParsedBatch parsed) {
  // Times first, because sessions are cut by them; then templates. Scores need all three.
  times.resolve(parsed);
  cutter.cut(parsed);
  new_templates.find(parsed.batch);
  count_read(parsed, counts);
  batch.has_time = times.has_time();
  batch.parsed = std::move(parsed);
  scorer.score(batch);
  builder.begin(batch);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    LD_TRY(process_event(i));
  }
  builder.end(batch);
  batch.parsed = {};
  return times.has_time() ? desk.advance(now) : desk.hand_on_closed();
}

Result<void> JudgingRun::Stages::process_event(std::size_t i) {
  const Event& event = batch.event(i);
  now = event.time;
  if (event.deployment && batch.has_time) {
    desk.deployment(event.time);
  }
  for (Watch* watch : watches) {
    watch->see(batch, i, sightings);
  }
  // What lies outside the span was seen by the clocks and windows above, and counts as dropped.
  const RecordFate fate = batch.judged[i] != 0 ? fate_of(batch.parsed, i, !event.is_new) : RecordFate::kDropped;
  counts.count(fate);
  if (fate != RecordFate::kDropped) {
    drift.add(fate, event.template_id);
  }
  LD_TRY(observe(i));
  return hand_in_sightings();
}

// Sessions first: one that ended here ended before this record.
Result<void> JudgingRun::Stages::observe(std::size_t i) {
  if (observer == nullptr) {
    return {};
  }
  for (const OpenSession& session : sessions.take_ended()) {
    LD_TRY(observer->session(session, batch.has_time));
  }
  if (batch.judged[i] == 0) {
    return {};
  }
  return observer->record(
      {batch.parsed.source_name, batch.record(i), batch.event(i), batch.verdicts[i], batch.scores, i});
}

Result<void> JudgingRun::Stages::hand_in_sightings() {
  for (const Sighting& sighting : sightings) {
    LD_TRY(desk.take(sighting, batch, builder));
  }
  sightings.clear();
  return {};
}

Result<void> JudgingRun::advance(Micros now) {
  Stages& stages = *stages_;
  // Event times are counts of records then, and the wall clock must not be mixed with them.
  if (!stages.times.has_time()) {
    return stages.desk.hand_on_closed();
  }
  for (Watch* watch : stages.watches) {
    watch->advance(now, stages.sightings);
  }
  LD_TRY(stages.hand_in_sightings());
  return stages.desk.advance(now);
}

Result<void> JudgingRun::finish() {
  Stages& stages = *stages_;
  for (Watch* watch : stages.watches) {
    watch->finish(stages.sightings);
  }
  // Without an observer none is kept, so this does not ask for a null one.
  for (const OpenSession& session : stages.sessions.take_ended()) {
    LD_TRY(stages.observer->session(session, stages.times.has_time()));
  }
  LD_TRY(stages.hand_in_sightings());
  return stages.desk.finish();
}

RunSummary JudgingRun::summary() const {
  const Stages& stages = *stages_;
  RunSummary summary = stages.counts;
  summary.records_without_time = stages.times.without_time();
  summary.has_time = stages.times.has_time();
  summary.first_time = stages.times.first();
  summary.last_time = stages.times.last();
  summary.records_late = stages.scorer.extractor().late_events();
  summary.templates_known = stages.templates.known();
  summary.templates_new = stages.templates.met();
  summary.templates_evicted = stages.templates.evicted();
  summary.sessions = stages.sessions.sessions();
  const DeskCounts& found = stages.desk.counts();
  summary.sessions_anomalous = found.sessions_anomalous;
  summary.sessions_acknowledged = found.sessions_acknowledged;
  summary.anomalies = found.anomalies;
  summary.acknowledged = found.acknowledged;
  summary.habitual = found.habitual;
  summary.incidents = found.incidents;
  summary.drift = stages.drift.whole([&](TemplateId id) { return stages.templates.resolve(id); });
  return summary;
}

std::optional<Drift> JudgingRun::drift_change() {
  return stages_->drift.take_change();
}

std::optional<Severity> JudgingRun::worst() const {
  return stages_->desk.counts().worst;
}

Micros JudgingRun::now() const {
  return stages_->now;
}

}  // namespace logdetect
