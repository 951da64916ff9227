#include "logdetect/config/allow_file.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

constexpr Micros kDay = Micros{86'400} * 1'000'000;
const std::string kHand =
    "# our rules\n"
    "- id: A-one\n"
    "  pattern: \"disk <ID> is slow\"   # known since May\n"
    "  host: db-1\n"
    "\n"
    "  expires: 1970-01-03\n"
    "# the proxy restarts at night\n"
    "- pattern: proxy restarted <*>\n";

AllowRule rule_of(const std::string& pattern) {
  AllowRule rule;
  rule.pattern = pattern;
  rule.id = allow_rule_id(rule);
  return rule;
}

TEST(AllowFile, ReadsWhatPeopleWrite) {
  const auto rules = parse_allow_rules(kHand, "allow.yaml");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  ASSERT_EQ(rules->size(), 2U);
  EXPECT_EQ((*rules)[0].id, "A-one");
  EXPECT_EQ((*rules)[0].pattern, "disk <ID> is slow");
  EXPECT_EQ((*rules)[0].host, "db-1");
  EXPECT_EQ((*rules)[0].expires, 2 * kDay);
  EXPECT_EQ((*rules)[1].id, allow_rule_id((*rules)[1]));
  EXPECT_FALSE((*rules)[1].expires);
}

TEST(AllowFile, AnEmptyTextHoldsNone) {
  const auto rules = parse_allow_rules("# nothing yet\n", "allow.yaml");
  ASSERT_TRUE(rules.ok());
  EXPECT_TRUE(rules->empty());
}

TEST(AllowFile, WhatIsWrittenIsReadBack) {
  AllowRule rule = rule_of("quoted \"<*>\": # <NUM>\nnext");
  rule.reason = "it's fine: yes";
  rule.author = "on call";
  rule.component = "- odd";
  rule.added = 10 * kDay;
  rule.expires = 11 * kDay + 1'000'000;
  for (const std::string& before : {std::string(), kHand, std::string("- pattern: x")}) {
    const std::string text = with_allow_rules(before, {rule});
    const auto rules = parse_allow_rules(text, "allow.yaml");
    ASSERT_TRUE(rules.ok()) << rules.error().message << "\n" << text;
    const AllowRule& read = rules->back();
    EXPECT_EQ(read.id, rule.id);
    EXPECT_EQ(read.pattern, rule.pattern);
    EXPECT_EQ(read.reason, rule.reason);
    EXPECT_EQ(read.author, rule.author);
    EXPECT_EQ(read.component, rule.component);
    EXPECT_EQ(read.added, rule.added);
    EXPECT_EQ(read.expires, rule.expires);
    EXPECT_EQ(text.substr(0, before.size()), before);
  }
}

TEST(AllowFile, RemovingARuleLeavesTheRestAsItWas) {
  const auto without_first = without_allow_rule(kHand, "A-one", "allow.yaml");
  ASSERT_TRUE(without_first.ok()) << without_first.error().message;
  EXPECT_EQ(*without_first, "# our rules\n# the proxy restarts at night\n- pattern: proxy restarted <*>\n");
  const std::string second = parse_allow_rules(kHand, "x")->at(1).id;
  const auto without_second = without_allow_rule(kHand, second, "allow.yaml");
  ASSERT_TRUE(without_second.ok());
  EXPECT_EQ(*without_second, kHand.substr(0, kHand.find("- pattern: proxy")));
  const std::string added = with_allow_rules(kHand, {rule_of("new <*>")});
  EXPECT_EQ(*without_allow_rule(added, rule_of("new <*>").id, "allow.yaml"), kHand);
}

TEST(AllowFile, MistakesAreLocated) {
  const auto refused = [](const std::string& yaml) {
    const auto rules = parse_allow_rules(yaml, "allow.yaml");
    EXPECT_FALSE(rules.ok()) << yaml;
    return rules.ok() ? Error{} : rules.error();
  };
  const Error key = refused("- pattern: a\n  hots: db-1\n");
  EXPECT_EQ(key.where, "allow.yaml:2:3");
  EXPECT_EQ(key.hint, "did you mean 'host'?");
  EXPECT_EQ(refused("- host: db-1\n").message, "a rule needs a 'pattern'");
  EXPECT_NE(refused("- pattern: <*>\n").message.find("allows every message"), std::string::npos);
  EXPECT_EQ(refused("- pattern: a\n- pattern: a\n").where.substr(0, 12), "allow.yaml:2");
  EXPECT_EQ(refused("- pattern: a\n  expires: soon\n").where, "allow.yaml:2:12");
  EXPECT_EQ(refused("- pattern: a\n  expires: 30d\n").where, "allow.yaml:2:12");
  EXPECT_NE(refused("pattern: a\n").message.find("must be a list"), std::string::npos);
}

TEST(AllowFile, AnUnknownRuleCannotBeRemoved) {
  const auto result = without_allow_rule(kHand, "A-oen", "allow.yaml");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().hint, "did you mean A-one?");
}

}  // namespace
}  // namespace logdetect
