// Where the stitcher's rules begin and end: shares of a sample, limits, and what a record carries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/ingest/stitch_support.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using testing_support::OwnedRecord;
using testing_support::stitch;
using testing_support::texts;

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

TEST(StitcherEdges, SwitchedOffARecordCarriesItsLine) {
  IngestOptions options;
  options.stitch = false;
  options.max_line_bytes = 4;
  const std::vector<OwnedRecord> records = stitch("one\n \nlonger\n", options);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0], (OwnedRecord{"one", 0, 1, 4, 1, false, 3}));
  EXPECT_EQ(records[1], (OwnedRecord{"long", 6, 3, 7, 1, true, 3}));
}

TEST(StitcherEdges, ARecordCoversItsLines) {
  const std::vector<OwnedRecord> records = stitch("10:00:00 one\n  more\n  again\n10:00:01 two\n");
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0], (OwnedRecord{"10:00:00 one\n  more\n  again", 0, 1, 13 + 7 + 8, 3, false, 3}));
  EXPECT_EQ(records[1], (OwnedRecord{"10:00:01 two", 28, 4, 13, 1, false, 3}));
}

TEST(StitcherEdges, TheLimitOfBytesIsReachedExactly) {
  IngestOptions options;
  options.stitch_max_bytes = 20;
  const auto fits = stitch("10:00:00 one\n  more!\n", options);  // 12 + 1 + 7
  ASSERT_THAT(fits, SizeIs(1));
  EXPECT_EQ(fits[0].text, "10:00:00 one\n  more!");
  EXPECT_FALSE(fits[0].truncated);
  const auto beyond = stitch("10:00:00 one\n  more!!\n  x\n", options);
  ASSERT_THAT(beyond, SizeIs(1));
  EXPECT_EQ(beyond[0].text, "10:00:00 one") << "no later line is kept behind a gap";
  EXPECT_TRUE(beyond[0].truncated);
  EXPECT_EQ(beyond[0].line_count, 3U);
}

TEST(StitcherEdges, TheLimitOfLinesIsReachedExactly) {
  IngestOptions options;
  options.stitch_max_lines = 3;
  const auto fits = stitch("10:00:00 one\n  a\n  b\n", options);
  EXPECT_THAT(texts(fits), ElementsAre("10:00:00 one\n  a\n  b"));
  EXPECT_FALSE(fits[0].truncated);
  const auto beyond = stitch("10:00:00 one\n  a\n  b\n  c\n", options);
  EXPECT_THAT(texts(beyond), ElementsAre("10:00:00 one\n  a\n  b"));
  EXPECT_TRUE(beyond[0].truncated);
  EXPECT_EQ(beyond[0].line_count, 4U);
}

// Whether indentation joins after a sample of `plain` plain lines and `indented` indented ones.
bool joins_after(int plain, int indented, bool sampled) {
  const std::string head = repeated("plain\n", plain) + repeated(" indented\n", indented);
  return stitch(head + "10:00:00 one\n  more\n", {}, sampled).back().line_count == 2;
}

TEST(StitcherEdges, IndentationJoinsUntilMoreThanHalfOfTwentyLinesHaveIt) {
  EXPECT_TRUE(joins_after(12, 9, true));
  EXPECT_FALSE(joins_after(9, 12, true));
  EXPECT_TRUE(joins_after(2, 15, true)) << "of fewer than twenty lines nothing follows";
}

TEST(StitcherEdges, WithoutASampleTwoHundredLinesDecide) {
  EXPECT_FALSE(joins_after(99, 101, false));
  EXPECT_TRUE(joins_after(100, 100, false));
  EXPECT_TRUE(joins_after(50, 140, false)) << "not yet";
}

// Whether lines are opened as those of compose, after `named` of them among `bars` others.
bool composes(int numbered, int unnumbered, int others) {
  const std::string head = repeated("web-1  | ready\n", numbered) + repeated("web  | ready\n", unnumbered) +
                           repeated("2024-05-06 08:09:10 ready\n", others);
  const auto records = stitch(head + "web-1  | Error\nweb-1  |     at f (x.js:1:2)\n");
  return records.back().line_count == 2;
}

