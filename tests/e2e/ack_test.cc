// "This is normal": from a saved result to a rule, and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kHistory = 2 * 3600;

class Ack : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("history.log", quiet_log(0, kHistory, 1));
    shared_->write("bad.log", bad_log(kHistory, 1200, 2));
    ASSERT_EQ(shared_->run({"train", "-q", "-o", "model", "history.log"}).exit, 0);
    ASSERT_EQ(shared_->run({"scan", "-m", "model", "--format", "json", "-o", "result.json", "bad.log"}).exit, 0);
  }
  static void TearDownTestSuite() { shared_.reset(); }

  static json scan(const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words = {"scan", "-m", "model", "--format", "json", "bad.log"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Outcome outcome = shared_->run(words);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    return json::parse(outcome.out, nullptr, false);
  }
  // Each test has rules of its own.
  static std::string rules() {
    return std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".yaml";
  }
  static Outcome ack(std::vector<std::string> words) {
    words.insert(words.begin(), "ack");
    words.insert(words.end(), {"--allow", rules()});
    return shared_->run(words);
  }
  static std::string worst_incident() {
    const json result = json::parse(shared_->read("result.json"), nullptr, false);
    std::string id;
    double best = -1;
    for (const json& incident : result["records"]) {
      if (incident["type"] == "incident" && incident["score"].get<double>() > best) {
        best = incident["score"].get<double>();
        id = incident["id"].get<std::string>();
      }
    }
    return id;
  }

  static std::unique_ptr<Sandbox> shared_;
};
std::unique_ptr<Sandbox> Ack::shared_;

TEST_F(Ack, AnIncidentLeavesTheListAndStaysCounted) {
  const json before = scan();
  const Outcome outcome = ack({worst_incident(), "--from", "result.json", "--reason", "planned failover"});
  ASSERT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("because: planned failover"));
  EXPECT_THAT(outcome.out, HasSubstr("3 rules added to " + rules()));
  const json after = scan({"--allow", rules()});
  EXPECT_EQ(after["summary"]["incidents"].get<int>(), before["summary"]["incidents"].get<int>() - 1);
  EXPECT_EQ(after["summary"]["anomalies"], before["summary"]["anomalies"]) << "judged as before";
  EXPECT_GE(after["summary"]["acknowledged"].get<int>(), kOutageLines / 2);
  EXPECT_THAT(shared_->run({"scan", "-m", "model", "--allow", rules(), "bad.log"}).out, HasSubstr(" allowed by rules"));
  EXPECT_THAT(ack({worst_incident(), "--from", "result.json"}).out, HasSubstr("0 rules added")) << "once is enough";
}

