#include "logdetect/lexis/char_class.h"

#include <gtest/gtest.h>

#include <cctype>

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

// The C library in the "C" locale is the slow reference for ASCII.
TEST(CharClass, AgreesWithTheCLibraryOnEveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool ascii = byte < 0x80;
    EXPECT_EQ(is_digit(c), ascii && std::isdigit(byte) != 0) << byte;
    EXPECT_EQ(is_upper(c), ascii && std::isupper(byte) != 0) << byte;
    EXPECT_EQ(is_lower(c), ascii && std::islower(byte) != 0) << byte;
    EXPECT_EQ(is_alpha(c), ascii && std::isalpha(byte) != 0) << byte;
    EXPECT_EQ(is_hex(c), ascii && std::isxdigit(byte) != 0) << byte;
    EXPECT_EQ(is_blank(c), ascii && std::isblank(byte) != 0) << byte;
    EXPECT_EQ(is_space(c), ascii && std::isspace(byte) != 0) << byte;
    EXPECT_EQ(to_lower(c), ascii ? static_cast<char>(std::tolower(byte)) : c) << byte;
  }
}

// Words in any language stay whole: that is what sets letters apart from alpha.
TEST(CharClass, BytesOfMultiByteCharactersAreLettersButNotAlpha) {
  for (int byte = 0x80; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_TRUE(is_letter(c) && is_alnum(c) && is_word(c)) << byte;
    EXPECT_FALSE(is_alpha(c)) << byte;
  }
  EXPECT_TRUE(is_word('_'));
  EXPECT_FALSE(is_alnum('_'));
  EXPECT_FALSE(is_word('-'));
}

TEST(CharClass, BlankTokenEndAndSpaceAreNestedSets) {
  int blanks = 0;
  int token_ends = 0;
  int spaces = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_LE(is_blank(c), is_token_end(c)) << byte;
    EXPECT_LE(is_token_end(c), is_space(c)) << byte;
    blanks += is_blank(c) ? 1 : 0;
    token_ends += is_token_end(c) ? 1 : 0;
    spaces += is_space(c) ? 1 : 0;
  }
  EXPECT_EQ(blanks, 2);
  EXPECT_EQ(token_ends, 4);
  EXPECT_EQ(spaces, 6);
}

TEST(TextCursor, PeeksPastTheEndAsNul) {
  TextCursor cursor(" \ta");
  cursor.skip_blanks();
  EXPECT_EQ(cursor.peek(), 'a');
  EXPECT_EQ(cursor.peek(1), '\0');
  EXPECT_EQ(cursor.left(), 1U);
  ++cursor.p;
  EXPECT_TRUE(cursor.done());
  EXPECT_EQ(cursor.peek(), '\0');
  cursor.skip_blanks();
  EXPECT_TRUE(cursor.done());
}

TEST(TextCursor, TrimKeepsInnerBlanks) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim("\n \r"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\va"), "\va");  // VT ends no token
}

TEST(TextCursor, EqualsIgnoringCase) {
  EXPECT_TRUE(equals_ignoring_case("ErRor", "error"));
  EXPECT_FALSE(equals_ignoring_case("error", "errors"));
  EXPECT_FALSE(equals_ignoring_case("errox", "error"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
}

}  // namespace
}  // namespace logdetect
