#include "mining/drain_tree.h"

#include <gtest/gtest.h>

#include <string>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

Template template_of(const std::string& message) {
  const auto masker = Masker::create({});
  MaskedMessage masked;
  masker->mask(message, masked);
  return make_template(masked);
}

TEST(Similarity, IsTheShareOfEqualPlaces) {
  EXPECT_DOUBLE_EQ(similarity(template_of("a b c d"), template_of("a b x d")), 0.75);
  EXPECT_DOUBLE_EQ(similarity(template_of("a 1 c d"), template_of("a 2 c e")), 0.75);
  EXPECT_DOUBLE_EQ(similarity(template_of("a b c d"), template_of("a b c")), 0);
}

TEST(Similarity, IsNeverAboveItsBound) {
  Rng rng(4);
  double slack = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string a;
    std::string b;
    for (std::uint64_t n = 1 + rng.below(40); n > 0; --n) {
      a += "w" + std::string(1, static_cast<char>('a' + rng.below(4))) + " ";
      b += "w" + std::string(1, static_cast<char>('a' + rng.below(4))) + " ";
    }
    const Template x = template_of(a);
    const Template y = template_of(b);
    ASSERT_LE(similarity(x, y), similarity_bound(x, y)) << a << "\n" << b;
    slack += similarity_bound(x, y) - similarity(x, y);
  }
  EXPECT_LT(slack / 2000, 0.4);
}

}  // namespace
}  // namespace logdetect
