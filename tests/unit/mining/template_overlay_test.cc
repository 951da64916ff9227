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

// A word of letters for each number.
std::string word(int number) {
  std::string out = "w";
  for (int rest = number; rest > 0; rest /= 20) {
    out += static_cast<char>('a' + rest % 20);
  }
  return out;
}

TEST_F(Overlay, KeepsAtMostSoManyNewOnes) {
  MinerOptions options;
  options.max_templates = 1000;
  TemplateOverlay overlay(known_, options, 16);
  for (int i = 0; i < 200; ++i) {  // of no two messages more than the last word is alike
    overlay.learn(masked(word(3 * i + 1) + " " + word(3 * i + 2) + " " + word(3 * i + 3) + " happened"));
  }
  EXPECT_EQ(overlay.met(), 200U);
  EXPECT_GE(overlay.evicted(), 200U - 16U);
}

}  // namespace
}  // namespace logdetect
