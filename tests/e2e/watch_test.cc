// Following live files with the real binary.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::int64_t kNow = 2 * 3600;  // event time at which the watching begins

// Messages of the findings in JSON Lines that may end in an unfinished line.
std::vector<std::string> findings(const std::string& jsonl) {
  std::vector<std::string> out;
  std::istringstream stream(jsonl);
  for (std::string line; std::getline(stream, line);) {
    const json object = json::parse(line, nullptr, false);
    if (!object.is_discarded() && object.value("type", "") == "finding") {
      out.push_back(object.dump());
    }
  }
  return out;
}

std::ptrdiff_t count_with(const std::vector<std::string>& findings, const std::string& text) {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const std::string& finding) { return finding.find(text) != std::string::npos; });
}

class Watching : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Sandbox sandbox;
    sandbox.write("history.log", quiet_log(0, kNow, 1));
    trained_ = sandbox.run({"train", "-o", "model", "history.log"});
    model_ = sandbox.read("model/model.ldm");
  }
  void SetUp() override {
    ASSERT_EQ(trained_.exit, 0) << trained_.err;
    std::filesystem::create_directory(sandbox_.path("model"));
    sandbox_.write("model/model.ldm", model_);
    sandbox_.write("live.log", quiet_log(kNow, 60, 2));
  }

  Process watch(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"watch", "--model", "model", "--format", "jsonl", "live.log"};
    words.insert(words.end(), more.begin(), more.end());
    return sandbox_.start(words);
  }
  // Appends a line that is unlike any other so far, and the next quiet line, which completes it.
  void append_odd(int number) {
    sandbox_.append("live.log", odd_line(kNow + 60 + number, marker(number) + " melted down, shutting off"));
    sandbox_.append("live.log", quiet_log(kNow + 61 + number, 1, static_cast<std::uint64_t>(number)));
  }
  static std::string marker(int number) {
    constexpr const char* kThings[] = {"reactor", "turbine", "coolant", "generator", "transformer", "breaker"};
    return kThings[number % 6];
  }
  bool seen(const Process& process, int number) {
    return eventually([&] { return count_with(findings(process.out()), marker(number)) > 0; });
  }

  Sandbox sandbox_;
  static Outcome trained_;
  static std::string model_;
};
Outcome Watching::trained_;
std::string Watching::model_;

TEST_F(Watching, ReportsWhileItRunsAndEndsCleanlyOnEitherSignal) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Process process = watch({"--start", "begin"});
    append_odd(0);
    EXPECT_TRUE(seen(process, 0)) << process.out();
    process.send(signal);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("\"type\":\"summary\""));
  }
}

TEST_F(Watching, NamesAtItsEndTheRulesThatWereNeverUsed) {
  sandbox_.write("model/allow.yaml",
                 "- id: used\n  pattern: " + marker(0) + " <*>\n- id: idle\n  pattern: words that nobody says\n");
  Process process = watch({"--start", "begin"});
  append_odd(0);
  append_odd(1);
  EXPECT_TRUE(seen(process, 1)) << process.out();
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\"acknowledged\":1,"));
  EXPECT_THAT(outcome.err, HasSubstr("1 allow rule allowed nothing here: idle; "));
}

TEST_F(Watching, SaysOnceThatTheModelDoesNotFit) {
  std::string other;
  for (int i = 0; i < 2'000; ++i) {
    other += odd_line(kNow + 100 + i / 10, std::string("step") + static_cast<char>('a' + i % 26) + " of phase" +
                                               static_cast<char>('a' + i / 26 % 26) + " took " + std::to_string(i));
  }
  sandbox_.write("live.log", other);
  Process process = watch({"--start", "begin"});
  append_odd(0);
  EXPECT_TRUE(seen(process, 0)) << process.out();
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  const std::string text = "Wrong model: ";
  const std::size_t first = outcome.err.find(text);
  ASSERT_NE(first, std::string::npos) << outcome.err;
  // Once while it runs, once in the advice at the end.
  const std::size_t second = outcome.err.find(text, first + 1);
  EXPECT_EQ(outcome.err.find(text, second == std::string::npos ? second : second + 1), std::string::npos)
      << outcome.err;
}

