#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/core/ids.h"

namespace logdetect {

/// Shape of the windows that sequences are cut into.
struct WindowOptions {
  std::size_t length = 0;  ///< L, events of a window; 0: make none
  std::size_t stride = 1;  ///< events of a sequence between two windows, 1..length
};

/// The last events of sequences, cut into windows of equal length: what sequence detectors see. Each event of a batch
/// is scored by exactly one window, in which it stands at one of the last places; windows of one sequence overlap.
struct WindowBatch {
  static constexpr std::uint32_t kPadding = TemplateId::kNone;
  static constexpr std::size_t kNumbers = 6;  ///< per event: see SequenceWindows

  std::size_t length = 0;                ///< L: events of a window; 0: no windows are made
  std::vector<std::uint32_t> templates;  ///< [windows x L] template ids, oldest first; kPadding before a sequence began
  std::vector<float> values;             ///< [windows x L x kNumbers], unscaled, finite; 0 at padding
  std::vector<std::uint32_t> first;      ///< [windows]: where its events begin in `events`
  std::vector<std::uint32_t> events;     ///< indices into the batch: the events each window scores, oldest first

  [[nodiscard]] std::size_t size() const { return first.size(); }
  /// Number of events that window `w` scores: its last positions.
  [[nodiscard]] std::size_t fresh(std::size_t w) const {
    return (w + 1 < first.size() ? first[w + 1] : events.size()) - first[w];
  }
  void clear() {
    templates.clear();
    values.clear();
    first.clear();
    events.clear();
  }
};

}  // namespace logdetect
