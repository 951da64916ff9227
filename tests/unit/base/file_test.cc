#include "logdetect/base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

namespace logdetect {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = testing::TempDir() + "logdetect_file_XXXXXX";
    const char* made = ::mkdtemp(pattern.data());
    EXPECT_NE(made, nullptr);
    directory_ = pattern;
  }
  ~FileTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory_), {}));
  }

  std::string directory_;
};

TEST_F(FileTest, AFileIsTheSameUnderAllItsNames) {
  ASSERT_TRUE(replace_file(path("x"), "x").ok());
  ASSERT_TRUE(replace_file(path("y"), "x").ok());
  std::filesystem::create_hard_link(path("x"), path("hard"));
  std::filesystem::create_symlink("x", path("soft"));
  const std::string identity = file_identity(path("x"));
  EXPECT_FALSE(identity.empty());
  EXPECT_EQ(file_identity(path("hard")), identity);
  EXPECT_EQ(file_identity(path("soft")), identity);
  EXPECT_NE(file_identity(path("y")), identity);
  const FileDescriptor file(::open(path("hard").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(descriptor_identity(file.get()), identity);
}

TEST_F(FileTest, OnlyRegularFilesHaveAnIdentity) {
  EXPECT_EQ(file_identity("/dev/null"), "");
  EXPECT_EQ(file_identity(directory_), "");
  EXPECT_EQ(file_identity(path("missing")), "");
  EXPECT_EQ(descriptor_identity(-1), "");
}

TEST_F(FileTest, ReplaceWritesAndReadReadsBack) {
  const std::string bytes("a\0b\xFF\n", 5);
  ASSERT_TRUE(replace_file(path("x"), bytes).ok());
  EXPECT_EQ(*read_file(path("x"), 100, ErrorCode::kInput), bytes);
  ASSERT_TRUE(replace_file(path("x"), "new").ok());
  EXPECT_EQ(*read_file(path("x"), 100, ErrorCode::kInput), "new");
  EXPECT_EQ(files(), 1U) << "a temporary file was left behind";
}

TEST_F(FileTest, ReplacedFileIsPrivate) {
  ASSERT_TRUE(replace_file(path("x"), "secret").ok());
  struct stat status {};
  ASSERT_EQ(::stat(path("x").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(FileTest, ReaderSeesTheOldOrTheNewNeverAMix) {
  constexpr std::size_t kBytes = 200'000;
  ASSERT_TRUE(replace_file(path("x"), std::string(kBytes, 'a')).ok());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 30; ++i) {
      EXPECT_TRUE(replace_file(path("x"), std::string(kBytes, static_cast<char>('a' + i % 26))).ok());
    }
    done = true;
  });
  while (!done) {
    const Result<std::string> seen = read_file(path("x"), kBytes, ErrorCode::kInput);
    ASSERT_TRUE(seen.ok());
    ASSERT_EQ(seen->size(), kBytes);
    ASSERT_EQ(seen->find_first_not_of(seen->front()), std::string::npos);
  }
  writer.join();
}

TEST_F(FileTest, FailedReplaceLeavesTheOldFileAlone) {
  ASSERT_TRUE(replace_file(path("x"), "old").ok());
  // A directory in place of the temporary name makes its creation fail.
  std::filesystem::create_directory(path("x") + ".tmp." + std::to_string(::getpid()));
  const Result<void> failed = replace_file(path("x"), "new");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kOutput);
  EXPECT_EQ(failed.error().where, path("x"));
  EXPECT_EQ(*read_file(path("x"), 100, ErrorCode::kInput), "old");
}

TEST_F(FileTest, FailedRenameRemovesTheTemporaryFile) {
  std::filesystem::create_directories(path("x/inside"));
  ASSERT_FALSE(replace_file(path("x"), "new").ok());
  EXPECT_EQ(files(), 1U);
  EXPECT_TRUE(std::filesystem::is_directory(path("x/inside")));
}

TEST_F(FileTest, ReplaceInAMissingDirectoryNamesThePath) {
  const Result<void> failed = replace_file(path("none/x"), "new");
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().message.find("No such file"), std::string::npos);
}

