#include "logdetect/detection/incident_grouper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "logdetect/base/rng.h"
#include "unit/detection/samples.h"

namespace logdetect {
namespace {

using samples::at;
using samples::grouped;
using samples::kStart;
using testing::ElementsAre;

std::uint64_t total_count(const std::vector<Incident>& incidents) {
  std::uint64_t count = 0;
  for (const Incident& incident : incidents) {
    count += incident.count;
  }
  return count;
}

// False alarms: exponential gaps of `mean_gap` seconds, templates at random, an excess over the threshold that falls
// off exponentially (1 nat at a threshold of 5), as a calibrated detector gives on normal logs.
std::vector<Finding> false_alarms(double mean_gap, double seconds, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Finding> findings;
  for (double t = 0; t < seconds; t -= mean_gap * std::log(1 - rng.uniform())) {
    findings.push_back(at(t)
                           .of(static_cast<std::uint32_t>(rng.below(40)))
                           .on("web1")
                           .level(Level::kInfo)
                           .strength(1 - std::log(1 - rng.uniform()) / 5));
  }
  return findings;
}

// One failure of some minutes: a burst of new templates across three services, then repeats.
std::vector<Finding> failure(double begin) {
  std::vector<Finding> findings;
  for (int i = 0; i < 6; ++i) {
    findings.push_back(at(begin + i * 0.4).of(100).on("db1").in("db").level(Level::kError).strength(3));
  }
  findings.push_back(at(begin + 3).of(101).on("db1").in("db").level(Level::kFatal).strength(4));
  findings.push_back(at(begin + 5).of(102).on("web1").in("api").level(Level::kError).strength(2.5));
  findings.push_back(at(begin + 9).of(103).on("web2").in("api").level(Level::kWarning).strength(1.2));
  for (int i = 1; i <= 8; ++i) {
    findings.push_back(at(begin + i * 30).of(100).on("db1").in("db").level(Level::kError).strength(3));
    findings.push_back(at(begin + i * 30 + 1).of(102).on("web1").in("api").level(Level::kError).strength(2));
  }
  return findings;
}

TEST(IncidentGrouper, NothingGivesNothing) {
  EXPECT_TRUE(grouped({}).empty());
}

TEST(IncidentGrouper, OneFailureIsOneIncident) {
  const std::vector<Incident> incidents = grouped(failure(0));
  ASSERT_EQ(incidents.size(), 1U);
  const Incident& incident = incidents[0];
  EXPECT_EQ(incident.count, 25U);
  EXPECT_EQ(incident.template_count, 4U);
  EXPECT_EQ(incident.first, kStart);
  EXPECT_EQ(incident.last, kStart + 241 * kMicrosPerSecond);
  EXPECT_EQ(incident.findings.size(), 4U);
  EXPECT_EQ(incident.findings[incident.first_finding].template_id, TemplateId(100));
  EXPECT_EQ(incident.findings[incident.worst_finding].template_id, TemplateId(101));
  EXPECT_DOUBLE_EQ(incident.peak_score, 0.8);
  EXPECT_EQ(incident.severity, Severity::kCritical);
  EXPECT_THAT(incident.hosts, ElementsAre("db1", "web1", "web2"));
  EXPECT_THAT(incident.components, ElementsAre("db", "api"));
  EXPECT_EQ(incident.title, "db: Template numberx");
  for (const Finding& finding : incident.findings) {
    EXPECT_EQ(finding.incident_id, incident.id);
  }
}

TEST(IncidentGrouper, TwoFailuresAnHourApartAreTwo) {
  std::vector<Finding> findings = failure(0);
  for (Finding& finding : failure(3600)) {
    findings.push_back(std::move(finding));
  }
  const std::vector<Incident> incidents = grouped(findings);
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_NE(incidents[0].id, incidents[1].id);
  EXPECT_EQ(incidents[1].first, kStart + 3600 * kMicrosPerSecond);
}

TEST(IncidentGrouper, CollapsesRepeatsAndKeepsTheStrongestVerdict) {
  Finding stronger = at(20).of(7).strength(6);
  stronger.reasons.push_back({});
  stronger.reasons[0].sentence = "much more of it";
  const Finding first = at(0).of(7).strength(2);
  const std::vector<Incident> incidents =
      grouped({first, at(10).of(7).strength(3), stronger, at(30).of(7).strength(2)});
  ASSERT_EQ(incidents.size(), 1U);
  ASSERT_EQ(incidents[0].findings.size(), 1U);
  const Finding& kept = incidents[0].findings[0];
  EXPECT_EQ(kept.id, first.id);
  EXPECT_EQ(kept.time, first.time);
  EXPECT_EQ(kept.count, 4U);
  EXPECT_EQ(kept.last_time, kStart + 30 * kMicrosPerSecond);
  EXPECT_DOUBLE_EQ(kept.verdict.surprise, 30);
  EXPECT_EQ(kept.reasons.at(0).sentence, "much more of it");
}

TEST(IncidentGrouper, AKeptFindingHasTheGravestLevelOfItsRepeats) {
  const std::vector<Incident> incidents =
      grouped({at(0).of(7).level(Level::kWarning).strength(3), at(1).of(7).level(Level::kError).strength(2),
               at(2).of(7).level(Level::kInfo).strength(4)});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].findings[0].level, Level::kError);
}

