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

TEST(RecordBatch, ShiftsTheSourceOfEveryRecordAndNothingElse) {
  RecordBatch batch;
  for (const SourceId id : {SourceId(0), SourceId(2), SourceId(5)}) {
    batch.append("x", {id, 10, 20, 30}, 1, false);
  }
  batch.shift_sources(3);
  EXPECT_EQ(batch.records()[0].position.source, SourceId(3));
  EXPECT_EQ(batch.records()[1].position.source, SourceId(5));
  EXPECT_EQ(batch.records()[2].position.source, SourceId(8));
  EXPECT_EQ(batch.records()[2].position.offset, 10U);
  EXPECT_EQ(batch.records()[2].position.line, 20U);
  EXPECT_EQ(batch.records()[2].position.length, 30U);
}

TEST(RecordBatch, CountsRecordsAndBytes) {
  RecordBatch batch;
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.size(), 0U);
  batch.append("abc", at_line(1), 1, false);
  batch.append("defgh", at_line(2), 1, false);
  EXPECT_FALSE(batch.empty());
  EXPECT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch.bytes(), 8U);
}

TEST(Record, AFreshOneIsOneLineAtNoPlace) {
  const Record record;
  EXPECT_EQ(record.line_count, 1U);
  EXPECT_FALSE(record.truncated);
  EXPECT_FALSE(record.position.source.valid());
  EXPECT_EQ(record.position.offset, 0U);
  EXPECT_EQ(record.position.line, 0U);
  EXPECT_EQ(record.position.length, 0U);
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
  EXPECT_EQ(schema().find("burst_60s"), 0);
  EXPECT_EQ(schema().find(""), -1);
  EXPECT_EQ(FeatureSchema().find("hour"), -1);
}

TEST(FeatureSchema, SizeIsTheNumberOfColumnsAndCountsInTheHash) {
  EXPECT_EQ(schema().size(), 2U);
  EXPECT_EQ(FeatureSchema().size(), 0U);
  EXPECT_NE(FeatureSchema().hash(), schema().hash());
}

TEST(FeatureMatrix, RowsAreContiguousAndChecked) {
  FeatureMatrix matrix(3, 2);
  for (std::size_t i = 0; i < 3; ++i) {
    matrix.row(i)[0] = static_cast<float>(i);
    matrix.row(i)[1] = static_cast<float>(10 * i);
  }
  EXPECT_EQ(matrix.values()[3], 10.0F);
  EXPECT_EQ(matrix.values()[4], 2.0F);
  EXPECT_EQ(matrix.rows(), 3U);
  EXPECT_EQ(matrix.columns(), 2U);
  EXPECT_EQ(matrix.values().size(), 6U);
  EXPECT_DEATH((void)matrix.row(3), "out of range");
}

TEST(FeatureMatrix, ReadingSeesWhatWasWritten) {
  FeatureMatrix matrix(4, 3);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      matrix.row(i)[j] = static_cast<float>(10 * i + j);
    }
  }
  const FeatureMatrix& read = matrix;
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_EQ(read.row(i).size(), 3U);
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(read.row(i)[j], static_cast<float>(10 * i + j));
    }
  }
  EXPECT_DEATH((void)read.row(4), "out of range");
}

TEST(FeatureMatrix, TakesAnotherShape) {
  FeatureMatrix matrix;
  EXPECT_EQ(matrix.rows(), 0U);
  EXPECT_EQ(matrix.columns(), 0U);
  EXPECT_TRUE(matrix.values().empty());
  matrix.resize(5, 7);
  EXPECT_EQ(matrix.values().size(), 35U);
  matrix.resize(2, 3);
  EXPECT_EQ(matrix.rows(), 2U);
  EXPECT_EQ(matrix.columns(), 3U);
  EXPECT_EQ(matrix.values().size(), 6U);
  EXPECT_EQ(matrix.row(1).size(), 3U);
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
