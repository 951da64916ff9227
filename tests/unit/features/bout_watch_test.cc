#include "logdetect/features/bout_watch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "unit/features/support.h"

namespace logdetect {
namespace {

using testing::EventScript;

const double kNeeded = std::log(1000);

// Six hours: template 0 every 10 s, template 1 about every five minutes, two at a time.
EventScript quiet() {
  EventScript script;
  for (int second = 0; second < 6 * 3600; second += 10) {
    script.add(second, 0);
    if (second % 310 == 0) {
      script.add(second + 1, 1);
      script.add(second + 2, 1);
    }
  }
  return script;
}

struct Told {
  SilenceWatch::Change change;
  std::uint32_t template_id;
  double last;
  double now;
  std::string line;
};

class Bouts : public ::testing::Test {
 protected:
  Bouts() : baseline_(FeatureOptions{}), schema_(feature_schema(FeatureOptions{})) {
    testing::learn(baseline_, quiet());
  }

  static double seconds(Micros time) { return static_cast<double>(time - EventScript::kStart) / 1e6; }

  // Follows `script` and says what was told of silence.
  void follow(SilenceWatch& watch, const EventScript& script) {
    for (const Event& event : script.events()) {
      Header header;
      header.host = "web-1";
      Record record;
      record.text = "beat";
      record.position.line = ++lines_;
      watch.follow(event, header, record);
    }
  }
  SilenceWatch silence() {
    return {baseline_.rhythms(), kNeeded, [this](SilenceWatch::Change change, const SilentRhythm& silent) {
              told_.push_back({change, silent.rhythm.template_id, seconds(silent.last), seconds(silent.now),
                               std::string(silent.line)});
              EXPECT_EQ(silent.host, "web-1");
            }};
  }

  Baseline baseline_;
  FeatureSchema schema_;
  std::vector<Told> told_;
  std::uint64_t lines_ = 0;
};

TEST_F(Bouts, ABurstIsOneBoutHoweverManyLinesItHas) {
  FeatureExtractor extractor(std::as_const(baseline_));  // frozen
  BurstWatch watch(baseline_, schema_, kNeeded);
  EventScript script;
  for (int second = 0; second < 3600; second += 10) {
    script.add(second, 0);
    for (int n = 0; second >= 1200 && second < 1320 && n < 50; ++n) {  // two minutes, five a second
      script.add(second + 0.2 * n, 1);
    }
  }
  const FeatureMatrix rows = testing::rows_of(extractor, script);
  std::vector<OpenBurst> over;
  int begun = 0;
  for (std::size_t i = 0; i < script.events().size(); ++i) {
    const Event& event = script.events()[i];
    watch.advance(event.time, [&](const OpenBurst& burst) { over.push_back(burst); });
    begun += watch.follow(event, rows.row(i)) != nullptr ? 1 : 0;
  }
  EXPECT_TRUE(watch.idle());
  ASSERT_EQ(begun, 1);
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].id, TemplateId(1));
  EXPECT_NEAR(seconds(over[0].start), 1200, 10);
  EXPECT_NEAR(seconds(over[0].last_high), 1320, 15);
  EXPECT_GE(over[0].lines, 500U);
  EXPECT_GE(over[0].nats, kNeeded);
  EXPECT_GE(over[0].peak, over[0].start);
  EXPECT_GE(over[0].most, 40U);
}

TEST_F(Bouts, ALineAfterABurstDoesNotBeginItAnew) {
  FeatureExtractor extractor(std::as_const(baseline_));
  BurstWatch watch(baseline_, schema_, kNeeded);
  EventScript script;
  for (int second = 0; second < 3600; second += 10) {
    script.add(second, 0);
    for (int n = 0; ((second >= 1200 && second < 1320) || (second >= 1700 && second < 1820)) && n < 50; ++n) {
      script.add(second + 0.2 * n, 1);
    }
    if (second == 1500) {
      script.add(second + 1, 1);  // ten minutes hold the burst still
    }
  }
  const FeatureMatrix rows = testing::rows_of(extractor, script);
  std::vector<double> begun;
  for (std::size_t i = 0; i < script.events().size(); ++i) {
    const Event& event = script.events()[i];
    watch.advance(event.time, [](const OpenBurst&) {});
    if (const OpenBurst* burst = watch.follow(event, rows.row(i)); burst != nullptr) {
      begun.push_back(seconds(burst->start));
    }
  }
  ASSERT_EQ(begun.size(), 2U);
  EXPECT_NEAR(begun[0], 1200, 10);
  EXPECT_NEAR(begun[1], 1700, 10);
}

TEST_F(Bouts, TheUsualIsNoBout) {
  FeatureExtractor extractor(std::as_const(baseline_));  // frozen
  BurstWatch watch(baseline_, schema_, kNeeded);
  SilenceWatch silences = silence();
  const EventScript script = quiet();
  const FeatureMatrix rows = testing::rows_of(extractor, script);
  for (std::size_t i = 0; i < script.events().size(); ++i) {
    EXPECT_EQ(watch.follow(script.events()[i], rows.row(i)), nullptr) << i;
  }
  follow(silences, script);
  EXPECT_TRUE(told_.empty());
}

TEST_F(Bouts, AHeartbeatThatStopsIsToldWhenItsSilenceIsImprobable) {
  SilenceWatch watch = silence();
  ASSERT_TRUE(watch.active());
  EventScript script;
  for (int second = 0; second < 2000; second += 10) {
    if (second <= 500 || second >= 1500) {
      script.add(second, 0);
    }
    script.add(second + 3, 1);  // time goes on
  }
  follow(watch, script);
  watch.finish();
  ASSERT_EQ(told_.size(), 2U);
  EXPECT_EQ(told_[0].change, SilenceWatch::Change::kFellSilent);
  EXPECT_EQ(told_[0].template_id, 0U);
  EXPECT_NEAR(told_[0].last, 500, 0.1);
  EXPECT_GT(told_[0].now, 510);
  EXPECT_LT(told_[0].now, 600);
  EXPECT_EQ(told_[0].line, "beat");
  EXPECT_EQ(told_[1].change, SilenceWatch::Change::kCameBack);
  EXPECT_NEAR(told_[1].now, 1500, 4);
}

TEST_F(Bouts, ASilenceIsFoundWhileNothingArrivesAndTheEndOfALogIsNone) {
  EventScript script;
  for (int second = 0; second <= 500; second += 10) {
    script.add(second, 0);
  }
  SilenceWatch watch = silence();
  follow(watch, script);
  watch.finish();
  EXPECT_TRUE(told_.empty()) << "the log ended";
  watch.advance(EventScript::kStart + 515 * kMicrosPerSecond);
  EXPECT_TRUE(told_.empty()) << "not yet";
  watch.advance(EventScript::kStart + 900 * kMicrosPerSecond);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_LT(told_[0].now, 600);
  watch.advance(EventScript::kStart + 9000 * kMicrosPerSecond);
  EXPECT_EQ(told_.size(), 1U) << "told once";
  watch.finish();
  ASSERT_EQ(told_.size(), 2U);
  EXPECT_EQ(told_[1].change, SilenceWatch::Change::kLogEnded);
}

TEST_F(Bouts, AClockSetBackBeginsAnew) {
  SilenceWatch watch = silence();
  EventScript script;
  for (int second = 0; second <= 500; second += 10) {
    script.add(second, 0);
  }
  for (int second = -90'000; second <= -89'000; second += 10) {  // an older log
    script.add(second, 0);
  }
  follow(watch, script);
  EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace logdetect
