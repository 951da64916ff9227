#include "judging/finding_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "unit/judging/finding_builder_support.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using testing::FindingBuilderTest;
using testing::HandMadeBatch;
using ::testing::IsEmpty;
using testing::text_of;

constexpr Micros kStart = HandMadeBatch::kStart;
constexpr Micros kSecond = kMicrosPerSecond;

class FindingBuilderOfHosts : public FindingBuilderTest {
 protected:
  FindingBuilderOfHosts() : FindingBuilderTest(*testing::small_model_of_hosts()) {}
};

// ---- lines

TEST_F(FindingBuilderTest, DescribesARecord) {
  HandMadeBatch batch("shop.log", 3);
  batch.add(0, testing::kHeartbeat, "heartbeat ok");
  batch.next_record(4, true);
  Event& event = batch.add(3600, testing::kFailure, "disk check failed", "db-1");
  event.level = Level::kCritical;
  event.alarm = Alarm::kError;
  batch.header().component = "disks";
  batch.in_session("job-7");
  score(batch);
  const Finding finding = builder_.describe(line_at(batch, 1, 8), batch.get());
  EXPECT_EQ(finding.source, "shop.log");
  EXPECT_EQ(finding.position.line, 2U);
  EXPECT_EQ(finding.position.source, SourceId(3));
  EXPECT_EQ(finding.line_count, 4U);
  EXPECT_TRUE(finding.truncated);
  EXPECT_EQ(finding.time, kStart + kMicrosPerHour);
  EXPECT_EQ(finding.last_time, finding.time);
  EXPECT_TRUE(finding.has_time);
  EXPECT_EQ(finding.level, Level::kCritical);
  EXPECT_EQ(finding.alarm, Alarm::kError);
  EXPECT_FALSE(finding.habitual);
  EXPECT_FALSE(finding.deployment);
  EXPECT_EQ(finding.session, session_of("job-7"));
  EXPECT_EQ(finding.session_name, "job-7");
  EXPECT_FALSE(finding.whole_session);
  EXPECT_FALSE(finding.bout);
  EXPECT_EQ(finding.host, "db-1");
  EXPECT_EQ(finding.component, "disks");
  EXPECT_EQ(finding.template_id, TemplateId(testing::kFailure));
  EXPECT_FALSE(finding.new_template);
  EXPECT_EQ(finding.verdict.surprise, 8);
  EXPECT_EQ(finding.verdict.threshold, model_.ensemble.threshold()) << "at one o'clock";
  EXPECT_TRUE(finding.verdict.anomalous);
  EXPECT_EQ(finding.count, 1U);
}

TEST_F(FindingBuilderTest, TheHourOfASightingDecidesItsThreshold) {
  HandMadeBatch batch;
  batch.add(10, testing::kFailure);
  score(batch);
  const Verdict verdict = builder_.describe(line_at(batch, 0), batch.get()).verdict;
  EXPECT_EQ(verdict.threshold, 2 * model_.ensemble.threshold());
  EXPECT_FALSE(verdict.anomalous);
}

TEST_F(FindingBuilderTest, WithoutAnyClockAFindingHasNoTime) {
  HandMadeBatch batch;
  Event& event = batch.add(10, testing::kFailure);
  event.has_time = false;
  batch.get().has_time = false;
  score(batch);
  Finding finding = builder_.describe(line_at(batch, 0), batch.get());
  EXPECT_EQ(finding.time, 0);
  EXPECT_EQ(finding.last_time, 0);
  EXPECT_FALSE(finding.has_time);
  batch.get().has_time = true;  // a line without a time in a log that has times
  finding = builder_.describe(line_at(batch, 0), batch.get());
  EXPECT_EQ(finding.time, kStart + 10 * kSecond);
  EXPECT_FALSE(finding.has_time);
}

TEST_F(FindingBuilderTest, ADeploymentIsToldByTheMarkerOrByWords) {
  HandMadeBatch batch;
  batch.add(0, testing::kFailure, "disk check failed");
  batch.add(1, testing::kFailure, "starting shop version 2.14.0");
  batch.add(2, testing::kFailure, "disk check failed").deployment = true;
  score(batch);
  EXPECT_FALSE(builder_.describe(line_at(batch, 0), batch.get()).deployment);
  EXPECT_TRUE(builder_.describe(line_at(batch, 1), batch.get()).deployment);
  EXPECT_TRUE(builder_.describe(line_at(batch, 2), batch.get()).deployment);
}

