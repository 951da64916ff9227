#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"

namespace logdetect {

/// A uniform sample of feature rows from a stream, with their events, in the order they came. Memory is bounded by the
/// capacity. Deterministic by seed. Not thread-safe.
/// Source: Vitter, "Random sampling with a reservoir", 1985, algorithm R.
class RowSample {
 public:
  RowSample(std::size_t capacity, std::uint64_t seed) : capacity_(capacity), rng_(seed) {}

  void offer(const Event& event, std::span<const float> row);
  /// Puts the sample in order of arrival. Call once, after the last offer.
  void finish();

  [[nodiscard]] std::uint64_t offered() const { return offered_; }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  /// After finish(): [size() x columns].
  [[nodiscard]] const FeatureMatrix& rows() const { return matrix_; }
  [[nodiscard]] std::span<const Event> events() const { return events_; }

 private:
  std::size_t capacity_;
  Rng rng_;
  std::uint64_t offered_ = 0;
  std::size_t columns_ = 0;
  std::vector<float> values_;
  std::vector<Event> events_;
  std::vector<std::uint64_t> order_;
  FeatureMatrix matrix_;
};

}  // namespace logdetect
