#include "features/numerics.h"

#include <array>
#include <cmath>

namespace logdetect {
namespace {

// Counts of windows and parameters mostly lie within the table.
constexpr std::size_t kLogs = 4096;
constexpr int kTailStepsPerUnit = 64;
constexpr int kTailUnits = 10;
constexpr double kHalfLogTwoPi = 0.91893853320467274178;  // ln(2 pi) / 2
constexpr double kMaxMagnitude = 1e40;                    // squares of 64-bit integers, summed over years, stay below

struct Tables {
  std::array<double, kLogs> logs{};
  std::array<double, kTailUnits * kTailStepsPerUnit + 2> tail{};

  Tables() {
    for (std::size_t n = 1; n < logs.size(); ++n) {
      logs.at(n) = std::log(static_cast<double>(n));
    }
    for (std::size_t i = 0; i < tail.size(); ++i) {
      const double z = static_cast<double>(i) / kTailStepsPerUnit;
      tail.at(i) = -std::log(std::erfc(z / std::sqrt(2.0)) / 2);
    }
  }
};

const Tables math_tables;

}  // namespace

double log_count(std::uint64_t n) {
  return n < kLogs ? math_tables.logs[n] : std::log(static_cast<double>(n));
}

double normal_tail_nats(double z) {
  if (!(z > 0)) {
    z = 0;
  }
  if (z < kTailUnits) {
    const double position = z * kTailStepsPerUnit;
    const auto i = static_cast<std::size_t>(position);
    const double part = position - static_cast<double>(i);
    return math_tables.tail[i] + part * (math_tables.tail[i + 1] - math_tables.tail[i]);
  }
  return z / 2 * z + std::log(z) + kHalfLogTwoPi + 1 / (z * z);
}

double negative_binomial_tail_nats(std::uint64_t n, double mean, double size) {
  const double x = static_cast<double>(n) - 0.5;  // correction for continuity
  if (!(x > mean)) {
    return 0;
  }
  // Signed root of the deviance (w) and the scaled saddle point (u); log1p keeps the Poisson limit exact.
  const double spread = std::log1p((x - mean) / (size + mean));
  const double saddle = std::log(x / mean) - spread;
  const double half_deviance = x * saddle - size * spread;
  const double w = std::sqrt(2 * (half_deviance > 0 ? half_deviance : 0));
  constexpr double kNearMean = 1e-4;  // ln(u / w) / w is 0 / 0 there
  if (w < kNearMean) {
    return math_tables.tail[0];
  }
  // 2 sinh(saddle / 2) without an exponential: q = exp(saddle) is known as a fraction.
  const double q = x * (size + mean) / (mean * (size + x));
  const double u = (q - 1) / std::sqrt(q) * std::sqrt(x * (1 + x / size));
  return normal_tail_nats(w + std::log(u / w) / w);
}

void Moments::save(ByteWriter& out) const {
  out.f64(mean);
  out.f64(squares);
}

void Moments::load(ByteReader& in) {
  mean = in.f64();
  squares = in.f64();
  if (!(std::abs(mean) < kMaxMagnitude) || !(squares >= 0) || !(squares < kMaxMagnitude * kMaxMagnitude)) {
    in.fail("mean or deviation out of range");
  }
}

}  // namespace logdetect
