#include "ingest/text_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using namespace std::string_literals;
using testing_support::ascii_as_utf16;
using testing_support::random_pieces;

std::string decode_all(const std::vector<std::string_view>& pieces, Encoding encoding) {
  TextDecoder decoder(encoding);
  std::string out;
  for (const std::string_view piece : pieces) {
    const std::string bytes(piece);
    out += decoder.decode(bytes);
  }
  out += decoder.finish();
  return out;
}

TEST(TextDecoder, PlainBytesPassUncopied) {
  TextDecoder decoder(Encoding::kAuto);
  const std::string bytes = "caf\xC3\xA9 \xFF\xFE end";
  const std::string_view text = decoder.decode(bytes);
  EXPECT_EQ(text.data(), bytes.data());
  EXPECT_EQ(text, bytes);
  EXPECT_EQ(decoder.finish(), "");
  EXPECT_FALSE(decoder.transcodes());
}

TEST(TextDecoder, CutsAUtf8Bom) {
  TextDecoder decoder(Encoding::kAuto);
  EXPECT_EQ(decoder.decode("\xEF\xBB\xBFline"), "line");
  EXPECT_EQ(decoder.start_offset(), 3U);
  EXPECT_EQ(decode_all({"\xEF\xBB\xBFx"}, Encoding::kUtf8), "x");
}

TEST(TextDecoder, HalfABomIsData) {
  EXPECT_EQ(decode_all({"\xEF\xBB"}, Encoding::kAuto), "\xEF\xBB");
  EXPECT_EQ(decode_all({"\xEF", "\xBB", "x"}, Encoding::kAuto), "\xEF\xBBx");
  EXPECT_EQ(decode_all({"\xFE"}, Encoding::kAuto), "\xFE");
}

TEST(TextDecoder, OnlyABomIsEmptyText) {
  EXPECT_EQ(decode_all({"\xEF\xBB\xBF"}, Encoding::kAuto), "");
  EXPECT_EQ(decode_all({"\xFF\xFE"}, Encoding::kAuto), "");
  EXPECT_EQ(decode_all({}, Encoding::kAuto), "");
}

TEST(TextDecoder, Utf16OfBothOrders) {
  EXPECT_EQ(decode_all({"\xFF\xFE" + ascii_as_utf16("a\r\nb\n", true)}, Encoding::kAuto), "a\r\nb\n");
  EXPECT_EQ(decode_all({"\xFE\xFF" + ascii_as_utf16("a\r\nb\n", false)}, Encoding::kAuto), "a\r\nb\n");
}

TEST(TextDecoder, Utf16ByOptionNeedsNoBomAndCutsOne) {
  EXPECT_EQ(decode_all({ascii_as_utf16("ab", true)}, Encoding::kUtf16Le), "ab");
  EXPECT_EQ(decode_all({ascii_as_utf16("ab", false)}, Encoding::kUtf16Be), "ab");
  EXPECT_EQ(decode_all({"\xFF\xFE" + ascii_as_utf16("ab", true)}, Encoding::kUtf16Le), "ab");
}

TEST(TextDecoder, DeclaredUtf8KeepsAUtf16Bom) {
  EXPECT_EQ(decode_all({"\xFF\xFE"
                        "ab"},
                       Encoding::kUtf8),
            "\xFF\xFE"
            "ab");
}

TEST(TextDecoder, CharactersOfEverySize) {
  // U+00E9, U+20AC, U+1F600 as the pair D83D DE00.
  EXPECT_EQ(decode_all({"\xE9\x00\xAC\x20\x3D\xD8\x00\xDE"s}, Encoding::kUtf16Le),
            "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(TextDecoder, LoneSurrogatesAndAHalfUnitAreReplaced) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(decode_all({"\x3D\xD8\x61\x00"s}, Encoding::kUtf16Le), replacement + "a");
  EXPECT_EQ(decode_all({"\x00\xDE\x61\x00"s}, Encoding::kUtf16Le), replacement + "a");
  EXPECT_EQ(decode_all({"\x3D\xD8\x3D\xD8\x00\xDE"s}, Encoding::kUtf16Le), replacement + "\xF0\x9F\x98\x80");
  EXPECT_EQ(decode_all({"\x61\x00\x3D\xD8"s}, Encoding::kUtf16Le), "a" + replacement);
  EXPECT_EQ(decode_all({"\x61\x00\x62"s}, Encoding::kUtf16Le), "a" + replacement);
}

TEST(TextDecoder, KnowsWhereLinesEndInTheBytes) {
  TextDecoder decoder(Encoding::kAuto);
  const std::string bytes = "\xFF\xFE" + ascii_as_utf16("ab\n\nc", true);
  EXPECT_EQ(decoder.decode(bytes), "ab\n\nc");
  EXPECT_TRUE(decoder.transcodes());
  EXPECT_EQ(decoder.next_line_end(), 8U);
  EXPECT_EQ(decoder.next_line_end(), 10U);
  EXPECT_EQ(decoder.next_line_end(), 12U);
}

TEST(TextDecoder, AnyChunkingGivesTheSameText) {
  Rng rng(2);
  const Encoding encodings[] = {Encoding::kAuto, Encoding::kUtf8, Encoding::kUtf16Le, Encoding::kUtf16Be};
  const std::string heads[] = {"", "\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF", "\xEF", "\xFF"};
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = heads[rng.below(6)];
    const std::uint64_t size = rng.below(60);
    for (std::uint64_t i = 0; i < size; ++i) {
      bytes += static_cast<char>(rng.below(3) == 0 ? 0xD8 + rng.below(8) : rng.below(256));
    }
    const Encoding encoding = encodings[rng.below(4)];
    ASSERT_EQ(decode_all({bytes}, encoding), decode_all(random_pieces(bytes, rng), encoding)) << "round " << round;
  }
}

TEST(Texture, FindsBinary) {
  EXPECT_EQ(texture_of("plain text\n", Encoding::kAuto), Texture::kText);
  EXPECT_EQ(texture_of("", Encoding::kAuto), Texture::kText);
  EXPECT_EQ(texture_of("\x7F"
                       "ELF\0\0\x01"s,
                       Encoding::kAuto),
            Texture::kBinary);
  EXPECT_EQ(texture_of(std::string(9000, 'x') + '\0', Encoding::kAuto), Texture::kText) << "only 8 KiB are looked at";
}

TEST(Texture, KnowsUtf16) {
  const std::string little = ascii_as_utf16("2024-01-31 started\n", true);
  const std::string big = ascii_as_utf16("2024-01-31 started\n", false);
  EXPECT_EQ(texture_of("\xFF\xFE" + little, Encoding::kAuto), Texture::kText);
  EXPECT_EQ(texture_of(little, Encoding::kUtf16Le), Texture::kText);
  EXPECT_EQ(texture_of(little, Encoding::kAuto), Texture::kLikelyUtf16Le);
  EXPECT_EQ(texture_of(big, Encoding::kAuto), Texture::kLikelyUtf16Be);
}

}  // namespace
}  // namespace logdetect