TEST_F(Watching, FollowsThroughRotationAndTruncation) {
  Process process = watch({"--start", "begin"});
  append_odd(0);
  ASSERT_TRUE(seen(process, 0)) << process.out();
  std::filesystem::rename(sandbox_.path("live.log"), sandbox_.path("live.log.1"));
  sandbox_.write("live.log", quiet_log(kNow + 70, 5, 4));
  append_odd(1);
  EXPECT_TRUE(seen(process, 1)) << "after rename and create: " << process.out();
  sandbox_.write("live.log", quiet_log(kNow + 80, 1, 5));
  append_odd(2);
  EXPECT_TRUE(seen(process, 2)) << "after truncation: " << process.out();
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  for (int number = 0; number < 3; ++number) {
    EXPECT_EQ(count_with(findings(outcome.out), marker(number)), 1) << marker(number);
  }
}

TEST_F(Watching, GoesOnFromItsCheckpoint) {
  Process first = watch({"--start", "begin", "--state", "state"});
  append_odd(0);
  ASSERT_TRUE(seen(first, 0)) << first.out();
  first.send(SIGTERM);
  ASSERT_EQ(first.wait().exit, 0);
  append_odd(1);  // while nobody watches
  Process second = watch({"--state", "state"});
  append_odd(2);
  EXPECT_TRUE(seen(second, 1)) << "written between the runs: " << second.out();
  EXPECT_TRUE(seen(second, 2)) << second.out();
  second.send(SIGTERM);
  const Outcome outcome = second.wait();
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(count_with(findings(outcome.out), marker(0)), 0) << "reported by the first run already";
}

TEST_F(Watching, BeginsAtTheEndWithoutACheckpoint) {
  append_odd(0);
  Process process = watch();
  // The header line says that it runs; what is written from then on is read.
  ASSERT_TRUE(eventually([&] { return !process.out().empty(); }));
  for (int i = 0; i < 50; ++i) {
    short_pause();
  }
  append_odd(1);
  EXPECT_TRUE(seen(process, 1)) << process.out();
  process.send(SIGTERM);
  EXPECT_EQ(count_with(findings(process.wait().out), marker(0)), 0);
}

TEST_F(Watching, AppendsToItsOutputFile) {
  sandbox_.write("found.jsonl", "{\"type\":\"older\"}\n");
  Process process = watch({"--start", "begin", "--output", "found.jsonl"});
  append_odd(0);
  EXPECT_TRUE(eventually([&] { return count_with(findings(sandbox_.read("found.jsonl")), marker(0)) > 0; }));
  process.send(SIGTERM);
  EXPECT_EQ(process.wait().exit, 0);
  EXPECT_THAT(sandbox_.read("found.jsonl"), testing::StartsWith("{\"type\":\"older\"}\n"));
}

TEST_F(Watching, TwoOnOneStateDirectoryIsExit5) {
  Process first = watch({"--state", "state"});
  ASSERT_TRUE(eventually([&] { return !first.out().empty(); }));
  Process second = watch({"--state", "state"});
  const Outcome outcome = second.wait();
  EXPECT_EQ(outcome.exit, 5);
  EXPECT_THAT(outcome.err, HasSubstr("state"));
  first.send(SIGTERM);
  EXPECT_EQ(first.wait().exit, 0);
}

// A quiet log with a heart that beats every second.
std::string beating_log(std::int64_t from, std::int64_t seconds) {
  std::string out;
  for (std::int64_t second = from; second < from + seconds; ++second) {
    out += quiet_log(second, 1, static_cast<std::uint64_t>(second));
    out += odd_line(second, "pump is alive, beat " + std::to_string(second));
  }
  return out;
}

TEST(WatchingAHeart, ThatStopsIsToldWhileNothingArrives) {
  Sandbox sandbox;
  sandbox.write("history.log", beating_log(0, 3600));
  const Outcome trained = sandbox.run({"train", "-o", "model", "history.log"});
  ASSERT_EQ(trained.exit, 0) << trained.err;
  sandbox.write("live.log", beating_log(3600, 60));
  Process process = sandbox.start({"watch", "--model", "model", "--format", "jsonl", "--start", "begin", "live.log"});
  EXPECT_TRUE(eventually([&] { return count_with(findings(process.out()), "\"kind\":\"silence\"") > 0; }))
      << process.out();
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  const std::vector<std::string> told = findings(outcome.out);
  EXPECT_EQ(count_with(told, "pump is alive, beat 3659"), 1) << "its place is the last line";
  // The end of a log is no silence.
  const Outcome scanned = sandbox.run({"scan", "--model", "model", "--format", "jsonl", "live.log"});
  EXPECT_EQ(scanned.exit, 0) << scanned.err;
  EXPECT_EQ(count_with(findings(scanned.out), "silence"), 0) << scanned.out;
}

}  // namespace
}  // namespace logdetect