TEST(IncidentGrouper, ARepeatIsNoNewTemplateHoweverManyThereAre) {
  constexpr std::uint32_t kTold = 65'536;
  IncidentOptions options;
  options.max_findings = 10;
  IncidentGrouper grouper(options);
  for (std::uint32_t i = 0; i < kTold + 100; ++i) {
    grouper.add(at(i * 0.001).of(i));
  }
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    grouper.add(at(66 + i * 0.001).of(kTold + i % 100));
  }
  grouper.finish();
  const std::vector<Incident> closed = grouper.take_closed();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].count, kTold + 1'100U);
  EXPECT_EQ(closed[0].template_count, kTold);
}

TEST(IncidentGrouper, UnrelatedHostsFarApartInTimeStaySeparate) {
  const std::vector<Incident> incidents = grouped({at(0).of(1).on("a").in("x"), at(40).of(2).on("b").in("y"),
                                                   at(80).of(1).on("a").in("x"), at(90).of(2).on("b").in("y")});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_THAT(incidents[0].hosts, ElementsAre("a"));
  EXPECT_THAT(incidents[1].hosts, ElementsAre("b"));
}

TEST(IncidentGrouper, ACascadeWithinSecondsCrossesHosts) {
  EXPECT_EQ(grouped({at(0).of(1).on("a").in("x"), at(6).of(2).on("b").in("y"), at(12).of(3).on("c").in("z")}).size(),
            1U);
}

TEST(IncidentGrouper, ASessionHoldsTogetherWhatTimeDoesNot) {
  EXPECT_EQ(grouped({at(0).of(1).on("a").session(9), at(200).of(2).on("b").session(9)}).size(), 1U);
  EXPECT_EQ(grouped({at(0).of(1).on("a").session(9), at(200).of(2).on("b").session(8)}).size(), 2U);
}

TEST(IncidentGrouper, ANewFailureDoesNotHideInAnOldSteadyOne) {
  // A harmless deployment: one new template every 20 s for hours.
  std::vector<Finding> findings;
  for (int i = 0; i < 360; ++i) {
    findings.push_back(at(i * 20.0).of(500).on("web1").in("api").level(Level::kInfo).strength(2));
    if (i == 300) {
      findings.push_back(at(6001).of(600).on("web1").in("api").level(Level::kFatal).strength(4));
      findings.push_back(at(6002).of(601).on("web1").in("db").level(Level::kFatal).strength(4));
    }
  }
  const std::vector<Incident> incidents = grouped(findings);
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 360U);
  EXPECT_EQ(incidents[1].count, 2U);
  EXPECT_EQ(incidents[1].first, kStart + 6001 * kMicrosPerSecond);
}

TEST(IncidentGrouper, SteadyFalseAlarmsDoNotFormAnEndlessIncident) {
  for (const double mean_gap : {0.2, 1.0, 10.0, 60.0}) {
    const std::vector<Finding> findings = false_alarms(mean_gap, 4 * 3600, 17);
    const std::vector<Incident> incidents = grouped(findings);
    EXPECT_EQ(total_count(incidents), findings.size());
    Micros longest = 0;
    for (const Incident& incident : incidents) {
      longest = std::max(longest, incident.last - incident.first);
    }
    EXPECT_LT(longest, 3600 * kMicrosPerSecond) << "one alarm every " << mean_gap << " s";
    EXPECT_LT(incidents.size(), 4 * 3600 / 20) << "nor a card for every alarm: " << mean_gap;
  }
}

