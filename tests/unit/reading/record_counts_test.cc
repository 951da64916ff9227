#include "logdetect/reading/record_counts.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

void append(ParsedBatch& parsed, const std::string& text, HeaderQuality quality, std::uint32_t lines = 1,
            bool truncated = false) {
  parsed.batch.records.append(text, {SourceId(0), 0, 1, text.size() + 1}, lines, truncated);
  parsed.batch.headers.emplace_back().quality = quality;
  parsed.batch.events.emplace_back();
}

TEST(RecordCounts, ARecordIsBareOnlyWhereThePlanHasColumns) {
  ParsedBatch parsed;
  append(parsed, "words", HeaderQuality::kBare);
  append(parsed, "half a header", HeaderQuality::kPartial);
  append(parsed, "a header", HeaderQuality::kFull);
  parsed.headed = true;
  EXPECT_TRUE(is_bare(parsed, 0));
  EXPECT_FALSE(is_bare(parsed, 1));
  EXPECT_FALSE(is_bare(parsed, 2));
  parsed.headed = false;
  EXPECT_FALSE(is_bare(parsed, 0));
}

TEST(RecordCounts, TheFateIsTheFirstThatApplies) {
  ParsedBatch parsed;
  append(parsed, "words", HeaderQuality::kBare);
  append(parsed, "a header", HeaderQuality::kFull);
  parsed.headed = true;
  EXPECT_EQ(fate_of(parsed, 0, true), RecordFate::kMatched) << "a bare record can match all the same";
  EXPECT_EQ(fate_of(parsed, 0, false), RecordFate::kUnparsed);
  EXPECT_EQ(fate_of(parsed, 1, true), RecordFate::kMatched);
  EXPECT_EQ(fate_of(parsed, 1, false), RecordFate::kNew);
}

TEST(RecordCounts, WhatWasReadAddsUpOverBatches) {
  ParsedBatch parsed;
  append(parsed, "words", HeaderQuality::kBare);
  append(parsed, "first\nsecond\nthird", HeaderQuality::kFull, 3);
  append(parsed, "cut", HeaderQuality::kBare, 1, true);
  append(parsed, "cut", HeaderQuality::kFull, 1, true);
  append(parsed, "cut", HeaderQuality::kFull, 1, true);
  parsed.headed = true;
  parsed.invalid_utf8 = 2;
  RunSummary summary;
  for (std::uint64_t times = 1; times <= 2; ++times) {
    count_read(parsed, summary);
    EXPECT_EQ(summary.records, 5 * times);
    EXPECT_EQ(summary.lines, 7 * times);
    EXPECT_EQ(summary.bytes, (6 + 19 + 4 + 4 + 4) * times);
    EXPECT_EQ(summary.records_truncated, 3 * times);
    EXPECT_EQ(summary.records_bare, 2 * times);
    EXPECT_EQ(summary.invalid_utf8, 2 * times);
  }
  EXPECT_EQ(summary.records_judged(), 0U) << "nobody decided on a fate yet";
}

TEST(RecordCounts, AnEmptyBatchAddsNothing) {
  RunSummary summary;
  count_read(ParsedBatch(), summary);
  EXPECT_EQ(summary.records, 0U);
  EXPECT_EQ(summary.lines, 0U);
  EXPECT_EQ(summary.bytes, 0U);
  EXPECT_EQ(summary.invalid_utf8, 0U);
}

}  // namespace
}  // namespace logdetect
