#include "logdetect/features/extractor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/core/reason.h"
#include "logdetect/features/event_clock.h"
#include "unit/features/support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::learn;
using testing::rarity_of;
using testing::rows_of;
using testing::value;

const FeatureOptions kOptions;
const FeatureSchema kSchema = feature_schema(kOptions);

// A believable mixture: a few frequent templates in a fixed order, rare ones, levels, numbers.
EventScript mixture(std::uint64_t seed, int events, double seconds_between) {
  Rng rng(seed);
  EventScript script;
  double time = 0;
  for (int i = 0; i < events; ++i) {
    time += -std::log(1 - rng.uniform()) * seconds_between;
    const auto id = static_cast<std::uint32_t>(rng.below(50) == 0 ? 10 + rng.below(30) : static_cast<unsigned>(i % 4));
    const Level level = id == 2 ? Level::kWarning : id > 35 ? Level::kError : Level::kInfo;
    Event& event = script.add(time, id, level, {std::to_string(rng.below(1000)), std::to_string(i)});
    event.stream = StreamId(static_cast<std::uint32_t>(rng.below(3)));
    event.message_bytes = 40 + 10 * id + static_cast<std::uint32_t>(rng.below(5));
  }
  return script;
}

void expect_sane(const FeatureMatrix& rows) {
  ASSERT_EQ(rows.columns(), kSchema.size());
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t c = 0; c < rows.columns(); ++c) {
      const float x = rows.row(i)[c];
      ASSERT_TRUE(std::isfinite(x)) << kSchema.columns[c].name;
      ASSERT_GE(x, 0) << kSchema.columns[c].name;
      ASSERT_LE(x, 70000) << kSchema.columns[c].name;
    }
  }
}

template <typename T>
concept ShowsItsInside = requires(T& known) {
  known.impl();
};
static_assert(!ShowsItsInside<Baseline> && !ShowsItsInside<const Baseline>, "a baseline is read by its questions");

TEST(FeatureSchema, NamesAreUniqueAndFollowTheWindows) {
  EXPECT_EQ(kSchema.size(), 13U + 3 * 6);
  EXPECT_GE(kSchema.find("template_rarity"), 0);
  EXPECT_GE(kSchema.find("burst_60s"), 0);
  EXPECT_GE(kSchema.find("new_templates_600s"), 0);
  for (std::size_t i = 0; i < kSchema.size(); ++i) {
    EXPECT_EQ(kSchema.find(kSchema.columns[i].name), static_cast<int>(i));
    EXPECT_FALSE(kSchema.columns[i].unit.empty());
    EXPECT_FALSE(kSchema.columns[i].meaning.empty());
  }
  FeatureOptions other;
  other.window_seconds = {10, 60};
  EXPECT_NE(feature_schema(other).hash(), kSchema.hash());
}

TEST(FeatureSchema, EveryColumnNamesItsReason) {
  FeatureOptions all;
  all.rate_key = RateKey::kHost;
  const FeatureSchema schema = feature_schema(all);
  const auto reason = [&](const char* column) {
    return schema.columns.at(static_cast<std::size_t>(schema.find(column))).reason;
  };
  for (const FeatureInfo& column : schema.columns) {
    EXPECT_FALSE(column.reason.empty()) << column.name;
  }
  EXPECT_EQ(reason("template_rarity"), reasons::kRareTemplate);
  EXPECT_EQ(reason("template_new"), reasons::kRareTemplate);
  EXPECT_EQ(reason("template_count_60s"), reasons::kBurst);
  EXPECT_EQ(reason("burst_surprise"), reasons::kBurst);
  EXPECT_EQ(reason("burst_600s"), reasons::kBurst);
  EXPECT_EQ(reason("sequence_surprise"), reasons::kSequence);
  EXPECT_EQ(reason("parameter_surprise"), reasons::kParameter);
  EXPECT_EQ(reason("hour_surprise"), reasons::kUnusualTime);
  EXPECT_EQ(reason("weekday_surprise"), reasons::kUnusualTime);
  EXPECT_EQ(reason("level_surprise"), reasons::kUnusualLevel);
  EXPECT_EQ(reason("error_prior"), reasons::kUnusualLevel);
  EXPECT_EQ(reason("error_share_10s"), reasons::kErrorRate);
  EXPECT_EQ(reason("warn_share_10s"), reasons::kErrorRate);
  EXPECT_EQ(reason("message_length"), reasons::kLength);
  EXPECT_EQ(reason("length_surprise"), reasons::kLength);
  EXPECT_EQ(reason("distinct_templates_10s"), reasons::kDiversity);
  EXPECT_EQ(reason("new_templates_10s"), reasons::kDiversity);
  EXPECT_EQ(reason("stream_surprise"), reasons::kUnusualStream);
}