TEST(IncidentGrouper, AFailureAmongFalseAlarmsBeginsWhereItBegins) {
  double sum_of_ends = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<Finding> findings = false_alarms(10, 3600, seed);
    for (Finding& finding : failure(1800)) {
      findings.push_back(std::move(finding));
    }
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.time < b.time; });
    const std::vector<Incident> incidents = grouped(findings);
    const auto worst = std::max_element(incidents.begin(), incidents.end(), [](const Incident& a, const Incident& b) {
      return a.peak_score < b.peak_score;
    });
    ASSERT_NE(worst, incidents.end());
    EXPECT_EQ(worst->severity, Severity::kCritical);
    EXPECT_NEAR(static_cast<double>(worst->first - kStart) / 1e6, 1800, 60) << "seed " << seed;
    EXPECT_LT(worst->last - kStart, 3000 * kMicrosPerSecond) << "seed " << seed;
    sum_of_ends += static_cast<double>(worst->last - kStart) / 1e6;
  }
  EXPECT_LT(sum_of_ends / 20, 2300) << "it ended at 2041 s";
}

TEST(IncidentGrouper, IsCutAtItsGreatestLength) {
  std::vector<Finding> findings;
  for (int i = 0; i < 10 * 60; ++i) {
    findings.push_back(at(i * 60.0).of(1).strength(3));
  }
  IncidentOptions options;
  options.max_seconds = 3600;
  const std::vector<Incident> incidents = grouped(findings, options);
  EXPECT_EQ(total_count(incidents), findings.size());
  EXPECT_GE(incidents.size(), 10U);
  for (const Incident& incident : incidents) {
    EXPECT_LE(incident.last - incident.first, 3600 * kMicrosPerSecond);
  }
}

TEST(IncidentGrouper, WithoutTimeTheLinesDecide) {
  const std::vector<Incident> incidents =
      grouped({at(0).of(1).line(100), at(0).of(2).line(104), at(0).of(1).line(130), at(0).of(1).line(500),
               at(0).of(1).line(501), at(0).of(1).line(501).from("other.log")});
  ASSERT_EQ(incidents.size(), 3U);
  for (const Incident& incident : incidents) {
    EXPECT_FALSE(incident.has_time);
  }
  std::vector<std::uint64_t> counts;
  for (const Incident& incident : incidents) {
    counts.push_back(incident.count);
  }
  EXPECT_THAT(counts, ElementsAre(3U, 2U, 1U));
}

TEST(IncidentGrouper, ATimeCarriedOverFromTheLineBeforeCounts) {
  Finding follower = at(5).of(2);
  follower.has_time = false;  // but its time is set
  const std::vector<Incident> incidents = grouped({at(4).of(1), follower});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_TRUE(incidents[0].has_time);
}

TEST(IncidentGrouper, LateFindingsJoinAndMoveTheBeginning) {
  const std::vector<Incident> incidents = grouped({at(100).of(1).on("a"), at(95).of(2).on("a"), at(101).of(1).on("a")});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].first, kStart + 95 * kMicrosPerSecond);
  EXPECT_EQ(incidents[0].findings[incidents[0].first_finding].template_id, TemplateId(2));
}

TEST(IncidentGrouper, OneLineFromTheFarFutureDoesNoHarm) {
  std::vector<Finding> findings = failure(0);
  findings.insert(findings.begin() + 5, at(2.4e9).of(900));
  const std::vector<Incident> incidents = grouped(findings);
  EXPECT_EQ(total_count(incidents), findings.size());
  EXPECT_LE(incidents.size(), 3U);
}

TEST(IncidentGrouper, AdvanceClosesWhatNothingCanJoin) {
  IncidentGrouper grouper{IncidentOptions{}};
  const std::string id = grouper.add(at(0).of(1));
  grouper.advance(kStart + 200 * kMicrosPerSecond);
  EXPECT_TRUE(grouper.take_closed().empty());
  grouper.advance(kStart + 301 * kMicrosPerSecond);
  const std::vector<Incident> closed = grouper.take_closed();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].id, id);
  EXPECT_TRUE(grouper.take_closed().empty());
  EXPECT_NE(grouper.add(at(302).of(1)), id);
}

