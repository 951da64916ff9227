#include <gmock/gmock.h>

#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using FollowPartial = FollowTest;

TEST_F(FollowPartial, PartialLineWaitsForItsEnd) {
  append(log, "one\ntw");
  follow();
  EXPECT_THAT(drain(), ElementsAre("one"));
  append(log, "o and");
  EXPECT_THAT(drain(), IsEmpty());
  append(log, " more\nthree");
  EXPECT_THAT(drain(), ElementsAre("two and more"));
  EXPECT_EQ(last_line, 2U);
}

TEST_F(FollowPartial, PartialLineIsHandedOutAfterAWhileAndNeverTwice) {
  append(log, "one\ntwo");
  follow();
  EXPECT_THAT(drain(), ElementsAre("one"));
  clock.now += options.flush_partial - 1;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += 1;
  EXPECT_THAT(drain(), ElementsAre("two"));
  EXPECT_EQ(last_line, 2U);
  append(log, "\nthree\n");
  EXPECT_THAT(drain(), ElementsAre("three"));
  EXPECT_EQ(last_line, 3U);
  EXPECT_EQ(follower->counters().lines, 3U);
}

TEST_F(FollowPartial, RestOfAPartialLineKeepsItsNumber) {
  append(log, "one\ntwo");
  follow();
  drain();
  clock.now += options.flush_partial;
  EXPECT_THAT(drain(), ElementsAre("two"));
  append(log, " and the rest\nthree\n");
  EXPECT_THAT(drain(), ElementsAre(" and the rest", "three"));
  EXPECT_EQ(last_line, 3U);
}

TEST_F(FollowPartial, GrowthRestartsTheWait) {
  append(log, "one");
  follow();
  drain();
  clock.now += options.flush_partial - 1;
  append(log, " more");
  drain();
  clock.now += 1;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_partial;
  EXPECT_THAT(drain(), ElementsAre("one more"));
}

TEST_F(FollowPartial, FlushHandsOutWhatIsHeldBackOnce) {
  append(log, "one\ntwo");
  follow();
  drain();
  EXPECT_THAT(flush(), ElementsAre("two"));
  EXPECT_THAT(flush(), IsEmpty());
  EXPECT_THAT(drain(), IsEmpty());
  restart();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "\nthree\n");
  EXPECT_THAT(drain(), ElementsAre("three"));
  EXPECT_EQ(last_line, 3U);
}

TEST_F(FollowPartial, PositionExcludesThePartialLine) {
  append(log, "one\ntw");
  follow();
  drain();
  ASSERT_EQ(follower->positions().size(), 1U);
  EXPECT_EQ(follower->positions()[0].offset, 4U);
  EXPECT_EQ(follower->positions()[0].line, 1U);
  restart();
  append(log, "o\n");
  EXPECT_THAT(drain(), ElementsAre("two"));
  EXPECT_EQ(last_line, 2U);
}

TEST_F(FollowPartial, PartialLineIsCompletedAfterRename) {
  LogWriter writer(log);
  writer.write("one\ntw");
  follow();
  drain();
  std::filesystem::rename(log, directory / "app.log.1");
  drain();
  writer.write("o\n");
  append(log, "three\n");
  EXPECT_THAT(drain(), ElementsAre("two", "three"));
}

TEST_F(FollowPartial, StackTraceStaysOneRecordAndPositionsWaitForIt) {
  ingest.stitch = true;
  append(log, "ERROR boom\n\tat a.B.c(B.java:1)\n");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  ASSERT_EQ(follower->positions().size(), 1U);
  EXPECT_EQ(follower->positions()[0].offset, 0U);
  EXPECT_EQ(follower->positions()[0].line, 0U);
  restart();  // a crash here must not tear the record
  append(log, "\tat d.E.f(E.java:2)\nINFO next\n");
  EXPECT_THAT(drain(), ElementsAre("ERROR boom\n\tat a.B.c(B.java:1)\n\tat d.E.f(E.java:2)"));
  EXPECT_EQ(last_line, 1U);
  EXPECT_EQ(follower->positions()[0].line, 3U);
  clock.now += options.flush_stitched;
  EXPECT_THAT(drain(), ElementsAre("INFO next"));
  EXPECT_EQ(last_line, 4U);
  EXPECT_EQ(follower->positions()[0].offset, std::filesystem::file_size(log));
}

TEST_F(FollowPartial, AnOpenBlockAndACutLineAreHandedOutAfterAWhile) {
  ingest.stitch = true;
  append(log, "10:00:00 got {\n  \"hook\": 3,\n");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_stitched - 1;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += 1;
  EXPECT_THAT(drain(), ElementsAre("10:00:00 got {\n  \"hook\": 3,"));
  append(log, "2024-05-06T08:09:10.1Z stdout P half a\n");
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_stitched;
  EXPECT_THAT(drain(), ElementsAre("2024-05-06T08:09:10.1Z stdout P half a"));
  // What comes later is a record of its own: the first part was handed out.
  append(log, "2024-05-06T08:09:10.1Z stdout F line\n");
  clock.now += options.flush_stitched;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_stitched;
  EXPECT_THAT(drain(), ElementsAre("2024-05-06T08:09:10.1Z stdout F line"));
}

TEST_F(FollowPartial, RotationClosesTheOpenRecord) {
  ingest.stitch = true;
  append(log, "ERROR boom\n");
  follow();
  drain();
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "INFO next\nINFO last\n");
  EXPECT_THAT(drain(), ElementsAre("ERROR boom", "INFO next"));
  EXPECT_THAT(flush(), ElementsAre("INFO last"));
}

TEST_F(FollowPartial, ByteOrderMarkAndCarriageReturnsAreNoText) {
  append(log, "\xEF\xBB\xBFone\r\ntwo\r\n");
  follow();
  EXPECT_THAT(drain(), ElementsAre("one", "two"));
}

TEST_F(FollowPartial, OverlongLineIsCutAndTheNextIsWhole) {
  ingest.max_line_bytes = 100;
  append(log, std::string(1'000'000, 'x') + "\nnext\n");
  follow();
  const auto texts = drain();
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0], std::string(100, 'x'));
  EXPECT_EQ(texts[1], "next");
  EXPECT_EQ(last_offset, 1'000'001U);
  EXPECT_EQ(follower->counters().lines_truncated, 1U);
}

}  // namespace
}  // namespace logdetect
