#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/config/config.h"
#include "logdetect/reading/line_parser.h"
#include "training/detector_fitting.h"
#include "training/feature_learner.h"
#include "training/model_assembly.h"
#include "training/template_learner.h"
#include "training/training_state.h"

namespace logdetect {

/// A line of a log made by hand.
struct HandLine {
  Micros second = 0;
  std::string message;
  Level level = Level::kInfo;
  std::string session = "";
  bool timed = true;
};

/// A log as batches of one source. Line numbers go on from batch to batch.
class HandMadeLog {
 public:
  /// The lines with headers only.
  ParsedBatch headers(const std::vector<HandLine>& lines) { return batch(lines, nullptr); }
  /// The same with the templates and parameters that `state` finds in them.
  ParsedBatch events(const std::vector<HandLine>& lines, const TrainingState& state) { return batch(lines, &state); }

 private:
  ParsedBatch batch(const std::vector<HandLine>& lines, const TrainingState* state) {
    ParsedBatch parsed;
    parsed.source = SourceId(0);
    parsed.source_name = "app.log";
    parsed.headed = true;
    EventBatch& batch = parsed.batch;
    for (const HandLine& line : lines) {
      batch.records.append(line.message, {SourceId(0), 0, ++number_, line.message.size() + 1}, 1, false);
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const HandLine& line = lines[i];
      Header& header = batch.headers.emplace_back();
      header.message = batch.records.records()[i].text;
      header.level = line.level;
      header.has_time = line.timed;
      header.host = "web-1";
      header.component = "shop";
      header.quality = HeaderQuality::kFull;
      Event& event = batch.events.emplace_back();
      event.has_time = line.timed;
      event.stream = StreamId(0);
      event.level = line.level;
      event.message_bytes = static_cast<std::uint32_t>(line.message.size());
      event.session = line.session.empty() ? SessionId() : session_of(line.session);
      batch.session_names.emplace_back(batch.arena.copy(line.session));
      parsed.times.push_back({line.second * kMicrosPerSecond, true, false, false, 0});
      if (state != nullptr) {
        find_template(*state, header.message, batch, event);
      }
    }
    return parsed;
  }

  static void find_template(const TrainingState& state, std::string_view message, EventBatch& batch, Event& event) {
    MaskedMessage masked;
    state.masker.mask(message, masked);
    event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
    event.template_id = state.miner.match(masked);
    event.token_count = static_cast<std::uint16_t>(masked.tokens.size());
    if (event.template_id.valid()) {
      event.alarm = alarm_of(event.level, state.miner.alarming(event.template_id));
      state.miner.parameters(event.template_id, masked, batch.parameters);
      event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
    }
  }

  std::uint64_t number_ = 0;
};

/// Options of a small training: the novelty detector alone.
inline Config small_config() {
  Config config;
  config.ensemble.detectors = {"novelty"};
  config.header.timezone = "UTC";
  config.run.threads = 1;
  return config;
}

inline TrainingState fresh_state(const Config& config) {
  auto state = TrainingState::fresh(config);
  return std::move(*state);
}

/// What a training on these lines learns, all stages one after the other, and the model of it.
struct HandTraining {
  std::shared_ptr<const Model> model;
  Lessons lessons;
};

inline Result<HandTraining> train_by_hand(const Config& config, const std::vector<HandLine>& lines,
                                          TrainingState state) {
  const TeachingRule rule{kBeginOfTime, config.run.exclude};
  state.plans.resize(std::max<std::size_t>(state.plans.size(), 1));  // as if a pass had found one
  TemplateLearner templates(state, rule, "UTC", false);
  HandMadeLog first;
  ParsedBatch headers = first.headers(lines);
  templates.see(headers);
  LearntTemplates learnt = templates.finish();
  FeatureLearner learner(config, state, rule, learnt.records, {});
  HandMadeLog second;
  ParsedBatch events = second.events(lines, state);
  learner.see(events);
  LearntFeatures features = learner.finish();
  LD_ASSIGN(DetectorChoice choice, choose_detectors(config.ensemble));
  LD_ASSIGN(FittedDetectors fitted,
            fit_detectors(std::move(choice.ensemble), features.sample, state.miner, config, RunControl()));
  Lessons lessons{kBeginOfTime, std::move(learnt), std::move(features), std::move(fitted), {}, {}};
  std::shared_ptr<const Model> model = assemble_model(config, "", state, lessons);
  return HandTraining{std::move(model), std::move(lessons)};
}

/// A steady log: a request is started and finished every other second.
inline std::vector<HandLine> steady_log(int seconds) {
  std::vector<HandLine> lines;
  for (int second = 0; second < seconds; ++second) {
    const std::string number = std::to_string(second / 2 * 7 % 90 + 10);
    lines.push_back(
        {second, second % 2 == 0 ? "request started on worker " + number : "request finished in " + number + " ms"});
  }
  return lines;
}

}  // namespace logdetect