TEST(IncidentGrouper, MemoryIsBounded) {
  IncidentOptions options;
  options.max_open = 4;
  options.max_findings = 10;
  IncidentGrouper grouper(options);
  std::size_t closed = 0;
  for (std::uint32_t i = 0; i < 50; ++i) {
    grouper.add(at(i * 20.0).of(i).on("host" + std::to_string(i)).in("c" + std::to_string(i)));
    closed += grouper.take_closed().size();
  }
  EXPECT_GE(closed, 46U);
  const std::vector<Incident> crowded = [&] {
    std::vector<Finding> findings;
    for (std::uint32_t i = 0; i < 500; ++i) {
      findings.push_back(at(i * 0.01).of(i).strength(i == 400 ? 4 : 2));
    }
    return grouped(findings, options);
  }();
  ASSERT_EQ(crowded.size(), 1U);
  EXPECT_EQ(crowded[0].findings.size(), 10U);
  EXPECT_EQ(crowded[0].template_count, 500U);
  EXPECT_EQ(crowded[0].findings_dropped, 490U);
  EXPECT_EQ(crowded[0].count, 500U);
  EXPECT_EQ(crowded[0].findings[0].template_id, TemplateId(0)) << "the first event is kept";
  EXPECT_EQ(crowded[0].findings[crowded[0].worst_finding].template_id, TemplateId(400)) << "and the worst";
}

TEST(IncidentGrouper, IdsAreStableAcrossRuns) {
  const std::vector<Finding> findings = false_alarms(20, 3600, 3);
  const std::vector<Incident> once = grouped(findings);
  const std::vector<Incident> again = grouped(findings);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].id, again[i].id);
    EXPECT_EQ(once[i].id.size(), 14U);
    EXPECT_EQ(once[i].id.substr(0, 2), "I-");
  }
}

TEST(IncidentGrouper, ClosedIncidentsComeInOrderOfTheirFirstEvent) {
  IncidentGrouper grouper{IncidentOptions{}};
  grouper.add(at(50).of(2).on("b").in("y"));
  grouper.add(at(20).of(1).on("a").in("x"));
  grouper.finish();
  const std::vector<Incident> closed = grouper.take_closed();
  ASSERT_EQ(closed.size(), 2U);
  EXPECT_LT(closed[0].first, closed[1].first);
}

Finding visit(double seconds) {
  return at(seconds).of(3).on("web1").in("auth").level(Level::kInfo).strength(1.1);
}

TEST(IncidentGrouper, QuietRepeatsAreOneIncidentForHalfAnHour) {
  const std::vector<Incident> incidents = grouped({visit(0), visit(700), visit(1500), visit(2400)});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 3U);
  EXPECT_EQ(incidents[1].first, kStart + 2400 * kMicrosPerSecond);
}

TEST(IncidentGrouper, WhatStatesNoLevelIsNotQuiet) {
  Finding bare = visit(0);
  bare.level = Level::kUnknown;
  Finding later = visit(700);
  later.level = Level::kUnknown;
  EXPECT_EQ(grouped({bare, later}).size(), 2U);
}

Finding silence(double seconds) {
  Finding finding = at(seconds).of(7).on("web1").in("web").level(Level::kInfo).strength(1.1);
  finding.bout = Bout{};
  finding.bout->kind = BoutKind::kSilence;
  finding.bout->start = finding.time;
  return finding;
}

// An order that is over without its payment.
Finding unpaid(double seconds) {
  Finding finding = at(seconds).of(5).strength(1.3);
  finding.whole_session = true;
  finding.reasons.emplace_back();
  finding.reasons.back().kind = reasons::kMissingStep;
  finding.session_cause = "charging <NUM> EUR";
  return finding;
}

TEST(IncidentGrouper, SessionsThatLackAStepAreOneIncident) {
  const std::vector<Incident> incidents = grouped({unpaid(0), unpaid(500), unpaid(1000), unpaid(1500)});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].count, 4U);
  EXPECT_EQ(incidents[0].title, "Missing: charging EUR");
  Finding failed = unpaid(500);
  failed.alarm = Alarm::kError;
  EXPECT_EQ(grouped({unpaid(0), failed}).size(), 2U) << "it holds a record that is not calm";
}

