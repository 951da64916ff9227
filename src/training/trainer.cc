#include "training/trainer.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "logdetect/base/clock.h"
#include "logdetect/config/allow_file.h"
#include "logdetect/features/sequence_windows.h"
#include "logdetect/judging/session_cutter.h"
#include "logdetect/judging/session_learner.h"
#include "logdetect/learned/kept_sample.h"
#include "logdetect/learned/row_sample.h"
#include "logdetect/learned/window_sample.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/mining/mask_ahead.h"
#include "logdetect/models/neural.h"
#include "logdetect/parsing/session_finder.h"
#include "logdetect/reading/input_pass.h"
#include "logdetect/reading/opened_inputs.h"
#include "logdetect/reading/record_counts.h"
#include "logdetect/reading/thread_pool.h"
#include "logdetect/training/template_health.h"
#include "training/exclusion.h"
#include "training/training_advice.h"
#include "training/training_review.h"

namespace logdetect {
namespace {

constexpr std::uint64_t kFewestRecords = 20;
constexpr std::size_t kFitRows = 65'536;            // rows the detectors learn from
constexpr std::size_t kValidationRows = 200'000;    // rows that calibrate them
constexpr std::size_t kValidationWindows = 20'000;  // the same for networks
constexpr std::size_t kFewestValidationRows = 50;
constexpr std::uint64_t kShortHeldOut = 1000;

// One training run; the passes as methods, in the order they are called.
class Trainer {
 public:
  Trainer(const Config& config, const RunControl& control, const std::vector<Input>& inputs, const AllowList& allowed,
          TrainingStart start)
      : config_(config),
        control_(control),
        inputs_(inputs),
        allowed_(allowed),
        start_(std::move(start)),
        fit_(kFitRows, config.run.seed),
        validation_(kValidationRows, config.run.seed + 1),
        exclusion_(config.run.exclude),
        review_(feature_schema(config.features)) {}

  Result<Trained> run(const std::string& config_yaml) {
    LD_ASSIGN(Ensemble ensemble, choose_detectors());
    if (config_.run.days > 0) {
      LD_TRY(find_end());
    }
    LD_TRY(learn_templates());
    LD_TRY(learn_features(ensemble));
    LD_TRY(fit_detectors(ensemble));
    return finish(config_yaml, std::move(ensemble));
  }

 private:
  // Before the long passes: what is missing is said at once.
  Result<Ensemble> choose_detectors() {
    LD_ASSIGN(Ensemble ensemble, Ensemble::create(config_.ensemble));
    if (!ensemble.neural()) {
      return ensemble;
    }
    const Result<NeuralRuntime> runtime = neural_runtime();
    if (runtime.ok()) {
      if (!runtime.value().advice.empty()) {
        notes_.push_back(runtime.value().advice);
      }
    } else if (config_.ensemble.detectors == EnsembleOptions().detectors) {  // nobody asked for them by name
      LD_TRY(ensemble.drop_neural());
      notes_.push_back("trained without the neural detectors: " + runtime.error().message + "; " +
                       runtime.error().hint);
    } else {
      return runtime.error();
    }
    return ensemble;
  }

  Result<void> find_end() {
    TimeLine times(config_.header.timezone, 0);
    LD_TRY(pass("finding the end of the log", nullptr, nullptr, [&](ParsedBatch parsed) -> Result<void> {
      times.resolve(parsed);
      return {};
    }));
    if (times.has_time()) {
      begin_ = times.end() - static_cast<Micros>(config_.run.days * static_cast<double>(kMicrosPerDay));
    }
    return {};
  }

