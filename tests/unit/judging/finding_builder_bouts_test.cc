#include "judging/finding_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "logdetect/detection/bout_explainer.h"
#include "unit/judging/finding_builder_support.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using testing::FindingBuilderTest;
using testing::HandMadeBatch;
using testing::text_of;

constexpr Micros kStart = HandMadeBatch::kStart;
constexpr Micros kSecond = kMicrosPerSecond;

// ---- bursts

class BurstFindings : public FindingBuilderTest {
 protected:
  static Sighting burst(std::size_t row) {
    Sighting sighting;
    sighting.row = row;
    sighting.time = kStart + kMicrosPerHour;
    sighting.nats = 12;
    sighting.template_id = TemplateId(testing::kReport);
    sighting.bout_key = bout_key(BoutKind::kBurst, 5);
    BurstSighting what;
    what.window = 1;
    what.window_seconds = 60;
    what.start = sighting.time;
    what.peak = sighting.time + 20 * kSecond;
    what.last_high = sighting.time + 30 * kSecond;
    what.lines = 47;
    what.most = 31;
    sighting.what = what;
    return sighting;
  }
  void expect_bout(const Finding& finding, bool over) const {
    ASSERT_TRUE(finding.bout);
    const Bout& bout = *finding.bout;
    EXPECT_EQ(bout.kind, BoutKind::kBurst);
    EXPECT_EQ(bout.over, over);
    EXPECT_EQ(bout.start, kStart + kMicrosPerHour);
    EXPECT_EQ(bout.peak, bout.start + 20 * kSecond);
    EXPECT_EQ(bout.end, bout.start + 30 * kSecond);
    EXPECT_EQ(bout.window_seconds, 60);
    EXPECT_EQ(bout.observed, 31);
    EXPECT_EQ(bout.lines, 47U);
    const Expectation usual = model_.baseline.rate(TemplateId(testing::kReport), 60);
    EXPECT_EQ(bout.usual_low, std::max(std::floor(usual.low), 0.0));
    EXPECT_EQ(bout.usual_high, std::ceil(usual.high));
    EXPECT_GT(bout.usual_high, 0);
    ASSERT_EQ(finding.reasons.size(), 1U);
    EXPECT_EQ(finding.reasons[0].sentence, explain_bout(bout, text_of(testing::kReport)).sentence);
    EXPECT_EQ(finding.last_time, bout.end);
    EXPECT_EQ(finding.verdict.surprise, 12);
    EXPECT_EQ(finding.verdict.threshold, model_.ensemble.threshold());
  }
};

TEST_F(BurstFindings, HaveTheRecordTheyWereNoticedAtAndTheTimeOfTheirRise) {
  HandMadeBatch batch;
  batch.add(3590, testing::kHeartbeat, "heartbeat ok");
  batch.add(3615, testing::kReport, "starting version 2.0 " + std::string(9000, 'x'), "web-1").deployment = true;
  score(batch);
  make_calm(batch, 1);
  ASSERT_TRUE(builder_.describe(line_at(batch, 1), batch.get()).habitual);
  const Finding finding = completed(burst(1), batch);
  expect_bout(finding, false);
  EXPECT_EQ(finding.time, kStart + kMicrosPerHour);
  EXPECT_EQ(finding.position.line, 2U);
  EXPECT_EQ(finding.host, "web-1");
  EXPECT_FALSE(finding.habitual) << "a burst is none";
  EXPECT_FALSE(finding.deployment);
  EXPECT_EQ(finding.template_text, text_of(testing::kReport));
  EXPECT_EQ(finding.message.size(), 8192U);
  EXPECT_THAT(finding.context_before, ElementsAre("heartbeat ok"));
  EXPECT_TRUE(finding.detectors.empty());
}

TEST_F(BurstFindings, ChangeInTheirExtentVerdictAndReasons) {
  Sighting sighting = burst(Sighting::kNoRow);
  sighting.change = Sighting::Change::kChanged;
  expect_bout(builder_.changed(sighting), false);
  sighting.change = Sighting::Change::kEnded;
  const Finding ended = builder_.changed(sighting);
  expect_bout(ended, true);
  EXPECT_EQ(ended.template_id, TemplateId(testing::kReport));
}

