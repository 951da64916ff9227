#include "logdetect/models/ensemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "unit/models/sample.h"

namespace logdetect {
namespace {

using ::testing::HasSubstr;

Ensemble trained(Sample sample, const Sample& validation, const EnsembleOptions& options = {},
                 const ThresholdOptions& threshold = {}) {
  auto ensemble = Ensemble::create(options);
  EXPECT_TRUE(ensemble.ok());
  sample.set_trees(20);
  EXPECT_TRUE(ensemble->fit(sample.training()).ok());
  ensemble->calibrate(validation.input(), threshold);
  return std::move(ensemble).value();
}

TEST(Ensemble, DefaultsAreNoveltyAndForest) {
  const auto ensemble = Ensemble::create({});
  ASSERT_TRUE(ensemble.ok());
  ASSERT_EQ(ensemble->size(), 2U);
  EXPECT_EQ(ensemble->name(0), "novelty");
  EXPECT_EQ(ensemble->weight(0), 1);
  EXPECT_EQ(ensemble->name(1), "forest");
  EXPECT_EQ(ensemble->weight(1), 0.02);
  EXPECT_DOUBLE_EQ(ensemble->contribution(0, 3), 3);
  EXPECT_DOUBLE_EQ(ensemble->contribution(0, 100), 40);
  EXPECT_DOUBLE_EQ(ensemble->contribution(1, 3), 0.06);
  EXPECT_DOUBLE_EQ(ensemble->contribution(1, 100), 0.2);
}

TEST(Ensemble, OptionsSetWeightsAndCap) {
  EnsembleOptions options;
  options.detectors = {"forest", "novelty"};
  options.weights = {{"forest", 2}, {"novelty", 5}};
  options.cap_nats = 10;
  const auto ensemble = Ensemble::create(options);
  ASSERT_TRUE(ensemble.ok());
  EXPECT_EQ(ensemble->size(), 2U);
  EXPECT_DOUBLE_EQ(ensemble->contribution(0, 100), 4) << "weights are relative to the heaviest";
  EXPECT_DOUBLE_EQ(ensemble->contribution(1, 100), 10);
}

TEST(Ensemble, ADetectorAloneCountsInFull) {
  EnsembleOptions options;
  options.detectors = {"forest"};
  const auto ensemble = Ensemble::create(options);
  ASSERT_TRUE(ensemble.ok());
  EXPECT_EQ(ensemble->weight(0), 1);
}

TEST(Ensemble, WrongOptionsAreNamed) {
  const auto error_of = [](std::vector<std::string> detectors, std::vector<std::pair<std::string, double>> weights) {
    EnsembleOptions options;
    options.detectors = std::move(detectors);
    options.weights = std::move(weights);
    auto ensemble = Ensemble::create(options);
    EXPECT_FALSE(ensemble.ok());
    return ensemble.ok() ? Error{} : ensemble.error();
  };
  const Error typo = error_of({"forrest"}, {});
  EXPECT_EQ(typo.code, ErrorCode::kUsage);
  EXPECT_THAT(typo.message, HasSubstr("no detector 'forrest'"));
  EXPECT_THAT(typo.hint, HasSubstr("did you mean 'forest'"));
  EXPECT_THAT(error_of({"xyzzy"}, {}).hint, HasSubstr("novelty, forest"));
  EXPECT_THAT(error_of({"forest", "forest"}, {}).message, HasSubstr("twice"));
  EXPECT_THAT(error_of({}, {}).message, HasSubstr("empty"));
  EXPECT_THAT(error_of({"forest"}, {{"novely", 1}}).hint, HasSubstr("novelty"));
  EXPECT_THAT(error_of({"forest"}, {{"forest", -1}}).message, HasSubstr("weight"));
  EXPECT_THAT(error_of({"forest"}, {{"forest", std::nan("")}}).message, HasSubstr("weight"));
}

TEST(Ensemble, TotalIsTheSumOfContributions) {
  const Sample sample = make_sample(400, 1);
  const Ensemble ensemble = trained(sample, make_sample(400, 2));
  BatchScores scores;
  ensemble.score(sample.input(), scores);
  ASSERT_EQ(scores.rows, 400U);
  ASSERT_EQ(scores.surprise.size(), 800U);
  for (std::size_t i = 0; i < 400; ++i) {
    const double sum = ensemble.contribution(0, static_cast<double>(scores.surprise[i])) +
                       ensemble.contribution(1, static_cast<double>(scores.surprise[400 + i]));
    EXPECT_NEAR(scores.total[i], sum, 1e-5);
    EXPECT_EQ(scores.raw[i], scores.surprise[i]);  // novelty is in nats
  }
}

TEST(Ensemble, BatchesDoNotChangeScores) {
  const Sample sample = make_sample(200, 1);
  const Ensemble ensemble = trained(sample, make_sample(400, 2));
  BatchScores whole;
  ensemble.score(sample.input(), whole);
  BatchScores part;
  for (std::size_t first = 0; first < 200; first += 7) {
    const std::size_t count = std::min<std::size_t>(7, 200 - first);
    FeatureMatrix rows(count, 5);
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = sample.rows.row(first + i);
      std::copy(row.begin(), row.end(), rows.row(i).begin());
    }
    ensemble.score({{.events = std::span(sample.events).subspan(first, count), .rows = rows, .windows = {}}}, part);
    ASSERT_EQ(part.total.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(part.total[i], whole.total[first + i]);
    }
  }
}

TEST(Ensemble, RowsThatReachTheLeastAreTheSame) {
  const Sample sample = make_sample(1000, 1);
  const Ensemble ensemble = trained(sample, make_sample(400, 2));
  BatchScores whole;
  ensemble.score(sample.input(), whole);
  std::vector<float> sorted = whole.total;
  std::sort(sorted.begin(), sorted.end());
  for (const std::size_t place : {std::size_t{0}, std::size_t{500}, std::size_t{900}, std::size_t{995}}) {
    const float least = sorted[place];
    BatchScores some;
    ensemble.score(sample.input(), some, static_cast<double>(least));
    std::size_t spared = 0;
    for (std::size_t i = 0; i < whole.rows; ++i) {
      if (whole.total[i] >= least) {
        ASSERT_EQ(some.total[i], whole.total[i]);
        ASSERT_EQ(some.surprise[1000 + i], whole.surprise[1000 + i]);
      } else {
        ASSERT_LT(some.total[i], least);
        spared += some.total[i] != whole.total[i] ? 1 : 0;
      }
    }
    EXPECT_TRUE(place < 900 || spared > 0) << "nothing was spared at " << least;
  }
}

TEST(Ensemble, ALineOnItsOwnScoresAsInABatch) {
  const Sample sample = make_sample(20, 1);
  const Ensemble ensemble = trained(sample, make_sample(400, 2));
  BatchScores whole;
  ensemble.score(sample.input(), whole);
  BatchScores line;
  for (std::size_t i = 0; i < 20; ++i) {
    FeatureMatrix row(1, 5);
    const auto from = sample.rows.row(i);
    std::copy(from.begin(), from.end(), row.row(0).begin());
    ensemble.score_line({.events = std::span(&sample.events[i], 1), .rows = row, .windows = {}}, line);
    ASSERT_EQ(line.total.size(), 1U);
    EXPECT_EQ(line.total[0], whole.total[i]);
    EXPECT_EQ(line.surprise[1], whole.surprise[20 + i]);
  }
}

// --- threshold --------------------------------------------------------------------------------------------------

TEST(Threshold, KeepsTheFalsePositiveRateOnValidation) {
  for (const double target : {0.2, 0.05, 0.01, 0.0051}) {
    ThresholdOptions options;
    options.target_fpr = target;
    options.absolute_nats = 1;  // below every quantile of this sample: the quantile decides
    const Sample validation = make_sample(1000, 2);
    const Ensemble ensemble = trained(make_sample(500, 1), validation, {}, options);
    BatchScores scores;
    ensemble.score(validation.input(), scores);
    const auto flagged = std::count_if(scores.total.begin(), scores.total.end(), [&](float total) {
      return ensemble.judge(static_cast<double>(total), 0, options).anomalous;
    });
    EXPECT_EQ(flagged, std::floor(1000 * target)) << target;
    EXPECT_EQ(ensemble.threshold(), ensemble.quantile_threshold());
    EXPECT_GT(ensemble.threshold(), options.absolute_nats);
  }
}

TEST(Threshold, AQuietLogIsJudgedByTheAbsoluteOne) {
  const Ensemble ensemble = trained(make_sample(500, 1), make_sample(1000, 2));
  EXPECT_GT(ensemble.quantile_threshold(), 0);
  EXPECT_LT(ensemble.quantile_threshold(), ThresholdOptions().absolute_nats);
  EXPECT_DOUBLE_EQ(ensemble.threshold(), ThresholdOptions().absolute_nats);
}

TEST(Threshold, HiddenAnomaliesRaiseItNoFurtherThanTwiceTheAbsoluteOne) {
  Sample validation = make_sample(1000, 2);
  for (std::size_t i = 0; i < 36; ++i) {
    validation.rows.row(i)[0] = 15;  // 3.6 % anomalies: the quantile lies among them
  }
  const Ensemble ensemble = trained(make_sample(500, 1), validation);
  EXPECT_GT(ensemble.quantile_threshold(), 2 * ThresholdOptions().absolute_nats);
  EXPECT_DOUBLE_EQ(ensemble.threshold(), 2 * ThresholdOptions().absolute_nats);
}

TEST(Threshold, FewRecordsGiveNoQuantile) {
  const Ensemble ensemble = trained(make_sample(500, 1), make_sample(99, 2));
  EXPECT_EQ(ensemble.quantile_threshold(), 0);
  EXPECT_DOUBLE_EQ(ensemble.threshold(), ThresholdOptions().absolute_nats);
  const Ensemble none = trained(make_sample(500, 1), make_sample(0, 2));
  EXPECT_DOUBLE_EQ(none.threshold(), ThresholdOptions().absolute_nats);
}

TEST(Threshold, ACrowdOfEqualTotalsIsNotFlagged) {
  Sample validation = make_sample(1000, 2);
  for (std::size_t i = 0; i < 1000; ++i) {
    std::fill(validation.rows.row(i).begin(), validation.rows.row(i).end(), 0.25F);
  }
  EnsembleOptions options;
  options.detectors = {"novelty"};
  ThresholdOptions low;
  low.absolute_nats = 0.5;
  const Ensemble ensemble = trained(make_sample(500, 1), validation, options, low);
  BatchScores scores;
  ensemble.score(validation.input(), scores);
  EXPECT_FALSE(ensemble.judge(static_cast<double>(scores.total[0]), 0, {}).anomalous);
  EXPECT_NEAR(ensemble.threshold(), static_cast<double>(scores.total[0]), 1e-6);
}

TEST(Threshold, IsNeverZero) {
  Sample validation = make_sample(1000, 2);
  for (std::size_t i = 0; i < 1000; ++i) {
    std::fill(validation.rows.row(i).begin(), validation.rows.row(i).end(), 0.0F);
  }
  EnsembleOptions options;
  options.detectors = {"novelty"};
  const Ensemble ensemble = trained(make_sample(500, 1), validation, options);
  EXPECT_GE(ensemble.threshold(), 1e-3);
  EXPECT_FALSE(ensemble.judge(0, 0, {}).anomalous);
}

// --- verdicts ---------------------------------------------------------------------------------------------------

class Verdicts : public ::testing::Test {
 protected:
  Ensemble ensemble_ = trained(make_sample(500, 1), make_sample(0, 2));  // threshold: ln 1000
  double ln1000_ = ThresholdOptions().absolute_nats;
};

TEST_F(Verdicts, ScoreIsOneHalfAtTheThreshold) {
  const Verdict at = ensemble_.judge(ln1000_, 12, {});
  EXPECT_DOUBLE_EQ(at.score, 0.5);
  EXPECT_DOUBLE_EQ(at.threshold, ln1000_);
  EXPECT_TRUE(at.anomalous);
  EXPECT_FALSE(ensemble_.judge(ln1000_ - 1e-9, 12, {}).anomalous);
  EXPECT_EQ(ensemble_.judge(0, 12, {}).score, 0);
  EXPECT_EQ(ensemble_.judge(-1, 12, {}).score, 0);
  EXPECT_LT(ensemble_.judge(1e6, 12, {}).score, 1);
}

TEST_F(Verdicts, SensitivityMovesTheThreshold) {
  ThresholdOptions options;
  options.sensitivity = Sensitivity::kLow;
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 0, options).threshold, 1.5 * ln1000_);
  options.sensitivity = Sensitivity::kHigh;
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 0, options).threshold, 0.7 * ln1000_);
}