TEST_F(Ack, OneRuleForALineAndForTheSessionThatHasItsTemplate) {
  json result = json::parse(shared_->read("result.json"), nullptr, false);
  const std::string id = worst_incident();
  json kept = json::array();
  for (json& record : result["records"]) {
    if (record["type"] == "incident" && record["id"] == id) {
      kept.push_back(record);
    } else if (record["type"] == "finding" && record["incident"] == id) {
      record["template"] = "lease of <*> ran out";
      record["session_cause"] = record["template"];
      record["component"] = nullptr;
      record["whole_session"] = kept.size() % 2 == 0;
      kept.push_back(record);
    }
  }
  ASSERT_GE(kept.size(), 3U);
  result["records"] = kept;
  shared_->write("both.json", result.dump());
  const Outcome outcome = ack({id, "--from", "both.json"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("1 rule added to " + rules()));
}

// A heart that beats every minute, beside a record every ten seconds; it stops for an hour from `stop` on.
std::string hearts_log(int from, int hours, int stop = -1) {
  std::string text;
  for (int second = from; second < from + hours * 3600; second += 10) {
    text += odd_line(second, "request " + std::to_string(second) + " was served");
    if (second % 60 == 0 && (stop < 0 || second < stop || second >= stop + 3600)) {
      text += odd_line(second, "the pump is alive, beat " + std::to_string(second));
    }
  }
  return text;
}

TEST_F(Ack, AnAllowedSilenceStaysCounted) {
  shared_->write("hearts.log", hearts_log(0, 12));
  shared_->write("stopped.log", hearts_log(12 * 3600, 4, 14 * 3600));
  ASSERT_EQ(shared_->run({"train", "-q", "-o", "hearts", "hearts.log"}).exit, 0);
  const auto judged = [&](const std::string& name) {
    const std::vector<std::string> words = {"scan",    "-m",    "hearts", "--format", "json",
                                            "--allow", rules(), "-o",     name,       "stopped.log"};
    EXPECT_EQ(shared_->run(words).exit, 0);
    return json::parse(shared_->read(name), nullptr, false);
  };
  shared_->write(rules(), "");
  const json before = judged("before.json");
  ASSERT_EQ(before["summary"]["incidents"], 1) << before.dump(1);
  EXPECT_EQ(before["summary"]["anomalies"], 1);
  std::string id;
  for (const json& record : before["records"]) {
    id = record["type"] == "incident" ? record["id"].get<std::string>() : id;
  }
  ASSERT_EQ(ack({id, "--from", "before.json"}).exit, 0);
  const json after = judged("after.json");
  EXPECT_EQ(after["summary"]["incidents"], 0);
  EXPECT_EQ(after["summary"]["anomalies"], 1) << "judged as before";
  EXPECT_EQ(after["summary"]["acknowledged"], 1);
}

TEST_F(Ack, AllowYamlBesideTheModelIsTheDefault) {
  shared_->run({"train", "-q", "-o", "own", "history.log"});
  ASSERT_EQ(shared_->run({"ack", "--pattern", "connection pool exhausted, <NUM> available", "-m", "own"}).exit, 0);
  EXPECT_TRUE(shared_->exists("own/allow.yaml"));
  EXPECT_THAT(shared_->run({"scan", "-m", "own", "bad.log"}).out, HasSubstr(" allowed by rules"));
}

TEST_F(Ack, RulesAreListedUndoneAndKeptByHand) {
  shared_->write(
      rules(),
      "# ours, reviewed every spring\n- pattern: \"giving up on statement, <*>\"\n  reason: \"ticket 4711\"\n"
      "\n- id: pool   # known since the move\n  pattern: connection pool exhausted, <*>\n");
  ASSERT_EQ(ack({"--pattern", "timeout waiting for <*>", "--author", "nina"}).exit, 0);
  const Outcome list = ack({"--list"});
  EXPECT_THAT(list.out, HasSubstr("because: ticket 4711"));
  EXPECT_THAT(list.out, HasSubstr("pool  connection pool exhausted, <*>\n"));
  EXPECT_THAT(list.out, HasSubstr("by nina, on "));
  EXPECT_GE(scan({"--allow", rules()})["summary"]["acknowledged"].get<int>(), kOutageLines / 2);
  EXPECT_THAT(ack({"--undo", "pol"}).err, HasSubstr("did you mean pool?"));
  EXPECT_EQ(ack({"--undo", "pool"}).out, "taken back: pool\n");
  const std::string left = shared_->read(rules());
  EXPECT_THAT(left, testing::StartsWith("# ours, reviewed every spring\n- pattern: \"giving up"));
  EXPECT_THAT(left, Not(HasSubstr("connection pool")));
  EXPECT_THAT(left, HasSubstr("timeout waiting for"));
}

TEST_F(Ack, RulesThatWereAskedForMustBeThere) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"scan", "-m", "model", "--allow", "mistyped.yaml", "bad.log"},
        {"train", "-o", "other", "--allow", "mistyped.yaml", "history.log"}}) {
    const Outcome outcome = shared_->run(words);
    EXPECT_EQ(outcome.exit, 2);
    EXPECT_THAT(outcome.err, HasSubstr("there is no file of allow rules at 'mistyped.yaml'"));
  }
}

