#include "judging/desk.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "unit/judging/finding_builder_support.h"
#include "unit/judging/recorded_results.h"

namespace logdetect {
namespace {

using testing::FindingBuilderTest;
using testing::HandMadeBatch;
using testing::RecordedResults;
using testing::text_of;

constexpr Micros kStart = HandMadeBatch::kStart + 12 * kMicrosPerHour;
constexpr Micros kSecond = kMicrosPerSecond;

Micros at(double second) {
  return kStart + static_cast<Micros>(second * 1e6);
}

class DeskTest : public FindingBuilderTest {
 protected:
  DeskTest() {
    // Rows of the batch by what they are.
    add(0, testing::kFailure, "disk check failed").level = Level::kError;
    add(1, testing::kReport, "nightly report sent");
    add(2, testing::kFailure, "disk check failed").level = Level::kError;
    add(5000, testing::kStep, "request id=r1 took 999 ms").level = Level::kError;
    score(batch_);
    for (std::size_t row = 0; row < batch_.size(); ++row) {
      make_calm(batch_, row);
    }
    builder_.begin(batch_.get());
  }
  void TearDown() override { std::filesystem::remove(path_); }

  Event& add(double second, std::uint32_t id, std::string_view text) {
    return batch_.add(12 * 3600 + second, id, text, "web-1");
  }
  Desk make_desk(HandOn hand_on = HandOn::kIncidents) { return {hand_on, {}, results_, allowances_}; }
  void allow(const std::string& yaml) {
    std::ofstream(path_, std::ios::binary) << yaml;
    auto loaded = Allowances::load(path_);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    allowances_ = std::move(loaded).value();
  }
  Sighting line(std::size_t row, double nats = 20) { return line_at(batch_, row, nats); }
  static Sighting burst(std::uint64_t number, Sighting::Change change = Sighting::Change::kBegan) {
    Sighting sighting;
    sighting.change = change;
    sighting.row = change == Sighting::Change::kBegan ? 0 : Sighting::kNoRow;
    sighting.time = at(-5);
    sighting.nats = 15;
    sighting.template_id = TemplateId(testing::kFailure);
    sighting.bout_key = bout_key(BoutKind::kBurst, number);
    sighting.what = BurstSighting{0, 10, at(-5), at(0), at(3), 40, 30};
    return sighting;
  }
  static Sighting silence(std::uint64_t number, Sighting::Change change = Sighting::Change::kBegan) {
    Sighting sighting;
    sighting.change = change;
    sighting.time = at(10);
    sighting.nats = 12;
    sighting.template_id = TemplateId(testing::kHeartbeat);
    sighting.bout_key = bout_key(BoutKind::kSilence, number);
    SilenceSighting what;
    what.line = "heartbeat ok";
    what.host = "web-3";
    what.last = at(0);
    what.now = at(60);
    what.usual = 10 * kSecond;
    what.longest = 12 * kSecond;
    sighting.what = what;
    return sighting;
  }
  static Sighting session(std::size_t row, std::uint32_t cause = testing::kFailure) {
    SessionSighting what;
    what.session.name = "job-7";
    what.session.state.id = session_of("job-7");
    what.session.state.events = 1;
    what.session.state.last_template = cause;
    what.session.state.counts = {{cause, 1, Alarm::kNone}};
    what.score = {20, {{SessionSign::kRareTemplate, cause, 1, 20}}};
    Sighting sighting;
    sighting.row = row;
    sighting.time = at(3);
    sighting.nats = 20;
    sighting.template_id = TemplateId(cause);
    sighting.what = std::move(what);
    return sighting;
  }
  void take(Desk& desk, const Sighting& sighting) { ASSERT_TRUE(desk.take(sighting, batch_.get(), builder_).ok()); }

