// Two models through the real binary: what a release changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t kSeconds = 2 * 3600;

// The log of the next release: the housekeeping is gone, a second look at the cache is new, an error is new, and
// sessions are renewed four times as often.
std::string next_release(const std::string& log) {
  std::string out;
  std::istringstream lines(log);
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    if (line.find("housekeeping") != std::string::npos) {
      continue;
    }
    const int copies = line.find("renewed") != std::string::npos ? 4 : 1;
    for (int i = 0; i < copies; ++i) {
      out += line + "\n";
    }
    if (number % 200 == 0) {
      out += line.substr(0, 23) + " INFO [cache] warmed " + std::to_string(number) + " entries ahead\n";
    }
    if (number % 1000 == 999) {
      out += line.substr(0, 23) + " ERROR [db] \x1b[31mreplica lost\x1b[0m its lease\n";
    }
  }
  return out;
}

class ModelDiffRun : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("old.log", quiet_log(0, kSeconds, 1));
    shared_->write("same.log", quiet_log(kSeconds, kSeconds / 2, 2));
    shared_->write("new.log", next_release(quiet_log(kSeconds, kSeconds, 3)));
    for (const char* name : {"old", "same", "new"}) {
      const Outcome outcome = shared_->run({"train", "-q", "-o", name, std::string(name) + ".log"});
      ASSERT_EQ(outcome.exit, 0) << outcome.err;
    }
  }
  static void TearDownTestSuite() { shared_.reset(); }

  static json diff(const std::string& before, const std::string& after) {
    const Outcome outcome = shared_->run({"model", "diff", before, after, "--format", "json"});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return json::parse(outcome.out, nullptr, false);
  }

  static std::unique_ptr<Sandbox> shared_;
};
std::unique_ptr<Sandbox> ModelDiffRun::shared_;

TEST_F(ModelDiffRun, SaysWhatAReleaseChanged) {
  const Outcome text = shared_->run({"model", "diff", "old", "new"});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_THAT(text.out, StartsWith("1 template gone, 2 new, 1 changed in rate; "));
  const std::size_t error = text.out.find("replica lost");
  const std::size_t calm = text.out.find("warmed <NUM> entries ahead");
  ASSERT_NE(calm, std::string::npos) << text.out;
  EXPECT_LT(error, calm) << "errors first, though fewer";
  EXPECT_THAT(text.out, HasSubstr("\nGone (1)\n"));
  EXPECT_THAT(text.out, HasSubstr("housekeeping removed <NUM> old sessions"));
  EXPECT_THAT(text.out, Not(HasSubstr("\x1b")));
}

TEST_F(ModelDiffRun, JsonHasTheCountsAndTheTest) {
  const json changes = diff("old", "new");
  ASSERT_FALSE(changes.is_discarded());
  EXPECT_EQ(changes["rate_unit"], "per hour");
  ASSERT_EQ(changes["changed"].size(), 1U);
  const json& renewed = changes["changed"][0];
  EXPECT_EQ(renewed["template"], "session of user <NUM> renewed");
  EXPECT_NEAR(renewed["factor"].get<double>(), 4, 0.5);
  EXPECT_LT(renewed["p_value"].get<double>(), 1e-6);
  EXPECT_NEAR(renewed["rate_before"].get<double>() * changes["before"]["hours"].get<double>(),
              renewed["count_before"].get<double>(), 1e-6);
  EXPECT_EQ(changes["gone"][0]["factor"], nullptr);
  EXPECT_EQ(changes["new"][0]["alarm"], "error");
  EXPECT_EQ(changes["config"], json::array());
}

TEST_F(ModelDiffRun, AShorterLogOfTheSameKindIsNoNews) {
  for (const auto& [before, after] : {std::pair("old", "same"), std::pair("same", "old"), std::pair("old", "old")}) {
    const json changes = diff(before, after);
    EXPECT_EQ(changes["gone_count"], 0) << changes.dump(1);
    EXPECT_EQ(changes["new_count"], 0) << changes.dump(1);
    EXPECT_EQ(changes["changed_count"], 0) << changes.dump(1);
    EXPECT_NEAR(changes["traffic_factor"].get<double>(), 1, 0.2);
  }
}

TEST_F(ModelDiffRun, BackwardsNewIsGone) {
  const json there = diff("old", "new");
  const json back = diff("new", "old");
  EXPECT_EQ(there["new_count"], back["gone_count"]);
  EXPECT_EQ(there["gone_count"], back["new_count"]);
  EXPECT_EQ(there["changed_count"], back["changed_count"]);
}

TEST_F(ModelDiffRun, SettingsAndWidthAreCompared) {
  ASSERT_EQ(shared_
                ->run({"train", "-q", "--detectors", "novelty", "--session-key", "request ([0-9]+)", "-o", "other",
                       "old.log"})
                .exit,
            0);
  const Outcome text = shared_->run({"model", "diff", "old", "other"});
  EXPECT_THAT(text.out, HasSubstr("ensemble.detectors: "));
  EXPECT_THAT(text.out, HasSubstr("key request ([0-9]+), threshold"));
  EXPECT_THAT(text.out, StartsWith("0 templates gone, 0 new, 0 changed in rate; "));
  bool found = false;
  const json changes = diff("old", "other");
  for (const json& change : changes["config"]) {
    found = found || (change["path"] == "sessions.key" &&
                      change["after"].get<std::string>().find("request ([0-9]+)") != std::string::npos);
  }
  EXPECT_TRUE(found);
}

TEST_F(ModelDiffRun, TopBoundsTheText) {
  const Outcome one = shared_->run({"model", "diff", "--top", "1", "old", "new"});
  EXPECT_THAT(one.out, HasSubstr("  and 1 more; --top 0 or --all shows all\n"));
  EXPECT_THAT(one.out, Not(HasSubstr("warmed")));
  for (const std::vector<std::string>& all : {std::vector<std::string>{"--top", "0"}, {"--top", "1", "--all"}}) {
    std::vector<std::string> words = {"model", "diff", "old", "new"};
    words.insert(words.end(), all.begin(), all.end());
    EXPECT_THAT(shared_->run(words).out, HasSubstr("warmed"));
  }
}

TEST_F(ModelDiffRun, MistakesAreTold) {
  EXPECT_EQ(shared_->run({"model", "diff", "old"}).exit, 2);
  EXPECT_EQ(shared_->run({"model", "diff", "old", "new", "same"}).exit, 2);
  EXPECT_EQ(shared_->run({"model", "diff", "old", "nowhere"}).exit, 4);
  EXPECT_EQ(shared_->run({"model", "diff", "--format", "csv", "old", "new"}).exit, 2);
  EXPECT_EQ(shared_->run({"model", "diff", "--top", "few", "old", "new"}).exit, 2);
}

}  // namespace
}  // namespace logdetect
