#include "logdetect/reading/input_pass.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "unit/reading/reading_lines.h"

namespace logdetect {
namespace {

using namespace testing_support;

TEST(ThreadCount, IsWhatIsAskedForElseOnePerCoreUpToEight) {
  RunOptions options;
  for (const int threads : {1, 2, 9, 64}) {
    options.threads = threads;
    EXPECT_EQ(thread_count(options), threads);
  }
  options.threads = 0;
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  EXPECT_EQ(thread_count(options), cores < 1 ? 1 : cores > 8 ? 8 : cores);
}

/// Files in a directory of their own, and passes over them.
class InputPass : public testing::Test {
 protected:
  InputPass() {
    std::string name = testing::TempDir() + "logdetect_pass_XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    config_.run.threads = 1;
  }
  ~InputPass() override { std::filesystem::remove_all(directory_); }

  void add(const std::string& name, const std::vector<std::string>& lines) {
    const std::string path = directory_ + "/" + name;
    std::ofstream file(path);
    for (const std::string& line : lines) {
      file << line << '\n';
    }
    inputs_.push_back({path, name});
  }

  PassRequest request() { return {.config = config_, .inputs = inputs_, .plans = {}, .control = control_}; }

  Result<PassResult> pass(const PassRequest& request) {
    messages_.clear();
    return run_pass(request, [this](ParsedBatch parsed) -> Result<void> {
      for (const Header& header : parsed.batch.headers) {
        messages_.emplace_back(header.message);
      }
      groups_ += parsed.batch.events.front().group != 0 ? 1 : 0;
      return {};
    });
  }

  std::string directory_;
  Config config_;
  std::vector<Input> inputs_;
  RunControl control_;
  std::vector<std::string> messages_;
  int groups_ = 0;  // batches with one
};

TEST_F(InputPass, ReadsEveryInputInOrderWithAnyNumberOfThreads) {
  add("a.log", {"2024-01-15 03:42:17 INFO depot: one", "2024-01-15 03:42:18 INFO depot: two",
                "2024-01-15 03:42:19 INFO depot: three"});
  add("b.log", {"just words", "and more of them"});
  config_.ingest.batch_records = 1;
  for (const int threads : {1, 3}) {
    config_.run.threads = threads;
    const auto result = pass(request());
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(messages_, (std::vector<std::string>{"one", "two", "three", "just words", "and more of them"}));
    EXPECT_EQ(result->counters.lines, 5U);
    EXPECT_EQ(result->counters.bytes, 36U + 36 + 38 + 11 + 17) << "line ends included";
    ASSERT_EQ(result->plans.size(), 2U);
    EXPECT_EQ(result->plans[1].describe(), "<message>");
    EXPECT_TRUE(result->notes.empty());
  }
}

TEST_F(InputPass, ReportsHowFarItIs) {
  const std::vector<std::string> lines = lines_of(dated_line, 10);
  std::uint64_t bytes = 0;
  for (const std::string& line : lines) {
    bytes += line.size() + 1;
  }
  add("a.log", lines);
  config_.ingest.batch_records = 4;
  std::vector<Progress> reports;
  control_.progress = [&](const Progress& progress) { reports.push_back(progress); };
  PassRequest asked = request();
  asked.phase = "counting boxes";
  ASSERT_TRUE(pass(asked).ok());
  ASSERT_EQ(reports.size(), 3U);
  const std::array<std::uint64_t, 3> kLines{4, 8, 10};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    EXPECT_STREQ(reports[i].phase, "counting boxes");
    EXPECT_EQ(reports[i].lines, kLines.at(i));
    EXPECT_EQ(reports[i].bytes_total, bytes);
    EXPECT_LE(reports[i].bytes_done, bytes);
    EXPECT_EQ(reports[i].templates, 0U) << "without a miner none are known";
  }
  EXPECT_EQ(reports.back().bytes_done, bytes);
}

TEST_F(InputPass, WithAMinerProgressTellsTheTemplates) {
  add("a.log", {"the depot is open"});
  const auto masker = Masker::create(config_.miner);
  ASSERT_TRUE(masker.ok());
  TemplateMiner miner(config_.miner);
  MaskedMessage message;
  masker->mask("the depot is open", message);
  miner.learn(message);
  miner.compact();
  std::uint64_t templates = 0;
  control_.progress = [&](const Progress& progress) { templates = progress.templates; };
  PassRequest asked = request();
  asked.masker = &*masker;
  asked.miner = &miner;
  bool matched = false;
  ASSERT_TRUE(run_pass(asked, [&](ParsedBatch parsed) -> Result<void> {
                matched = parsed.batch.events[0].template_id.valid();
                return {};
              }).ok());
  EXPECT_EQ(templates, 1U);
  EXPECT_TRUE(matched);
}

TEST_F(InputPass, OptionsReachTheirStage) {
  add("a.log", {std::string(1000, 'x'), "2024-01-15 03:42:18 INFO depot: two"});
  config_.ingest.max_line_bytes = 256;
  config_.features.rate_key = RateKey::kFile;
  const auto result = pass(request());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(messages_.front().size(), 256U);
  EXPECT_EQ(result->counters.lines_truncated, 1U);
  EXPECT_EQ(groups_, 1);
}

TEST_F(InputPass, OnlyTheFirstLinesAreSampled) {
  std::vector<std::string> lines = lines_of(plain_line, 20);
  const std::vector<std::string> later = lines_of(dated_line, 100);
  lines.insert(lines.end(), later.begin(), later.end());
  add("a.log", lines);
  config_.header.sample_lines = 20;
  const auto few = pass(request());
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->plans.at(0).describe(), "<message>");
  config_.header.sample_lines = 2000;
  const auto many = pass(request());
  ASSERT_TRUE(many.ok());
  EXPECT_EQ(many->plans.at(0).describe(), plan_of(dated_line).describe());
}