TEST_F(Verdicts, HoursMultiply) {
  ThresholdOptions options;
  options.hour_multipliers[3] = 2;
  options.hour_multipliers[4] = 0;
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 3, options).threshold, 2 * ln1000_);
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 5, options).threshold, ln1000_);
  EXPECT_GT(ensemble_.judge(1, 4, options).threshold, 0);
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 24, options).threshold, ln1000_);
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, -1, options).threshold, ln1000_);
}

TEST_F(Verdicts, FixedScoreDecidesByTheScore) {
  ThresholdOptions options;
  options.fixed_score = 0.8;
  options.hour_multipliers[3] = 2;
  for (const int hour : {0, 3}) {
    for (const double total : {1.0, 5.0, 20.0, 27.6, 27.7, 40.0, 55.2, 55.3}) {
      const Verdict verdict = ensemble_.judge(total, hour, options);
      EXPECT_EQ(verdict.anomalous, verdict.score >= 0.8) << total;
      EXPECT_EQ(verdict.anomalous, total >= verdict.threshold) << total;
      EXPECT_DOUBLE_EQ(verdict.threshold, (hour == 3 ? 2 : 1) * ln1000_ * 4);
    }
  }
  options.fixed_score = 1;
  EXPECT_FALSE(ensemble_.judge(40, 0, options).anomalous);
}

