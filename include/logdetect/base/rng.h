#pragma once

#include <cstdint>

namespace logdetect {

/// Small deterministic generator (xoshiro256**, seeded by splitmix64). The same seed gives the same stream on every
/// machine and compiler, unlike the distributions of <random>. Not thread-safe; not for secrets.
/// Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators", 2018.
class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  /// Uniform over all 64-bit values.
  std::uint64_t next();
  /// Uniform over [0, bound), without modulo bias. Precondition: bound > 0. Source: Lemire 2019.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform over [0, 1).
  double uniform();
  /// Standard normal (Box-Muller; one draw a call).
  double normal();

 private:
  std::uint64_t state_[4];  // 256 bits
};

}  // namespace logdetect
