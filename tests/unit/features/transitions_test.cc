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
  EXPECT_EQ(transitions.likely_after(0, 5), (std::vector<std::uint32_t>{3, 1, 2}));
  EXPECT_EQ(transitions.likely_after(0, 2), (std::vector<std::uint32_t>{3, 1}));
  EXPECT_EQ(transitions.likely_after(0, 1), (std::vector<std::uint32_t>{3}));
  EXPECT_TRUE(transitions.likely_after(99, 5).empty());
  EXPECT_TRUE(transitions.likely_after(kNone, 5).empty());
}

TEST(Transitions, FullKeysKeepWhatTheyHold) {
  NumberedKeys keys(3);
  EXPECT_EQ(keys.find(1), NumberedKeys::kNone);
  EXPECT_TRUE(keys.insert(10));
  EXPECT_TRUE(keys.insert(20));
  EXPECT_FALSE(keys.insert(10)) << "there already";
  EXPECT_TRUE(keys.insert(30));
  EXPECT_FALSE(keys.insert(40));
  EXPECT_EQ(keys.keys(), (std::vector<std::uint64_t>{10, 20, 30}));
  EXPECT_EQ(keys.find(30), 2U);
  EXPECT_EQ(keys.find(40), NumberedKeys::kNone);
}

TEST(Transitions, KeysAreTakenOverAtOnce) {
  NumberedKeys keys(3);
  EXPECT_FALSE(keys.assign({1, 2, 3, 4}));
  EXPECT_TRUE(keys.assign({30, 10}));
  EXPECT_EQ(keys.find(10), 1U);
  EXPECT_FALSE(keys.insert(30));
  EXPECT_TRUE(keys.insert(20));
  EXPECT_EQ(keys.find(20), 2U);
  EXPECT_FALSE(NumberedKeys(3).assign({5, 6, 5}));
  EXPECT_TRUE(NumberedKeys(3).assign({}));
}

TEST(Transitions, KeysAgreeWithStdMap) {
  Rng rng(2);
  NumberedKeys keys(100000);
  std::map<std::uint64_t, std::uint32_t> expected;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t key = rng.below(8000) << 32 | rng.below(3);
    const bool fresh = expected.emplace(key, static_cast<std::uint32_t>(expected.size())).second;
    EXPECT_EQ(keys.find(key) == NumberedKeys::kNone, fresh);
    EXPECT_EQ(keys.insert(key), fresh);
    EXPECT_EQ(keys.find(key), expected.at(key));
  }
  EXPECT_EQ(keys.keys().size(), expected.size());
}

TEST(Transitions, ListsOfSuccessorsAgreeWithStdMap) {
  Rng rng(3);
  constexpr std::size_t kLimit = 3000;
  Successors successors(kLimit);
  std::vector<TransitionContext> contexts(100);
  std::map<std::size_t, std::map<std::uint32_t, std::uint32_t>> expected;
  std::size_t inserted = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::size_t context = rng.below(1 + rng.below(contexts.size()));
    const auto next = static_cast<std::uint32_t>(rng.below(60));
    if (Successor* found = successors.find(contexts[context], next); found != nullptr) {
      EXPECT_EQ(found->count++, expected[context][next]++);
      continue;
    }
    EXPECT_EQ(expected[context].count(next), 0U);
    EXPECT_EQ(successors.insert(contexts[context], {next, 1}), inserted < kLimit);
    if (inserted < kLimit) {
      ++inserted;
      expected[context][next] = 1;
    }
  }
  for (std::size_t context = 0; context < contexts.size(); ++context) {
    std::map<std::uint32_t, std::uint32_t> held;
    std::uint32_t last = 0;
    for (const Successor& successor : successors.of(contexts[context])) {
      EXPECT_TRUE(held.empty() || successor.next > last) << "ascending";
      last = successor.next;
      held[successor.next] = successor.count;
    }
    EXPECT_EQ(held, expected[context]);
  }
}

}  // namespace
}  // namespace logdetect