// --- the file ---------------------------------------------------------------------------------------------------

TEST(EnsembleFile, ComesBackFromABundle) {
  const Sample sample = make_sample(300, 1);
  const Ensemble ensemble = trained(sample, make_sample(300, 2));
  Bundle bundle;
  ensemble.save(bundle);
  const auto decoded = Bundle::decode(bundle.encode(), "x");
  ASSERT_TRUE(decoded.ok());
  const auto back = Ensemble::load(*decoded, sample.schema);
  ASSERT_TRUE(back.ok()) << back.error().to_string();
  EXPECT_EQ(back->threshold(), ensemble.threshold());
  EXPECT_EQ(back->quantile_threshold(), ensemble.quantile_threshold());
  EXPECT_EQ(back->weight(1), 0.02);
  BatchScores before;
  BatchScores after;
  ensemble.score(sample.input(), before);
  back->score(sample.input(), after);
  EXPECT_EQ(before.total, after.total);
  Bundle again;
  back->save(again);
  EXPECT_TRUE(again.encode() == bundle.encode());
}

TEST(EnsembleFile, RefusesAnotherSchema) {
  Bundle bundle;
  trained(make_sample(300, 1), make_sample(0, 2)).save(bundle);
  FeatureSchema other = sample_schema();
  other.columns[2].name = "renamed";
  const auto loaded = Ensemble::load(bundle, other);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::kModel);
  EXPECT_THAT(loaded.error().message, HasSubstr("other feature columns"));
}

