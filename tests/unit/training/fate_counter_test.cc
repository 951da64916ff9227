#include "training/fate_counter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SplitRecords, TheShareIsRoundedDown) {
  EXPECT_EQ(split_records(100, 0.2).fitted, 80U);
  EXPECT_EQ(split_records(100, 0.2).held_out, 20U);
  EXPECT_EQ(split_records(9, 0.2).held_out, 1U);
  EXPECT_EQ(split_records(9, 0.2).fitted, 8U);
  EXPECT_EQ(split_records(4, 0.2).held_out, 0U);
  EXPECT_EQ(split_records(4, 0.2).fitted, 4U);
}

LatePart late_of(std::size_t known, std::uint64_t fitted, const std::vector<std::uint32_t>& ids) {
  LatePartCounter counter(4, known, fitted);
  for (const std::uint32_t id : ids) {
    counter.add(TemplateId(id));
  }
  return counter.late();
}

TEST(LatePartCounter, CountsRecordsOfTemplatesFirstSeenInTheLatePart) {
  // 0 comes in the fitted part; 1 comes first in the late part, twice; 2 once.
  const LatePart late = late_of(0, 2, {0, 0, 1, 0, 1, 2});
  EXPECT_EQ(late.records, 4U);
  EXPECT_EQ(late.unmatched, 3U);
  EXPECT_EQ(late.templates, 2U);
}

TEST(LatePartCounter, TheLastFittedRecordIsNotLate) {
  EXPECT_EQ(late_of(0, 2, {0, 1}).records, 0U);
  EXPECT_EQ(late_of(0, 2, {0, 1, 1}).records, 1U);
  EXPECT_EQ(late_of(0, 2, {0, 1, 1}).templates, 0U);
  EXPECT_EQ(late_of(0, 1, {0, 1}).templates, 1U);
}

TEST(LatePartCounter, WhatTheUpdatedModelKnowsIsNoNews) {
  const LatePart late = late_of(2, 0, {1, 2, 0});
  EXPECT_EQ(late.records, 3U);
  EXPECT_EQ(late.unmatched, 1U);
  EXPECT_EQ(late.templates, 1U);
}

TEST(LatePartCounter, ARecordWithoutTemplateIsCountedAndNoMore) {
  const LatePart late = late_of(0, 1, {0, TemplateId::kNone, 0});
  EXPECT_EQ(late.records, 2U);
  EXPECT_EQ(late.unmatched, 0U);
  EXPECT_EQ(late.templates, 0U);
}

class FateCounterTest : public testing::Test {
 protected:
  // Events at seconds 0, 1, ...; template 0, if any.
  static ParsedBatch batch(const std::vector<HandLine>& lines) {
    HandMadeLog log;
    ParsedBatch parsed = log.headers(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      parsed.batch.events[i].time = lines[i].second * kMicrosPerSecond;
      parsed.batch.events[i].template_id = TemplateId(0);
    }
    return parsed;
  }
  static std::vector<std::uint32_t> copy(std::span<const std::uint32_t> places) {
    return {places.begin(), places.end()};
  }
};

TEST_F(FateCounterTest, RecordsBeforeTheSpanAndExcludedOnesAreDropped) {
  FateCounter counter({2 * kMicrosPerSecond, {"noise <*>", "never said"}}, LatePartCounter(1, 0, 100));
  EXPECT_THAT(copy(counter.count(batch({{1, "early"}, {2, "in time"}, {3, "noise 7"}, {4, "late"}}))),
              ElementsAre(1, 3));
  EXPECT_THAT(copy(counter.count(batch({{1, "noise before the span"}}))), IsEmpty());
  const TrainingFates fates = counter.fates();
  EXPECT_EQ(fates.summary.records, 5U);
  EXPECT_EQ(fates.summary.records_dropped, 3U);
  EXPECT_EQ(fates.summary.records_known, 2U);
  ASSERT_EQ(fates.excluded.size(), 2U);
  EXPECT_EQ(fates.excluded[0].pattern, "noise <*>");
  EXPECT_EQ(fates.excluded[0].records, 1U) << "a record before the span was not left out by the pattern";
  EXPECT_EQ(fates.excluded[1].records, 0U);
}

TEST_F(FateCounterTest, RecordsWithoutTemplateTeachNothing) {
  FateCounter counter({kBeginOfTime, {}}, LatePartCounter(1, 0, 1));
  ParsedBatch parsed = batch({{1, "known"}, {2, "evicted"}, {3, "evicted and bare"}});
  parsed.batch.events[1].template_id = TemplateId();
  parsed.batch.events[2].template_id = TemplateId();
  parsed.batch.headers[2].quality = HeaderQuality::kBare;
  EXPECT_THAT(copy(counter.count(parsed)), ElementsAre(0));
  const TrainingFates fates = counter.fates();
  EXPECT_EQ(fates.summary.records_known, 1U);
  EXPECT_EQ(fates.summary.records_new, 1U);
  EXPECT_EQ(fates.summary.records_unparsed, 1U);
  EXPECT_EQ(fates.summary.records_bare, 1U);
  EXPECT_EQ(fates.late.records, 2U);
}

TEST_F(FateCounterTest, DroppedRecordsAreNoPartOfTheSplit) {
  FateCounter counter({2 * kMicrosPerSecond, {}}, LatePartCounter(1, 0, 1));
  const ParsedBatch parsed = batch({{1, "early"}, {2, "fitted"}, {3, "held out"}});
  (void)counter.count(parsed);
  EXPECT_EQ(counter.fates().late.records, 1U);
}

}  // namespace
}  // namespace logdetect
