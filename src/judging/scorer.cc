#include "judging/scorer.h"

#include "logdetect/reading/input_pass.h"

namespace logdetect {

Scorer::Scorer(const Model& model, const TemplateOverlay& templates, const Config& config, const JudgedSpan& span,
               bool every_score)
    : model_(model),
      templates_(templates),
      options_(config.threshold),
      span_(span),
      least_(every_score ? 0 : model.ensemble.lowest_threshold(config.threshold)),
      // Only networks are computed by several threads.
      pool_(model.ensemble.window_length() > 0 ? thread_count(config.run) : 1),
      extractor_(model.baseline),
      sequences_(model.schema, model.ensemble.windows(config.detectors).cut) {}

void Scorer::score(ScoredBatch& batch) {
  const EventBatch& events = batch.parsed.batch;
  extractor_.extract(events.events, events.parameters, batch.rows);
  sequences_.cut(events.events, batch.rows, batch.windows);
  const LogView log{.events = events.events,
                    .rows = batch.rows,
                    .windows = batch.windows,
                    .parameters = events.parameters,
                    .template_text = [this](TemplateId id) { return templates_.text(id); }};
  model_.ensemble.score({log, pool_.parallel()}, batch.scores, least_);
  batch.verdicts.clear();
  batch.judged.clear();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // Every record is scored, because windows and sequences go on through it. The span decides what is told.
    const Micros time = batch.event(i).time;
    batch.verdicts.push_back(
        model_.ensemble.judge(static_cast<double>(batch.scores.total[i]), hour_of_day(time), options_));
    batch.judged.push_back(span_.contains(time) ? 1 : 0);
  }
}

}  // namespace logdetect
