#include "mining/shape_memo.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

// Pieces that exercise the scanner's rules about digits.
const std::vector<std::string> kPieces = {"took",
                                          "3.2",
                                          "ms",
                                          "10.1.22.133",
                                          "10.1.2.3:8080",
                                          "0x7f3a",
                                          "1x5",
                                          "deadbeef42",
                                          "9f4ef63a",
                                          "abcdef",
                                          "cafe12",
                                          "123e4567-e89b-12d3-a456-426614174000",
                                          "db-2",
                                          "user1234",
                                          "u20",
                                          "/var/log/app.1.log",
                                          "req=6172fd633e3b",
                                          "id=",
                                          "=",
                                          "12",
                                          "7",
                                          "2024",
                                          "12345678",
                                          "Jan",
                                          "2",
                                          "15:04:05",
                                          "2024-01-15",
                                          "03:42:18.123",
                                          "Mon",
                                          "(12)",
                                          "[7]",
                                          "<1",
                                          "sec",
                                          "12 KB",
                                          "5 MiB",
                                          "1,234",
                                          "a;b",
                                          "1, 2, 3",
                                          "v1.2.3",
                                          "fe80::1ff:fe23:4567:890a",
                                          "00:1a:2b:3c:4d:5e",
                                          "blk_-1608999687919862906",
                                          "core.1234",
                                          "x@example.org",
                                          "https://a.org/1?b=2",
                                          "95%",
                                          "-17",
                                          "+4",
                                          "true",
                                          "null",
                                          "#5",
                                          "12##34",
                                          "...",
                                          "word:",
                                          "end.",
                                          "a:b:1",
                                          "node12.example.com",
                                          "\"q 1\"",
                                          "\xC3\xA9t\xC3\xA9",
                                          "0",
                                          "00",
                                          "000",
                                          "1e10",
                                          "0b01",
                                          "10.0.0.1:50010:Got",
                                          "<02114537>",
                                          "e1",
                                          "f",
                                          "42f",
                                          "A1B2C3D4"};

std::string random_message(Rng& rng) {
  std::string text;
  const std::uint64_t n = 1 + rng.below(9);
  for (std::uint64_t i = 0; i < n; ++i) {
    text += kPieces[rng.below(kPieces.size())];
    text += rng.below(8) == 0 ? "" : rng.below(12) == 0 ? "  " : " ";
  }
  return text;
}

// Other digits for digits, and now and then another hexadecimal letter for one.
std::string varied(std::string text, Rng& rng) {
  for (char& c : text) {
    if (is_digit(c) && rng.below(3) > 0) {
      c = static_cast<char>('0' + rng.below(10));
    } else if (is_hex(c) && rng.below(6) == 0) {
      c = "0123456789abcdef"[rng.below(16)];
    }
  }
  return text;
}

void expect_same(const MaskedMessage& got, const MaskedMessage& wanted, const std::string& text) {
  ASSERT_EQ(got.text, wanted.text);
  ASSERT_EQ(got.tokens.size(), wanted.tokens.size()) << text;
  for (std::size_t i = 0; i < got.tokens.size(); ++i) {
    const Token& a = got.tokens[i];
    const Token& b = wanted.tokens[i];
    ASSERT_TRUE(a.begin == b.begin && a.length == b.length && a.hash == b.hash && a.kind == b.kind && a.mask == b.mask)
        << "token " << i << " of " << text;
  }
  ASSERT_EQ(got.key.route, wanted.key.route) << text;
  ASSERT_EQ(got.key.skeleton, wanted.key.skeleton) << text;
  ASSERT_EQ(got.key.masks, wanted.key.masks) << text;
}

