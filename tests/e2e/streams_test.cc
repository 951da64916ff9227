// Models per host, component or file: what is normal on one is told from what is normal on another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string at(int second, const std::string& host, const std::string& level, const std::string& text) {
  std::array<char, 16> clock{};
  std::snprintf(clock.data(), clock.size(), "%02d:%02d:%02d", second / 3600 % 24, second / 60 % 60, second % 60);
  return std::string("2024-01-15T") + clock.data() + "Z " + level + " " + host + " app: " + text + "\n";
}

// Four hosts; the first alone fails over now and then, and says so as an error.
std::string history(int from, int seconds) {
  std::string out;
  for (int second = from; second < from + seconds; ++second) {
    const std::string host = "db-" + std::to_string(second % 4);
    out += at(second, host, "INFO", "query " + std::to_string(second) + " took " + std::to_string(second % 37) + " ms");
    if (second % 400 == 0) {
      out += at(second, "db-0", "ERROR", "failover to standby " + std::to_string(second % 3) + " was refused");
    }
  }
  return out;
}

class StreamModels : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("history.log", history(0, 5 * 3600));
    shared_->write("today.log", history(6 * 3600, 300) +
                                    at(6 * 3600 + 301, "db-2", "ERROR", "failover to standby 1 was refused") +
                                    at(6 * 3600 + 302, "db-0", "ERROR", "failover to standby 2 was refused"));
    for (const char* key : {"none", "host", "component", "file"}) {
      trained_[key] = shared_->run({"train", "-o", key, "--rates-key", key, "history.log"});
      ASSERT_EQ(trained_[key].exit, 0) << trained_[key].err;
    }
  }
  static void TearDownTestSuite() { shared_.reset(); }

  // Scores of the last two lines: the same message from db-2 and from db-0.
  static std::pair<double, double> last_scores(const std::string& model) {
    EXPECT_EQ(shared_->run({"scan", "-m", model, "--scores", "scores.csv", "today.log"}).exit, 0);
    const std::string csv = shared_->read("scores.csv");
    std::vector<double> scores;
    std::size_t line = csv.rfind('\n', csv.size() - 2);
    for (int i = 0; i < 2; ++i) {
      std::size_t at = line + 1;
      for (int comma = 0; comma < 5; ++comma) {
        at = csv.find(',', at) + 1;
      }
      scores.push_back(std::stod(csv.substr(at)));
      line = csv.rfind('\n', line - 1);
    }
    return {scores[1], scores[0]};
  }

  static std::unique_ptr<Sandbox> shared_;
  static std::map<std::string, Outcome> trained_;
};
std::unique_ptr<Sandbox> StreamModels::shared_;
std::map<std::string, Outcome> StreamModels::trained_;

TEST_F(StreamModels, TheSameMessageIsStrangerOnAnotherHost) {
  const auto [db2, db0] = last_scores("host");
  EXPECT_GT(db2, db0 + 0.05);
  const auto [none2, none0] = last_scores("none");
  EXPECT_NEAR(none2, none0, 0.03) << "without streams both are one";
  EXPECT_LT(db0, none0) << "and it is less strange where it is at home";
}

TEST_F(StreamModels, TheExplanationSaysOnWhichAndHowOftenElsewhere) {
  const Outcome outcome =
      shared_->run({"scan", "-m", "host", "--all", "--sensitivity", "high", "--format", "json", "today.log"});
  const json result = json::parse(outcome.out, nullptr, false);
  bool told = false;
  for (const json& finding : result["records"]) {
    if (finding["type"] != "finding") {
      continue;
    }
    for (const json& reason : finding["reasons"]) {
      if (reason["kind"] == "unusual_stream") {
        EXPECT_EQ(finding["host"], "db-2");
        EXPECT_EQ(reason["text"], "first time on this host: 45 times on 1 other in training");
        told = true;
      }
    }
  }
  EXPECT_TRUE(told) << outcome.out;
}

TEST_F(StreamModels, TrainingTellsHowManyThereAre) {
  EXPECT_THAT(trained_["host"].out, HasSubstr("  streams     4 hosts told apart\n"));
  EXPECT_THAT(trained_["file"].out, HasSubstr("  streams     1 file told apart\n"));
  EXPECT_THAT(trained_["none"].out, Not(HasSubstr("streams")));
  shared_->write(
      "bare.log", std::string(50, '\n') + [] {
        std::string out;
        for (int i = 0; i < 300; ++i) {
          out += "2024-01-15T00:00:00Z something number " + std::to_string(i) + " happened\n";
        }
        return out;
      }());
  const Outcome bare = shared_->run({"train", "-o", "bare", "--rates-key", "host", "bare.log"});
  EXPECT_EQ(bare.exit, 0);
  EXPECT_THAT(bare.err, HasSubstr("no record states a host: rates.key has no effect"));
}

TEST_F(StreamModels, ARotatedFileIsTheSameStream) {
  shared_->write("app.log.3", shared_->read("history.log"));
  shared_->write_gzip("other.log.gz", history(0, 3600));
  const Outcome outcome =
      shared_->run({"train", "-o", "files", "--rates-key", "file", "app.log.3", "history.log", "other.log.gz"});
  EXPECT_THAT(outcome.out, HasSubstr("  streams     3 files told apart\n"));
}

TEST_F(StreamModels, AnUnknownKeyIsRefusedAndTheModelRemembersItsOwn) {
  EXPECT_EQ(shared_->run({"train", "-o", "x", "--rates-key", "pod", "history.log"}).exit, 2);
  const Outcome verify = shared_->run({"model", "verify", "host"});
  EXPECT_EQ(verify.exit, 0) << verify.err;
  EXPECT_THAT(shared_->run({"model", "diff", "none", "host"}).out, HasSubstr("rates.key: none -> host"));
  const std::string one = shared_->run({"scan", "-m", "host", "--threads", "1", "--format", "jsonl", "today.log"}).out;
  EXPECT_EQ(one, shared_->run({"scan", "-m", "host", "--threads", "2", "--format", "jsonl", "today.log"}).out);
}

// The option was called streams.key once: files, environment and flags that say so go on working.
TEST_F(StreamModels, TheOldNameIsAcceptedWithANote) {
  const std::string model = shared_->read("host/model.ldm");
  const Outcome flag = shared_->run({"train", "-o", "old", "--stream-key", "host", "history.log"});
  ASSERT_EQ(flag.exit, 0) << flag.err;
  EXPECT_THAT(flag.err, HasSubstr("--stream-key is now called --rates-key; the old name still works"));
  EXPECT_EQ(shared_->read("old/model.ldm"), model);

  shared_->write("old.yaml", "streams:\n  key: host\n");
  const Outcome file = shared_->run({"config", "show", "--config", "old.yaml"});
  EXPECT_THAT(file.err, HasSubstr("old.yaml:2:3: streams.key is now called rates.key; the old name still works"));
  EXPECT_THAT(file.out, HasSubstr("rates:\n  key: host "));
  EXPECT_THAT(file.out, Not(HasSubstr("streams")));
  const Outcome check = shared_->run({"config", "check", "old.yaml"});
  EXPECT_EQ(check.exit, 0);
  EXPECT_THAT(check.err, HasSubstr("streams.key is now called rates.key"));

  EXPECT_THAT(shared_->run({"train", "--help"}).out, Not(HasSubstr("--stream-key")));
  EXPECT_EQ(shared_->run({"train", "-o", "x", "--stream-key", "host", "--rates-key", "file", "history.log"}).exit, 2);
}

}  // namespace
}  // namespace logdetect
