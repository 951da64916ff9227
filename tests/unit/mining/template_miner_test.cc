#include "logdetect/mining/template_miner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "logdetect/base/hash.h"
#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

class MinerTest : public testing::Test {
 protected:
  MinerTest() : masker_(std::move(Masker::create({})).value()), miner_(MinerOptions{}) {}

  TemplateId learn(std::string_view message) {
    masker_.mask(message, masked_);
    return miner_.learn(masked_);
  }
  TemplateId match(std::string_view message) {
    masker_.mask(message, masked_);
    return miner_.match(masked_);
  }
  std::string text(TemplateId id) { return miner_.info(miner_.resolve(id)).text; }

  Masker masker_;
  TemplateMiner miner_;
  MaskedMessage masked_;
};

// The i-th of messages that share no place but their delimiters: nothing to merge them by.
std::string odd_words(std::uint64_t i) {
  std::string word;
  for (std::uint64_t n = hash_mix(i, 7); n > 0; n /= 26) {
    word += static_cast<char>('a' + n % 26);
  }
  const std::size_t half = word.size() / 2;
  return word.substr(0, half) + ' ' + word.substr(half) + std::string(i % 20, '(');  // many skeletons
}

TEST_F(MinerTest, ValuesShareATemplateAndWordsDoNot) {
  const TemplateId first = learn("connected to 10.0.0.1 in 12 ms");
  EXPECT_EQ(learn("connected to 10.9.8.7 in 340 ms"), first);
  EXPECT_NE(learn("disconnected from 10.0.0.1 in 12 ms"), first);
  EXPECT_EQ(text(first), "connected to <IP> in <NUM> ms");
  EXPECT_EQ(miner_.info(first).count, 2U);
}

// What stands before '=' is a name: other names are other templates.
TEST_F(MinerTest, KeysAreHardlyEverVariables) {
  std::set<std::string> texts;
  for (const char* key : {"retries", "timeout", "budget", "weight", "margin", "colour"}) {
    texts.insert(text(learn(std::string("the settings were changed ") + key + "=7")));
  }
  EXPECT_EQ(texts.size(), 6U);
  EXPECT_EQ(text(learn("the settings were changed budget=9")), "the settings were changed budget=<NUM>");
}

// Quoted text is one value where others have one there, whatever stands in it.
TEST_F(MinerTest, QuotedTextWithBracketsIsAFormOfOneValue) {
  learn("agent said \"hello\" to the door");
  learn("agent said \"goodbye\" to the door");
  learn("agent said \"nothing\" to the door");
  learn("agent said \"made (of wood; by hand) in 1923\" to the door");
  EXPECT_EQ(miner_.size(), 1U);
}

TEST_F(MinerTest, FiveDistinctWordsInOneSlotAreAVariable) {
  std::vector<TemplateId> ids;
  for (const char* name : {"alpha", "bravo", "carol", "delta"}) {
    ids.push_back(learn(std::string("queue ") + name + " was drained by worker"));
  }
  EXPECT_NE(miner_.resolve(ids[0]), miner_.resolve(ids[1]));
  ids.push_back(learn("queue echo was drained by worker"));
  for (const TemplateId id : ids) {
    EXPECT_EQ(text(id), "queue <*> was drained by worker");
    EXPECT_EQ(miner_.resolve(id), miner_.resolve(ids[0]));
  }
  EXPECT_EQ(miner_.resolve(match("queue unheard was drained by worker")), miner_.resolve(ids[0]));
}

TEST_F(MinerTest, AfterAnIntroducerTwoValuesSuffice) {
  const TemplateId a = learn("session opened for user root today");
  const TemplateId b = learn("session opened for user nina today");
  EXPECT_EQ(miner_.resolve(a), miner_.resolve(b));
  EXPECT_EQ(text(a), "session opened for user <*> today");
}