TEST(IncidentGrouper, ALineAndTheSessionThatEndsWithItAreTwoFindings) {
  const std::vector<Incident> incidents = grouped({at(0).of(5).strength(2.5), unpaid(1)});
  ASSERT_EQ(incidents.size(), 1U);
  ASSERT_EQ(incidents[0].findings.size(), 2U);
  EXPECT_FALSE(incidents[0].findings[0].whole_session);
  EXPECT_EQ(incidents[0].template_count, 1U);
}

TEST(IncidentGrouper, SessionsThatLackAStepNameTheBurstTheyComeIn) {
  Finding burst = at(3).of(5).on("web1").in("web").level(Level::kInfo).strength(1.6);
  burst.bout = Bout{};
  burst.bout->kind = BoutKind::kBurst;
  IncidentGrouper grouper(IncidentOptions{});
  grouper.add(unpaid(0));
  grouper.add(burst);
  for (double now = 10; now < 3000; now += 10) {
    grouper.add(unpaid(now));
    grouper.advance(kStart + static_cast<Micros>(now) * kMicrosPerSecond);
  }
  grouper.finish();
  const std::vector<Incident> closed = grouper.take_closed();
  ASSERT_EQ(closed.size(), 1U) << "as long as the burst goes on";
  EXPECT_TRUE(closed[0].findings[closed[0].worst_finding].whole_session);
  EXPECT_EQ(closed[0].title, "Missing: charging EUR");
}

Finding burst_of(double seconds, std::uint32_t id, const std::string& host) {
  Finding burst = at(seconds).of(id).on(host).in("web").level(Level::kInfo).strength(1.6);
  burst.bout.emplace();
  burst.bout->start = burst.time;
  return burst;
}

TEST(IncidentGrouper, ABurstOfOtherLinesKeepsItsName) {
  Finding full = burst_of(3, 9, "web1");
  full.template_text = "disk full on <PATH>";
  const auto stalled = [](double seconds) {
    Finding finding = unpaid(seconds);
    finding.reasons.back().kind = reasons::kStalled;
    return finding;
  };
  const std::vector<Incident> incidents = grouped({full, stalled(4), stalled(5)});
  ASSERT_EQ(incidents.size(), 1U);
  ASSERT_EQ(incidents[0].findings.size(), 2U);
  EXPECT_EQ(incidents[0].title, "web: burst: disk full on");
}

TEST(IncidentGrouper, ASilenceKeepsItsName) {
  for (const std::uint32_t id : {7U, 5U}) {
    Finding quiet = silence(0);
    quiet.template_id = TemplateId(id);
    quiet.verdict = Finding(at(0).strength(2)).verdict;
    const std::vector<Incident> incidents = grouped({quiet, unpaid(1), unpaid(2)});
    ASSERT_EQ(incidents.size(), 1U);
    ASSERT_EQ(incidents[0].findings.size(), 2U);
    EXPECT_EQ(incidents[0].title, "web: silence: Template numberh");
  }
}

TEST(IncidentGrouper, SessionsJoinABurstAsLongAsOneOfItsStreamsHasIt) {
  IncidentGrouper grouper(IncidentOptions{});
  Finding first = burst_of(0, 5, "web1");
  Finding second = burst_of(1, 5, "web2");
  grouper.add(first);
  grouper.add(second);
  const auto end = [&](Finding& burst) {
    burst.bout->over = true;
    grouper.update(burst);
  };
  end(first);
  grouper.add(unpaid(2000));
  end(second);
  grouper.add(unpaid(4500));
  grouper.finish();
  const std::vector<Incident> incidents = grouper.take_closed();
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 3U);
  EXPECT_EQ(incidents[1].count, 1U) << "none goes on";
}

TEST(IncidentGrouper, SessionsJoinABurstThatIsOnlyCounted) {
  IncidentOptions options;
  options.max_findings = 1;
  IncidentGrouper grouper(options);
  grouper.add(at(0).of(1).on("web1").in("web").strength(3));
  grouper.add(burst_of(1, 5, "web1"));
  grouper.add(unpaid(2000));
  grouper.finish();
  const std::vector<Incident> incidents = grouper.take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].count, 3U);
}

