#include "training/sample_collector.h"

namespace logdetect {

SampleCollector::SampleCollector(const TrainingSplit& split, std::size_t fit_windows, std::uint64_t seed)
    : fitted_(split.fitted),
      fit_(kFitRows, seed),
      validation_(kValidationRows, seed + 1),
      fit_windows_(fit_windows, split.fitted, split.held_out < kShortHeldOut, seed),
      validation_windows_(kValidationWindows, split.held_out, true, seed + 1) {}

void SampleCollector::offer_window(const WindowBatch& windows, std::size_t w, std::span<const Event> events,
                                   const FeatureMatrix& rows) {
  const std::uint64_t first = seen_ + windows.events[windows.first[w]];
  const std::uint64_t last = seen_ + windows.events[windows.first[w] + windows.fresh(w) - 1];
  // Only what lies in one part whole: else detectors would be calibrated on what they were fitted to.
  if (last < fitted_) {
    fit_windows_.offer(windows, w, last, events, rows);
  } else if (first >= fitted_) {
    validation_windows_.offer(windows, w, last - fitted_, events, rows);
  }
}

void SampleCollector::offer(std::span<const Event> events, const FeatureMatrix& rows, const WindowBatch& windows) {
  for (std::size_t w = 0; w < windows.size(); ++w) {
    offer_window(windows, w, events, rows);
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    (seen_ + i < fitted_ ? fit_ : validation_).offer(events[i], rows.row(i));
  }
  seen_ += events.size();
}

KeptSample SampleCollector::finish(const KeptSample& before) {
  fit_.finish();
  validation_.finish();
  fit_windows_.finish();
  validation_windows_.finish();
  return {join(before.fit, keep(fit_)), join(before.validation, keep(validation_)),
          join(before.fit_windows, keep(fit_windows_)), join(before.validation_windows, keep(validation_windows_))};
}

}  // namespace logdetect