// ---- silences

class SilenceFindings : public FindingBuilderTest {
 protected:
  static Sighting silence() {
    Sighting sighting;
    sighting.time = kStart + kMicrosPerHour;
    sighting.nats = 11;
    sighting.template_id = TemplateId(testing::kHeartbeat);
    sighting.bout_key = bout_key(BoutKind::kSilence, 5);
    SilenceSighting what;
    what.position = {SourceId(4), 700, 30, 20};
    what.host = "web-3";
    what.component = "heart";
    what.line = "heartbeat ok";
    what.level = Level::kNotice;
    what.last = sighting.time - 10 * kSecond;
    what.now = what.last + 123'456'000;
    what.usual = 10'040'000;
    what.longest = 12'060'000;
    sighting.what = what;
    return sighting;
  }
};

TEST_F(SilenceFindings, StandAtTheLastLineBeforeThem) {
  HandMadeBatch known("hosts.log", 4);
  known.add(0, testing::kHeartbeat);
  score(known);
  builder_.begin(known.get());
  HandMadeBatch batch("app.log", 5);
  batch.add(0, testing::kHeartbeat);
  score(batch);
  builder_.begin(batch.get());
  const Finding finding = completed(silence(), batch);
  EXPECT_EQ(finding.source, "hosts.log");
  EXPECT_EQ(finding.position.offset, 700U);
  EXPECT_EQ(finding.position.line, 30U);
  EXPECT_EQ(finding.time, kStart + kMicrosPerHour) << "when the next line was due";
  EXPECT_TRUE(finding.has_time);
  EXPECT_EQ(finding.level, Level::kNotice);
  EXPECT_EQ(finding.host, "web-3");
  EXPECT_EQ(finding.component, "heart");
  EXPECT_EQ(finding.message, "heartbeat ok");
  EXPECT_EQ(finding.template_id, TemplateId(testing::kHeartbeat));
  EXPECT_EQ(finding.template_text, text_of(testing::kHeartbeat));
  EXPECT_EQ(finding.verdict.surprise, 11);
  EXPECT_EQ(finding.verdict.threshold, model_.ensemble.threshold());
  ASSERT_TRUE(finding.bout);
  EXPECT_EQ(finding.bout->kind, BoutKind::kSilence);
  EXPECT_FALSE(finding.bout->over);
  EXPECT_EQ(finding.bout->start, finding.time);
  EXPECT_EQ(finding.bout->end, finding.time - 10 * kSecond + 123'456'000);
  EXPECT_EQ(finding.last_time, finding.bout->end);
  EXPECT_EQ(finding.bout->observed, 123.5) << "seconds, to a tenth";
  EXPECT_EQ(finding.bout->usual_low, 10);
  EXPECT_EQ(finding.bout->usual_high, 12.1);
  ASSERT_EQ(finding.reasons.size(), 1U);
  EXPECT_EQ(finding.reasons[0].sentence, explain_bout(*finding.bout, "heartbeat ok").sentence);
  EXPECT_TRUE(finding.context_before.empty());
}

TEST_F(SilenceFindings, OfASourceThatIsNotKnownHaveNoName) {
  HandMadeBatch batch;
  EXPECT_EQ(builder_.describe(silence(), batch.get()).source, "");
}

TEST_F(SilenceFindings, ChangeInTheirExtentVerdictAndReasons) {
  Sighting sighting = silence();
  sighting.change = Sighting::Change::kEnded;
  const Finding finding = builder_.changed(sighting);
  ASSERT_TRUE(finding.bout);
  EXPECT_TRUE(finding.bout->over);
  EXPECT_EQ(finding.last_time, kStart + kMicrosPerHour - 10 * kSecond + 123'456'000);
  EXPECT_EQ(finding.verdict.surprise, 11);
  ASSERT_EQ(finding.reasons.size(), 1U);
  EXPECT_EQ(finding.reasons[0].sentence, explain_bout(*finding.bout, "heartbeat ok").sentence);
}

}  // namespace
}  // namespace logdetect
