#include <gmock/gmock.h>

#include "ingest/follow_siblings.h"
#include "logdetect/base/file.h"
#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using FollowRotation = FollowTest;

TEST_F(FollowRotation, ReadsWhatIsThereAndWhatComes) {
  append(log, "one\ntwo\n");
  follow();
  EXPECT_THAT(drain(), ElementsAre("one", "two"));
  append(log, "three\n");
  EXPECT_THAT(drain(), ElementsAre("three"));
  EXPECT_EQ(last_line, 3U);
  EXPECT_EQ(last_offset, 8U);
  EXPECT_EQ(follower->source_name(SourceId(0)), log);
}

TEST_F(FollowRotation, StartsAtTheEndWithTheLineBeingWrittenAndRightNumbers) {
  append(log, "one\ntwo\nthr");
  options.start = SourceStart::kEnd;
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "ee\n");
  EXPECT_THAT(drain(), ElementsAre("three"));
  EXPECT_EQ(last_line, 3U);
}

TEST_F(FollowRotation, RenameAndCreate) {
  follow();
  LogWriter old(log);
  old.write("a1\n");
  EXPECT_THAT(drain(), ElementsAre("a1"));
  old.write("a2\n");
  std::filesystem::rename(log, directory / "app.log.1");
  old.write("a3\n");
  append(log, "");
  EXPECT_THAT(drain(), ElementsAre("a2", "a3"));
  old.write("a4\n");
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("a4", "b1"));
  EXPECT_EQ(last_line, 1U);
  EXPECT_EQ(follower->counters().rotations, 1U);
}

TEST_F(FollowRotation, LateWriterOfARenamedFileIsHeardUntilRotateWait) {
  LogWriter old(log);
  old.write("a1\n");
  follow();
  drain();
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("b1"));
  clock.now += options.rotate_wait - 1;
  old.write("a2\n");
  EXPECT_THAT(drain(), ElementsAre("a2"));
  clock.now += options.rotate_wait;
  EXPECT_THAT(drain(), IsEmpty());
  const auto positions = follower->positions();
  ASSERT_EQ(positions.size(), 2U);
  EXPECT_EQ(positions[0].offset, 6U);
  old.write("a3\n");  // beyond the promise
  EXPECT_THAT(drain(), IsEmpty());
}

TEST_F(FollowRotation, FiveRotationsBetweenTwoLooks) {
  append(log, "0\n");
  follow();
  EXPECT_THAT(drain(), ElementsAre("0"));
  for (int rotation = 1; rotation <= 5; ++rotation) {
    for (int i = rotation; i-- > 1;) {
      std::filesystem::rename(directory / ("app.log." + std::to_string(i)),
                              directory / ("app.log." + std::to_string(i + 1)));
    }
    std::filesystem::rename(log, directory / "app.log.1");
    append(log, std::to_string(rotation) + "\n");
  }
  EXPECT_THAT(drain(), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_THAT(drain(), IsEmpty());
  EXPECT_EQ(follower->counters().rotations, 5U);
}

TEST_F(FollowRotation, DatedRotationsBetweenTwoLooks) {
  append(log, "0\n");
  follow();
  drain();
  for (int day = 1; day <= 3; ++day) {
    std::filesystem::rename(log, directory / ("app.log-2024010" + std::to_string(day)));
    append(log, std::to_string(day) + "\n");
  }
  EXPECT_THAT(drain(), ElementsAre("1", "2", "3"));
}

TEST_F(FollowRotation, SiblingsFromBeforeStayUnread) {
  append(directory / "app.log.2", "ancient\n");
  append(directory / "app.log.1", "old\n");
  append(log, "0\n");
  follow();
  EXPECT_THAT(drain(), ElementsAre("0"));
  std::filesystem::rename(directory / "app.log.2", directory / "app.log.3");
  std::filesystem::rename(directory / "app.log.1", directory / "app.log.2");
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "1\n");
  EXPECT_THAT(drain(), ElementsAre("1"));
}

