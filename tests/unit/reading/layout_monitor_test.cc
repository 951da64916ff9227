#include "logdetect/reading/layout_monitor.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "unit/reading/reading_lines.h"

namespace logdetect {
namespace {

using namespace testing_support;

constexpr int kStride = 16;        // one record of so many is looked at
constexpr int kLooks = 16;         // before they are judged
constexpr int kCloseLook = 256;    // records looked at once suspicion arose
constexpr int kFirstPause = 4096;  // records without an attempt after a false alarm
constexpr int kSuspicion = kStride * (kLooks - 1) + 1;

/// A monitor, and the records it has seen.
class Watch {
 public:
  explicit Watch(const HeaderPlan& plan, bool searching = true)
      : monitor(std::make_shared<const HeaderPlan>(plan), searching) {}

  std::optional<LayoutMonitor::Change> see(const std::string& text) {
    ++seen;
    Record record;
    record.text = text;
    record.position.line = static_cast<std::uint64_t>(seen);
    return monitor.see(record);
  }

  /// Sees one window of records that fit, but for the first `odd` ones looked at.
  void see_window(int odd) {
    for (int i = 0; i < kSuspicion; ++i) {
      EXPECT_FALSE(see(i % kStride == 0 && i / kStride < odd ? plain_line(i) : dated_line(i)));
    }
  }

  /// Whether every record is looked at now.
  bool looks_closely() {
    const std::uint64_t before = monitor.looked_at();
    see(dated_line(seen));
    see(dated_line(seen));
    return monitor.looked_at() == before + 2;
  }

  LayoutMonitor monitor;
  int seen = 0;
};

HeaderPlan dated_plan(double agreement) {
  HeaderPlan plan = plan_of(dated_line);
  EXPECT_EQ(plan.agreement, 1.0);
  plan.agreement = agreement;
  return plan;
}

TEST(LayoutMonitor, TheFirstRecordAndEverySixteenthBehindItIsLookedAt) {
  Watch watch(plan_of(dated_line));
  EXPECT_EQ(watch.monitor.looked_at(), 0U);
  EXPECT_EQ(watch.monitor.fitting(), 0U);
  for (std::uint64_t seen = 1; seen <= 1000; ++seen) {
    EXPECT_FALSE(watch.see(dated_line(static_cast<int>(seen))));
    ASSERT_EQ(watch.monitor.looked_at(), (seen + 15) / 16) << seen;
    ASSERT_EQ(watch.monitor.fitting(), (seen + 15) / 16) << seen;
  }
}

TEST(LayoutMonitor, OnlyWhatFitsCountsAsFitting) {
  Watch watch(plan_of(dated_line), false);
  for (int i = 0; i < kStride * 10; ++i) {
    watch.see(i < kStride * 3 ? plain_line(i) : dated_line(i));
  }
  EXPECT_EQ(watch.monitor.looked_at(), 10U);
  EXPECT_EQ(watch.monitor.fitting(), 7U);
}

TEST(LayoutMonitor, AMonitorThatDoesNotSearchOnlyCounts) {
  Watch watch(plan_of(dated_line), false);
  for (int i = 0; i < 2000; ++i) {
    ASSERT_FALSE(watch.see(syslog_line(i)));
  }
  EXPECT_EQ(watch.monitor.looked_at(), 125U);
  EXPECT_EQ(watch.monitor.fitting(), 0U);
}

TEST(LayoutMonitor, ANewLayoutIsFoundAfterAWindowAndACloseLook) {
  Watch watch(plan_of(dated_line));
  std::optional<LayoutMonitor::Change> change;
  while (!change && watch.seen < 5000) {
    change = watch.see(syslog_line(watch.seen));
  }
  EXPECT_EQ(watch.seen, kSuspicion + kCloseLook);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->line, static_cast<std::uint64_t>(kSuspicion) + 1) << "the first line of the close look";
  EXPECT_EQ(change->layout, plan_of(syslog_line).describe());
  EXPECT_EQ(change->plan->kind, HeaderPlan::Kind::kMixed) << "old lines must still be read";
  const std::uint64_t fitting = watch.monitor.fitting();
  const std::uint64_t looked_at = watch.monitor.looked_at();
  for (int i = 0; i < 2000; ++i) {
    ASSERT_FALSE(watch.see(i % 2 == 0 ? dated_line(i) : syslog_line(i)));
  }
  EXPECT_EQ(watch.monitor.looked_at() - looked_at, 125U);
  EXPECT_EQ(watch.monitor.fitting() - fitting, 125U) << "it follows the plan it found";
}

TEST(LayoutMonitor, SuspicionNeedsAQuarterMoreThanTheSampleShowed) {
  struct Case {
    double agreement;
    int most_odd;  // of sixteen that raise no suspicion
  };
  for (const Case& one : {Case{1, 4}, Case{0.75, 8}, Case{0.9, 5}, Case{0.5, 12}, Case{0.3, 12}}) {
    Watch calm(dated_plan(one.agreement));
    calm.see_window(one.most_odd);
    EXPECT_FALSE(calm.looks_closely()) << one.agreement;
    Watch alarmed(dated_plan(one.agreement));
    alarmed.see_window(one.most_odd + 1);
    EXPECT_TRUE(alarmed.looks_closely()) << one.agreement;
  }
}

TEST(LayoutMonitor, EachWindowIsJudgedByItself) {
  Watch watch(plan_of(dated_line));
  for (int i = 0; i < kStride * kLooks * 4; ++i) {
    const bool odd = i / kStride % kLooks < 4 && i % kStride == 0;  // four of sixteen, again and again
    watch.see(odd ? plain_line(i) : dated_line(i));
  }
  EXPECT_EQ(watch.monitor.looked_at(), static_cast<std::uint64_t>(kLooks) * 4);
}

/// Raises suspicion, then shows `odd` syslog lines among the records looked at closely.
std::optional<LayoutMonitor::Change> close_look(int odd) {
  Watch watch(plan_of(dated_line));
  watch.see_window(kLooks);
  std::optional<LayoutMonitor::Change> change;
  for (int i = 0; i < kCloseLook; ++i) {
    EXPECT_FALSE(change);
    change = watch.see(i < kCloseLook - odd ? dated_line(i) : syslog_line(i));
  }
  return change;
}

TEST(LayoutMonitor, ACloseLookNeedsAQuarterToo) {
  EXPECT_FALSE(close_look(64));
  const auto change = close_look(65);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->line, static_cast<std::uint64_t>(kSuspicion + kCloseLook - 65) + 1);
}

