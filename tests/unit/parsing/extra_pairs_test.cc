#include "logdetect/parsing/extra_pairs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

std::string appended(std::string text, std::string_view key, std::string_view value, bool quotes) {
  append_pair(text, key, value, quotes);
  return text;
}

/// The pairs of a text, each with its name in front of a bar.
std::vector<std::string> pairs_of(std::string_view text) {
  std::vector<std::string> out;
  ExtraPair pair;
  while (take_pair(text, pair)) {
    out.push_back(std::string(pair.text.substr(0, pair.name_bytes)) + "|" +
                  std::string(pair.text.substr(pair.name_bytes)));
  }
  return out;
}

TEST(NeedsQuotes, AnyBlankEqualsOrQuoteAndNothingAtAll) {
  for (const std::string_view value : {"", "'x", "a b", "a\tb", "a\nb", "a\rb", "a=b", "a\"b", " ", "a "}) {
    EXPECT_TRUE(needs_quotes(value)) << value;
  }
  for (const std::string_view value : {"x", "x'", "a,b", "7", "\\", "a'b"}) {
    EXPECT_FALSE(needs_quotes(value)) << value;
  }
}

TEST(AppendPair, ABlankStandsBetweenPairsOnly) {
  EXPECT_EQ(appended("", "a", "1", false), "a=1");
  EXPECT_EQ(appended("x", "a", "1", false), "x a=1");
  EXPECT_EQ(appended("x", "a", "1", true), "x a=\"1\"");
  EXPECT_EQ(appended("x", "a", "", true), "x a=\"\"");
  EXPECT_EQ(appended("x", "a", "", false), "x a=");
}

TEST(AppendPair, WhatWouldEndAKeyBecomesAnUnderscore) {
  EXPECT_EQ(appended("",
                     "a b=c\"d\te\x01"
                     "f",
                     "1", false),
            "a_b_c_d_e_f=1");
  EXPECT_EQ(appended("", "a!b'c", "1", false), "a!b'c=1");
  EXPECT_EQ(appended("", "\xc3\xa4", "1", false), "\xc3\xa4=1");
}

TEST(AppendPair, AKeyIsCutAt128Bytes) {
  EXPECT_EQ(appended("", std::string(128, 'k'), "1", false), std::string(128, 'k') + "=1");
  EXPECT_EQ(appended("", std::string(129, 'k'), "1", false), std::string(128, 'k') + "=1");
}

TEST(AppendPair, QuotesAndTheBackslashesBeforeThemAreEscaped) {
  EXPECT_EQ(appended("", "a", R"(x"y)", true), R"(a="x\"y")");
  EXPECT_EQ(appended("", "a", R"(x\"y)", true), R"(a="x\\\"y")");
  EXPECT_EQ(appended("", "a", R"(x\\"y)", true), R"(a="x\\\\\"y")");
  EXPECT_EQ(appended("", "a", R"(x\y)", true), R"(a="x\y")");
  EXPECT_EQ(appended("", "a", R"(x\y"z)", true), R"(a="x\y\"z")");
  EXPECT_EQ(appended("", "a", R"(x\)", true), R"(a="x\\")");
  EXPECT_EQ(appended("", "a", R"(x\\)", true), R"(a="x\\\\")");
  EXPECT_EQ(appended("", "a", R"("")", true), R"(a="\"\"")");
}

TEST(TakePair, TakesPairsOffTheFront) {
  using Pairs = std::vector<std::string>;
  EXPECT_EQ(pairs_of("a=1 b=2"), (Pairs{"a=|1", "b=|2"}));
  EXPECT_EQ(pairs_of("  a=1  b=2 "), (Pairs{"a=|1", "b=|2"}));
  EXPECT_EQ(pairs_of("a='x y' b=\"z w\""), (Pairs{"a=|'x y'", "b=|\"z w\""}));
  EXPECT_EQ(pairs_of("a= b=2"), (Pairs{"a=|", "b=|2"}));
  EXPECT_EQ(pairs_of("a="), (Pairs{"a=|"}));
  EXPECT_EQ(pairs_of(R"(a="x\" y" b=2)"), (Pairs{R"(a=|"x\" y")", "b=|2"}));
  EXPECT_EQ(pairs_of(R"(a="x\\" b=2)"), (Pairs{R"(a=|"x\\")", "b=|2"}));
  EXPECT_EQ(pairs_of("a=\"x' b=2"), (Pairs{"a=|\"x' b=2"})) << "never closed";
  EXPECT_EQ(pairs_of("a=\"x\\"), (Pairs{"a=|\"x\\"}));
  EXPECT_EQ(pairs_of("a=\""), (Pairs{"a=|\""}));
  EXPECT_TRUE(pairs_of("").empty());
  EXPECT_TRUE(pairs_of("   ").empty());
  EXPECT_TRUE(pairs_of("words").empty());
}

// Property: what append_pair() wrote comes back pair by pair.
TEST(TakePair, TakesWhatWasAppended) {
  const std::string alphabet = "ab \"\\='\n";
  Rng rng(11);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    std::vector<std::string> written;
    for (std::uint64_t pair = rng.below(5); pair > 0; --pair) {
      std::string value;
      for (std::uint64_t i = rng.below(9); i > 0; --i) {
        value += alphabet[rng.below(alphabet.size())];
      }
      const std::size_t before = text.size();
      append_pair(text, "key", value, needs_quotes(value));
      written.push_back(text.substr(before + (before > 0 ? 1 : 0)).insert(4, "|"));
    }
    ASSERT_EQ(pairs_of(text), written) << text;
  }
}

}  // namespace
}  // namespace logdetect
