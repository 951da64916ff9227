#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "detection/aggregators/open_incident.h"
#include "unit/detection/samples.h"

namespace logdetect {
namespace {

using samples::at;
using samples::At;
using samples::kStart;
using Kin = Affinity::Kin;

constexpr Micros kSecond = kMicrosPerSecond;
constexpr Micros kNoRate = std::numeric_limits<Micros>::max();

OpenIncident grown(const std::vector<Finding>& findings, const IncidentOptions& options = {},
                   Micros usual_gap = kNoRate) {
  OpenIncident incident(findings.at(0), options, 0, usual_gap);
  std::uint64_t sequence = 0;
  for (const Finding& finding : findings) {
    incident.join(finding, coordinate_of(finding, options), sequence++);
  }
  return incident;
}

std::optional<Kin> kin(const OpenIncident& incident, const Finding& finding, Micros usual_gap = kNoRate) {
  const auto found = incident.affinity(finding, coordinate_of(finding, IncidentOptions{}), usual_gap);
  return found ? std::optional(found->kin) : std::nullopt;
}

Finding moved(Finding finding, Micros by) {
  finding.time += by;
  finding.last_time += by;
  return finding;
}

// The finding is such kin, and one a microsecond further from the beginning is `then`.
void expect_edge(const OpenIncident& incident, const Finding& finding, Kin now, std::optional<Kin> then = {},
                 Micros usual_gap = kNoRate) {
  const Micros away = finding.time < kStart ? -1 : 1;
  EXPECT_EQ(kin(incident, finding, usual_gap), now);
  EXPECT_EQ(kin(incident, moved(finding, away), usual_gap), then);
}

At strong(double seconds, std::uint32_t id = 1) {
  return at(seconds).of(id).on("a").in("x").level(Level::kWarning);
}

TEST(Affinity, CloserKinWinsThenTheNearer) {
  const Affinity host{Kin::kHost, 50};
  EXPECT_TRUE(host.better_than({Kin::kNear, 1}));
  EXPECT_FALSE(host.better_than({Kin::kComponent, 99}));
  EXPECT_TRUE(host.better_than({Kin::kHost, 51}));
  EXPECT_FALSE(host.better_than({Kin::kHost, 50}));
  EXPECT_FALSE(host.better_than({Kin::kHost, 49}));
}

TEST(CoordinateOf, IsTheTimeOrTheStretchedLine) {
  IncidentOptions options;
  options.gap_seconds = 300;
  const Coordinate timed = coordinate_of(at(5), options);
  EXPECT_TRUE(timed.timed);
  EXPECT_EQ(timed.at, kStart + 5 * kSecond);
  EXPECT_EQ(timed.source, "");
  const Coordinate line = coordinate_of(at(5).line(50).from("b.log"), options);
  EXPECT_FALSE(line.timed);
  EXPECT_EQ(line.at, 300 * kSecond) << "50 lines are as long as the gap";
  EXPECT_EQ(line.source, "b.log");
  Finding carried = at(5);
  carried.has_time = false;
  EXPECT_TRUE(coordinate_of(carried, options).timed);
  Finding epoch = at(5);
  epoch.time = 0;
  EXPECT_TRUE(coordinate_of(epoch, options).timed) << "1970 is a time";
  options.gap_seconds = 0;
  EXPECT_EQ(coordinate_of(at(5).line(50), options).at, kSecond) << "a gap of nothing is taken for a second";
  EXPECT_EQ(coordinate_of(at(5).line(100'000'000'000), options).at, coordinate_of(at(5).line(UINT64_MAX), options).at);
  EXPECT_LT(coordinate_of(at(5).line(99'999'999'999), options).at,
            coordinate_of(at(5).line(100'000'000'000), options).at);
}

TEST(IsStrong, BeginsAtOneAndAHalfThresholdsAndEarlierForErrors) {
  const auto is = [](Level level, double thresholds) { return is_strong(at(0).level(level).strength(thresholds)); };
  for (const Level level : {Level::kUnknown, Level::kInfo, Level::kWarning}) {
    EXPECT_TRUE(is(level, 1.5));
    EXPECT_FALSE(is(level, 1.499));
  }
  for (const Level level : {Level::kError, Level::kCritical, Level::kFatal}) {
    EXPECT_TRUE(is(level, 1.2));
    EXPECT_FALSE(is(level, 1.199));
  }
}

TEST(IsCalm, IsWhatCallsItselfNeitherErrorNorWarning) {
  for (const Level level : {Level::kUnknown, Level::kTrace, Level::kInfo, Level::kNotice}) {
    EXPECT_TRUE(is_calm(at(0).level(level)));
  }
  EXPECT_FALSE(is_calm(at(0).level(Level::kWarning)));
  EXPECT_FALSE(is_calm(at(0).level(Level::kError)));
  Finding words = at(0).level(Level::kInfo);
  words.alarm = Alarm::kWarning;
  EXPECT_FALSE(is_calm(words));
}

TEST(Background, IsTheSumOfMomentsThatFadeOverHalfAnHour) {
  Background background;
  EXPECT_EQ(background.mean_gap(kStart), kNoRate) << "before there is any";
  const std::vector<double> moments = {0, 0.5, 1, 60, 60.999, 2000, 4000};  // two come within a second of the last
  for (const double seconds : moments) {
    background.add(kStart + static_cast<Micros>(seconds * 1e6));
  }
  const auto expected = [](double now) {
    double rate = 0;
    for (const double seconds : {0.0, 1.0, 60.0, 2000.0, 4000.0}) {
      rate += std::exp(-(now - seconds) / 1800) / 1800;
    }
    return 1e6 / rate;
  };
  for (const double now : {4000.0, 4001.0, 5800.0, 20'000.0}) {
    const Micros gap = background.mean_gap(kStart + static_cast<Micros>(now * 1e6));
    EXPECT_NEAR(static_cast<double>(gap) / expected(now), 1, 1e-6) << now;
  }
  EXPECT_EQ(background.mean_gap(kStart + 3000 * kSecond), background.mean_gap(kStart + 4000 * kSecond))
      << "a late look is one at the last moment";
  EXPECT_EQ(background.mean_gap(kStart + 200'000 * kSecond), kNoRate) << "faded away";
}

TEST(Background, OneMomentIsOneInHalfAnHour) {
  Background background;
  background.add(kStart);
  EXPECT_NEAR(static_cast<double>(background.mean_gap(kStart)), 1800e6, 10);
}

TEST(AffinityLimits, OfEachKinOfAnIncidentThatIsNew) {
  const OpenIncident incident = grown({strong(0).session(9)});
  expect_edge(incident, strong(300).on("b").in("y"), Kin::kTemplate);
  expect_edge(incident, strong(300, 2).on("b").in("y").session(9), Kin::kSession);
  expect_edge(incident, strong(150, 2).on("b"), Kin::kComponent);
  expect_edge(incident, strong(75, 2).in("y"), Kin::kHost);
  expect_edge(incident, strong(10, 2).on("b").in("y"), Kin::kNear);
}

TEST(AffinityLimits, AreTheSameBeforeItsBeginning) {
  const OpenIncident incident = grown({strong(0).session(9)});
  expect_edge(incident, strong(-300).on("b").in("y"), Kin::kTemplate);
  expect_edge(incident, strong(-300, 2).on("b").in("y").session(9), Kin::kSession);
  expect_edge(incident, strong(-150, 2).on("b"), Kin::kComponent);
  expect_edge(incident, strong(-75, 2).in("y"), Kin::kHost);
  expect_edge(incident, strong(-10, 2).on("b").in("y"), Kin::kNear);
}

TEST(AffinityLimits, ScaleWithTheGap) {
  IncidentOptions options;
  options.gap_seconds = 100;
  const OpenIncident incident = grown({strong(0)}, options);
  expect_edge(incident, strong(100).on("b").in("y"), Kin::kTemplate);
  expect_edge(incident, strong(50, 2).on("b"), Kin::kComponent);
  expect_edge(incident, strong(25, 2).in("y"), Kin::kHost);
  expect_edge(incident, strong(10, 2).on("b").in("y"), Kin::kNear);
  options.gap_seconds = 0;
  expect_edge(grown({strong(0)}, options), strong(1), Kin::kTemplate);  // a gap of nothing is taken for a second
}

TEST(AffinityLimits, DistanceCountsFromTheLastStrongFinding) {
  const OpenIncident incident = grown({strong(0), strong(100), strong(150, 2).strength(1.1)});
  const auto distance = [&](double seconds) {
    const Finding finding = strong(seconds);
    return incident.affinity(finding, coordinate_of(finding, {}), kNoRate)->distance;
  };
  EXPECT_EQ(distance(160), 60 * kSecond) << "weak ones do not prolong it";
  EXPECT_EQ(distance(50), 0) << "within";
  EXPECT_EQ(distance(-7), 7 * kSecond);
  expect_edge(incident, strong(400).on("b").in("y"), Kin::kTemplate);
}

TEST(AffinityLimits, WithoutAStrongFindingPatienceIsHalfTheGap) {
  const OpenIncident incident = grown({strong(0).strength(1.1)});
  expect_edge(incident, strong(150).strength(1.1).on("b").in("y"), Kin::kTemplate);
}

TEST(AffinityLimits, AStrongFindingJoinsWeakOnesOnlyWhenNear) {
  const OpenIncident incident = grown({strong(0).strength(1.1)});
  expect_edge(incident, strong(10, 2).on("b"), Kin::kComponent);
  expect_edge(incident, strong(10, 2).in("y"), Kin::kHost);
  expect_edge(incident, strong(10, 2).on("b").in("y"), Kin::kNear);
  expect_edge(incident, strong(150, 2).strength(1.1).on("b"), Kin::kComponent);
  // What was strong once is so for good.
  expect_edge(grown({strong(0), strong(1, 3).strength(1.1)}), strong(150, 2).on("b"), Kin::kComponent);
}

TEST(AffinityLimits, AWeakTemplateOfAStrongIncidentIsNoReasonForAStrongOne) {
  const OpenIncident incident = grown({strong(0), strong(1, 2).strength(1.1)});
  EXPECT_EQ(kin(incident, strong(200, 2)), std::nullopt);
  EXPECT_EQ(kin(incident, strong(200, 2).strength(1.1)), Kin::kTemplate);
  EXPECT_EQ(kin(incident, strong(200, 1)), Kin::kTemplate);
}

TEST(AffinityLimits, AWholeSpreadEndsAfterTheLastNewKind) {
  // Repeats keep it open, and the local reach is the whole gap.
  const OpenIncident slow = grown({strong(0), strong(100), strong(200), strong(295)});
  expect_edge(slow, strong(300, 2).on("b"), Kin::kComponent);
  expect_edge(grown({strong(0), strong(60), strong(100), strong(145)}), strong(150, 2).in("y"), Kin::kHost);
  expect_edge(grown({strong(0), strong(55)}), strong(60, 2).on("b").in("y"), Kin::kNear);
}

TEST(AffinityLimits, NoKindIsNewLongBeforeIt) {
  const OpenIncident incident = grown({strong(0), strong(400, 3)});
  expect_edge(incident, strong(-75, 2).in("y"), Kin::kHost);
}

TEST(LocalReach, IsEightGapsBetweenMomentsFromTheFourthOn) {
  // Three moments: half the gap. The fourth one: 8 x 10 s.
  expect_edge(grown({strong(0), strong(10), strong(20)}), strong(170, 2).on("b"), Kin::kComponent);
  const OpenIncident four = grown({strong(0), strong(10), strong(20), strong(30)});
  expect_edge(four, strong(110, 2).on("b"), Kin::kComponent);
  expect_edge(four, strong(70, 2).in("y"), Kin::kHost);
  // The last gap counts for a quarter: 10 + (30 - 10) / 4 = 15 s.
  expect_edge(grown({strong(0), strong(10), strong(20), strong(50)}), strong(170, 2).on("b"), Kin::kComponent);
}

TEST(LocalReach, IsHalfAMinuteAtLeastAndTheGapAtMost) {
  const OpenIncident quick = grown({strong(0), strong(1), strong(2), strong(3)});
  expect_edge(quick, strong(33, 2).on("b"), Kin::kComponent);
  expect_edge(quick, strong(18, 2).in("y"), Kin::kHost);
  const OpenIncident slow = grown({strong(0), strong(200), strong(400), strong(600), strong(600, 3)});
  expect_edge(slow, strong(900, 2).on("b"), Kin::kComponent);
}

TEST(LocalReach, FindingsWithinASecondAreOneMoment) {
  const OpenIncident crowded = grown({strong(0), strong(0.3), strong(0.6), strong(0.999), strong(1), strong(2)});
  expect_edge(crowded, strong(152, 2).on("b"), Kin::kComponent);
}

TEST(Patience, IsOneAndAHalfUsualGapsButTenSecondsAtLeast) {
  expect_edge(grown({strong(0)}, {}, 40 * kSecond), strong(60), Kin::kTemplate);
  expect_edge(grown({strong(0)}, {}, 200 * kSecond), strong(300), Kin::kTemplate);
  expect_edge(grown({strong(0)}, {}, 900 * kSecond), strong(300), Kin::kTemplate);
  expect_edge(grown({strong(0)}, {}, kSecond), strong(10), Kin::kTemplate);
  IncidentOptions hasty;
  hasty.gap_seconds = 4;
  expect_edge(grown({strong(0)}, hasty, kSecond), strong(4), Kin::kTemplate);  // never more than the gap
}

TEST(Patience, IsMeasuredAnewFromItsSecondHalfHourOn) {
  std::vector<Finding> findings;
  for (int i = 0; i <= 30; ++i) {
    findings.push_back(strong(i * 59.0));  // until 1770 s
  }
  const OpenIncident incident = grown(findings, {}, 200 * kSecond);
  EXPECT_EQ(kin(incident, strong(1800), kSecond), Kin::kTemplate) << "by the gap before it began";
  EXPECT_EQ(kin(incident, moved(strong(1800), 1), kSecond), std::nullopt) << "by the gap now";
  EXPECT_EQ(kin(incident, moved(strong(1800), 1), 200 * kSecond), Kin::kTemplate);
}

TEST(AffinityLimits, NothingMakesItLongerThanAllowed) {
  IncidentOptions options;
  options.max_seconds = 100;
  const OpenIncident incident = grown({strong(0), strong(20)}, options);
  expect_edge(incident, strong(100), Kin::kTemplate);
  expect_edge(incident, strong(-80), Kin::kTemplate);
}

TEST(AffinityLimits, AnotherAxisIsNoKin) {
  const OpenIncident timed = grown({strong(0)});
  const OpenIncident lines = grown({strong(0).line(10)});
  EXPECT_EQ(kin(timed, strong(0).line(10)), std::nullopt);
  EXPECT_EQ(kin(lines, strong(0)), std::nullopt);
  EXPECT_EQ(kin(lines, strong(0).line(10).from("other.log")), std::nullopt);
  EXPECT_EQ(kin(lines, strong(0).line(60)), Kin::kTemplate);
  EXPECT_EQ(kin(lines, strong(0).line(61)), std::nullopt) << "50 lines are the gap";
  EXPECT_EQ(kin(timed, strong(0).from("other.log")), Kin::kTemplate) << "sources share one clock";
}

TEST(AffinityLimits, AFileWithoutHostNamesIsOneHost) {
  const OpenIncident incident = grown({at(0).of(1).from("a.log")});
  EXPECT_EQ(kin(incident, at(50).of(2).from("a.log")), Kin::kHost);
  EXPECT_EQ(kin(incident, at(50).of(2).from("b.log")), std::nullopt);
  EXPECT_EQ(kin(incident, at(50).of(2).from("x.log").on("a.log")), std::nullopt) << "a host of that name is another";
}

TEST(AffinityLimits, NamelessComponentsAndSessionsAreNoKin) {
  const OpenIncident incident = grown({at(0).of(1).on("a")});
  EXPECT_EQ(kin(incident, at(100).of(2).on("b")), std::nullopt);
}

Finding habit(double seconds, std::uint32_t id = 1) {
  Finding finding = strong(seconds, id);
  finding.habitual = true;
  return finding;
}

TEST(Habits, NewsJoinsThemOnlyNearTheirBeginning) {
  const OpenIncident incident = grown({habit(0), habit(30)});
  expect_edge(incident, strong(10), Kin::kNear);
  expect_edge(incident, strong(-10), Kin::kNear);
  EXPECT_EQ(kin(incident, habit(200)), Kin::kTemplate);
}

TEST(Habits, DoNotJoinCalmNews) {
  Finding calm = at(0).of(1).level(Level::kInfo);
  calm.new_template = true;
  Finding rare = at(5).of(2).level(Level::kInfo);
  rare.habitual = true;
  const OpenIncident news = grown({calm});
  EXPECT_EQ(kin(news, rare), std::nullopt);
  rare.habitual = false;
  EXPECT_EQ(kin(news, rare), Kin::kHost);
}

}  // namespace
}  // namespace logdetect