TEST_F(MinerTest, AWordWithADigitStaysLiteralUntilASecondOne) {
  const TemplateId id = learn("link eth0 is up");
  EXPECT_EQ(text(id), "link eth0 is up");
  EXPECT_EQ(learn("link eth1 is up"), id);
  EXPECT_EQ(text(id), "link <ID> is up");
}

TEST_F(MinerTest, AllCapsWordsAreConstants) {
  std::set<TemplateId> ids;
  for (const char* state : {"READY", "BUSY", "DOWN", "IDLE", "FAILED", "PAUSED"}) {
    ids.insert(miner_.resolve(learn(std::string("state is now ") + state)));
  }
  EXPECT_EQ(ids.size(), 6U);
}

TEST_F(MinerTest, ListsOfAnyLengthAreOneTemplate) {
  const TemplateId two = learn("members: 11, 12");
  const TemplateId three = learn("members: 21, 22, 23");
  EXPECT_EQ(miner_.resolve(two), miner_.resolve(three));
  EXPECT_EQ(miner_.resolve(match("members: 1, 2, 3, 4, 5")), miner_.resolve(two));
  EXPECT_EQ(text(two), "members: <*>");
}

TEST_F(MinerTest, ParametersAreCutByOffset) {
  const TemplateId id = learn("user=root got 12 files from 10.0.0.1");
  learn("user=nina got 13 files from 10.0.0.2");
  masker_.mask("user=otto got 99 files from 10.0.0.9", masked_);
  ASSERT_EQ(miner_.match(masked_), id);
  std::vector<Parameter> parameters;
  miner_.parameters(id, masked_, parameters);
  ASSERT_EQ(parameters.size(), 3U);
  EXPECT_EQ(parameters[0].text, "otto");
  EXPECT_EQ(parameters[1].text, "99");
  EXPECT_EQ(parameters[1].kind, MaskKind::kNumber);
  EXPECT_EQ(parameters[2].text, "10.0.0.9");
}

TEST_F(MinerTest, NearestSharesMostWords) {
  learn("connection pool at 80 percent");
  const TemplateId pool = learn("connection pool exhausted soon");
  learn("user logged in");
  miner_.compact();
  masker_.mask("connection pool exhausted, 0 available", masked_);
  const TemplateId near = miner_.nearest(masked_);
  ASSERT_TRUE(near.valid());
  EXPECT_EQ(near, pool);
  masker_.mask("zzz yyy", masked_);
  EXPECT_FALSE(miner_.nearest(masked_).valid());
}

// A message like those of a program with many templates, some with word-like values.
std::string random_message(Rng& rng) {
  static const std::vector<std::string> kVerbs = {"open", "close", "start", "stop", "drop", "keep", "send", "read"};
  static const std::vector<std::string> kNames = {"alpha", "bravo", "carol", "delta", "echo", "golf", "hotel", "kilo"};
  std::string out = kVerbs[rng.below(kVerbs.size())] + " of " + kVerbs[rng.below(kVerbs.size())];
  switch (rng.below(5)) {
    case 0:
      return out + " by " + kNames[rng.below(kNames.size())] + " took " + std::to_string(rng.below(1000)) + " ms";
    case 1:
      return out + " id=" + std::to_string(rng.next()) + " (" + kNames[rng.below(kNames.size())] + ")";
    case 2:
      out += " list ";
      for (std::uint64_t n = rng.below(5); n > 0; --n) {
        out += std::to_string(rng.below(50)) + (n > 1 ? ", " : "");
      }
      return out;
    case 3:
      return kNames[rng.below(kNames.size())] + " " + kNames[rng.below(kNames.size())] + " " + out;
    default:
      return out;
  }
}

