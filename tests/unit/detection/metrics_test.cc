#include "logdetect/detection/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

using Units = std::vector<LabelledScore>;
constexpr Micros kMinute = Micros{60} * 1'000'000;

TEST(Decision, CountsAndShares) {
  const Units units = {{.9, true, true}, {.8, false, true}, {.7, true, true}, {.2, true, false}, {.1, false, false}};
  const Decision own = decide(units);
  EXPECT_EQ(own.true_positives, 2U);
  EXPECT_EQ(own.false_positives, 1U);
  EXPECT_EQ(own.false_negatives, 1U);
  EXPECT_EQ(own.true_negatives, 1U);
  EXPECT_DOUBLE_EQ(own.precision(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(own.recall(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(own.f1(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(own.false_positive_rate(), 0.5);
  EXPECT_EQ(decide_at(units, 0.9).true_positives, 1U);
  EXPECT_EQ(decide_at(units, 0.0).false_positives, 2U);
}

TEST(Decision, NothingIsNotANumber) {
  const Decision none = decide({});
  EXPECT_EQ(none.precision(), 0);
  EXPECT_EQ(none.recall(), 0);
  EXPECT_EQ(none.f1(), 0);
  EXPECT_EQ(none.false_positive_rate(), 0);
}

TEST(RankUnits, KnownValues) {
  // Ranks of the anomalies: 1, 3, 5. Average precision (1/1 + 2/3 + 3/5) / 3.
  const Units units = {{5, true, false}, {4, false, false}, {3, true, false}, {2, false, false}, {1, true, false}};
  const std::vector<std::uint64_t> marks = {1, 2, 3, 10};
  const Ranking ranking = rank_units(units, marks);
  EXPECT_NEAR(ranking.average_precision, (1 + 2.0 / 3 + 3.0 / 5) / 3, 1e-12);
  EXPECT_DOUBLE_EQ(ranking.full_recall_false_positive_rate, 1.0);
  ASSERT_EQ(ranking.precision_at.size(), 3U);  // there are no 10
  EXPECT_DOUBLE_EQ(ranking.precision_at[0].second, 1.0);
  EXPECT_DOUBLE_EQ(ranking.precision_at[1].second, 0.5);
  EXPECT_DOUBLE_EQ(ranking.precision_at[2].second, 2.0 / 3);
}

TEST(RankUnits, ATieIsOneRank) {
  // All equal: precision is the base rate, whatever the order of the input.
  Units units(10, {1, false, false});
  units[0].anomalous = true;
  units[1].anomalous = true;
  const std::vector<std::uint64_t> marks = {5};
  const Ranking ranking = rank_units(units, marks);
  EXPECT_DOUBLE_EQ(ranking.average_precision, 0.2);
  EXPECT_DOUBLE_EQ(ranking.full_recall_false_positive_rate, 1.0);
  EXPECT_DOUBLE_EQ(ranking.precision_at[0].second, 0.2);
}

TEST(RankUnits, OrderOfTheInputSaysNothing) {
  std::mt19937 random(11);
  Units units;
  for (int i = 0; i < 300; ++i) {
    units.push_back({static_cast<double>(random() % 20), random() % 7 == 0, false});
  }
  const std::vector<std::uint64_t> marks = {1, 7, 50, 299};
  const Ranking first = rank_units(units, marks);
  EXPECT_GT(first.average_precision, 0);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(units.begin(), units.end(), random);
    const Ranking again = rank_units(units, marks);
    ASSERT_EQ(again.average_precision, first.average_precision);
    ASSERT_EQ(again.precision_at, first.precision_at);
    ASSERT_EQ(again.full_recall_false_positive_rate, first.full_recall_false_positive_rate);
  }
}

TEST(RankUnits, WithoutAnAnomalyAllIsZero) {
  const Units units = {{1, false, true}};
  const std::vector<std::uint64_t> marks = {1};
  EXPECT_EQ(rank_units(units, marks).average_precision, 0);
  EXPECT_TRUE(rank_units(units, marks).precision_at.empty());
}

TEST(MatchFaults, AnEndlessIncidentIsOneHit) {
  const std::vector<TimeSpan> faults = {{10 * kMinute, 12 * kMinute}, {30 * kMinute, 32 * kMinute}};
  const std::vector<TimeSpan> incidents = {{10 * kMinute, 90 * kMinute}};
  const FaultMatch match = match_faults(faults, incidents, kMinute);
  EXPECT_EQ(match.incident_of[0], 0U);
  EXPECT_FALSE(match.incident_of[1]);
  EXPECT_EQ(match.unmatched, 0U);
  EXPECT_DOUBLE_EQ(match.minute_precision, 6.0 / 81);
  EXPECT_DOUBLE_EQ(match.minute_recall, 1.0);
  EXPECT_DOUBLE_EQ(match.minute_base_rate, 6.0 / 81);
}

TEST(MatchFaults, TheNearestBeginningIsTaken) {
  const std::vector<TimeSpan> faults = {{10 * kMinute, 20 * kMinute}};
  const std::vector<TimeSpan> incidents = {{19 * kMinute, 19 * kMinute}, {9 * kMinute, 11 * kMinute}, {2, 3}};
  const FaultMatch match = match_faults(faults, incidents, kMinute);
  EXPECT_EQ(match.incident_of[0], 1U);
  EXPECT_EQ(match.unmatched, 2U);
}

TEST(MatchFaults, SlackBeginsAndEndsWhereItSays) {
  const std::vector<TimeSpan> faults = {{10 * kMinute, 11 * kMinute}};
  const auto hit = [&](Micros begin) {
    const std::vector<TimeSpan> incidents = {{begin, begin}};
    return match_faults(faults, incidents, kMinute).incident_of[0].has_value();
  };
  EXPECT_TRUE(hit(9 * kMinute));
  EXPECT_FALSE(hit(9 * kMinute - 1));
  EXPECT_TRUE(hit(12 * kMinute));
  EXPECT_FALSE(hit(12 * kMinute + 1));
}

TEST(MatchFaults, MinutesSpannedAreBoundedByTheSpansNotByTheirLength) {
  const std::vector<TimeSpan> faults = {{0, INT64_MAX / 2}};
  const std::vector<TimeSpan> incidents = {{-kMinute / 2, kMinute}};
  const FaultMatch match = match_faults(faults, incidents, 0);
  EXPECT_FALSE(match.incident_of[0]);
  EXPECT_DOUBLE_EQ(match.minute_precision, 2.0 / 3);
}

TEST(ChanceOfMatch, IsTheShareOfTimeWithinReachOfAFault) {
  const TimeSpan log{0, 100 * kMinute};
  const std::vector<TimeSpan> faults = {
      {10 * kMinute, 20 * kMinute}, {18 * kMinute, 22 * kMinute}, {99 * kMinute, 99 * kMinute}};
  EXPECT_DOUBLE_EQ(chance_of_match(faults, log, 0), 0.12);
  EXPECT_DOUBLE_EQ(chance_of_match(faults, log, kMinute), 0.16) << "one more at each end, and two around the point";
  EXPECT_DOUBLE_EQ(chance_of_match(faults, log, 1000 * kMinute), 1);
  EXPECT_EQ(chance_of_match({}, log, kMinute), 0);
  EXPECT_EQ(chance_of_match(faults, {5, 5}, kMinute), 0) << "no time at all";
  const std::vector<TimeSpan> elsewhere = {{200 * kMinute, 300 * kMinute}};
  EXPECT_EQ(chance_of_match(elsewhere, log, kMinute), 0);
}

TEST(ChanceOfMatch, AgreesWithIncidentsThrownAtRandom) {
  Rng rng(4);
  const TimeSpan log{0, 1000 * kMinute};
  const std::vector<TimeSpan> faults = {
      {100 * kMinute, 150 * kMinute}, {400 * kMinute, 420 * kMinute}, {421 * kMinute, 600 * kMinute}};
  int hits = 0;
  constexpr int kThrows = 4000;
  for (int i = 0; i < kThrows; ++i) {
    const auto begin = static_cast<Micros>(rng.below(1000 * kMinute));
    const std::vector<TimeSpan> one = {{begin, begin}};
    hits += match_faults(faults, one, 2 * kMinute).unmatched == 0 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(hits) / kThrows, chance_of_match(faults, log, 2 * kMinute), 0.03);
}

// Slow and obvious references.

Ranking slow_ranking(const Units& units, const std::vector<std::uint64_t>& marks) {
  Ranking ranking;
  const auto above = [&](double score, bool anomalous, bool ties) {
    return static_cast<double>(std::count_if(units.begin(), units.end(), [&](const LabelledScore& unit) {
      return unit.anomalous == anomalous && (ties ? unit.score == score : unit.score > score);
    }));
  };
  double positives = 0;
  double weakest = 0;
  for (const LabelledScore& unit : units) {
    if (unit.anomalous) {
      const double right = above(unit.score, true, false) + above(unit.score, true, true);
      const double wrong = above(unit.score, false, false) + above(unit.score, false, true);
      ranking.average_precision += right / (right + wrong);
      weakest = positives == 0 ? unit.score : std::min(weakest, unit.score);
      ++positives;
    }
  }
  ranking.average_precision /= positives;
  const double negatives = static_cast<double>(units.size()) - positives;
  ranking.full_recall_false_positive_rate =
      negatives == 0 ? 0 : (above(weakest, false, false) + above(weakest, false, true)) / negatives;
  for (const std::uint64_t mark : marks) {
    double expected = 0;  // each anomaly by its chance to stand among the first
    for (const LabelledScore& unit : units) {
      if (unit.anomalous) {
        const double before = above(unit.score, true, false) + above(unit.score, false, false);
        const double equal = above(unit.score, true, true) + above(unit.score, false, true);
        expected += std::clamp((static_cast<double>(mark) - before) / equal, 0.0, 1.0);
      }
    }
    ranking.precision_at.emplace_back(mark, expected / static_cast<double>(mark));
  }
  return ranking;
}

TEST(RankUnits, AgreesWithItsDefinition) {
  Rng rng(5);
  for (int round = 0; round < 500; ++round) {
    Units units(1 + rng.below(12));
    for (LabelledScore& unit : units) {
      unit = {static_cast<double>(rng.below(5)), rng.below(3) == 0, false};
    }
    units[rng.below(units.size())].anomalous = true;
    std::vector<std::uint64_t> marks;
    for (std::uint64_t mark = 1; mark <= units.size(); ++mark) {
      marks.push_back(mark);
    }
    const Ranking expected = slow_ranking(units, marks);
    marks.push_back(units.size() + 1);  // there are not so many
    const Ranking found = rank_units(units, marks);
    ASSERT_NEAR(found.average_precision, expected.average_precision, 1e-12);
    ASSERT_NEAR(found.full_recall_false_positive_rate, expected.full_recall_false_positive_rate, 1e-12);
    ASSERT_EQ(found.precision_at.size(), expected.precision_at.size());
    for (std::size_t i = 0; i < found.precision_at.size(); ++i) {
      ASSERT_EQ(found.precision_at[i].first, expected.precision_at[i].first);
      ASSERT_NEAR(found.precision_at[i].second, expected.precision_at[i].second, 1e-12);
    }
  }
}

TEST(ChanceOfMatch, AgreesWithAskingEveryMoment) {
  Rng rng(6);
  const auto moment = [&] { return static_cast<Micros>(rng.below(41)) - 20; };
  for (int round = 0; round < 2000; ++round) {
    const TimeSpan log{moment(), moment()};
    const auto slack = static_cast<Micros>(rng.below(6));
    std::vector<TimeSpan> faults(rng.below(4));
    for (TimeSpan& fault : faults) {
      fault = {moment(), moment()};
    }
    double within = 0;
    for (Micros at = log.first; at < log.last; ++at) {
      within += std::any_of(faults.begin(), faults.end(), [&](const TimeSpan& fault) {
        return at >= fault.first - slack && at + 1 <= std::max(fault.first, fault.last) + slack;
      });
    }
    const double expected = log.last > log.first ? within / static_cast<double>(log.last - log.first) : 0;
    ASSERT_NEAR(chance_of_match(faults, log, slack), expected, 1e-12) << "round " << round;
  }
}

bool in_minute(const std::vector<TimeSpan>& spans, Micros minute) {
  return std::any_of(spans.begin(), spans.end(), [&](const TimeSpan& span) {
    return span.first < (minute + 1) * kMinute && std::max(span.first, span.last) >= minute * kMinute;
  });
}

TEST(MatchFaults, MinutesAgreeWithAskingEveryMinute) {
  Rng rng(7);
  const auto moment = [&] { return (static_cast<Micros>(rng.below(81)) - 40) * kMinute / 2; };
  const auto share = [](double part, double whole) { return whole == 0 ? 0 : part / whole; };
  for (int round = 0; round < 2000; ++round) {
    std::vector<TimeSpan> faults(1 + rng.below(4));
    std::vector<TimeSpan> incidents(rng.below(5));
    for (TimeSpan& fault : faults) {
      fault = {moment(), moment()};
    }
    for (TimeSpan& incident : incidents) {
      incident = {moment(), moment()};
    }
    double both = 0;
    double faulty = 0;
    double flagged = 0;
    Micros first = 100;
    Micros last = -100;
    for (Micros minute = -50; minute <= 50; ++minute) {
      const bool fault = in_minute(faults, minute);
      const bool incident = in_minute(incidents, minute);
      both += fault && incident ? 1 : 0;
      faulty += fault ? 1 : 0;
      flagged += incident ? 1 : 0;
      first = fault || incident ? std::min(first, minute) : first;
      last = fault || incident ? minute : last;
    }
    const FaultMatch match = match_faults(faults, incidents, 0);
    ASSERT_NEAR(match.minute_precision, share(both, flagged), 1e-12);
    ASSERT_NEAR(match.minute_recall, share(both, faulty), 1e-12);
    ASSERT_NEAR(match.minute_base_rate, share(faulty, static_cast<double>(last - first + 1)), 1e-12);
  }
}

TEST(MatchFaults, EachIncidentFindsOneFault) {
  const std::vector<TimeSpan> faults = {{10, 20}, {11, 21}, {12, 22}};
  const std::vector<TimeSpan> incidents = {{12, 90}, {10, 11}};
  const FaultMatch match = match_faults(faults, incidents, 0);
  EXPECT_EQ(match.incident_of[0], 1U);
  EXPECT_EQ(match.incident_of[1], 0U);
  EXPECT_FALSE(match.incident_of[2]);
  EXPECT_EQ(match.unmatched, 0U);
}

TEST(MatchFaults, NearnessCountsOnBothSidesOfTheBeginning) {
  const std::vector<TimeSpan> faults = {{100, 200}};
  const std::vector<TimeSpan> after = {{94, 94}, {105, 105}};
  const std::vector<TimeSpan> before = {{95, 95}, {106, 106}};
  const std::vector<TimeSpan> equal = {{95, 95}, {105, 105}};
  EXPECT_EQ(match_faults(faults, after, 10).incident_of[0], 1U);
  EXPECT_EQ(match_faults(faults, before, 10).incident_of[0], 0U);
  EXPECT_EQ(match_faults(faults, equal, 10).incident_of[0], 0U) << "of equals the first";
}

TEST(MatchFaults, ASpanThatEndsBeforeItBeginsIsAPoint) {
  const std::vector<TimeSpan> faults = {{100, 50}};
  const auto hit = [&](Micros begin) {
    const std::vector<TimeSpan> incidents = {{begin, begin}};
    return match_faults(faults, incidents, 5).unmatched == 0;
  };
  EXPECT_FALSE(hit(94));
  EXPECT_TRUE(hit(95));
  EXPECT_TRUE(hit(105));
  EXPECT_FALSE(hit(106));
}

TEST(MatchFaults, WithoutFaultsThereIsNothingToFind) {
  const std::vector<TimeSpan> incidents = {{1, 2}, {3, 4}};
  const FaultMatch match = match_faults({}, incidents, 5);
  EXPECT_EQ(match.unmatched, 2U);
  EXPECT_EQ(match.minute_precision, 0);
  EXPECT_EQ(match.minute_base_rate, 0);
}

}  // namespace
}  // namespace logdetect
