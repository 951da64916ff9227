#include "mining/template_key.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace logdetect {
namespace {

MaskedMessage cut(const std::string& message) {
  static const auto masker = Masker::create({});
  MaskedMessage out;
  masker->mask(message, out);
  return out;
}
TemplateKey key_of(const std::string& message) {
  return cut(message).key;
}

TEST(TemplateKey, TheRouteTellsWordsAndPlacesApart) {
  std::set<std::uint64_t> routes;
  const std::vector<std::string> messages = {"a b", "b a",   "a a", "b b",  "a 5", "5 a",
                                             "a",   "a b c", "a,b", "a b,", "5",   "5 5"};
  for (const std::string& message : messages) {
    routes.insert(key_of(message).route);
  }
  EXPECT_EQ(routes.size(), messages.size());
  EXPECT_EQ(key_of("a 5 c").route, key_of("a 10.0.0.1 c").route) << "a value is any value";
  EXPECT_EQ(key_of("a 5 c").route, key_of("a eth0 c").route) << "a lazy word counts as one";
}

TEST(TemplateKey, TheSkeletonTellsDelimitersAndTheNumberOfTokens) {
  EXPECT_EQ(key_of("a b c").skeleton, key_of("x 5 z").skeleton);
  std::set<std::uint64_t> skeletons;
  const std::vector<std::string> messages = {"a b c", "a,b c", "a b,c", "a b", "a", "a b c,", "(a b)"};
  for (const std::string& message : messages) {
    skeletons.insert(key_of(message).skeleton);
  }
  EXPECT_EQ(skeletons.size(), messages.size());
}

TEST(TemplateKey, MasksAndLazyWordsGoByPlace) {
  EXPECT_EQ(key_of("a 5 c").masks, key_of("x 7 z").masks);
  EXPECT_NE(key_of("a 5 c").masks, key_of("a 10.0.0.1 c").masks);
  EXPECT_NE(key_of("5 10.0.0.1").masks, key_of("10.0.0.1 5").masks);
  EXPECT_EQ(key_of("a b").lazy, key_of("c d").lazy);
  EXPECT_EQ(key_of("a eth0").lazy, key_of("b eth0").lazy);
  EXPECT_NE(key_of("a eth0").lazy, key_of("a eth1").lazy);
  EXPECT_NE(key_of("eth0 eth1").lazy, key_of("eth1 eth0").lazy);
  EXPECT_NE(key_of("eth0").lazy, key_of("a").lazy);
}

TEST(TemplateKey, IsTheSameOfPlacesAsOfTokens) {
  for (const std::string message : {"", "a", "a b, c=5 (eth0) d", "x 10.0.0.1 y"}) {
    const auto out = cut(message);
    std::vector<KeyToken> places;
    for (const Token& token : out.tokens) {
      places.push_back({token.hash, token.kind == Token::Kind::kDelimiter, token.open()});
    }
    EXPECT_EQ(make_key(places).route, out.key.route) << message;
    EXPECT_EQ(make_key(places).skeleton, out.key.skeleton) << message;
  }
  const KeyToken fresh;
  EXPECT_EQ(fresh.hash, 0U);
}

TEST(TemplateKey, APlaceIsExchangedByItsShare) {
  const auto a = cut("one two three");
  const auto b = cut("one four three");
  EXPECT_EQ(a.key.route - place_key(2, a.tokens[2].hash) + place_key(2, b.tokens[2].hash), b.key.route);
  EXPECT_NE(place_key(1, 5), place_key(2, 5));
  EXPECT_NE(place_key(1, 5), place_key(1, 6));
}

/// The message with its lists collapsed, values as <>.
std::string collapsed(const std::string& message) {
  const auto out = cut(message);
  std::vector<Token> kept;
  collapse_tokens(out.tokens, out.text, kept);
  std::string text;
  for (const Token& token : kept) {
    text += token.open() ? "<>" : std::string(out.token_text(token));
  }
  return text;
}

TEST(CollapseLists, TwoSufficeWithACommaThreeAreNeededWithBlanks) {
  EXPECT_EQ(collapsed("m: 1, 2"), "m: <>");
  EXPECT_EQ(collapsed("m: 1, 2, 3, 4 end"), "m: <> end");
  EXPECT_EQ(collapsed("m: 1; 2; 3"), "m: <>");
  EXPECT_EQ(collapsed("m: 1, 2; 3"), "m: <>; <>");
  EXPECT_EQ(collapsed("1 2"), "<> <>");
  EXPECT_EQ(collapsed("1 2 3"), "<>");
  EXPECT_EQ(collapsed("1 2 3 4 x"), "<> x");
  EXPECT_EQ(collapsed("a(1),a(2)"), "a(<>)");
  EXPECT_EQ(collapsed("p a(1), a(2), a(3) q"), "p a(<>) q");
  EXPECT_EQ(collapsed("p a(1), b(2) q"), "p a(<>), b(<>) q") << "words must be equal";
  EXPECT_EQ(collapsed("a 1 a 2"), "a <> a <>");
  EXPECT_EQ(collapsed("a 1 a 2 a 3"), "a <>");
}

TEST(CollapseLists, OnlyWithAValueInEachBlock) {
  for (const char* message : {"", "x", "a, a, a", "a a a a", "x, y, z", ",,,", "5", "5,"}) {
    EXPECT_EQ(collapsed(message), std::string(message).find('5') == 0 ? "<>" + std::string(message).substr(1) : message)
        << message;
  }
}

TEST(CollapseLists, BlocksHaveAtMostSixteenPlaces) {
  const auto list = [](int words) {
    std::string block;
    for (int i = 0; i < words; ++i) {
      block += std::string(1, static_cast<char>('a' + i)) + "(";
    }
    return block + "5";
  };

  EXPECT_LT(collapsed(list(6) + ", " + list(6)).size(), 16U);
  EXPECT_LT(collapsed(list(7) + " " + list(7) + " " + list(7)).size(), 17U);
  EXPECT_GT(collapsed(list(8) + ", " + list(8)).size(), 30U);
}

TEST(CollapseLists, OpenedPlacesAreNoneOfAList) {
  const ListPlace value{0, ListPart::kValue};
  const ListPlace opened{0, ListPart::kOpened};
  const ListPlace comma{1, ListPart::kComma};
  std::vector<std::size_t> kept;
  collapse_lists(std::vector<ListPlace>{value, comma, value}, kept);
  EXPECT_EQ(kept, (std::vector<std::size_t>{0}));
  collapse_lists(std::vector<ListPlace>{opened, comma, opened}, kept);
  EXPECT_EQ(kept, (std::vector<std::size_t>{0, 1, 2}));
  collapse_lists(std::vector<ListPlace>{value, comma, opened}, kept);
  EXPECT_EQ(kept, (std::vector<std::size_t>{0, 1, 2}));
  collapse_lists({}, kept);
  EXPECT_TRUE(kept.empty());
  const ListPlace fresh;
  EXPECT_EQ(fresh.hash, 0U);
}

TEST(CollapseLists, PartsByTheFirstByteOfADelimiter) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const ListPart wanted = c == ',' || c == ';' ? ListPart::kComma : byte <= ' ' ? ListPart::kBlank : ListPart::kOther;
    EXPECT_EQ(delimiter_part(c), wanted) << byte;
  }
}

}  // namespace
}  // namespace logdetect
