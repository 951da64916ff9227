#include "logdetect/report/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace logdetect {
namespace {

Result<std::unique_ptr<Output>> open_output(const std::string& text, OutputMode mode) {
  LD_ASSIGN(const OutputTarget target, find_output(text));
  return target.open(mode);
}

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void put(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

class OutputTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/output_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (directory_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }

  fs::path directory_;
};

// Points standard output at `fd` for the life of the object.
class StandardOutput {
 public:
  explicit StandardOutput(int fd) : saved_(::dup(STDOUT_FILENO)) { ::dup2(fd, STDOUT_FILENO); }
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;
  ~StandardOutput() {
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST_F(OutputTest, FileAppearsAtCommitOnly) {
  Result<std::unique_ptr<Output>> output = open_output(path("result.json"), OutputMode::kReplace);
  ASSERT_TRUE(output.ok()) << output.error().to_string();
  ASSERT_TRUE((*output)->write("one\n").ok());
  ASSERT_TRUE((*output)->flush().ok());
  EXPECT_FALSE(fs::exists(path("result.json")));
  ASSERT_TRUE((*output)->commit().ok());
  EXPECT_EQ(content(path("result.json")), "one\n");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputTest, SaysWhatToDoAboutAPlaceThatCannotBe) {
  put(path("file"), "x");
  const auto hint = [&](const std::string& name) {
    const auto output = open_output(path(name), OutputMode::kReplace);
    EXPECT_FALSE(output.ok()) << name;
    return output.ok() ? "opened" : output.error().hint;
  };
  EXPECT_EQ(hint("missing/result.json"), "create the directory \"" + path("missing") + "\" first");
  EXPECT_EQ(hint(""), "name a file in it");
  EXPECT_EQ(hint("file/result.json"), "");
}

TEST_F(OutputTest, AnEmptyFileOrAWholeLineIsAppendedToAsItIs) {
  for (const std::string before : {"", "a\n", "\n"}) {
    put(path("log.jsonl"), before);
    const auto output = open_output(path("log.jsonl"), OutputMode::kAppend);
    ASSERT_TRUE(output.ok());
    ASSERT_TRUE((*output)->write("b\n").ok());
    ASSERT_TRUE((*output)->commit().ok());
    EXPECT_EQ(content(path("log.jsonl")), before + "b\n");
  }
}

TEST_F(OutputTest, WithoutCommitTheOldFileStays) {
  put(path("result.json"), "old");
  {
    Result<std::unique_ptr<Output>> output = open_output(path("result.json"), OutputMode::kReplace);
    ASSERT_TRUE(output.ok());
    ASSERT_TRUE((*output)->write(std::string(200'000, 'x')).ok());
  }
  EXPECT_EQ(content(path("result.json")), "old");
  EXPECT_EQ(files(), 1U) << "the temporary file was left behind";
}

TEST_F(OutputTest, AnAbandonedFileNeverAppears) {
  put(path("result.json"), "old");
  for (const char* name : {"result.json", "new.json"}) {
    Result<std::unique_ptr<Output>> output = open_output(path(name), OutputMode::kReplace);
    ASSERT_TRUE(output.ok());
    ASSERT_TRUE((*output)->write("half a result").ok());
    ASSERT_TRUE((*output)->abandon().ok());
  }
  EXPECT_EQ(content(path("result.json")), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(OutputTest, WhatWasAppendedStaysWhenItIsAbandoned) {
  Result<std::unique_ptr<Output>> output = open_output("file://" + path("findings.jsonl"), OutputMode::kAppend);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("{\"new\":2}\n").ok());
  ASSERT_TRUE((*output)->abandon().ok());
  EXPECT_EQ(content(path("findings.jsonl")), "{\"new\":2}\n");
}

TEST_F(OutputTest, AFileWithoutANameIsAMistake) {
  EXPECT_EQ(open_output("file://", OutputMode::kReplace).error().code, ErrorCode::kUsage);
  EXPECT_EQ(open_output("stdout://x", OutputMode::kReplace).error().code, ErrorCode::kUsage);
}

TEST_F(OutputTest, ReplacesContentAndKeepsTheMode) {
  put(path("result.json"), "a much longer old content");
  ASSERT_EQ(::chmod(path("result.json").c_str(), 0640), 0);
  Result<std::unique_ptr<Output>> output = open_output(path("result.json"), OutputMode::kReplace);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("new").ok());
  ASSERT_TRUE((*output)->commit().ok());
  EXPECT_EQ(content(path("result.json")), "new");
  struct stat status {};
  ASSERT_EQ(::stat(path("result.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(OutputTest, KeepsASymbolicLink) {
  put(path("real.json"), "old");
  fs::create_symlink("real.json", path("link.json"));
  Result<std::unique_ptr<Output>> output = open_output(path("link.json"), OutputMode::kReplace);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("new").ok());
  ASSERT_TRUE((*output)->commit().ok());
  EXPECT_TRUE(fs::is_symlink(path("link.json")));
  EXPECT_EQ(content(path("real.json")), "new");
}

TEST_F(OutputTest, BytesKeepTheirOrderWhateverTheirSize) {
  Result<std::unique_ptr<Output>> output = open_output(path("result.json"), OutputMode::kReplace);
  ASSERT_TRUE(output.ok());
  std::string expected;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::string piece(i * 7 % 1000 + (i % 50 == 0 ? 70'000 : 0), static_cast<char>('a' + i % 26));
    expected += piece;
    ASSERT_TRUE((*output)->write(piece).ok());
  }
  ASSERT_TRUE((*output)->commit().ok());
  EXPECT_EQ(content(path("result.json")), expected);
}

TEST_F(OutputTest, MissingDirectoryIsAClearError) {
  const Result<std::unique_ptr<Output>> output = open_output(path("nowhere/result.json"), OutputMode::kReplace);
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().code, ErrorCode::kOutput);
  EXPECT_EQ(output.error().where, path("nowhere/result.json"));
  EXPECT_NE(output.error().hint.find(path("nowhere")), std::string::npos);
}

TEST_F(OutputTest, ADirectoryIsNoFile) {
  const Result<std::unique_ptr<Output>> output = open_output(directory_.string(), OutputMode::kReplace);
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().code, ErrorCode::kOutput);
  EXPECT_FALSE(open_output(directory_.string(), OutputMode::kAppend).ok());
}

TEST_F(OutputTest, DevicesAreWrittenDirectly) {
  Result<std::unique_ptr<Output>> output = open_output("/dev/null", OutputMode::kReplace);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("gone").ok());
  ASSERT_TRUE((*output)->commit().ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputTest, FullDeviceIsAnErrorThatNamesIt) {
  Result<std::unique_ptr<Output>> output = open_output("/dev/full", OutputMode::kReplace);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("no room").ok());
  const Result<void> flushed = (*output)->flush();
  ASSERT_FALSE(flushed.ok());
  EXPECT_EQ(flushed.error().code, ErrorCode::kOutput);
  EXPECT_EQ(flushed.error().where, "/dev/full");
}

TEST_F(OutputTest, AppendsAsItHappens) {
  put(path("findings.jsonl"), "{\"old\":1}\n");
  Result<std::unique_ptr<Output>> output = open_output(path("findings.jsonl"), OutputMode::kAppend);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("{\"new\":2}\n").ok());
  ASSERT_TRUE((*output)->flush().ok());
  EXPECT_EQ(content(path("findings.jsonl")), "{\"old\":1}\n{\"new\":2}\n");
}

TEST_F(OutputTest, AppendingAfterATornLineStartsANewOne) {
  put(path("findings.jsonl"), "{\"torn\":");
  Result<std::unique_ptr<Output>> output = open_output(path("findings.jsonl"), OutputMode::kAppend);
  ASSERT_TRUE(output.ok());
  ASSERT_TRUE((*output)->write("{\"new\":2}\n").ok());
  ASSERT_TRUE((*output)->commit().ok());
  EXPECT_EQ(content(path("findings.jsonl")), "{\"torn\":\n{\"new\":2}\n");
}

TEST_F(OutputTest, ClosedPipeIsItsOwnKindOfError) {
  const auto handler = ::signal(SIGPIPE, SIG_IGN);
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  ErrorCode code = ErrorCode::kInternal;
  {
    const StandardOutput redirected(ends[1]);
    Result<std::unique_ptr<Output>> output = open_output("-", OutputMode::kReplace);
    if (output.ok() && (*output)->write("nobody reads this\n").ok()) {
      const Result<void> committed = (*output)->commit();
      code = committed.ok() ? ErrorCode::kInternal : committed.error().code;
    }
  }
  ::close(ends[1]);
  ::signal(SIGPIPE, handler);
  EXPECT_EQ(code, ErrorCode::kOutputClosed);
}

TEST_F(OutputTest, StandardOutputIsBufferedUntilFlush) {
  const int file = ::open(path("stdout").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  std::string before;
  {
    const StandardOutput redirected(file);
    Result<std::unique_ptr<Output>> output = open_output("-", OutputMode::kReplace);
    if (output.ok() && (*output)->write("text").ok()) {
      before = content(path("stdout"));
      (void)(*output)->flush().ok();
    }
  }
  ::close(file);
  EXPECT_EQ(before, "");
  EXPECT_EQ(content(path("stdout")), "text");
}

}  // namespace
}  // namespace logdetect
