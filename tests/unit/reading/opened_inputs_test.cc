#include "logdetect/reading/opened_inputs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace logdetect {
namespace {

TEST(PrepareInputs, OneBadNameIsAProblemAndAllBadAreAnError) {
  const std::string good = std::string(LOGDETECT_SOURCE_DIR) + "/README.md";
  const auto some = prepare_inputs({"no-such-file", good}, {}, nullptr);
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some->inputs.size(), 1U);
  EXPECT_EQ(some->problems.size(), 1U);
  const auto none = prepare_inputs({"no-such-file"}, {}, nullptr);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kInput);
}

TEST(PrepareInputs, AWrongSchemeEndsTheRunBeforeItBegins) {
  const std::string good = std::string(LOGDETECT_SOURCE_DIR) + "/README.md";
  for (const char* wrong : {"folow://x.log", "follow:x.log", ""}) {
    const auto refused = prepare_inputs({good, wrong}, {}, nullptr);
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  }
}

/// A pipe with a name in a directory of its own.
class Pipe {
 public:
  Pipe() : path_(testing::TempDir() + "logdetect_once_XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
    directory_ = path_;
    path_ += "/fifo";
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { std::filesystem::remove_all(directory_); }

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Prepares it while somebody writes `text` into it.
  [[nodiscard]] Result<OpenedInputs> prepared(const std::string& text) const {
    std::thread writer([&] { std::ofstream(path_) << text; });
    const RunControl control;
    auto opened = prepare_inputs({path_}, {}, &control);
    writer.join();
    return opened;
  }

 private:
  std::string path_;
  std::string directory_;
};

TEST(PrepareInputs, WhatIsReadOnlyOnceIsCopiedForSeveralPasses) {
  const Pipe fifo;
  const auto opened = fifo.prepared("one\ntwo\n");
  ASSERT_TRUE(opened.ok()) << opened.error().to_string();
  EXPECT_EQ(opened->inputs[0].name, fifo.path());
  EXPECT_EQ(opened->inputs[0].scheme, "file");
  EXPECT_FALSE(opened->inputs[0].once);
  EXPECT_EQ(opened->spool.size(), 1U);
  for (int pass = 0; pass < 2; ++pass) {
    const auto source = open_inputs(opened->inputs, {});
    ASSERT_TRUE(source.ok());
    RecordBatch batch;
    ASSERT_TRUE(source.value()->next(batch, 0).ok());
    EXPECT_EQ(batch.size(), 2U) << pass;
  }
}

TEST(PrepareInputs, TheCopyIsWhole) {
  std::string text;
  for (int i = 0; text.size() < 3'000'000; ++i) {
    text += "line " + std::to_string(i) + "\n";
  }
  const Pipe fifo;
  const auto opened = fifo.prepared(text);
  ASSERT_TRUE(opened.ok()) << opened.error().to_string();
  std::ifstream copy(opened->inputs[0].path);
  EXPECT_TRUE(std::string(std::istreambuf_iterator<char>(copy), {}) == text);
}

TEST(PrepareInputs, WhatCanBeReadAgainAndASinglePassNeedNoCopy) {
  const std::string file = std::string(LOGDETECT_SOURCE_DIR) + "/README.md";
  const RunControl control;
  const auto opened = prepare_inputs({file, "/dev/null"}, {}, &control);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->inputs[0].path, file);
  EXPECT_EQ(opened->spool.size(), 1U) << "of the device only";
  const auto once = prepare_inputs({"/dev/null"}, {}, nullptr);
  ASSERT_TRUE(once.ok());
  EXPECT_TRUE(once->inputs[0].once);
  EXPECT_TRUE(once->spool.empty());
}

TEST(PrepareInputs, CopyingCanBeStopped) {
  std::atomic<int> stop = 1;
  RunControl control;
  control.stop = &stop;
  const auto stopped = prepare_inputs({"/dev/zero"}, {}, &control);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
}

/// Sets TMPDIR while it lives.
class TemporaryPlace {
 public:
  explicit TemporaryPlace(const char* value) {
    if (const char* const before = std::getenv("TMPDIR"); before != nullptr) {
      before_ = before;
      was_set_ = true;
    }
    ::setenv("TMPDIR", value, 1);
  }
  TemporaryPlace(const TemporaryPlace&) = delete;
  TemporaryPlace& operator=(const TemporaryPlace&) = delete;
  ~TemporaryPlace() { was_set_ ? ::setenv("TMPDIR", before_.c_str(), 1) : ::unsetenv("TMPDIR"); }

 private:
  std::string before_;
  bool was_set_ = false;
};

TEST(PrepareInputs, CopiesLieWhereTmpdirSays) {
  const RunControl control;
  {
    const TemporaryPlace place("/no/such/place");
    const auto failed = prepare_inputs({"/dev/null"}, {}, &control);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::kOutput);
    EXPECT_TRUE(failed.error().where.starts_with("/no/such/place/")) << failed.error().where;
    EXPECT_NE(failed.error().hint.find("TMPDIR"), std::string::npos);
  }
  const TemporaryPlace nowhere("");
  EXPECT_TRUE(prepare_inputs({"/dev/null"}, {}, &control).ok()) << "/tmp when it says nothing";
}

TEST(NamesOf, AreInTheOrderOfTheInputs) {
  EXPECT_EQ(names_of({{"/srv/b.log", "b.log"}, {"-", "<stdin>"}}), (std::vector<std::string>{"b.log", "<stdin>"}));
  EXPECT_TRUE(names_of({}).empty());
}

}  // namespace
}  // namespace logdetect
