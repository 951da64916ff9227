// What training says of its own data, and training without a part of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kHour = 3600;
constexpr int kHidden = 12;

// Four hours of which the second hides a failure: early, so that the validation part never sees it.
std::string history_with_a_failure() {
  std::string out = quiet_log(0, kHour, 1);
  for (int i = 0; i < kHidden; ++i) {
    out += odd_line(kHour + i, "replica db-" + std::to_string(i % 3) + " lost its 'lease'");
  }
  return out + quiet_log(kHour + kHidden, 3 * kHour, 2);
}

class Review : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("history.log", history_with_a_failure());
    trained_ = shared_->run({"train", "-o", "all", "history.log"});
    without_ = shared_->run({"train", "-o", "without", "--exclude", kPattern, "history.log"});
  }
  static void TearDownTestSuite() { shared_.reset(); }
  void SetUp() override {
    ASSERT_EQ(trained_.exit, 0) << trained_.err;
    ASSERT_EQ(without_.exit, 0) << without_.err;
  }

  static constexpr const char* kPattern = "replica <ID> lost its 'lease'";
  static std::unique_ptr<Sandbox> shared_;
  static Outcome trained_;
  static Outcome without_;
};
std::unique_ptr<Sandbox> Review::shared_;
Outcome Review::trained_;
Outcome Review::without_;

TEST_F(Review, ShowsACardForWhatIsOddAnywhereInTraining) {
  EXPECT_THAT(trained_.out, HasSubstr("Odd in this training: the model itself would flag "));
  EXPECT_THAT(trained_.out,
              HasSubstr(", 12 records, 2024-01-15T01:00:00.500Z \xe2\x80\x93 2024-01-15T01:00:11.500Z\n"));
  EXPECT_THAT(trained_.out, HasSubstr("\"replica db-"));
  EXPECT_THAT(trained_.out, HasSubstr("rare template: seen 12 times"));
  EXPECT_THAT(trained_.out, HasSubstr("      --exclude 'replica <ID> lost its '\\''lease'\\'''\n"))
      << "ready for a shell";
}

TEST_F(Review, WhatIsAcknowledgedIsCountedOnly) {
  shared_->write("rules.yaml", "- pattern: " + std::string(kPattern) + "\n");
  const Outcome all = shared_->run({"train", "-o", "acknowledged", "--allow", "rules.yaml", "history.log"});
  ASSERT_EQ(all.exit, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("1 acknowledged"));
  EXPECT_THAT(all.out, Not(HasSubstr("\"replica db-")));
  EXPECT_THAT(all.err, Not(HasSubstr("taken in"))) << "only an update takes in";
  EXPECT_EQ(shared_->read("acknowledged/model.ldm"), shared_->read("all/model.ldm")) << "the same model";

  shared_->write("rules.yaml", "- pattern: replica <ID> lost its 'lease'\n  expires: 2024-01-15\n");
  const Outcome expired = shared_->run({"train", "-o", "acknowledged", "--allow", "rules.yaml", "history.log"});
  EXPECT_THAT(expired.out, HasSubstr("\"replica db-")) << "it came later";
  shared_->write("rules.yaml", "- patern: x\n");
  EXPECT_EQ(shared_->run({"train", "-o", "acknowledged", "--allow", "rules.yaml", "history.log"}).exit, 2);
}

TEST_F(Review, WhatIsExcludedTeachesNothingAndIsCounted) {
  EXPECT_THAT(without_.out, HasSubstr("  excluded    12 records by 1 pattern, among the dropped\n"));
  EXPECT_THAT(without_.out, HasSubstr(" + 12 dropped\n"));
  EXPECT_THAT(without_.out, Not(HasSubstr("replica")));
  const json changes =
      json::parse(shared_->run({"model", "diff", "all", "without", "--format", "json"}).out, nullptr, false);
  ASSERT_EQ(changes["gone"].size(), 1U) << changes.dump(1);
  EXPECT_EQ(changes["gone"][0]["count_before"], kHidden);
  EXPECT_EQ(changes["new_count"], 0);
  EXPECT_EQ(changes["config"][0]["path"], "run.exclude");
}

TEST_F(Review, TheFailureIsNewsToTheModelThatNeverSawIt) {
  shared_->write("today.log",
                 quiet_log(5 * kHour, 600, 3) + odd_line(5 * kHour + 601, "replica db-1 lost its 'lease'"));
  const Outcome outcome = shared_->run({"scan", "-m", "without", "--verbose", "today.log"});
  EXPECT_THAT(outcome.out, HasSubstr("never seen in"));
  EXPECT_THAT(shared_->run({"scan", "-m", "all", "--verbose", "today.log"}).out, Not(HasSubstr("never seen in")));
}

TEST_F(Review, AConfigurationFileSaysTheSame) {
  shared_->write("train.yaml", "run:\n  exclude: [\"" + std::string(kPattern) + "\"]\n");
  ASSERT_EQ(shared_->run({"train", "-o", "by-file", "--config", "train.yaml", "history.log"}).exit, 0);
  EXPECT_EQ(shared_->read("by-file/model.ldm"), shared_->read("without/model.ldm"));
}

TEST_F(Review, SeveralPatternsAndOneThatFitsNothing) {
  const Outcome outcome = shared_->run({"train", "-o", "several", "--exclude", "replica db-0 <*>", "--exclude",
                                        "replica db-1 <*>", "--exclude", "unheard of, really", "history.log"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("  excluded    8 records by 3 patterns, among the dropped\n"));
  EXPECT_THAT(outcome.err, HasSubstr("no record was left out by 'unheard of, really'"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("before the last --days")));
  const Outcome days =
      shared_->run({"train", "-o", "several", "--days", "0.1", "--exclude", "query took <*>", "history.log"});
  EXPECT_THAT(days.err, HasSubstr("before the last --days"));
}

TEST_F(Review, APatternForEverythingIsRefused) {
  const Outcome outcome = shared_->run({"train", "-o", "none", "--exclude", "<*>", "history.log"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.err,
            "logdetect: error: 'run.exclude' must not hold '<*>', which every message matches\n"
            "  --> --exclude\n  help: add words of the message\n");
  shared_->write("bad.yaml", "run:\n  exclude:\n    - fine\n    - \"\"\n");
  EXPECT_THAT(shared_->run({"config", "check", "bad.yaml"}).err, HasSubstr("  --> bad.yaml:4:"));
}

TEST_F(Review, ThreadsDoNotChangeIt) {
  const Outcome one = shared_->run({"train", "--threads", "1", "-o", "all", "history.log"});
  const auto cards = [](const std::string& text) { return text.substr(text.find("\nOdd in")); };
  EXPECT_EQ(cards(one.out), cards(trained_.out));
}

TEST(Train, TooLittleDataIsAUsageError) {
  Sandbox sandbox;
  sandbox.write("few.log", "one\ntwo\nthree\n");
  const Outcome outcome = sandbox.run({"train", "-o", "model", "few.log"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_FALSE(sandbox.exists("model/model.ldm"));
}

TEST(Train, DirectoriesNeedRecursive) {
  Sandbox sandbox;
  std::filesystem::create_directory(sandbox.path("logs"));
  sandbox.write("logs/a.log", quiet_log(0, 600, 1));
  EXPECT_EQ(sandbox.run({"train", "-o", "m", "logs"}).exit, 3);
  EXPECT_EQ(sandbox.run({"train", "-o", "m", "-r", "logs"}).exit, 0);
  EXPECT_EQ(sandbox.run({"train", "-o", "m", "logs/*.log"}).exit, 0) << "a quoted glob";
}

}  // namespace
}  // namespace logdetect
