#include "judging/line_watch.h"

#include <gtest/gtest.h>

#include "unit/judging/judging_support.h"

namespace logdetect {
namespace {

using testing::HandMadeBatch;

TEST(LineWatch, TellsAnomalousRecordsOfTheJudgedSpan) {
  HandMadeBatch batch;
  batch.add(0, 4);
  batch.add(1, 5);
  batch.anomalous(9);
  batch.add(2, 6);
  batch.anomalous(11);
  batch.get().judged[2] = 0;
  LineWatch watch;
  Sightings told = testing::watch_all(watch, batch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, 1U);
  EXPECT_EQ(told[0].template_id, TemplateId(5));
  EXPECT_EQ(testing::seconds(told[0].time), 1);
  EXPECT_EQ(told[0].nats, 9);
  EXPECT_EQ(told[0].change, Sighting::Change::kBegan);
  EXPECT_TRUE(std::holds_alternative<LineSighting>(told[0].what));
  watch.advance(HandMadeBatch::kStart + kMicrosPerDay, told);
  watch.finish(told);
  EXPECT_EQ(told.size(), 1U);
}

TEST(JudgedSpan, BeginsWithSinceAndEndsBeforeUntil) {
  const JudgedSpan span{10, 20};
  EXPECT_FALSE(span.contains(9));
  EXPECT_TRUE(span.contains(10));
  EXPECT_TRUE(span.contains(19));
  EXPECT_FALSE(span.contains(20));
  EXPECT_TRUE(JudgedSpan{}.contains(0));
  EXPECT_FALSE((JudgedSpan{{}, 20}).contains(20));
  EXPECT_TRUE((JudgedSpan{10, {}}).contains(1'000));
}

}  // namespace
}  // namespace logdetect
