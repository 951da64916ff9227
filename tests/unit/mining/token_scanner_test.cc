// How a message is cut: values in angle brackets, lazy words in braces, everything else as it stands.
#include "mining/token_scanner.h"

#include <gtest/gtest.h>

#include <string>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

MaskedMessage cut(std::string_view message, const MinerOptions& options = {}) {
  const auto masker = Masker::create(options);
  EXPECT_TRUE(masker.ok());
  MaskedMessage out;
  masker->mask(message, out);
  return out;
}

std::string shown(const MaskedMessage& out) {
  std::string text;
  for (const Token& token : out.tokens) {
    const std::string part(out.token_text(token));
    EXPECT_TRUE(!part.empty() || token.kind == Token::Kind::kLazyWord) << out.text;
    text += token.kind == Token::Kind::kValue      ? std::string(mask_name(token.mask))
            : token.kind == Token::Kind::kLazyWord ? "{" + part + "}"
                                                   : part;
  }
  return text;
}

struct Case {
  const char* message;
  const char* expected;
};

class Scanned : public testing::TestWithParam<Case> {};

TEST_P(Scanned, As) {
  EXPECT_EQ(shown(cut(GetParam().message)), GetParam().expected) << GetParam().message;
}

INSTANTIATE_TEST_SUITE_P(Brackets, Scanned,
                         testing::Values(Case{"a <1 sec", "a <NUM>"}, Case{"a <12 sec, b", "a <NUM>, b"},
                                         Case{"<1 s", "<NUM>"}, Case{"a <1 5 b", "a <<NUM> <NUM> b"},
                                         Case{"a < sec", "a < sec"}, Case{"a <1 s5 b", "a <<NUM> {s5} b"},
                                         Case{"a <5> b", "a <NUM> b"}, Case{"a <x1234> b", "a <ID> b"},
                                         Case{"a <eth0> b", "a <{eth0}> b"}, Case{"a <db-2> b", "a <ID> b"},
                                         Case{"a <5", "a <<NUM>"},
                                         Case{"<a:1, b:2> 3> x", "<a:<NUM>, b:<NUM> <NUM>> x"},
                                         Case{"a 5> b", "a <NUM>> b"}, Case{"a <b> c> d", "a <b> c> d"}));

INSTANTIATE_TEST_SUITE_P(EmptyValues, Scanned,
                         testing::Values(Case{"u=, x", "u={}, x"}, Case{"u=; x", "u={}; x"}, Case{"(u=) x", "(u={}) x"},
                                         Case{"[u=] x", "[u={}] x"}, Case{"{u=} x", "{u={}} x"}, Case{"u=", "u={}"},
                                         Case{"u=  ", "u={}"}, Case{"u= h.a-b=x", "u={} h.a-b={x}"},
                                         Case{"u= x", "u= {x}"}, Case{"u= x y=z", "u= {x} y={z}"}, Case{"=x", "={x}"},
                                         Case{"u = ", "u ="}, Case{"u= =x", "u= ={x}"}, Case{"u=\"\" x", "u=\"\" x"},
                                         Case{"f() x", "f({}) x"}, Case{"f( ) x", "f( ) x"}, Case{"f[] x", "f[] x"},
                                         Case{"f)(", "f)("}));

