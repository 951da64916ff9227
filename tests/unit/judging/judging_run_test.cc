#include "logdetect/judging/judging_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "unit/judging/recorded_results.h"
#include "unit/judging/small_model.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LogLines;
using testing::RecordedResults;
using testing::small_model;

constexpr Micros kStart = testing::EventScript::kStart;
constexpr double kDay = 86'400;  // the runs below are a day after training

Micros at(double second) {
  return kStart + static_cast<Micros>((kDay + second) * 1e6);
}

// Keeps what it sees, as "source:line" and "session name".
class RecordingObserver : public JudgeObserver {
 public:
  Result<void> record(const JudgedRecord& judged) override {
    seen.push_back(judged.source + ':' + std::to_string(judged.record.position.line));
    verdicts.push_back(judged.verdict);
    EXPECT_EQ(judged.verdict.surprise, static_cast<double>(judged.scores.total.at(judged.row)));
    EXPECT_EQ(judged.event.message_bytes, judged.record.text.size() - judged.record.text.find("web-1") - 6);
    return fails ? Result<void>(make_error(ErrorCode::kOutput, "no room")) : Result<void>();
  }
  Result<void> session(const OpenSession& session, bool has_time) override {
    seen.push_back("session " + session.name);
    timed = timed && has_time;
    return {};
  }

  std::vector<std::string> seen;
  std::vector<Verdict> verdicts;
  bool timed = true;
  bool fails = false;
};

// Whether sessions that end have times.
class SessionObserver : public JudgeObserver {
 public:
  Result<void> record(const JudgedRecord& /*judged*/) override { return {}; }
  Result<void> session(const OpenSession& /*session*/, bool has_time) override {
    ++sessions;
    timed = timed || has_time;
    return {};
  }

  int sessions = 0;
  bool timed = false;
};

class JudgingRunTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(allow_path_); }

  JudgingSetup prepare(const Config& given = {}, const std::string& allow = {}) {
    auto setup = JudgingRun::prepare(small_model(), given, allow);
    LD_CHECK(setup.ok(), "the configuration is right");
    return std::move(setup).value();
  }
  static ParsedBatch parse(const JudgingSetup& setup, LogLines& log) {
    const Model& model = *setup.model;
    return LineParser(&model.masker, &model.miner, &setup.sessions, &setup.deployments).parse(log.take());
  }
  static void process(JudgingRun& run, const JudgingSetup& setup, LogLines& log) {
    ASSERT_TRUE(run.process(parse(setup, log)).ok());
  }
  static void beats(LogLines& log, int from, int to) {
    for (int second = from; second < to; second += 10) {
      log.add(kDay + second, "heartbeat ok");
    }
  }
  static void request(LogLines& log, double second, const std::string& id) {
    log.add(kDay + second, "request id=" + id + " opened");
    log.add(kDay + second + 1, "request id=" + id + " took 12 ms");
    log.add(kDay + second + 2, "request id=" + id + " took 11 ms");
    log.add(kDay + second + 3, "request id=" + id + " closed");
  }

  RecordedResults results_;
  RecordingObserver observer_;
  SessionObserver untimed_;
  JudgingOptions options_;
  std::string allow_path_ = ::testing::TempDir() + "judging_run_test_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml";
};

// ---- prepare

TEST_F(JudgingRunTest, ASetupHoldsTheModelsWaysAndTheConfigurationsWishes) {
  Config given;
  given.threshold.sensitivity = Sensitivity::kHigh;
  given.threshold.hour_multipliers.fill(2);
  given.threshold.hour_multipliers[11] = 3;
  given.threshold.hour_multipliers[13] = 3;
  const JudgingSetup setup = prepare(given);
  EXPECT_EQ(setup.model, small_model());
  EXPECT_EQ(setup.config.sessions.key, small_model()->config.sessions.key);
  EXPECT_TRUE(setup.sessions.active());
  EXPECT_EQ(setup.sessions.find("request id=r17 opened"), "r17");
  EXPECT_FALSE(setup.deployments.active());
  EXPECT_EQ(setup.allowances.size(), 0U);
  ASSERT_EQ(setup.plans.size(), 1U) << "the model's";
  EXPECT_EQ(setup.plans[0].describe(), small_model()->plans[0].describe());
  EXPECT_DOUBLE_EQ(setup.threshold, 0.7 * 2 * small_model()->ensemble.threshold());
}