  HandMadeBatch batch_;
  RecordedResults results_;
  Allowances allowances_;
  std::string path_ =
      ::testing::TempDir() + "desk_test_" + ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml";
};

// ---- counts

TEST_F(DeskTest, CountsEachKindOfSighting) {
  Desk desk = make_desk();
  take(desk, line(0));
  EXPECT_EQ(desk.counts().anomalies, 1U);
  take(desk, burst(0));
  EXPECT_EQ(desk.counts().anomalies, 2U);
  take(desk, silence(0));
  EXPECT_EQ(desk.counts().anomalies, 3U);
  EXPECT_EQ(desk.counts().sessions_anomalous, 0U);
  take(desk, session(2));
  EXPECT_EQ(desk.counts().sessions_anomalous, 1U);
  take(desk, session(Sighting::kNoRow));
  EXPECT_EQ(desk.counts().sessions_anomalous, 2U);
  EXPECT_EQ(desk.counts().anomalies, 3U);
  EXPECT_EQ(desk.counts().acknowledged, 0U);
  EXPECT_EQ(desk.counts().sessions_acknowledged, 0U);
}

TEST_F(DeskTest, WhatChangesIsNotCountedAgain) {
  Desk desk = make_desk();
  take(desk, burst(0));
  take(desk, burst(0, Sighting::Change::kChanged));
  take(desk, burst(0, Sighting::Change::kEnded));
  EXPECT_EQ(desk.counts().anomalies, 1U);
}

// ---- allow rules

TEST_F(DeskTest, ARuleKeepsALineOutOfTheIncidents) {
  allow("- id: disk\n  pattern: disk check failed\n- id: other\n  pattern: nothing like it\n");
  Desk desk = make_desk(HandOn::kEveryFinding);
  take(desk, line(0));
  take(desk, line(3));
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_EQ(desk.counts().anomalies, 2U);
  EXPECT_EQ(desk.counts().acknowledged, 1U);
  ASSERT_EQ(results_.findings.size(), 1U);
  EXPECT_EQ(results_.findings[0].template_id, TemplateId(testing::kStep));
  EXPECT_EQ(allowances_.unused(), std::vector<std::string>{"other"});
}

TEST_F(DeskTest, ARuleLooksAtHostAndComponent) {
  batch_.get().parsed.batch.headers[0].component = "disks";
  const auto allowed = [&](const std::string& more) {
    allow("- id: disk\n  pattern: disk check failed\n" + more);
    Desk desk = make_desk();
    take(desk, line(0));
    return desk.counts().acknowledged == 1;
  };
  EXPECT_TRUE(allowed("  host: web-1\n  component: disks\n"));
  EXPECT_FALSE(allowed("  host: disks\n"));
  EXPECT_FALSE(allowed("  component: web-1\n"));
}

TEST_F(DeskTest, AMessageOrItsTemplateFitsARule) {
  const auto allowed = [&](const std::string& pattern) {
    allow("- id: slow\n  pattern: '" + pattern + "'\n");
    Desk desk = make_desk();
    take(desk, line(3));
    return desk.counts().acknowledged == 1;
  };
  EXPECT_TRUE(allowed("request id=<ID> took <NUM> ms"));
  EXPECT_TRUE(allowed("request id=r1 took 999 ms"));
  EXPECT_FALSE(allowed("request id=r2 took 999 ms"));
}

TEST_F(DeskTest, ARuleHoldsUntilItExpires) {
  // Noon and three seconds; lines are at noon, and two seconds later.
  const auto acknowledged = [&](const std::string& expires, const Sighting& sighting) {
    allow("- id: disk\n  pattern: disk check failed\n  expires: " + expires +
          "\n- id: beat\n  pattern: heartbeat ok\n  expires: " + expires + "\n");
    Desk desk = make_desk();
    take(desk, sighting);
    return desk.counts().acknowledged + desk.counts().sessions_acknowledged == 1;
  };
  EXPECT_TRUE(acknowledged("2024-01-01T12:00:03Z", line(2)));
  EXPECT_FALSE(acknowledged("2024-01-01T12:00:02Z", line(2)));
  EXPECT_TRUE(acknowledged("2024-01-01T12:00:01Z", burst(0))) << "by the record it was noticed at";
  EXPECT_FALSE(acknowledged("2024-01-01T12:00:00Z", burst(0)));
  EXPECT_TRUE(acknowledged("2024-01-01T12:00:11Z", silence(0))) << "by when the next line was due";
  EXPECT_FALSE(acknowledged("2024-01-01T12:00:10Z", silence(0)));
  EXPECT_TRUE(acknowledged("2024-01-01T12:00:04Z", session(Sighting::kNoRow))) << "by its last record";
  EXPECT_FALSE(acknowledged("2024-01-01T12:00:03Z", session(Sighting::kNoRow)));
  EXPECT_TRUE(acknowledged("2024-01-01T12:00:03Z", session(2)));
  EXPECT_FALSE(acknowledged("2024-01-01T12:00:02Z", session(2)));
}

TEST_F(DeskTest, AnAcknowledgedSessionIsNoAcknowledgedRecord) {
  allow("- id: disk\n  pattern: disk check failed\n");
  Desk desk = make_desk();
  take(desk, session(2));
  EXPECT_EQ(desk.counts().anomalies, 0U);
  EXPECT_EQ(desk.counts().acknowledged, 0U);
  EXPECT_EQ(desk.counts().sessions_anomalous, 1U);
  EXPECT_EQ(desk.counts().sessions_acknowledged, 1U);
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_TRUE(results_.incidents.empty());
}

// ---- bouts

TEST_F(DeskTest, WhatIsLearntOfABoutReachesItsFinding) {
  Desk desk = make_desk();
  take(desk, burst(0));
  Sighting more = burst(0, Sighting::Change::kChanged);
  std::get<BurstSighting>(more.what).lines = 77;
  take(desk, more);
  Sighting end = burst(0, Sighting::Change::kEnded);
  std::get<BurstSighting>(end.what).lines = 99;
  std::get<BurstSighting>(end.what).last_high = at(200);
  take(desk, end);
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  ASSERT_EQ(results_.incidents[0].findings.size(), 1U);
  const Finding& finding = results_.incidents[0].findings[0];
  EXPECT_FALSE(finding.id.empty());
  EXPECT_EQ(finding.bout->lines, 99U);
  EXPECT_TRUE(finding.bout->over);
  EXPECT_EQ(finding.last_time, at(200));
}

TEST_F(DeskTest, ABoutThatChangesGoesOn) {
  Desk desk = make_desk();
  take(desk, burst(0));
  Sighting more = burst(0, Sighting::Change::kChanged);
  std::get<BurstSighting>(more.what).lines = 77;
  take(desk, more);
  ASSERT_TRUE(desk.advance(at(3000)).ok());
  EXPECT_TRUE(results_.incidents.empty()) << "it is not over";
  take(desk, burst(0, Sighting::Change::kEnded));
  ASSERT_TRUE(desk.advance(at(3000)).ok());
  EXPECT_EQ(results_.incidents.size(), 1U);
}

TEST_F(DeskTest, OnceOverABoutIsNotKnownAnyMore) {
  Desk desk = make_desk();
  take(desk, silence(1));
  take(desk, silence(1, Sighting::Change::kEnded));
  Sighting late = silence(1, Sighting::Change::kChanged);
  std::get<SilenceSighting>(late.what).now = at(999);
  take(desk, late);
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_EQ(results_.incidents[0].findings[0].bout->end, at(60));
}

TEST_F(DeskTest, BoutsAreToldApart) {
  Desk desk = make_desk();
  take(desk, burst(3));
  take(desk, silence(3));
  take(desk, silence(3, Sighting::Change::kEnded));
  ASSERT_TRUE(desk.finish().ok());
  std::size_t over = 0;
  for (const Incident& incident : results_.incidents) {
    for (const Finding& finding : incident.findings) {
      EXPECT_EQ(finding.bout->over, finding.bout->kind == BoutKind::kSilence);
      over += finding.bout->over ? 1 : 0;
    }
  }
  EXPECT_EQ(over, 1U);
}

TEST_F(DeskTest, OfABoutThatARuleAllowedNothingMoreIsSaid) {
  allow("- id: disk\n  pattern: disk check failed\n");
  Desk desk = make_desk(HandOn::kEveryFinding);
  take(desk, burst(0));
  take(desk, burst(0, Sighting::Change::kEnded));
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_EQ(desk.counts().acknowledged, 1U);
  EXPECT_TRUE(results_.findings.empty());
  EXPECT_TRUE(results_.incidents.empty());
}

// A clock that is set back ends a silence without a word; the rhythm may fall silent again, under the same key.
TEST_F(DeskTest, WhatIsLearntOfAnAllowedBoutIsNotToldOfTheOneBefore) {
  Desk desk = make_desk();
  take(desk, silence(1));
  allow("- id: beat\n  pattern: heartbeat ok\n");
  take(desk, silence(1));
  Sighting end = silence(1, Sighting::Change::kEnded);
  std::get<SilenceSighting>(end.what).now = at(999);
  take(desk, end);
  EXPECT_EQ(desk.counts().acknowledged, 1U);
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_FALSE(results_.incidents[0].findings[0].bout->over);
}

// ---- what is handed on

TEST_F(DeskTest, FindingsOfOneFailureAreOneIncident) {
  Desk desk = make_desk();
  take(desk, line(0));
  take(desk, line(2));
  EXPECT_TRUE(results_.incidents.empty()) << "it goes on";
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_TRUE(results_.findings.empty());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_EQ(results_.incidents[0].count, 2U);
  ASSERT_EQ(results_.incidents[0].findings.size(), 1U);
  EXPECT_EQ(results_.incidents[0].findings[0].message, "disk check failed") << "completed";
  EXPECT_EQ(desk.counts().incidents, 1U);
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_EQ(results_.incidents.size(), 1U) << "handed on once";
}

TEST_F(DeskTest, TimeOfAFindingClosesIncidents) {
  Desk desk = make_desk();
  take(desk, line(0));
  ASSERT_TRUE(desk.hand_on_closed().ok());
  EXPECT_TRUE(results_.incidents.empty());
  take(desk, line(3));
  EXPECT_TRUE(results_.incidents.empty());
  ASSERT_TRUE(desk.hand_on_closed().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_EQ(results_.incidents[0].first, at(0));
}

TEST_F(DeskTest, TimeThatMovesOnClosesIncidents) {
  const IncidentOptions options;
  Desk desk = make_desk();
  take(desk, line(0));
  ASSERT_TRUE(desk.advance(at(static_cast<double>(options.gap_seconds))).ok());
  EXPECT_TRUE(results_.incidents.empty());
  ASSERT_TRUE(desk.advance(at(static_cast<double>(options.gap_seconds)) + 1).ok());
  EXPECT_EQ(results_.incidents.size(), 1U);
}

TEST_F(DeskTest, TheFirstOfEachTemplateIsHandedOnAtOnceInWatch) {
  Desk desk = make_desk(HandOn::kFirstFindings);
  take(desk, line(0));
  ASSERT_EQ(results_.findings.size(), 1U);
  EXPECT_EQ(results_.findings[0].message, "disk check failed") << "completed";
  EXPECT_FALSE(results_.findings[0].incident_id.empty());
  take(desk, line(2));
  EXPECT_EQ(results_.findings.size(), 1U) << "a repeat";
  take(desk, silence(0));
  EXPECT_EQ(results_.findings.size(), 2U);
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_FALSE(results_.incidents.empty());
  EXPECT_EQ(results_.findings[0].incident_id, results_.incidents[0].id);
  EXPECT_EQ(results_.findings[0].id, results_.incidents[0].findings[0].id);
}

TEST_F(DeskTest, EveryFindingIsHandedOnIfAskedFor) {
  Desk desk = make_desk(HandOn::kEveryFinding);
  take(desk, line(0));
  take(desk, line(2));
  ASSERT_EQ(results_.findings.size(), 2U);
  EXPECT_EQ(results_.findings[1].position.line, 3U);
  EXPECT_EQ(results_.findings[1].message, "disk check failed");
  EXPECT_EQ(results_.findings[0].incident_id, results_.findings[1].incident_id);
  EXPECT_NE(results_.findings[0].id, results_.findings[1].id);
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_EQ(results_.incidents[0].id, results_.findings[0].incident_id);
  EXPECT_EQ(results_.incidents[0].count, 2U);
}

TEST_F(DeskTest, IncidentsOfHabitsAreCountedAndNotReported) {
  Desk desk = make_desk();
  take(desk, line(1));
  take(desk, line(1));
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_TRUE(results_.incidents.empty());
  EXPECT_EQ(desk.counts().habitual, 2U);
  EXPECT_EQ(desk.counts().incidents, 0U);
  EXPECT_FALSE(desk.counts().worst);
  take(desk, line(1));
  ASSERT_TRUE(desk.finish().ok());
  EXPECT_EQ(desk.counts().habitual, 3U);
}

TEST_F(DeskTest, IncidentsOfHabitsAreReportedWithEveryFinding) {
  Desk desk = make_desk(HandOn::kEveryFinding);
  take(desk, line(1));
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_TRUE(results_.incidents[0].habitual);
  EXPECT_EQ(desk.counts().habitual, 0U);
  EXPECT_EQ(desk.counts().incidents, 1U);
}

TEST_F(DeskTest, TheWorstSeverityIsKept) {
  Desk desk = make_desk();
  EXPECT_FALSE(desk.counts().worst);
  take(desk, line(0, 80));
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  ASSERT_GT(results_.incidents[0].severity, Severity::kLow);
  EXPECT_EQ(desk.counts().worst, results_.incidents[0].severity);
  batch_.get().parsed.batch.events[2].level = Level::kInfo;
  take(desk, line(2, 7));
  ASSERT_TRUE(desk.finish().ok());
  ASSERT_EQ(results_.incidents.size(), 2U);
  ASSERT_LT(results_.incidents[1].severity, results_.incidents[0].severity);
  EXPECT_EQ(desk.counts().worst, results_.incidents[0].severity);
  EXPECT_EQ(desk.counts().incidents, 2U);
}

TEST_F(DeskTest, WithoutAClockLinesCloseIncidents) {
  HandMadeBatch lines;
  for (int i = 0; i < 200; ++i) {
    Event& event = lines.add(i, testing::kFailure, "disk check failed");
    event.has_time = false;
    event.level = Level::kError;
  }
  lines.get().has_time = false;
  score(lines);
  builder_.begin(lines.get());
  Desk desk = make_desk();
  for (const std::size_t row : {std::size_t{0}, std::size_t{150}}) {
    ASSERT_TRUE(desk.take(line_at(lines, row, 20), lines.get(), builder_).ok());
  }
  ASSERT_TRUE(desk.hand_on_closed().ok());
  ASSERT_EQ(results_.incidents.size(), 1U);
  EXPECT_FALSE(results_.incidents[0].has_time);
}

TEST_F(DeskTest, AfterADeploymentWhatIsNewAndCalmIsOneIncident) {
  MaskedMessage message;
  model_.masker.mask("cart emptied", message);
  const TemplateId fresh = templates_.learn(message);
  const auto incident_of = [&](bool announced) {
    HandMadeBatch lines;
    lines.add(12 * 3600 + 10, fresh.value(), "cart emptied").is_new = true;
    score(lines);
    builder_.begin(lines.get());
    Desk desk = make_desk();
    if (announced) {
      desk.deployment(at(0));
    }
    EXPECT_TRUE(desk.take(line_at(lines, 0, 20), lines.get(), builder_).ok());
    EXPECT_TRUE(desk.finish().ok());
    return results_.incidents.back();
  };
  EXPECT_FALSE(incident_of(false).deployment);
  EXPECT_TRUE(incident_of(true).deployment);
}

// ---- errors

TEST_F(DeskTest, ErrorsOfTheResultsEndTheCall) {
  for (const HandOn hand_on : {HandOn::kFirstFindings, HandOn::kEveryFinding}) {
    Desk desk = make_desk(hand_on);
    results_.room = 0;
    EXPECT_FALSE(desk.take(line(0), batch_.get(), builder_).ok());
  }
  Desk desk = make_desk();
  results_.room.reset();
  take(desk, line(0));
  results_.room = 0;
  EXPECT_FALSE(desk.finish().ok());
  Desk other = make_desk();
  results_.room.reset();
  take(other, line(0));
  results_.room = 0;
  EXPECT_FALSE(other.advance(at(10'000)).ok());
}

}  // namespace
}  // namespace logdetect
