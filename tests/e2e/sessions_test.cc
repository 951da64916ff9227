// Sessions through the real binary: found by themselves or by a key, scored, reported, cut off by the end of the log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr int kJobSeconds = 3;  // a job begins every three seconds
const std::vector<std::string> kSteps = {"accepted for processing", "copied to the spool", "rendered without remarks",
                                         "delivered to the reader", "closed and archived"};

// Job `number` says these lines, one a second; lines of later jobs come between them.
using Jobs = std::map<int, std::vector<std::string>>;

std::string printer_log(int first, int jobs, const Jobs& odd = {}) {
  std::map<int, std::string> by_second;
  for (int job = first; job < first + jobs; ++job) {
    const auto found = odd.find(job);
    int second = job * kJobSeconds;
    for (const std::string& step : found == odd.end() ? kSteps : found->second) {
      std::array<char, 200> line{};
      std::snprintf(line.data(), line.size(), "2024-01-15 %02d:%02d:%02d INFO spooler: job_%d %s\n", second / 3600 % 24,
                    second / 60 % 60, second % 60, 100'000 + job, step.c_str());
      by_second[second++] += line.data();
    }
  }
  std::string text;
  for (const auto& [second, lines] : by_second) {
    text += lines;
  }
  return text;
}

// The rows of a --session-scores file by session: score, anomaly, first, last, events.
std::map<std::string, std::vector<std::string>> rows_of(const std::string& csv) {
  std::map<std::string, std::vector<std::string>> rows;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "session,score,anomaly,first,last,events");
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string name;
    std::getline(cells, name, ',');
    EXPECT_FALSE(rows.contains(name)) << "one row a session";
    for (std::string cell; std::getline(cells, cell, ',');) {
      rows[name].push_back(cell);
    }
  }
  return rows;
}

class Sessions : public ::testing::Test {
 protected:
  Sandbox sandbox_;
};

TEST_F(Sessions, AreFoundJudgedAndTold) {
  sandbox_.write("past.log", printer_log(0, 1500));
  const Outcome trained = sandbox_.run({"train", "--output", "model", "past.log"});
  ASSERT_EQ(trained.exit, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("by the ids that begin with 'job_' (100 % of records, 1,500 sessions)"));

  const Jobs odd = {{2010, {kSteps[0], kSteps[1]}},                        // stalls
                    {2020, {kSteps[0], kSteps[1], kSteps[2], kSteps[4]}},  // leaves a step out
                    {2030, {kSteps[0], kSteps[1], "lost its paper", kSteps[2], kSteps[3], kSteps[4]}}};
  sandbox_.write("today.log", printer_log(2000, 100, odd));
  const Outcome scanned =
      sandbox_.run({"scan", "--model", "model", "today.log", "--format", "jsonl", "--session-scores", "sessions.csv"});
  ASSERT_EQ(scanned.exit, 0) << scanned.err;
  const auto rows = rows_of(sandbox_.read("sessions.csv"));
  ASSERT_EQ(rows.size(), 100U);
  for (const auto& [name, row] : rows) {
    const int job = std::stoi(name.substr(4)) - 100'000;
    EXPECT_EQ(row.at(1), odd.contains(job) ? "1" : "0") << name << ": the last ones are cut off, not stalled";
  }
  EXPECT_EQ(rows.at("job_102010").at(4), "2");
  EXPECT_EQ(rows.at("job_102010").at(2), "2024-01-15T01:40:30Z");

  std::map<std::string, json> told;
  json summary;
  std::istringstream lines(scanned.out);
  for (std::string line; std::getline(lines, line);) {
    const json record = json::parse(line);
    if (record["type"] == "finding" && record["whole_session"] == true) {
      told[record["session"]] = record;
    }
    summary = record["type"] == "summary" ? record : summary;
  }
  EXPECT_EQ(summary["sessions"], 100);
  EXPECT_EQ(summary["sessions_anomalous"], 3);
  for (const auto& [name, finding] : told) {
    double shares = 0;
    for (const json& reason : finding["reasons"]) {
      shares += reason["share"].get<double>();
    }
    EXPECT_NEAR(shares, 1, 1e-6) << name;
  }
  ASSERT_TRUE(told.contains("job_102010"));
  EXPECT_THAT(told["job_102010"]["message"].get<std::string>(),
              HasSubstr("session job_102010: 2 records: [<ID> accepted for processing], [<ID> copied to the spool]"));
  EXPECT_EQ(told["job_102010"]["reasons"][0]["kind"], "missing_step");
}