  Result<void> learn_templates() {
    TimeLine times(config_.header.timezone, 0);
    MaskAhead ahead;
    SessionFinder finder;
    const bool look = config_.sessions.automatic && !config_.sessions.names_any() && !start_.update;
    LD_TRY(pass("learning templates", nullptr, nullptr, [&](ParsedBatch parsed) -> Result<void> {
      times.resolve(parsed);
      const auto header_of = [&](std::size_t i) -> const Header& { return parsed.batch.headers[i]; };
      ahead.run(start_.masker, miner_, parsed.batch.events.size(), header_of,
                [&](std::size_t i, const MaskedMessage& message) {
                  if (parsed.batch.events[i].time < begin_ || excluded(parsed, i)) {
                    return;
                  }
                  const TemplateId id = miner_.learn(message);
                  growth_.add(++records_, miner_.size() + miner_.evicted());
                  if (look) {
                    finder.offer(parsed.batch.records.records()[i].text, id);
                  }
                });
      return {};
    }));
    health_ = health_of(miner_, start_.facts.records + records_, growth_);
    if (look) {
      LD_TRY(take_sessions(finder));
    }
    miner_.compact(start_.known_ids);
    start_.follow_merges();
    note_span(times);
    report_.summary.records_without_time = times.without_time();
    if (records_ < (start_.update ? 1 : kFewestRecords)) {
      return make_error(ErrorCode::kUsage,
                        "only " + std::to_string(records_) + " log records to learn from; at least " +
                            std::to_string(kFewestRecords) + " are needed",
                        inputs_.size() == 1 ? inputs_.front().name : "",
                        "give a longer history: a day or more of ordinary operation is best");
    }
    return {};
  }

  // The model stands for the records it began with and those read now.
  void note_span(const TimeLine& times) {
    facts_.records = start_.facts.records + records_;
    const Micros first = std::max(times.first(), begin_);
    const bool before = start_.facts.has_time;
    facts_.has_time = times.has_time() || before;
    if (times.has_time() && before && first < start_.facts.last_time) {
      notes_.push_back("the log begins at " + format_rfc3339(first) + ", before the model's training ends (" +
                       format_rfc3339(start_.facts.last_time) + "); records it learnt already count twice");
    }
    facts_.first_time = before && times.has_time() ? std::min(first, start_.facts.first_time)
                                                   : (before ? start_.facts.first_time : first);
    facts_.last_time = before && times.has_time() ? std::max(times.last(), start_.facts.last_time)
                                                  : (before ? start_.facts.last_time : times.last());
  }

  // Ids of templates are still those of learning.
  Result<void> take_sessions(const SessionFinder& finder) {
    report_.found_sessions = finder.find([this](TemplateId id) { return miner_.resolve(id); });
    if (report_.found_sessions) {
      start_.found_key = report_.found_sessions->pattern;
      SessionOptions options;
      options.key = start_.found_key;
      LD_ASSIGN(start_.session_key, SessionKey::create(options));
    }
    return {};
  }

  Result<void> learn_features(const Ensemble& ensemble) {
    learner_.emplace(config_.run.seed + 2, std::move(start_.sessions), start_.session_scorer);
    FeatureExtractor extractor(start_.baseline);
    const WindowPlan plan = ensemble.windows(config_.detectors);
    SequenceWindows sequences(feature_schema(config_.features), plan.cut);
    TimeLine times(config_.header.timezone, 0);
    SessionCutter cutter(start_.session_key);
    FeatureMatrix rows;
    WindowBatch windows;
    const auto held_out = static_cast<std::uint64_t>(static_cast<double>(records_) * config_.run.validation_share);
    const std::uint64_t split = records_ - held_out;
    // Of a short log the fitted part may have to calibrate too.
    fit_windows_ = WindowSample(plan.learn, split, held_out < kShortHeldOut, config_.run.seed);
    validation_windows_ = WindowSample(kValidationWindows, held_out, true, config_.run.seed + 1);
    std::uint64_t seen = 0;
    LD_TRY(pass("learning what is normal", &start_.masker, &miner_, [&](ParsedBatch parsed) -> Result<void> {
      times.resolve(parsed);
      cutter.cut(parsed);
      std::vector<Event>& events = parsed.batch.events;
      tell_fates(parsed, split);
      const std::vector<std::uint32_t> places = keep_teaching(parsed);
      extractor.extract(events, parsed.batch.parameters, rows);
      for (const Event& event : events) {
        learner_->learn(event);
      }
      sequences.cut(events, rows, windows);
      for (std::size_t w = 0; w < windows.size(); ++w) {
        const std::uint64_t first = seen + windows.events[windows.first[w]];
        const std::uint64_t last = seen + windows.events[windows.first[w] + windows.fresh(w) - 1];
        if (last < split) {
          fit_windows_.offer(windows, w, last, events, rows);
        } else if (first >= split) {
          validation_windows_.offer(windows, w, last - split, events, rows);
        }
      }
      for (std::size_t i = 0; i < events.size(); ++i) {
        review_.offer(events[i], rows.row(i), parsed.batch.headers[places[i]]);
        (seen++ < split ? fit_ : validation_).offer(events[i], rows.row(i));
      }
      return {};
    }));
    extractor.finish();
    learner_->finish(config_.threshold);
    fit_.finish();
    validation_.finish();
    fit_windows_.finish();
    validation_windows_.finish();
    sample_ = {join(start_.sample.fit, keep(fit_)), join(start_.sample.validation, keep(validation_)),
               join(start_.sample.fit_windows, keep(fit_windows_)),
               join(start_.sample.validation_windows, keep(validation_windows_))};
    report_.summary.records_late = extractor.late_events();
    return {};
  }

