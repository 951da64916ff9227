#include "logdetect/detection/allow_list.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>

namespace logdetect {
namespace {

AllowRule rule_of(const std::string& pattern) {
  AllowRule rule;
  rule.pattern = pattern;
  return rule;
}

TEST(MatchesPattern, PlaceholdersStandForAnyText) {
  EXPECT_TRUE(matches_pattern("replica <ID> unreachable: attempt <NUM>", "replica db-2 unreachable: attempt 17"));
  EXPECT_TRUE(matches_pattern("took <NUM>ms", "took 12ms"));
  EXPECT_TRUE(matches_pattern("<*>", ""));
  EXPECT_TRUE(matches_pattern("a<*><IP>b", "ab"));
  EXPECT_FALSE(matches_pattern("replica <ID> unreachable", "replica db-2 unreachable: attempt 17"));
  EXPECT_FALSE(matches_pattern("replica <ID> unreachable", "a replica db-2 unreachable"));
  EXPECT_FALSE(matches_pattern("", "x"));
  EXPECT_TRUE(matches_pattern("", ""));
}

TEST(MatchesPattern, OtherAngleBracketsAreText) {
  EXPECT_TRUE(matches_pattern("expected <html> not <*>", "expected <html> not <body>"));
  EXPECT_FALSE(matches_pattern("expected <html>", "expected body"));
  EXPECT_TRUE(matches_pattern("a <> b", "a <> b"));
  EXPECT_TRUE(matches_pattern("x < y", "x < y"));
}

TEST(MatchesPattern, WhatIsNoPlaceholderStandsForItselfAlone) {
  for (const char* text : {"<>", "<a>", "<A b>", "<**>", "<A", "< A>", "<A.>", "A>", "<*A>"}) {
    const std::string pattern = "x " + std::string(text) + " y";
    EXPECT_TRUE(matches_pattern(pattern, pattern)) << text;
    EXPECT_FALSE(matches_pattern(pattern, "x 7 y")) << text;
    EXPECT_FALSE(matches_pattern(pattern, "x z" + std::string(text) + " y")) << text;
  }
  for (const char* text : {"<A>", "<Z9>", "<USER_ID>", "<X-0>", "<*>"}) {
    const std::string pattern = "x " + std::string(text) + " y";
    EXPECT_TRUE(matches_pattern(pattern, "x 7 y")) << text;
    EXPECT_FALSE(matches_pattern(pattern, "x 7 yy")) << text;
    EXPECT_TRUE(matches_pattern(text, "anything")) << text;
  }
}

// The definition, by trying every length for each placeholder; '*' stands for one.
bool slow_match(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) {
    return text.empty();
  }
  if (pattern[0] != '*') {
    return !text.empty() && text[0] == pattern[0] && slow_match(pattern.substr(1), text.substr(1));
  }
  return slow_match(pattern.substr(1), text) || (!text.empty() && slow_match(pattern, text.substr(1)));
}

TEST(MatchesPattern, AgreesWithItsDefinition) {
  std::mt19937 random(7);
  const auto word = [&](std::size_t most) {
    std::string text;
    for (std::size_t n = random() % (most + 1); n > 0; --n) {
      text += random() % 2 == 0 ? 'a' : 'b';
    }
    return text;
  };
  int matched = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::string pattern = word(2);
    std::string stars = pattern;
    for (std::size_t pieces = random() % 4; pieces > 0; --pieces) {
      const std::string piece = word(2);
      pattern += "<*>" + piece;
      stars += "*" + piece;
    }
    const std::string text = word(6);
    const bool expected = slow_match(stars, text);
    ASSERT_EQ(matches_pattern(pattern, text), expected) << pattern << " on " << text;
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(matched, 500);
}

TEST(AllowList, HostComponentAndExpiryNarrowARule) {
  AllowRule rule = rule_of("disk <ID> is slow");
  rule.host = "db-1";
  rule.component = "storage";
  rule.expires = 1'000;
  const AllowList list({rule});
  EXPECT_EQ(list.find("", "disk sda is slow", "db-1", "storage", 999), 0U);
  EXPECT_FALSE(list.find("", "disk sda is slow", "db-1", "storage", 1'000));
  EXPECT_EQ(list.find("", "disk sda is slow", "db-1", "storage", std::nullopt), 0U);
  EXPECT_FALSE(list.find("", "disk sda is slow", "db-2", "storage", 999));
  EXPECT_FALSE(list.find("", "disk sda is slow", "db-1", "kernel", 999));
}

TEST(AllowList, TheTemplateItselfMatchesAndTheFirstRuleWins) {
  const AllowList list({rule_of("a <NUM>"), rule_of("a <*>")});
  EXPECT_EQ(list.find("a <NUM>", "something else", "", "", std::nullopt), 0U);
  EXPECT_EQ(list.find("", "a 1", "", "", std::nullopt), 0U);
  EXPECT_FALSE(list.find("b", "b", "", "", std::nullopt));
}

TEST(AllowRuleId, DependsOnWhatTheRuleSays) {
  AllowRule rule = rule_of("x <NUM>");
  const std::string id = allow_rule_id(rule);
  EXPECT_EQ(id.size(), 14U);
  EXPECT_EQ(id.substr(0, 2), "A-");
  rule.reason = "another reason";
  EXPECT_EQ(allow_rule_id(rule), id);
  rule.host = "db-1";
  EXPECT_NE(allow_rule_id(rule), id);
}

TEST(AllowList, ARuleWithoutNarrowingMatchesAnywhereAndForGood) {
  const AllowList list({rule_of("a <NUM>")});
  EXPECT_EQ(list.find("", "a 1", "db-1", "storage", INT64_MAX), 0U);
  EXPECT_EQ(list.rules().size(), 1U);
}

TEST(AllowList, TheNextRuleIsAskedWhenOneDoesNotFit) {
  AllowRule elsewhere = rule_of("a <NUM>");
  elsewhere.host = "db-1";
  const AllowList list({elsewhere, rule_of("b"), rule_of("a <NUM>")});
  EXPECT_EQ(list.find("", "a 1", "db-1", "", 5), 0U);
  EXPECT_EQ(list.find("", "a 1", "db-2", "", 5), 2U);
  EXPECT_EQ(list.find("", "c", "db-1", "", 5), std::nullopt);
  EXPECT_EQ(AllowList().find("", "", "", "", 5), std::nullopt);
}

TEST(AllowRuleId, IsAKnownValueOfLowHexDigits) {
  AllowRule rule = rule_of("disk <ID> is slow");
  rule.host = "db-1";
  rule.component = "storage";
  EXPECT_EQ(allow_rule_id(rule), "A-d0a0912f89cf");  // so that it cannot drift unnoticed
  std::swap(rule.host, rule.component);
  EXPECT_NE(allow_rule_id(rule), "A-d0a0912f89cf");
}

}  // namespace
}  // namespace logdetect
