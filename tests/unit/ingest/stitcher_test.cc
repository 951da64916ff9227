#include "ingest/stitcher.h"

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

TEST(Stitcher, EveryLineIsARecordWithItsPlace) {
  const auto records = stitch("2024-01-01 one\n2024-01-01 two\r\n");
  const std::vector<OwnedRecord> expected = {{"2024-01-01 one", 0, 1, 15, 1, false, 3},
                                             {"2024-01-01 two", 15, 2, 16, 1, false, 3}};
  EXPECT_EQ(records, expected);
}

TEST(Stitcher, IndentedLinesContinue) {
  const auto records = stitch("10:00:00 query\n  SELECT *\n\tFROM t\n10:00:01 next\n");
  ASSERT_THAT(texts(records), ElementsAre("10:00:00 query\n  SELECT *\n\tFROM t", "10:00:01 next"));
  EXPECT_EQ(records[0].line_count, 3U);
  EXPECT_EQ(records[0].length, 34U);
  EXPECT_EQ(records[1].line, 4U);
  EXPECT_EQ(records[1].offset, 34U);
}

TEST(Stitcher, AnIndentedFirstLineIsARecord) {
  EXPECT_THAT(texts(stitch("  banner\nstart\n")), ElementsAre("  banner", "start"));
}

TEST(Stitcher, AnIndentedTimeBeginsARecord) {
  EXPECT_THAT(texts(stitch("a\n 2024-01-01 b\n [10:00:00] c\n")), ElementsAre("a", " 2024-01-01 b", " [10:00:00] c"));
}

TEST(Stitcher, AnIndentedLevelBeginsARecord) {
  EXPECT_THAT(texts(stitch("INFO a\n INFO b\n  more of b\n [WARN] c\n")),
              ElementsAre("INFO a", " INFO b\n  more of b", " [WARN] c"));
}

TEST(Stitcher, BlankLinesEndARecordAndAreDropped) {
  const auto records = stitch("\n\na\n\n  b\n \t\nc\n");
  EXPECT_THAT(texts(records), ElementsAre("a", "  b", "c"));
  EXPECT_EQ(records[0].line, 3U);
  EXPECT_EQ(records[2].line, 7U);
}

TEST(Stitcher, SwitchedOffEveryLineStandsAlone) {
  IngestOptions options;
  options.stitch = false;
  EXPECT_THAT(texts(stitch("a\n\tat x.y(Z.java)\n\nb\n", options)), ElementsAre("a", "\tat x.y(Z.java)", "b"));
}

TEST(Stitcher, JavaTrace) {
  const std::string trace =
      "10:00:00 ERROR request failed\n"
      "java.lang.IllegalStateException: cart is closed\n"
      "\tat com.shop.Cart.add(Cart.java:12)\n"
      "\t... 3 more\n"
      "\tSuppressed: java.io.IOException: x\n"
      "\t\tat com.shop.Cart.close(Cart.java:40)\n"
      "Caused by: java.io.IOException: disk\n"
      "\tat com.shop.Disk.write(Disk.java:7)\n"
      "... 12 common frames omitted";
  EXPECT_THAT(texts(stitch(trace + "\n10:00:01 INFO next\n")), ElementsAre(trace, "10:00:01 INFO next"));
}

TEST(Stitcher, JavaTraceWithoutIndentation) {
  EXPECT_THAT(texts(stitch("x failed\njava.lang.Error: y\nat a.b.C.d(C.java:1)\nat once\n")),
              ElementsAre("x failed\njava.lang.Error: y\nat a.b.C.d(C.java:1)", "at once"));
}

TEST(Stitcher, AListOfErrorsIsNotOneRecord) {
  EXPECT_THAT(texts(stitch("KeyError: a\nKeyError: b\nValueError: c\n")),
              ElementsAre("KeyError: a", "KeyError: b", "ValueError: c"));
  EXPECT_THAT(texts(stitch("10:00:00 x\nKeyError: a\nKeyError: b\n")),
              ElementsAre("10:00:00 x\nKeyError: a", "KeyError: b"));
}

constexpr const char* kPythonTrace =
    "Traceback (most recent call last):\n"
    "  File \"app.py\", line 3, in <module>\n"
    "    run()\n"
    "socket.timeout: timed out";

