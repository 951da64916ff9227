#include "logdetect/base/rng.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "logdetect/base/check.h"
#include "logdetect/base/hash.h"

namespace logdetect {

// Seeded by splitmix64, as the authors of xoshiro advise.
Rng::Rng(std::uint64_t seed) : state_{} {
  for (std::uint64_t& word : state_) {
    seed += splitmix64::kIncrement;
    word = splitmix64::finalise(seed);
  }
}

// xoshiro256**, by Blackman and Vigna, 2018, with its rotations and factors.
std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);  // of xoshiro256**
  return result;
}

std::uint64_t Rng::below(std::uint64_t bound) {
  LD_CHECK(bound > 0, "Rng::below(0)");
  __extension__ using uint128 = unsigned __int128;
  std::uint64_t x = next();
  uint128 product = static_cast<uint128>(x) * bound;
  auto low = static_cast<std::uint64_t>(product);
  if (low < bound) {
    const std::uint64_t reject_below = (0 - bound) % bound;
    while (low < reject_below) {
      x = next();
      product = static_cast<uint128>(x) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Rng::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double Rng::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace logdetect
