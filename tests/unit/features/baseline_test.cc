#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "features/columns.h"
#include "features/numerics.h"
#include "features/rate_statistics.h"
#include "logdetect/features/extractor.h"
#include "unit/features/support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::learn;
using testing::rows_of;
using testing::value;

// What a baseline answers after small trainings that can be counted by hand.

EventScript every(double seconds, int count, std::uint32_t id = 0) {
  EventScript script;
  for (int i = 0; i < count; ++i) {
    script.add(i * seconds, id);
  }
  return script;
}

float later(const Baseline& baseline, const std::string& column, const EventScript& script, std::size_t row = 0,
            const FeatureOptions& options = {}) {
  FeatureExtractor frozen(baseline);
  return value(feature_schema(options), rows_of(frozen, script), row, column);
}

TEST(BaselineRate, AgreesWithALinearSearch) {
  for (const double gap : {1.0, 20.0, 300.0}) {
    Baseline baseline(FeatureOptions{});
    const EventScript script = every(gap, 2000);
    learn(baseline, script);
    const double trained = baseline.observed_seconds();
    for (const std::int64_t window : {10, 60, 600}) {
      RateStatistics rates(1);
      for (const Event& event : script.events()) {
        const std::int64_t bin = event.time / (window * kMicrosPerSecond);
        rates.add(0, &bin);
      }
      rates.close();
      const BurstModel model = rates.burst_model(0, 0, trained / static_cast<double>(window));
      std::uint64_t surprising = 1;
      while (negative_binomial_tail_nats(surprising, model.mean, model.size) <= -std::log(0.005)) {
        ++surprising;
      }
      const Expectation rate = baseline.rate(TemplateId(0), window);
      EXPECT_EQ(rate.high, static_cast<double>(surprising)) << gap << " " << window;
      const double typical = 2000 * static_cast<double>(window) / trained;
      EXPECT_NEAR(rate.typical, typical, 1e-9);
      const double deviation = std::sqrt(typical + typical * typical / static_cast<double>(model.size));
      EXPECT_EQ(rate.low, std::max(0.0, std::floor(typical - 2.326 * deviation)));
    }
  }
}

