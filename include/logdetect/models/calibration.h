#pragma once

#include <span>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// Maps raw scores to surprise in nats: -ln of the share of normal scores at least as high. Inside the sample the
/// empirical tail (interpolated, strictly rising with the score); beyond its largest values an exponential tail with
/// the mean excess over the 98th percentile. Immutable after fit. Thread-safe.
class Calibration {
 public:
  /// `raw`: scores of normal records, at least one, any order. Keeps at most 512 quantiles. O(n log n).
  static Calibration fit(std::span<const float> raw);
  /// Nats >= 0, finite, monotone in `raw`. O(log 512).
  [[nodiscard]] float surprise(float raw) const;
  void save(ByteWriter& out) const;
  static Result<Calibration> load(ByteReader& in);

 private:
  std::vector<float> scores_;    // rising, distinct
  std::vector<float> surprise_;  // nats at scores_, rising
  float tail_slope_ = 0;         // nats per unit of raw score beyond the last
};

}  // namespace logdetect
