#include <gmock/gmock.h>

#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using FollowResume = FollowTest;

// Long enough that a copy of a file with two of them is beyond doubt.
std::string line(const std::string& name) {
  return name + " " + std::string(60, '.') + "\n";
}
std::string text(const std::string& name) {
  const std::string with_end = line(name);
  return with_end.substr(0, with_end.size() - 1);
}

TEST_F(FollowResume, ResumesWhereItWas) {
  append(log, "one\ntwo\n");
  follow();
  drain();
  restart();
  EXPECT_THAT(drain(), IsEmpty());
  append(log, "three\n");
  EXPECT_THAT(drain(), ElementsAre("three"));
  EXPECT_EQ(last_line, 3U);
}

TEST_F(FollowResume, PositionsSurviveARestartBeforeTheFirstPoll) {
  append(log, "one\n");
  follow();
  drain();
  restart();
  restart();
  append(log, "two\n");
  EXPECT_THAT(drain(), ElementsAre("two"));
}

TEST_F(FollowResume, PositionsSurviveTheAbsenceOfTheFile) {
  append(log, "one\n");
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  std::filesystem::rename(log, directory / "elsewhere");
  follow(positions);
  EXPECT_THAT(drain(), IsEmpty());
  restart();
  std::filesystem::rename(directory / "elsewhere", log);
  append(log, "two\n");
  EXPECT_THAT(drain(), ElementsAre("two"));
}

TEST_F(FollowResume, RotatedOnceWhileDown) {
  append(log, "a1\n");
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  append(log, "a2\n");
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "b1\n");
  follow(positions);
  EXPECT_THAT(drain(), ElementsAre("a2", "b1"));
}

TEST_F(FollowResume, RotatedTenTimesWhileDown) {
  append(log, "0\n");
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  append(log, "0b\n");
  std::vector<std::string> expected{"0b"};
  for (int rotation = 1; rotation <= 10; ++rotation) {
    for (int i = rotation; i-- > 1;) {
      std::filesystem::rename(directory / ("app.log." + std::to_string(i)),
                              directory / ("app.log." + std::to_string(i + 1)));
    }
    std::filesystem::rename(log, directory / "app.log.1");
    append(log, std::to_string(rotation) + "\n");
    expected.push_back(std::to_string(rotation));
  }
  follow(positions);
  EXPECT_EQ(drain(), expected);
}

TEST_F(FollowResume, RotatedWhileDownAndNoNewFileYet) {
  append(log, "a1\n");
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  append(log, "a2\n");
  std::filesystem::rename(log, directory / "app.log.1");
  follow(positions);
  EXPECT_THAT(drain(), ElementsAre("a2"));
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("b1"));
}

TEST_F(FollowResume, CopyTruncatedWhileDown) {
  append(log, line("a1") + line("a2"));
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  append(log, line("a3"));
  copy_truncate(log, directory / "app.log.1");
  append(log, line("b1") + line("b2") + line("b3") + line("b4"));
  follow(positions);
  EXPECT_THAT(drain(), ElementsAre(text("a3"), text("b1"), text("b2"), text("b3"), text("b4")));
  EXPECT_EQ(follower->counters().truncations, 1U);
}

TEST_F(FollowResume, CreatedAnewWithTheSameInodeWhileDown) {
  append(log, line("a1"));
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  for (int round = 0; round < 50; ++round) {  // ext4 gives the inode back every time, others now and then
    std::filesystem::remove(log);
    append(log, line("b" + std::to_string(round)) + line("c"));
    follow(positions);
    EXPECT_THAT(drain(), ElementsAre(text("b" + std::to_string(round)), text("c")));
    follower.reset();
  }
}

TEST_F(FollowResume, FileMovedToAnotherInodeGoesOn) {
  append(log, line("a1") + line("a2"));
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  std::filesystem::copy_file(log, directory / "restored");
  std::filesystem::rename(directory / "restored", log);
  append(log, line("a3"));
  follow(positions);
  EXPECT_THAT(drain(), ElementsAre(text("a3")));
}

TEST_F(FollowResume, FinishedFilesAreNotReadAgain) {
  append(log, "a1\n");
  follow();
  drain();
  for (int rotation = 1; rotation <= 12; ++rotation) {
    for (int i = rotation; i-- > 1;) {
      std::filesystem::rename(directory / ("app.log." + std::to_string(i)),
                              directory / ("app.log." + std::to_string(i + 1)));
    }
    std::filesystem::rename(log, directory / "app.log.1");
    append(log, std::to_string(rotation) + "\n");
    EXPECT_THAT(drain(), ElementsAre(std::to_string(rotation)));
    clock.now += options.rotate_wait;
  }
  restart();
  EXPECT_THAT(drain(), IsEmpty());
}

TEST_F(FollowResume, LateLinesOfALingeringFileSurviveARestart) {
  LogWriter old(log);
  old.write("a1\n");
  follow();
  drain();
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "b1\n");
  EXPECT_THAT(drain(), ElementsAre("b1"));
  const auto positions = follower->positions();
  follower.reset();
  old.write("a2\n");
  append(log, "b2\n");
  follow(positions);
  EXPECT_THAT(drain(), ElementsAre("a2", "b2"));
}

TEST_F(FollowResume, CompressedMeanwhileIsOnlyReported) {
  append(log, line("a1"));
  follow();
  drain();
  const auto positions = follower->positions();
  follower.reset();
  append(log, line("a2"));
  std::filesystem::remove(log);
  append(directory / "app.log.1.gz", "\x1f\x8b not really");
  append(log, line("b1"));
  testing::internal::CaptureStderr();
  follow(positions);
  EXPECT_THAT(drain(), ElementsAre(text("b1")));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("13 bytes of compressed"));
}

TEST_F(FollowResume, ForeignPositionsAreIgnored) {
  append(log, "a1\n");
  FilePosition position;
  position.path = directory / "other.log";
  position.offset = 3;
  follow({position});
  EXPECT_THAT(drain(), ElementsAre("a1"));
}

}  // namespace
}  // namespace logdetect