TEST(BaselineRate, OfOtherLengthsTakesTheNearestWindow) {
  Baseline baseline(FeatureOptions{});
  learn(baseline, every(1, 20'000));
  EXPECT_NEAR(baseline.rate(TemplateId(0), 30).typical, 30, 0.1);
  EXPECT_LT(baseline.rate(TemplateId(0), 30).high, baseline.rate(TemplateId(0), 60).high);
  EXPECT_GT(baseline.rate(TemplateId(0), 30).high, baseline.rate(TemplateId(0), 10).high);
  EXPECT_EQ(baseline.rate(TemplateId(0), 0).high, 0);
  EXPECT_EQ(baseline.rate(TemplateId(0), -5).high, 0);
  EXPECT_EQ(baseline.rate(TemplateId(0), 1'000'000'000).typical, 20'000) << "no more than there were";
}

TEST(BaselineRate, IsSilentWithoutTimeOrWindows) {
  Baseline timeless(FeatureOptions{});
  EventScript script = every(1, 100);
  for (Event& event : script.mutable_events()) {
    event.has_time = false;
  }
  learn(timeless, script);
  EXPECT_EQ(timeless.rate(TemplateId(0), 60).high, 0);
  FeatureOptions none;
  none.window_seconds.clear();
  Baseline windowless(none);
  learn(windowless, every(1, 101));
  EXPECT_NEAR(windowless.rate(TemplateId(0), 10).high, 10.1, 1e-9);
  EXPECT_EQ(windowless.dispersion(TemplateId(0)), 1);
  EXPECT_EQ(windowless.most_in_window(TemplateId(0), 0), 0U);
}

TEST(BaselineLooks, AreTheLinesOfADay) {
  Baseline day(FeatureOptions{});
  learn(day, every(60, 1441));
  EXPECT_NEAR(day.looks(), std::log(1441), 1e-9);
  Baseline minute(FeatureOptions{});
  learn(minute, every(1, 61));
  EXPECT_NEAR(minute.looks(), std::log(61 * 24), 1e-9) << "an hour at least";
  EXPECT_EQ(Baseline(FeatureOptions{}).looks(), 0);
}

TEST(BaselineMost, IsThatOfASlidingWindow) {
  EventScript script = every(100, 50);
  for (int i = 0; i < 7; ++i) {
    script.add(5000 + i, 1);
  }
  script.add(5020, 1);
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  EXPECT_EQ(baseline.most_in_window(TemplateId(1), 0), 7U) << "ten seconds";
  EXPECT_EQ(baseline.most_in_window(TemplateId(1), 1), 8U) << "a minute";
  EXPECT_EQ(baseline.most_in_window(TemplateId(0), 0), 1U);
  EXPECT_EQ(baseline.most_in_window(TemplateId(1), 3), 0U) << "there is no fourth window";
  EXPECT_EQ(baseline.most_in_window(TemplateId(9), 0), 0U);
}

// 99 INFO lines and an ERROR line of template 0, and 100 WARNING lines of template 1.
Baseline levels() {
  EventScript script;
  for (int i = 0; i < 100; ++i) {
    script.add(i, 0, i == 50 ? Level::kError : Level::kInfo);
    script.add(i, 1, Level::kWarning);
  }
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  return baseline;
}

EventScript line(std::uint32_t id, Level level = Level::kInfo) {
  EventScript script;
  script.add(1000, id, level);
  return script;
}

TEST(BaselineLevels, SurpriseByHand) {
  const Baseline baseline = levels();
  const auto nats = [&](std::uint32_t id, Level level) { return later(baseline, "level_surprise", line(id, level)); };
  const auto overall = [](double count) { return (count + 0.5) / (200 + 0.5 * 9); };
  EXPECT_NEAR(nats(0, Level::kError), -std::log((1 + 2 * overall(1)) / 102), 1e-5);
  EXPECT_NEAR(nats(0, Level::kWarning), -std::log(2 * overall(100) / 102), 1e-5);
  EXPECT_NEAR(nats(1, Level::kWarning), -std::log((100 + overall(100)) / 101), 1e-5);
  EXPECT_NEAR(nats(7, Level::kWarning), -std::log(overall(100)), 1e-5) << "an unknown template";
  EXPECT_NEAR(nats(7, Level::kTrace), -std::log(overall(0)), 1e-5);
  EXPECT_EQ(nats(1, Level::kTrace), 8) << "no more than the bound";
}

TEST(BaselineLevels, SharesOfTheWindowsLeanOnTraining) {
  const Baseline baseline = levels();
  const auto of = [](double count) { return (count + 0.5) / 201; };
  EXPECT_NEAR(later(baseline, "error_share_60s", line(0)), 20 * of(1) / 21, 1e-6);
  EXPECT_NEAR(later(baseline, "warn_share_60s", line(0)), 20 * of(100) / 21, 1e-6);
  EXPECT_NEAR(later(baseline, "warn_share_60s", line(0, Level::kWarning)), (1 + 20 * of(100)) / 21, 1e-6);
  EXPECT_NEAR(later(baseline, "error_share_60s", line(0, Level::kCritical)), (1 + 20 * of(1)) / 21, 1e-6);
  EXPECT_EQ(later(baseline, "level", line(0, Level::kCritical)), 7);
}

TEST(BaselineLengths, SurpriseByHand) {
  EventScript script;
  for (int i = 0; i < 8; ++i) {
    script.add(i, 0).message_bytes = 99;
  }
  for (int i = 0; i < 7; ++i) {
    script.add(i, 1).message_bytes = 99;
  }
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  const auto nats = [&](std::uint32_t id, std::uint32_t bytes) {
    EventScript one = line(id);
    one.mutable_events().back().message_bytes = bytes;
    return later(baseline, "length_surprise", one);
  };
  // Equal lengths: the prior of four lines that deviate by 0.3 is all the spread there is.
  const double deviation = std::sqrt(4 * 0.3 * 0.3 / 12);
  const double z = std::log(150.0 / 100) / deviation;
  EXPECT_NEAR(nats(0, 149), normal_tail_nats(z) - std::log(2), 1e-4);
  EXPECT_NEAR(nats(0, 99), 0, 1e-6);
  EXPECT_GT(nats(0, 50), 1) << "shorter is strange, too";
  EXPECT_EQ(nats(1, 149), 0) << "seven lines say nothing";
  EXPECT_EQ(nats(2, 149), 0);
  const std::optional<Expectation> range = baseline.length_range(TemplateId(0));
  ASSERT_TRUE(range.has_value());
  EXPECT_NEAR(range->typical, 99, 1e-9);
  EXPECT_NEAR(range->high, 100 * std::exp(2.326 * deviation) - 1, 1e-6);
  EXPECT_NEAR(range->low, 100 * std::exp(-2.326 * deviation) - 1, 1e-6);
  EXPECT_FALSE(baseline.length_range(TemplateId(1)).has_value());
}

TEST(BaselineFold, SumsWhatBothHad) {
  EventScript script;
  for (int i = 0; i < 30; ++i) {
    script.add(i, 0, i < 10 ? Level::kError : Level::kInfo).message_bytes = 99;
    script.add(i, 1, Level::kWarning).message_bytes = 199;
  }
  script.add(31, 1, Level::kWarning).message_bytes = 199;
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  EXPECT_EQ(baseline.usual_level(TemplateId(0)), Level::kInfo);
  baseline.fold(TemplateId(1), TemplateId(0));
  EXPECT_EQ(baseline.template_count(TemplateId(0)), 61U);
  EXPECT_EQ(baseline.template_count(TemplateId(1)), 0U);
  EXPECT_EQ(baseline.usual_level(TemplateId(0)), Level::kWarning);
  EXPECT_NEAR(baseline.length_range(TemplateId(0))->typical,
              std::exp((30 * std::log(100) + 31 * std::log(200)) / 61) - 1, 1e-6);
  baseline.fold(TemplateId(0), TemplateId(5));
  EXPECT_EQ(baseline.template_count(TemplateId(5)), 61U);
}

TEST(BaselineHabits, ThreeCalmOrFourAlarmingSlices) {
  const auto habit = [](int visits, Alarm alarm) {
    EventScript script;
    for (int i = 0; i < 32 * 16; ++i) {
      script.add(i, i % 128 == 5 && i / 128 < visits ? 1 : 0);
    }
    Baseline baseline(FeatureOptions{});
    learn(baseline, script);
    EXPECT_DOUBLE_EQ(baseline.recurrence(TemplateId(1)), visits / 32.0);
    return baseline.is_habit(TemplateId(1), alarm);
  };
  EXPECT_TRUE(habit(3, Alarm::kNone));
  EXPECT_FALSE(habit(2, Alarm::kNone));
  EXPECT_FALSE(habit(3, Alarm::kWarning));
  EXPECT_TRUE(habit(4, Alarm::kWarning));
  EXPECT_TRUE(habit(4, Alarm::kError));
}

TEST(ExtractorRows, CountTheWindowWithThePresentLine) {
  EventScript script = every(100, 3);
  script.add(201, 7).message_bytes = 0;
  script.add(202, 7).message_bytes = 9;
  Baseline baseline(FeatureOptions{});
  FeatureExtractor extractor(baseline);
  const FeatureMatrix rows = rows_of(extractor, script);
  const FeatureSchema schema = feature_schema(FeatureOptions{});
  EXPECT_FLOAT_EQ(value(schema, rows, 4, "template_count_10s"), std::log(3.0F));
  EXPECT_FLOAT_EQ(value(schema, rows, 4, "distinct_templates_10s"), std::log(3.0F));
  EXPECT_FLOAT_EQ(value(schema, rows, 4, "new_templates_10s"), std::log(2.0F));
  EXPECT_FLOAT_EQ(value(schema, rows, 4, "new_templates_600s"), std::log(3.0F));
  EXPECT_EQ(value(schema, rows, 3, "message_length"), 0);
  EXPECT_FLOAT_EQ(value(schema, rows, 4, "message_length"), std::log(10.0F));
}

TEST(ExtractorRows, ThreeLinesAreTheLeastOfABurst) {
  Baseline baseline(FeatureOptions{});
  EventScript script = every(1, 20'000);
  script.add(19'000, 1);
  learn(baseline, script);
  EventScript quick;
  for (int i = 0; i < 3; ++i) {
    quick.add(30'000 + 0.1 * i, 1);
  }
  EXPECT_EQ(later(baseline, "burst_10s", quick, 1), 0);
  EXPECT_GT(later(baseline, "burst_10s", quick, 2), 0);
  EXPECT_GE(later(baseline, "burst_surprise", quick, 2), later(baseline, "burst_10s", quick, 2))
      << "the largest of all";
}

TEST(ExtractorRows, PairsAreNoParametersOfTheTemplate) {
  EventScript script;
  Event& event = script.add(0, 0, Level::kInfo, {"7", "8"});
  std::vector<Parameter> parameters = script.parameters();
  parameters.push_back({"k=v", MaskKind::kNone, 2});
  event.parameter_count = 3;
  Baseline baseline(FeatureOptions{});
  FeatureExtractor extractor(baseline);
  FeatureMatrix rows;
  extractor.extract(script.events(), parameters, rows);
  EXPECT_EQ(value(feature_schema(FeatureOptions{}), rows, 0, "parameter_count"), 2);
}

TEST(ExtractorRows, ALineIsLateBeyondTheReorderingAllowed) {
  for (const std::int64_t allowed : {0, 5, 30}) {
    FeatureOptions options;
    options.reorder_seconds = allowed;
    Baseline baseline(options);
    FeatureExtractor extractor(baseline);
    EventScript script;
    script.add(1000, 0);
    script.add(1000.0 - static_cast<double>(allowed), 0);
    rows_of(extractor, script);
    EXPECT_EQ(extractor.late_events(), 0U) << allowed;
    script.add(999.9 - static_cast<double>(allowed), 0);
    FeatureMatrix rows;
    extractor.extract(std::span(script.events()).last(1), script.parameters(), rows);
    EXPECT_EQ(extractor.late_events(), 1U) << allowed;
  }
}

TEST(ExtractorRows, PreviousTemplatesAreThoseOfTheSequence) {
  EventScript script;
  for (std::uint32_t i = 0; i < 6; ++i) {
    script.add(i, i).stream = StreamId(i % 2);
  }
  Baseline baseline(FeatureOptions{});
  FeatureExtractor extractor(baseline);
  rows_of(extractor, script);
  EXPECT_EQ(extractor.previous_templates(5, 5), (std::vector<TemplateId>{TemplateId(1), TemplateId(3)}));
  EXPECT_EQ(extractor.previous_templates(5, 1), (std::vector<TemplateId>{TemplateId(3)}));
  EXPECT_TRUE(extractor.previous_templates(5, 0).empty());
  EXPECT_TRUE(extractor.previous_templates(1, 5).empty());
}

TEST(FeatureSchema, WindowsWithinTheirRangeAreUsed) {
  FeatureOptions options;
  options.window_seconds = {604'800, 604'801, 1, 0};
  EXPECT_EQ(usable_windows(options), (std::vector<std::int64_t>{1, 604'800}));
}

TEST(FeatureSchema, StreamsHaveWords) {
  EXPECT_EQ(rate_key_word(RateKey::kNone), "stream");
  EXPECT_EQ(rate_key_word(RateKey::kHost), "host");
  EXPECT_EQ(rate_key_word(RateKey::kComponent), "component");
  EXPECT_EQ(rate_key_word(RateKey::kFile), "file");
}

TEST(BaselineKnows, OnlyWhatItSawNotTheNumbersBetween) {
  EventScript script = every(1, 50, 0);
  script.add(60, 7);
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  EXPECT_EQ(later(baseline, "template_new", line(3)), 1);
  EXPECT_EQ(later(baseline, "template_new", line(7)), 0);
  EXPECT_EQ(later(baseline, "template_new", line(8)), 1);
  EXPECT_EQ(baseline.usual_level(TemplateId(3)), Level::kUnknown);
  EXPECT_EQ(later(baseline, "template_rarity", line(3)), later(baseline, "template_rarity", line(8)));
}

TEST(BaselineColumns, HaveTheQuantilesOfTraining) {
  EventScript script = every(1, 100);
  for (std::uint32_t i = 0; i < 100; ++i) {
    script.mutable_events()[i].message_bytes = static_cast<std::uint32_t>(std::exp2(i % 10)) - 1;
  }
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  const Expectation usual = baseline.column(kMessageLength);
  EXPECT_EQ(usual.low, 0);
  EXPECT_NEAR(usual.typical, 5 * std::log(2), 1e-6);
  EXPECT_NEAR(usual.high, 9 * std::log(2), 1e-6);
}

}  // namespace
}  // namespace logdetect
