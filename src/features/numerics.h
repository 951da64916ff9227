#pragma once

#include <cstddef>
#include <cstdint>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// Largest integer below or at a / b. Precondition: b > 0.
[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

/// `nats` in [0, cap]; NaN becomes 0, so that no arithmetic accident reaches a feature row.
[[nodiscard]] constexpr double bounded_nats(double nats, double cap) {
  if (!(nats > 0)) {
    return 0;
  }
  return nats < cap ? nats : cap;
}

/// ln(n) for n >= 1 (0 for n = 0), from a table for small n. O(1).
[[nodiscard]] double log_count(std::uint64_t n);

/// -ln of the upper tail P(Z >= z) of the standard normal, z >= 0 (below 0 counts as 0). Interpolated up to z = 10
/// (error below 1e-4 nats), by the asymptotic series beyond. O(1).
[[nodiscard]] double normal_tail_nats(double z);

/// -ln P(X >= n) for X negative binomial with this mean and size: variance = mean + mean^2 / size. A large size
/// (1e9) gives the Poisson tail. 0 where n - 0.5 <= mean: nothing at or below the mean is too much.
///
/// n     count, >= 1
/// mean  > 0;  size > 0
/// Within 0.05 nats or 2 % of the exact sum for size >= 1. O(1), three logarithms.
/// Source: saddle-point tail with continuity correction; Daniels, "Tail probability approximations", 1987, and
/// Barndorff-Nielsen's r*.
[[nodiscard]] double negative_binomial_tail_nats(std::uint64_t n, double mean, double size);

/// Running mean and variance of a stream of values. Source: Welford, Technometrics 4 (1962).
struct Moments {
  double mean = 0;
  double squares = 0;  ///< sum of squared deviations

  /// Takes in one value; `n` counts it.
  void add(double value, std::uint64_t n) {
    const double delta = value - mean;
    mean += delta / static_cast<double>(n);
    squares += delta * (value - mean);
  }
  /// Takes in the `m` values of `other`, having `n` itself. Source: Chan, Golub, LeVeque, 1979.
  void merge(std::uint64_t n, const Moments& other, std::uint64_t m) {
    if (m == 0) {
      return;
    }
    const auto all = static_cast<double>(n + m);
    const double delta = other.mean - mean;
    mean += delta * static_cast<double>(m) / all;
    squares += other.squares + delta * delta * static_cast<double>(n) * static_cast<double>(m) / all;
  }
  void save(ByteWriter& out) const;
  /// Marks the reader as failed for a negative sum of squares or magnitudes no log can give.
  void load(ByteReader& in);
};

}  // namespace logdetect