TEST_F(JudgingRunTest, AFormatThatIsGivenBeatsThePlansOfTheModel) {
  Config given;
  given.header.format = "<time> <message>";
  const JudgingSetup setup = prepare(given);
  ASSERT_EQ(setup.plans.size(), 1U);
  EXPECT_NE(setup.plans[0].describe(), small_model()->plans[0].describe());
}

TEST_F(JudgingRunTest, RulesAndMarkersAreRead) {
  std::ofstream(allow_path_) << "- id: disk\n  pattern: disk check failed\n- id: beat\n  pattern: heartbeat ok\n";
  Config given;
  given.incidents.deploy_marker = "^deploy";
  const JudgingSetup setup = prepare(given, allow_path_);
  EXPECT_EQ(setup.allowances.size(), 2U);
  EXPECT_TRUE(setup.deployments.marks("deploy 7"));
  EXPECT_FALSE(setup.deployments.marks("a deploy"));
}

TEST_F(JudgingRunTest, WhatDoesNotWorkIsSaid) {
  const auto message = [&](const Config& given, const std::string& allow = {}) {
    const auto setup = JudgingRun::prepare(small_model(), given, allow);
    EXPECT_FALSE(setup.ok());
    EXPECT_EQ(setup.error().code, ErrorCode::kConfig);
    return setup.error().where + ' ' + setup.error().message;
  };
  Config given;
  given.incidents.deploy_marker = "(";
  EXPECT_THAT(message(given), HasSubstr("incidents.deploy_marker"));
  given = {};
  given.sessions.key = "(";
  EXPECT_THAT(message(given), HasSubstr("sessions.key"));
  given = {};
  given.header.format = "no such format";
  EXPECT_THAT(message(given), HasSubstr("header.format"));
  std::ofstream(allow_path_) << "- id: [\n";
  EXPECT_THAT(message({}, allow_path_), HasSubstr(allow_path_));
}

// ---- a run

TEST_F(JudgingRunTest, CountsAddUp) {
  JudgingSetup setup = prepare();
  options_.since = at(10);
  options_.until = at(60);
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  beats(log, 0, 60);  // 6, the first dropped
  log.add(kDay + 51, "cart emptied by shop");
  log.add(kDay + 52, "cart emptied by shop");
  log.add_raw("garbage without a header");
  log.add_raw("more \xff garbage");
  request(log, 53, "r1");
  log.add(kDay + 60, "heartbeat ok");  // dropped
  log.add(kDay + 20, "heartbeat ok");  // late, and judged
  process(run, setup, log);
  EXPECT_EQ(run.now(), at(20));
  ASSERT_TRUE(run.finish().ok());
  const RunSummary summary = run.summary();
  EXPECT_EQ(summary.records, 16U);
  EXPECT_EQ(summary.lines, 16U);
  EXPECT_EQ(summary.records_dropped, 2U);
  EXPECT_EQ(summary.records_known, 10U);
  EXPECT_EQ(summary.records_new, 2U);
  EXPECT_EQ(summary.records_unparsed, 2U);
  EXPECT_EQ(summary.records_bare, 2U);
  EXPECT_EQ(summary.invalid_utf8, 1U);
  EXPECT_EQ(summary.records,
            summary.records_known + summary.records_new + summary.records_unparsed + summary.records_dropped);
  EXPECT_EQ(summary.records_without_time, 2U);
  EXPECT_EQ(summary.records_late, 1U);
  EXPECT_TRUE(summary.has_time);
  EXPECT_EQ(summary.first_time, at(0));
  EXPECT_EQ(summary.last_time, at(60));
  EXPECT_EQ(summary.templates_known, 6U);
  EXPECT_EQ(summary.templates_new, 3U);
  EXPECT_EQ(summary.templates_evicted, 0U);
  EXPECT_EQ(summary.sessions, 1U);
  EXPECT_EQ(summary.sessions_anomalous, 0U);
  EXPECT_GE(summary.anomalies, 4U);
  EXPECT_EQ(summary.incidents, results_.incidents.size());
  EXPECT_EQ(summary.drift.unmatched_share, 4.0 / 14);
  EXPECT_EQ(summary.drift.unparsed_share, 2.0 / 14);
  EXPECT_DOUBLE_EQ(summary.drift.new_templates_per_1000, 3000.0 / 14);
  std::uint64_t found = 0;
  Severity worst = Severity::kLow;
  for (const Incident& incident : results_.incidents) {
    found += incident.count;
    worst = std::max(worst, incident.severity);
  }
  EXPECT_EQ(found + summary.habitual + summary.acknowledged, summary.anomalies + summary.sessions_anomalous);
  EXPECT_EQ(run.worst(), worst);
}

