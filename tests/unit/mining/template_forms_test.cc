// Templates that stand for messages of several shapes: groups, lists, units, and those the user wrote down.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/mining/mask_check.h"
#include "logdetect/mining/template_miner.h"

namespace logdetect {
namespace {

class FormsTest : public testing::Test {
 protected:
  void use(const MinerOptions& options) {
    masker_.emplace(std::move(Masker::create(options)).value());
    miner_.emplace(options);
  }
  FormsTest() { use({}); }

  TemplateId learn(const std::string& message) {
    message_ = message;
    masker_->mask(message_, masked_);
    return miner_->learn(masked_);
  }
  TemplateId match(const std::string& message) {
    message_ = message;
    masker_->mask(message_, masked_);
    return miner_->match(masked_);
  }
  std::string text(TemplateId id) { return miner_->info(miner_->resolve(id)).text; }
  std::vector<std::string> parameters(const std::string& message) {
    const TemplateId id = match(message);
    std::vector<Parameter> found;
    miner_->parameters(id, masked_, found);
    std::vector<std::string> texts;
    for (const Parameter& parameter : found) {
      texts.emplace_back(parameter.text);
    }
    return texts;
  }
  TemplateMiner reloaded() {
    miner_->compact();
    ByteWriter out;
    miner_->save(out);
    bytes_ = out.take();
    ByteReader in(bytes_, "templates");
    auto loaded = TemplateMiner::load(in, {});
    EXPECT_TRUE(loaded.ok());
    return std::move(loaded).value();
  }