TEST(EnsembleFile, RefusesMissingSectionsAndDetectors) {
  EXPECT_THAT(Ensemble::load(Bundle(), sample_schema()).error().message, HasSubstr("no section 'ensemble'"));
  Bundle bundle;
  trained(make_sample(300, 1), make_sample(0, 2)).save(bundle);
  Bundle without;
  without.add(*bundle.find("ensemble"));
  EXPECT_THAT(Ensemble::load(without, sample_schema()).error().message, HasSubstr("no section 'detector.novelty'"));
  Bundle newer;
  Section future = *bundle.find("ensemble");
  future.version = 2;
  newer.add(future);
  EXPECT_THAT(Ensemble::load(newer, sample_schema()).error().message, HasSubstr("version 2"));
}

// Members as (name, weight, cap), without calibration.
Bundle ensemble_section(double threshold, const std::vector<std::string>& names, double weight, double cap) {
  ByteWriter out;
  out.u64(sample_schema().hash());
  out.f64(0);
  out.f64(threshold);
  out.u64(names.size());
  for (const std::string& name : names) {
    out.str(name);
    out.f64(weight);
    out.f64(cap);
    Calibration().save(out);
  }
  Bundle bundle;
  bundle.add({"ensemble", 1, out.take()});
  ByteWriter novelty;
  novelty.u64(0);
  bundle.add({"detector.novelty", 1, novelty.take()});
  return bundle;
}

