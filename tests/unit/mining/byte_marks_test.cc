#include "mining/byte_marks.h"

#include <gtest/gtest.h>

#include <string>

#include "logdetect/base/rng.h"
#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

bool is_stop(char c) {
  return (char_class(c) & (kSpaceChar | kBreakChar)) != 0;
}
bool is_mark(char c) {
  return !is_stop(c) && (char_class(c) & (kLetterChar | kUnderscoreChar | kDashChar)) == 0;
}

// Compares every answer with that of a walk over kCharTable.
void compare(std::string_view text) {
  std::vector<std::uint64_t> storage;
  const ByteMarks marks(text, storage);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t stop = at;
    while (stop < text.size() && !is_stop(text[stop])) {
      ++stop;
    }
    ASSERT_EQ(marks.next_stop(at), stop) << "at " << at << " of " << text.size();
    std::size_t mark = at;
    while (mark < stop && !is_mark(text[mark])) {
      ++mark;
    }
    ASSERT_EQ(marks.next_mark(at, stop), mark) << "at " << at << " of " << text.size();
  }
}

TEST(ByteMarks, AgreeWithTheTableForEveryByteAtEveryPlace) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const std::size_t place : {0U, 1U, 15U, 16U, 31U, 63U, 64U, 70U, 127U}) {
      std::string text(130, 'x');
      text[place] = static_cast<char>(byte);
      compare(text);
    }
  }
}

TEST(ByteMarks, AgreeWithTheTableForRandomBytesOfAllLengthsAndAlignments) {
  Rng rng(11);
  std::string bytes(400, '\0');
  for (std::size_t size = 0; size <= 200; ++size) {
    for (char& c : bytes) {
      // Half of them letters, so that chunks are long.
      c = static_cast<char>(rng.below(2) == 0 ? 'a' + rng.below(26) : rng.below(256));
    }
    compare(std::string_view(bytes).substr(rng.below(64), size));
  }
}

TEST(ByteMarks, StorageOfALongerMessageDoesNotShowThrough) {
  std::vector<std::uint64_t> storage;
  const ByteMarks before(std::string(1000, ' '), storage);
  const ByteMarks marks(std::string(64, 'x'), storage);
  EXPECT_EQ(marks.next_stop(0), 64U);
}

}  // namespace
}  // namespace logdetect
