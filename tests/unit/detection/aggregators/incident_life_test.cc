#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "detection/aggregators/open_incident.h"
#include "unit/detection/samples.h"

namespace logdetect {
namespace {

using samples::At;
using samples::at;
using samples::kStart;
using ::testing::ElementsAre;
using Kin = Affinity::Kin;

constexpr Micros kSecond = kMicrosPerSecond;
constexpr Micros kNoRate = std::numeric_limits<Micros>::max();

// An incident that is fed by hand.
class Fed {
 public:
  explicit Fed(const std::vector<Finding>& findings, const IncidentOptions& options = {})
      : options_(options), incident_(findings.at(0), options, 0, kNoRate) {
    for (const Finding& finding : findings) {
      add(finding);
    }
  }
  Finding* add(const Finding& finding) {
    return incident_.join(finding, coordinate_of(finding, options_), sequence_++);
  }
  [[nodiscard]] bool takes(const Finding& finding) const {
    return incident_.affinity(finding, coordinate_of(finding, options_), kNoRate).has_value();
  }
  [[nodiscard]] bool over(Micros after) const { return incident_.is_over({kStart + after, true, {}}); }
  // Over a microsecond after that, and not before.
  void expect_end(Micros last) const {
    EXPECT_FALSE(over(last));
    EXPECT_TRUE(over(last + 1));
  }
  OpenIncident& operator*() { return incident_; }
  Incident close() { return incident_.close(); }

