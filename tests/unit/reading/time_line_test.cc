#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>

#include "logdetect/reading/line_parser.h"

namespace logdetect {
namespace {

constexpr Micros kSecond = kMicrosPerSecond;
constexpr Micros kJanuary2024 = 1'704'067'200 * kSecond;

/// A batch of events with these times; nothing: a line without one.
ParsedBatch batch_at(std::initializer_list<std::optional<Micros>> times, SourceId source = SourceId(0)) {
  ParsedBatch parsed;
  parsed.source = source;
  for (const std::optional<Micros>& time : times) {
    parsed.batch.headers.emplace_back();
    parsed.batch.events.emplace_back().has_time = time.has_value();
    parsed.times.emplace_back().time = time.value_or(0);
  }
  return parsed;
}

TEST(TimeLine, ALineWithoutTimeTakesThatOfTheOneBefore) {
  TimeLine line("UTC", 0);
  ParsedBatch parsed = batch_at({kJanuary2024, std::nullopt, kJanuary2024 + 5 * kSecond, std::nullopt});
  line.resolve(parsed);
  EXPECT_EQ(parsed.batch.events[0].time, kJanuary2024);
  EXPECT_EQ(parsed.batch.headers[0].time, kJanuary2024);
  EXPECT_EQ(parsed.batch.events[1].time, kJanuary2024);
  EXPECT_EQ(parsed.batch.events[2].time, kJanuary2024 + 5 * kSecond);
  EXPECT_EQ(parsed.batch.events[3].time, kJanuary2024 + 5 * kSecond);
  EXPECT_EQ(line.without_time(), 2U);
}

TEST(TimeLine, ALogWithoutAnyTimeCountsOneSecondARecord) {
  TimeLine line("UTC", 0);
  EXPECT_FALSE(line.has_time());
  for (int batch = 0; batch < 2; ++batch) {
    ParsedBatch parsed = batch_at({std::nullopt, std::nullopt, std::nullopt});
    line.resolve(parsed);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(parsed.batch.events[static_cast<std::size_t>(i)].time, (3 * batch + i + 1) * kSecond);
    }
  }
  EXPECT_FALSE(line.has_time());
  EXPECT_EQ(line.without_time(), 6U);
}

TEST(TimeLine, FirstAndLastAreTheExtremesAndEndIsTheLatestRecord) {
  TimeLine line("UTC", 0);
  ParsedBatch one = batch_at({kJanuary2024 + 10 * kSecond, kJanuary2024 + 90 * kSecond});
  line.resolve(one);
  EXPECT_EQ(line.first(), kJanuary2024 + 10 * kSecond);
  EXPECT_EQ(line.last(), kJanuary2024 + 90 * kSecond);
  ParsedBatch two = batch_at({kJanuary2024 + 3 * kSecond, kJanuary2024 + 12 * kSecond, std::nullopt});
  line.resolve(two);
  EXPECT_TRUE(line.has_time());
  EXPECT_EQ(line.first(), kJanuary2024 + 3 * kSecond);
  EXPECT_EQ(line.last(), kJanuary2024 + 90 * kSecond);
  EXPECT_EQ(line.end(), kJanuary2024 + 12 * kSecond);
}

TEST(TimeLine, BeforeAnyTimeItIsAtZero) {
  const TimeLine line("UTC", kJanuary2024);
  EXPECT_EQ(line.first(), 0);
  EXPECT_EQ(line.last(), 0);
  EXPECT_EQ(line.end(), 0);
  EXPECT_EQ(line.without_time(), 0U);
}

TEST(TimeLine, ZonesMakeTimesUniversal) {
  TimeLine line("+02:00", 0);
  ParsedBatch parsed = batch_at({kJanuary2024});
  line.resolve(parsed);
  EXPECT_EQ(parsed.batch.events[0].time, kJanuary2024 - 2 * kMicrosPerHour);
}

/// The year given to 4 January without one by a source that was last written to at `mtime`.
Micros fourth_of_january(TimeLine& line, SourceId source, Micros mtime) {
  ParsedBatch parsed = batch_at({3 * kMicrosPerDay}, source);
  parsed.times[0].year_missing = true;
  parsed.source_mtime = mtime;
  line.resolve(parsed);
  return parsed.batch.events[0].time;
}

TEST(TimeLine, EachSourceBringsItsOwnReferenceForMissingYears) {
  constexpr Micros kJanuary2023 = kJanuary2024 - 365 * kMicrosPerDay;
  TimeLine line("UTC", 0);
  EXPECT_EQ(fourth_of_january(line, SourceId(0), kJanuary2024 + 5 * kMicrosPerDay), kJanuary2024 + 3 * kMicrosPerDay);
  EXPECT_EQ(fourth_of_january(line, SourceId(0), kJanuary2023 + 5 * kMicrosPerDay), kJanuary2024 + 3 * kMicrosPerDay)
      << "the same source goes on where it was";
  EXPECT_EQ(fourth_of_january(line, SourceId(1), kJanuary2023 + 5 * kMicrosPerDay), kJanuary2023 + 3 * kMicrosPerDay);
}

}  // namespace
}  // namespace logdetect