TEST(FeatureSchema, UselessWindowsAreLeftOut) {
  FeatureOptions odd;
  odd.window_seconds = {60, -1, 60, 0, 10, 20, 30, 40};
  const FeatureSchema schema = feature_schema(odd);
  EXPECT_EQ(schema.size(), 13U + 4 * 6);
  EXPECT_GE(schema.find("burst_10s"), 0);
  EXPECT_LT(schema.find("burst_60s"), 0);
  FeatureOptions none;
  none.window_seconds = {};
  Baseline baseline(none);
  const FeatureMatrix rows = learn(baseline, mixture(1, 100, 1));
  EXPECT_EQ(rows.columns(), 13U);
}

TEST(FeatureExtractor, FirstSightIsFlaggedOnceWhileLearning) {
  EventScript script;
  for (int i = 0; i < 30; ++i) {
    script.add(i, static_cast<std::uint32_t>(i % 3));
  }
  Baseline baseline(kOptions);
  const FeatureMatrix rows = learn(baseline, script);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    EXPECT_EQ(value(kSchema, rows, i, "template_new"), i < 3 ? 1 : 0);
  }
  EXPECT_EQ(baseline.events(), 30U);
  EXPECT_EQ(baseline.template_count(TemplateId(1)), 10U);
  EXPECT_EQ(baseline.template_count(TemplateId(99)), 0U);
  EXPECT_EQ(baseline.template_count(TemplateId()), 0U);
}

TEST(FeatureExtractor, ANewTemplateStaysNewWhenFrozen) {
  Baseline baseline(kOptions);
  learn(baseline, mixture(1, 2000, 0.5));
  EventScript later;
  for (int i = 0; i < 20; ++i) {
    later.add(2000 + i, i % 2 == 0 ? 500 : 0).is_new = i % 2 == 0;
  }
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  const float rarity = value(kSchema, rows, 0, "template_rarity");
  for (std::size_t i = 0; i < rows.rows(); i += 2) {
    EXPECT_EQ(value(kSchema, rows, i, "template_new"), 1);
    EXPECT_EQ(value(kSchema, rows, i, "template_rarity"), rarity);
    EXPECT_FLOAT_EQ(value(kSchema, rows, i, "new_templates_600s"), std::log(2.0F)) << "one first sight";
    EXPECT_EQ(value(kSchema, rows, i + 1, "template_new"), 0);
  }
  EXPECT_GT(rarity, value(kSchema, rows, 1, "template_rarity") + 5);
  EXPECT_EQ(baseline.events(), 2000U) << "a frozen extractor must not teach";
}

// Row i depends on nothing that comes after event i, in either mode, and on no batch border.
TEST(FeatureExtractor, RowsArePrequential) {
  const EventScript script = mixture(3, 1500, 0.7);
  Baseline whole(kOptions);
  const FeatureMatrix rows = learn(whole, script);
  Rng rng(1);
  Baseline cut(kOptions);
  FeatureExtractor extractor(cut);
  FeatureMatrix part;
  for (std::size_t from = 0; from < script.events().size();) {
    const std::size_t size = std::min<std::size_t>(1 + rng.below(100), script.events().size() - from);
    extractor.extract(std::span(script.events()).subspan(from, size), script.parameters(), part);
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_TRUE(std::equal(part.row(i).begin(), part.row(i).end(), rows.row(from + i).begin())) << from + i;
    }
    from += size;
  }
}

