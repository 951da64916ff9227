#include "training/model_assembly.h"

#include <algorithm>
#include <utility>

#include "logdetect/lexis/rfc3339.h"
#include "training/training_advice.h"

namespace logdetect {
namespace {

RunSummary summary_of(const Model& model, const Lessons& lessons) {
  RunSummary summary = lessons.features.fates.summary;
  summary.bytes = lessons.counters.bytes;
  summary.lines = lessons.counters.lines;
  summary.inputs_skipped = lessons.counters.inputs_skipped;
  summary.records_without_time = lessons.templates.times.records_without;
  summary.records_late = lessons.features.late_records;
  summary.templates_known = model.miner.size();
  summary.templates_evicted = model.miner.evicted();
  summary.has_time = model.facts.has_time;
  summary.first_time = model.facts.first_time;
  summary.last_time = model.facts.last_time;
  return summary;
}

}  // namespace

TrainingFacts joined_facts(const TrainingFacts& before, const Lessons& lessons) {
  TrainingFacts out;
  out.records = before.records + lessons.templates.records;
  out.lines = before.lines + lessons.counters.lines;
  out.bytes = before.bytes + lessons.counters.bytes;
  out.validation_records = lessons.detectors.validation_records;
  out.validation_flagged = lessons.detectors.validation_flagged;
  const LatePart& late = lessons.features.fates.late;
  out.late = {before.late.records + late.records, before.late.unmatched + late.unmatched,
              before.late.templates + late.templates};
  const SeenTimes& times = lessons.templates.times;
  // Records before the span were read, but taught nothing.
  const Micros first = std::max(times.first, lessons.begin);
  out.has_time = before.has_time || times.has_time;
  if (before.has_time && times.has_time) {
    out.first_time = std::min(before.first_time, first);
    out.last_time = std::max(before.last_time, times.last);
  } else {
    out.first_time = before.has_time ? before.first_time : first;
    out.last_time = before.has_time ? before.last_time : times.last;
  }
  return out;
}

std::optional<std::string> overlap_note(const TrainingFacts& before, const SeenTimes& times, Micros begin) {
  const Micros first = std::max(times.first, begin);
  if (!times.has_time || !before.has_time || first >= before.last_time) {
    return std::nullopt;
  }
  return "the log begins at " + format_rfc3339(first) + ", before the model's training ends (" +
         format_rfc3339(before.last_time) + "); records it learnt already count twice";
}

std::shared_ptr<const Model> assemble_model(const Config& config, const std::string& config_yaml, TrainingState& state,
                                            Lessons& lessons) {
  auto model = std::make_shared<Model>(
      Model{"", config_yaml, config, joined_facts(state.facts, lessons), std::move(state.plans),
            std::move(state.masker), std::move(state.miner), feature_schema(config.features), std::move(state.baseline),
            std::move(lessons.features.sessions), lessons.features.session_scorer, std::move(state.found_key),
            std::move(lessons.detectors.ensemble), lessons.features.sample.thinned()});
  // Over all sections of the file. The manifest, which tells the id, is none of them.
  model->id = model_id(bundle_model(*model));
  return model;
}

TrainReport report_training(const Model& model, Lessons& lessons, const AllowList& allowed,
                            std::optional<std::size_t> known_ids) {
  TrainReport report;
  report.summary = summary_of(model, lessons);
  report.model_id = model.id;
  report.header = model.plans.front().describe();
  report.validation_records = lessons.detectors.validation_records;
  report.validation_flagged = lessons.detectors.validation_flagged;
  report.threshold = model.ensemble.threshold();
  report.quantile_threshold = model.ensemble.quantile_threshold();
  report.budget_threshold = model.ensemble.budget_threshold();
  report.alerts_per_day = model.ensemble.alerts_per_day();
  report.found_sessions = std::move(lessons.templates.found_sessions);
  report.new_templates = model.miner.id_bound() - known_ids.value_or(0);
  report.sessions = model.sessions.sessions();
  report.session_threshold = model.session_scorer.threshold();
  report.streams = model.baseline.streams();
  report.stream_word = std::string(rate_key_word(model.config.features.rate_key));
  ReviewResult review = lessons.features.review.finish(model, model.config.threshold, allowed,
                                                       known_ids.value_or(model.miner.id_bound()));
  report.odd = std::move(review.odd);
  report.odd_templates = review.flagged;
  report.odd_habits = review.habits;
  report.odd_acknowledged = review.acknowledged;
  report.taken_in = std::move(review.taken_in);
  report.excluded = std::move(lessons.features.fates.excluded);
  report.curves = std::move(lessons.detectors.curves);
  report.problems = std::move(lessons.counters.problems);
  report.advice = std::move(lessons.notes);
  for (std::string& advice : training_advice(model, report, lessons.templates.health)) {
    report.advice.push_back(std::move(advice));
  }
  return report;
}

}  // namespace logdetect
