#include "logdetect/base/text.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

using std::string_literals::operator""s;

struct Utf8Case {
  const char* name;
  std::string bytes;
  bool valid;
  char32_t value;
};

std::vector<Utf8Case> utf8_cases() {
  return {
      {"ASCII", "a", true, U'a'},
      {"NUL", "\0"s, true, 0},
      {"DEL", "\x7f", true, 0x7F},
      {"first of two bytes", "\xC2\x80", true, 0x80},
      {"last of two bytes", "\xDF\xBF", true, 0x7FF},
      {"first of three bytes", "\xE0\xA0\x80", true, 0x800},
      {"below the surrogates", "\xED\x9F\xBF", true, 0xD7FF},
      {"above the surrogates", "\xEE\x80\x80", true, 0xE000},
      {"last of three bytes", "\xEF\xBF\xBF", true, 0xFFFF},
      {"first of four bytes", "\xF0\x90\x80\x80", true, 0x10000},
      {"last of all", "\xF4\x8F\xBF\xBF", true, 0x10FFFF},
      {"lone continuation", "\x80", false, 0},
      {"overlong slash, two bytes", "\xC0\xAF", false, 0},
      {"overlong, C1", "\xC1\xBF", false, 0},
      {"overlong slash, three bytes", "\xE0\x80\xAF", false, 0},
      {"overlong, just below the bound", "\xE0\x9F\xBF", false, 0},
      {"overlong, four bytes", "\xF0\x8F\xBF\xBF", false, 0},
      {"high surrogate", "\xED\xA0\x80", false, 0},
      {"low surrogate", "\xED\xBF\xBF", false, 0},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80", false, 0},
      {"F5", "\xF5\x80\x80\x80", false, 0},
      {"FE", "\xFE", false, 0},
      {"FF", "\xFF", false, 0},
      {"cut after one of two", "\xC3", false, 0},
      {"cut after two of three", "\xE2\x82", false, 0},
      {"cut after three of four", "\xF0\x9F\x98", false, 0},
      {"continuation missing", "\xE2\x82\x41", false, 0},
  };
}

TEST(DecodeUtf8, Table) {
  for (const Utf8Case& c : utf8_cases()) {
    const CodePoint point = decode_utf8(c.bytes);
    EXPECT_EQ(point.valid, c.valid) << c.name;
    if (c.valid) {
      EXPECT_EQ(point.value, c.value) << c.name;
      EXPECT_EQ(point.length, c.bytes.size()) << c.name;
    } else {
      EXPECT_EQ(point.length, 1) << c.name;
    }
  }
}

TEST(DecodeUtf8, InvertsAppendForEveryScalarValue) {
  std::string bytes;
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value <= 0xDFFF) {
      continue;
    }
    bytes.clear();
    append_utf8(bytes, value);
    const CodePoint point = decode_utf8(bytes);
    ASSERT_TRUE(point.valid && point.value == value && point.length == bytes.size()) << static_cast<unsigned>(value);
  }
}

TEST(AppendUtf8, ReplacesWhatIsNoScalarValue) {
  for (const char32_t value : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}}) {
    std::string bytes;
    append_utf8(bytes, value);
    EXPECT_EQ(bytes, "\xEF\xBF\xBD");
  }
}

TEST(EscapeForTerminal, MakesControlsVisible) {
  EXPECT_EQ(escape_for_terminal("plain text, 100 %"), "plain text, 100 %");
  EXPECT_EQ(escape_for_terminal("a\tb\r\nc\0d"s), "a\\tb\\r\\nc\\0d");
  EXPECT_EQ(escape_for_terminal("\x1b[31mred\x07\x7f"), "\\x1b[31mred\\x07\\x7f");
  EXPECT_EQ(escape_for_terminal("\xC2\x9B[2J"), "\\u009b[2J");                             // C1: CSI in one character
  EXPECT_EQ(escape_for_terminal("\xE2\x80\xAE abc \xE2\x81\xA6"), "\\u202e abc \\u2066");  // bidi
  EXPECT_EQ(escape_for_terminal("a\xE2\x80\x8B\xEF\xBB\xBF"), "a\\u200b\\ufeff");          // zero width, BOM
  EXPECT_EQ(escape_for_terminal("\xF3\xA0\x81\xA1"), "\\U000e0061");                       // tag letter
  EXPECT_EQ(escape_for_terminal("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(escape_for_terminal("\xFF\xC0\xAF"), "\\xff\\xc0\\xaf");
}

// Whatever the bytes, what comes out is valid UTF-8 without a control character.
TEST(EscapeForTerminal, NeverLetsAControlThrough) {
  Rng rng(11);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (std::uint64_t i = rng.below(40); i > 0; --i) {
      bytes += static_cast<char>(rng.below(256));
    }
    const std::string shown = escape_for_terminal(bytes);
    for (std::string_view rest = shown; !rest.empty();) {
      const CodePoint point = decode_utf8(rest);
      ASSERT_TRUE(point.valid);
      ASSERT_TRUE(point.value >= 0x20 && point.value != 0x7F && !(point.value >= 0x80 && point.value < 0xA0));
      rest.remove_prefix(point.length);
    }
  }
}

std::string utf8(char32_t c) {
  std::string bytes;
  append_utf8(bytes, c);
  return bytes;
}

TEST(EscapeForTerminal, HidingRangesEndWhereTheyShould) {
  using Range = std::pair<char32_t, char32_t>;
  for (const auto& [first, last] : {Range{0x80, 0x9F}, Range{0xAD, 0xAD}, Range{0x61C, 0x61C}, Range{0x180E, 0x180E},
                                    Range{0x200B, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},
                                    Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}}) {
    EXPECT_EQ(escape_for_terminal(utf8(first)).front(), '\\') << static_cast<unsigned>(first);
    EXPECT_EQ(escape_for_terminal(utf8(last)).front(), '\\') << static_cast<unsigned>(last);
    EXPECT_EQ(escape_for_terminal(utf8(last + 1)), utf8(last + 1)) << static_cast<unsigned>(last);
    // U+007F, before the first range, is a control and escaped too.
    EXPECT_EQ(escape_for_terminal(utf8(first - 1)) == utf8(first - 1), first != 0x80) << static_cast<unsigned>(first);
  }
}