TEST(LayoutMonitor, ANewPlanMustReadMostOfTheOddLines) {
  for (const bool readable : {false, true}) {
    Watch watch(plan_of(dated_line));
    watch.see_window(kLooks);
    bool found = false;
    for (int i = 0; i < kCloseLook; ++i) {
      found = watch.see(i % 10 < (readable ? 8 : 4) ? syslog_line(i) : plain_line(i)).has_value();
    }
    EXPECT_EQ(found, readable);
  }
}

TEST(LayoutMonitor, FalseAlarmsComeEverMoreSeldom) {
  Watch watch(plan_of(dated_line));
  std::vector<int> attempts;  // records seen when a close look began
  std::uint64_t looked_at = 0;
  int in_row = 0;
  while (watch.seen < 40'000) {
    ASSERT_FALSE(watch.see(plain_line(watch.seen))) << "words tell nothing";
    in_row = watch.monitor.looked_at() > looked_at ? in_row + 1 : 0;
    looked_at = watch.monitor.looked_at();
    if (in_row == 2) {
      attempts.push_back(watch.seen - 2);
    }
  }
  ASSERT_EQ(attempts.size(), 4U);
  int pause = kFirstPause;
  for (std::size_t i = 1; i < attempts.size(); ++i, pause *= 2) {
    const int waited = attempts[i] - attempts[i - 1] - kCloseLook;
    EXPECT_GE(waited, pause) << i;
    EXPECT_LE(waited, pause + kStride * kLooks) << i;
  }
}

TEST(LayoutMonitor, WithoutAHeaderALineThatHasOneIsOdd) {
  Watch watch(HeaderPlan{});
  for (int i = 0; i < kStride; ++i) {
    watch.see(plain_line(i));
  }
  EXPECT_EQ(watch.monitor.fitting(), 1U);
  for (int i = 0; i < kStride; ++i) {
    watch.see(R"({"level": "info", "text": "box )" + std::to_string(i) + "\"}");
  }
  EXPECT_EQ(watch.monitor.looked_at(), 2U);
  EXPECT_EQ(watch.monitor.fitting(), 1U);
}

TEST(LayoutMonitor, WithoutAHeaderTheNewPlanStandsAlone) {
  Watch watch(HeaderPlan{});
  std::optional<LayoutMonitor::Change> change;
  while (!change && watch.seen < 5000) {
    change = watch.see(dated_line(watch.seen));
  }
  ASSERT_TRUE(change);
  EXPECT_EQ(change->plan->describe(), plan_of(dated_line).describe());
  EXPECT_EQ(change->layout, change->plan->describe());
}

TEST(LayoutMonitor, OfARecordOfSeveralLinesTheFirstTells) {
  Watch watch(plan_of(dated_line));
  std::optional<LayoutMonitor::Change> change;
  while (!change && watch.seen < 5000) {
    change = watch.see(syslog_line(watch.seen) +
                       "\n    at org.example.Depot.run(Depot.java:" + std::to_string(watch.seen) + ")");
  }
  ASSERT_TRUE(change);
  EXPECT_EQ(change->layout, plan_of(syslog_line).describe());
}

TEST(LayoutMonitor, ALayoutWithoutTimeAndLevelIsNone) {
  Watch watch(plan_of(dated_line));
  for (int i = 0; i < 3000; ++i) {
    ASSERT_FALSE(watch.see("[pump" + std::to_string(i % 3) + "] valve: " + plain_line(i)));
  }
}

}  // namespace
}  // namespace logdetect