TEST_F(Ack, UnusedRulesAreReported) {
  ASSERT_EQ(ack({"--pattern", "connection pool exhausted, <*>"}).exit, 0);
  const Outcome none = shared_->run({"scan", "-m", "model", "--allow", rules(), "bad.log"});
  EXPECT_THAT(none.err, Not(HasSubstr("allowed nothing")));
  ASSERT_EQ(ack({"--pattern", "words that nobody says"}).exit, 0);
  const Outcome one = shared_->run({"scan", "-m", "model", "--allow", rules(), "bad.log"});
  EXPECT_THAT(one.err, ContainsRegex("1 allow rule allowed nothing here: A-[0-9a-f]+; `logdetect ack --list`"));
  EXPECT_THAT(shared_->run({"scan", "-q", "-m", "model", "--allow", rules(), "bad.log"}).err,
              Not(HasSubstr("allowed nothing")));
}

TEST_F(Ack, EvalNamesUnusedRulesToo) {
  shared_->write("faults.csv", "begin,end\n2024-01-15T02:09:00Z,2024-01-15T02:12:00Z\n");
  ASSERT_EQ(ack({"--pattern", "connection pool exhausted, <*>"}).exit, 0);
  const std::vector<std::string> words = {"eval",       "-m",      "model", "--faults",
                                          "faults.csv", "--allow", rules(), "bad.log"};
  const Outcome none = shared_->run(words);
  ASSERT_EQ(none.exit, 0) << none.err;
  EXPECT_THAT(none.err, Not(HasSubstr("allowed nothing")));
  ASSERT_EQ(ack({"--pattern", "words that nobody says"}).exit, 0);
  EXPECT_THAT(shared_->run(words).err, ContainsRegex("1 allow rule allowed nothing here: A-[0-9a-f]+; "));
}

TEST_F(Ack, AnExpiredRuleAllowsNothingMore) {
  shared_->write(rules(), "- pattern: \"connection pool exhausted, <*>\"\n  expires: 2024-01-15T02:00:00Z\n");
  EXPECT_THAT(ack({"--list"}).out, HasSubstr("expired 2024-01-15T02:00:00Z"));
  EXPECT_EQ(scan({"--allow", rules()})["summary"].value("acknowledged", 0), 0) << "the outage came ten minutes later";
  shared_->write(rules(), "- pattern: \"connection pool exhausted, <*>\"\n  expires: 2024-01-16\n");
  EXPECT_GT(scan({"--allow", rules()})["summary"]["acknowledged"].get<int>(), 5);
  const Outcome added = ack({"--pattern", "timeout waiting for <*>", "--expires", "30d"});
  EXPECT_THAT(added.out, ContainsRegex("until 2[0-9-]+T[0-9:]+Z")) << "whole seconds";
}

TEST_F(Ack, MistakesArePlaced) {
  EXPECT_THAT(ack({"--pattern", "<*>"}).err, HasSubstr("allows every message\n  --> --pattern\n"));
  EXPECT_EQ(ack({"--pattern", "x y", "--expires", "2020-01-01"}).exit, 2);
  EXPECT_EQ(ack({"--pattern", "x y", "--expires", "30 min ago"}).exit, 2);
  EXPECT_EQ(ack({"I-000000000000", "--from", "result.json"}).exit, 2);
  EXPECT_EQ(shared_->run({"ack", "--list"}).exit, 2);
  shared_->write(rules(), "- patern: \"x\"\n");
  const Outcome broken = shared_->run({"scan", "-m", "model", "--allow", rules(), "bad.log"});
  EXPECT_EQ(broken.exit, 2);
  EXPECT_THAT(broken.err, HasSubstr(rules() + ":1:3"));
  EXPECT_THAT(broken.err, HasSubstr("did you mean 'pattern'?"));
}

}  // namespace
}  // namespace logdetect
