#include "features/transitions.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kNone = Transitions::kNone;

void learn_all(Transitions& transitions, const std::vector<std::uint32_t>& sequence) {
  std::uint32_t last = kNone;
  std::uint32_t before = kNone;
  for (const std::uint32_t next : sequence) {
    transitions.learn(before, last, next);
    before = last;
    last = next;
  }
}

TEST(Transitions, WittenBellByHand) {
  Transitions transitions;
  learn_all(transitions, {0, 1, 0, 1, 0, 2});
  // After 0: 1 twice, 2 once. P(1|0) = (2 + 2 * .5) / (3 + 2).
  const double after_zero = (2 + 2 * 0.5) / 5;
  EXPECT_NEAR(transitions.probability(kNone, 0, 1, 0.5), after_zero, 1e-12);
  // After 1, 0: 1 once, 2 once. P(1|1,0) = (1 + 2 P(1|0)) / 4.
  EXPECT_NEAR(transitions.probability(1, 0, 1, 0.5), (1 + 2 * after_zero) / 4, 1e-12);
  // A follower never seen: only back-off is left.
  EXPECT_NEAR(transitions.probability(1, 0, 9, 0.01), 0.5 * (2 * 0.01 / 5), 1e-12);
  // A context never seen leaves the shorter one.
  EXPECT_NEAR(transitions.probability(2, 0, 1, 0.5), after_zero, 1e-12);
  EXPECT_NEAR(transitions.probability(kNone, 7, 1, 0.3), 0.3, 1e-12);
  EXPECT_FALSE(transitions.knows(7));
  EXPECT_TRUE(transitions.knows(0));
}

TEST(Transitions, ProbabilitiesOfAllFollowersSumToOne) {
  Rng rng(11);
  constexpr std::uint32_t kTypes = 200;  // more than the followers that are told apart
  std::vector<std::uint32_t> sequence;
  std::vector<double> shares(kTypes, 0);
  for (int i = 0; i < 30000; ++i) {
    const auto next = static_cast<std::uint32_t>(rng.below(rng.below(4) == 0 ? kTypes : 5));
    sequence.push_back(next);
    shares[next] += 1.0 / 30000;
  }
  Transitions transitions;
  learn_all(transitions, sequence);
  for (std::uint32_t before = 0; before < 6; ++before) {
    for (std::uint32_t last = 0; last < 6; ++last) {
      double sum = 0;
      for (std::uint32_t next = 0; next < kTypes; ++next) {
        sum += transitions.probability(before, last, next, shares[next]);
      }
      EXPECT_NEAR(sum, 1, 1e-9);
    }
  }
}

// The same estimate from ordered maps and no bounds.
double slow_probability(const std::vector<std::uint32_t>& sequence, std::uint32_t before, std::uint32_t last,
                        std::uint32_t next, double share) {
  std::map<std::uint32_t, double> one;
  std::map<std::uint32_t, double> two;
  double one_total = 0;
  double two_total = 0;
  for (std::size_t i = 1; i < sequence.size(); ++i) {
    if (sequence[i - 1] == last) {
      ++one[sequence[i]];
      ++one_total;
      if (i > 1 && sequence[i - 2] == before) {
        ++two[sequence[i]];
        ++two_total;
      }
    }
  }
  const auto mix = [next](std::map<std::uint32_t, double>& counts, double total, double shorter) {
    if (total == 0) {
      return shorter;
    }
    const auto distinct = static_cast<double>(counts.size());
    const double seen = counts.count(next) != 0 ? counts[next] : 0.0;
    return (seen + distinct * shorter) / (total + distinct);
  };
  return mix(two, two_total, mix(one, one_total, share));
}

TEST(Transitions, AgreesWithASlowCount) {
  Rng rng(5);
  std::vector<std::uint32_t> sequence;
  for (int i = 0; i < 3000; ++i) {
    sequence.push_back(static_cast<std::uint32_t>(rng.below(1 + rng.below(20))));
  }
  Transitions transitions;
  learn_all(transitions, sequence);
  for (int i = 0; i < 300; ++i) {
    const auto a = static_cast<std::uint32_t>(rng.below(21));
    const auto b = static_cast<std::uint32_t>(rng.below(21));
    const auto c = static_cast<std::uint32_t>(rng.below(21));
    EXPECT_NEAR(transitions.probability(a, b, c, 0.05), slow_probability(sequence, a, b, c, 0.05), 1e-12);
  }
}

TEST(Transitions, LikelyFollowersComeBestFirst) {
  Transitions transitions;
  learn_all(transitions, {0, 1, 0, 1, 0, 2, 0, 3, 0, 3, 0, 3});
  transitions.index_followers(2);
  EXPECT_EQ(transitions.likely_after(0, 5), (std::vector<std::uint32_t>{3, 1}));
  EXPECT_EQ(transitions.likely_after(0, 1), (std::vector<std::uint32_t>{3}));
  EXPECT_TRUE(transitions.likely_after(99, 5).empty());
  EXPECT_TRUE(transitions.likely_after(kNone, 5).empty());
}

TEST(Transitions, AFullMapKeepsWhatItHolds) {
  BoundedMap map(3);
  EXPECT_EQ(map.find(1), nullptr);
  EXPECT_TRUE(map.insert(1, 10));
  EXPECT_TRUE(map.insert(2, 20));
  EXPECT_TRUE(map.insert(3, 30));
  EXPECT_FALSE(map.insert(4, 40));
  EXPECT_EQ(map.size(), 3U);
  EXPECT_EQ(*map.find(3), 30U);
  EXPECT_EQ(map.find(4), nullptr);
}

TEST(Transitions, MapAgreesWithStdMap) {
  Rng rng(2);
  BoundedMap map(100000);
  std::map<std::uint64_t, std::uint32_t> expected;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t key = rng.below(8000) << 32 | rng.below(3);
    if (map.find(key) == nullptr) {
      EXPECT_EQ(expected.count(key), 0U);
      map.insert(key, static_cast<std::uint32_t>(i));
      expected[key] = static_cast<std::uint32_t>(i);
    } else {
      EXPECT_EQ(*map.find(key), expected.at(key));
    }
  }
  EXPECT_EQ(map.size(), expected.size());
}

}  // namespace
}  // namespace logdetect
