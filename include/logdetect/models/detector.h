#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/models/options.h"

namespace logdetect {

/// What a detector may learn from: a sample of feature rows in time order, and the templates of the same events.
struct TrainingSet {
  const FeatureSchema& schema;
  const FeatureMatrix& rows;
  std::span<const Event> events;  ///< [rows.rows()]
  std::uint64_t seed = 42;
  ForestOptions forest;
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
  /// raw[i] = strangeness of row i, higher is stranger; never NaN. `events` and `rows` have raw.size() elements.
  virtual void score(std::span<const Event> events, const FeatureMatrix& rows, std::span<float> raw) const = 0;
  /// Which columns made this row strange, largest first, at most 5.
  [[nodiscard]] virtual std::vector<Contribution> contributions(std::span<const float> row) const = 0;
  /// True when raw scores are nats already and need no calibration.
  [[nodiscard]] virtual bool in_nats() const = 0;
  /// Bound of this detector's contribution to the sum, nats.
  [[nodiscard]] virtual double default_cap() const = 0;
  virtual void save(ByteWriter& out) const = 0;
  /// Errors: kModel, also when the schema does not fit.
  virtual Result<void> load(ByteReader& in, const FeatureSchema& schema) = 0;
};

/// A row of the table of detectors; the table is generated from the list in src/models/CMakeLists.txt.
struct DetectorEntry {
  std::string_view name;     ///< "forest"
  std::string_view summary;  ///< one line for `logdetect help detectors`
  std::unique_ptr<Detector> (*make)();
  double default_weight = 1;  ///< in the ensemble, when the user gives none
};

/// Every detector that was built in, in the order of the CMake list.
std::span<const DetectorEntry> detector_table();
/// The entry, or null.
const DetectorEntry* find_detector(std::string_view name);

}  // namespace logdetect