TEST_F(JudgingRunTest, AUsualDayIsQuiet) {
  JudgingSetup setup = prepare();
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  beats(log, 0, 3600);
  process(run, setup, log);
  ASSERT_TRUE(run.finish().ok());
  EXPECT_TRUE(results_.incidents.empty());
  EXPECT_EQ(run.summary().anomalies, 0U);
  EXPECT_FALSE(run.worst());
}

TEST_F(JudgingRunTest, EachWatchIsHeard) {
  JudgingSetup setup = prepare();
  options_.every_finding = true;
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  beats(log, 0, 600);
  log.add(kDay + 600, "disk check failed", "ERROR");  // a line
  log.add(kDay + 601, "request id=r1 opened");        // a session that never goes on
  for (int i = 0; i < 300; ++i) {                     // a burst
    log.add(kDay + 700 + 0.01 * i, "request id=r2 opened");
  }
  log.add(kDay + 2000, "request id=r3 opened");  // while the heart has stopped
  process(run, setup, log);
  ASSERT_TRUE(run.finish().ok());
  const auto is_line = [](const Finding& finding) { return !finding.bout && !finding.whole_session; };
  const auto is_bout = [](BoutKind kind) {
    return [kind](const Finding& finding) { return finding.bout && finding.bout->kind == kind; };
  };
  const auto is_session = [](const Finding& finding) { return finding.whole_session; };
  const auto count = [&](const auto& is) {
    return std::count_if(results_.findings.begin(), results_.findings.end(), is);
  };
  EXPECT_GE(count(is_line), 1);
  EXPECT_EQ(count(is_bout(BoutKind::kBurst)), 1);
  EXPECT_EQ(count([](const Finding& finding) {
              return finding.bout && finding.bout->kind == BoutKind::kSilence &&
                     finding.template_id == TemplateId(testing::kHeartbeat);
            }),
            1);
  EXPECT_GE(count(is_session), 1);
  const RunSummary summary = run.summary();
  EXPECT_EQ(summary.sessions_anomalous, static_cast<std::uint64_t>(count(is_session)));
  EXPECT_EQ(summary.anomalies + summary.sessions_anomalous, results_.findings.size());
  EXPECT_EQ(summary.sessions, 3U);
}

TEST_F(JudgingRunTest, FindingsAreHandedOnAsAsked) {
  const auto findings = [&](bool every, bool first) {
    JudgingSetup setup = prepare();
    RecordedResults results;
    JudgingOptions options;
    options.every_finding = every;
    options.first_findings = first;
    JudgingRun run(setup, options, results, 0);
    LogLines log;
    for (int i = 0; i < 3; ++i) {  // each as strange as the others
      beats(log, 100 * i, 100 * i + 100);
      log.add(kDay + 100 * i + 99, "disk check failed", "ERROR");
    }
    process(run, setup, log);
    return results.findings.size();
  };
  EXPECT_EQ(findings(false, false), 0U);
  EXPECT_EQ(findings(false, true), 1U);
  EXPECT_EQ(findings(true, false), 3U);
  EXPECT_EQ(findings(true, true), 3U);
}

TEST_F(JudgingRunTest, RulesAreAsked) {
  std::ofstream(allow_path_) << "- id: disk\n  pattern: disk check failed\n";
  JudgingSetup setup = prepare({}, allow_path_);
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  log.add(kDay, "disk check failed", "ERROR");
  process(run, setup, log);
  ASSERT_TRUE(run.finish().ok());
  EXPECT_EQ(run.summary().anomalies, 1U);
  EXPECT_EQ(run.summary().acknowledged, 1U);
  EXPECT_TRUE(results_.incidents.empty());
  EXPECT_TRUE(setup.allowances.unused().empty());
}

