// What a miner promises about its parameters, its evictions and its lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "logdetect/mining/template_miner.h"

namespace logdetect {
namespace {

class MinerLimits : public testing::Test {
 protected:
  MinerLimits() : masker_(std::move(Masker::create({})).value()) {}

  TemplateId learn(TemplateMiner& miner, const std::string& message) {
    text_ = message;
    masker_.mask(text_, masked_);
    return miner.learn(masked_);
  }
  std::vector<std::string> parameters(const TemplateMiner& miner, const std::string& message) {
    text_ = message;
    masker_.mask(text_, masked_);
    std::vector<Parameter> found;
    miner.parameters(miner.match(masked_), masked_, found);
    std::vector<std::string> texts;
    for (const Parameter& parameter : found) {
      texts.emplace_back(parameter.text);
    }
    return texts;
  }

  Masker masker_;
  std::string text_;
  MaskedMessage masked_;
};

using Texts = std::vector<std::string>;

TEST_F(MinerLimits, AListGivesEachOfItsValues) {
  TemplateMiner miner{MinerOptions{}};
  learn(miner, "members: 11, 12 of 5 KB");
  learn(miner, "members: 11, 12, 13 of 6 KB");
  EXPECT_EQ(parameters(miner, "members: 1, 2, 3, 4 of 5 KB"), (Texts{"1", "2", "3", "4", "5 KB"}));
  EXPECT_EQ(parameters(miner, "members: 1, 2 of 7 MB"), (Texts{"1", "2", "7 MB"}));
}

TEST_F(MinerLimits, AMessageGivesAtMost64Parameters) {
  for (const bool list : {false, true}) {
    TemplateMiner miner{MinerOptions{}};
    for (const std::size_t n : {std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{90}}) {
      std::string message = "got";
      for (std::size_t i = 0; i < n; ++i) {
        message += list ? (i == 0 ? " 5" : ", 5") : " 5 w" + std::string(i % 7, 'x');
      }
      learn(miner, message);
      learn(miner, message);
      EXPECT_EQ(parameters(miner, message).size(), std::min<std::size_t>(n, 64)) << n;
    }
  }
}

TEST_F(MinerLimits, TheRarestFifthGoesTheOldestFirst) {
  MinerOptions options;
  options.max_templates = 20;
  TemplateMiner miner(options);
  std::vector<TemplateId> ids;
  for (std::size_t i = 0; i < 20; ++i) {  // no two of one shape, so that nothing merges
    ids.push_back(learn(miner, "shape" + std::string(i, '(') + " of word"));
  }
  EXPECT_EQ(miner.evicted(), 0U);
  for (const std::size_t often : {std::size_t{0}, std::size_t{2}}) {
    learn(miner, "shape" + std::string(often, '(') + " of word");
  }
  const TemplateId last = learn(miner, "shape" + std::string(20, '(') + " of word");
  EXPECT_EQ(miner.evicted(), 5U) << "a fifth of 20 and one";
  EXPECT_EQ(miner.evicted_records(), 5U);
  EXPECT_EQ(miner.size(), 16U);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool gone = i == 1 || (i >= 3 && i <= 6);
    EXPECT_EQ(miner.resolve(ids[i]).valid(), !gone) << i;
  }
  EXPECT_EQ(miner.resolve(last), last);
  const auto list = miner.list();
  EXPECT_EQ(list.size(), 16U);
  EXPECT_TRUE(std::is_sorted(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
  auto counts = miner.counts();
  std::sort(counts.begin(), counts.end());
  EXPECT_EQ(counts.size(), 16U);
  EXPECT_EQ(counts[13], 1U);
  EXPECT_EQ(counts[14], 2U);
  EXPECT_EQ(counts[15], 2U);
}

TEST_F(MinerLimits, InACrowdTheMostSimilarTakesAMessageInTheEarlierOfTwo) {
  MinerOptions options;
  options.max_children = 2;
  TemplateMiner miner(options);
  const TemplateId first = learn(miner, "of two alpha bravo carol");
  const TemplateId second = learn(miner, "of two delta echo foxtrot");
  ASSERT_NE(miner.resolve(first), miner.resolve(second));
  EXPECT_EQ(learn(miner, "of two alpha echo golf"), first) << "three places of five alike in both";
  EXPECT_EQ(miner.info(first).text, "of two alpha <*> <*>");
  EXPECT_EQ(learn(miner, "of two delta echo hotel"), second) << "four in the second";
  EXPECT_EQ(miner.info(second).text, "of two delta echo <*>");
  EXPECT_EQ(miner.info(second).count, 2U);
  options.similarity = 0.7;
  TemplateMiner strict(options);
  learn(strict, "of two alpha bravo carol");
  learn(strict, "of two delta echo foxtrot");
  learn(strict, "of two alpha echo golf");
  EXPECT_EQ(strict.size(), 3U) << "none is similar enough";
  options.similarity = 0.6;
  options.max_children = 3;
  TemplateMiner roomy(options);
  learn(roomy, "of two alpha bravo carol");
  learn(roomy, "of two delta echo foxtrot");
  learn(roomy, "of two alpha echo golf");
  EXPECT_EQ(roomy.size(), 3U) << "two are no crowd of three";
  learn(roomy, "of two alpha echo foxtrot");
  EXPECT_EQ(roomy.size(), 3U);
}

TEST_F(MinerLimits, AFormNeedsTwoWordsThatAreEqual) {
  TemplateMiner miner{MinerOptions{}};
  learn(miner, "at 10.0.0.1");
  learn(miner, "at LOCAL(0)");
  EXPECT_EQ(miner.size(), 2U);
  learn(miner, "sync to 10.0.0.1");
  learn(miner, "sync to LOCAL(0)");
  EXPECT_EQ(miner.size(), 3U);
}

TEST_F(MinerLimits, ARevisionRisesWithThePlacesOnly) {
  TemplateMiner miner{MinerOptions{}};
  const TemplateId id = learn(miner, "link eth0 got 5 from x");
  const std::uint32_t first = miner.revision(id);
  learn(miner, "link eth0 got 6 from x");
  EXPECT_EQ(miner.revision(id), first);
  learn(miner, "link eth1 got 6 from x");
  const std::uint32_t second = miner.revision(id);
  EXPECT_GT(second, first);
  EXPECT_EQ(miner.info(id).text, "link <ID> got <NUM> from x");
  learn(miner, "link eth2 got 7 from x");
  EXPECT_EQ(miner.revision(id), second);
  learn(miner, "link eth2 got 10.0.0.1 from x");
  EXPECT_EQ(miner.info(id).text, "link <ID> got <*> from x");
  EXPECT_EQ(miner.info(id).count, 5U);
}

TEST_F(MinerLimits, InfoTellsTokensAndParameters) {
  TemplateMiner miner{MinerOptions{}};
  const TemplateInfo info = miner.info(learn(miner, "heap has 12 MB of eth0"));
  EXPECT_EQ(info.text, "heap has <NUM> MB of eth0");
  EXPECT_EQ(info.count, 1U);
  EXPECT_EQ(info.token_count, 11U);
  EXPECT_EQ(info.parameter_count, 2U);
  EXPECT_EQ(miner.id_bound(), 1U);
}

}  // namespace
}  // namespace logdetect
