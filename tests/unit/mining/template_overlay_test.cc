#include "logdetect/mining/template_overlay.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

class Overlay : public testing::Test {
 protected:
  Overlay() : masker_(std::move(Masker::create({})).value()), known_({}) {
    for (const char* message : {"disk sda1 mounted", "login of alice accepted", "login of alice accepted"}) {
      known_.learn(masked(message));
    }
    known_.compact();
  }
  const MaskedMessage& masked(const std::string& message) {
    text_ = message;
    masker_.mask(text_, masked_);
    return masked_;
  }

  Masker masker_;
  TemplateMiner known_;
  std::string text_;
  MaskedMessage masked_;
};

TEST_F(Overlay, NewTemplatesStandBehindTheKnownOnes) {
  TemplateOverlay overlay(known_, {});
  EXPECT_EQ(overlay.known(), 2U);
  EXPECT_EQ(overlay.met(), 0U);
  const TemplateId fresh = overlay.learn(masked("fan 3 failed"));
  EXPECT_GE(fresh.value(), known_.id_bound());
  EXPECT_TRUE(overlay.is_new(fresh));
  EXPECT_FALSE(overlay.is_new(TemplateId(1)));
  EXPECT_FALSE(overlay.is_new(TemplateId()));
  EXPECT_EQ(overlay.met(), 1U);
  EXPECT_EQ(overlay.text(fresh), "fan <NUM> failed");
  EXPECT_EQ(overlay.text(known_.match(masked("disk sda1 mounted"))), "disk sda1 mounted");
  EXPECT_EQ(overlay.text(TemplateId()), "");
  EXPECT_TRUE(overlay.alarming(fresh));
  std::vector<Parameter> parameters;
  overlay.parameters(fresh, masked("fan 7 failed"), parameters);
  ASSERT_EQ(parameters.size(), 1U);
  EXPECT_EQ(parameters[0].text, "7");
}

TEST_F(Overlay, ResolvesInBothParts) {
  TemplateOverlay overlay(known_, {});
  EXPECT_EQ(overlay.resolve(TemplateId(0)), TemplateId(0));
  EXPECT_FALSE(overlay.resolve(TemplateId()).valid());
  std::vector<TemplateId> ids;
  for (const char* user : {"bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim"}) {
    ids.push_back(overlay.learn(masked(std::string("logout of ") + user + " done")));
  }
  const TemplateId merged = overlay.resolve(ids.front());
  ASSERT_TRUE(overlay.is_new(merged));
  EXPECT_EQ(overlay.resolve(ids.back()), merged) << "they turned out to be one";
  EXPECT_EQ(overlay.text(ids.front()), overlay.text(merged));
}

TEST_F(Overlay, TheNearestIsAKnownOne) {
  TemplateOverlay overlay(known_, {});
  overlay.learn(masked("login of alice refused"));
  EXPECT_EQ(overlay.nearest_text(masked("login of alice refused")), "login of alice accepted");
  EXPECT_EQ(overlay.nearest_text(masked("zebra")), "");
}

TEST_F(Overlay, KeepsAtMostSoManyNewOnes) {
  TemplateOverlay overlay(known_, {}, 10);
  std::vector<TemplateId> ids;
  for (int i = 0; i < 40; ++i) {
    ids.push_back(overlay.learn(masked("kind" + std::string(static_cast<std::size_t>(i + 1), 'x') + " of its own")));
  }
  EXPECT_GT(overlay.evicted(), 0U);
  EXPECT_LE(overlay.met() - overlay.evicted(), 10U);
}

}  // namespace
}  // namespace logdetect