TEST_F(InputPass, AGivenFormatThatDoesNotFitIsNoted) {
  add("a.log", lines_of(dated_line, 300));
  config_.header.format = "<time> [<component>] <message>";
  PassRequest asked = request();
  asked.plans = {*plan_of_pattern(config_.header.format)};
  const auto fixed = pass(asked);
  ASSERT_TRUE(fixed.ok());
  ASSERT_EQ(fixed->notes.size(), 1U);
  EXPECT_TRUE(fixed->notes[0].starts_with("a.log: only 0 % of the lines fit ")) << fixed->notes[0];
  config_.header.format = "auto";
  const auto free = pass(asked);
  ASSERT_TRUE(free.ok());
  EXPECT_TRUE(free->notes.empty()) << "a plan that is only known gives way";
}

TEST_F(InputPass, ALayoutThatChangedIsNotedWithItsLine) {
  std::vector<std::string> lines = lines_of(dated_line, 1000);
  const std::vector<std::string> later = lines_of(syslog_line, 2000);
  lines.insert(lines.end(), later.begin(), later.end());
  add("a.log", lines);
  config_.header.sample_lines = 500;
  config_.ingest.batch_records = 700;
  const auto result = pass(request());
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->notes.size(), 1U);
  EXPECT_TRUE(result->notes[0].starts_with("a.log:1")) << result->notes[0];
}

TEST_F(InputPass, StopsWhenAskedTo) {
  add("a.log", lines_of(dated_line, 10));
  std::atomic<int> stop = 1;
  control_.stop = &stop;
  const auto result = pass(request());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
  EXPECT_TRUE(messages_.empty());
}

TEST_F(InputPass, TheConsumersErrorEndsIt) {
  add("a.log", lines_of(dated_line, 10));
  const auto result =
      run_pass(request(), [](ParsedBatch) -> Result<void> { return make_error(ErrorCode::kOutput, "full"); });
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "full");
}

TEST_F(InputPass, WhatCannotBeReadIsAnError) {
  inputs_.push_back({directory_ + "/missing.log", "missing.log"});
  const auto result = pass(request());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInput);
}

}  // namespace
}  // namespace logdetect
