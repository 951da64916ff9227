#include "pipeline/template_kin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "logdetect/mining/masker.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GroupKin, WithoutLinksEachIsAlone) {
  const std::vector<Kin> kin = group_kin(2, 1, {});
  ASSERT_EQ(kin.size(), 3U);
  EXPECT_THAT(kin[0].before, ElementsAre(0));
  EXPECT_THAT(kin[0].after, IsEmpty());
  EXPECT_THAT(kin[1].before, ElementsAre(1));
  EXPECT_THAT(kin[2].before, IsEmpty());
  EXPECT_THAT(kin[2].after, ElementsAre(0));
}

TEST(GroupKin, LinksConnectOverOthers) {
  // 0-1, 2-1 and 2-0: all but place 1 of the first list and 2 of the second.
  const std::vector<KinLink> links = {{0, 1}, {2, 1}, {2, 0}};
  const std::vector<Kin> kin = group_kin(3, 3, links);
  ASSERT_EQ(kin.size(), 3U);
  EXPECT_THAT(kin[0].before, ElementsAre(0, 2));
  EXPECT_THAT(kin[0].after, ElementsAre(0, 1));
  EXPECT_THAT(kin[1].before, ElementsAre(1));
  EXPECT_THAT(kin[1].after, IsEmpty());
  EXPECT_THAT(kin[2].after, ElementsAre(2));
}

TEST(GroupKin, TheSameLinkTwiceIsOne) {
  const std::vector<KinLink> links = {{0, 0}, {0, 0}};
  EXPECT_EQ(group_kin(1, 1, links).size(), 1U);
  EXPECT_THAT(group_kin(0, 0, {}), IsEmpty());
}

TemplateMiner miner_of(const std::vector<std::string>& messages) {
  const MinerOptions options;
  auto masker = Masker::create(options);
  TemplateMiner miner(options);
  MaskedMessage masked;
  for (const std::string& message : messages) {
    masker->mask(message, masked);
    (void)miner.learn(masked);
  }
  miner.compact();
  return miner;
}

TEST(LinkTemplates, EqualTextsBelongTogetherWhateverTheirIds) {
  const TemplateMiner before = miner_of({"alpha began", "omega ended"});
  const TemplateMiner after = miner_of({"quite another thing", "omega ended"});
  const std::vector<KinLink> links = link_templates(before, after);
  const std::vector<Kin> kin = group_kin(2, 2, links);
  ASSERT_EQ(kin.size(), 3U);
  EXPECT_THAT(kin[1].before, ElementsAre(1));
  EXPECT_THAT(kin[1].after, ElementsAre(1));
}

TEST(LinkTemplates, ACaseBelongsToTheWiderTemplate) {
  std::vector<std::string> many;
  for (const char* name : {"anna", "berta", "carla", "dora", "emil", "fritz", "gustav", "hans", "ida",  "jakob",
                           "karl", "lena",  "max",   "nora", "otto", "paul",  "rosa",   "sven", "tina", "udo"}) {
    many.push_back("greeting " + std::string(name) + " sent home");
  }
  const TemplateMiner wide = miner_of(many);
  ASSERT_EQ(wide.size(), 1U);
  const TemplateMiner narrow = miner_of({"greeting anna sent home", "greeting zoe sent home"});
  ASSERT_EQ(narrow.size(), 2U);
  const std::vector<Kin> forward = group_kin(1, 2, link_templates(wide, narrow));
  ASSERT_EQ(forward.size(), 1U);
  EXPECT_THAT(forward[0].after, ElementsAre(0, 1));
  const std::vector<Kin> backward = group_kin(2, 1, link_templates(narrow, wide));
  ASSERT_EQ(backward.size(), 1U);
  EXPECT_THAT(backward[0].before, ElementsAre(0, 1));
}

}  // namespace
}  // namespace logdetect
