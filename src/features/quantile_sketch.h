#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// Estimates the 1st, 50th and 99th percentile of a stream, its ends, and what lies between, with nine markers: 112
/// bytes, O(9) per value, no allocation. Exact up to nine values. Deterministic for the same order of values.
/// Source: Jain, Chlamtac, "The P2 algorithm for dynamic calculation of quantiles", CACM 28 (1985); Raatikainen,
/// "Simultaneous estimation of several percentiles", Simulation 49 (1987).
class QuantileSketch {
 public:
  static constexpr std::size_t kMarkers = 9;

  void add(double value);
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] double smallest() const { return heights_.front(); }
  [[nodiscard]] double low() const { return at(2); }  ///< 1st percentile
  [[nodiscard]] double median() const { return at(4); }
  [[nodiscard]] double high() const { return at(6); }  ///< 99th percentile
  [[nodiscard]] double largest() const {
    return count_ < kMarkers ? heights_[count_ == 0 ? 0 : count_ - 1] : heights_.back();
  }

  void save(ByteWriter& out) const;
  /// Marks the reader as failed unless the heights are ordered numbers within +-`bound`.
  void load(ByteReader& in, double bound);

 private:
  [[nodiscard]] double at(std::size_t marker) const;
  void move(std::size_t i, double wanted);  // marker `i`, towards the rank `wanted`

  std::array<double, kMarkers> heights_{};           // of the markers, rising
  std::array<std::uint32_t, kMarkers> positions_{};  // ranks, from 1
  std::uint32_t count_ = 0;
};

}  // namespace logdetect
