#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/mining/template_miner.h"

namespace logdetect {
namespace {

class MergeTest : public testing::Test {
 protected:
  MergeTest() : masker_(std::move(Masker::create({})).value()) {}

  TemplateMiner mine(const std::vector<std::string>& messages) {
    TemplateMiner miner(options_);
    for (const std::string& message : messages) {
      masker_.mask(message, masked_);
      miner.learn(masked_);
    }
    miner.compact();
    return miner;
  }
  bool matches(const TemplateMiner& miner, const std::string& message) {
    masker_.mask(message, masked_);
    return miner.match(masked_).valid();
  }
  static std::vector<std::string> shown(const TemplateMiner& miner) {
    std::vector<std::string> out;
    for (const TemplateInfo& info : miner.list()) {
      out.push_back(std::to_string(info.id.value()) + " " + std::to_string(info.count) + " " + info.text);
    }
    return out;
  }

  MinerOptions options_;
  Masker masker_;
  MaskedMessage masked_;
};

std::string word_of(Rng& rng, std::uint64_t most) {
  static const char* const kSyllables[] = {"ba", "ko", "ri", "tu", "me", "sol", "van", "dex"};
  std::string out;
  for (std::uint64_t n = rng.below(most) + 1; n > 0; n /= 8) {
    out += kSyllables[n % 8];
  }
  return out;
}

// Lines of many kinds: values, words that vary, lists, lazily literal words, one-off lines, crowds.
std::string random_line(Rng& rng) {
  const std::string number = std::to_string(rng.below(1000));
  switch (rng.below(9)) {
    case 0:
      return "connected to 10.0.0." + std::to_string(rng.below(250)) + " in " + number + " ms";
    case 1:
      return "queue " + word_of(rng, 60) + " was drained by worker";
    case 2:
      return "session opened for user " + word_of(rng, 30) + " today";
    case 3: {
      std::string list = "members: " + number;
      for (std::uint64_t n = rng.below(5); n > 0; --n) {
        list += ", " + std::to_string(rng.below(100));
      }
      return list;
    }
    case 4:
      return "link eth" + std::to_string(rng.below(4)) + " is " + (rng.below(2) == 0 ? "up" : "down");
    case 5:
      return "transfer between " + word_of(rng, 4000) + " and " + word_of(rng, 4000) + " is complete now";
    case 6:
      return word_of(rng, 400) + "=" + word_of(rng, 400) + " [" + word_of(rng, 20) + "]";
    case 7:
      return "state is now " + std::string(rng.below(2) == 0 ? "READY" : "BUSY");
    default:
      return word_of(rng, 5000) + " " + word_of(rng, 50);
  }
}

TEST_F(MergeTest, EitherOrderGivesTheSameAndEveryLineMatches) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Rng rng(seed);
    std::vector<std::string> lines;
    for (int i = 0; i < 1'500; ++i) {
      lines.push_back(random_line(rng));
    }
    const auto cut = static_cast<std::ptrdiff_t>(rng.below(lines.size()));
    const TemplateMiner a = mine({lines.begin(), lines.begin() + cut});
    const TemplateMiner b = mine({lines.begin() + cut, lines.end()});
    const TemplateMiner ab = TemplateMiner::merge(a, b, options_);
    const TemplateMiner ba = TemplateMiner::merge(b, a, options_);
    EXPECT_EQ(shown(ab), shown(ba)) << "seed " << seed;
    std::uint64_t count = 0;
    for (const TemplateInfo& info : ab.list()) {
      count += info.count;
    }
    EXPECT_EQ(count, lines.size());
    for (const std::string& line : lines) {
      ASSERT_TRUE(matches(ab, line)) << "seed " << seed << ": " << line;
    }
    // Far fewer than the two together where they overlap.
    EXPECT_LE(ab.size(), a.size() + b.size());
    EXPECT_LT(ab.size(), mine(lines).size() * 3 / 2 + 20);
  }
}

TEST_F(MergeTest, WithItselfOnlyTheCountsChange) {
  Rng rng(5);
  std::vector<std::string> lines;
  for (int i = 0; i < 800; ++i) {
    lines.push_back(random_line(rng));
  }
  const TemplateMiner once = TemplateMiner::merge(mine(lines), mine({}), options_);
  const TemplateMiner twice = TemplateMiner::merge(once, once, options_);
  ASSERT_EQ(once.size(), twice.size());
  for (const TemplateInfo& info : once.list()) {
    EXPECT_EQ(twice.info(info.id).text, info.text);
    EXPECT_EQ(twice.info(info.id).count, 2 * info.count);
  }
}

