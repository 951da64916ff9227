#include "ingest/follow_wake.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <thread>

#include "ingest/follow_name.h"
#include "logdetect/base/log.h"
#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using FollowWake = FollowTest;

constexpr Micros kLong = 60 * kMicrosPerSecond;

// Nothing more can be opened while one of these lives. UBSan opens pipes to look at objects of a type it has not met:
// do once without the limit what is to be done under it.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const FileDescriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit low = before_;
    low.rlim_cur = static_cast<rlim_t>(next.get());
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(Waker, TellsWhichNameChanged) {
  const TempDirectory directory;
  append(directory / "a", "");
  Waker waker(true);
  std::vector<std::uint8_t> dirty(3, 0);
  const FileDescriptor file(::open((directory / "a").c_str(), O_RDONLY | O_CLOEXEC));
  waker.watch_directory(directory / "b", 1);
  waker.watch_directory(directory / "c", 2);
  const int watch = waker.watch_file(file.get(), 0);
  ASSERT_TRUE(waker.reliable());
  EXPECT_EQ(waker.wait(0, dirty), Waker::Wake::kTimeout);

  append(directory / "a", "x");
  EXPECT_EQ(waker.wait(kLong, dirty), Waker::Wake::kEvent);
  EXPECT_THAT(dirty, ElementsAre(1, 0, 0));

  dirty.assign(3, 0);
  append(directory / "neighbour", "x");
  append(directory / "c", "x");
  EXPECT_EQ(waker.wait(kLong, dirty), Waker::Wake::kEvent);
  EXPECT_THAT(dirty, ElementsAre(0, 0, 1));

  dirty.assign(3, 0);
  waker.forget(watch);
  waker.wait(0, dirty);  // the end of the watch is an event, too
  dirty.assign(3, 0);
  append(directory / "a", "x");
  EXPECT_EQ(waker.wait(0, dirty), Waker::Wake::kTimeout);
}

TEST(Waker, IsUnreliableWithoutItsDirectory) {
  const TempDirectory directory;
  Waker waker(true);
  waker.watch_directory(directory / "later/app.log", 0);
  EXPECT_FALSE(waker.reliable());
  std::filesystem::create_directory(directory / "later");
  waker.watch_directory(directory / "later/app.log", 0);
  EXPECT_TRUE(waker.reliable());
  std::filesystem::remove(directory / "later");
  std::vector<std::uint8_t> dirty(1, 0);
  EXPECT_EQ(waker.wait(kLong, dirty), Waker::Wake::kEvent);
  EXPECT_FALSE(waker.reliable());
  EXPECT_THAT(dirty, ElementsAre(1));
}

TEST_F(FollowWake, PollEndsWhenALineComes) {
  append(log, "one\n");
  follow();
  drain();
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    append(log, "two\n");
  });
  RecordBatch batch;
  ASSERT_TRUE(follower->next(batch, kLong).ok());
  writer.join();
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.records()[0].text, "two");
}

TEST_F(FollowWake, PollEndsAtItsTimeoutUnderAHandCrankedClock) {
  append(log, "partial");
  follow();
  RecordBatch batch;
  ASSERT_TRUE(follower->next(batch, 30 * kMicrosPerMilli).ok());
  EXPECT_TRUE(batch.empty());
}

TEST_F(FollowWake, HeldBackLinesComeByThemselvesUnderTheSystemClock) {
  options.flush_partial = 20 * kMicrosPerMilli;
  append(log, "partial");
  follower =
      std::make_unique<FollowSource>(std::vector{log}, options, ingest, std::vector<FilePosition>(), system_clock());
  RecordBatch batch;
  ASSERT_TRUE(follower->next(batch, kLong).ok());
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.records()[0].text, "partial");
}

TEST_F(FollowWake, WithoutInotifyFilesAreLookedAtAllTheSame) {
  append(log, "one\n");
  options.use_inotify = false;
  follow();
  EXPECT_THAT(drain(), ElementsAre("one"));
  RecordBatch batch;
  append(log, "two\n");
  ASSERT_TRUE(follower->next(batch, kLong).ok());
  ASSERT_EQ(batch.size(), 1U);
  std::filesystem::rename(log, directory / "app.log.1");
  append(log, "three\n");
  ASSERT_TRUE(follower->next(batch, kLong).ok());
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.records()[0].text, "three");
}

TEST(FollowLimit, IsNamedOnceAndOvercome) {
  const TempDirectory directory;
  append(directory / "a.log", "one\n");
  append(directory / "b.log", "two\n");
  FollowOptions options;
  options.start = SourceStart::kBegin;
  IngestOptions ingest;
  ingest.stitch = false;
  FollowContext context(options, ingest);
  FollowedName a(directory / "a.log", 0, {});
  FollowedName b(directory / "b.log", 1, {});
  RecordBatch batch;
  testing::internal::CaptureStderr();
  log_error("(the logger was met)");
  {
    const NoMoreFiles limit;
    for (Micros now = 0; now < 3; ++now) {
      EXPECT_FALSE(a.service(context, batch, now));
      EXPECT_FALSE(b.service(context, batch, now));
    }
  }
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("LimitNOFILE"));
  EXPECT_EQ(said.find("LimitNOFILE"), said.rfind("LimitNOFILE"));
  EXPECT_TRUE(batch.empty());
  EXPECT_TRUE(a.service(context, batch, 3));
  EXPECT_TRUE(b.service(context, batch, 3));
  EXPECT_EQ(batch.size(), 2U);
}

}  // namespace
}  // namespace logdetect
