// The edges of what is cut from the front of a line.
#include "parsing/header_cut.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

/// "value|pid|rest" of a cut; "none" if there is none.
std::string told(const Cut& cut, std::string_view text) {
  if (!cut.ok()) {
    return "none";
  }
  const std::string_view rest = text.substr(static_cast<std::size_t>(cut.next - text.data()));
  return std::string(cut.value) + "|" + std::string(cut.pid) + "|" + std::string(rest);
}

std::string token(std::string_view text) {
  return told(cut_token(TextCursor(text)), text);
}

std::string name(std::string_view text) {
  return told(cut_name_colon(TextCursor(text)), text);
}

TEST(CutToken, AGroupInSquareBracketsIsOneToken) {
  EXPECT_EQ(token("a b"), "a|| b");
  EXPECT_EQ(token("[a b] c"), "[a b]|| c");
  EXPECT_EQ(token("[a [b] c] d"), "[a [b] c]|| d");
  EXPECT_EQ(token("[a b]: c"), "[a b]:|| c");
  EXPECT_EQ(token("[a b][c d] e"), "[a b]||[c d] e");
  EXPECT_EQ(token("[a b]"), "[a b]||");
  EXPECT_EQ(token("[a b"), "[a|| b") << "never closed";
  EXPECT_EQ(token("[a\nb] c"), "[a||\nb] c") << "not on this line";
  EXPECT_EQ(token("(a b) c"), "(a|| b) c");
  EXPECT_EQ(token("a[b c] d"), "a[b|| c] d");
  EXPECT_EQ(token(" a"), "none");
  EXPECT_EQ(token(""), "none");
}

TEST(CutToken, AGroupHasUpTo256Bytes) {
  const std::string inside = std::string(100, 'a') + " " + std::string(153, 'a');
  EXPECT_EQ(token("[" + inside + "] x"), "[" + inside + "]|| x");
  EXPECT_EQ(token("[a" + inside + "] x"), "[a" + std::string(100, 'a') + "|| " + std::string(153, 'a') + "] x");
}

TEST(CutBracketed, TheOtherBracketsDoNotMatter) {
  const auto group = [](std::string_view text, char open) { return told(cut_bracketed(TextCursor(text), open), text); };
  EXPECT_EQ(group("[a) b]c", '\0'), "a) b||c");
  EXPECT_EQ(group("((a) b) c", '\0'), "(a) b|| c");
  EXPECT_EQ(group("{a {b}} c", '{'), "a {b}|| c");
  EXPECT_EQ(group("<a <b>> c", '<'), "a <b>|| c");
  EXPECT_EQ(group("[] c", '['), "|| c");
  EXPECT_EQ(group("(a) c", '['), "none");
  EXPECT_EQ(group("[a) c", '\0'), "none");
  EXPECT_EQ(group("{a} c", '\0'), "none");
  EXPECT_EQ(group("[a\n] c", '['), "none");
  EXPECT_EQ(group("", '['), "none");
}

TEST(CutNameColon, ANameHasItsMarksAndAColon) {
  EXPECT_EQ(name("a.b/c@d$e*f#g-h: x"), "a.b/c@d$e*f#g-h|| x");
  EXPECT_EQ(name("<a>: x"), "<a>|| x");
  EXPECT_EQ(name("a::b: x"), "a::b|| x");
  EXPECT_EQ(name("a:\nx"), "a||\nx");
  EXPECT_EQ(name("a:\tx"), "a||\tx");
  EXPECT_EQ(name("a+b: x"), "none");
  EXPECT_EQ(name("a,b: x"), "none");
  EXPECT_EQ(name("a: "), "a|| ");
  EXPECT_EQ(name("a b: x"), "none") << "plain words are no name";
  EXPECT_EQ(name(""), "none");
}

TEST(CutNameColon, ANameHasUpTo255BytesWithItsColonTheLast) {
  EXPECT_EQ(name(std::string(255, 'a') + ": x"), std::string(255, 'a') + "|| x");
  EXPECT_EQ(name(std::string(256, 'a') + ": x"), "none");
}

TEST(CutNameColon, ThePidStandsInBracketsOnEitherSideOfTheContext) {
  EXPECT_EQ(name("a[1]: x"), "a|1| x");
  EXPECT_EQ(name("a[1] (b): x"), "a|1| x");
  EXPECT_EQ(name("a (b)[1]: x"), "a|1| x");
  EXPECT_EQ(name("a(b)[1]: x"), "a(b)|1| x");
  EXPECT_EQ(name("a(b c) (d): x"), "a(b c)|| x");
  EXPECT_EQ(name("a 1.2[3]: x"), "a|3| x");
  EXPECT_EQ(name("a 1.2 (b)[3]: x"), "a|3| x");
  EXPECT_EQ(name("a[1]x: y"), "none");
  EXPECT_EQ(name("a[1]"), "none");
  EXPECT_EQ(name("a[1]:x"), "none");
  EXPECT_EQ(name("a[1x]: y"), "none");
  EXPECT_EQ(name("a [1]: y"), "none");
  EXPECT_EQ(name("a[1"), "none");
  EXPECT_EQ(name("a["), "none");
}

