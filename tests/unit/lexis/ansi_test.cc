#include "logdetect/lexis/ansi.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

std::string plain(const std::string& text) {
  Arena arena;
  return std::string(without_escapes(text, arena));
}

TEST(Ansi, SeesAnEscapeAnywhere) {
  EXPECT_FALSE(has_escapes(""));
  EXPECT_FALSE(has_escapes("plain [33m text"));
  for (std::size_t at = 0; at < 100; ++at) {
    std::string text(100, 'x');
    text[at] = '\x1b';
    EXPECT_TRUE(has_escapes(text)) << at;
    EXPECT_FALSE(has_escapes(std::string_view(text).substr(0, at))) << at;
  }
}

TEST(Ansi, TakesColoursOut) {
  EXPECT_EQ(plain(""), "");
  EXPECT_EQ(plain("no colour"), "no colour");
  EXPECT_EQ(plain("\x1b[31mred\x1b[0m end"), "red end");
  EXPECT_EQ(plain("\x1b[1;31;40mbold\x1b[m"), "bold");
  EXPECT_EQ(plain("a\x1b[33m\x1b[44mb"), "ab");
}

TEST(Ansi, WhatIsNoWholeSequenceStays) {
  for (const std::string text :
       {"\x1b", "a\x1b", "\x1b[", "\x1b[3", "\x1b[3;", "\x1b]0;title", "\x1bx[31m", "\x1b[3\x1f", "\x1b[3\x7f"}) {
    EXPECT_EQ(plain(text), text);
  }
  EXPECT_EQ(plain("\x1b\x1b[31mx"), "\x1bx");
}

// ECMA-48: parameters and intermediates 0x20 to 0x3f, the last byte 0x40 to 0x7e.
TEST(Ansi, AnyByteBehindTheBracketGoesByItsRange) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("a\x1b[") + static_cast<char>(byte) + "mb";
    const bool parameter = byte >= 0x20 && byte <= 0x3f;
    const bool last = byte >= 0x40 && byte <= 0x7e;
    EXPECT_EQ(plain(text), parameter ? "ab" : last ? "amb" : text) << byte;
  }
}

}  // namespace
}  // namespace logdetect