TEST(EnsembleFile, RefusesHostileValues) {
  const auto message = [](const Bundle& bundle) {
    const auto loaded = Ensemble::load(bundle, sample_schema());
    EXPECT_TRUE(loaded.ok() || loaded.error().code == ErrorCode::kModel);
    return loaded.ok() ? std::string("ok") : loaded.error().message;
  };
  EXPECT_EQ(message(ensemble_section(1, {"novelty"}, 1, 40)), "ok");
  EXPECT_THAT(message(ensemble_section(0, {"novelty"}, 1, 40)), HasSubstr("threshold"));
  EXPECT_THAT(message(ensemble_section(std::nan(""), {"novelty"}, 1, 40)), HasSubstr("finite"));
  EXPECT_THAT(message(ensemble_section(1, {"novelty"}, -1, 40)), HasSubstr("weight"));
  EXPECT_THAT(message(ensemble_section(1, {"novelty"}, 1, 1e9)), HasSubstr("cap"));
  EXPECT_THAT(message(ensemble_section(1, {"novelty", "novelty"}, 1, 40)), HasSubstr("twice"));
  EXPECT_THAT(message(ensemble_section(1, {}, 1, 40)), HasSubstr("no detectors"));
  EXPECT_THAT(message(ensemble_section(1, {"../../x"}, 1, 40)),
              HasSubstr("lacks a detector that the model uses: '../../x'"));
  EXPECT_THAT(message(ensemble_section(1, std::vector<std::string>(65, "novelty"), 1, 40)), HasSubstr("broken"));
}

TEST(EnsembleFile, SurvivesAnyFlippedByteOfTheEnsembleSection) {
  const Sample sample = make_sample(40, 1);
  Bundle bundle;
  trained(sample, make_sample(10, 2)).save(bundle);
  const std::string body(bundle.find("ensemble")->bytes.view());
  for (std::size_t at = 0; at < body.size(); ++at) {
    Bundle changed;
    std::string flipped = body;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
    changed.add({"ensemble", 1, flipped});
    changed.add(*bundle.find("detector.novelty"));
    changed.add(*bundle.find("detector.forest"));
    const auto loaded = Ensemble::load(changed, sample.schema);
    if (loaded.ok()) {
      BatchScores scores;
      loaded->score(sample.input(), scores);
      EXPECT_TRUE(std::all_of(scores.total.begin(), scores.total.end(), [](float x) { return std::isfinite(x); }));
    }
  }
}

TEST(ThresholdDefaults, AreThoseOfTheManual) {
  const ThresholdOptions threshold;
  EXPECT_EQ(threshold.target_fpr, 0.01);
  EXPECT_NEAR(threshold.absolute_nats, std::log(1000), 1e-6);
  EXPECT_EQ(threshold.alerts_per_day, 0);
  EXPECT_EQ(threshold.fixed_score, 0);
  for (const double multiplier : threshold.hour_multipliers) {
    EXPECT_EQ(multiplier, 1);
  }
  EXPECT_EQ(EnsembleOptions().cap_nats, 0);
}