TEST_F(MinerTest, EveryLearntMessageMatchesAfterCompactAndReload) {
  Rng rng(11);
  std::vector<std::string> messages;
  for (int i = 0; i < 5000; ++i) {
    messages.push_back(random_message(rng));
    learn(messages.back());
  }
  miner_.compact();
  ByteWriter out;
  miner_.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "templates");
  auto loaded = TemplateMiner::load(in, {});
  ASSERT_TRUE(loaded.ok());
  ASSERT_TRUE(in.finish().ok());
  EXPECT_EQ(loaded->size(), miner_.size());
  for (const std::string& message : messages) {
    const TemplateId id = match(message);
    ASSERT_TRUE(id.valid()) << message;
    EXPECT_EQ(loaded->match(masked_), id) << message;
  }
}

TEST_F(MinerTest, SameMessagesSameTemplates) {
  TemplateMiner again({});
  Rng one(3);
  Rng two(3);
  for (int i = 0; i < 3000; ++i) {
    const TemplateId id = learn(random_message(one));
    const std::string message = random_message(two);
    masker_.mask(message, masked_);
    EXPECT_EQ(again.learn(masked_), id);
  }
  const auto a = miner_.list();
  const auto b = again.list();
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].text, b[i].text);
  }
}

TEST_F(MinerTest, TemplatesAreBoundedAndTheFrequentStay) {
  MinerOptions options;
  options.max_templates = 500;
  TemplateMiner small(options);
  TemplateId frequent;
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = "the frequent line number " + std::to_string(i);
    masker_.mask(line, masked_);
    frequent = small.learn(masked_);
    // Letters only, so that nothing is masked, and two places vary, so that evidence alone cannot merge.
    std::string word(8, 'a');
    for (std::size_t k = 0, n = static_cast<std::size_t>(i); k < 8; ++k, n /= 7) {
      word[k] = static_cast<char>('a' + n % 7);
    }
    const std::string rare = word + " is (" + word + ") " + word;
    masker_.mask(rare, masked_);
    small.learn(masked_);
    ASSERT_LE(small.size(), 500U);
  }
  EXPECT_EQ(small.info(small.resolve(frequent)).count, 20'000U);
}

TEST_F(MinerTest, AnIdIsNeverGivenToAnotherTemplate) {
  MinerOptions options;
  options.max_templates = 64;
  TemplateMiner small(options);
  std::map<TemplateId, std::string> named;  // what an id stood for when it was first given
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const std::string message = odd_words(i);
    masker_.mask(message, masked_);
    const TemplateId id = small.learn(masked_);
    ASSERT_TRUE(id.valid());
    named.emplace(id, message);
    for (const auto& [earlier, first] : named) {
      const TemplateId now = small.resolve(earlier);
      if (now == earlier && i % 500 == 0) {
        masker_.mask(first, masked_);
        EXPECT_EQ(small.match(masked_), now) << first;
      }
    }
  }
  EXPECT_GT(small.evicted(), 1'000U);
  EXPECT_GT(named.size(), small.size() + 1'000);
  for (const TemplateInfo& info : small.list()) {
    EXPECT_EQ(small.resolve(info.id), info.id);
  }
}

TEST_F(MinerTest, AMergedIdStillNamesItsTemplateAfterEvictions) {
  MinerOptions options;
  options.max_templates = 64;
  TemplateMiner small(options);
  std::vector<TemplateId> ids;
  for (const char* name : {"alpha", "bravo", "carol", "delta", "echo"}) {
    const std::string message = std::string("queue ") + name + " was drained by worker";
    masker_.mask(message, masked_);
    ids.push_back(small.learn(masked_));
  }
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    const std::string message = odd_words(i);
    masker_.mask(message, masked_);
    small.learn(masked_);
    masker_.mask("queue foxtrot was drained by worker", masked_);
    small.learn(masked_);
  }
  ASSERT_GT(small.evicted(), 0U);
  for (const TemplateId id : ids) {
    EXPECT_EQ(small.info(small.resolve(id)).text, "queue <*> was drained by worker");
  }
}

