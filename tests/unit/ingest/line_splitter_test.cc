#include "logdetect/ingest/line_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using testing_support::random_pieces;

struct OwnedLine {
  std::string text;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool truncated = false;
  friend bool operator==(const OwnedLine&, const OwnedLine&) = default;
};

void PrintTo(const OwnedLine& line, std::ostream* out) {  // NOLINT: name given by GoogleTest
  *out << '"' << line.text << "\" at " << line.offset << '+' << line.length << (line.truncated ? " truncated" : "");
}

std::vector<OwnedLine> split(const std::vector<std::string_view>& pieces, std::size_t max_line_bytes) {
  std::vector<OwnedLine> lines;
  LineSplitter splitter(max_line_bytes);
  SplitLine line;
  for (const std::string_view piece : pieces) {
    // A copy of its own, so that a view kept too long is a use after free.
    const std::string bytes(piece);
    splitter.feed(bytes);
    while (splitter.next(line)) {
      lines.push_back({std::string(line.text), line.offset, line.length, line.truncated});
    }
  }
  if (splitter.finish(line)) {
    lines.push_back({std::string(line.text), line.offset, line.length, line.truncated});
  }
  return lines;
}

// The obvious way, without limits on memory.
std::vector<OwnedLine> slow_split(std::string_view bytes, std::size_t max_line_bytes) {
  std::vector<OwnedLine> lines;
  std::uint64_t offset = 0;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view text = bytes.substr(0, end);
    const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
    if (end != std::string_view::npos && text.ends_with('\r')) {
      text.remove_suffix(1);
    }
    lines.push_back({std::string(text.substr(0, max_line_bytes)), offset, length, text.size() > max_line_bytes});
    bytes.remove_prefix(length);
    offset += length;
  }
  return lines;
}

TEST(LineSplitter, CutsAtNewlinesAndCountsThem) {
  const std::vector<OwnedLine> expected = {{"one", 0, 4, false}, {"", 4, 1, false}, {"three", 5, 6, false}};
  EXPECT_EQ(split({"one\n\nthree\n"}, 100), expected);
}

TEST(LineSplitter, LastLineNeedsNoNewline) {
  const std::vector<OwnedLine> expected = {{"one", 0, 4, false}, {"two", 4, 3, false}};
  EXPECT_EQ(split({"one\ntwo"}, 100), expected);
}

TEST(LineSplitter, NothingGivesNothing) {
  EXPECT_TRUE(split({}, 100).empty());
  EXPECT_TRUE(split({"", ""}, 100).empty());
}

TEST(LineSplitter, CarriageReturnIsCutOnlyBeforeNewline) {
  const std::vector<OwnedLine> expected = {
      {"dos", 0, 5, false}, {"a\rb", 5, 4, false}, {"two\r", 9, 6, false}, {"", 15, 2, false}, {"end\r", 17, 4, false}};
  EXPECT_EQ(split({"dos\r\na\rb\ntwo\r\r\n\r\nend\r"}, 100), expected);
}

TEST(LineSplitter, CarriageReturnAndNewlineMayComeApart) {
  const std::vector<OwnedLine> expected = {{"dos", 0, 5, false}, {"x", 5, 2, false}};
  EXPECT_EQ(split({"dos\r", "\nx", "\n"}, 100), expected);
}

TEST(LineSplitter, NulIsData) {
  const std::string bytes("a\0b\n\0\n", 6);
  const std::vector<OwnedLine> expected = {{std::string("a\0b", 3), 0, 4, false}, {std::string(1, '\0'), 4, 2, false}};
  EXPECT_EQ(split({bytes}, 100), expected);
}

TEST(LineSplitter, ExactlyTheLimitIsNotTruncated) {
  const std::vector<OwnedLine> expected = {{"12345", 0, 6, false}, {"12345", 6, 7, false}, {"12345", 13, 7, true}};
  EXPECT_EQ(split({"12345\n12345\r\n123456\n"}, 5), expected);
  EXPECT_EQ(split({"12", "345\n1234", "5\r", "\n12345", "6", "\n"}, 5), expected);
}

TEST(LineSplitter, ALongLineIsSkippedInConstantMemory) {
  constexpr std::size_t kLimit = 65'536;
  constexpr std::size_t kPiece = 100'000;
  constexpr int kPieces = 105;
  LineSplitter splitter(kLimit);
  SplitLine line;
  const std::string piece(kPiece, 'x');
  for (int i = 0; i < kPieces; ++i) {
    splitter.feed(piece);
    EXPECT_FALSE(splitter.next(line));
  }
  EXPECT_EQ(splitter.pending_bytes(), kPiece * kPieces);
  EXPECT_EQ(splitter.next_offset(), 0U);
  splitter.feed("\nnext\n");
  ASSERT_TRUE(splitter.next(line));
  EXPECT_EQ(line.text, std::string(kLimit, 'x'));
  EXPECT_EQ(line.length, kPiece * kPieces + 1);
  EXPECT_TRUE(line.truncated);
  ASSERT_TRUE(splitter.next(line));
  EXPECT_EQ(line.text, "next");
  EXPECT_EQ(line.offset, kPiece * kPieces + 1);
  EXPECT_FALSE(line.truncated);
}

TEST(LineSplitter, StartsAtTheGivenOffset) {
  LineSplitter splitter(100, 4000);
  SplitLine line;
  splitter.feed("abc\nd");
  ASSERT_TRUE(splitter.next(line));
  EXPECT_EQ(line.offset, 4000U);
  EXPECT_EQ(splitter.next_offset(), 4004U);
  EXPECT_FALSE(splitter.next(line));
  EXPECT_EQ(splitter.pending_bytes(), 1U);
  ASSERT_TRUE(splitter.finish(line));
  EXPECT_EQ(line.text, "d");
  EXPECT_EQ(splitter.pending_bytes(), 0U);
  EXPECT_EQ(splitter.next_offset(), 4005U);
}

TEST(LineSplitter, AnyChunkingGivesTheLinesOfTheSlowReference) {
  constexpr std::string_view kBytes = "\n\n\n\r\rab \0\xFF";
  Rng rng(1);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    const std::uint64_t size = rng.below(200);
    for (std::uint64_t i = 0; i < size; ++i) {
      bytes += rng.below(3) == 0 ? kBytes[rng.below(kBytes.size())] : 'x';
    }
    const std::size_t limit = 1 + rng.below(20);
    const std::vector<OwnedLine> expected = slow_split(bytes, limit);
    ASSERT_EQ(split({bytes}, limit), expected) << "round " << round;
    ASSERT_EQ(split(random_pieces(bytes, rng), limit), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace logdetect