INSTANTIATE_TEST_SUITE_P(
    Words, Scanned,
    testing::Values(Case{"a=b c", "a={b} c"}, Case{"a = b c", "a = {b} c"}, Case{"a =b", "a ={b}"},
                    Case{"x true y", "x <*> y"}, Case{"x FALSE y", "x <*> y"}, Case{"x Null nil y", "x <*> <*> y"},
                    Case{"x tru trues nul nulls falsey y", "x tru trues nul nulls falsey y"},
                    Case{"x blk_1234 y", "x <ID> y"}, Case{"x blk_123 y", "x {blk_123} y"},
                    Case{"x SHA256 AB1 y", "x SHA256 AB1 y"}, Case{"x A1 Ab1 AB1C y", "x {A1} {Ab1} {AB1C} y"},
                    Case{"x * y", "x * y"}, Case{"x -> y", "x -> y"}, Case{"wait: ok", "wait: ok"},
                    Case{"wait. ok", "wait. ok"}, Case{"wait.. ok", "wait.. ok"}, Case{"a:b:c d", "a:b:c d"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, Scanned,
    testing::Values(Case{"x 12 KB y", "x <NUM> {KB} y"}, Case{"x 12  KB y", "x <NUM>  KB y"},
                    Case{"x 12 KBs y", "x <NUM> KBs y"}, Case{"x -12 KB", "x <NUM> {KB}"}, Case{"12 B", "<NUM> {B}"},
                    Case{"x 1,234 y", "x <NUM> y"}, Case{"x 1;2 y", "x <NUM> y"}, Case{"x 1|2 y", "x <NUM> y"},
                    Case{"x 1=2 y", "x <NUM>=<NUM> y"}, Case{"x 1(2) y", "x <NUM>(<NUM>) y"},
                    Case{"x 1,, 2 y", "x <NUM>,, <NUM> y"}, Case{"x 1, 2 y", "x <NUM>, <NUM> y"},
                    Case{"x eth0,5 y", "x <ID> y"}, Case{"x eth0,eth1 y", "x {eth0},{eth1} y"},
                    Case{"x a,5 y", "x a,<NUM> y"}, Case{"x 123 Jan 2 15:04:05 y", "x <NUM> <TIME> y"},
                    Case{"x 12 Jan 2026 15:04:05 y", "x <TIME> y"}, Case{"x 12M->34M y", "x <NUM>-><NUM> y"},
                    Case{"x 5... y", "x <NUM>... y"}, Case{"x 12**34 y", "x <NUM>**<NUM> y"},
                    Case{"x 5: y", "x <NUM>: y"}, Case{"x 5. y", "x <NUM>. y"}));

INSTANTIATE_TEST_SUITE_P(
    Parts, Scanned,
    testing::Values(Case{"x 5..#..7 y", "x <NUM>..#..<NUM> y"}, Case{"x 5##@ y", "x <NUM>##@ y"},
                    Case{"x core.77 y", "x core.<NUM> y"}, Case{"x :5 y", "x :<NUM> y"}, Case{"x :-5 y", "x :<NUM> y"},
                    Case{"x #5-6 y", "x <ID> y"}, Case{"x :a5 y", "x :{a5} y"}, Case{"x core+7 y", "x core+<NUM> y"},
                    Case{"x core@7 y", "x core@<NUM> y"}, Case{"x a#5 y", "x a#<NUM> y"}, Case{"x c1+5 y", "x <ID> y"},
                    Case{"x #5 y", "x #<NUM> y"}, Case{"x @0x1f y", "x @<HEX> y"}, Case{"x #a.b5 y", "x #{a.b5} y"},
                    Case{"x #a_5 y", "x {#a_5} y"}, Case{"x [-node7] y", "x [-{node7}] y"},
                    Case{"x -node7 y", "x {-node7} y"}, Case{"x a.b.com=yes y", "x a.b.com={yes} y"},
                    Case{"x n1.b.com=yes y", "x <HOST>={yes} y"}, Case{"x a.b.com yes", "x <HOST> yes"},
                    Case{"x key:10.0.0.1 y", "x key:<IP> y"}, Case{"x a1::b y", "x {a1}::b y"},
                    Case{"x a::b y", "x a::b y"}, Case{"x cafe12:z y", "x <HEX>:z y"}, Case{"x 12:z y", "x <ID> y"},
                    Case{"x 10.0.0.1:80:z y", "x <IP>:z y"}, Case{"x a...b y", "x a...b y"},
                    Case{"x /a/b.", "x <PATH>."}, Case{"x /a/b. c", "x <PATH> c"}, Case{"x /a/b. C", "x <PATH>. C"}));

// A view that ends within a longer text is scanned as if nothing followed it.
TEST(TokenScanner, AMessageEndsWhereItsViewEnds) {
  const auto masker = Masker::create({});
  for (const std::string_view text :
       {"a <5> b <1 sec> <x1234> 12 KB/s 10.0.0.1:80:z", "u= v=() x=, (a.b.com=5) \"q\" 'r' [-node7] #5 @0x1f :-5",
        "Mon, Jan  2 2006 15:04:05.123 2024-01-15 03:42:18.5Z 22 Jan 2006 15:04:05 2024/01/15T03:42:18",
        "http://a.b/c?d=e HTTP/1.1 /x/y?z HTTP/1.0 /x HTTP/2 C:\\x\\y fe80::1:2:3 00:1a:2b:3c:4d:5e a@b.org v1.2.3",
        "word: end. wait... 12##34 a::b1:c core.1234 123e4567-e89b-12d3-a456-426614174000 1,234 80x25 95% true 7MB "
        "5..7"}) {
    for (std::size_t n = 0; n <= text.size(); ++n) {
      const std::string exact(text.substr(0, n));
      MaskedMessage alone;
      MaskedMessage within;
      masker->mask(exact, alone);
      masker->mask(text.substr(0, n), within);
      ASSERT_EQ(shown(alone), shown(within)) << exact;
      ASSERT_EQ(alone.key.route, within.key.route) << exact;
      ASSERT_EQ(alone.key.masks, within.key.masks) << exact;
    }
  }
}

TEST(TokenScanner, ExactlyTheMostTokensAreKeptWhole) {
  MinerOptions options;
  options.max_tokens = 9;
  const auto whole = cut("a b c d e", options);
  EXPECT_EQ(whole.tokens.size(), 9U);
  EXPECT_EQ(shown(whole), "a b c d e");
  for (const std::string message : {"a b c d e f", "a b c d e f g h 5 i j", "a b c d e(f)"}) {
    const auto folded = cut(message, options);
    ASSERT_EQ(folded.tokens.size(), 9U);
    EXPECT_EQ(shown(folded), "a b c d <*>");
    EXPECT_EQ(folded.token_text(folded.tokens.back()), message.substr(8));
    EXPECT_EQ(folded.tokens.back().hash, cut("5").tokens[0].hash) << "a value like any other";
  }
  options.max_tokens = 0;
  EXPECT_EQ(cut("a b c d", options).tokens.size(), 2U);
}

TEST(TokenScanner, RepeatedMarksAreOneDelimiterByCharacterAndLength) {
  const auto hash = [](const std::string& mark) { return cut("1" + mark + "2").tokens.at(1).hash; };
  EXPECT_NE(hash("##"), hash("###"));
  EXPECT_EQ(hash("###"), hash("####"));
  EXPECT_NE(hash("##"), hash("**"));
  EXPECT_EQ(cut("a b").tokens[1].hash, cut("a \t  b").tokens[1].hash) << "blanks are as one";
}

MinerOptions with_masks(std::vector<CustomMask> masks) {
  MinerOptions options;
  options.masks = std::move(masks);
  return options;
}

TEST(TokenScanner, ACustomMatchCutsTheChunkItIsIn) {
  const MinerOptions options = with_masks({{"ORDER", "ord-[a-z]+", {}}});
  EXPECT_EQ(shown(cut("pre=ord-x", options)), "pre=<CUSTOM>");
  EXPECT_EQ(shown(cut("a/ord-x b", options)), "a/<CUSTOM> b");
  EXPECT_EQ(shown(cut("ord-x,7 b", options)), "<CUSTOM> b");
  EXPECT_EQ(shown(cut("7ord-x b", options)), "<NUM> b");
  EXPECT_EQ(cut("pre ord-x", options).tokens[2].hash, hash64("ORDER"));
}

TEST(TokenScanner, EarlierMasksComeFirstAndMatchesDoNotOverlap) {
  const MinerOptions options = with_masks({{"LATE", "b c|z", {}}, {"EARLY", "a b|c d|x", {}}});
  const auto names = [&](const std::string& message) {
    std::string out;
    const auto got = cut(message, options);
    for (const Token& token : got.tokens) {
      if (token.mask == MaskKind::kCustom) {
        out += std::string(got.token_text(token)) + (token.hash == hash64("LATE") ? "=L " : "=E ");
      }
    }
    return out;
  };
  EXPECT_EQ(names("a b c d"), "b c=L ");
  EXPECT_EQ(names("a b z c d"), "a b=E z=L c d=E ");
  EXPECT_EQ(names("x z x z"), "x=E z=L x=E z=L ");
  const auto none = cut("q", with_masks({{"EMPTY", "y*", {}}}));
  EXPECT_EQ(shown(none), "q");
}

TEST(TokenScanner, AMaskThatMatchesNothingSomewhereIsTriedBehindIt) {
  for (const std::string message : {"yy", "byy", "bbyy", "bbbyy"}) {
    const auto got = cut(message, with_masks({{"Y", "y*", {}}}));
    ASSERT_FALSE(got.tokens.empty());
    EXPECT_EQ(got.tokens.back().mask, MaskKind::kCustom) << message;
    EXPECT_EQ(got.token_text(got.tokens.back()), "yy") << message;
  }
}

TEST(TokenScanner, AtMost256CustomMatches) {
  std::string message;
  for (int i = 0; i < 300; ++i) {
    message += "w ";
  }
  MinerOptions options = with_masks({{"W", "w", {}}});
  options.max_tokens = 1000;
  std::size_t found = 0;
  for (const Token& token : cut(message, options).tokens) {
    found += token.mask == MaskKind::kCustom ? 1 : 0;
  }
  EXPECT_EQ(found, 256U);
}

TEST(TokenScanner, QuotesAreValuesWhereWanted) {
  MinerOptions options = with_masks({{"ORDER", "ord-[a-z]+", {}}});
  options.quoted_values = true;
  EXPECT_EQ(shown(cut("say \"x y\" and 'z'", options)), "say \"<*>\" and '<*>'");
  EXPECT_EQ(shown(cut("it's 'so' isn't", options)), "it's '<*>' isn't");
  EXPECT_EQ(shown(cut("\"\" ''", options)), "\"\" ''");
  EXPECT_EQ(shown(cut("\"a ord-x b\" c", options)), "\"a <CUSTOM> b\" c");
  EXPECT_EQ(shown(cut("\"a b\" ord-x", options)), "\"<*>\" <CUSTOM>");
  EXPECT_EQ(shown(cut("\"a 'b c' d", options)), "\"a '<*>' d");
}

TEST(Masker, PairsBesideTheMessageAreExtras) {
  const auto masker = Masker::create({});
  const std::string pairs = "n=12 t=3.5ms w=word m=\"5 KB\" e=";
  const std::string message = "moved 5 boxes " + pairs;
  MaskedMessage out;
  masker->mask(message, pairs.size(), out);
  EXPECT_EQ(shown(out), "moved <NUM> boxes");
  ASSERT_EQ(out.extras.size(), 5U);
  EXPECT_EQ(out.extras[0].text, "n=12");
  EXPECT_EQ(out.extras[0].name(), "n");
  EXPECT_EQ(out.extras[0].kind, MaskKind::kNumber);
  EXPECT_EQ(out.extras[1].kind, MaskKind::kNumber);
  EXPECT_EQ(out.extras[2].kind, MaskKind::kNone);
  EXPECT_EQ(out.extras[4].text, "e=");
  masker->mask("plain", 0, out);
  EXPECT_TRUE(out.extras.empty());
  masker->mask("n=1", 99, out);
  EXPECT_EQ(out.extras.size(), 1U);
  EXPECT_TRUE(out.tokens.empty());
}

TEST(Masker, AtMost64Extras) {
  const auto masker = Masker::create({});
  for (const std::size_t n : {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{100}}) {
    std::string pairs;
    for (std::size_t i = 0; i < n; ++i) {
      pairs += "k=1 ";
    }
    MaskedMessage out;
    masker->mask(pairs, pairs.size(), out);
    EXPECT_EQ(out.extras.size(), std::min<std::size_t>(n, 64));
  }
}

TEST(Masker, AtMost256MasksOfTheUser) {
  MinerOptions options;
  options.masks.assign(256, {"M", "x", {}});
  EXPECT_TRUE(Masker::create(options).ok());
  options.masks.push_back({"M", "x", {}});
  EXPECT_FALSE(Masker::create(options).ok());
}

TEST(Token, AValueOrALazyWordIsOpen) {
  const auto out = cut("word eth0 5");
  EXPECT_FALSE(out.tokens[0].open());
  EXPECT_FALSE(out.tokens[1].open());
  EXPECT_TRUE(out.tokens[2].open());
  EXPECT_TRUE(out.tokens[4].open());
  const Token fresh;
  EXPECT_EQ(fresh.begin + fresh.length, 0U);
  EXPECT_EQ(fresh.hash, 0U);
  const TemplateKey key;
  EXPECT_EQ(key.skeleton + key.route + key.masks + key.lazy, 0U);
}

}  // namespace
}  // namespace logdetect