  [[nodiscard]] bool excluded(const ParsedBatch& parsed, std::size_t i) {
    return !exclusion_.empty() && exclusion_.find(parsed.batch.headers[i].message).has_value();
  }

  // Lines before the span, those left out, and those whose template was evicted teach nothing. The places in the batch
  // of those that stay.
  std::vector<std::uint32_t> keep_teaching(ParsedBatch& parsed) {
    std::vector<Event>& events = parsed.batch.events;
    std::vector<std::uint32_t> places;
    places.reserve(events.size());
    for (std::uint32_t i = 0; i < events.size(); ++i) {
      if (events[i].time >= begin_ && events[i].template_id.valid() && !excluded(parsed, i)) {
        events[places.size()] = events[i];
        places.push_back(i);
      }
    }
    events.resize(places.size());
    return places;
  }

  // Every record in one count; of the last part, also what a model of the part before it would not know.
  void tell_fates(const ParsedBatch& parsed, std::uint64_t split) {
    count_read(parsed, report_.summary);
    if (met_.empty()) {
      met_.resize(miner_.id_bound(), Met::kNever);
      std::fill_n(met_.begin(), start_.known_ids, Met::kEarly);
    }
    for (std::size_t i = 0; i < parsed.batch.events.size(); ++i) {
      const Event& event = parsed.batch.events[i];
      if (event.time < begin_ || (!exclusion_.empty() && exclusion_.take(parsed.batch.headers[i].message))) {
        report_.summary.count(RecordFate::kDropped);
        continue;
      }
      const bool matched = event.template_id.valid();
      report_.summary.count(fate_of(parsed, i, matched));
      const bool late = report_.summary.records_judged() > split;
      facts_.late.records += late ? 1 : 0;
      if (!matched) {
        continue;
      }
      Met& met = met_[event.template_id.value()];
      if (met == Met::kNever) {
        met = late ? Met::kLate : Met::kEarly;
        facts_.late.templates += late ? 1 : 0;
      }
      facts_.late.unmatched += late && met == Met::kLate ? 1 : 0;
    }
  }

  Result<void> fit_detectors(Ensemble& ensemble) {
    const FeatureSchema schema = feature_schema(config_.features);
    ThreadPool pool(thread_count(config_.run));
    LD_TRY(ensemble.fit({.schema = schema,
                         .log = view(sample_.fit.events, sample_.fit.rows, sample_.fit_windows.windows),
                         .options = config_.detectors,
                         .seed = config_.run.seed,
                         .templates = miner_.id_bound(),
                         .parallel = pool.parallel(),
                         .on_epoch = [this](std::string_view /*detector*/, int /*epoch*/, const EpochLoss& /*loss*/) {
                           return !control_.stopping();
                         }}));
    if (control_.stopping()) {
      return make_error(ErrorCode::kInterrupted, "interrupted");
    }
    const ScoringInput held_out = validation_input(ensemble, pool.parallel());
    count_flagged(ensemble, held_out, ensemble.calibrate(held_out, config_.threshold));
    for (std::size_t d = 0; d < ensemble.size(); ++d) {
      const std::span<const EpochLoss> curve = ensemble.detector(d).learning_curve();
      if (!curve.empty()) {
        report_.curves.push_back({ensemble.name(d), {curve.begin(), curve.end()}});
      }
    }
    return {};
  }

