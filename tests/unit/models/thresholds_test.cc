#include "models/thresholds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/models/ensemble.h"
#include "unit/models/sample.h"

namespace logdetect {
namespace {

struct Log {
  std::vector<Event> events;
  std::vector<float> totals;

  void add(double day, std::uint32_t id, float total) {
    Event event;
    event.time = static_cast<Micros>(day * static_cast<double>(kMicrosPerDay));
    event.has_time = true;
    event.template_id = TemplateId(id);
    events.push_back(event);
    totals.push_back(total);
  }
};

// Four days with a quiet line at each end of each.
Log four_days() {
  Log log;
  for (int day = 0; day < 4; ++day) {
    log.add(day, 0, 1);
    log.add(day + 0.99, 0, 1);
  }
  log.add(4, 0, 1);
  return log;
}

TEST(Thresholds, AnAlertIsATemplateADayHoweverOftenItComes) {
  Log log = four_days();
  for (int i = 0; i < 100; ++i) {
    log.add(1.1 + i * 0.001, 7, 9);  // one alert
  }
  log.add(2.5, 7, 9);  // on another day: a second
  log.add(2.6, 8, 9);  // another template: a third
  const AlertCount count = count_alerts(log.events, log.totals, 8);
  EXPECT_EQ(count.alerts, 3);
  EXPECT_DOUBLE_EQ(count.days, 4);
  EXPECT_DOUBLE_EQ(count.per_day(), 0.75);
  EXPECT_EQ(count_alerts(log.events, log.totals, 9.5).alerts, 0);
}

TEST(Thresholds, ABudgetIsTheLeastThresholdThatKeepsToIt) {
  Log log = four_days();
  for (std::uint32_t id = 1; id <= 40; ++id) {
    log.add(0.1 * id, id, static_cast<float>(id));  // totals 1 to 40, an alert each
  }
  for (const double budget : {0.25, 1.0, 2.5, 5.0}) {
    const double threshold = alert_budget(log.events, log.totals, budget);
    EXPECT_LE(count_alerts(log.events, log.totals, threshold).per_day(), budget);
    EXPECT_GT(count_alerts(log.events, log.totals, threshold - 0.5).per_day(), budget) << budget;
  }
}

TEST(Thresholds, BudgetsHoldOnRandomLogs) {
  Rng rng(5);
  for (int round = 0; round < 50; ++round) {
    Log log;
    for (int i = 0; i < 500; ++i) {
      log.add(rng.uniform() * 6, static_cast<std::uint32_t>(rng.below(20)), static_cast<float>(rng.below(30)));
    }
    const double budget = rng.uniform() * 12;
    const double threshold = alert_budget(log.events, log.totals, budget);
    EXPECT_LE(count_alerts(log.events, log.totals, threshold).per_day(), budget);
  }
}

TEST(Thresholds, SaysNothingWithoutABudgetOrWithoutTimes) {
  Log log = four_days();
  EXPECT_EQ(alert_budget(log.events, log.totals, 0), 0);
  for (Event& event : log.events) {
    event.has_time = false;
  }
  EXPECT_EQ(alert_budget(log.events, log.totals, 1), 0);
  EXPECT_EQ(count_alerts(log.events, log.totals, 0).days, 0);
  EXPECT_EQ(alert_budget({}, {}, 1), 0);
}

TEST(Thresholds, ABudgetBelowOneAlertOfTheStretchIsAboveItAll) {
  const Log log = four_days();
  const double threshold = alert_budget(log.events, log.totals, 0.1);
  EXPECT_GT(threshold, 1);
  EXPECT_LT(threshold, 1.001);
}

// The stricter of quantile and budget counts, and what is strange beyond doubt is flagged whatever the budget.
TEST(Thresholds, TheBudgetRaisesTheThresholdButNotBeyondTwiceTheAbsoluteOne) {
  Sample sample = make_sample(2000, 3);
  for (std::size_t i = 0; i < sample.events.size(); ++i) {
    sample.events[i].time = static_cast<Micros>(i) * kMicrosPerDay / 200;  // ten days
    sample.events[i].has_time = true;
    sample.events[i].template_id = TemplateId(static_cast<std::uint32_t>(i % 7));
    sample.rows.row(i)[0] = i % 100 == 0 ? 9.0F : 0.5F;  // 20 lines, one a day and template
  }
  EnsembleOptions novelty;
  novelty.detectors = {"novelty"};
  const auto threshold = [&](double budget) {
    Result<Ensemble> ensemble = Ensemble::create(novelty);
    EXPECT_TRUE(ensemble->fit(sample.training()).ok());
    ThresholdOptions options;
    options.alerts_per_day = budget;
    ensemble->calibrate(sample.input(), options);
    if (budget > 0) {
      EXPECT_LE(ensemble->alerts_per_day(), budget);
      EXPECT_LE(ensemble->budget_threshold(), ensemble->threshold());
    }
    return ensemble->threshold();
  };
  const double absolute = ThresholdOptions().absolute_nats;
  EXPECT_DOUBLE_EQ(threshold(0), absolute);
  EXPECT_DOUBLE_EQ(threshold(50), absolute);
  EXPECT_GT(threshold(0.5), absolute + 2);
  for (std::size_t i = 0; i < sample.events.size(); i += 100) {
    sample.rows.row(i)[0] = 20;
  }
  ThresholdOptions strict;
  strict.alerts_per_day = 0.5;
  Result<Ensemble> ensemble = Ensemble::create(novelty);
  ASSERT_TRUE(ensemble->fit(sample.training()).ok());
  ensemble->calibrate(sample.input(), strict);
  EXPECT_DOUBLE_EQ(ensemble->threshold(), 2 * absolute);
  EXPECT_GT(ensemble->alerts_per_day(), 0.5);
}

TEST(UpperQuantile, RefusesOneMoreThanItsShare) {
  std::vector<float> totals;
  for (int i = 0; i < 200; ++i) {
    totals.push_back(static_cast<float>(i * 7 % 200));
  }
  const auto reached = [&](double share) {
    const double threshold = upper_quantile(totals, share);
    return std::count_if(totals.begin(), totals.end(), [&](float t) { return static_cast<double>(t) >= threshold; });
  };
  EXPECT_EQ(reached(0.005), 1);
  EXPECT_EQ(reached(0.0099), 1);
  EXPECT_EQ(reached(0.01), 2);
  EXPECT_EQ(reached(0.5), 100);
  EXPECT_EQ(reached(1), 199) << "one is refused always";
  EXPECT_EQ(upper_quantile(totals, 0.0049), 0) << "too few to tell";
  EXPECT_EQ(upper_quantile(totals, 0), 0);
  EXPECT_EQ(upper_quantile({}, 0.5), 0);
}

TEST(UpperQuantile, LeavesACrowdOfEqualsBelow) {
  const std::vector<float> totals = {5, 5, 5, 5, 5, 5, 5, 5, 5, 9};
  const double threshold = upper_quantile(totals, 0.3);
  EXPECT_GT(threshold, 5);
  EXPECT_LT(threshold, 5.001);
}

TEST(Thresholds, AgreeWithASetOfDaysAndTemplates) {
  Rng rng(9);
  for (int round = 0; round < 200; ++round) {
    Log log;
    for (std::uint64_t i = 2 + rng.below(40); i > 0; --i) {
      log.add(3.3 + rng.uniform() * 4, static_cast<std::uint32_t>(rng.below(4)), static_cast<float>(rng.below(10)));
    }
    Micros first = log.events[0].time;
    Micros last = first;
    for (const Event& event : log.events) {
      first = std::min(first, event.time);
      last = std::max(last, event.time);
    }
    std::set<std::pair<Micros, std::uint32_t>> alerts;
    for (std::size_t i = 0; i < log.events.size(); ++i) {
      if (log.totals[i] >= 6) {
        alerts.emplace((log.events[i].time - first) / kMicrosPerDay, log.events[i].template_id.value());
      }
    }
    const AlertCount count = count_alerts(log.events, log.totals, 6);
    if (last - first < kMicrosPerHour) {
      EXPECT_EQ(count.days, 0);
      continue;
    }
    EXPECT_EQ(count.alerts, static_cast<double>(alerts.size()));
    EXPECT_DOUBLE_EQ(count.days, static_cast<double>(last - first) / static_cast<double>(kMicrosPerDay));
  }
}

TEST(Thresholds, AnHourIsTheLeastThatTellsOfDays) {
  Log log;
  log.add(0, 1, 9);
  log.add(0, 2, 9);
  log.events[1].time = kMicrosPerHour - 1;
  EXPECT_EQ(count_alerts(log.events, log.totals, 5).days, 0);
  EXPECT_EQ(alert_budget(log.events, log.totals, 24), 0);
  log.events[1].time = kMicrosPerHour;
  EXPECT_DOUBLE_EQ(count_alerts(log.events, log.totals, 5).days, 1.0 / 24);
  EXPECT_DOUBLE_EQ(count_alerts(log.events, log.totals, 5).per_day(), 48);
  EXPECT_GT(alert_budget(log.events, log.totals, 24), 9);
  EXPECT_EQ(alert_budget(log.events, log.totals, 48), 0) << "all of them are allowed";
  EXPECT_EQ(AlertCount().per_day(), 0);
}

TEST(Thresholds, ALineWithoutATimeBelongsToTheFirstDay) {
  Log log = four_days();
  log.add(0, 7, 9);
  log.events.back().has_time = false;
  log.add(0.5, 7, 9);
  EXPECT_EQ(count_alerts(log.events, log.totals, 8).alerts, 1);
  EXPECT_DOUBLE_EQ(count_alerts(log.events, log.totals, 8).days, 4);
}

}  // namespace
}  // namespace logdetect