TEST_F(FindingBuilderTest, CompletesARecordWithTextsScoresAndReasons) {
  HandMadeBatch batch;
  batch.add(0, testing::kHeartbeat, "heartbeat ok");
  batch.add(1, testing::kOpened, "request id=r1 opened");
  Event& event = batch.add(2, testing::kFailure, "disk check failed");
  event.level = Level::kError;
  event.alarm = Alarm::kError;
  batch.add(3, testing::kHeartbeat, "heartbeat ok");
  score(batch);
  const Finding finding = completed(line_at(batch, 2), batch);
  EXPECT_EQ(finding.message, "disk check failed");
  EXPECT_EQ(finding.template_text, text_of(testing::kFailure));
  EXPECT_TRUE(finding.nearest_template.empty()) << "it is known itself";
  ASSERT_EQ(finding.detectors.size(), 2U);
  EXPECT_EQ(finding.detectors[0].detector, DetectorId(0));
  EXPECT_EQ(finding.detectors[0].raw, 102);
  EXPECT_EQ(finding.detectors[0].surprise, 2.0F / 8);
  EXPECT_EQ(finding.detectors[1].detector, DetectorId(1));
  EXPECT_EQ(finding.detectors[1].raw, 106);
  EXPECT_EQ(finding.detectors[1].surprise, 6.0F / 8);
  ASSERT_FALSE(finding.reasons.empty());
  EXPECT_EQ(finding.reasons.front().feature, "template_rarity");
  EXPECT_THAT(finding.context_before, ElementsAre("heartbeat ok", "request id=r1 opened"));
}

TEST_F(FindingBuilderTest, OfANewTemplateTheNearestKnownOneIsTold) {
  MaskedMessage message;
  const std::string text = "disk check skipped today";
  model_.masker.mask(text, message);
  const TemplateId fresh = templates_.learn(message);
  HandMadeBatch batch;
  batch.add(0, fresh.value(), text).is_new = true;
  score(batch);
  const Finding finding = completed(line_at(batch, 0), batch);
  EXPECT_TRUE(finding.new_template);
  EXPECT_FALSE(finding.habitual);
  EXPECT_EQ(finding.template_text, text);
  EXPECT_EQ(finding.nearest_template, text_of(testing::kFailure));
}

TEST_F(FindingBuilderTest, TheTextOfANewTemplateFollowsThePlacesItOpens) {
  HandMadeBatch batch;
  MaskedMessage message;
  const auto learn = [&](const std::string& text) {
    model_.masker.mask(text, message);
    const TemplateId id = templates_.learn(message);
    batch.add(0, id.value(), text).is_new = true;
    return id;
  };
  const TemplateId first = learn("link eth0 is up");
  score(batch);
  EXPECT_EQ(builder_.subject(line_at(batch, 0), batch.get()).template_text, "link eth0 is up");
  EXPECT_EQ(learn("link eth1 is up"), first);
  score(batch);
  EXPECT_EQ(builder_.subject(line_at(batch, 1), batch.get()).template_text, "link <ID> is up");
}

TEST_F(FindingBuilderTest, AtMostEightKilobytesOfARecordAreKept) {
  HandMadeBatch batch;
  batch.add(0, testing::kFailure, std::string(8191, 'a') + "bc");
  batch.add(1, testing::kFailure, std::string(8191, 'a') + "b");
  score(batch);
  EXPECT_EQ(completed(line_at(batch, 0), batch).message, std::string(8191, 'a') + "b");
  EXPECT_EQ(completed(line_at(batch, 1), batch).message.size(), 8192U);
}

// ---- habits

TEST_F(FindingBuilderOfHosts, ARareTemplateThatComesAsEverIsAHabit) {
  HandMadeBatch batch;
  batch.add(0, testing::kReport);
  batch.add(1, testing::kFailure);
  batch.add(2, testing::kReport).is_new = true;
  score(batch);
  for (std::size_t row = 0; row < batch.size(); ++row) {
    make_calm(batch, row);
    EXPECT_EQ(builder_.describe(line_at(batch, row), batch.get()).habitual, row == 0) << row;
  }
  ASSERT_FALSE(model_.baseline.is_habit(TemplateId(testing::kFailure), Alarm::kNone));
}

TEST_F(FindingBuilderOfHosts, AHabitWithAnythingOddBeyondThreeNatsIsNews) {
  HandMadeBatch batch;
  batch.add(0, testing::kReport);
  score(batch);
  for (const char* column :
       {"parameter_surprise", "length_surprise", "level_surprise", "hour_surprise", "stream_surprise"}) {
    make_calm(batch, 0);
    value(batch, 0, column) = 3;
    EXPECT_TRUE(builder_.describe(line_at(batch, 0), batch.get()).habitual) << column;
    value(batch, 0, column) = std::nextafter(3.0F, 4.0F);
    EXPECT_FALSE(builder_.describe(line_at(batch, 0), batch.get()).habitual) << column;
  }
  make_calm(batch, 0);
  value(batch, 0, "template_rarity") = 9;
  EXPECT_TRUE(builder_.describe(line_at(batch, 0), batch.get()).habitual) << "that it is rare is its habit";
}