// A million templates are offered; what is kept does not grow with them.
TEST_F(MinerTest, WhatIsHeldIsBoundedWhateverIsOffered) {
  MinerOptions options;
  options.max_templates = 2'000;
  TemplateMiner small(options);
  MinerFootprint most;
  const auto widen = [&most](const MinerFootprint& now) {
    most.slots = std::max(most.slots, now.slots);
    most.routes = std::max(most.routes, now.routes);
    most.place_sets = std::max(most.place_sets, now.place_sets);
    most.nodes = std::max(most.nodes, now.nodes);
    most.groups = std::max(most.groups, now.groups);
    most.aliases = std::max(most.aliases, now.aliases);
  };
  MinerFootprint early;
  std::uint64_t records = 0;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    const std::string message = odd_words(i);
    masker_.mask(message, masked_);
    small.learn(masked_);
    ++records;
    if (i % 64 == 0) {
      widen(small.footprint());
    }
    if (i == 100'000) {
      early = most;
    }
  }
  EXPECT_GT(small.evicted(), 500'000U);
  EXPECT_LE(most.slots, 2 * options.max_templates + 1'025);
  EXPECT_LE(most.routes, 8 * options.max_templates + 1'025);
  EXPECT_LE(most.aliases, options.max_templates);
  // All of it was reached in the first tenth already.
  EXPECT_LE(most.slots, early.slots + early.slots / 4);
  EXPECT_LE(most.routes, early.routes + early.routes / 4);
  EXPECT_LE(most.place_sets, early.place_sets + early.place_sets / 4 + 64);
  EXPECT_LE(most.nodes, early.nodes + early.nodes / 4);
  EXPECT_LE(most.groups, early.groups + early.groups / 4);
  std::uint64_t held = 0;
  for (const TemplateInfo& info : small.list()) {
    held += info.count;
  }
  EXPECT_EQ(held + small.evicted_records(), records);
}

TEST_F(MinerTest, ATemplateIsNeverEvictedByItsOwnFirstMessage) {
  MinerOptions options;
  options.max_templates = 16;
  TemplateMiner small(options);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 60; ++i) {
      const std::string message = "shape" + std::string(static_cast<std::size_t>(i % 30), '(') + " of word" +
                                  std::string(static_cast<std::size_t>(i / 30), ';');
      masker_.mask(message, masked_);
      ASSERT_TRUE(small.learn(masked_).valid());
    }
  }
}

TEST_F(MinerTest, MessagesOfOneWordStayApartAndCheap) {
  for (int i = 0; i < 20'000; ++i) {
    std::string word;
    for (int n = i + 26; n > 0; n /= 26) {
      word += static_cast<char>('a' + n % 26);
    }
    learn(word);  // cubic once: this many would take hours
  }
  EXPECT_LE(miner_.size(), 20'000U);
}

TEST_F(MinerTest, TheLongestMessageComesBackFromTheModel) {
  std::string message;
  for (int i = 0; i < 3'000; ++i) {
    message += "gh:";
  }
  learn(message);
  miner_.compact();
  ByteWriter out;
  miner_.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "templates");
  const auto loaded = TemplateMiner::load(in, {});
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_string();
  masker_.mask(message, masked_);
  EXPECT_TRUE(loaded->match(masked_).valid());
}