TEST(Stitcher, PythonTrace) {
  const std::string record = std::string("10:00:00 ERROR job failed\n") + kPythonTrace;
  EXPECT_THAT(texts(stitch(record + "\n10:00:01 INFO next\n")), ElementsAre(record, "10:00:01 INFO next"));
}

TEST(Stitcher, APythonTraceOfItsOwn) {
  const std::string twice = std::string(kPythonTrace) + "\n" + kPythonTrace + "\n";
  EXPECT_THAT(texts(stitch(twice)), ElementsAre(kPythonTrace, kPythonTrace));
}

TEST(Stitcher, ChainedPythonTraces) {
  const std::string record = std::string("10:00:00 ERROR job failed\n") + kPythonTrace +
                             "\n\nDuring handling of the above exception, another exception occurred:\n\n" +
                             kPythonTrace;
  const auto records = stitch(record + "\n\nnext\n");
  ASSERT_THAT(texts(records), ElementsAre(record, "next"));
  EXPECT_EQ(records[0].line_count, 12U);
  EXPECT_EQ(records[0].length, record.size() + 1);
  EXPECT_EQ(records[1].line, 14U);
}

TEST(Stitcher, ABlankAfterAPythonTraceIsNoPartOfIt) {
  const auto records = stitch(std::string("x\n") + kPythonTrace + "\n\nnext\n");
  ASSERT_THAT(texts(records), ElementsAre(std::string("x\n") + kPythonTrace, "next"));
  EXPECT_EQ(records[0].line_count, 5U);
  EXPECT_EQ(records[1].line, 7U);
}

TEST(Stitcher, GoPanicIsARecordOfItsOwn) {
  const std::string panic =
      "panic: runtime error: index out of range [5]\n"
      "\n"
      "goroutine 1 [running]:\n"
      "main.f(0x1, 0x2)\n"
      "\t/src/main.go:7 +0x1d\n"
      "main.main()\n"
      "\t/src/main.go:3 +0x20\n"
      "\n"
      "goroutine 7 [select]:\n"
      "net/http.(*conn).serve(0xc000, {0x7, 0xc0})\n"
      "\t/go/http.go:1 +0x1\n"
      "created by net/http.(*Server).Serve\n"
      "\t/go/http.go:2 +0x1\n"
      "exit status 2";
  EXPECT_THAT(texts(stitch("10:00:00 ready\n" + panic + "\n10:00:01 again\n")),
              ElementsAre("10:00:00 ready", panic, "10:00:01 again"));
}

TEST(Stitcher, GoTraceAfterALogLine) {
  const std::string record =
      "2024/01/01 10:00:00 http: panic serving: boom\ngoroutine 9 [running]:\nmain.f()\n\tx.go:1";
  EXPECT_THAT(texts(stitch(record + "\n\nmain.f()\n")), ElementsAre(record, "main.f()"));
}

TEST(Stitcher, LinesBeyondTheLimitCountButAreDropped) {
  IngestOptions options;
  options.stitch_max_lines = 3;
  const auto records = stitch("a\n b\n c\n d\n e\nnext\n", options);
  ASSERT_THAT(texts(records), ElementsAre("a\n b\n c", "next"));
  EXPECT_EQ(records[0].line_count, 5U);
  EXPECT_EQ(records[0].length, 14U);
  EXPECT_TRUE(records[0].truncated);
  EXPECT_FALSE(records[1].truncated);
}

TEST(Stitcher, BytesBeyondTheLimitAreDropped) {
  IngestOptions options;
  options.stitch_max_bytes = 8;
  const auto records = stitch("abc\n 12\n 123\n 4\nnext\n", options);
  // Nothing after the first line that did not fit: text is a prefix, never with a hole.
  ASSERT_THAT(texts(records), ElementsAre("abc\n 12", "next"));
  EXPECT_EQ(records[0].line_count, 4U);
  EXPECT_TRUE(records[0].truncated);
}