TEST_F(FileTest, LargeFilesAreReadOnceAndShared) {
  std::string bytes(5'000'000, 'a');
  bytes.replace(4'000'000, 4, std::string("x\0yz", 4));
  ASSERT_TRUE(replace_file(path("x"), bytes).ok());
  SharedBytes part;
  {
    const Result<SharedBytes> whole = read_large_file(path("x"), bytes.size(), ErrorCode::kModel);
    ASSERT_TRUE(whole.ok());
    EXPECT_EQ(whole->view(), bytes);
    part = whole->part(4'000'000, 5);
    EXPECT_EQ(part.view().data(), whole->view().data() + 4'000'000) << "no copy";
  }
  EXPECT_EQ(part.view(), std::string_view("x\0yza", 5)) << "outlives what it is a part of";
  EXPECT_EQ(part, SharedBytes(std::string("x\0yza", 5)));
  ASSERT_TRUE(replace_file(path("x"), "").ok());
  EXPECT_EQ(read_large_file(path("x"), 0, ErrorCode::kModel)->size(), 0U);
  ASSERT_TRUE(replace_file(path("x"), "12").ok());
  EXPECT_EQ(read_large_file(path("x"), 1, ErrorCode::kModel).error().message, "too large: 2 bytes, at most 1");
  EXPECT_EQ(read_large_file(directory_, 1, ErrorCode::kModel).error().message, "not a regular file");
}

TEST_F(FileTest, ReadRefusesWhatIsNoRegularFile) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& name : {path("fifo"), directory_, std::string("/dev/zero")}) {
    const Result<std::string> refused = read_file(name, 100, ErrorCode::kModel);
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::kModel);
    EXPECT_EQ(refused.error().message, "not a regular file");
  }
}

TEST_F(FileTest, ReadKeepsToItsLimit) {
  ASSERT_TRUE(replace_file(path("x"), std::string(100, 'x')).ok());
  EXPECT_TRUE(read_file(path("x"), 100, ErrorCode::kInput).ok());
  const Result<std::string> refused = read_file(path("x"), 99, ErrorCode::kInput);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "too large: 100 bytes, at most 99");
}

TEST_F(FileTest, ReadFollowsLinksAndReportsMissingFiles) {
  ASSERT_TRUE(replace_file(path("x"), "text").ok());
  std::filesystem::create_symlink(path("x"), path("link"));
  EXPECT_EQ(*read_file(path("link"), 100, ErrorCode::kInput), "text");
  EXPECT_FALSE(read_file(path("missing"), 100, ErrorCode::kInput).ok());
}

TEST_F(FileTest, WhatCannotBeWrittenIsNamed) {
  ASSERT_TRUE(replace_file(path("x"), "old").ok());
  const FileDescriptor only_read(::open(path("x").c_str(), O_RDONLY | O_CLOEXEC));
  const Result<void> failed = write_all(only_read.get(), "new", "the report");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kOutput);
  EXPECT_EQ(failed.error().where, "the report");
  EXPECT_EQ(failed.error().message, "cannot write: " + errno_text(EBADF));
}

TEST(FileDescriptor, ZeroIsADescriptorLikeAnyOther) {
  const FileDescriptor kept(::dup(STDIN_FILENO));
  ASSERT_GT(kept.get(), 0);
  FileDescriptor zero(STDIN_FILENO);
  zero.reset();
  EXPECT_EQ(::fcntl(STDIN_FILENO, F_GETFD), -1) << "it is still open";
  ASSERT_EQ(::dup2(kept.get(), STDIN_FILENO), STDIN_FILENO);
}

TEST_F(FileTest, ClosedPipeIsAnErrorOfItsOwn) {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  EXPECT_TRUE(write_all(writer.get(), "heard", "pipe").ok());
  reader.reset();
  const Result<void> failed = write_all(writer.get(), "unheard", "pipe");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kOutputClosed);
}

TEST_F(FileTest, WritesThroughShortWrites) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  const std::string bytes(1'000'000, 'x');  // many times a pipe's buffer
  std::size_t got = 0;
  std::thread drain([&] {
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = ::read(reader.get(), buffer.data(), buffer.size())) > 0;) {
      got += static_cast<std::size_t>(n);
    }
  });
  EXPECT_TRUE(write_all(writer.get(), bytes, "pipe").ok());
  writer.reset();
  drain.join();
  EXPECT_EQ(got, bytes.size());
}

TEST_F(FileTest, FullDeviceIsAnOutputError) {
  const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full.valid()) {
    GTEST_SKIP() << "no /dev/full here";
  }
  const Result<void> failed = write_all(full.get(), "x", "/dev/full");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kOutput);
  EXPECT_NE(failed.error().message.find("No space left"), std::string::npos);
}

TEST_F(FileTest, DescriptorsAreClosedOnceAndMove) {
  FileDescriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int fd = first.get();
  FileDescriptor second(std::move(first));
  EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move): the moved-from state is the subject
  EXPECT_EQ(second.get(), fd);
  second = FileDescriptor();
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
}

}  // namespace
}  // namespace logdetect
