#include "mining/pinned_templates.h"

#include <gtest/gtest.h>

#include <string>

#include "logdetect/base/hash.h"
#include "logdetect/mining/mask_check.h"

namespace logdetect {
namespace {

/// The message cut by the template: literals as they are, values in brackets; "-" if it does not match.
std::string cut(const std::string& pinned, const std::string& message) {
  const auto made = PinnedTemplates::create({pinned});
  EXPECT_TRUE(made.ok()) << pinned;
  std::vector<Token> tokens(1);  // what is there stays
  if (!made->match(message, tokens)) {
    EXPECT_EQ(tokens.size(), 1U) << message;
    return "-";
  }
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    EXPECT_EQ(tokens[i].begin, at) << message;
    at = tokens[i].begin + tokens[i].length;
    const std::string text = message.substr(tokens[i].begin, tokens[i].length);
    out += tokens[i].kind == Token::Kind::kValue ? "[" + text + "]" : text;
  }
  EXPECT_EQ(at, message.size()) << message;
  return out;
}

TEST(PinnedTemplates, APlaceholderTakesTheShortestTextTheLastOneAllThatIsLeft) {
  EXPECT_EQ(cut("user <*> came", "user otto came"), "user [otto] came");
  EXPECT_EQ(cut("user <*> came", "user a came b came"), "user [a came b] came");
  EXPECT_EQ(cut("u <*> a <*> b", "u x a y a z b"), "u [x] a [y a z] b");
  EXPECT_EQ(cut("<*> end", "x y end"), "[x y] end");
  EXPECT_EQ(cut("begin <*>", "begin x y"), "begin [x y]");
  EXPECT_EQ(cut("all lost", "all lost"), "all lost");
  for (const char* message :
       {"user  came", "user otto", "otto came", "user otto came back", "", "user ", "user came"}) {
    EXPECT_EQ(cut("user <*> came", message), "-") << message;
  }
  EXPECT_EQ(cut("all lost", "all lost again"), "-");
  EXPECT_EQ(cut("all lost", "all los"), "-");
  EXPECT_EQ(cut("u <*> a <*> b", "u  a y b"), "-");
  EXPECT_EQ(cut("u <*> a <*> b", "u x a  b"), "-");
  EXPECT_EQ(cut("u <*> a <*> b", "u "), "-");
}

TEST(PinnedTemplates, AKindTakesAValueOfThatKind) {
  struct Row {
    const char* name;
    const char* good;
    const char* bad;
  };
  for (const Row& row :
       {Row{"NUM", "12.5", "x"}, Row{"IP", "10.0.0.1", "home"}, Row{"IP", "/10.0.0.1", "10.0.0"},
        Row{"HEX", "0x1f", "12"}, Row{"HOST", "a.example.com", "a.py"}, Row{"HOST", "web-1:80", "web"},
        Row{"MAC", "00:1a:2b:3c:4d:5e", "00:1a"}, Row{"PATH", "/a/b", "a"}, Row{"URL", "http://a/b", "a//b"},
        Row{"EMAIL", "a@b.c", "a@b"}, Row{"TIME", "2024-01-15 03:42:18", "2024-01-15 3"}, Row{"ID", "eth0", "eth"},
        Row{"ID", "a-7", "a 7"}, Row{"UUID", "123e4567-e89b-12d3-a456-426614174000", "123e4567"}}) {
    const std::string pinned = "got <" + std::string(row.name) + "> now";
    EXPECT_EQ(cut(pinned, "got " + std::string(row.good) + " now"), "got [" + std::string(row.good) + "] now");
    EXPECT_EQ(cut(pinned, "got " + std::string(row.bad) + " now"), "-") << row.name << ' ' << row.bad;
    EXPECT_EQ(cut(pinned, "got (" + std::string(row.good) + ") now"), "-") << row.name << " with brackets";
  }
}

TEST(PinnedTemplates, AnotherNameTakesOneWord) {
  EXPECT_EQ(cut("user <NAME> came", "user (otto) came"), "user [(otto)] came");
  EXPECT_EQ(cut("user <NAME> came", "user otto k came"), "-");
  EXPECT_EQ(cut("user <NAME> came", "user a\tb came"), "-");
  const auto made = PinnedTemplates::create({"user <NAME> of <IP> and <*>", "x <A_1> y"});
  ASSERT_TRUE(made.ok());
  ASSERT_EQ(made->names().size(), 2U);
  EXPECT_EQ(made->names()[0].name, "NAME");
  EXPECT_EQ(made->names()[0].hash, hash64("NAME"));
  EXPECT_EQ(made->names()[1].name, "A_1");
  EXPECT_FALSE(made->empty());
  EXPECT_TRUE(PinnedTemplates().empty());
}

TEST(PinnedTemplates, WhatIsNoPlaceholderIsLiteral) {
  for (const char* literal :
       {"a <> b", "a <x> b", "a <X b", "a <1X> b", "a <_X> b", "a <**> b", "a <X-Y> b", "a < X> b"}) {
    EXPECT_EQ(cut(literal, literal), literal);
  }
  const std::string name(32, 'N');
  EXPECT_EQ(cut("a <" + name + "> b", "a x b"), "a [x] b");
  EXPECT_EQ(cut("a <" + name + "N> b", "a x b"), "-");
  EXPECT_EQ(cut("a <X> b", "a x b"), "a [x] b");
}

TEST(PinnedTemplates, TheFirstThatMatchesTakesIt) {
  const auto made = PinnedTemplates::create({"user <IP> came", "user <*> came"});
  ASSERT_TRUE(made.ok());
  std::vector<Token> tokens;
  ASSERT_TRUE(made->match("user 10.0.0.1 came", tokens));
  EXPECT_EQ(tokens.at(1).mask, MaskKind::kIp);
  tokens.clear();
  ASSERT_TRUE(made->match("user otto came", tokens));
  EXPECT_EQ(tokens.at(1).mask, MaskKind::kNone);
}

TEST(PinnedTemplates, TheLimitsAreSaid) {
  EXPECT_EQ(check_pinned_template(std::string(kMaxPatternBytes, 'x')), "");
  EXPECT_NE(check_pinned_template(std::string(kMaxPatternBytes + 1, 'x')), "");
  std::string many;
  for (std::size_t i = 0; i < MinerOptions::kMaxPlaceholders; ++i) {
    many += "x <*> ";
  }
  EXPECT_EQ(check_pinned_template(many), "");
  EXPECT_EQ(check_pinned_template(many + "x <*>"), "has more than 64 placeholders");
  EXPECT_EQ(check_pinned_template("a <*><IP>"), "has two placeholders with nothing between them");
  EXPECT_EQ(check_pinned_template("<*> <IP>"), "has no literal text");
  EXPECT_EQ(check_pinned_template("<*>.<IP>"), "");
  EXPECT_EQ(check_pinned_template(" "), "has no literal text");
}

}  // namespace
}  // namespace logdetect
