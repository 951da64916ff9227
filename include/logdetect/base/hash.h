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

/// Mixes a value into a running hash (splitmix64 finaliser). Order matters, and pairs of small numbers do not collide:
/// the seed is spread over all bits before the value is added. O(1), inline for hot loops.
[[nodiscard]] constexpr std::uint64_t hash_mix(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t x = seed * 0x9E3779B97F4A7C15ULL + value + 0xD1B54A32D192ED03ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// The first `digits` (1..16) lower-case hex digits of a 64-bit value, most significant first.
[[nodiscard]] std::string to_hex(std::uint64_t value, int digits = 16);
[[nodiscard]] std::string to_hex(const Hash128& value);

}  // namespace logdetect
