#include "mining/template.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "logdetect/core/event.h"
#include "logdetect/mining/mask_ahead.h"
#include "mining/template_merge.h"

namespace logdetect {
namespace {

Template template_of(const std::string& message, const MinerOptions& options = {}) {
  const auto masker = Masker::create(options);
  EXPECT_TRUE(masker.ok());
  MaskedMessage masked;
  masker->mask(message, masked);
  return make_template(masked);
}

TEST(Template, ShowsWhatItHolds) {
  for (const auto& [message, text] :
       {std::pair("a  b\tc", "a b c"), std::pair("got 5 of eth0", "got <NUM> of eth0"),
        std::pair("x 12 KB y", "x <NUM> KB y"), std::pair("u= v", "u= v"), std::pair("()", "()"), std::pair("", "")}) {
    EXPECT_EQ(template_of(message).text(), text);
  }
}

TEST(Template, OpenPlacesAreInOrderHoweverMany) {
  std::string message = "w";
  for (std::size_t i = 0; i < 24; ++i) {
    message += i % 3 == 0 ? " 5 KB" : " 5 w";
  }
  const Template t = template_of(message);
  ASSERT_EQ(t.open_count(), 24U);
  for (std::size_t k = 0; k < 24; ++k) {
    EXPECT_EQ(t.open_place_at(k).token, 2 + 4 * k) << k;
    EXPECT_EQ(t.open_place_at(k).with_unit, k % 3 == 0) << k;
  }
  EXPECT_EQ(template_of("x 5 KB").open_count(), 1U);
  EXPECT_TRUE(template_of("x 5 KB").open_place_at(0).with_unit);
  EXPECT_FALSE(template_of("x 5 eth0").open_place_at(0).with_unit);
}

TEST(Template, RefreshCountsAndRemembers) {
  Template t = template_of("link eth0 and eth1 got 5, x");
  EXPECT_EQ(t.lazy_words, 2U);
  EXPECT_EQ(t.token_count, t.tokens.size());
  EXPECT_EQ(t.literal_count(), 4U);
  EXPECT_EQ(t.place_hashes.size(), 7U);
  EXPECT_EQ(t.count, 0U);
  EXPECT_TRUE(t.live);
  const std::uint32_t before = t.revision;
  t.open_place(0);
  t.refresh();
  EXPECT_GT(t.revision, before);
  EXPECT_EQ(t.text(), "<*> eth0 and eth1 got <NUM>, x");
  EXPECT_TRUE(t.tokens[0].opened);
  EXPECT_EQ(t.lazy_words, 2U);
  t.open_place(2);
  EXPECT_FALSE(t.tokens[2].opened) << "a lazy word is open anyway";
}

TEST(Template, IsAlarmingByItsWordsAndPairs) {
  for (const char* message :
       {"it failed", "not found", "key not found here", "timed out", "ERROR: x", "fatal=5", "not 5 found"}) {
    EXPECT_TRUE(template_of(message).alarming) << message;
  }
  for (const char* message : {"it went well", "found not", "out timed", "not there found", "5", ""}) {
    EXPECT_FALSE(template_of(message).alarming) << message;
  }
  const auto pinned = [](const std::string& text) {
    MinerOptions options;
    options.templates = {text};
    std::string message = text;
    if (const std::size_t at = message.find("<*>"); at != std::string::npos) {
      message.replace(at, 3, "failed");
    }
    return template_of(message, options);
  };
  for (const char* text : {"it failed <*>", "<*> was not found", "all  timed\tout", "lost", "<*> it lost"}) {
    EXPECT_TRUE(pinned(text).alarming) << text;
    EXPECT_TRUE(pinned(text).pinned) << text;
  }
  for (const char* text : {"it went <*>", "found not <*>", "a not", "<*> b"}) {
    EXPECT_FALSE(pinned(text).alarming) << text;
  }
}

TEST(Template, AListOfAnyLengthIsOneWhenVariable) {
  Template t = template_of("m: 1, 2, 3 and eth0");
  t.make_variable();
  EXPECT_TRUE(t.variable);
  EXPECT_EQ(t.text(), "m: <*> and <*>");
  EXPECT_EQ(t.token_count, t.tokens.size());
  const Template husk_of_7 = husk(7);
  EXPECT_FALSE(husk_of_7.live);
  EXPECT_EQ(husk_of_7.parent, 7U);
}

TEST(Template, AUnitGoesWithItsNumberOnceItVaries) {
  Template t = template_of("x 12 KB y");
  generalise(t, 4, Token::Kind::kLazyWord, 1, MaskKind::kUnit);
  EXPECT_EQ(t.text(), "x <NUM> y");
}

/// The place a template holds after another message of its shape was folded into it.
std::string folded(const std::string& a, const std::string& b, const MinerOptions& options = {}) {
  Template into = template_of(a, options);
  fold(into, template_of(b, options));
  into.refresh();
  std::string text = into.text();
  for (const TemplateToken& token : into.tokens) {
    text += token.opened ? " opened" : "";
  }
  return text;
}

TEST(Fold, OpensWhatDiffers) {
  EXPECT_EQ(folded("a b", "a b"), "a b");
  EXPECT_EQ(folded("a b", "a c"), "a <*> opened");
  EXPECT_EQ(folded("a b", "a 5"), "a <*> opened");
  EXPECT_EQ(folded("a 5", "a b"), "a <*> opened");
  EXPECT_EQ(folded("a eth0", "a b"), "a <*> opened");
  EXPECT_EQ(folded("a 5", "a 6"), "a <NUM>");
  EXPECT_EQ(folded("a 5", "a 10.0.0.1"), "a <*>");
  EXPECT_EQ(folded("a eth0", "a eth0"), "a eth0");
  EXPECT_EQ(folded("a eth0", "a eth1"), "a <ID>");
  EXPECT_EQ(folded("a eth0", "a 5"), "a <*>");
  MinerOptions options;
  options.masks = {{"ORDER", "ord-[a-z]+", {}}, {"CARD", "card-[a-z]+", {}}};
  EXPECT_EQ(folded("a ord-x", "a ord-y", options), "a <ORDER>");
  EXPECT_EQ(folded("a ord-x", "a card-y", options), "a <*>");
}

TEST(Fold, AddsCountsAndFlags) {
  Template into = template_of("a b");
  Template from = template_of("a b");
  into.count = 3;
  into.last_seen = 8;
  from.count = 4;
  from.last_seen = 5;
  from.variable = true;
  from.tokens[2].opened = true;
  fold(into, from);
  EXPECT_EQ(into.count, 7U);
  EXPECT_EQ(into.last_seen, 8U);
  EXPECT_TRUE(into.variable);
  EXPECT_FALSE(into.many_forms);
  EXPECT_TRUE(into.tokens[2].opened);
  into.variable = false;
  from.variable = false;
  from.many_forms = true;
  from.last_seen = 9;
  fold(into, from);
  EXPECT_EQ(into.last_seen, 9U);
  EXPECT_FALSE(into.variable);
  EXPECT_TRUE(into.many_forms);
}

TEST(Numbering, TheMostFrequentComesFirstWhateverTheOrder) {
  std::vector<Template> templates;
  for (const auto& [text, count] : {std::pair("a", 3U), std::pair("b", 9U), std::pair("c", 3U), std::pair("d", 1U)}) {
    templates.push_back(template_of(text));
    templates.back().count = count;
  }
  std::vector<Template> reversed(templates.rbegin(), templates.rend());
  sort_for_numbering(templates);
  sort_for_numbering(reversed);
  EXPECT_EQ(templates[0].text(), "b");
  EXPECT_EQ(templates[3].text(), "d");
  for (std::size_t i = 0; i < templates.size(); ++i) {
    EXPECT_EQ(templates[i].text(), reversed[i].text());
  }
}

TEST(CanonicalUnion, IsTheSameInEitherOrderAndTheMostGeneralComesFirst) {
  std::vector<Template> a = {template_of("a 5"), template_of("x y"), template_of("m: 1, 2")};
  std::vector<Template> b = {template_of("a 10.0.0.1"), template_of("a eth0"), template_of("p q r")};
  a[1].open_place(0);
  a[1].refresh();
  a[2].make_variable();
  b[2].open_place(0);
  b[2].open_place(2);
  b[2].refresh();
  std::uint64_t n = 0;
  for (auto* side : {&a, &b}) {
    for (Template& t : *side) {
      t.count = ++n;
    }
  }
  const auto ab = canonical_union(a, b);
  const auto ba = canonical_union(b, a);
  ASSERT_EQ(ab.size(), 4U);
  EXPECT_EQ(ab[0].text(), "m: <*>");
  EXPECT_EQ(ab[1].text(), "<*> <*> r");
  EXPECT_EQ(ab[2].text(), "<*> y");
  EXPECT_EQ(ab[3].text(), "a <*>");
  EXPECT_EQ(ab[3].count, 1U + 4U + 5U);
  for (std::size_t i = 0; i < ab.size(); ++i) {
    EXPECT_EQ(ab[i].text(), ba.at(i).text());
    EXPECT_EQ(ab[i].count, ba.at(i).count);
  }
  EXPECT_EQ(tokens_of(ab[2]).size(), 3U);
  EXPECT_EQ(tokens_of(ab[2])[2].hash, ab[2].tokens[2].hash);
}

TEST(MaskAhead, UsesEachMessageOnceAndInOrder) {
  const auto masker = Masker::create({});
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{50}}) {
    TemplateMiner miner{MinerOptions{}};
    std::vector<std::string> texts;
    std::vector<Header> headers(n);
    for (std::size_t i = 0; i < n; ++i) {
      texts.push_back("message " + std::string(i % 5, 'x') + " number " + std::to_string(i) +
                      " k=" + std::to_string(i));
    }
    for (std::size_t i = 0; i < n; ++i) {
      headers[i].message = texts[i];
      headers[i].extra_bytes = static_cast<std::uint32_t>(2 + std::to_string(i).size());
    }
    MaskAhead ahead;
    std::size_t next = 0;
    std::size_t asked = 0;
    ahead.run(
        *masker, miner, n,
        [&](std::size_t i) -> const Header& {
          EXPECT_EQ(i, asked++);
          return headers.at(i);
        },
        [&](std::size_t i, const MaskedMessage& masked) {
          ASSERT_EQ(i, next++);
          EXPECT_LE(asked, i + 3);
          EXPECT_EQ(asked, std::min(n, i + 3));
          ASSERT_EQ(masked.text, texts[i].substr(0, texts[i].size() - headers[i].extra_bytes));
          ASSERT_EQ(masked.extras.size(), 1U);
          miner.learn(masked);
        });
    EXPECT_EQ(next, n);
    EXPECT_EQ(asked, n);
  }
}

}  // namespace
}  // namespace logdetect