TEST_F(JudgingRunTest, TheObserverSeesWhatIsJudgedInOrderAndSessionsWhenTheyEnd) {
  JudgingSetup setup = prepare();
  options_.observer = &observer_;
  options_.since = at(1);
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  request(log, 0, "r1");
  process(run, setup, log);
  beats(log, 9000, 9030);  // what was silent for an hour has ended before the third: then the leap is believed
  log.add(kDay + 9031, "request id=r2 opened");
  process(run, setup, log);
  EXPECT_THAT(observer_.seen, ElementsAre("app.log:2", "app.log:3", "app.log:4", "app.log:5", "app.log:6", "session r1",
                                          "app.log:7", "app.log:8"));
  ASSERT_TRUE(run.finish().ok());
  EXPECT_EQ(observer_.seen.back(), "session r2");
  EXPECT_EQ(observer_.seen.size(), 9U);
  EXPECT_TRUE(observer_.timed);
  EXPECT_EQ(run.summary().sessions, 2U);
}

TEST_F(JudgingRunTest, EveryScoreIsWorkedOutForAnObserver) {
  JudgingSetup setup = prepare();
  options_.observer = &observer_;
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  beats(log, 0, 100);
  process(run, setup, log);
  for (const Verdict& verdict : observer_.verdicts) {
    EXPECT_GT(verdict.surprise, 0) << "the forest's part too";
  }
  EXPECT_EQ(observer_.verdicts.size(), 10U);
}

TEST_F(JudgingRunTest, ErrorsOfObserverAndResultsEndTheRun) {
  JudgingSetup setup = prepare();
  LogLines log;
  log.add(kDay, "disk check failed", "ERROR");
  observer_.fails = true;
  options_.observer = &observer_;
  JudgingRun observed(setup, options_, results_, 0);
  EXPECT_FALSE(observed.process(parse(setup, log)).ok());
  options_ = {};
  options_.every_finding = true;
  log.add(kDay, "disk check failed", "ERROR");
  results_.room = 0;
  JudgingRun run(setup, options_, results_, 0);
  EXPECT_FALSE(run.process(parse(setup, log)).ok());
}

TEST_F(JudgingRunTest, ClosedIncidentsAreHandedOnAfterEachBatch) {
  JudgingSetup setup = prepare();
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  log.add(kDay, "disk check failed", "ERROR");
  process(run, setup, log);
  EXPECT_TRUE(results_.incidents.empty());
  log.add(kDay + 1000, "heartbeat ok");
  process(run, setup, log);
  EXPECT_EQ(results_.incidents.size(), 1U);
}

TEST_F(JudgingRunTest, TimeThatMovesOnTellsSilencesAndClosesIncidents) {
  JudgingSetup setup = prepare();
  options_.first_findings = true;
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  log.add(kDay, "disk check failed", "ERROR");
  beats(log, 10, 200);
  process(run, setup, log);
  ASSERT_EQ(results_.findings.size(), 1U);
  ASSERT_TRUE(run.advance(at(205)).ok());
  EXPECT_EQ(results_.findings.size(), 1U);
  EXPECT_TRUE(results_.incidents.empty());
  ASSERT_TRUE(run.advance(at(1000)).ok());
  ASSERT_EQ(results_.findings.size(), 2U);
  EXPECT_THAT(results_.findings[1].message, HasSubstr("heartbeat ok"));
  EXPECT_EQ(results_.findings[1].source, "app.log") << "known though its batch is gone";
  EXPECT_EQ(results_.incidents.size(), 1U) << "the failure";
  EXPECT_EQ(run.now(), at(190)) << "of the last record";
}