TEST_F(Sessions, OneLineFromAnotherTimeHarmsNone) {
  sandbox_.write("past.log", printer_log(0, 1500));
  ASSERT_EQ(sandbox_.run({"train", "--output", "model", "past.log"}).exit, 0);
  std::string today = printer_log(2000, 100);
  today.insert(today.find('\n', today.size() / 2) + 1,
               "2099-01-15 01:00:00 INFO spooler: job_109999 " + kSteps[0] + '\n');
  sandbox_.write("today.log", today);
  ASSERT_EQ(sandbox_.run({"scan", "--model", "model", "today.log", "--session-scores", "sessions.csv"}).exit, 0);
  for (const auto& [name, row] : rows_of(sandbox_.read("sessions.csv"))) {
    EXPECT_EQ(row.at(1), "0") << name;
  }
}

TEST_F(Sessions, ThoseLongOverAreForgottenWithoutATrace) {
  sandbox_.write("past.log", printer_log(0, 1500));
  ASSERT_EQ(sandbox_.run({"train", "--output", "model", "past.log"}).exit, 0);
  sandbox_.write("today.log", printer_log(2000, 4000, {{3000, {kSteps[0], kSteps[1]}}}));  // more than three hours
  const Outcome scanned = sandbox_.run({"scan", "--model", "model", "today.log", "--session-scores", "sessions.csv"});
  ASSERT_EQ(scanned.exit, 0) << scanned.err;
  const auto rows = rows_of(sandbox_.read("sessions.csv"));
  EXPECT_EQ(rows.size(), 4000U);
  for (const auto& [name, row] : rows) {
    EXPECT_EQ(row.at(1), name == "job_103000" ? "1" : "0") << name;
  }
}

TEST_F(Sessions, ThoseUnderWayWhenTheLogBeginsLackNothing) {
  sandbox_.write("past.log", printer_log(0, 1500));
  ASSERT_EQ(sandbox_.run({"train", "--output", "model", "past.log"}).exit, 0);
  const std::string whole = printer_log(2000, 100, {{2050, {kSteps[2], kSteps[3], kSteps[4]}}});
  const std::size_t cut = whole.find("job_102001 rendered");
  sandbox_.write("today.log", "-- spooler log, continued --\n" + whole.substr(whole.rfind('\n', cut) + 1));
  const Outcome scanned = sandbox_.run({"scan", "--model", "model", "today.log", "--session-scores", "sessions.csv"});
  ASSERT_EQ(scanned.exit, 0) << scanned.err;
  const auto rows = rows_of(sandbox_.read("sessions.csv"));
  EXPECT_EQ(rows.at("job_102001").at(4), "3") << "its first two records are in yesterday's log";
  for (const auto& [name, row] : rows) {
    EXPECT_EQ(row.at(1), name == "job_102050" ? "1" : "0") << name;
  }
}