TEST_F(FollowRotation, CopyTruncateLosesNothingThatSurvives) {
  LogWriter writer(log);
  writer.write("a1\na2\n");
  follow();
  EXPECT_THAT(drain(), ElementsAre("a1", "a2"));
  writer.write("a3\na4 with");
  copy_truncate(log, directory / "app.log.1");
  writer.write("b1\n");
  EXPECT_THAT(drain(), ElementsAre("a3", "a4 with", "b1"));
  EXPECT_EQ(last_line, 1U);
  EXPECT_EQ(follower->counters().truncations, 1U);
  EXPECT_EQ(follower->counters().rotations, 0U);
}

TEST_F(FollowRotation, TwoCopyTruncatesBetweenLooks) {
  append(log, "first of all\n");
  follow();
  drain();
  append(log, "a2\n");
  copy_truncate(log, directory / "app.log.1");
  append(log, "b1\n");
  std::filesystem::rename(directory / "app.log.1", directory / "app.log.2");
  copy_truncate(log, directory / "app.log.1");
  append(log, "c1\n");
  EXPECT_THAT(drain(), ElementsAre("a2", "b1", "c1"));
}

TEST_F(FollowRotation, EmptiedWithoutACopy) {
  append(log, "a1\na2\n");
  follow();
  drain();
  truncate(log);
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("b1"));
  EXPECT_EQ(last_offset, 0U);
  EXPECT_EQ(follower->counters().truncations, 1U);
}

TEST_F(FollowRotation, RefilledBeyondTheOldOffset) {
  append(log, "a1\n");
  follow();
  drain();
  truncate(log);
  append(log, "b1\nb2\nb3\n");
  EXPECT_THAT(drain(), ElementsAre("b1", "b2", "b3"));
  EXPECT_EQ(follower->counters().truncations, 1U);
}

TEST_F(FollowRotation, HoleOfAStaleWriterIsSkipped) {
  LogWriter stale(log, false);
  const std::string filler(5000, 'x');
  stale.write(filler + "\n");
  follow();
  EXPECT_EQ(drain().size(), 1U);
  truncate(log);
  stale.write("after the hole\n");
  EXPECT_THAT(drain(), ElementsAre("after the hole"));
  EXPECT_EQ(follower->counters().hole_bytes, 5001U);
  EXPECT_EQ(last_offset, 5001U);
  stale.write("more\n");
  EXPECT_THAT(drain(), ElementsAre("more"));
}

TEST_F(FollowRotation, HugeHoleCostsNothing) {
  append(log, "before\n");
  follow();
  EXPECT_THAT(drain(), ElementsAre("before"));
  if (::truncate(log.c_str(), off_t{1} << 40) != 0) {
    GTEST_SKIP() << "this file system has no files of 1 TiB";
  }
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "after\n");
  const auto texts = drain();
  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts.back(), "after");
  EXPECT_LT(follower->counters().bytes, 1U << 20);
}

TEST_F(FollowRotation, DeletedAndCreatedAgain) {
  append(log, "a1\n");
  follow();
  drain();
  append(log, "a2\n");
  std::filesystem::remove(log);
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("a2", "b1"));
}

TEST_F(FollowRotation, DeletedFileIsLetGoOnceQuiet) {
  append(log, "a1\n");
  follow();
  drain();
  std::filesystem::remove(log);
  drain();
  EXPECT_EQ(follower->positions().size(), 1U);
  clock.now += options.rotate_wait;
  // Nothing reports the passing of a hand-cranked clock, so make something happen in the directory.
  append(directory / "app.log.tmp", "");
  std::filesystem::create_symlink("nowhere", log);
  drain();
  std::filesystem::remove(log);
  drain();
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("b1"));
}

TEST_F(FollowRotation, ReplacedByRenamingOver) {
  append(log, "a1\n");
  follow();
  drain();
  append(directory / "new", "b1\nb2\n");
  std::filesystem::rename(directory / "new", log);
  EXPECT_THAT(drain(), ElementsAre("b1", "b2"));
}

TEST_F(FollowRotation, SymbolicLinkIsFollowedToItsNewTarget) {
  append(directory / "monday.txt", "m1\n");
  std::filesystem::create_symlink("monday.txt", log);
  follow();
  EXPECT_THAT(drain(), ElementsAre("m1"));
  append(directory / "monday.txt", "m2\n");
  append(directory / "tuesday.txt", "t1\n");
  std::filesystem::create_symlink("tuesday.txt", directory / "link");
  std::filesystem::rename(directory / "link", log);
  EXPECT_THAT(drain(), ElementsAre("m2", "t1"));
}