TEST(ShapeMemo, WhatItRecallsIsWhatTheScannerSays) {
  const auto masker = Masker::create({});
  Rng rng(5);
  MaskedMessage remembering;
  std::size_t recalled = 0;
  for (int round = 0; round < 6000; ++round) {
    const std::string shape = random_message(rng);
    for (int again = 0; again < 12; ++again) {
      const std::string text = again < 2 ? shape : varied(shape, rng);
      MaskedMessage fresh;
      masker->mask(text, fresh);
      if (remembering.memo && text.size() <= 256) {
        MaskedMessage probe;
        recalled += remembering.memo->recall(text, probe) ? 1 : 0;
      }
      masker->mask(text, remembering);
      expect_same(remembering, fresh, text);
    }
  }
  EXPECT_GT(recalled, 20'000U);  // else the comparison says little
}

TEST(ShapeMemo, KeepsAShapeFromTheSecondTimeOn) {
  const auto masker = Masker::create({});
  MaskedMessage out;
  MaskedMessage probe;
  masker->mask("took 12 ms", out);
  EXPECT_FALSE(out.memo->recall("took 34 ms", probe));
  masker->mask("took 34 ms", out);
  ASSERT_TRUE(out.memo->recall("took 56 ms", probe));
  EXPECT_EQ(probe.token_text(probe.tokens[2]), "56");
}

TEST(ShapeMemo, WordsDigitsOfWordsAndPrefixesMustBeTheSame) {
  const auto masker = Masker::create({});
  MaskedMessage out;
  MaskedMessage probe;
  for (int i = 0; i < 3; ++i) {
    masker->mask("node eth0 at 0x7f3a is 9f4ef63a", out);
  }
  EXPECT_TRUE(out.memo->recall("node eth0 at 0x1f3a is 1a2b3c4d", probe));
  EXPECT_FALSE(out.memo->recall("mode eth0 at 0x7f3a is 9f4ef63a", probe));
  EXPECT_FALSE(out.memo->recall("node eth1 at 0x7f3a is 9f4ef63a", probe));  // a lazy word is literal
  EXPECT_FALSE(out.memo->recall("node eth0 at 1x7f3a is 9f4ef63a", probe));
  EXPECT_FALSE(out.memo->recall("node eth0 at 0x7f3a is 12345678", probe));  // no letter: a number
  EXPECT_FALSE(out.memo->recall("node eth0 at 0x7f3a is abcdefab", probe));  // no digit: a word
  EXPECT_FALSE(out.memo->recall("node eth0 at 0x7f3a is 9f4ef63", probe));
}

TEST(ShapeMemo, AMaskerDoesNotRecallWhatAnotherSaid) {
  MinerOptions few;
  few.max_tokens = 3;
  const auto masker = Masker::create({});
  const auto cutting = Masker::create(few);
  MaskedMessage out;
  for (int i = 0; i < 3; ++i) {
    masker->mask("one two three four", out);
  }
  EXPECT_EQ(out.tokens.size(), 7U);
  cutting->mask("one two three four", out);
  EXPECT_EQ(out.tokens.size(), 3U);
}

TEST(ShapeMemo, ForgetsRatherThanGrow) {
  const auto masker = Masker::create({});
  MaskedMessage out;
  MaskedMessage probe;
  std::string text;
  for (int i = 0; i < 40'000; ++i) {
    text = "event " + std::string(1, static_cast<char>('a' + i % 26)) +
           std::string(static_cast<std::size_t>(i % 97), 'z') + " of kind " +
           std::string(static_cast<std::size_t>(i / 97 % 113), 'y') + " seen 12 times";
    masker->mask(text, out);
    masker->mask(text, out);
    MaskedMessage fresh;
    masker->mask(text, fresh);
    ASSERT_EQ(out.tokens.size(), fresh.tokens.size());
  }
  masker->mask(text, out);
  EXPECT_TRUE(out.memo->recall(text, probe));
}

TEST(ShapeMemo, WhatWasMaskedBetweenDoesNotMatter) {
  const auto masker = Masker::create({});
  MaskedMessage out;
  MaskedMessage probe;
  for (std::size_t size = 1; size <= 64; ++size) {
    const std::string text(size, static_cast<char>('g' + size % 20));
    masker->mask(text, out);
    masker->mask(std::string(256, 'x'), out);
    masker->mask(text, out);
    masker->mask(std::string(256, 'y'), out);
    EXPECT_TRUE(out.memo->recall(text, probe)) << size;
    EXPECT_EQ(probe.text, text);
    EXPECT_EQ(probe.tokens.size(), 1U);
  }
}

TEST(ShapeMemo, KeepsMessagesOfUpTo256BytesAnd96Tokens) {
  const auto masker = Masker::create({});
  const auto kept = [&](const std::string& text) {
    MaskedMessage out;
    MaskedMessage probe;
    masker->mask(text, out);
    masker->mask(text, out);
    return out.memo->recall(text, probe);
  };
  EXPECT_TRUE(kept(std::string(256, 'x')));
  EXPECT_FALSE(kept(std::string(257, 'x')));
  EXPECT_FALSE(kept(""));
  std::string words = "w";
  for (int i = 1; i < 48; ++i) {
    words += " w";
  }
  EXPECT_TRUE(kept(words + ",")) << "96 tokens";
  EXPECT_FALSE(kept(words + " w")) << "97";
}

}  // namespace
}  // namespace logdetect