TEST(StitcherEdges, ComposeNeedsEightOfTenNames) {
  EXPECT_TRUE(composes(38, 0, 10));  // with the two lines behind them 40 of 50
  EXPECT_FALSE(composes(37, 0, 11));
}

TEST(StitcherEdges, ComposeNeedsMoreThanHalfOfTheNamesNumbered) {
  EXPECT_TRUE(composes(19, 20, 0));
  EXPECT_FALSE(composes(18, 20, 0));
}

constexpr const char* kQuery = "10:00:00 depot: query SELECT a";

TEST(StitcherEdges, SqlGoesOnInCapitalsFromAToZ) {
  const auto joined = [](const std::string& first, const std::string& second) {
    return stitch(first + "\n" + second + "\n").size() == 1;
  };
  EXPECT_TRUE(joined(kQuery, "FROM b"));
  EXPECT_TRUE(joined(kQuery, "AND b"));
  EXPECT_TRUE(joined("10:00:00 depot: query:", "SELECT a"));
  EXPECT_FALSE(joined("10:00:00 depot: query", "SELECT a")) << "nothing announced it";
  EXPECT_FALSE(joined("10:00:00 depot: ready", "FROM b")) << "there is no statement";
  EXPECT_FALSE(joined("depot: query SELECT a", "FROM b")) << "not a log line";
  EXPECT_FALSE(joined("10:00:00 depot: query SELECT a;", "FROM b")) << "the statement is over";
  EXPECT_FALSE(joined(kQuery, "from b"));
  EXPECT_FALSE(joined(kQuery, "F"));
}

TEST(StitcherEdges, AStatementGoesOnBehindACommaOnlyInItsMiddle) {
  EXPECT_THAT(texts(stitch(std::string(kQuery) + "\nFROM b,\nc\nd\n")),
              ElementsAre(std::string(kQuery) + "\nFROM b,\nc", "d"));
  EXPECT_THAT(texts(stitch("SELECT a,\nb\n")), ElementsAre("SELECT a,", "b"));
}

TEST(StitcherEdges, BlocksCloseAsOftenAsTheyOpened) {
  EXPECT_THAT(texts(stitch("10:00:00 a {\n  \"k\": [\n    1\n  ]\n}\nplain\n")),
              ElementsAre("10:00:00 a {\n  \"k\": [\n    1\n  ]\n}", "plain"));
  EXPECT_THAT(texts(stitch("10:00:00 a ({[\n  \"k\": 1\n]})\n}\n")),
              ElementsAre("10:00:00 a ({[\n  \"k\": 1\n]})", "}"));
}

TEST(StitcherEdges, BlanksAtTheEndHideNoBracket) {
  EXPECT_THAT(texts(stitch("10:00:00 a { \t\n  \"k\": 1\n}\nplain\n")),
              ElementsAre("10:00:00 a { \t\n  \"k\": 1\n}", "plain"));
}

TEST(StitcherEdges, NothingIsOpenBeforeTheFirstLineAndBehindAFlush) {
  Stitcher stitcher(IngestOptions{});
  RecordBatch batch;
  EXPECT_FALSE(stitcher.open());
  stitcher.flush(batch);
  EXPECT_TRUE(batch.empty());
  stitcher.add({"10:00:00 one", 100, 13, false}, 7, SourceId(2), batch);
  ASSERT_TRUE(stitcher.open());
  EXPECT_TRUE(batch.empty()) << "it may go on";
  EXPECT_EQ(stitcher.position().offset, 100U);
  EXPECT_EQ(stitcher.position().line, 7U);
  EXPECT_EQ(stitcher.position().source, SourceId(2));
  stitcher.flush(batch);
  EXPECT_FALSE(stitcher.open());
  EXPECT_EQ(batch.size(), 1U);
}

}  // namespace
}  // namespace logdetect