TEST(Stitcher, AMillionContinuationsStayBounded) {
  Stitcher stitcher(IngestOptions{});
  RecordBatch batch;
  stitcher.add({"head", 0, 5, false}, 1, SourceId(0), batch);
  constexpr std::uint64_t kLines = 1'000'000;
  for (std::uint64_t i = 0; i < kLines; ++i) {
    stitcher.add({"\tat a.b(C.java:1)", 5 + 18 * i, 18, false}, i + 2, SourceId(0), batch);
  }
  stitcher.flush(batch);
  ASSERT_THAT(batch.records(), SizeIs(1));
  EXPECT_EQ(batch.records()[0].line_count, kLines + 1);
  EXPECT_EQ(batch.records()[0].position.length, 5 + 18 * kLines);
  EXPECT_LE(batch.records()[0].text.size(), IngestOptions{}.stitch_max_bytes);
  EXPECT_TRUE(batch.records()[0].truncated);
}

TEST(Stitcher, ATruncatedLineTruncatesItsRecord) {
  IngestOptions options;
  options.max_line_bytes = 4;
  const auto records = stitch("abc\n 123456\nx\n", options);
  ASSERT_THAT(texts(records), ElementsAre("abc\n 123", "x"));
  EXPECT_TRUE(records[0].truncated);
}

std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

TEST(Stitcher, ALogWhoseLinesBeginWithBlanksIsNotGlued) {
  const std::string text = repeat(" alpha one\n beta two\nmargin\n", 50);
  EXPECT_THAT(stitch(text), SizeIs(150));
}

TEST(Stitcher, WithoutASampleThatIsFoundOutOnTheWay) {
  const std::string text = repeat(" alpha one\n beta two\nmargin\n", 100);
  const auto records = stitch(text, {}, false);
  EXPECT_GT(records.size(), 150U);
  EXPECT_EQ(records.back().line_count, 1U);
}

TEST(Stitcher, LongTracesDoNotSwitchIndentationOff) {
  const std::string trace = "10:00:00 failed\n" + repeat("\tat a.b.C.d(C.java:1)\n", 40) + "10:00:01 sql\n  SELECT 1\n";
  EXPECT_THAT(stitch(repeat(trace, 10)), SizeIs(20));
}

TEST(Stitcher, TracesAreJoinedEvenWhereIndentationMeansNothing) {
  const std::string text = repeat(" alpha\n beta\n", 50) + "10:00:00 failed\n" + kPythonTrace + "\n\tgamma\n";
  const auto records = stitch(text);
  ASSERT_THAT(records, SizeIs(102));
  EXPECT_EQ(records[100].text, std::string("10:00:00 failed\n") + kPythonTrace);
}

TEST(Stitcher, RecordsCoverAllLinesInOrder) {
  const std::vector<std::string> kinds = {"10:00:00 log",
                                          "\tat a.b(C.java)",
                                          "Caused by: x",
                                          "  File \"a.py\", line 1",
                                          "Traceback (most recent call last):",
                                          "KeyError: x",
                                          "During handling of the above exception, another exception occurred:",
                                          "panic: x",
                                          "goroutine 1 [running]:",
                                          "main.f()",
                                          "",
                                          "  indented",
                                          "plain text"};
  Rng rng(5);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    std::uint64_t filled = 0;
    const std::uint64_t lines = rng.below(60);
    for (std::uint64_t i = 0; i < lines; ++i) {
      const std::string& line = kinds[rng.below(kinds.size())];
      filled += line.empty() ? 0 : 1;
      text += line + "\n";
    }
    std::uint64_t seen = 0;
    std::uint64_t next_line = 1;
    for (const OwnedRecord& record : stitch(text)) {
      // Text and place agree with the bytes, and nothing is in two records.
      ASSERT_EQ(text.substr(record.offset, record.length), record.text + "\n");
      ASSERT_GE(record.line, next_line);
      next_line = record.line + record.line_count;
      std::uint64_t newlines = 0;
      std::uint64_t blanks = 0;
      for (std::size_t i = 0; i < record.text.size(); ++i) {
        newlines += record.text[i] == '\n' ? 1 : 0;
        blanks += record.text.substr(i, 2) == "\n\n" ? 1 : 0;
      }
      ASSERT_EQ(record.line_count, newlines + 1);
      seen += record.line_count - blanks;
    }
    ASSERT_EQ(seen, filled) << text;
  }
}

}  // namespace
}  // namespace logdetect