// What `train --update` does: learn on, keep the ids that a model gave out.
TEST_F(MinerTest, KnownIdsStayWhenItLearnsOnEvenOfMergedTemplates) {
  learn("service started on node 7");
  learn("queue alpha was drained by worker");
  learn("queue bravo was drained by worker");
  learn("queue bravo was drained by worker");
  learn("service stopped on node 7");
  miner_.compact();
  const std::size_t known = miner_.size();
  ASSERT_EQ(known, 4U);
  const auto reload = [this] {
    ByteWriter out;
    miner_.save(out);
    const std::string bytes = out.take();
    ByteReader in(bytes, "templates");
    auto loaded = TemplateMiner::load(in, {});
    ASSERT_TRUE(loaded.ok()) << loaded.error().to_string();
    ASSERT_TRUE(in.finish().ok());
    miner_ = std::move(loaded).value();
    ByteWriter again;
    miner_.save(again);
    EXPECT_EQ(again.take(), bytes);
  };
  reload();
  for (const char* name : {"charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima"}) {
    learn(std::string("queue ") + name + " was drained by worker");
  }
  learn("lease of node 9 was renewed");
  miner_.compact(known);
  for (int round = 0; round < 2; ++round) {  // as learnt, and as it comes back from a model
    EXPECT_EQ(match("service started on node 8"), TemplateId(0));
    EXPECT_EQ(match("queue bravo was drained by worker"), TemplateId(2));
    EXPECT_EQ(match("queue alpha was drained by worker"), TemplateId(2));
    EXPECT_EQ(match("queue zulu was drained by worker"), TemplateId(2));
    EXPECT_EQ(match("service stopped on node 8"), TemplateId(3));
    EXPECT_EQ(match("lease of node 4 was renewed"), TemplateId(4));
    EXPECT_EQ(miner_.resolve(TemplateId(1)), TemplateId(2));
    EXPECT_EQ(miner_.info(TemplateId(1)).text, "queue <*> was drained by worker");
    EXPECT_EQ(miner_.size(), 4U);
    EXPECT_EQ(miner_.id_bound(), 5U);
    EXPECT_EQ(miner_.info(TemplateId(2)).count, 13U);
    reload();
  }
  // And once more, after which the merged id still leads where it led.
  learn("backup of volume 3 done");
  miner_.compact(miner_.id_bound());
  EXPECT_EQ(match("backup of volume 4 done"), TemplateId(5));
  EXPECT_EQ(miner_.resolve(TemplateId(1)), TemplateId(2));
  reload();
  EXPECT_EQ(miner_.resolve(TemplateId(1)), TemplateId(2));
}

TEST_F(MinerTest, AMergedIdMayNotLeadToAnother) {
  learn("queue alpha was drained by worker");
  learn("queue bravo was drained by worker");
  miner_.compact();
  for (const char* name : {"charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima"}) {
    learn(std::string("queue ") + name + " was drained by worker");
  }
  miner_.compact(2);
  ASSERT_EQ(miner_.size(), 1U);
  ByteWriter out;
  miner_.save(out);
  std::string bytes = out.take();
  // No records, the flag, then the id it leads to: let that be one too many.
  const std::string husk("\0\0\0\0\0\0\0\0\x08", 9);
  const std::size_t at = bytes.find(husk);
  ASSERT_NE(at, std::string::npos);
  for (const char target : {'\x02', '\x7f'}) {
    bytes[at + husk.size()] = target;
    ByteReader in(bytes, "templates");
    EXPECT_FALSE(TemplateMiner::load(in, {}).ok());
  }
}

TEST_F(MinerTest, CrowdedLeavesMergeBySimilarity) {
  // Two words vary at once: no slot ever shows several values with the rest equal.
  for (int i = 0; i < 2000; ++i) {
    std::string a = "n";
    std::string b = "m";
    for (int n = i + 26; n > 0; n /= 26) {
      a += static_cast<char>('a' + n % 26);
      b += static_cast<char>('z' - n % 26);
    }
    learn("transfer between accounts of " + a + " and " + b + " is complete now");
  }
  EXPECT_LT(miner_.size(), 200U);
}

TEST(TemplateMinerLoad, RefusesBrokenBytes) {
  TemplateMiner miner({});
  auto masker = Masker::create({});
  MaskedMessage masked;
  for (const char* message : {"a b c", "x 1 y", "k=v, l=w"}) {
    masker->mask(message, masked);
    miner.learn(masked);
  }
  miner.compact();
  ByteWriter out;
  miner.save(out);
  const std::string bytes = out.take();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    ByteReader in(std::string_view(bytes).substr(0, n), "templates");
    EXPECT_FALSE(TemplateMiner::load(in, {}).ok()) << n;
  }
}

}  // namespace
}  // namespace logdetect