TEST_F(MergeTest, EvidenceOfBothCountsTogether) {
  const TemplateMiner a = mine({"queue alpha was drained by worker", "queue bravo was drained by worker"});
  const TemplateMiner b = mine(
      {"queue carol was drained by worker", "queue delta was drained by worker", "queue echo was drained by worker"});
  ASSERT_EQ(a.size() + b.size(), 5U);
  const TemplateMiner merged = TemplateMiner::merge(a, b, options_);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged.list().front().text, "queue <*> was drained by worker");
  EXPECT_TRUE(matches(merged, "queue unheard was drained by worker"));
}

TEST_F(MergeTest, ACaseOfATemplateIsTakenInByIt) {
  const TemplateMiner a = mine({"session opened for user root today", "session opened for user nina today"});
  const TemplateMiner b = mine({"session opened for user olga today"});
  const TemplateMiner merged = TemplateMiner::merge(b, a, options_);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged.list().front().count, 3U);
}

TEST_F(MergeTest, ListsOfDifferentLengthsAreOne) {
  const TemplateMiner merged =
      TemplateMiner::merge(mine({"members: 11, 12"}), mine({"members: 21, 22, 23", "members: 1, 2, 3, 4"}), options_);
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_TRUE(matches(merged, "members: 1, 2, 3, 4, 5, 6"));
}

TEST_F(MergeTest, TheFrequentStayWithinTheBound) {
  Rng rng(3);
  std::vector<std::string> one;
  std::vector<std::string> two;
  for (int i = 0; i < 600; ++i) {
    one.push_back(word_of(rng, 1'000'000) + " (" + word_of(rng, 1'000'000) + ")");
    two.push_back(word_of(rng, 1'000'000) + " [" + word_of(rng, 1'000'000) + "]");
    two.emplace_back("heartbeat ok");
  }
  const TemplateMiner a = mine(one);
  const TemplateMiner b = mine(two);
  MinerOptions tight;
  tight.max_templates = 400;
  const TemplateMiner merged = TemplateMiner::merge(a, b, tight);
  EXPECT_LE(merged.size(), 1'100U);
  EXPECT_EQ(merged.list().front().text, "heartbeat ok");
  EXPECT_EQ(merged.list().front().id, TemplateId(0));
  EXPECT_EQ(shown(merged), shown(TemplateMiner::merge(b, a, tight)));
}

TEST_F(MergeTest, ACounterpartIsTheSameTemplateOrAWiderOne) {
  const TemplateMiner narrow = mine({"session opened for user olga today", "disk 7 is full", "only here"});
  const TemplateMiner wide = mine(
      {"only there", "session opened for user root today", "session opened for user nina today", "disk 9 is full"});
  const auto counterpart = [](const TemplateMiner& in, const TemplateMiner& of, std::uint32_t id) {
    const TemplateId found = in.counterpart(of, TemplateId(id));
    return found.valid() ? in.info(found).text : std::string();
  };
  EXPECT_EQ(counterpart(wide, narrow, 0), "session opened for user <*> today");
  EXPECT_EQ(counterpart(wide, narrow, 1), "disk <NUM> is full");
  EXPECT_EQ(counterpart(wide, narrow, 2), "");
  EXPECT_EQ(counterpart(narrow, wide, 1), "") << "a wider one is no case of a narrower one";
  EXPECT_EQ(counterpart(narrow, wide, 2), "disk <NUM> is full");
}

TEST_F(MergeTest, EveryTemplateIsItsOwnCounterpart) {
  Rng rng(11);
  std::vector<std::string> lines;
  for (int i = 0; i < 3000; ++i) {
    lines.push_back(random_line(rng));
  }
  const TemplateMiner miner = mine(lines);
  ASSERT_GT(miner.size(), 50U);
  for (const TemplateInfo& info : miner.list()) {
    EXPECT_EQ(miner.counterpart(miner, info.id), info.id) << info.text;
  }
}

TEST_F(MergeTest, APinnedTemplateHasACounterpartWhereItIsPinnedToo) {
  options_.templates = {"user <*> came"};
  masker_ = std::move(Masker::create(options_)).value();
  const TemplateMiner a = mine({"user 7 came", "user 8 came"});
  const TemplateMiner b = mine({"nothing else", "user 9 came"});
  EXPECT_EQ(b.counterpart(a, TemplateId(0)), TemplateId(1));
}

}  // namespace
}  // namespace logdetect
