// What a follower does at the very moment that a time or a size is reached, and just before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using FollowMoments = FollowTest;

TEST_F(FollowMoments, AFreshSetOfOptionsWaitsForNothing) {
  const FollowOptions fresh;
  EXPECT_EQ(fresh.start, SourceStart::kEnd);
  EXPECT_EQ(fresh.flush_partial, 0);
  EXPECT_EQ(fresh.flush_stitched, 0);
  EXPECT_EQ(fresh.rotate_wait, 0);
  EXPECT_TRUE(fresh.use_inotify);
  const GenerationStart begin;
  EXPECT_EQ(begin.offset, 0U);
  EXPECT_EQ(begin.line, 0U);
  EXPECT_FALSE(begin.after_truncation);
}

TEST_F(FollowMoments, APartialLineWaitsItsFullTime) {
  append(log, "half");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_partial - 1;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += 1;
  EXPECT_THAT(drain(), ElementsAre("half"));
}

TEST_F(FollowMoments, AnOpenRecordWaitsItsFullTime) {
  ingest.stitch = true;
  append(log, "10:00:00 one\n  more\n");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_stitched - 1;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += 1;
  EXPECT_THAT(drain(), ElementsAre("10:00:00 one\n  more"));
}

TEST_F(FollowMoments, AnOpenRecordDoesNotGoByTheTimeOfPartialLines) {
  ingest.stitch = true;
  options.flush_partial = options.flush_stitched / 2;
  append(log, "10:00:00 one\n  more\n");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_stitched - 1;
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += 1;
  EXPECT_THAT(drain(), ElementsAre("10:00:00 one\n  more"));
}

TEST_F(FollowMoments, APartialLineHoldsBackTheOpenRecordBeforeIt) {
  ingest.stitch = true;
  append(log, "10:00:00 one\n  mo");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  clock.now += options.flush_partial;
  EXPECT_THAT(drain(), ElementsAre("10:00:00 one\n  mo"));
}

TEST_F(FollowMoments, WithoutAStartAtTheEndNothingOfTheOldIsRead) {
  options.start = SourceStart::kEnd;
  append(log, "old\nolder\n");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "new\n");
  EXPECT_THAT(drain(), ElementsAre("new"));
  EXPECT_EQ(last_line, 3U);
  EXPECT_EQ(last_offset, 10U);
}

TEST_F(FollowMoments, AFileWithoutALineEndIsReadWholeFromItsEnd) {
  options.start = SourceStart::kEnd;
  append(log, "being writ");
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "ten\n");
  EXPECT_THAT(drain(), ElementsAre("being written"));
  EXPECT_EQ(last_line, 1U);
}

TEST_F(FollowMoments, ALongLineBeingWrittenIsFoundOverSeveralBlocks) {
  options.start = SourceStart::kEnd;
  ingest.max_line_bytes = std::size_t{1} << 20;
  const std::string line(300'000, 'x');
  append(log, "one\ntwo\n" + line);
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "y\n");
  EXPECT_THAT(drain(), ElementsAre(line + "y"));
  EXPECT_EQ(last_line, 3U);
  EXPECT_EQ(last_offset, 8U);
}

TEST_F(FollowMoments, OfALineBeyondTheLimitNoBeginningIsLookedFor) {
  options.start = SourceStart::kEnd;
  ingest.max_line_bytes = 1000;
  append(log, "one\n" + std::string(300'000, 'x'));
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "rest\ntwo\n");
  EXPECT_THAT(drain(), ElementsAre("rest", "two"));
}

TEST_F(FollowMoments, ManyLinesAreCountedOverBlocks) {
  options.start = SourceStart::kEnd;
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    text += "line\n";
  }
  append(log, text);
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "new\n");
  EXPECT_THAT(drain(), ElementsAre("new"));
  EXPECT_EQ(last_line, 50'001U);
}

TEST_F(FollowMoments, ABatchEndsWhenItHasItsRecords) {
  ingest.batch_records = 1;
  const std::string second = directory / "web.log";
  append(log, "one\n");
  append(second, "two\n");
  follow({}, {log, second});
  RecordBatch batch;
  ASSERT_TRUE(follower->next(batch, 0).ok());
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.records()[0].text, "one");
  EXPECT_EQ(follower->source_name(batch.records()[0].position.source), log);
  ASSERT_TRUE(follower->next(batch, 0).ok());
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(follower->source_name(batch.records()[0].position.source), second);
}

TEST_F(FollowMoments, CountersTellWhatWasRead) {
  ingest.max_line_bytes = 256;
  append(log, "one\n" + std::string(300, 'x') + "\n\n");
  follow();
  EXPECT_EQ(drain().size(), 2U);
  const IngestCounters counters = follower->counters();
  EXPECT_EQ(counters.bytes, 306U);
  EXPECT_EQ(counters.lines, 3U);
  EXPECT_EQ(counters.lines_truncated, 1U);
  EXPECT_EQ(counters.rotations + counters.truncations + counters.hole_bytes + counters.inputs_skipped, 0U);
}

}  // namespace
}  // namespace logdetect