TEST_F(FindingBuilderTest, WithoutStreamsNoColumnTellsOfThem) {
  ASSERT_EQ(model_.schema.find("stream_surprise"), -1);
  HandMadeBatch batch;
  batch.add(0, testing::kReport);
  score(batch);
  make_calm(batch, 0);
  EXPECT_TRUE(builder_.describe(line_at(batch, 0), batch.get()).habitual);
}

TEST_F(FindingBuilderTest, OfAHabitWhatIsOddIsToldFirst) {
  const auto first_reason = [&](std::uint32_t id, float odd) {
    HandMadeBatch batch;
    batch.add(0, id);
    score(batch);
    batch.get().scores.surprise = {8, 0};
    make_calm(batch, 0);
    value(batch, 0, "template_rarity") = 6;
    value(batch, 0, "length_surprise") = odd;
    return completed(line_at(batch, 0), batch).reasons.front().feature;
  };
  EXPECT_EQ(first_reason(testing::kReport, 4), "length_surprise");
  EXPECT_EQ(first_reason(testing::kReport, 3), "template_rarity") << "not odd enough";
  EXPECT_EQ(first_reason(testing::kFailure, 4), "template_rarity") << "no habit: by their share";
}

TEST_F(FindingBuilderTest, ANewTemplateIsNoHabitWhateverItsId) {
  HandMadeBatch batch;
  batch.add(0, testing::kReport).is_new = true;
  score(batch);
  batch.get().scores.surprise = {8, 0};
  make_calm(batch, 0);
  value(batch, 0, "template_rarity") = 6;
  value(batch, 0, "length_surprise") = 4;
  EXPECT_EQ(completed(line_at(batch, 0), batch).reasons.front().feature, "template_rarity");
}

TEST_F(FindingBuilderTest, AnEvictedTemplateHasNoText) {
  HandMadeBatch batch;
  batch.add(0, testing::kReport);
  score(batch);
  Sighting line = line_at(batch, 0);
  line.template_id = TemplateId();
  EXPECT_EQ(builder_.subject(line, batch.get()).template_text, "");
}

// ---- context

class Contexts : public FindingBuilderTest {
 protected:
  HandMadeBatch lines(const std::string& name, int count, const std::string& source = "a.log", std::uint16_t id = 1) {
    HandMadeBatch batch(source, id);
    for (int i = 0; i < count; ++i) {
      batch.add(i, testing::kFailure, name + std::to_string(i));
    }
    score(batch);
    return batch;
  }
  std::vector<std::string> context(HandMadeBatch& batch, std::size_t row) {
    return completed(line_at(batch, row), batch).context_before;
  }
};

TEST_F(Contexts, AreTheThreeLinesBefore) {
  HandMadeBatch batch = lines("x", 6);
  builder_.begin(batch.get());
  EXPECT_THAT(context(batch, 0), IsEmpty());
  EXPECT_THAT(context(batch, 2), ElementsAre("x0", "x1"));
  EXPECT_THAT(context(batch, 3), ElementsAre("x0", "x1", "x2"));
  EXPECT_THAT(context(batch, 5), ElementsAre("x2", "x3", "x4"));
}

TEST_F(Contexts, GoBackIntoTheBatchesBefore) {
  for (int count : {5, 1}) {
    HandMadeBatch batch = lines(count == 5 ? "x" : "y", count);
    builder_.begin(batch.get());
    builder_.end(batch.get());
  }
  HandMadeBatch batch = lines("z", 4);
  builder_.begin(batch.get());
  EXPECT_THAT(context(batch, 0), ElementsAre("x3", "x4", "y0"));
  EXPECT_THAT(context(batch, 1), ElementsAre("x4", "y0", "z0"));
  EXPECT_THAT(context(batch, 3), ElementsAre("z0", "z1", "z2"));
}

TEST_F(Contexts, FewLinesBeforeAreFew) {
  HandMadeBatch before = lines("x", 1);
  builder_.begin(before.get());
  builder_.end(before.get());
  HandMadeBatch batch = lines("z", 2);
  builder_.begin(batch.get());
  EXPECT_THAT(context(batch, 0), ElementsAre("x0"));
  EXPECT_THAT(context(batch, 1), ElementsAre("x0", "z0"));
}

TEST_F(Contexts, EndWithTheirSource) {
  HandMadeBatch before = lines("x", 4);
  builder_.begin(before.get());
  builder_.end(before.get());
  HandMadeBatch other = lines("z", 2, "b.log", 2);
  builder_.begin(other.get());
  EXPECT_THAT(context(other, 1), ElementsAre("z0"));
}

TEST_F(Contexts, KeepAKilobyteOfALine) {
  HandMadeBatch before = lines(std::string(2000, 'x'), 1);
  builder_.begin(before.get());
  builder_.end(before.get());
  HandMadeBatch batch = lines(std::string(2000, 'z'), 2);
  builder_.begin(batch.get());
  EXPECT_THAT(context(batch, 1), ElementsAre(std::string(1024, 'x'), std::string(1024, 'z')));
}

}  // namespace
}  // namespace logdetect
