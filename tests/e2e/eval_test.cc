// The judge judged: labels of lines and sessions, known faults, and where they allow a trick.
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

constexpr std::int64_t kHistory = 2 * 3600;
constexpr std::int64_t kScan = 1200;

class Eval : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("history.log", quiet_log(0, kHistory, 1));
    shared_->write("bad.log", bad_log(kHistory, kScan, 2));
    ASSERT_EQ(shared_->run({"train", "-q", "-o", "model", "history.log"}).exit, 0);
    // The outage by its words.
    std::istringstream lines(shared_->read("bad.log"));
    std::string labels = "line,label,category\n";
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      const bool pool = line.find("pool exhausted") != std::string::npos;
      if (pool || line.find(" ERROR ") != std::string::npos) {
        labels += std::to_string(number) + ",1," + (pool ? "pool" : "other") + "\n";
      }
    }
    shared_->write("labels.csv", labels);
  }
  static void TearDownTestSuite() { shared_.reset(); }

  static Outcome eval(std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"eval", "-m", "model"});
    flags.emplace_back("bad.log");
    return shared_->run(flags);
  }
  static json eval_json(std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--format", "json"});
    const Outcome outcome = eval(flags);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return json::parse(outcome.out, nullptr, false);
  }

  static std::unique_ptr<Sandbox> shared_;
};
std::unique_ptr<Sandbox> Eval::shared_;

TEST_F(Eval, LinesWithCategoriesCardsAndTrivialRulesBeside) {
  const json report = eval_json({"--labels", "labels.csv"});
  const json& unit = report["units"][0];
  EXPECT_EQ(unit["anomalous"], kOutageLines);
  EXPECT_GE(unit["logdetect"]["at_threshold"]["recall"].get<double>(), 0.9);
  ASSERT_EQ(unit["categories"].size(), 2U);
  EXPECT_LE(unit["categories"][0]["card"].get<int>(), 3);
  EXPECT_EQ(unit["baselines"].size(), 3U);
  EXPECT_DOUBLE_EQ(unit["baselines"][0]["at_threshold"]["recall"].get<double>(), 1);
  const Outcome text = eval({"--labels", "labels.csv"});
  EXPECT_THAT(text.out, HasSubstr(" incidents a day over "));
  EXPECT_THAT(text.out, HasSubstr("alerts a day"));
  EXPECT_THAT(text.out, HasSubstr("how many cards (templates, best first) one reads until the first of it:"));
  EXPECT_THAT(text.out, HasSubstr("the trivial rule \"never-seen template\" has F1 100.0 %"))
      << "labels that a trivial rule reads as well prove little, and that is said";
}

TEST_F(Eval, FaultsAndTheChanceToFindOneByAccident) {
  shared_->write("one.csv", "begin,end,name\n2024-01-15T02:10:00Z,2024-01-15T02:10:15Z,pool\n");
  const json one = eval_json({"--faults", "one.csv"});
  EXPECT_NE(one["by_fault"]["faults"][0]["incident"], nullptr);
  EXPECT_NEAR(one["by_fault"]["chance_of_match"].get<double>(), 135.0 / static_cast<double>(kScan), 0.01);
  EXPECT_EQ(one["warnings"].size(), 0U);
  shared_->write("all.csv", "begin,end\n2024-01-15T02:00:00Z,2024-01-15T02:15:00Z\n");
  const Outcome most = eval({"--faults", "all.csv"});
  EXPECT_THAT(most.out, HasSubstr("Beware: the faults and the slack around them cover 80."));
}

TEST_F(Eval, RareLabelsAreWarnedOf) {
  shared_->write("few.csv", "line,label\n3,1\n");
  EXPECT_THAT(eval({"--labels", "few.csv"}).out, HasSubstr("Beware: only 1 of "));
  EXPECT_THAT(eval({"--labels", "labels.csv"}).out, Not(HasSubstr("Beware: only ")));
}

TEST_F(Eval, MistakesAreTold) {
  EXPECT_EQ(eval({}).exit, 2);
  EXPECT_EQ(eval({"--labels", "nowhere.csv"}).exit, 3);
  shared_->write("none.csv", "line,label\n1,0\n");
  EXPECT_EQ(eval({"--labels", "none.csv"}).exit, 2);
  EXPECT_EQ(eval({"--faults", "one.csv", "--slack", "-1"}).exit, 2);
  shared_->write("s.csv", "session,label\nx,1\n");
  const Outcome sessions = eval({"--session-labels", "s.csv"});
  EXPECT_EQ(sessions.exit, 2);
  EXPECT_THAT(sessions.err, HasSubstr("--session-key"));
}

}  // namespace
}  // namespace logdetect
