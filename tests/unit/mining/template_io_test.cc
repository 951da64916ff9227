#include "mining/template_io.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

Template template_of(const std::string& message) {
  const auto masker = Masker::create({});
  MaskedMessage masked;
  masker->mask(message, masked);
  return make_template(masked);
}

std::string saved(const std::vector<Template>& templates) {
  ByteWriter out;
  save_templates(templates, out);
  return out.take();
}

bool loads(const std::string& bytes) {
  ByteReader in(bytes, "templates");
  load_templates(in);
  return in.finish().ok();
}

TEST(TemplateIo, AllOfATemplateComesBack) {
  std::vector<Template> templates = {template_of("a eth0 (5), x 12 KB"),
                                     template_of("m: 1, 2"),
                                     template_of("p q"),
                                     template_of("r"),
                                     husk(0),
                                     husk(0xFFFFFFFF)};
  templates[0].count = 77;
  templates[0].open_place(0);
  templates[0].refresh();
  templates[1].make_variable();
  templates[2].many_forms = true;
  templates[3].pinned = true;
  const std::string bytes = saved(templates);
  ByteReader in(bytes, "templates");
  const auto loaded = load_templates(in);
  ASSERT_TRUE(in.finish().ok());
  ASSERT_EQ(loaded.size(), templates.size());
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    EXPECT_EQ(loaded[i].live, templates[i].live) << i;
    EXPECT_EQ(loaded[i].parent, templates[i].parent) << i;
    EXPECT_EQ(loaded[i].count, templates[i].count) << i;
    EXPECT_EQ(loaded[i].variable, templates[i].variable) << i;
    EXPECT_EQ(loaded[i].many_forms, templates[i].many_forms) << i;
    EXPECT_EQ(loaded[i].pinned, templates[i].pinned) << i;
    EXPECT_EQ(loaded[i].text(), templates[i].text()) << i;
    EXPECT_EQ(loaded[i].key.route, templates[i].key.route) << i;
    ASSERT_EQ(loaded[i].tokens.size(), templates[i].tokens.size()) << i;
    for (std::size_t k = 0; k < loaded[i].tokens.size(); ++k) {
      EXPECT_EQ(loaded[i].tokens[k].kind, templates[i].tokens[k].kind) << i;
      EXPECT_EQ(loaded[i].tokens[k].mask, templates[i].tokens[k].mask) << i;
      EXPECT_EQ(loaded[i].tokens[k].opened, templates[i].tokens[k].opened) << i;
    }
  }
  EXPECT_EQ(saved(loaded), bytes);
  EXPECT_TRUE(loads(saved({})));
}

TEST(TemplateIo, WithoutGoneTemplatesTheLayoutIsTheOlderOne) {
  EXPECT_EQ(saved({template_of("a")})[0], '\2');
  EXPECT_EQ(saved({template_of("a"), husk(0)})[0], '\3');
  for (const char version : {'\0', '\1', '\4'}) {
    std::string bytes = saved({template_of("a")});
    bytes[0] = version;
    EXPECT_FALSE(loads(bytes)) << static_cast<int>(version);
  }
}

TEST(TemplateIo, AMergedTemplateLeadsToALiveOne) {
  EXPECT_TRUE(loads(saved({template_of("a"), husk(0)})));
  EXPECT_TRUE(loads(saved({husk(1), template_of("a")})));
  EXPECT_TRUE(loads(saved({template_of("a"), husk(0xFFFFFFFF)})));
  EXPECT_FALSE(loads(saved({template_of("a"), husk(1)}))) << "to itself";
  EXPECT_FALSE(loads(saved({template_of("a"), husk(2)}))) << "to none";
  EXPECT_FALSE(loads(saved({template_of("a"), husk(0), husk(1)}))) << "to a merged one";
}

TEST(TemplateIo, ATokenIsWhatTokensCanBe) {
  const auto token = [](Token::Kind kind, MaskKind mask, const std::string& text) {
    Template t;
    t.tokens.push_back({text, 5, kind, mask, false});
    t.refresh();
    return loads(saved({t}));
  };
  EXPECT_TRUE(token(Token::Kind::kDelimiter, MaskKind::kNone, ","));
  EXPECT_FALSE(token(Token::Kind::kDelimiter, MaskKind::kNone, ""));
  EXPECT_TRUE(token(Token::Kind::kLazyWord, MaskKind::kNone, ""));
  EXPECT_TRUE(token(Token::Kind::kValue, MaskKind::kUnit, ""));
  EXPECT_FALSE(token(static_cast<Token::Kind>(4), MaskKind::kNone, "x"));
  EXPECT_FALSE(token(Token::Kind::kWord, static_cast<MaskKind>(14), "x"));
}

}  // namespace
}  // namespace logdetect
