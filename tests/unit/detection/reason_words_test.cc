#include "detection/reason_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "unit/features/support.h"

namespace logdetect {
namespace {

using logdetect::testing::EventScript;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// What is said after this training; nothing was fitted, so that only the baseline speaks.
class Told {
 public:
  explicit Told(const EventScript& training, const FeatureOptions& options = {})
      : schema_(feature_schema(options)), baseline_(options), ensemble_(Ensemble::create({}).value()) {
    logdetect::testing::learn(baseline_, training);
    row_.resize(schema_.size());
  }
  Told& row(const std::string& column, double value) {
    row_.at(static_cast<std::size_t>(schema_.find(column))) = static_cast<float>(value);
    return *this;
  }
  [[nodiscard]] Reason reason(std::string_view kind, const std::string& column, const EventScript& script,
                              const std::vector<TemplateId>& previous = {}) const {
    const std::function<std::string(TemplateId)> text = [](TemplateId id) { return "t" + std::to_string(id.value()); };
    const ExplainInput input{script.events().back(), script.parameters(), row_, {}, previous};
    const auto index = static_cast<std::size_t>(schema_.find(column));
    return make_reason({std::string(kind), 1, 1, index, column}, {schema_, baseline_, ensemble_, text, input});
  }
  [[nodiscard]] std::string words(std::string_view kind, const std::string& column, const EventScript& script,
                                  const std::vector<TemplateId>& previous = {}) const {
    return reason(kind, column, script, previous).sentence;
  }
  Told& without_row() {
    row_.clear();
    return *this;
  }