TEST(FeatureExtractor, AnyTimesGiveFiniteRows) {
  Rng rng(4);
  for (const bool frozen : {false, true}) {
    Baseline baseline(kOptions);
    if (frozen) {
      learn(baseline, mixture(5, 3000, 20));
    }
    EventScript script = mixture(6, 4000, 1);
    for (Event& event : script.mutable_events()) {
      switch (rng.below(6)) {
        case 0:
          event.time = static_cast<Micros>(rng.next());
          break;
        case 1:
          event.time = INT64_MIN;
          break;
        case 2:
          event.time = 0;
          break;
        case 3:
          event.has_time = false;
          break;
        default:
          break;
      }
      if (rng.below(20) == 0) {
        event.template_id = TemplateId(static_cast<std::uint32_t>(rng.next()));
        event.message_bytes = static_cast<std::uint32_t>(rng.next());
        event.stream = StreamId(static_cast<std::uint32_t>(rng.next()));
        event.level = static_cast<Level>(rng.below(kLevelCount));
      }
    }
    auto extractor = frozen ? std::make_unique<FeatureExtractor>(std::as_const(baseline))
                            : std::make_unique<FeatureExtractor>(baseline);
    expect_sane(rows_of(*extractor, script));
    EXPECT_GT(extractor->late_events(), 0U);
    extractor->finish();
    extractor->restart();
    expect_sane(rows_of(*extractor, script));
  }
}

TEST(FeatureExtractor, AnEmptyBaselineGivesFiniteRows) {
  const Baseline baseline(kOptions);
  FeatureExtractor extractor(baseline);
  expect_sane(rows_of(extractor, mixture(2, 500, 1)));
  FeatureMatrix nothing;
  extractor.extract({}, {}, nothing);
  EXPECT_EQ(nothing.rows(), 0U);
}

TEST(FeatureExtractor, ALogWithoutTimeHasSilentWindows) {
  EventScript script = mixture(7, 3000, 1);
  for (Event& event : script.mutable_events()) {
    event.time = 0;
    event.has_time = false;
  }
  Baseline baseline(kOptions);
  const FeatureMatrix rows = learn(baseline, script);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    ASSERT_EQ(value(kSchema, rows, i, "burst_surprise"), 0);
    ASSERT_FLOAT_EQ(value(kSchema, rows, i, "template_count_10s"), std::log(2.0F));
    ASSERT_EQ(value(kSchema, rows, i, "hour_surprise"), 0);
  }
}

TEST(FeatureExtractor, LevelsAndErrorPrior) {
  Baseline baseline(kOptions);
  EventScript script;
  for (int i = 0; i < 2000; ++i) {
    script.add(i, 0);
  }
  learn(baseline, script);
  EventScript later;
  later.add(2001, 0, Level::kError).alarm = Alarm::kError;
  later.add(2002, 0, Level::kInfo);
  later.add(2003, 77, Level::kFatal).alarm = Alarm::kError;
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  EXPECT_GT(value(kSchema, rows, 0, "level_surprise"), 6);
  EXPECT_LT(value(kSchema, rows, 1, "level_surprise"), 0.01);
  EXPECT_LT(value(kSchema, rows, 0, "error_prior"), 0.01) << "an error of a common template is common";
  EXPECT_EQ(value(kSchema, rows, 1, "error_prior"), 0);
  EXPECT_NEAR(value(kSchema, rows, 2, "error_prior"),
              0.6F * std::min(10.0F, value(kSchema, rows, 2, "template_rarity")), 0.01);

  Baseline noisy(kOptions);
  EventScript half;
  for (int i = 0; i < 2000; ++i) {
    half.add(i, 0, Level::kError).alarm = Alarm::kError;
  }
  learn(noisy, half);
  FeatureExtractor in_noise(std::as_const(noisy));
  EXPECT_NEAR(value(kSchema, rows_of(in_noise, later), 2, "error_prior"), 0, 0.05)
      << "where all lines are errors the word says nothing";
}

TEST(FeatureExtractor, SequenceBreaksAreSurprising) {
  Baseline baseline(kOptions);
  EventScript script;
  for (int i = 0; i < 3000; ++i) {
    script.add(i, static_cast<std::uint32_t>(i % 3));
  }
  learn(baseline, script);
  EventScript later;
  for (const int id : {0, 1, 2, 0, 2, 1}) {
    later.add(3000, static_cast<std::uint32_t>(id));
  }
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  EXPECT_EQ(value(kSchema, rows, 0, "sequence_surprise"), 0) << "nothing came before";
  EXPECT_LT(value(kSchema, rows, 2, "sequence_surprise"), 0.01);
  EXPECT_GT(value(kSchema, rows, 4, "sequence_surprise"), 6);
  EXPECT_EQ(baseline.likely_after(TemplateId(0), 3), (std::vector<TemplateId>{TemplateId(1)}));
  EXPECT_EQ(frozen.previous_templates(4, 2), (std::vector<TemplateId>{TemplateId(2), TemplateId(0)}));
}

