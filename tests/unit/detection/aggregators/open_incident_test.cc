#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logdetect/detection/aggregator.h"
#include "unit/detection/samples.h"

namespace logdetect {
namespace {

using samples::at;
using samples::grouped;
using samples::kStart;
using testing::ElementsAre;

Finding visit(double seconds) {
  return at(seconds).of(3).on("web1").in("auth").level(Level::kInfo).strength(1.1);
}

TEST(OpenIncident, QuietRepeatsAreOneIncidentForHalfAnHour) {
  const std::vector<Incident> incidents = grouped({visit(0), visit(700), visit(1500), visit(2400)});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 3U);
  EXPECT_EQ(incidents[1].first, kStart + 2400 * kMicrosPerSecond);
}

TEST(OpenIncident, WhatStatesNoLevelIsNotQuiet) {
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

TEST(OpenIncident, SessionsThatLackAStepAreOneIncident) {
  const std::vector<Incident> incidents = grouped({unpaid(0), unpaid(500), unpaid(1000), unpaid(1500)});
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].count, 4U);
  EXPECT_EQ(incidents[0].title, "Missing: charging EUR");
  Finding failed = unpaid(500);
  failed.alarm = Alarm::kError;
  EXPECT_EQ(grouped({unpaid(0), failed}).size(), 2U) << "it holds a record that is not calm";
}

TEST(OpenIncident, ALineAndTheSessionThatEndsWithItAreTwoFindings) {
  const std::vector<Incident> incidents = grouped({at(0).of(5).strength(2.5), unpaid(1)});
  ASSERT_EQ(incidents.size(), 1U);
  ASSERT_EQ(incidents[0].findings.size(), 2U);
  EXPECT_FALSE(incidents[0].findings[0].whole_session);
  EXPECT_EQ(incidents[0].template_count, 1U);
}

TEST(OpenIncident, SessionsThatLackAStepNameTheBurstTheyComeIn) {
  Finding burst = at(3).of(5).on("web1").in("web").level(Level::kInfo).strength(1.6);
  burst.bout = Bout{};
  burst.bout->kind = BoutKind::kBurst;
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  aggregator->add(unpaid(0));
  aggregator->add(burst);
  for (double now = 10; now < 3000; now += 10) {
    aggregator->add(unpaid(now));
    aggregator->advance(kStart + static_cast<Micros>(now) * kMicrosPerSecond);
  }
  aggregator->finish();
  const std::vector<Incident> closed = aggregator->take_closed();
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

TEST(OpenIncident, ABurstOfOtherLinesKeepsItsName) {
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

TEST(OpenIncident, ASilenceKeepsItsName) {
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

TEST(OpenIncident, SessionsJoinABurstAsLongAsOneOfItsStreamsHasIt) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  Finding first = burst_of(0, 5, "web1");
  Finding second = burst_of(1, 5, "web2");
  aggregator->add(first);
  aggregator->add(second);
  const auto end = [&](Finding& burst) {
    burst.bout->over = true;
    aggregator->update(burst);
  };
  end(first);
  aggregator->add(unpaid(2000));
  end(second);
  aggregator->add(unpaid(4500));
  aggregator->finish();
  const std::vector<Incident> incidents = aggregator->take_closed();
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_EQ(incidents[0].count, 3U);
  EXPECT_EQ(incidents[1].count, 1U) << "none goes on";
}

TEST(OpenIncident, SessionsJoinABurstThatIsOnlyCounted) {
  IncidentOptions options;
  options.max_findings = 1;
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  aggregator->add(at(0).of(1).on("web1").in("web").strength(3));
  aggregator->add(burst_of(1, 5, "web1"));
  aggregator->add(unpaid(2000));
  aggregator->finish();
  const std::vector<Incident> incidents = aggregator->take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].count, 3U);
}

