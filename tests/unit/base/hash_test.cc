#include "logdetect/base/hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <string>

namespace logdetect {
namespace {

// Published test vectors of XXH3; stored in models and finding ids, so they may never change.
TEST(Hash, EqualsXxh3) {
  EXPECT_EQ(to_hex(hash64("")), "2d06800538d394c2");
  EXPECT_EQ(to_hex(hash64("a")), "e6c632b61e964e1f");
  EXPECT_EQ(to_hex(hash64("abc")), "78af5f94892f3950");
  EXPECT_EQ(to_hex(hash64(std::string(300, 'x'))), "a5d1b4607dc83554");
  EXPECT_EQ(to_hex(hash128("")), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(to_hex(hash128("a")), "a96faf705af16834e6c632b61e964e1f");
}

TEST(Hash, SeedChangesTheValue) {
  EXPECT_EQ(to_hex(hash64("abc", 42)), "d8438def21bbdcc3");
  EXPECT_NE(hash128("abc", 1), hash128("abc", 2));
}

TEST(Hash, NulBytesCount) {
  EXPECT_NE(hash64(std::string_view("a\0b", 3)), hash64(std::string_view("a\0c", 3)));
  EXPECT_NE(hash64(std::string_view("a\0", 2)), hash64("a"));
}

TEST(Hash, MixIsPinnedAndOrderMatters) {
  EXPECT_EQ(to_hex(hash_mix(1, 2)), "fb3867150874e9f3");
  EXPECT_NE(hash_mix(hash_mix(0, 1), 2), hash_mix(hash_mix(0, 2), 1));
  static_assert(hash_mix(1, 2) == 0xfb3867150874e9f3ULL);
}

TEST(Hash, MixHasNoCollisionsAmongSmallValues) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 100; ++a) {
    for (std::uint64_t b = 0; b < 100; ++b) {
      seen.insert(hash_mix(a, b));
    }
  }
  EXPECT_EQ(seen.size(), 10'000U);
}

// Each output bit must flip for about half of the one-bit changes: 64 x 64 changes, 5 sigma around one half.
TEST(Hash, MixAvalanches) {
  int flips = 0;
  for (int bit = 0; bit < 64; ++bit) {
    for (std::uint64_t value = 0; value < 64; ++value) {
      flips += std::popcount(hash_mix(7, value) ^ hash_mix(7, value ^ (std::uint64_t{1} << bit)));
    }
  }
  const double share = flips / (64.0 * 64.0 * 64.0);
  EXPECT_NEAR(share, 0.5, 5 * 0.5 / 512.0);
}

TEST(ToHex, TakesTheFirstDigits) {
  EXPECT_EQ(to_hex(std::uint64_t{0x0123456789abcdef}), "0123456789abcdef");
  EXPECT_EQ(to_hex(std::uint64_t{0x0123456789abcdef}, 12), "0123456789ab");
  EXPECT_EQ(to_hex(std::uint64_t{0}, 1), "0");
  EXPECT_EQ(to_hex(Hash128{1, 0xF000000000000000ULL}), "f0000000000000000000000000000001");
  EXPECT_DEATH((void)to_hex(std::uint64_t{1}, 0), "1 to 16 digits");
}

}  // namespace
}  // namespace logdetect