TEST(IncidentGrouper, CountsTheFindingsItHasNoRoomFor) {
  IncidentOptions options;
  options.max_findings = 2;
  const std::vector<Finding> findings = {at(0).of(5).strength(2),
                                         at(1).of(7).strength(1.5),
                                         unpaid(2),
                                         burst_of(3, 5, "web1"),
                                         silence(4),
                                         at(5).of(7).strength(1.5),
                                         unpaid(6)};
  const std::vector<Incident> crowded = grouped(findings, options);
  ASSERT_EQ(crowded.size(), 1U);
  EXPECT_EQ(crowded[0].findings.size(), 2U);
  EXPECT_EQ(crowded[0].template_count, 2U);
  EXPECT_EQ(crowded[0].findings_dropped, 3U) << "sessions, a burst and a silence";

  // One that takes the place of another is dropped no more, but the other is.
  const std::vector<Incident> displaced = grouped(
      {at(0).of(1).strength(3), at(1).of(2).strength(2), at(2).of(3).strength(2), at(3).of(3).strength(4)}, options);
  ASSERT_EQ(displaced.size(), 1U);
  EXPECT_EQ(displaced[0].findings[1].template_id, TemplateId(3));
  EXPECT_EQ(displaced[0].findings_dropped, 1U);
  EXPECT_EQ(grouped(findings)[0].findings_dropped, 0U);
}

TEST(IncidentGrouper, NewsPrefersAnyKinToAHabit) {
  Finding habit = at(15).of(6).in("orders").level(Level::kWarning).strength(1.7);
  habit.habitual = true;
  habit.session = SessionId(9);
  Finding of_same_session = unpaid(16);
  of_same_session.session = SessionId(9);
  const std::vector<Incident> incidents = grouped({unpaid(0), habit, of_same_session});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 2U);
  EXPECT_TRUE(incidents[1].habitual);
}

TEST(IncidentGrouper, AnIncidentWaitsForTheEndOfItsBout) {
  IncidentGrouper grouper(IncidentOptions{});
  Finding finding = silence(0);
  grouper.add(finding);
  grouper.advance(kStart + kMicrosPerHour);
  EXPECT_TRUE(grouper.take_closed().empty());

  finding.bout->over = true;
  finding.bout->end = finding.last_time = kStart + kMicrosPerHour;
  finding.verdict.surprise = 50;
  finding.verdict.score = 0.9;
  Finding other = finding;
  other.id = "F-000000000000";
  grouper.update(other);  // of no incident: nothing happens
  grouper.update(finding);
  grouper.advance(kStart + 2 * kMicrosPerHour);
  const std::vector<Incident> incidents = grouper.take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].last, kStart + kMicrosPerHour);
  EXPECT_EQ(incidents[0].peak_score, 0.9);
  ASSERT_EQ(incidents[0].findings.size(), 1U);
  EXPECT_TRUE(incidents[0].findings[0].bout->over);
  EXPECT_EQ(incidents[0].title, "web: silence: Template numberh");
}

TEST(IncidentGrouper, HostsThatFallSilentTogetherAreOneIncident) {
  IncidentGrouper grouper(IncidentOptions{});
  grouper.add(silence(0));
  Finding other = silence(900);
  other.host = "web2";
  other.id = "F-000000000002";
  grouper.add(other);
  grouper.finish();
  const std::vector<Incident> incidents = grouper.take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].hosts.size(), 2U);
  EXPECT_EQ(incidents[0].findings[0].count, 2U);
}

TEST(IncidentGrouper, ABoutIsAnotherFindingThanTheLinesOfItsTemplate) {
  IncidentGrouper grouper(IncidentOptions{});
  grouper.add(at(0).of(7).on("web1").in("web").strength(2));
  grouper.add(silence(1));
  grouper.finish();
  const std::vector<Incident> incidents = grouper.take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].findings.size(), 2U);
  EXPECT_EQ(incidents[0].template_count, 1U);
}

Finding habit(double seconds, std::uint32_t id) {
  Finding finding = at(seconds).of(id).on("web1").in("web").level(Level::kError).strength(2);
  finding.habitual = true;
  return finding;
}

TEST(IncidentGrouper, NewsDoesNotBeginWithAHabit) {
  const std::vector<Incident> incidents =
      grouped({habit(0, 1), habit(100, 1), at(200).of(2).on("web1").in("web").level(Level::kWarning).strength(1.6)});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_TRUE(incidents[0].habitual);
  EXPECT_FALSE(incidents[1].habitual);
  EXPECT_EQ(incidents[1].first, kStart + 200 * kMicrosPerSecond);
}

