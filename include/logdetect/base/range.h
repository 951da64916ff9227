#pragma once

namespace logdetect {

/// The values that a setting may have, both ends included. Each options struct states the range of its members once:
/// the configuration, its help and the code that uses the member read it there. Plain C++17, for the training module.
template <typename T>
struct Range {
  T least{};
  T most{};

  /// False for NaN.
  [[nodiscard]] constexpr bool contains(T value) const { return value >= least && value <= most; }
};

}  // namespace logdetect
