#include "training/trainer.h"

#include <utility>

#include "logdetect/config/allow_file.h"
#include "logdetect/reading/opened_inputs.h"
#include "training/detector_fitting.h"
#include "training/feature_learner.h"
#include "training/model_assembly.h"
#include "training/span_finder.h"
#include "training/template_learner.h"
#include "training/training_passes.h"

namespace logdetect {
namespace {

// Of fewer, the fifth that is held out would be three records or less.
constexpr std::uint64_t kFewestRecords = 20;

Result<void> check_enough(std::uint64_t records, bool update, const std::vector<Input>& inputs) {
  if (records >= (update ? 1 : kFewestRecords)) {
    return {};
  }
  return make_error(ErrorCode::kUsage,
                    "only " + std::to_string(records) + " log records to learn from; at least " +
                        std::to_string(kFewestRecords) + " are needed",
                    inputs.size() == 1 ? inputs.front().name : "",
                    "give a longer history: a day or more of ordinary operation is best");
}

Result<Micros> find_begin(const Config& config, TrainingPasses& passes, TrainingState& state) {
  if (config.run.days <= 0) {
    return kBeginOfTime;
  }
  SpanFinder span(config.header.timezone, config.run.days);
  LD_TRY(passes.read_headers("finding the end of the log", state, span));
  return span.begin();
}

// Also looks for sessions, unless the configuration or the model to be updated says what they are.
Result<LearntTemplates> learn_templates(const Config& config, const TeachingRule& rule, TrainingPasses& passes,
                                        TrainingState& state) {
  const bool look = config.sessions.automatic && !config.sessions.names_any() && !state.update;
  TemplateLearner learner(state, rule, config.header.timezone, look);
  LD_TRY(passes.read_headers("learning templates", state, learner));
  LearntTemplates learnt = learner.finish();
  if (learnt.found_sessions) {
    LD_TRY(state.take_sessions(*learnt.found_sessions));
  }
  return learnt;
}

Result<LearntFeatures> learn_features(const Config& config, const TeachingRule& rule, TrainingPasses& passes,
                                      TrainingState& state, std::uint64_t records, const WindowPlan& windows) {
  FeatureLearner learner(config, state, rule, records, windows);
  LD_TRY(passes.read_events("learning what is normal", state, learner));
  return learner.finish();
}

}  // namespace

Result<Trained> train_model(const Config& config, const std::string& config_yaml,
                            const std::vector<std::string>& inputs, const RunControl& control,
                            std::optional<TrainingState> start, const AllowList& allowed) {
  LD_ASSIGN(const OpenedInputs opened, prepare_inputs(inputs, config.ingest, &control));
  if (!start) {
    LD_ASSIGN(start, TrainingState::fresh(config));
  }
  TrainingState& state = *start;
  const std::optional<std::size_t> known_ids = state.update ? std::optional(state.known_ids) : std::nullopt;

  // Before the passes: a missing LibTorch is told at once, not after an hour.
  LD_ASSIGN(DetectorChoice detectors, choose_detectors(config.ensemble));
  TrainingPasses passes(config, opened.inputs, control);
  LD_ASSIGN(const Micros begin, find_begin(config, passes, state));
  const TeachingRule rule{begin, config.run.exclude};
  LD_ASSIGN(LearntTemplates templates, learn_templates(config, rule, passes, state));
  LD_TRY(check_enough(templates.records, state.update, opened.inputs));
  LD_ASSIGN(LearntFeatures features, learn_features(config, rule, passes, state, templates.records,
                                                    detectors.ensemble.windows(config.detectors)));
  LD_ASSIGN(FittedDetectors fitted,
            fit_detectors(std::move(detectors.ensemble), features.sample, state.miner, config, control));

  Lessons lessons{begin,         std::move(templates), std::move(features), std::move(fitted), passes.counters(),
                  passes.notes()};
  if (!detectors.note.empty()) {
    lessons.notes.push_back(std::move(detectors.note));
  }
  if (std::optional<std::string> note = overlap_note(state.facts, lessons.templates.times, begin)) {
    lessons.notes.push_back(std::move(*note));
  }
  std::shared_ptr<const Model> model = assemble_model(config, config_yaml, state, lessons);
  TrainReport report = report_training(*model, lessons, allowed, known_ids);
  report.problems.insert(report.problems.begin(), opened.problems.begin(), opened.problems.end());
  return Trained{std::move(model), std::move(report)};
}

Result<TrainReport> train(const TrainRequest& request, const RunControl& control) {
  const Micros began = control.clock->monotonic();
  const std::string rules = request.allow.empty() ? request.output + "/" + std::string(kAllowFile) : request.allow;
  // A broken file of rules is told before the training, not after it.
  LD_ASSIGN(std::vector<AllowRule> allowed, read_allow_file(rules));
  std::optional<TrainingState> state;
  if (request.update) {
    LD_ASSIGN(const Bundle bundle, Bundle::load(request.output));
    LD_ASSIGN(Model model, read_model(bundle));
    LD_ASSIGN(state, TrainingState::from_model(std::move(model), request.config));
  }
  LD_ASSIGN(Trained trained, train_model(request.config, request.config_yaml, request.inputs, control, std::move(state),
                                         AllowList(std::move(allowed))));
  LD_TRY(bundle_model(*trained.model).store(request.output));
  trained.report.model_path = request.output + "/model.ldm";
  trained.report.summary.seconds = static_cast<double>(control.clock->monotonic() - began) / kMicrosPerSecond;
  return std::move(trained.report);
}

}  // namespace logdetect
