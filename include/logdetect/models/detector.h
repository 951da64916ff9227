#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/base/parallel.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/models/detector_options.h"
#include "logdetect/models/log_view.h"

namespace logdetect {

/// What to score.
struct ScoringInput {
  LogView log;
  ParallelFor parallel = run_serially;
  /// [events] 0 where nobody will look at the event's score, so that any number will do; empty: all are wanted.
  std::span<const std::uint8_t> wanted = {};
};

/// Mean error per position after an epoch of training a network.
struct EpochLoss {
  double training = 0;
  double validation = 0;  ///< of the latest tenth of the windows; the training loss if there are fewer than ten
};

/// What a detector may learn from, each part a sample in time order.
struct TrainingSet {
  const FeatureSchema& schema;
  LogView log;
  const DetectorOptions& options;
  std::uint64_t seed = 42;              ///< RunOptions::seed
  std::size_t templates = 0;            ///< known templates: ids below
  ParallelFor parallel = run_serially;  ///< members learn at the same time
  /// Hears of every epoch of a network, counted from 1; false ends its training. May be empty; called from fit()'s
  /// thread.
  std::function<bool(std::string_view detector, int epoch, const EpochLoss& loss)> on_epoch = {};
};

/// Part of a detector's score that one feature column carries.
struct Contribution {
  std::size_t column = 0;
  double share = 0;  ///< >= 0; shares of a row sum to 1, or to 0 when the row is quite normal
};

/// One member of the ensemble. Const calls are thread-safe after fit() or load().
class Detector {
 public:
  virtual ~Detector() = default;
  /// Learns from normal (or mostly normal) rows. Errors: kUsage when there are too few rows.
  virtual Result<void> fit(const TrainingSet& training) = 0;
  /// raw[i] = strangeness of event i, of a detector of sessions that of session i; higher is stranger, never NaN.
  virtual void score(const ScoringInput& input, std::span<float> raw) const = 0;
  /// Which columns made this row strange, largest first, at most 5.
  [[nodiscard]] virtual std::vector<Contribution> contributions(std::span<const float> row) const = 0;
  /// Name of the reason for what it says without naming a column.
  [[nodiscard]] virtual std::string_view reason() const;
  /// True when raw scores are nats already and need no calibration.
  [[nodiscard]] virtual bool in_nats() const = 0;
  /// Bound of this detector's contribution to the sum, nats.
  [[nodiscard]] virtual double default_cap() const = 0;
  /// Events of the windows it needs; 0: none.
  [[nodiscard]] virtual std::size_t window_length() const { return 0; }
  /// Templates it expects after these (of one sequence, oldest first), most probable first; empty: it cannot say.
  [[nodiscard]] virtual std::vector<TemplateId> expected_after(std::span<const TemplateId> previous,
                                                               std::size_t limit) const;
  /// How training went, by epoch; empty for what is not trained by epochs.
  [[nodiscard]] virtual std::span<const EpochLoss> learning_curve() const { return {}; }
  virtual void save(ByteWriter& out) const = 0;
  /// Errors: kModel, also when the schema does not fit.
  virtual Result<void> load(ByteReader& in, const FeatureSchema& schema) = 0;
};

/// What a detector says is strange.
enum class DetectorUnit : std::uint8_t {
  kLine,     ///< an event, by its row
  kWindow,   ///< an event, by those before it in its sequence
  kSession,  ///< a session as a whole
};

/// The windows that a detector learns from and scores.
struct WindowPlan {
  WindowOptions cut = {0, 0};  ///< length 0: none are needed; stride 0: half a window
  std::size_t learn = 0;       ///< windows of training to keep, at most
};

/// A row of the table of detectors; the table is generated from the list in src/models/CMakeLists.txt.
struct DetectorEntry {
  std::string_view name;     ///< "forest"
  std::string_view summary;  ///< one line for `logdetect help detectors`
  std::unique_ptr<Detector> (*make)() = nullptr;
  DetectorUnit unit = DetectorUnit::kLine;
  std::span<const OptionInfo> options = {};                 ///< its own: `<name>.<option>` in the configuration
  const OptionGroup* shared = nullptr;                      ///< those it has in common with others
  WindowPlan (*windows)(const DetectorOptions&) = nullptr;  ///< of unit kWindow
  double default_weight = 1;                                ///< in the ensemble, when the user gives none
  bool neural = false;                                      ///< training it needs LibTorch
};

/// Detectors that are chosen together by one name.
struct DetectorSet {
  std::string_view name;                                     ///< "classic"
  std::string_view summary;                                  ///< one line
  std::vector<std::pair<std::string_view, double>> members;  ///< with their weights
};

/// Every set, in the order shown to people.
std::span<const DetectorSet> detector_sets();
/// Every detector that was built in, in the order of the CMake list.
std::span<const DetectorEntry> detector_table();
/// The entry, or null.
const DetectorEntry* find_detector(std::string_view name);

}  // namespace logdetect
