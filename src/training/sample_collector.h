#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/windows.h"
#include "logdetect/learned/kept_sample.h"
#include "training/fate_counter.h"

namespace logdetect {

/// Collects what detectors are fitted to and calibrated on: samples of rows and windows, of the fitted part and of the
/// held-out one. Bounded; deterministic by seed. Not thread-safe.
class SampleCollector {
 public:
  static constexpr std::size_t kFitRows = 65'536;            ///< more than 100 trees of 256 rows need
  static constexpr std::size_t kValidationRows = 200'000;    ///< a share of 1e-4 is then known to a quarter of itself
  static constexpr std::size_t kValidationWindows = 20'000;  ///< a network scores windows far slower than rows
  /// With fewer records held out, the fitted windows may have to calibrate too, so their events are kept.
  static constexpr std::uint64_t kShortHeldOut = 1000;

  /// `fit_windows`: most windows that networks are fitted to.
  SampleCollector(const TrainingSplit& split, std::size_t fit_windows, std::uint64_t seed);

  /// Offers the records of a batch, their rows and their windows. A window whose events lie in both parts is left out.
  void offer(std::span<const Event> events, const FeatureMatrix& rows, const WindowBatch& windows);
  /// The sample, joined to the one `before` of an updated model. Call once, after the last batch.
  [[nodiscard]] KeptSample finish(const KeptSample& before);

 private:
  void offer_window(const WindowBatch& windows, std::size_t w, std::span<const Event> events,
                    const FeatureMatrix& rows);

  std::uint64_t fitted_;
  std::uint64_t seen_ = 0;  // records before the present batch
  RowSample fit_;
  RowSample validation_;
  WindowSample fit_windows_;
  WindowSample validation_windows_;
};

}  // namespace logdetect
