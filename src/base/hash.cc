#include "logdetect/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "logdetect/base/check.h"

namespace logdetect {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes, std::uint64_t seed) {
  const XXH128_hash_t digest = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {digest.low64, digest.high64};
}

std::string to_hex(std::uint64_t value, int digits) {
  LD_CHECK(digits >= 1 && digits <= 16, "to_hex takes 1 to 16 digits");
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(static_cast<std::size_t>(digits), '0');
  for (int i = 0; i < digits; ++i) {
    out[static_cast<std::size_t>(i)] = kDigits[(value >> (60 - 4 * i)) & 0xF];  // four bits a digit, the topmost first
  }
  return out;
}

std::string to_hex(const Hash128& value) {
  return to_hex(value.high) + to_hex(value.low);
}

}  // namespace logdetect
