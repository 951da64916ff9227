#include "parsing/token_class.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "logdetect/lexis/text_cursor.h"
#include "parsing/header_cut.h"

namespace logdetect {
namespace {

TokenClass class_of_first(std::string_view line) {
  std::vector<HeaderToken> tokens;
  classify_line(line, 1, tokens);
  EXPECT_EQ(tokens.size(), 1U) << line;
  return tokens.empty() ? TokenClass::kWord : tokens[0].kind;
}

TEST(ClassifyLine, KnowsTheClasses) {
  using enum TokenClass;
  const std::vector<std::pair<std::string_view, TokenClass>> cases = {
      {"-", kSeparator},      {"=>", kSeparator},      {"---", kSeparator},
      {"----", kWord},        {"#", kSeparator},       {".", kSeparator},
      {"08:00:00", kTime},    {"[08:00:00]", kTime},   {"<08:00:00>", kTime},
      {"08:00:00,", kTime},   {"08:00:00x", kWord},    {"INFO", kLevel},
      {"W/Activity", kLevel}, {"V", kLetter},          {"D,", kLetter},
      {"X", kWord},           {"812", kNumber},        {"812,", kNumber},
      {"812:", kNumber},      {"812:M", kNumber},      {"812:m", kWord},
      {"8x2", kWord},         {"[worker]", kOpen},     {"(worker)", kOpen},
      {"<0.230.0>", kOpen},   {"{main.py:12}", kOpen}, {"{}", kOpen},
      {"{\"a\":1}", kWord},   {"<>", kWord},           {"store.cc:12]", kClose},
      {"store[12]", kWord},   {"depot:", kName},       {"org.example.Main", kDotted},
      {"depot", kWord},
  };
  for (const auto& [token, kind] : cases) {
    EXPECT_EQ(class_of_first(std::string(token) + " text"), kind) << token;
    EXPECT_EQ(class_of_first(token), kind) << token << " at the end";
  }
}

TEST(ClassifyLine, GroupsAndTimesAreOneToken) {
  std::vector<HeaderToken> tokens;
  classify_line("May  6 08:00:00 [two words][INFO] text", 10, tokens);
  std::vector<std::string> texts;
  for (const HeaderToken& token : tokens) {
    texts.emplace_back(token.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"May  6 08:00:00", "[two words]", "[INFO]", "text"}));
  classify_line("a b c", 2, tokens);
  EXPECT_EQ(tokens.size(), 2U);
  classify_line("", 2, tokens);
  EXPECT_TRUE(tokens.empty());
}

/// "value|pid|rest" of a cut; "none" if there is none.
std::string told(const Cut& cut, std::string_view text) {
  if (!cut.ok()) {
    return "none";
  }
  const std::string_view rest = text.substr(static_cast<std::size_t>(cut.next - text.data()));
  return std::string(cut.value) + "|" + std::string(cut.pid) + "|" + std::string(rest);
}

TEST(CutNameColon, TakesNamesWithPidContextAndVersion) {
  const auto name = [](std::string_view text) { return told(cut_name_colon(TextCursor(text)), text); };
  EXPECT_EQ(name("sshd[123]: x"), "sshd|123| x");
  EXPECT_EQ(name("kernel: x"), "kernel|| x");
  EXPECT_EQ(name("kernel:"), "kernel||");
  EXPECT_EQ(name("kernel:x y"), "none");
  EXPECT_EQ(name("CRON (root): x"), "CRON|| x");
  EXPECT_EQ(name("sshd(pam unix)[12]: x"), "sshd(pam unix)|12| x");
  EXPECT_EQ(name("syslogd 1.4.1: x"), "syslogd|| x");
  EXPECT_EQ(name("syslogd 141: x"), "none");
  EXPECT_EQ(name("Google Chrome Helper[5]: x"), "Google Chrome Helper|5| x");
  EXPECT_EQ(name("Google Chrome Big Helper[5]: x"), "none") << "four words are a sentence";
  EXPECT_EQ(name("sshd[]: x"), "none");
  EXPECT_EQ(name("sshd[12: x"), "none");
  EXPECT_EQ(name(":"), "none");
  EXPECT_EQ(name("plain words here"), "none");
}

TEST(CutBracketed, EndsWithTheBracketThatCloses) {
  const auto group = [](std::string_view text, char open) { return told(cut_bracketed(TextCursor(text), open), text); };
  EXPECT_EQ(group("[a [b] c] x", '\0'), "a [b] c|| x");
  EXPECT_EQ(group("(a) x", '\0'), "a|| x");
  EXPECT_EQ(group("<a> x", '<'), "a|| x");
  EXPECT_EQ(group("{a} x", '{'), "a|| x");
  EXPECT_EQ(group("<a> x", '\0'), "none");
  EXPECT_EQ(group("[a> x", '['), "none");
  const std::string longest = "[" + std::string(kMaxPiece - 2, 'a') + "]";
  EXPECT_NE(group(longest, '['), "none");
  EXPECT_EQ(group("[" + std::string(kMaxPiece - 1, 'a') + "]", '['), "none");
}

TEST(CutUntilDash, TakesUpToThreeTokens) {
  const auto dash = [](std::string_view text) { return told(cut_until_dash(TextCursor(text)), text); };
  EXPECT_EQ(dash("a - x"), "a|| x");
  EXPECT_EQ(dash("a b c - x"), "a b c|| x");
  EXPECT_EQ(dash("a b c d - x"), "none");
  EXPECT_EQ(dash("- x"), "none");
}

TEST(CutUntilChar, TakesWhatStandsBefore) {
  const auto bar = [](std::string_view text) { return told(cut_until_char(TextCursor(text), '|'), text); };
  EXPECT_EQ(bar("a b|c|d"), "a b||c|d");
  EXPECT_EQ(bar("|c"), "||c");
  EXPECT_EQ(bar("abc"), "none");
  EXPECT_EQ(bar("a\nb|c"), "none");
  EXPECT_NE(bar(std::string(kMaxPiece - 1, 'a') + "|"), "none");
  EXPECT_EQ(bar(std::string(kMaxPiece, 'a') + "|"), "none");
}

TEST(CutLevelPair, TakesLogcatsProcess) {
  const auto pair = [](std::string_view text) { return told(cut_level_pair(TextCursor(text)), text); };
  EXPECT_EQ(pair("W/Tag    ( 1708): x"), "W/Tag|1708| x");
  EXPECT_EQ(pair("W/Tag(1708): x"), "W/Tag(1708):|| x") << "one token";
  EXPECT_EQ(pair("W/Tag( 1708): x"), "W/Tag(|1708| x");
  EXPECT_EQ(pair("W/Tag x"), "W/Tag|| x");
  EXPECT_EQ(pair("W/Tag (x): y"), "W/Tag|| (x): y");
  EXPECT_EQ(pair(""), "none");
}

TEST(IsDottedName, HasPartsThatAreNotEmpty) {
  for (const std::string_view name : {"org.example.Main", "dfs.DataNode$PacketResponder:", "nova/compute/api",
                                      "o.e.Main#115", "o.e.Main:115", "_a.b"}) {
    EXPECT_TRUE(is_dotted_name(name)) << name;
  }
  for (const std::string_view name :
       {"Main", "org..Main", "org.", ".org", "1.2.3", "org.Main()", "", ":", "Main#115"}) {
    EXPECT_FALSE(is_dotted_name(name)) << name;
  }
}

}  // namespace
}  // namespace logdetect
