#include "logdetect/detection/aggregator.h"

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

TEST(Nearness, NothingGivesNothing) {
  EXPECT_TRUE(grouped({}).empty());
}

TEST(Nearness, OneFailureIsOneIncident) {
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

TEST(Nearness, TwoFailuresAnHourApartAreTwo) {
  std::vector<Finding> findings = failure(0);
  for (Finding& finding : failure(3600)) {
    findings.push_back(std::move(finding));
  }
  const std::vector<Incident> incidents = grouped(findings);
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_NE(incidents[0].id, incidents[1].id);
  EXPECT_EQ(incidents[1].first, kStart + 3600 * kMicrosPerSecond);
}

TEST(Nearness, CollapsesRepeatsAndKeepsTheStrongestVerdict) {
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

TEST(Nearness, AKeptFindingHasTheGravestLevelOfItsRepeats) {
  const std::vector<Incident> incidents =
      grouped({at(0).of(7).level(Level::kWarning).strength(3), at(1).of(7).level(Level::kError).strength(2),
               at(2).of(7).level(Level::kInfo).strength(4)});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].findings[0].level, Level::kError);
}

TEST(Nearness, ARepeatIsNoNewTemplateHoweverManyThereAre) {
  constexpr std::uint32_t kTold = 65'536;
  IncidentOptions options;
  options.max_findings = 10;
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  for (std::uint32_t i = 0; i < kTold + 100; ++i) {
    aggregator->add(at(i * 0.001).of(i));
  }
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    aggregator->add(at(66 + i * 0.001).of(kTold + i % 100));
  }
  aggregator->finish();
  const std::vector<Incident> closed = aggregator->take_closed();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].count, kTold + 1'100U);
  EXPECT_EQ(closed[0].template_count, kTold);
}

TEST(Nearness, UnrelatedHostsFarApartInTimeStaySeparate) {
  const std::vector<Incident> incidents = grouped({at(0).of(1).on("a").in("x"), at(40).of(2).on("b").in("y"),
                                                   at(80).of(1).on("a").in("x"), at(90).of(2).on("b").in("y")});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_THAT(incidents[0].hosts, ElementsAre("a"));
  EXPECT_THAT(incidents[1].hosts, ElementsAre("b"));
}

TEST(Nearness, ACascadeWithinSecondsCrossesHosts) {
  EXPECT_EQ(grouped({at(0).of(1).on("a").in("x"), at(6).of(2).on("b").in("y"), at(12).of(3).on("c").in("z")}).size(),
            1U);
}

TEST(Nearness, ASessionHoldsTogetherWhatTimeDoesNot) {
  EXPECT_EQ(grouped({at(0).of(1).on("a").session(9), at(200).of(2).on("b").session(9)}).size(), 1U);
  EXPECT_EQ(grouped({at(0).of(1).on("a").session(9), at(200).of(2).on("b").session(8)}).size(), 2U);
}

TEST(Nearness, ANewFailureDoesNotHideInAnOldSteadyOne) {
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

TEST(Nearness, SteadyFalseAlarmsDoNotFormAnEndlessIncident) {
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

TEST(Nearness, AFailureAmongFalseAlarmsBeginsWhereItBegins) {
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

TEST(Nearness, IsCutAtItsGreatestLength) {
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

TEST(Nearness, WithoutTimeTheLinesDecide) {
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

TEST(Nearness, ATimeCarriedOverFromTheLineBeforeCounts) {
  Finding follower = at(5).of(2);
  follower.has_time = false;  // but its time is set
  const std::vector<Incident> incidents = grouped({at(4).of(1), follower});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_TRUE(incidents[0].has_time);
}

TEST(Nearness, LateFindingsJoinAndMoveTheBeginning) {
  const std::vector<Incident> incidents = grouped({at(100).of(1).on("a"), at(95).of(2).on("a"), at(101).of(1).on("a")});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].first, kStart + 95 * kMicrosPerSecond);
  EXPECT_EQ(incidents[0].findings[incidents[0].first_finding].template_id, TemplateId(2));
}

TEST(Nearness, OneLineFromTheFarFutureDoesNoHarm) {
  std::vector<Finding> findings = failure(0);
  findings.insert(findings.begin() + 5, at(2.4e9).of(900));
  const std::vector<Incident> incidents = grouped(findings);
  EXPECT_EQ(total_count(incidents), findings.size());
  EXPECT_LE(incidents.size(), 3U);
}

TEST(Nearness, AdvanceClosesWhatNothingCanJoin) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  const std::string id = aggregator->add(at(0).of(1)).incident_id;
  aggregator->advance(kStart + 200 * kMicrosPerSecond);
  EXPECT_TRUE(aggregator->take_closed().empty());
  aggregator->advance(kStart + 301 * kMicrosPerSecond);
  const std::vector<Incident> closed = aggregator->take_closed();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].id, id);
  EXPECT_TRUE(aggregator->take_closed().empty());
  EXPECT_NE(aggregator->add(at(302).of(1)).incident_id, id);
}

TEST(Nearness, MemoryIsBounded) {
  IncidentOptions options;
  options.max_open = 4;
  options.max_findings = 10;
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  std::size_t closed = 0;
  for (std::uint32_t i = 0; i < 50; ++i) {
    aggregator->add(at(i * 20.0).of(i).on("host" + std::to_string(i)).in("c" + std::to_string(i)));
    closed += aggregator->take_closed().size();
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

TEST(Nearness, IdsAreStableAcrossRuns) {
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

TEST(Nearness, ClosedIncidentsComeInOrderOfTheirFirstEvent) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  aggregator->add(at(50).of(2).on("b").in("y"));
  aggregator->add(at(20).of(1).on("a").in("x"));
  aggregator->finish();
  const std::vector<Incident> closed = aggregator->take_closed();
  ASSERT_EQ(closed.size(), 2U);
  EXPECT_LT(closed[0].first, closed[1].first);
}

// A calm new template, by itself no kin of anything.
Finding calm_news(double seconds, std::uint32_t id) {
  Finding finding = at(seconds).of(id).on("host" + std::to_string(id)).level(Level::kInfo).strength(1.2);
  finding.new_template = true;
  return finding;
}

std::vector<Incident> after_announcement(std::vector<Finding> findings, double announced,
                                         IncidentOptions options = {}) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  bool told = false;
  for (Finding& finding : findings) {
    if (!told && finding.time >= kStart + static_cast<Micros>(announced * 1e6)) {
      aggregator->deployment(kStart + static_cast<Micros>(announced * 1e6));
      told = true;
    }
    aggregator->add(std::move(finding));
  }
  aggregator->finish();
  return aggregator->take_closed();
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
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  aggregator->deployment(kStart);
  aggregator->add(calm_news(1, 10));
  aggregator->deployment(kStart + 1700 * kMicrosPerSecond);
  aggregator->add(calm_news(3000, 11));
  aggregator->finish();
  ASSERT_EQ(aggregator->take_closed().size(), 1U);
}

}  // namespace
}  // namespace logdetect