  std::optional<Masker> masker_;
  std::optional<TemplateMiner> miner_;
  std::string message_;
  MaskedMessage masked_;
  std::string bytes_;
};

TEST_F(FormsTest, AGroupIsOneValueWhereOthersHaveOne) {
  const TemplateId address = learn("synchronized to 10.0.0.1, stratum 2");
  EXPECT_EQ(miner_->resolve(learn("synchronized to LOCAL(0), stratum 10")), address);
  EXPECT_EQ(text(address), "synchronized to <*>, stratum <NUM>");
  EXPECT_EQ(parameters("synchronized to LOCAL(0), stratum 10"), (std::vector<std::string>{"LOCAL(0)", "10"}));
  const TemplateMiner loaded = reloaded();
  match("synchronized to REMOTE(3), stratum 4");
  EXPECT_TRUE(loaded.match(masked_).valid());
}

TEST_F(FormsTest, TheOrderOfFormsDoesNotMatter) {
  const TemplateId first = learn("proxy wpad:80 refused us twice");
  EXPECT_EQ(text(first), "proxy wpad:<NUM> refused us twice");
  const TemplateId second = learn("proxy a.example.com:80 refused us twice");
  EXPECT_EQ(miner_->resolve(first), miner_->resolve(second));
  EXPECT_EQ(text(first), "proxy <*> refused us twice");
  EXPECT_EQ(miner_->info(second).count, 2U);
  EXPECT_EQ(miner_->size(), 1U);
}

TEST_F(FormsTest, AGroupStaysWhereNothingElseIsAlike) {
  EXPECT_NE(miner_->resolve(learn("lock held by thread(4) again")), miner_->resolve(learn("lock freed by 4 again")));
}

TEST_F(FormsTest, RepeatedGroupsOfAnyLengthAreOneTemplate) {
  const TemplateId two = learn("peers up(1), up(2) joined");
  EXPECT_EQ(miner_->resolve(learn("peers up(1), up(2), up(3), up(4) joined")), miner_->resolve(two));
  EXPECT_EQ(miner_->resolve(learn("peers up(9) joined")), miner_->resolve(two));
  EXPECT_EQ(text(two), "peers up(<*>) joined");
  const TemplateId nodes = learn("bad set node-1 0x1f <ok> node-2 0x2f <ok> node-3 0x1f <ok>");
  EXPECT_EQ(miner_->resolve(learn("bad set node-1 0x1f <ok> node-2 0x2f <ok> node-3 0x1f <ok> node-4 0x1f <ok>")),
            miner_->resolve(nodes));
}

TEST_F(FormsTest, AUnitIsLiteralUntilItVaries) {
  const TemplateId fixed = learn("heap has 12 MB free");
  learn("heap has 80 MB free");
  EXPECT_EQ(text(fixed), "heap has <NUM> MB free");
  EXPECT_EQ(learn("heap has 1.5 GB free"), fixed);
  EXPECT_EQ(text(fixed), "heap has <NUM> free");
  EXPECT_EQ(parameters("heap has 3 KB free"), std::vector<std::string>{"3 KB"});
  EXPECT_EQ(miner_->info(fixed).parameter_count, 1U);
}

TEST_F(FormsTest, AnEmptyValueIsAValue) {
  const TemplateId full = learn("login ruser=otto rhost=10.0.0.1");
  EXPECT_EQ(learn("login ruser= rhost=10.0.0.2"), full);
  EXPECT_EQ(text(full), "login ruser=<*> rhost=<IP>");
}

TEST_F(FormsTest, PunctuationNeverBecomesAValue) {
  const TemplateId stars = learn("fan 1 2 **** 4 speeds");
  EXPECT_NE(miner_->resolve(learn("fan 1 2 3 4 speeds")), miner_->resolve(stars));
}

TEST_F(FormsTest, AMaskOfTheUserShowsItsName) {
  MinerOptions options;
  options.masks = {{"ORDER", "ord-[a-z]+"}, {"CARD", "card-[a-z]+"}};
  use(options);
  const TemplateId id = learn("placed ord-xyz now");
  EXPECT_EQ(text(id), "placed <ORDER> now");
  EXPECT_EQ(reloaded().info(id).text, "placed <ORDER> now");
  EXPECT_EQ(learn("placed card-xyz now"), id);
  EXPECT_EQ(text(id), "placed <*> now");
}

TEST_F(FormsTest, ATemplateOfTheUserIsTakenAsItIs) {
  MinerOptions options;
  options.templates = {"user <*> logged in from <IP>", "user <NAME> <*>", "all connections were lost"};
  options.max_templates = 16;
  use(options);
  const TemplateId first = learn("user otto the great logged in from 10.0.0.1");
  EXPECT_EQ(text(first), "user <*> logged in from <IP>");
  EXPECT_EQ(parameters("user a logged in from 10.0.0.9"), (std::vector<std::string>{"a", "10.0.0.9"}));
  EXPECT_EQ(learn("user otto logged in from /10.0.0.1"), first);
  // No address, so the second takes it.
  EXPECT_EQ(text(learn("user otto logged in from home")), "user <NAME> <*>");
  const TemplateId lost = learn("all connections were lost");
  EXPECT_EQ(text(lost), "all connections were lost");
  EXPECT_TRUE(miner_->alarming(lost));
  EXPECT_FALSE(miner_->alarming(first));
  for (int i = 0; i < 400; ++i) {
    const std::string word(1 + static_cast<std::size_t>(i) % 20, static_cast<char>('a' + i / 20));
    learn(word + " (" + word + ") went " + word);
  }
  EXPECT_GT(miner_->evicted(), 0U);
  EXPECT_EQ(match("user b logged in from 10.0.0.9"), first);
  const TemplateMiner loaded = reloaded();
  EXPECT_EQ(loaded.info(match("user b logged in from 10.0.0.9")).text, "user <*> logged in from <IP>");
}

TEST(PinnedTemplate, SaysWhatIsWrong) {
  EXPECT_EQ(check_pinned_template("user <*> logged in"), "");
  EXPECT_EQ(check_pinned_template("a < b > c"), "");
  EXPECT_NE(check_pinned_template(""), "");
  EXPECT_NE(check_pinned_template("<*> <IP>"), "");
  EXPECT_NE(check_pinned_template("a <*><IP>"), "");
  MinerOptions options;
  options.templates = {"<*>"};
  const auto masker = Masker::create(options);
  ASSERT_FALSE(masker.ok());
  EXPECT_EQ(masker.error().code, ErrorCode::kConfig);
}

// Bytes that look like lists, groups, units, empty values and masks, in any order.
std::string awkward_message(Rng& rng) {
  static const std::vector<std::string> kPieces = {
      "open",  "close", "READY", "IPV6",  "a(1)", "a(2)", "b(c)", "LOCAL(0)", "10.0.0.1", "wpad:80", "x.example.com:80",
      "k=v",   "k=",    "k=1",   "(a b)", "[1]",  "[]",   "()",   "\"q r\"",  "'s'",      "12 KB",   "7 MB",
      "****",  "##",    "1##2",  "1,",    "2,",   "a,",   "3",    "4",        "<5>",      "<ok>",    "{x}",
      "n::m1", "p/q",   "/r/s.", "true",  "null", "eth0", "it's", "e08x",     "-",        "user",    "root"};
  std::string out = rng.below(2) == 0 ? "server said" : "client said";
  for (std::uint64_t n = rng.below(6); n > 0; --n) {
    out += rng.below(8) == 0 ? "" : " ";
    out += kPieces[rng.below(kPieces.size())];
  }
  return out;
}

TEST_F(FormsTest, EveryAwkwardMessageMatchesAfterReload) {
  Rng rng(5);
  for (int round = 0; round < 20; ++round) {
    use({});
    std::vector<std::string> messages;
    for (int i = 0; i < 3000; ++i) {
      messages.push_back(awkward_message(rng));
      const TemplateId id = learn(messages.back());
      ASSERT_TRUE(miner_->resolve(id).valid());
      ASSERT_TRUE(match(messages.back()).valid()) << messages.back();
    }
    const TemplateMiner loaded = reloaded();
    for (const std::string& message : messages) {
      const TemplateId id = match(message);
      ASSERT_TRUE(id.valid()) << message;
      EXPECT_EQ(loaded.match(masked_), id) << message;
      std::vector<Parameter> found;
      miner_->parameters(id, masked_, found);
    }
  }
}

}  // namespace
}  // namespace logdetect