TEST(IncidentGrouper, AHabitThatRidesAlongMakesNothingWorse) {
  const Finding news = at(0).of(2).on("web1").in("web").level(Level::kWarning).strength(1.6);
  const std::vector<Incident> alone = grouped({news});
  const std::vector<Incident> together = grouped({news, habit(5, 1), habit(6, 3)});
  ASSERT_EQ(together.size(), 1U);
  EXPECT_EQ(together[0].severity, alone[0].severity);
  EXPECT_EQ(together[0].findings[together[0].worst_finding].template_id, TemplateId(2));
}

// A calm new template, by itself no kin of anything.
Finding calm_news(double seconds, std::uint32_t id) {
  Finding finding = at(seconds).of(id).on("host" + std::to_string(id)).level(Level::kInfo).strength(1.2);
  finding.new_template = true;
  return finding;
}

std::vector<Incident> after_announcement(std::vector<Finding> findings, double announced,
                                         IncidentOptions options = {}) {
  IncidentGrouper grouper(options);
  bool told = false;
  for (Finding& finding : findings) {
    if (!told && finding.time >= kStart + static_cast<Micros>(announced * 1e6)) {
      grouper.deployment(kStart + static_cast<Micros>(announced * 1e6));
      told = true;
    }
    grouper.add(std::move(finding));
  }
  grouper.finish();
  return grouper.take_closed();
}

TEST(Deployment, WhatIsNewAndCalmAfterAnAnnouncementIsOneLowIncident) {
  std::vector<Finding> findings;
  for (int i = 0; i < 8; ++i) {
    findings.push_back(calm_news(100 + 200 * i, static_cast<std::uint32_t>(10 + i)));
  }
  EXPECT_EQ(grouped(findings).size(), 8U) << "told apart without it";
  const std::vector<Incident> incidents = after_announcement(findings, 50);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_TRUE(incidents[0].deployment);
  EXPECT_EQ(incidents[0].severity, Severity::kLow);
  EXPECT_EQ(incidents[0].count, 8U);
}

TEST(Deployment, EndsAfterItsTimeAndNeverReachesBack) {
  IncidentOptions options;
  options.deployment_seconds = 600;
  const std::vector<Incident> incidents = after_announcement(
      {calm_news(0, 10), calm_news(1000, 11), calm_news(1500, 12), calm_news(1700, 13)}, 1000, options);
  ASSERT_EQ(incidents.size(), 3U);
  EXPECT_FALSE(incidents[0].deployment);
  EXPECT_TRUE(incidents[1].deployment);
  EXPECT_EQ(incidents[1].count, 2U);
  EXPECT_FALSE(incidents[2].deployment);
}

TEST(Deployment, ErrorsAndWhatIsKnownStayOutOfIt) {
  Finding error = at(300).of(20).on("db").level(Level::kError).strength(3);
  error.new_template = true;
  const Finding known = at(600).of(21).on("db").level(Level::kInfo).strength(3);
  const std::vector<Incident> incidents =
      after_announcement({calm_news(100, 10), error, known, calm_news(700, 11)}, 50);
  ASSERT_EQ(incidents.size(), 3U);
  EXPECT_TRUE(incidents[0].deployment);
  EXPECT_EQ(incidents[0].count, 2U);
  EXPECT_FALSE(incidents[1].deployment);
}

TEST(Deployment, IsNotDrawnIntoAFailureThatIsMerelyNear) {
  std::vector<Finding> findings;
  for (int i = 0; i < 20; ++i) {
    Finding error = at(95 + i).of(20).on("host10").level(Level::kError).strength(3);
    error.new_template = true;
    findings.push_back(error);
    if (i == 6) {
      findings.push_back(calm_news(101.5, 10));
    }
  }
  EXPECT_EQ(grouped(findings).size(), 1U);
  const std::vector<Incident> incidents = after_announcement(findings, 100);
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 20U);
  EXPECT_TRUE(incidents[1].deployment);
}

TEST(Deployment, ASecondAnnouncementGoesOnWithTheSameIncident) {
  IncidentGrouper grouper(IncidentOptions{});
  grouper.deployment(kStart);
  grouper.add(calm_news(1, 10));
  grouper.deployment(kStart + 1700 * kMicrosPerSecond);
  grouper.add(calm_news(3000, 11));
  grouper.finish();
  ASSERT_EQ(grouper.take_closed().size(), 1U);
}

}  // namespace
}  // namespace logdetect