 private:
  IncidentOptions options_;
  OpenIncident incident_;
  std::uint64_t sequence_ = 0;
};

At loud(double seconds, std::uint32_t id = 1) {
  return at(seconds).of(id).on("a").in("x").level(Level::kError);
}
Finding quiet(double seconds, std::uint32_t id = 1) {
  return at(seconds).of(id).on("a").in("x").level(Level::kInfo).strength(1.1);
}
Finding news(double seconds, std::uint32_t id = 1) {
  Finding finding = quiet(seconds, id);
  finding.new_template = true;
  return finding;
}
Finding bout(double seconds, std::uint32_t id, const std::string& name, BoutKind kind = BoutKind::kBurst) {
  Finding finding = loud(seconds, id);
  finding.id = name;
  finding.bout.emplace();
  finding.bout->kind = kind;
  finding.bout->start = finding.time;
  return finding;
}
Finding ended(Finding finding, double last) {
  finding.bout->over = true;
  finding.last_time = finding.bout->end = kStart + static_cast<Micros>(last * 1e6);
  return finding;
}

TEST(IncidentLife, EndsAGapAfterItsLastStrongFinding) {
  Fed({loud(0)}).expect_end(300 * kSecond);
  Fed({loud(0), loud(100), loud(200).level(Level::kWarning).strength(1.1)}).expect_end(400 * kSecond);
}

TEST(IncidentLife, EndsAtItsGreatestLengthWhateverItWaitsFor) {
  IncidentOptions options;
  options.max_seconds = 1000;
  Fed({news(0)}, options).expect_end(1000 * kSecond);
  Fed({bout(0, 1, "F-1")}, options).expect_end(1000 * kSecond);
}

TEST(IncidentLife, IsNotEndedByAnotherAxis) {
  const Fed timed({loud(0)});
  EXPECT_FALSE((*Fed({loud(0)})).is_over({kStart + 9000 * kSecond, false, {}}));
  Fed lines({loud(0).line(10)});
  EXPECT_FALSE((*lines).is_over({9'000'000 * kSecond, false, "other.log"}));
  EXPECT_FALSE((*lines).is_over({9'000'000 * kSecond, true, "app.log"}));
  EXPECT_FALSE((*lines).is_over({60 * 6 * kSecond, false, "app.log"}));
  EXPECT_TRUE((*lines).is_over({61 * 6 * kSecond, false, "app.log"}));
}

TEST(QuietFindings, WaitForTheirRepeatsForHalfAnHour) {
  Fed visits({quiet(0)});
  visits.expect_end(1800 * kSecond);
  EXPECT_TRUE(visits.takes(quiet(1800)));
  EXPECT_FALSE(visits.takes(quiet(1800.001)));
  EXPECT_FALSE(visits.takes(quiet(1000, 2))) << "another template";
  visits.add(quiet(1700));
  EXPECT_FALSE(visits.takes(quiet(1900))) << "half an hour from the beginning";
}

TEST(QuietFindings, AreKnownCalmAndOfALevel) {
  for (const auto change : {+[](Finding& finding) { finding.level = Level::kWarning; },
                            +[](Finding& finding) { finding.level = Level::kUnknown; },
                            +[](Finding& finding) { finding.alarm = Alarm::kWarning; },
                            +[](Finding& finding) { finding.habitual = true; }}) {
    Finding other = quiet(1000);
    change(other);
    EXPECT_FALSE(Fed({quiet(0)}).takes(other));
    Finding first = quiet(0);
    change(first);
    EXPECT_FALSE(Fed({first}).takes(quiet(1000)));
  }
  Finding session = quiet(1000);
  session.level = Level::kUnknown;
  session.whole_session = true;
  EXPECT_TRUE(Fed({quiet(0)}).takes(session)) << "a session needs no level";
  EXPECT_FALSE(Fed({quiet(0), quiet(1, 2), loud(2)}).takes(quiet(1000))) << "not quiet any more";
}

TEST(CalmNews, WaitsForItsRepeatsAsLongAsItIsCalm) {
  const Fed greetings({news(0)});
  EXPECT_TRUE(greetings.takes(news(14'400)));
  EXPECT_FALSE(greetings.takes(news(14'401)));
  EXPECT_FALSE(greetings.takes(news(200, 2)));
  EXPECT_FALSE(greetings.takes(quiet(200))) << "known";
  EXPECT_FALSE(Fed({news(0), loud(1)}).takes(news(1000)));
  EXPECT_FALSE(Fed({quiet(0), news(1)}).takes(news(1900)));
}

TEST(CalmNews, OfALogWithoutTimeDoesNotWait) {
  Finding first = news(0);
  first.has_time = false;
  first.time = 0;
  first.position.line = 1;
  Finding later = first;
  later.position.line = 100;
  Fed lines({first});
  EXPECT_FALSE(lines.takes(later));
  EXPECT_TRUE((*lines).is_over(coordinate_of(later, {})));
}

TEST(Deployments, TakeCalmNewsFromTheirAnnouncementToTheirEnd) {
  IncidentOptions options;
  options.deployment_seconds = 600;
  Fed incident({news(0)}, options);
  EXPECT_FALSE((*incident).is_deployment());
  (*incident).deployed(kStart + 100 * kSecond);
  EXPECT_TRUE((*incident).is_deployment());
  const auto stranger = [](double seconds) {
    Finding finding = news(seconds, 2);
    finding.host = finding.component = "elsewhere";
    return finding;
  };
  EXPECT_FALSE(incident.takes(stranger(99.9)));
  EXPECT_TRUE(incident.takes(stranger(100)));
  EXPECT_TRUE(incident.takes(stranger(700)));
  EXPECT_FALSE(incident.takes(stranger(700.001)));
  (*incident).deployed(kStart + 50 * kSecond);
  EXPECT_TRUE(incident.takes(stranger(700))) << "the later announcement counts";
  incident.add(loud(200));
  EXPECT_FALSE((*incident).is_deployment()) << "calm no more";
}

TEST(Bouts, KeepTheirIncidentOpenUntilTheLastIsOver) {
  Fed incident({bout(0, 1, "F-1"), bout(1, 1, "F-2")});
  EXPECT_FALSE(incident.over(9000 * kSecond));
  EXPECT_TRUE((*incident).update(ended(bout(0, 1, "F-1"), 50)));
  EXPECT_FALSE(incident.over(9000 * kSecond));
  EXPECT_FALSE((*incident).update(ended(bout(0, 1, "F-1"), 60))) << "it is over already";
  EXPECT_TRUE((*incident).update(ended(bout(1, 1, "F-2"), 70)));
  incident.expect_end(301 * kSecond);
  EXPECT_EQ(incident.close().last, kStart + 70 * kSecond);
}

TEST(Bouts, OfAKindJoinAsLongAsOneGoesOn) {
  Fed incident({bout(0, 1, "F-1", BoutKind::kSilence)});
  EXPECT_TRUE(incident.takes(bout(900, 1, "F-2", BoutKind::kSilence)));
  EXPECT_FALSE(incident.takes(bout(900, 1, "F-2", BoutKind::kBurst)));
  EXPECT_FALSE(incident.takes(bout(900, 2, "F-2", BoutKind::kSilence)));
  Finding session = loud(900, 1);
  session.whole_session = true;
  EXPECT_FALSE(incident.takes(session)) << "sessions end with bursts, not with silences";
  (*incident).update(ended(bout(0, 1, "F-1", BoutKind::kSilence), 50));
  EXPECT_FALSE(incident.takes(bout(900, 1, "F-2", BoutKind::kSilence)));
}

TEST(Bouts, OfSeveralStreamsTellOfTheStrangest) {
  Finding first = bout(0, 1, "F-1");
  Finding second = bout(1, 1, "F-2");
  Fed incident({first, second});
  const auto told = [](Finding finding, double strength, double observed) {
    finding.verdict = Finding(at(0).strength(strength)).verdict;
    finding.bout->observed = observed;
    return finding;
  };
  (*incident).update(told(first, 3, 30));
  (*incident).update(told(second, 3, 31));
  (*incident).update(told(second, 2.9, 29));
  Fed other({first, second});
  (*other).update(told(first, 3, 30));
  (*other).update(told(second, 3.1, 32));
  EXPECT_EQ(incident.close().findings.at(0).bout->observed, 30);
  EXPECT_EQ(other.close().findings.at(0).bout->observed, 32);
}

TEST(IncidentMemory, ShowsEightHostsAndComponents) {
  std::vector<Finding> findings;
  for (int i = 0; i < 12; ++i) {
    findings.push_back(loud(i).on("h" + std::to_string(i % 9)).in("c" + std::to_string(i % 9)));
  }
  const Incident incident = Fed(findings).close();
  EXPECT_THAT(incident.hosts, ElementsAre("h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7"));
  EXPECT_EQ(incident.components.size(), 8U);
}

TEST(IncidentMemory, KnowsAsManyNamesAndSessionsAsItRemembers) {
  std::vector<Finding> findings;
  for (std::uint32_t i = 0; i < 4'097; ++i) {
    findings.push_back(loud(0).on("h" + std::to_string(i)).in("c" + std::to_string(i)).session(i + 1));
  }
  const Fed incident(findings);
  EXPECT_TRUE(incident.takes(loud(100, 2).on("z").in("c255")));
  EXPECT_FALSE(incident.takes(loud(100, 2).on("z").in("c256")));
  EXPECT_TRUE(incident.takes(loud(50, 2).on("h255").in("z")));
  EXPECT_FALSE(incident.takes(loud(50, 2).on("h256").in("z")));
  EXPECT_TRUE(incident.takes(loud(200, 2).on("z").in("z").session(4'096)));
  EXPECT_FALSE(incident.takes(loud(200, 2).on("z").in("z").session(4'097)));
}

TEST(ClosedIncident, HasTheSpanAndTheCountsOfAll) {
  Finding many = loud(10, 2);
  many.count = 5;
  many.last_time = kStart + 40 * kSecond;
  const Incident incident = Fed({loud(0), many, loud(-5)}).close();
  EXPECT_EQ(incident.first, kStart - 5 * kSecond);
  EXPECT_EQ(incident.last, kStart + 40 * kSecond);
  EXPECT_EQ(incident.count, 7U);
  EXPECT_EQ(incident.template_count, 2U);
  EXPECT_TRUE(incident.has_time);
  EXPECT_FALSE(incident.habitual);
  EXPECT_FALSE(incident.deployment);
  ASSERT_EQ(incident.findings.size(), 2U);
  EXPECT_EQ(incident.findings[0].count, 2U);
  EXPECT_EQ(incident.findings[1].last_time, kStart + 40 * kSecond);
  Finding single = loud(10);
  single.last_time = 0;  // says nothing of a single event
  EXPECT_EQ(Fed({single}).close().last, kStart + 10 * kSecond);
}

TEST(ClosedIncident, FirstAndWorstAreTheEarliestOfEquals) {
  const Incident equal = Fed({loud(0, 1), loud(0, 2), loud(0, 3)}).close();
  EXPECT_EQ(equal.first_finding, 0U);
  EXPECT_EQ(equal.worst_finding, 0U);
  const Incident mixed = Fed({loud(2, 1), loud(1, 2).strength(3), loud(0, 3).strength(2.5)}).close();
  EXPECT_EQ(mixed.first_finding, 2U);
  EXPECT_EQ(mixed.worst_finding, 1U);
}

TEST(ClosedIncident, OneSessionAloneDoesNotNameABurst) {
  Finding burst = bout(0, 1, "F-1");
  Finding unpaid = loud(1, 1).strength(1.5);
  unpaid.whole_session = true;
  unpaid.reasons.emplace_back().kind = reasons::kMissingStep;
  EXPECT_EQ(Fed({burst, unpaid}).close().worst_finding, 0U);
  unpaid.count = 2;
  EXPECT_EQ(Fed({burst, unpaid}).close().worst_finding, 1U);
  unpaid.reasons[0].kind = reasons::kSlow;
  EXPECT_EQ(Fed({burst, unpaid}).close().worst_finding, 0U) << "it lacks nothing";
}

TEST(OpenIncident, KnowsWhenItBeganAndWhenItWasTouched) {
  OpenIncident incident(loud(0), {}, 7, kNoRate);
  EXPECT_EQ(incident.begun(), 7U);
  EXPECT_EQ(incident.touched(), 7U);
  const Finding finding = loud(1);
  incident.join(finding, coordinate_of(finding, {}), 12);
  EXPECT_EQ(incident.begun(), 7U);
  EXPECT_EQ(incident.touched(), 12U);
}

}  // namespace
}  // namespace logdetect