 private:
  FeatureSchema schema_;
  Baseline baseline_;
  Ensemble ensemble_;
  std::vector<float> row_;
};

EventScript one(std::uint32_t id, Level level = Level::kInfo, const std::vector<std::string>& parameters = {},
                double seconds = 5000) {
  EventScript script;
  script.add(seconds, id, level, parameters);
  return script;
}

EventScript lines(std::uint32_t id, int count, double every = 1) {
  EventScript script;
  for (int i = 0; i < count; ++i) {
    script.add(i * every, id);
  }
  return script;
}

std::vector<TemplateId> ids(const std::vector<std::uint32_t>& numbers) {
  return {numbers.begin(), numbers.end()};
}

TEST(WordsRank, IsThePlaceOfTheNameOrBehindAll) {
  EXPECT_EQ(words_rank(reasons::kNewTemplate), 0U);
  EXPECT_EQ(words_rank(reasons::kRareTemplate), 1U);
  EXPECT_EQ(words_rank(reasons::kUnusualStream), 10U);
  EXPECT_EQ(words_rank("queue_depth"), 11U);
}

TEST(ReasonWords, OfRareTemplatesCountTheirRecords) {
  EventScript training = lines(0, 8);
  training.add(8, 1);
  training.add(9, 2);
  training.add(10, 2);
  const Told told(training);
  EXPECT_EQ(told.words(reasons::kRareTemplate, "template_rarity", one(1)),
            "rare template: seen once in 11 training records");
  const Reason twice = told.reason(reasons::kRareTemplate, "template_rarity", one(2));
  EXPECT_EQ(twice.sentence, "rare template: seen 2 times in 11 training records");
  EXPECT_EQ(twice.unit, "records in training");
  EXPECT_EQ(twice.observed, 2);
  EXPECT_FALSE(twice.expected_low.has_value());
  EXPECT_FALSE(twice.expected_high.has_value());
  EventScript fresh = one(2);
  fresh.mutable_events().back().is_new = true;
  const Reason news = told.reason(reasons::kNewTemplate, "template_rarity", fresh);
  EXPECT_EQ(news.sentence, "new template: never seen in 11 training records");
  EXPECT_EQ(news.observed, 0);
  EXPECT_EQ(news.expected_low, 1);
  EXPECT_FALSE(news.expected_high.has_value());
}

TEST(ReasonWords, OfAStreamCompareItWithTheOthers) {
  FeatureOptions options;
  options.rate_key = RateKey::kHost;
  EventScript training;
  const auto add = [&](std::uint64_t group, std::uint32_t id, int count) {
    for (int i = 0; i < count; ++i) {
      training.add(0, id).group = group;
    }
  };
  add(1, 0, 100);
  add(2, 0, 46);
  add(2, 1, 2);
  add(2, 3, 1);
  add(3, 2, 1);
  add(2, 2, 3);  // 153 records, 52 of them of the second host
  const Told told(training, options);
  const auto on = [](std::uint64_t group, std::uint32_t id) {
    EventScript script = one(id);
    script.mutable_events().back().group = group;
    return script;
  };
  const auto words = [&](std::uint64_t group, std::uint32_t id) {
    return told.words(reasons::kUnusualStream, "stream_surprise", on(group, id));
  };
  EXPECT_EQ(words(1, 1), "first time on this host: 2 times on 1 other in training");
  EXPECT_EQ(words(1, 3), "first time on this host: once on 1 other in training");
  EXPECT_EQ(words(1, 2), "first time on this host: 4 times on 2 others in training");
  EXPECT_EQ(words(2, 1), "rare on this host: 2 of its 52 training records (1 if it were like the others)");
  const Reason first = told.reason(reasons::kUnusualStream, "stream_surprise", on(1, 2));
  EXPECT_EQ(first.unit, "records of the host in training");
  EXPECT_EQ(first.observed, 0);
  EXPECT_DOUBLE_EQ(*first.expected_low, 100.0 * 4 / 153);
  EXPECT_EQ(first.expected_low, first.expected_high);
}

TEST(ReasonWords, OfABurstTellOfTheWindowWithTheLargest) {
  Told told(lines(0, 2000, 10));
  told.row("burst_10s", 1).row("burst_60s", 3).row("burst_600s", 2);
  told.row("template_count_10s", std::log1p(9)).row("template_count_60s", std::log1p(47));
  const Reason burst = told.reason(reasons::kBurst, "burst_surprise", one(0));
  EXPECT_THAT(burst.sentence, StartsWith("burst: 47 of these in 60 s (usual: "));
  EXPECT_EQ(burst.unit, "lines in 60 s");
  EXPECT_EQ(burst.observed, 47);
  EXPECT_EQ(*burst.expected_low, std::floor(*burst.expected_low));
  EXPECT_EQ(*burst.expected_high, std::ceil(*burst.expected_high));
  EXPECT_THAT(told.words(reasons::kBurst, "burst_10s", one(0)), StartsWith("burst: 9 of these in 10 s"));
  EXPECT_THAT(told.words(reasons::kBurst, "template_count_600s", one(0)), StartsWith("frequency: 1 of these in 600 s"));
  const Told plain(lines(0, 2000, 10));
  EXPECT_THAT(plain.words(reasons::kBurst, "burst_surprise", one(0)), HasSubstr(" in 10 s ")) << "the first of equals";
}

TEST(ReasonWords, OfACountAreABurstOnlyBeyondTheUsual) {
  Told told(lines(0, 2000, 10));
  const double usual = *told.reason(reasons::kBurst, "burst_60s", one(0)).expected_high;
  told.row("template_count_60s", std::log1p(usual));
  EXPECT_THAT(told.words(reasons::kBurst, "burst_60s", one(0)), StartsWith("frequency: "));
  told.row("template_count_60s", std::log1p(usual + 1));
  EXPECT_THAT(told.words(reasons::kBurst, "burst_60s", one(0)), StartsWith("burst: "));
  EXPECT_EQ(told.reason(reasons::kBurst, "burst_60s", one(7)).expected_low, 0) << "a template never seen";
}

TEST(ReasonWords, WithoutWindowsABurstHasNoNumbers) {
  FeatureOptions options;
  options.window_seconds.clear();
  EXPECT_EQ(Told(lines(0, 100), options).words(reasons::kBurst, "burst_surprise", one(0)),
            "burst: more of these than usual");
}

// 0 1 2, again and again.
EventScript rounds() {
  EventScript script;
  for (std::uint32_t i = 0; i < 300; ++i) {
    script.add(i, i % 3);
  }
  return script;
}

TEST(ReasonWords, OfASequenceShowTheUsualAndTheActualOne) {
  const Told told(rounds());
  const auto words = [&](std::uint32_t id, const std::vector<std::uint32_t>& previous) {
    return told.words(reasons::kSequence, "sequence_surprise", one(id), ids(previous));
  };
  EXPECT_EQ(words(2, {}), "sequence: an improbable place for [t2]");
  EXPECT_EQ(words(2, {1, 0}), "sequence: normal [t0] -> [t1], actual [t0] -> [t2]");
  EXPECT_EQ(words(1, {0}), "sequence: [t1] is improbable after [t0]");
  EXPECT_EQ(words(2, {9}), "sequence: [t2] is improbable after [t9]") << "nothing is known of what follows";
  EXPECT_EQ(words(2, {0, 2}), "sequence: normal [t0] -> [t1], actual [t0] -> [t2] -> [t2] (expected: [t0])");
  EXPECT_EQ(words(2, {1, 0, 2, 2}),
            "sequence: normal [t0] -> [t1], actual [t0] -> [t2] -> [t2] -> [t2] (expected: [t0])");
  EXPECT_EQ(words(2, {0, 2, 2, 2, 2}), "sequence: normal [t2] -> [t0], actual [t2] -> [t2] -> [t2] -> [t2]")
      << "three of a run are shown";
  EXPECT_EQ(words(2, {2}), "sequence: normal [t2] -> [t0], actual [t2] -> [t2]") << "there is nothing before it";
  EXPECT_EQ(words(1, {0, 1}), "sequence: [t1] is improbable after [t0] -> [t1] (expected: [t2])");
}

TEST(ReasonWords, OfASequenceNameThreeThatWereExpected) {
  EventScript script;
  for (std::uint32_t i = 0; i < 400; ++i) {
    script.add(2 * i, 0);
    script.add(2 * i + 1, i % 10 < 4 ? 1 : i % 10 < 7 ? 2 : i % 10 < 9 ? 3 : 4);
  }
  EXPECT_EQ(Told(script).words(reasons::kSequence, "sequence_surprise", one(9), ids({0})),
            "sequence: normal [t0] -> [t1], actual [t0] -> [t9] (expected: [t1], [t2], [t3])");
  EXPECT_EQ(Told(script).words(reasons::kSequence, "sequence_surprise", one(2), ids({0})),
            "sequence: normal [t0] -> [t1], actual [t0] -> [t2] (expected: [t1], [t3])");
}

EventScript queries() {
  EventScript script;
  for (int i = 0; i < 300; ++i) {
    script.add(i, 1, Level::kInfo,
               {std::to_string(10 + i % 11) + "ms", i % 2 == 0 ? "primary" : "replica", std::to_string(i % 7)});
  }
  return script;
}

TEST(ReasonWords, OfParametersNameTheOneThatSurprisesMost) {
  const Told told(queries());
  const auto words = [&](const std::vector<std::string>& values) {
    return told.words(reasons::kParameter, "parameter_surprise", one(1, Level::kInfo, values));
  };
  EXPECT_EQ(words({"12ms", "primary", "3"}), "a parameter has a value that is unusual for this template");
  EXPECT_THAT(words({"12ms", "elsewhere", "3"}),
              StartsWith("parameter 2 is \"elsewhere\", which training did not show or hardly ever"));
  EXPECT_THAT(words({"12ms", std::string(200, 'w'), "3"}),
              StartsWith("parameter 2 is \"" + std::string(80, 'w') + "\","));
  EXPECT_THAT(words({"90000ms", "primary", "3"}), StartsWith("parameter 1 is 90 s (usual: 0.01 to 0.02 s)"));
  EXPECT_THAT(words({"12ms", "primary", "5000"}), StartsWith("parameter 3 is 5,000 (usual: 0 to 6)"));
  const Reason number =
      told.reason(reasons::kParameter, "parameter_surprise", one(1, Level::kInfo, {"12ms", "primary", "5000"}));
  EXPECT_EQ(number.unit, "value");
  EXPECT_EQ(number.observed, 5000);
  EXPECT_EQ(number.expected_low, 0);
  EXPECT_EQ(number.expected_high, 6);
}

TEST(ReasonWords, OfTheNumberOfParametersAreWhole) {
  Told told(queries());
  told.row("parameter_count", 5);
  const Reason reason = told.reason(reasons::kParameter, "parameter_count", one(1));
  EXPECT_EQ(reason.sentence, "the line has 5 parameters (usual: 3)");
  EXPECT_EQ(reason.unit, "parameters");
  EXPECT_EQ(reason.observed, 5);
}

TEST(ReasonWords, OfTheHourGiveItInHundredths) {
  const Told told(lines(0, 10));
  const auto at = [&](double seconds, Level level = Level::kInfo) {
    return told.reason(reasons::kUnusualTime, "hour_surprise", one(0, level, {}, seconds));
  };
  EXPECT_EQ(at(3 * 3600 + 20 * 60).observed, 3.33);
  EXPECT_EQ(at(23 * 3600 + 3599).observed, 24);
  EXPECT_EQ(at(-1800).observed, 23.5);
  EXPECT_EQ(at(0).sentence, "INFO lines are rare at 00:00");
  EXPECT_EQ(at(0, Level::kUnknown).sentence, "lines without a level are rare at 00:00");
  EXPECT_EQ(at(0).unit, "hour of day, UTC");
  EXPECT_FALSE(at(0).expected_low.has_value());
  EXPECT_FALSE(at(0).expected_high.has_value());
  EXPECT_EQ(told.words(reasons::kUnusualTime, "weekday_surprise", one(0, Level::kError, {}, 86'400)),
            "ERROR lines are rare on a Tuesday");
}

TEST(ReasonWords, OfTheLevelTellErrorsFromWords) {
  const Told told(lines(0, 10));
  const auto words = [&](const std::string& column, Level level) {
    return told.words(reasons::kUnusualLevel, column, one(0, level));
  };
  EXPECT_EQ(words("level_surprise", Level::kUnknown), "a line without level is unusual for this template");
  EXPECT_EQ(words("level_surprise", Level::kTrace), "TRACE is unusual for this template");
  EXPECT_EQ(words("error_prior", Level::kWarning), "a rare WARNING line");
  EXPECT_EQ(words("error_prior", Level::kNotice), "its words say that something went wrong, and it is rare");
}

TEST(ReasonWords, OfSharesAreInTenthsOfAPercent) {
  Told told(lines(0, 100));
  told.row("error_share_60s", 0.12345).row("warn_share_600s", 0.5);
  const Reason errors = told.reason(reasons::kErrorRate, "error_share_60s", one(0));
  EXPECT_THAT(errors.sentence, StartsWith("12.3 % of the lines in 60 s are ERROR or worse (usual: "));
  EXPECT_EQ(errors.observed, 12.3);
  EXPECT_EQ(errors.unit, "percent of lines, smoothed");
  EXPECT_EQ(*errors.expected_high * 10, std::round(*errors.expected_high * 10));
  EXPECT_THAT(told.words(reasons::kErrorRate, "warn_share_600s", one(0)),
              StartsWith("50 % of the lines in 600 s are WARNING (usual: "));
}

TEST(ReasonWords, OfTheLengthNeedEightLinesForARange) {
  EventScript training = lines(0, 8);
  for (int i = 0; i < 7; ++i) {
    training.add(20 + i, 1);
  }
  const Told told(training);
  const auto reason = [&](std::uint32_t id) { return told.reason(reasons::kLength, "length_surprise", one(id)); };
  EXPECT_THAT(reason(0).sentence, StartsWith("the message has 50 bytes (usual: "));
  EXPECT_LE(*reason(0).expected_low, 50);
  EXPECT_GE(*reason(0).expected_high, 50);
  EXPECT_EQ(reason(1).sentence, "a message of 50 bytes is unusual");
  EXPECT_EQ(reason(1).observed, 50);
  EXPECT_FALSE(reason(1).expected_low.has_value());
  EXPECT_FALSE(reason(1).expected_high.has_value());
}

TEST(ReasonWords, OfDiversityCountTemplates) {
  Told told(lines(0, 100));
  told.row("distinct_templates_60s", std::log1p(30)).row("new_templates_10s", std::log1p(4));
  const Reason reason = told.reason(reasons::kDiversity, "distinct_templates_60s", one(0));
  EXPECT_EQ(reason.sentence, "30 different templates in 60 s (usual: 1)");
  EXPECT_EQ(reason.observed, 30);
  EXPECT_EQ(reason.expected_high, 1);
  EXPECT_EQ(told.words(reasons::kDiversity, "new_templates_10s", one(0)),
            "4 templates seen for the first time in 10 s (usual: 0 to 1)");
}

TEST(ReasonWords, OfAColumnThatTheRowLacksAreOfNothing) {
  Told told(lines(0, 100));
  told.row("level", 3);
  EXPECT_EQ(told.reason(reasons::kForest, "level", one(0)).observed, 3);
  EXPECT_EQ(told.without_row().reason(reasons::kForest, "level", one(0)).observed, 0);
}

}  // namespace
}  // namespace logdetect