// A job every ten seconds; one in ten is held for seven minutes before its last step. Job `late` is held by nobody, and
// its delivery takes five minutes all the same.
std::string held_jobs(int first, int jobs, int late = -1) {
  std::multimap<int, std::string> lines;
  const auto say = [&](int second, int job, const std::string& what) {
    std::array<char, 200> line{};
    std::snprintf(line.data(), line.size(), "2024-01-%02d %02d:%02d:%02d INFO spooler: job_%d %s\n",
                  15 + second / 86400, second / 3600 % 24, second / 60 % 60, second % 60, 100'000 + job, what.c_str());
    lines.emplace(second, line.data());
  };
  for (int job = first; job < first + jobs; ++job) {
    const int second = job * 10;
    say(second, job, kSteps[0]);
    say(second + 1, job, kSteps[1]);
    if (job % 10 == 0) {
      say(second + 421, job, "held until somebody let it go");
    } else {
      say(second + (job == late ? 301 : 2), job, kSteps[3]);
    }
  }
  std::string text;
  for (const auto& [second, line] : lines) {
    text += line;
  }
  return text;
}

TEST_F(Sessions, AStepThatTakesTooLongForItsKindIsFoundAndNamed) {
  sandbox_.write("past.log", held_jobs(0, 3000));
  ASSERT_EQ(sandbox_.run({"train", "--output", "model", "past.log"}).exit, 0);
  sandbox_.write("today.log", held_jobs(4000, 200, 4055));
  const Outcome scanned =
      sandbox_.run({"scan", "--model", "model", "today.log", "--format", "jsonl", "--session-scores", "sessions.csv"});
  ASSERT_EQ(scanned.exit, 0) << scanned.err;
  const auto rows = rows_of(sandbox_.read("sessions.csv"));
  EXPECT_EQ(rows.size(), 200U);
  for (const auto& [name, row] : rows) {
    EXPECT_EQ(row.at(1), name == "job_104055" ? "1" : "0") << name << ": waits of seven minutes are usual, for others";
  }
  EXPECT_THAT(scanned.out, HasSubstr("\"kind\":\"slow\""));
  EXPECT_THAT(scanned.out, HasSubstr("it took 300 s (usual: at most 1.02 s)"));
}

TEST_F(Sessions, AKeyOfTheConfigurationIsKeptInTheModel) {
  sandbox_.write("past.log", printer_log(0, 300));
  sandbox_.write("today.log", printer_log(400, 20));
  ASSERT_EQ(sandbox_.run({"train", "--output", "model", "--session-key", "job_([0-9]+)", "past.log"}).exit, 0);
  ASSERT_EQ(sandbox_.run({"scan", "--model", "model", "today.log", "--session-scores", "sessions.csv"}).exit, 0);
  EXPECT_TRUE(rows_of(sandbox_.read("sessions.csv")).contains("100405"));
}

TEST_F(Sessions, AreTheSameForAnyNumberOfThreads) {
  sandbox_.write("past.log", printer_log(0, 1500));
  sandbox_.write("today.log", printer_log(2000, 300, {{2100, {kSteps[0]}}, {2150, {"is unknown"}}}));
  std::vector<std::string> results;
  for (const char* threads : {"1", "4"}) {
    ASSERT_EQ(sandbox_.run({"train", "--threads", threads, "--output", "model", "past.log"}).exit, 0);
    const Outcome scanned = sandbox_.run({"scan", "--threads", threads, "--model", "model", "today.log", "--format",
                                          "jsonl", "--session-scores", "sessions.csv"});
    ASSERT_EQ(scanned.exit, 0);
    results.push_back(scanned.out + sandbox_.read("sessions.csv"));
  }
  EXPECT_EQ(results[0], results[1]);
}

TEST_F(Sessions, CannotBeScoredWhereThereAreNone) {
  sandbox_.write("past.log", printer_log(0, 300));
  sandbox_.write("off.yaml", "sessions:\n  auto: false\n");
  const Outcome trained = sandbox_.run({"train", "--config", "off.yaml", "--output", "model", "past.log"});
  ASSERT_EQ(trained.exit, 0);
  EXPECT_THAT(trained.out, Not(HasSubstr("sessions")));
  const Outcome scanned = sandbox_.run({"scan", "--model", "model", "past.log", "--session-scores", "s.csv"});
  EXPECT_EQ(scanned.exit, 2);
  EXPECT_THAT(scanned.err, HasSubstr("the model knows no sessions"));
  EXPECT_FALSE(sandbox_.exists("s.csv"));
  const Outcome broken = sandbox_.run({"train", "--session-key", "job_(", "--output", "model", "past.log"});
  EXPECT_EQ(broken.exit, 2);
  EXPECT_THAT(broken.err, HasSubstr("no valid RE2 pattern"));
}

TEST_F(Sessions, CanBeAcknowledgedByWhatTheyLack) {
  sandbox_.write("past.log", printer_log(0, 1500));
  ASSERT_EQ(sandbox_.run({"train", "--output", "model", "past.log"}).exit, 0);
  sandbox_.write("today.log", printer_log(2000, 100, {{2010, {kSteps[0], kSteps[1]}}}));
  const auto scan = [&] {
    const Outcome scanned = sandbox_.run({"scan", "--model", "model", "--format", "json", "today.log"});
    EXPECT_EQ(scanned.exit, 0) << scanned.err;
    sandbox_.write("result.json", scanned.out);
    return json::parse(scanned.out, nullptr, false);
  };
  const json before = scan();
  std::string id;
  for (const json& finding : before["records"]) {
    if (finding["type"] == "finding" && finding["whole_session"] == true && finding["session"] == "job_102010") {
      id = finding["id"].get<std::string>();
      EXPECT_THAT(finding["session_cause"].get<std::string>(), Not(HasSubstr("copied to the spool")))
          << "its last record is as ordinary as can be";
    }
  }
  ASSERT_FALSE(id.empty()) << before.dump(1);
  const Outcome acked = sandbox_.run({"ack", id, "--from", "result.json", "--model", "model"});
  ASSERT_EQ(acked.exit, 0) << acked.err;
  EXPECT_THAT(acked.out, HasSubstr("1 rule added"));
  EXPECT_THAT(acked.out, Not(HasSubstr("copied to the spool")));
  const json after = scan();
  EXPECT_EQ(after["summary"]["sessions_anomalous"], before["summary"]["sessions_anomalous"]) << "still counted";
  EXPECT_EQ(after["summary"]["sessions_acknowledged"].get<int>(), 1);
  EXPECT_EQ(after["summary"]["acknowledged"], before["summary"]["acknowledged"]) << "these are records";
  EXPECT_LE(after["summary"]["acknowledged"].get<int>(), after["summary"]["anomalies"].get<int>());
  for (const json& record : after["records"]) {
    EXPECT_NE(record.value("id", ""), id);
  }
}

}  // namespace
}  // namespace logdetect
