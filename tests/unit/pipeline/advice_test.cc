#include "pipeline/advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "logdetect/training/record_advice.h"
#include "training/training_advice.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RunSummary read(std::uint64_t records) {
  RunSummary summary;
  summary.lines = summary.records = summary.records_known = records;
  summary.has_time = true;
  return summary;
}

// An ordinary log: kinds run out, a long tail was seen once.
TemplateHealth healthy() {
  TemplateHealth health;
  health.records = 20'000;
  health.templates = 600;
  health.singletons = 350;
  health.largest = 9'000;
  health.growth = 0.4;
  return health;
}

TEST(Advice, AnOrdinaryLogGetsNone) {
  EXPECT_THAT(parse_advice(read(20'000), healthy(), false), IsEmpty());
}

TEST(Advice, OneTemplateForAll) {
  TemplateHealth health = healthy();
  health.largest = 19'900;
  EXPECT_THAT(parse_advice(read(20'000), health, false), ElementsAre(HasSubstr("--log-format")));
  EXPECT_THAT(parse_advice(read(20'000), health, true), IsEmpty()) << "a named format may well have one";
  health.largest = 19'000;
  EXPECT_THAT(parse_advice(read(20'000), health, false), IsEmpty());
}

TEST(Advice, MostTemplatesSeenOnce) {
  TemplateHealth health = healthy();
  health.templates = 8'000;
  health.singletons = 7'000;
  EXPECT_THAT(parse_advice(read(20'000), health, false),
              ElementsAre(HasSubstr("88 % of the templates were seen once")));
  health.singletons = 3'000;
  EXPECT_THAT(parse_advice(read(20'000), health, false), IsEmpty());
}

TEST(Advice, TemplatesThatGrowWithTheLines) {
  TemplateHealth health = healthy();
  health.templates = 1'500;
  health.growth = 0.95;
  EXPECT_THAT(parse_advice(read(20'000), health, false), ElementsAre(HasSubstr("keep coming")));
  health.growth = 0.6;
  EXPECT_THAT(parse_advice(read(20'000), health, false), IsEmpty());
}

TEST(Advice, Evictions) {
  TemplateHealth health = healthy();
  health.evicted = 12;
  health.evicted_records = 34;
  EXPECT_THAT(parse_advice(read(20'000), health, false),
              ElementsAre(HasSubstr("12 rare templates (34 records) were dropped to stay within miner.max_templates")));
}

TEST(Advice, BareAndTruncatedRecords) {
  RunSummary summary = read(20'000);
  summary.records_bare = 1'000;
  summary.records_truncated = 100;
  EXPECT_THAT(parse_advice(summary, healthy(), false), IsEmpty());
  summary.records_bare = 9'000;
  EXPECT_THAT(parse_advice(summary, healthy(), false), ElementsAre(HasSubstr("formats --explain FILE")));
  summary.records_bare = 0;
  summary.records_truncated = 500;
  EXPECT_THAT(scan_advice(summary, {}, {}, true), ElementsAre(HasSubstr("ingest.max_line_bytes")));
}

TEST(Advice, DriftIsToldOnce) {
  RunSummary summary = read(20'000);
  summary.drift.unmatched_share = 0.9;
  summary.drift.state = Drift::State::kOtherLog;
  EXPECT_THAT(scan_advice(summary, {}, {}, false), ElementsAre(HasSubstr("not trained on this kind of log")));
  EXPECT_THAT(scan_advice(summary, {}, {}, true), IsEmpty());
  summary.drift.state = Drift::State::kNone;
  EXPECT_THAT(scan_advice(summary, {}, {}, false), IsEmpty());
  summary.templates_evicted = 3;
  EXPECT_THAT(scan_advice(summary, {}, {}, false), ElementsAre(HasSubstr("3 new templates were forgotten")));
}

TEST(Advice, NamesAllowRulesWithoutUse) {
  EXPECT_THAT(
      scan_advice({}, {}, {"A-1"}, true),
      ElementsAre("1 allow rule allowed nothing here: A-1; `logdetect ack --list` shows them, `ack --undo RULE` "
                  "takes one back"));
  EXPECT_THAT(scan_advice({}, {}, {"a", "b", "c", "d", "e", "f", "g"}, true),
              ElementsAre(HasSubstr("7 allow rules allowed nothing here: a, b, c, d, e and 2 more; ")));
}

TEST(Advice, TellsOfALogWithoutTheTimesThatTheModelKnows) {
  TrainingFacts training;
  training.has_time = true;
  RunSummary summary = read(1);
  EXPECT_THAT(scan_advice(summary, training, {}, true), IsEmpty());
  summary.has_time = false;
  EXPECT_THAT(scan_advice(summary, training, {}, true), ElementsAre(HasSubstr("this log shows none")));
  summary = {};
  EXPECT_THAT(scan_advice(summary, training, {}, true), IsEmpty()) << "nothing was read";
}

TEST(Advice, TellsThatNothingWasJudged) {
  RunSummary summary = read(1);
  summary.records_dropped = 1;
  EXPECT_THAT(scan_advice(summary, {}, {}, true), ElementsAre(HasSubstr("nothing was judged")));
  summary = read(2);
  summary.records_dropped = 1;
  EXPECT_THAT(scan_advice(summary, {}, {}, true), IsEmpty());
}

TEST(Growth, ExponentsOfKnownCurves) {
  for (const double exponent : {0.3, 0.5, 0.9, 1.0}) {
    for (const std::uint64_t n : {2'000U, 3'100U, 9'999U, 100'000U}) {
      GrowthMeter meter;
      for (std::uint64_t i = 1; i <= n; ++i) {
        meter.add(i, static_cast<std::uint64_t>(20 * std::pow(static_cast<double>(i), exponent)));
      }
      EXPECT_NEAR(meter.exponent(), exponent, 0.02) << n;
    }
  }
  GrowthMeter full;
  for (std::uint64_t i = 1; i <= 50'000; ++i) {
    full.add(i, std::min<std::uint64_t>(i, 80));
  }
  EXPECT_DOUBLE_EQ(full.exponent(), 0);
  GrowthMeter few;
  few.add(1'000, 900);
  EXPECT_DOUBLE_EQ(few.exponent(), 0);
}

}  // namespace
}  // namespace logdetect
