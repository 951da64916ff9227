#include <gtest/gtest.h>

#include <set>
#include <string>

#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/finding.h"
#include "logdetect/core/record.h"

namespace logdetect {
namespace {

SourcePosition at_line(std::uint64_t line) {
  SourcePosition position;
  position.line = line;
  return position;
}

TEST(RecordBatch, OwnsItsBytes) {
  RecordBatch batch;
  {
    std::string text = "first\nsecond";
    batch.append(text, at_line(7), 2, true);
    text.assign(text.size(), '?');
  }
  ASSERT_EQ(batch.size(), 1U);
  const Record& record = batch.records()[0];
  EXPECT_EQ(record.text, "first\nsecond");
  EXPECT_EQ(record.position.line, 7U);
  EXPECT_EQ(record.line_count, 2U);
  EXPECT_TRUE(record.truncated);
  EXPECT_EQ(batch.bytes(), 12U);
}

TEST(RecordBatch, ViewsSurviveAMove) {
  EventBatch events;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    events.records.append("record " + std::to_string(i), at_line(i), 1, false);
  }
  const std::string_view kept = events.records.records()[123].text;
  EventBatch moved = std::move(events);
  const EventBatch again = std::move(moved);
  EXPECT_EQ(kept, "record 123");
  EXPECT_EQ(again.records.records()[19'999].text, "record 19999");
}

TEST(RecordBatch, ClearForgetsTheRecords) {
  RecordBatch batch;
  batch.append("x", at_line(1), 1, false);
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.bytes(), 0U);
  batch.append("", at_line(2), 1, false);
  EXPECT_EQ(batch.records()[0].text, "");
}

FeatureSchema schema() {
  return {{{"burst_60s", "nats", "how unlikely"}, {"hour", "hours", "of the day"}}};
}

TEST(FeatureSchema, HashDependsOnNamesUnitsAndOrderOnly) {
  const std::uint64_t hash = schema().hash();
  FeatureSchema other = schema();
  other.columns[0].meaning = "said better";
  EXPECT_EQ(other.hash(), hash);
  other.columns[0].unit = "bits";
  EXPECT_NE(other.hash(), hash);
  other = schema();
  other.columns[1].name = "weekday";
  EXPECT_NE(other.hash(), hash);
  other = schema();
  std::swap(other.columns[0], other.columns[1]);
  EXPECT_NE(other.hash(), hash);
  other = schema();
  other.columns.pop_back();
  EXPECT_NE(other.hash(), hash);
}

// The boundary between name and unit counts: "ab" + "c" is not "a" + "bc".
TEST(FeatureSchema, HashSeparatesItsParts) {
  const FeatureSchema one{{{"ab", "c", ""}}};
  const FeatureSchema two{{{"a", "bc", ""}}};
  EXPECT_NE(one.hash(), two.hash());
}

TEST(FeatureSchema, FindsByName) {
  EXPECT_EQ(schema().find("hour"), 1);
  EXPECT_EQ(schema().find("Hour"), -1);
}

TEST(FeatureMatrix, RowsAreContiguousAndChecked) {
  FeatureMatrix matrix(3, 2);
  for (std::size_t i = 0; i < 3; ++i) {
    matrix.row(i)[0] = static_cast<float>(i);
    matrix.row(i)[1] = static_cast<float>(10 * i);
  }
  EXPECT_EQ(matrix.values()[3], 10.0F);
  EXPECT_EQ(matrix.values()[4], 2.0F);
  EXPECT_DEATH((void)matrix.row(3), "out of range");
}

template <typename Name, typename Enum>
void expect_distinct_names(Name name, Enum last) {
  std::set<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    EXPECT_TRUE(seen.insert(name(static_cast<Enum>(i))).second) << i;
    EXPECT_FALSE(name(static_cast<Enum>(i)).empty());
  }
}

TEST(Names, EveryKindHasItsOwn) {
  expect_distinct_names(level_name, Level::kFatal);
  expect_distinct_names(mask_name, MaskKind::kCustom);
  expect_distinct_names(severity_name, Severity::kCritical);
}

TEST(Names, SitAtTheirPlace) {
  EXPECT_EQ(level_name(Level::kUnknown), "UNKNOWN");
  EXPECT_EQ(level_name(Level::kFatal), "FATAL");
  EXPECT_EQ(mask_name(MaskKind::kNone), "<*>");
  EXPECT_EQ(mask_name(MaskKind::kCustom), "<CUSTOM>");
  EXPECT_EQ(severity_name(Severity::kCritical), "critical");
}

}  // namespace
}  // namespace logdetect