TEST_F(FollowRotation, RenamedBackGoesOnWhereItWas) {
  append(log, "a1\n");
  follow();
  drain();
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("b1"));
  std::filesystem::rename(directory / "app.log.1", log);
  append(log, "a2\n");
  EXPECT_THAT(drain(), ElementsAre("a2"));
}

TEST_F(FollowRotation, AppearsLateAndIsReadFromItsBeginning) {
  options.start = SourceStart::kEnd;
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "a1\n");
  EXPECT_THAT(drain(), ElementsAre("a1"));
  EXPECT_EQ(follower->counters().rotations, 0U);
}

TEST_F(FollowRotation, DirectoryAppearsLate) {
  log = directory / "later/app.log";
  follow();
  EXPECT_THAT(drain(), IsEmpty());
  std::filesystem::create_directory(directory / "later");
  append(log, "a1\n");
  RecordBatch batch;
  ASSERT_TRUE(follower->next(batch, 60 * kMicrosPerSecond).ok());
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.records()[0].text, "a1");
}

TEST_F(FollowRotation, NeitherDirectoryNorFifoStopsTheOthers) {
  std::filesystem::create_directory(directory / "dir");
  ASSERT_EQ(::mkfifo((directory / "fifo").c_str(), 0600), 0);
  append(log, "a1\n");
  follow({}, {directory / "dir", directory / "fifo", log});
  EXPECT_THAT(drain(), ElementsAre("a1"));
}

TEST_F(FollowRotation, PermissionLostKeepsTheOpenFile) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may read everything";
  }
  append(log, "a1\n");
  follow();
  drain();
  LogWriter writer(log);
  ASSERT_EQ(::chmod(log.c_str(), 0000), 0);
  writer.write("a2\n");
  EXPECT_THAT(drain(), ElementsAre("a2"));
}

TEST_F(FollowRotation, ManyFilesTakeTurns) {
  std::vector<std::string> paths;
  for (int i = 0; i < 20; ++i) {
    paths.push_back(directory / ("f" + std::to_string(i)));
    append(paths.back(), std::string(300'000, static_cast<char>('a' + i)) + "\nend\n");
  }
  follow({}, paths);
  RecordBatch batch;
  std::vector<int> ends(paths.size(), 0);
  for (int polls = 0; polls < 40; ++polls) {
    ASSERT_TRUE(follower->next(batch, 0).ok());
    for (const Record& record : batch.records()) {
      EXPECT_EQ(record.position.source, batch.records()[0].position.source);
      ends[record.position.source.value()] += record.text == "end" ? 1 : 0;
    }
  }
  EXPECT_THAT(ends, testing::Each(1));
  EXPECT_EQ(follower->counters().lines_truncated, 20U);
}

TEST_F(FollowRotation, OnePollReadsABoundedShare) {
  const std::string block(1 << 20, 'x');
  append(log, "");
  {
    LogWriter writer(log);
    for (int i = 0; i < 16; ++i) {
      writer.write(block);  // one line, so nothing fills the batch
    }
  }
  follow();
  RecordBatch batch;
  ASSERT_TRUE(follower->next(batch, 0).ok());
  EXPECT_LE(follower->counters().bytes, 4U << 20);
  EXPECT_GE(follower->counters().bytes, 1U << 20);
}

TEST(RotatedName, TellsSiblingsFromNeighbours) {
  for (const char* name : {"app.log.1", "app.log.12.gz", "app.log-20240131", "app.log.2024-01-31T00:00.zst",
                           "app.log.old", "app.log-20240131-1706659200", "app.log.1.bz2"}) {
    EXPECT_TRUE(is_rotated_name("app.log", name)) << name;
  }
  for (const char* name : {"app.log", "app.log.", "app.log.gz", "app.log1", "app.log-worker.1", "app.log.conf", "app",
                           "xapp.log.1", "app.log.1.tmp", "app.log.."}) {
    EXPECT_FALSE(is_rotated_name("app.log", name)) << name;
  }
}

}  // namespace
}  // namespace logdetect
