#include "training/detector_fitting.h"

#include <string_view>
#include <utility>

#include "logdetect/features/extractor.h"
#include "logdetect/reading/input_pass.h"
#include "logdetect/reading/thread_pool.h"

namespace logdetect {
namespace {

// Of fewer, one record more or less above the threshold is a flagged share of more than 2 %.
constexpr std::size_t kFewestValidationRecords = 50;

std::vector<LearningCurve> learning_curves(const Ensemble& ensemble) {
  std::vector<LearningCurve> curves;
  for (std::size_t d = 0; d < ensemble.size(); ++d) {
    const std::span<const EpochLoss> curve = ensemble.detector(d).learning_curve();
    if (!curve.empty()) {
      curves.push_back({ensemble.name(d), {curve.begin(), curve.end()}});
    }
  }
  return curves;
}

}  // namespace

Result<DetectorChoice> choose_detectors(const EnsembleOptions& options, Result<NeuralRuntime> (*runtime)()) {
  LD_ASSIGN(Ensemble ensemble, Ensemble::create(options));
  if (!ensemble.neural()) {
    return DetectorChoice{std::move(ensemble), ""};
  }
  LD_ASSIGN(NeuralRuntime found, runtime());
  return DetectorChoice{std::move(ensemble), std::move(found.advice)};
}

Result<FittedDetectors> fit_detectors(Ensemble ensemble, const KeptSample& sample, const TemplateMiner& miner,
                                      const Config& config, const RunControl& control) {
  const FeatureSchema schema = feature_schema(config.features);
  ThreadPool pool(thread_count(config.run));
  const auto template_text = [&miner](TemplateId id) {
    const TemplateId now = miner.resolve(id);
    return now.valid() ? miner.info(now).text : std::string();
  };
  LD_TRY(ensemble.fit({.schema = schema,
                       .log = {.events = sample.fit.events,
                               .rows = sample.fit.rows,
                               .windows = sample.fit_windows.windows,
                               .sessions = sample.sessions,
                               .template_text = template_text},
                       .options = config.detectors,
                       .seed = config.run.seed,
                       .templates = miner.id_bound(),
                       .parallel = pool.parallel(),
                       .on_epoch = [&control](std::string_view /*detector*/, int /*epoch*/, const EpochLoss& /*loss*/) {
                         return !control.stopping();
                       }}));
  // A network that is told to stop between epochs ends like one that is done.
  if (control.stopping()) {
    return make_error(ErrorCode::kInterrupted, "interrupted");
  }
  LogView held_out = calibration_view(sample, ensemble.window_length() > 0);
  held_out.template_text = template_text;
  const std::vector<float> totals = ensemble.calibrate({held_out, pool.parallel()}, config.threshold);
  const std::uint64_t flagged = count_flagged(ensemble, held_out.events, totals, config.threshold);
  std::vector<LearningCurve> curves = learning_curves(ensemble);
  return FittedDetectors{std::move(ensemble), totals.size(), flagged, std::move(curves)};
}

LogView calibration_view(const KeptSample& sample, bool windows) {
  if (windows) {
    // Calibrating on the fitted part is too kind, but better than calibrating on a handful of records.
    const bool enough = sample.validation_windows.events.size() >= kFewestValidationRecords;
    const KeptWindows& part =
        enough || sample.fit_windows.events.empty() ? sample.validation_windows : sample.fit_windows;
    return {.events = part.events, .rows = part.rows, .windows = part.windows, .sessions = sample.sessions};
  }
  static const WindowBatch no_windows;
  const bool enough = sample.validation.events.size() >= kFewestValidationRecords;
  const KeptRows& part = enough ? sample.validation : sample.fit;
  return {.events = part.events, .rows = part.rows, .windows = no_windows, .sessions = sample.sessions};
}

std::uint64_t count_flagged(const Ensemble& ensemble, std::span<const Event> events, std::span<const float> totals,
                            const ThresholdOptions& options) {
  std::uint64_t flagged = 0;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const Verdict verdict = ensemble.judge(static_cast<double>(totals[i]), hour_of_day(events[i].time), options);
    flagged += verdict.anomalous ? 1 : 0;
  }
  return flagged;
}

}  // namespace logdetect