TEST(FeatureExtractor, LengthsAreJudgedByTemplate) {
  Baseline baseline(kOptions);
  Rng rng(8);
  EventScript script;
  for (int i = 0; i < 1000; ++i) {
    script.add(i, 0).message_bytes = 80 + static_cast<std::uint32_t>(rng.below(10));
    script.add(i, 1).message_bytes = 100 + static_cast<std::uint32_t>(rng.below(3000));
  }
  learn(baseline, script);
  EventScript later;
  later.add(1000, 0).message_bytes = 2000;
  later.add(1000, 1).message_bytes = 2000;
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  EXPECT_EQ(value(kSchema, rows, 0, "length_surprise"), 12);
  EXPECT_LT(value(kSchema, rows, 1, "length_surprise"), 2);
  const auto range = baseline.length_range(TemplateId(0));
  ASSERT_TRUE(range.has_value());
  EXPECT_NEAR(range->typical, 84.5, 2);
  EXPECT_LT(range->high, 110);
  EXPECT_FALSE(baseline.length_range(TemplateId(7)).has_value());
}

TEST(FeatureExtractor, APoissonStreamRarelyLooksLikeABurst) {
  for (const double rate : {0.02, 0.5, 10.0}) {
    const auto stream = [rate](std::uint64_t seed, double from, int events) {
      Rng rng(seed);
      EventScript script;
      double time = from;
      for (int i = 0; i < events; ++i) {
        time += -std::log(1 - rng.uniform()) / rate;
        script.add(time, static_cast<std::uint32_t>(rng.below(3)));
      }
      return script;
    };
    Baseline baseline(kOptions);
    learn(baseline, stream(1, 0, 20000));
    const EventScript later = stream(2, 40000 / rate, 20000);
    FeatureExtractor frozen(std::as_const(baseline));
    const FeatureMatrix rows = rows_of(frozen, later);
    int over = 0;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      over += value(kSchema, rows, i, "burst_surprise") > 7 ? 1 : 0;
    }
    EXPECT_LT(over, 100) << "of 20,000 at rate " << rate;
  }
}

TEST(FeatureExtractor, AFiftyfoldBurstIsSeen) {
  Rng rng(12);
  EventScript script;
  for (int i = 0; i < 20000; ++i) {
    script.add(i + rng.uniform(), static_cast<std::uint32_t>(i % 20));  // each template every 20 s
  }
  Baseline baseline(kOptions);
  learn(baseline, script);
  EventScript later;
  for (int i = 0; i < 600; ++i) {
    later.add(20000 + i, static_cast<std::uint32_t>(i % 20));
  }
  for (int i = 0; i < 150; ++i) {
    later.add(20600 + 0.4 * i, 3);  // 50 times its rate for a minute
  }
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  for (std::size_t i = 0; i < 600; ++i) {
    ASSERT_LT(value(kSchema, rows, i, "burst_surprise"), 5);
  }
  EXPECT_GT(value(kSchema, rows, 680, "burst_surprise"), 15);
  EXPECT_GT(value(kSchema, rows, 749, "burst_60s"), 20);
  const Expectation rate = baseline.rate(TemplateId(3), 60);
  EXPECT_NEAR(rate.typical, 3, 0.1);
  EXPECT_GE(rate.high, 5);
  EXPECT_LE(rate.high, 20);
  EXPECT_LE(rate.low, 3);
}

TEST(FeatureExtractor, WarmUpIsNoAnomaly) {
  Baseline baseline(kOptions);
  learn(baseline, mixture(20, 30000, 0.2));
  const EventScript later = mixture(21, 3000, 0.2);
  FeatureExtractor frozen(std::as_const(baseline));
  for (int round = 0; round < 2; ++round) {
    const FeatureMatrix rows = rows_of(frozen, later);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      ASSERT_LT(value(kSchema, rows, i, "burst_surprise"), 10) << i;
    }
    EXPECT_EQ(value(kSchema, rows, 0, "distinct_templates_600s"), std::log(2.0F));
    frozen.restart();
  }
}