TEST_F(JudgingRunTest, ALogWithoutAnyClockIsNotMovedByOne) {
  JudgingSetup setup = prepare();
  options_.observer = &untimed_;
  options_.every_finding = true;
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  log.add_raw("request id=r1 opened");
  for (int i = 0; i < 30; ++i) {
    log.add_raw("heartbeat ok");
  }
  log.add_raw("disk check failed");
  process(run, setup, log);
  const std::size_t told = results_.findings.size();
  EXPECT_GE(told, 1U);
  ASSERT_TRUE(run.advance(at(1e6)).ok());
  EXPECT_EQ(results_.findings.size(), told) << "nothing is silent";
  EXPECT_EQ(run.summary().sessions, 0U) << "nor forgotten";
  ASSERT_TRUE(run.finish().ok());
  EXPECT_EQ(untimed_.sessions, 1);
  EXPECT_FALSE(untimed_.timed);
  EXPECT_FALSE(run.summary().has_time);
  EXPECT_EQ(run.summary().records_without_time, 32U);
  for (const Finding& finding : results_.findings) {
    EXPECT_EQ(finding.time, 0);
  }
  ASSERT_FALSE(results_.incidents.empty());
  EXPECT_FALSE(results_.incidents[0].has_time);
}

TEST_F(JudgingRunTest, ADeploymentIsAnnouncedByItsMarker) {
  const auto is_deployment = [&](const std::string& marker) {
    Config given;
    given.incidents.deploy_marker = marker;
    JudgingSetup setup = prepare(given);
    RecordedResults results;
    JudgingRun run(setup, options_, results, 0);
    LogLines log;
    log.add(kDay, "heartbeat ok");
    log.add(kDay + 10, "cart emptied by shop");
    process(run, setup, log);
    EXPECT_TRUE(run.finish().ok());
    return results.incidents.at(0).deployment;
  };
  EXPECT_FALSE(is_deployment(""));
  EXPECT_TRUE(is_deployment("heartbeat"));
}

TEST_F(JudgingRunTest, SessionsAreCutInOrder) {
  Config given;
  given.sessions.key = "id=(\\w+)";
  given.sessions.gap_seconds = 100;
  JudgingSetup setup = prepare(given);
  options_.observer = &observer_;
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  request(log, 0, "r1");
  request(log, 200, "r1");
  process(run, setup, log);
  ASSERT_TRUE(run.finish().ok());
  EXPECT_EQ(run.summary().sessions, 2U);
  EXPECT_EQ(observer_.seen.back(), "session r1@5");
}

TEST_F(JudgingRunTest, DriftIsToldAndSummedUp) {
  JudgingSetup setup = prepare();
  JudgingRun run(setup, options_, results_, 0);
  LogLines log;
  EXPECT_FALSE(run.drift_change());
  for (std::size_t i = 0; i < DriftMeter::kWindow; ++i) {
    const std::string kind(1 + i % 7, 'q');
    log.add(kDay + static_cast<double>(i), kind + " never seen " + kind, "INFO");
  }
  process(run, setup, log);
  const std::optional<Drift> change = run.drift_change();
  ASSERT_TRUE(change);
  EXPECT_EQ(change->state, Drift::State::kOtherLog);
  EXPECT_FALSE(run.drift_change()) << "told once";
  EXPECT_EQ(run.summary().drift.state, Drift::State::kOtherLog);
  EXPECT_EQ(run.summary().drift.unmatched_share, 1);
}

// ---- the number of threads

TEST_F(JudgingRunTest, TheNumberOfThreadsChangesNothing) {
  const auto findings = [&](int threads) {
    Config given;
    given.run.threads = threads;
    JudgingSetup setup = prepare(given);
    RecordedResults results;
    JudgingOptions options;
    options.every_finding = true;
    JudgingRun run(setup, options, results, 0);
    LogLines log;
    for (int batch = 0; batch < 3; ++batch) {
      beats(log, 1000 * batch, 1000 * batch + 300);
      log.add(kDay + 1000 * batch + 300, "disk check failed", "ERROR");
      log.add(kDay + 1000 * batch + 301, "cart emptied by shop");
      request(log, 1000 * batch + 302, "r" + std::to_string(batch));
      process(run, setup, log);
    }
    EXPECT_TRUE(run.finish().ok());
    std::vector<std::string> told;
    for (const Finding& finding : results.findings) {
      told.push_back(finding.id + ' ' + finding.incident_id + ' ' + finding.message + ' ' +
                     std::to_string(finding.verdict.surprise));
    }
    return told;
  };
  const std::vector<std::string> one = findings(1);
  EXPECT_GE(one.size(), 6U);
  EXPECT_EQ(findings(4), one);
}

}  // namespace
}  // namespace logdetect