TEST(OpenIncident, CountsTheFindingsItHasNoRoomFor) {
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

TEST(OpenIncident, NewsPrefersAnyKinToAHabit) {
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

TEST(OpenIncident, AnIncidentWaitsForTheEndOfItsBout) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  Finding finding = silence(0);
  aggregator->add(finding);
  aggregator->advance(kStart + kMicrosPerHour);
  EXPECT_TRUE(aggregator->take_closed().empty());

  finding.bout->over = true;
  finding.bout->end = finding.last_time = kStart + kMicrosPerHour;
  finding.verdict.surprise = 50;
  finding.verdict.score = 0.9;
  Finding other = finding;
  other.id = "F-000000000000";
  aggregator->update(other);  // of no incident: nothing happens
  aggregator->update(finding);
  aggregator->advance(kStart + 2 * kMicrosPerHour);
  const std::vector<Incident> incidents = aggregator->take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].last, kStart + kMicrosPerHour);
  EXPECT_EQ(incidents[0].peak_score, 0.9);
  ASSERT_EQ(incidents[0].findings.size(), 1U);
  EXPECT_TRUE(incidents[0].findings[0].bout->over);
  EXPECT_EQ(incidents[0].title, "web: silence: Template numberh");
}

TEST(OpenIncident, HostsThatFallSilentTogetherAreOneIncident) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  aggregator->add(silence(0));
  Finding other = silence(900);
  other.host = "web2";
  other.id = "F-000000000002";
  aggregator->add(other);
  aggregator->finish();
  const std::vector<Incident> incidents = aggregator->take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].hosts.size(), 2U);
  EXPECT_EQ(incidents[0].findings[0].count, 2U);
}

TEST(OpenIncident, ABoutIsAnotherFindingThanTheLinesOfItsTemplate) {
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(IncidentOptions{});
  aggregator->add(at(0).of(7).on("web1").in("web").strength(2));
  aggregator->add(silence(1));
  aggregator->finish();
  const std::vector<Incident> incidents = aggregator->take_closed();
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].findings.size(), 2U);
  EXPECT_EQ(incidents[0].template_count, 1U);
}

Finding habit(double seconds, std::uint32_t id) {
  Finding finding = at(seconds).of(id).on("web1").in("web").level(Level::kError).strength(2);
  finding.habitual = true;
  return finding;
}

TEST(OpenIncident, NewsDoesNotBeginWithAHabit) {
  const std::vector<Incident> incidents =
      grouped({habit(0, 1), habit(100, 1), at(200).of(2).on("web1").in("web").level(Level::kWarning).strength(1.6)});
  ASSERT_EQ(incidents.size(), 2U);
  EXPECT_TRUE(incidents[0].habitual);
  EXPECT_FALSE(incidents[1].habitual);
  EXPECT_EQ(incidents[1].first, kStart + 200 * kMicrosPerSecond);
}

TEST(OpenIncident, AHabitThatRidesAlongMakesNothingWorse) {
  const Finding news = at(0).of(2).on("web1").in("web").level(Level::kWarning).strength(1.6);
  const std::vector<Incident> alone = grouped({news});
  const std::vector<Incident> together = grouped({news, habit(5, 1), habit(6, 3)});
  ASSERT_EQ(together.size(), 1U);
  EXPECT_EQ(together[0].severity, alone[0].severity);
  EXPECT_EQ(together[0].findings[together[0].worst_finding].template_id, TemplateId(2));
}

Finding explained(Finding finding, const std::string& why) {
  finding.message = "line of " + why;
  finding.reasons = {Reason{}};
  finding.reasons[0].sentence = why;
  return finding;
}

class Repeats : public ::testing::Test {
 protected:
  Finding* add(const Finding& finding) { return aggregator_->add(finding).kept; }
  Finding kept(std::size_t i = 0) {
    aggregator_->finish();
    const std::vector<Incident> closed = aggregator_->take_closed();
    EXPECT_EQ(closed.size(), 1U);
    return closed.at(0).findings.at(i);
  }
  std::unique_ptr<Aggregator> aggregator_ = make_aggregator(IncidentOptions{});
};

TEST_F(Repeats, AreKeptOnlyIfClearlyStranger) {
  ASSERT_NE(add(at(0).of(7).strength(2)), nullptr);
  EXPECT_EQ(add(at(1).of(7).strength(2)), nullptr);
  EXPECT_EQ(add(at(2).of(7).strength(2.04)), nullptr);  // 2 % is not more, it is creeping
  EXPECT_NE(add(at(3).of(7).strength(2.05)), nullptr);
  EXPECT_EQ(add(at(4).of(7).strength(2.05)), nullptr);
}