TEST(VerdictOf, ComparesTheTotalWithTheThreshold) {
  const Verdict at = verdict_of(5, 5, {});
  EXPECT_EQ(at.surprise, 5);
  EXPECT_EQ(at.threshold, 5);
  EXPECT_EQ(at.score, 0.5);
  EXPECT_TRUE(at.anomalous);
  EXPECT_FALSE(verdict_of(4.999, 5, {}).anomalous);
  EXPECT_EQ(verdict_of(15, 5, {}).score, 0.75);
  EXPECT_EQ(verdict_of(1, 0, {}).threshold, 1e-3) << "never zero";
  ThresholdOptions fixed;
  fixed.fixed_score = 0.75;
  EXPECT_TRUE(verdict_of(15, 5, fixed).anomalous);
  EXPECT_FALSE(verdict_of(14.9, 5, fixed).anomalous);
  EXPECT_DOUBLE_EQ(verdict_of(15, 5, fixed).threshold, 15);
  fixed.fixed_score = 0.25;
  EXPECT_TRUE(verdict_of(5.0 / 3, 5, fixed).anomalous);
  EXPECT_FALSE(verdict_of(1.6, 5, fixed).anomalous);
}

TEST_F(Verdicts, TheLowestThresholdIsThatOfTheMostWatchfulHour) {
  ThresholdOptions options;
  options.hour_multipliers[7] = 0.5;
  options.hour_multipliers[23] = 3;
  EXPECT_DOUBLE_EQ(ensemble_.lowest_threshold(options), 0.5 * ln1000_);
  options.sensitivity = Sensitivity::kHigh;
  EXPECT_DOUBLE_EQ(ensemble_.lowest_threshold(options), 0.35 * ln1000_);
  options.fixed_score = 0.8;
  EXPECT_DOUBLE_EQ(ensemble_.lowest_threshold(options), 4 * 0.35 * ln1000_);
  options.hour_multipliers[0] = 2;
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 0, options).threshold, 4 * 2 * 0.7 * ln1000_);
  EXPECT_DOUBLE_EQ(ensemble_.judge(1, 23, options).threshold, 4 * 3 * 0.7 * ln1000_);
}

TEST(EnsembleWindows, AreHalfAWindowApartUnlessAsked) {
  const auto plan = [](std::vector<std::string> names, std::int64_t length, std::int64_t stride) {
    EnsembleOptions options;
    options.detectors = std::move(names);
    DetectorOptions detectors;
    detectors.of("neural").set("sequence_length", length);
    detectors.of("neural").set("stride", stride);
    return Ensemble::create(options)->windows(detectors);
  };
  EXPECT_EQ(plan({"novelty", "next_event"}, 20, 0).cut.length, 20U);
  EXPECT_EQ(plan({"novelty", "next_event"}, 20, 0).cut.stride, 10U);
  EXPECT_EQ(plan({"next_event"}, 20, 3).cut.stride, 3U);
  EXPECT_EQ(plan({"next_event"}, 3, 0).cut.stride, 1U);
  EXPECT_EQ(plan({"next_event"}, 20, 0).learn, 4000U);
  EXPECT_EQ(plan({"novelty"}, 20, 0).cut.length, 0U);
  EXPECT_EQ(plan({"novelty"}, 20, 0).cut.stride, 1U);
}

TEST(EnsembleFile, ValuesReachTheirBounds) {
  const auto loads = [](double threshold, double weight, double cap) {
    return Ensemble::load(ensemble_section(threshold, {"novelty"}, weight, cap), sample_schema()).ok();
  };
  EXPECT_TRUE(loads(1e6, 1e6, 1e6));
  EXPECT_TRUE(loads(1e-9, 0, 0));
  EXPECT_FALSE(loads(1.1e6, 1, 1));
  EXPECT_FALSE(loads(1, 1.1e6, 1));
  EXPECT_FALSE(loads(1, 1, 1.1e6));
  EXPECT_FALSE(loads(1, 1, -1));
  EXPECT_FALSE(loads(-1, 1, 1));
}

}  // namespace
}  // namespace logdetect
