#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/follow_source.h"
#include "logdetect/base/file.h"

namespace logdetect {

/// A clock that stands still until the test moves it.
class HandClock final : public Clock {
 public:
  [[nodiscard]] Micros wall() const override { return now; }
  [[nodiscard]] Micros monotonic() const override { return now; }
  Micros now = 1000 * kMicrosPerSecond;
};

/// A directory of its own, removed with everything in it.
class TempDirectory {
 public:
  TempDirectory() {
    std::string name = testing::TempDir() + "logdetect_follow_XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      ADD_FAILURE() << "cannot create " << name;
    }
    path_ = name;
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline void append(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

inline void truncate(const std::string& path) {
  ASSERT_EQ(::truncate(path.c_str(), 0), 0);
}

inline void copy_truncate(const std::string& path, const std::string& copy) {
  std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
  truncate(path);
}

/// A writer that keeps its descriptor, as services do; without `append` it also keeps its offset.
class LogWriter {
 public:
  explicit LogWriter(const std::string& path, bool append = true)
      : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : 0), 0644)) {}
  void write(std::string_view text) {
    ASSERT_EQ(::write(file_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

 private:
  FileDescriptor file_;
};

/// Follows `app.log` in a directory of its own. Stitching is off unless a test turns it on, so lines come at once.
class FollowTest : public testing::Test {
 protected:
  FollowTest() { ingest.stitch = false; }

  void follow(const std::vector<FilePosition>& resume = {}) { follow(resume, {log}); }
  void follow(const std::vector<FilePosition>& resume, std::vector<std::string> paths) {
    follower = std::make_unique<FollowSource>(std::move(paths), options, ingest, resume, clock);
  }

  /// Ends following as kill -9 would, with the cursor stored after the last batch, and begins again.
  void restart() {
    const auto positions = read_follow_cursor(follower->cursor());
    ASSERT_TRUE(positions.ok()) << positions.error().to_string();
    follower.reset();
    follow(*positions);
  }

  /// The texts of all records that are there now.
  std::vector<std::string> drain() {
    std::vector<std::string> texts;
    RecordBatch batch;
    for (int empty = 0; empty < 2;) {
      EXPECT_TRUE(follower->next(batch, 0).ok());
      empty = batch.empty() ? empty + 1 : 0;
      take(batch, texts);
    }
    return texts;
  }

  std::vector<std::string> flush() {
    std::vector<std::string> texts;
    RecordBatch batch;
    follower->finish();
    for (auto more = follower->next(batch, 0); more.ok() && *more; more = follower->next(batch, 0)) {
      take(batch, texts);
    }
    return texts;
  }

  void take(const RecordBatch& batch, std::vector<std::string>& texts) {
    for (const Record& record : batch.records()) {
      texts.emplace_back(record.text);
      last_line = record.position.line;
      last_offset = record.position.offset;
    }
  }

  TempDirectory directory;
  std::string log = directory / "app.log";
  HandClock clock;
  FollowOptions options{SourceStart::kBegin, 5 * kMicrosPerSecond, 2 * kMicrosPerSecond, 30 * kMicrosPerSecond};
  IngestOptions ingest;
  std::unique_ptr<FollowSource> follower;
  std::uint64_t last_line = 0;    // of the record taken last
  std::uint64_t last_offset = 0;  // likewise
};

}  // namespace logdetect