TEST_F(Repeats, GiveTheirReasonsAndKeepTheWordsOfTheFirst) {
  *add(at(0).of(7).strength(2)) = explained(at(0).of(7).strength(2), "the first");
  Finding* const stronger = add(at(10).of(7).strength(4));
  ASSERT_NE(stronger, nullptr);
  stronger->message = "not this line";
  stronger->reasons = {Reason{}};
  stronger->reasons[0].sentence = "much more of it";
  stronger->detectors = {{DetectorId(1), 3, 4}};
  const Finding finding = kept();
  EXPECT_EQ(finding.message, "line of the first");
  EXPECT_EQ(finding.time, kStart);
  EXPECT_EQ(finding.count, 2U);
  EXPECT_DOUBLE_EQ(finding.verdict.surprise, 20);
  EXPECT_EQ(finding.reasons.at(0).sentence, "much more of it");
  ASSERT_EQ(finding.detectors.size(), 1U);
}

TEST_F(Repeats, OfHabitsThatAreNewsCountHoweverWeak) {
  Finding habitual = explained(at(0).of(7).strength(3), "a habit");
  habitual.habitual = true;
  *add(habitual) = habitual;
  Finding* const news = add(at(1).of(7).strength(2));
  ASSERT_NE(news, nullptr);
  news->reasons = {Reason{}};
  news->reasons[0].sentence = "at another time of day";
  const Finding finding = kept();
  EXPECT_FALSE(finding.habitual);
  EXPECT_DOUBLE_EQ(finding.verdict.surprise, 10);
  EXPECT_EQ(finding.reasons.at(0).sentence, "at another time of day");
}

TEST_F(Repeats, OfABoutGiveWayToWhatIsKnownLater) {
  Finding first = silence(0);
  *add(first) = first;
  Finding second = silence(10);
  second.id = "F-2";
  second.verdict.surprise = 2 * first.verdict.surprise;
  Finding* const stronger = add(second);
  ASSERT_NE(stronger, nullptr);
  stronger->reasons = {Reason{}};
  stronger->reasons[0].sentence = "silent for 10 s";
  first.reasons = {Reason{}};
  first.reasons[0].sentence = "silent for 90 s";
  first.last_time = kStart + 90 * kMicrosPerSecond;
  aggregator_->update(first);
  const Finding finding = kept();
  EXPECT_EQ(finding.reasons.at(0).sentence, "silent for 90 s");
  EXPECT_DOUBLE_EQ(finding.verdict.surprise, first.verdict.surprise);
}

TEST(OpenIncident, WithoutRoomKeepsTheFirstAndTheStrangest) {
  IncidentOptions options;
  options.max_findings = 2;
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  EXPECT_NE(aggregator->add(at(0).of(1).strength(2)).kept, nullptr);
  EXPECT_NE(aggregator->add(at(1).of(2).strength(3)).kept, nullptr);
  EXPECT_EQ(aggregator->add(at(2).of(3).strength(2.9)).kept, nullptr);
  Finding* const worst = aggregator->add(at(3).of(4).strength(3)).kept;  // as strange as the strangest
  ASSERT_NE(worst, nullptr);
  EXPECT_EQ(worst->template_id, TemplateId(4));
  aggregator->finish();
  const std::vector<Incident> closed = aggregator->take_closed();
  ASSERT_EQ(closed.size(), 1U);
  ASSERT_EQ(closed[0].findings.size(), 2U);
  EXPECT_EQ(closed[0].findings[0].template_id, TemplateId(1));
  EXPECT_EQ(closed[0].findings[1].template_id, TemplateId(4));
  EXPECT_EQ(closed[0].findings_dropped, 2U);
}

TEST(OpenIncident, WithRoomForOneKeepsTheFirst) {
  IncidentOptions options;
  options.max_findings = 1;
  const std::unique_ptr<Aggregator> aggregator = make_aggregator(options);
  EXPECT_NE(aggregator->add(at(0).of(1).strength(2)).kept, nullptr);
  EXPECT_EQ(aggregator->add(at(1).of(2).strength(9)).kept, nullptr);
}

}  // namespace
}  // namespace logdetect