TEST(CutNameColon, AContextIsNotEmptyAndHasUpTo80Bytes) {
  EXPECT_EQ(name("a (b c): x"), "a|| x");
  EXPECT_EQ(name("a (): x"), "none");
  EXPECT_EQ(name("a (" + std::string(80, 'b') + "): x"), "a|| x");
  EXPECT_EQ(name("a (" + std::string(81, 'b') + "): x"), "none");
  EXPECT_EQ(name("a (b\nc): x"), "none");
  EXPECT_EQ(name("a (b"), "none");
}

TEST(CutNameColon, AVersionHasDigitsAndAPoint) {
  EXPECT_EQ(name("a 1.2: x"), "a|| x");
  EXPECT_EQ(name("a 1.: x"), "a|| x");
  EXPECT_EQ(name("a 12: x"), "none");
  EXPECT_EQ(name("a .1: x"), "none");
  EXPECT_EQ(name("a 1.b: x"), "none");
  EXPECT_EQ(name("a 1.2"), "none");
}

TEST(CutNameColon, CapitalisedWordsAreTwoOrThree) {
  EXPECT_EQ(name("Depot Tool: x"), "Depot Tool|| x");
  EXPECT_EQ(name("Depot Big Tool: x"), "Depot Big Tool|| x");
  EXPECT_EQ(name("Depot Big Red Tool: x"), "none");
  EXPECT_EQ(name("Depot tool: x"), "none");
  EXPECT_EQ(name("depot Tool: x"), "none");
  EXPECT_EQ(name("Depot.a Tool-b_c[5]: x"), "Depot.a Tool-b_c|5| x");
  EXPECT_EQ(name("Depot Tool (red)[5]: x"), "Depot Tool|5| x");
  EXPECT_EQ(name("Depot  Tool: x"), "none");
  EXPECT_EQ(name("Depot"), "none");
  EXPECT_EQ(name("Depot "), "none");
}

TEST(CutSeparator, IsUpToThreeMarksAlone) {
  const auto separator = [](std::string_view text) { return told(cut_separator(TextCursor(text)), text); };
  for (const std::string mark : {"-", "|", ":", "=", "*", ">", "--", "---", "=>", "#", "."}) {
    EXPECT_EQ(separator(mark + " x"), mark + "|| x");
    EXPECT_EQ(separator(mark), mark + "||");
  }
  for (const std::string none : {"----", "-x", "##", "..", "a", "", " -"}) {
    EXPECT_EQ(separator(none), "none") << none;
  }
}

TEST(CutLevelPair, TheProcessIsANumberInBracketsWithAColon) {
  const auto pair = [](std::string_view text) { return told(cut_level_pair(TextCursor(text)), text); };
  EXPECT_EQ(pair("W/Tag (17): x"), "W/Tag|17| x");
  EXPECT_EQ(pair("W/Tag (  17): x"), "W/Tag|17| x");
  EXPECT_EQ(pair("W/Tag (17) x"), "W/Tag|| (17) x");
  EXPECT_EQ(pair("W/Tag (17: x"), "W/Tag|| (17: x");
  EXPECT_EQ(pair("W/Tag ( ): x"), "W/Tag|| ( ): x");
  EXPECT_EQ(pair("W/Tag (17):"), "W/Tag|17|");
  EXPECT_EQ(pair("W/Tag (17)"), "W/Tag|| (17)");
  EXPECT_EQ(pair("W/Tag"), "W/Tag||");
}

TEST(CutUntilDash, LooksPastBlanksAndGroups) {
  const auto dash = [](std::string_view text) { return told(cut_until_dash(TextCursor(text)), text); };
  EXPECT_EQ(dash("a  b \t - x"), "a  b|| x");
  EXPECT_EQ(dash("[a b] - x"), "[a b]|| x");
  EXPECT_EQ(dash("a -"), "a||");
  EXPECT_EQ(dash("a -- x"), "none");
  EXPECT_EQ(dash("a b"), "none");
  EXPECT_EQ(dash("- - x"), "-|| x") << "a first one is a name";
  EXPECT_EQ(dash(""), "none");
}

TEST(IsDottedName, PointsBarsAndDollarsPartIt) {
  for (const std::string_view good :
       {"a.b", "a/b", "a.b$c", "a.b$1", "a-b.c", "a.b:", "a.b#1", "a.b:12", "_a.b", "a.1", "a.b12"}) {
    EXPECT_TRUE(is_dotted_name(good)) << good;
  }
  for (const std::string_view bad : {"a", "ab:", "a.$b", "$a.b", "a.", "a..b", "a/", "/a", "1.a", "-a.b",
                                     "a.b::", "a.b#", "a#1", "a.b+c", "a.b c", "#1", ":1", "1"}) {
    EXPECT_FALSE(is_dotted_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace logdetect