  // What calibrates: the held-out part, or the fitted one when too little was held out.
  [[nodiscard]] ScoringInput validation_input(const Ensemble& ensemble, const ParallelFor& parallel) const {
    if (ensemble.window_length() > 0) {
      const bool enough = sample_.validation_windows.events.size() >= kFewestValidationRows;
      const KeptWindows& part =
          enough || sample_.fit_windows.events.empty() ? sample_.validation_windows : sample_.fit_windows;
      return {view(part.events, part.rows, part.windows), parallel};
    }
    const KeptRows& part = sample_.validation.events.size() >= kFewestValidationRows ? sample_.validation : sample_.fit;
    return {view(part.events, part.rows, none_), parallel};
  }

  // A part of the sample as detectors see it.
  [[nodiscard]] LogView view(std::span<const Event> events, const FeatureMatrix& rows,
                             const WindowBatch& windows) const {
    return {.events = events, .rows = rows, .windows = windows, .template_text = [this](TemplateId id) {
              const TemplateId now = miner_.resolve(id);
              return now.valid() ? miner_.info(now).text : std::string();
            }};
  }

  // How much of the validation part the model would flag.
  void count_flagged(const Ensemble& ensemble, const ScoringInput& sample, std::span<const float> totals) {
    for (std::size_t i = 0; i < totals.size(); ++i) {
      const int hour = static_cast<int>((sample.log.events[i].time / kMicrosPerHour) % 24);
      const Verdict verdict = ensemble.judge(static_cast<double>(totals[i]), hour, config_.threshold);
      report_.validation_flagged += verdict.anomalous ? 1 : 0;
    }
    report_.validation_records = totals.size();
  }

  Result<Trained> finish(const std::string& config_yaml, Ensemble ensemble) {
    facts_.lines = start_.facts.lines + counters_.lines;
    facts_.bytes = start_.facts.bytes + counters_.bytes;
    facts_.late.records += start_.facts.late.records;
    facts_.late.unmatched += start_.facts.late.unmatched;
    facts_.late.templates += start_.facts.late.templates;
    facts_.validation_records = report_.validation_records;
    facts_.validation_flagged = report_.validation_flagged;
    auto model = std::make_shared<Model>(
        Model{"", config_yaml, config_, facts_, std::move(start_.plans), std::move(start_.masker), std::move(miner_),
              feature_schema(config_.features), std::move(start_.baseline), std::move(learner_->statistics()),
              learner_->scorer(), start_.found_key, std::move(ensemble), sample_.thinned()});
    model->id = model_id(bundle_model(*model));
    RunSummary& summary = report_.summary;
    summary.bytes = counters_.bytes;
    summary.lines = counters_.lines;
    summary.templates_evicted = model->miner.evicted();
    summary.inputs_skipped = counters_.inputs_skipped;
    summary.templates_known = model->miner.size();
    report_.new_templates = model->miner.id_bound() - start_.known_ids;
    summary.has_time = facts_.has_time;
    summary.first_time = facts_.first_time;
    summary.last_time = facts_.last_time;
    const std::size_t first_new = start_.update ? start_.known_ids : model->miner.id_bound();
    review_.finish(*model, config_.threshold, allowed_, first_new, report_);
    for (std::size_t i = 0; i < exclusion_.patterns().size(); ++i) {
      report_.excluded.push_back({exclusion_.patterns()[i], exclusion_.counts()[i]});
    }
    report_.model_id = model->id;
    report_.header = model->plans.front().describe();
    report_.threshold = model->ensemble.threshold();
    report_.quantile_threshold = model->ensemble.quantile_threshold();
    report_.budget_threshold = model->ensemble.budget_threshold();
    report_.alerts_per_day = model->ensemble.alerts_per_day();
    report_.sessions = model->sessions.sessions();
    report_.streams = model->baseline.streams();
    report_.stream_word = std::string(rate_key_word(config_.features.rate_key));
    report_.session_threshold = model->session_scorer.threshold();
    report_.problems = counters_.problems;
    report_.advice = training_advice(*model, report_, health_);
    report_.advice.insert(report_.advice.begin(), notes_.begin(), notes_.end());
    report_.advice.insert(report_.advice.begin(), header_notes_.begin(), header_notes_.end());
    return Trained{std::move(model), std::move(report_)};
  }