TEST(FeatureExtractor, ErrorShareShrinksToTraining) {
  Baseline baseline(kOptions);
  EventScript script;
  for (int i = 0; i < 1000; ++i) {
    script.add(i, static_cast<std::uint32_t>(i % 10), i % 10 == 0 ? Level::kError : Level::kInfo);
  }
  learn(baseline, script);
  EventScript later;
  for (int i = 0; i < 500; ++i) {
    later.add(1000 + 0.001 * i, 0, Level::kError);
  }
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  EXPECT_NEAR(value(kSchema, rows, 0, "error_share_10s"), (1 + 20 * 0.1) / 21, 1e-3);
  EXPECT_GT(value(kSchema, rows, 499, "error_share_10s"), 0.95);
  EXPECT_NEAR(value(kSchema, rows, 499, "warn_share_10s"), 0, 1e-3);
}

// One line of 2099 among normal ones changes its own row only, apart from the windows it is counted in.
TEST(FeatureExtractor, ALineFromTheFarFutureDoesNotFreezeTheWindows) {
  Baseline baseline(kOptions);
  learn(baseline, mixture(30, 20000, 0.5));
  EventScript later = mixture(31, 4000, 0.5);
  EventScript spoilt = mixture(31, 4000, 0.5);
  spoilt.mutable_events()[1000].time = 4'070'908'800LL * kMicrosPerSecond;
  FeatureExtractor a(std::as_const(baseline));
  FeatureExtractor b(std::as_const(baseline));
  const FeatureMatrix expected = rows_of(a, later);
  const FeatureMatrix rows = rows_of(b, spoilt);
  for (std::size_t i = 3500; i < rows.rows(); ++i) {
    ASSERT_TRUE(std::equal(rows.row(i).begin(), rows.row(i).end(), expected.row(i).begin())) << i;
  }
}

TEST(FeatureExtractor, ColumnsHaveUsualRanges) {
  Baseline baseline(kOptions);
  const FeatureMatrix rows = learn(baseline, mixture(40, 5000, 0.5));
  const auto column = static_cast<std::size_t>(kSchema.find("message_length"));
  const Expectation expected = baseline.column(column);
  EXPECT_GT(expected.low, 3);
  EXPECT_LE(expected.low, expected.typical);
  EXPECT_LE(expected.typical, expected.high);
  EXPECT_EQ(baseline.column(999).high, 0);
}

TEST(FeatureExtractor, LearningCanGoOnAfterFinish) {
  const EventScript first = mixture(50, 1000, 0.5);
  Baseline baseline(kOptions);
  learn(baseline, first);
  const float before = rarity_of(baseline, 0);
  EventScript second;
  for (int i = 0; i < 5000; ++i) {
    second.add(1000 + i, 77);
  }
  learn(baseline, second);
  EXPECT_EQ(baseline.events(), 6000U);
  EXPECT_EQ(baseline.template_count(TemplateId(77)), 5000U);
  EXPECT_GT(rarity_of(baseline, 0), before + 1);
}

TEST(Baseline, TellsHowARateWaversAndTheUsualLevel) {
  EventScript script;
  for (int minute = 0; minute < 600; ++minute) {
    script.add(60.0 * minute, 1, minute % 7 == 0 ? Level::kError : Level::kWarning);
    for (int i = 0; minute % 100 == 0 && i < 60; ++i) {  // as many lines, sixty at a time
      script.add(60.0 * minute + 1 + 0.1 * i, 2);
    }
  }
  Baseline baseline(FeatureOptions{});
  learn(baseline, script);
  EXPECT_LT(baseline.dispersion(TemplateId(1)), 4) << "steady";
  EXPECT_GT(baseline.dispersion(TemplateId(2)), 40);
  EXPECT_GE(baseline.dispersion(TemplateId(99)), 1);
  EXPECT_EQ(baseline.usual_level(TemplateId(1)), Level::kWarning);
  EXPECT_EQ(baseline.usual_level(TemplateId(2)), Level::kInfo);
  EXPECT_EQ(baseline.usual_level(TemplateId(99)), Level::kUnknown);
  EXPECT_NEAR(baseline.observed_seconds(), 60.0 * 599, 61);
}

}  // namespace
}  // namespace logdetect
