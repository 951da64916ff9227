#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/session.h"
#include "logdetect/core/windows.h"
#include "logdetect/learned/row_sample.h"
#include "logdetect/learned/window_sample.h"

namespace logdetect {

/// Feature rows that stand for many, with their events, in time order.
struct KeptRows {
  std::uint64_t of = 0;  ///< records they were drawn from
  std::vector<Event> events;
  FeatureMatrix rows;  ///< [events.size() x columns]
};

/// Windows that stand for many; with the events they score, or without any.
struct KeptWindows {
  std::uint64_t of = 0;  ///< windows they were drawn from
  WindowBatch windows;   ///< `events` counts in `events` below
  std::vector<Event> events;
  FeatureMatrix rows;
};

/// What detectors are fitted to and calibrated on. A model keeps a little of it, so that `train --update` can fit them
/// to old and new together: of each record as much as is read here, at most kRows rows and kWindows windows a part.
struct KeptSample {
  static constexpr std::size_t kRows = 1024;
  static constexpr std::size_t kWindows = 512;

  KeptRows fit;
  KeptRows validation;
  KeptWindows fit_windows;
  KeptWindows validation_windows;
  std::vector<SessionSample> sessions = {};  ///< of this training; a model keeps none

  /// At most kRows and kWindows of each, evenly over time.
  [[nodiscard]] KeptSample thinned() const;
  void save(ByteWriter& out) const;
  /// Fails `in` for what does not fit `columns` or names a template of id `templates` or above.
  void load(ByteReader& in, std::size_t columns, std::size_t templates);
};

KeptRows keep(const RowSample& sample);
KeptWindows keep(const WindowSample& sample);

/// `old`, then `fresh`, the denser of the two thinned evenly until each stands for as many records as the other per
/// row.
KeptRows join(const KeptRows& old, KeptRows fresh);
KeptWindows join(const KeptWindows& old, KeptWindows fresh);

}  // namespace logdetect