  template <typename Consume>
  Result<void> pass(const char* phase, const Masker* masker, const TemplateMiner* miner, Consume consume) {
    LD_ASSIGN(PassResult result,
              run_pass(PassRequest{config_, inputs_, start_.plans, masker, miner,
                                   miner == nullptr ? nullptr : &start_.session_key, control_, phase},
                       std::move(consume)));
    counters_ = std::move(result.counters);
    if (header_notes_.empty()) {  // later passes know the plans
      header_notes_ = std::move(result.notes);
    }
    start_.take_plans(std::move(result.plans));
    return {};
  }

  const Config& config_;
  const RunControl& control_;
  const std::vector<Input>& inputs_;
  const AllowList& allowed_;
  TrainingStart start_;
  TemplateMiner& miner_ = start_.miner;
  std::optional<SessionLearner> learner_;  // from the pass that teaches it
  KeptSample sample_;
  RowSample fit_;
  RowSample validation_;
  WindowSample fit_windows_{0, 0, false, 0};
  WindowSample validation_windows_{0, 0, false, 0};
  const WindowBatch none_;
  IngestCounters counters_;
  std::vector<std::string> header_notes_;
  std::vector<std::string> notes_;
  TrainingFacts facts_;
  Exclusion exclusion_;
  TrainingReview review_;
  TrainReport report_;
  GrowthMeter growth_;
  TemplateHealth health_;
  enum class Met : std::uint8_t { kNever, kEarly, kLate };
  std::vector<Met> met_;  // by template: whether it was first seen in the last part
  std::uint64_t records_ = 0;
  Micros begin_ = INT64_MIN;  // of the training span
};

}  // namespace

Result<Trained> train_model(const Config& config, const std::string& config_yaml,
                            const std::vector<std::string>& inputs, const RunControl& control,
                            std::optional<TrainingStart> start, const AllowList& allowed) {
  LD_ASSIGN(const OpenedInputs opened, prepare_inputs(inputs, config.ingest, &control));
  if (!start) {
    LD_ASSIGN(start, TrainingStart::fresh(config));
  }
  LD_ASSIGN(Trained trained, Trainer(config, control, opened.inputs, allowed, std::move(*start)).run(config_yaml));
  std::vector<Error>& problems = trained.report.problems;
  problems.insert(problems.begin(), opened.problems.begin(), opened.problems.end());
  return trained;
}

Result<TrainReport> train(const TrainRequest& request, const RunControl& control) {
  const Micros began = control.clock->monotonic();
  const std::string rules = request.allow.empty() ? request.output + "/" + std::string(kAllowFile) : request.allow;
  LD_ASSIGN(std::vector<AllowRule> allowed, read_allow_file(rules));
  std::optional<TrainingStart> start;
  if (request.update) {
    LD_ASSIGN(const Bundle bundle, Bundle::load(request.output));
    LD_ASSIGN(Model model, read_model(bundle));
    LD_ASSIGN(start, TrainingStart::from_model(std::move(model), request.config));
  }
  LD_ASSIGN(Trained trained, train_model(request.config, request.config_yaml, request.inputs, control, std::move(start),
                                         AllowList(std::move(allowed))));
  LD_TRY(bundle_model(*trained.model).store(request.output));
  trained.report.model_path = request.output + "/model.ldm";
  trained.report.summary.seconds = static_cast<double>(control.clock->monotonic() - began) / kMicrosPerSecond;
  return std::move(trained.report);
}

}  // namespace logdetect
