#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logdetect {

/// 128-bit digest; printed as 32 hex digits.
struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

/// XXH3 of the bytes. Stable across machines and versions: values are stored in models and in finding ids.
[[nodiscard]] std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
[[nodiscard]] Hash128 hash128(std::string_view bytes, std::uint64_t seed = 0);

namespace splitmix64 {
/// The constants of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with
/// the factors of Stafford's variant 13): 2^64 by the golden ratio, and the two factors of the finaliser.
inline constexpr std::uint64_t kIncrement = 0x9E3779B97F4A7C15ULL;
inline constexpr std::uint64_t kFirstFactor = 0xBF58476D1CE4E5B9ULL;
inline constexpr std::uint64_t kSecondFactor = 0x94D049BB133111EBULL;

/// A bijection of which every output bit depends on every input bit.
[[nodiscard]] constexpr std::uint64_t finalise(std::uint64_t x) {
  x = (x ^ (x >> 30)) * kFirstFactor;
  x = (x ^ (x >> 27)) * kSecondFactor;
  return x ^ (x >> 31);
}
}  // namespace splitmix64

/// Mixes a value into a running hash (splitmix64 finaliser). Order matters, and pairs of small numbers do not collide:
/// the seed is spread over all bits before the value is added. O(1), inline for hot loops.
[[nodiscard]] constexpr std::uint64_t hash_mix(std::uint64_t seed, std::uint64_t value) {
  // Any odd number with about as many ones as zeros; without it seed 0 and value 0 would give 0.
  constexpr std::uint64_t kOffset = 0xD1B54A32D192ED03ULL;
  return splitmix64::finalise(seed * splitmix64::kIncrement + value + kOffset);
}

/// The first `digits` (1..16) lower-case hex digits of a 64-bit value, most significant first.
[[nodiscard]] std::string to_hex(std::uint64_t value, int digits = 16);
[[nodiscard]] std::string to_hex(const Hash128& value);

}  // namespace logdetect