TEST(ToValidUtf8, ReplacesEachIllFormedByte) {
  EXPECT_EQ(to_valid_utf8("ok \xE2\x82\xAC"), "ok \xE2\x82\xAC");
  EXPECT_EQ(to_valid_utf8("a\xFF\x62"), "a\xEF\xBF\xBD\x62");
  EXPECT_EQ(to_valid_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(to_valid_utf8("\0"s), "\0"s);
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("\xE6\x97\xA5\xE6\x9C\xAC"), 4U);  // two wide characters
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);                 // combining accent
}

TEST(DisplayWidth, RangesEndWhereTheyShould) {
  using Range = std::pair<char32_t, char32_t>;
  for (const auto& [first, last] : {Range{0x1100, 0x115F}, Range{0x2E80, 0xA4CF}, Range{0xAC00, 0xD7A3},
                                    Range{0xF900, 0xFAFF}, Range{0xFE30, 0xFE6F}, Range{0xFF00, 0xFF60},
                                    Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}}) {
    EXPECT_EQ(display_width(utf8(first) + utf8(last)), 4U) << static_cast<unsigned>(first);
    EXPECT_LT(display_width(utf8(first - 1)), 2U) << static_cast<unsigned>(first);
    EXPECT_LT(display_width(utf8(last + 1)), 2U) << static_cast<unsigned>(last);
  }
  for (const auto& [first, last] : {Range{0x300, 0x36F}, Range{0x1AB0, 0x1AFF}, Range{0x20D0, 0x20FF},
                                    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}}) {
    EXPECT_EQ(display_width(utf8(first) + utf8(last)), 0U) << static_cast<unsigned>(first);
    EXPECT_GE(display_width(utf8(first - 1)), 1U) << static_cast<unsigned>(first);
    EXPECT_GE(display_width(utf8(last + 1)), 1U) << static_cast<unsigned>(last);
  }
}

TEST(Ellipsize, CutsAtACodePoint) {
  EXPECT_EQ(ellipsize("short", 5), "short");
  EXPECT_EQ(ellipsize("longer", 5), "long\xE2\x80\xA6");
  EXPECT_EQ(ellipsize("longer", 1), "\xE2\x80\xA6");
  EXPECT_EQ(ellipsize("longer", 0), "");
  EXPECT_EQ(ellipsize("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 4), "\xE6\x97\xA5\xE2\x80\xA6");
}

TEST(Ellipsize, NeverExceedsTheWidth) {
  const std::string text =
      "a\xE6\x97\xA5"
      "b\xCC\x81\xC3\xBC\xF0\x9F\x98\x80z\xFFq";
  for (std::size_t columns = 0; columns < 12; ++columns) {
    EXPECT_LE(display_width(ellipsize(text, columns)), columns);
  }
}

TEST(NearestName, FindsTyposOnly) {
  constexpr std::array<std::string_view, 4> kNames = {"threshold", "threads", "top", "output"};
  EXPECT_EQ(nearest_name("treshold", kNames), "threshold");
  EXPECT_EQ(nearest_name("thread", kNames), "threads");
  EXPECT_EQ(nearest_name("ouptut", kNames), "output");  // two swaps of neighbours cost two
  EXPECT_EQ(nearest_name("tap", kNames), "top");
  EXPECT_EQ(nearest_name("xyz", kNames), "");
  EXPECT_EQ(nearest_name("tax", kNames), "");  // two changes in three letters say nothing
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), kNames), "");
}

TEST(NearestName, TiesGoToTheEarlier) {
  constexpr std::array<std::string_view, 2> kNames = {"scan1", "scan2"};
  EXPECT_EQ(nearest_name("scan", kNames), "scan1");
}

TEST(Text, ValidityAgreesWithRepair) {
  const std::string ascii(37, 'a');
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8(ascii));
  for (std::size_t at = 0; at <= ascii.size(); ++at) {
    for (const char* piece :
         {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xC3"}) {
      std::string text = ascii;
      text.insert(at, piece);
      EXPECT_EQ(is_valid_utf8(text), to_valid_utf8(text) == text) << at;
    }
  }
}

}  // namespace
}  // namespace logdetect
