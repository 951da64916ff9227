#include "cli/ack_text.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

constexpr Micros kNow = 1'705'276'800LL * kMicrosPerSecond + 250'000;  // 2024-01-15T00:00:00.25Z
constexpr Micros kSecond = kNow / kMicrosPerSecond * kMicrosPerSecond;

std::optional<Micros> expiry(const std::string& text) {
  const auto read = read_expiry(text, kNow);
  EXPECT_TRUE(read.ok()) << text;
  return read.ok() ? *read : std::nullopt;
}

TEST(ReadExpiry, LooksForwardInWholeSeconds) {
  EXPECT_EQ(expiry(""), std::nullopt);
  EXPECT_EQ(expiry("30d"), kSecond + 30 * kMicrosPerDay);
  EXPECT_EQ(expiry("12h"), kSecond + 12 * kMicrosPerHour);
  EXPECT_EQ(expiry("1500h"), kSecond + 1500 * kMicrosPerHour);
  EXPECT_EQ(expiry("2024-01-16"), kSecond + kMicrosPerDay);
  EXPECT_EQ(expiry("2024-01-15T00:00:01.75Z"), kSecond + kMicrosPerSecond);
}

TEST(ReadExpiry, RefusesThePastAndWhatIsNoTime) {
  EXPECT_EQ(read_expiry("2024-01-14", kNow).error().message, "the rule would expire in the past: 2024-01-14");
  EXPECT_FALSE(read_expiry("2024-01-15", kNow).ok());
  EXPECT_FALSE(read_expiry("2024-01-15", kSecond).ok()) << "now is not the future";
  EXPECT_EQ(read_expiry("soon", kNow).error().message, "--expires must be a date or a time from now, not 'soon'");
}

TEST(RuleText, TellsWhatIsKnownOfARule) {
  AllowRule rule;
  rule.id = "A-1";
  rule.pattern = "user <*> \x1b";
  EXPECT_EQ(rule_text(rule, kNow), "A-1  user <*> \\x1b\n");
  rule.host = "db1";
  EXPECT_EQ(rule_text(rule, kNow), "A-1  user <*> \\x1b\n    host db1\n");
  rule.component = "db";
  rule.author = "anna";
  rule.added = kNow;
  rule.reason = "planned\x07";
  rule.expires = kSecond + kMicrosPerDay;
  EXPECT_EQ(rule_text(rule, kNow),
            "A-1  user <*> \\x1b\n    component db, host db1, by anna, on 2024-01-15, until 2024-01-16T00:00:00Z, "
            "because: planned\\x07\n");
}

TEST(RuleText, ARuleIsOverFromTheMomentItExpires) {
  AllowRule rule;
  rule.id = "A-1";
  rule.pattern = "x";
  rule.expires = kSecond;
  EXPECT_EQ(rule_text(rule, kSecond - 1), "A-1  x\n    until 2024-01-15T00:00:00Z\n");
  EXPECT_EQ(rule_text(rule, kSecond), "A-1  x\n    expired 2024-01-15T00:00:00Z\n");
}

}  // namespace
}  // namespace logdetect
