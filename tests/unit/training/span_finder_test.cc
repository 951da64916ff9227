#include "training/span_finder.h"

#include <gtest/gtest.h>

#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

Micros begin_of(double days, const std::vector<std::vector<HandLine>>& batches) {
  SpanFinder finder("UTC", days);
  HandMadeLog log;
  for (const std::vector<HandLine>& lines : batches) {
    ParsedBatch parsed = log.headers(lines);
    finder.see(parsed);
  }
  return finder.begin();
}

TEST(SpanFinder, CountsBackFromTheLastRecord) {
  constexpr Micros kDay = 86'400;
  EXPECT_EQ(begin_of(2, {{{3 * kDay, "a"}}, {{5 * kDay, "b"}}}), 3 * kDay * kMicrosPerSecond);
  EXPECT_EQ(begin_of(0.5, {{{5 * kDay, "b"}}}), 4 * kDay * kMicrosPerSecond + kDay / 2 * kMicrosPerSecond);
}

TEST(SpanFinder, AStrayTimeInTheFutureMovesNothing) {
  EXPECT_EQ(begin_of(1, {{{900'000, "stray"}, {100'000, "last"}}}), (100'000 - 86'400) * kMicrosPerSecond);
}

TEST(SpanFinder, ALogWithoutTimesTeachesAsAWhole) {
  EXPECT_EQ(begin_of(1, {{{0, "a", Level::kInfo, "", false}}}), kBeginOfTime);
  EXPECT_EQ(begin_of(1, {}), kBeginOfTime);
}

}  // namespace
}  // namespace logdetect
