#include <gtest/gtest.h>

#include <string>

#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

constexpr Micros kNow = 1'705'290'138 * kMicrosPerSecond;  // 2024-01-15 03:42:18

/// Seconds before now; -1 if the text is no time.
std::int64_t seconds_ago(const std::string& text) {
  Micros out = 0;
  return parse_time_argument(text, kNow, out) ? (kNow - out) / kMicrosPerSecond : -1;
}

TEST(TimeArgument, KnowsEveryUnit) {
  struct Row {
    const char* units;
    std::int64_t seconds;
  };
  for (const Row& row : {Row{"s sec secs second seconds", 1}, Row{"m min mins minute minutes", 60},
                         Row{"h hr hrs hour hours", 3600}, Row{"d day days", 86'400}, Row{"w week weeks", 604'800}}) {
    std::string units = row.units;
    units += ' ';
    for (std::size_t end = 0; (end = units.find(' ')) != std::string::npos; units.erase(0, end + 1)) {
      const std::string unit = units.substr(0, end);
      EXPECT_EQ(seconds_ago("3" + unit), 3 * row.seconds) << unit;
      EXPECT_EQ(seconds_ago("12 " + unit + " ago"), 12 * row.seconds) << unit;
      EXPECT_EQ(seconds_ago("3" + unit + "x"), -1) << unit;
    }
  }
  EXPECT_EQ(seconds_ago("2 HOURS AGO"), 7200);
}

TEST(TimeArgument, ACountHasAtMostSixDigits) {
  EXPECT_EQ(seconds_ago("0s"), 0);
  EXPECT_EQ(seconds_ago("999999s"), 999'999);
  EXPECT_EQ(seconds_ago("1000000s"), -1);
  EXPECT_EQ(seconds_ago("1234567 s"), -1);
}

TEST(TimeArgument, NowIsNowInAnyCase) {
  EXPECT_EQ(seconds_ago("now"), 0);
  EXPECT_EQ(seconds_ago(" Now\n"), 0);
  for (const char* text : {"no", "nows", "now ago", "ago", "3", "3 ago", "s", "3 s s", "3s agos", "3 s ag"}) {
    EXPECT_EQ(seconds_ago(text), -1) << text;
  }
}

TEST(TimeArgument, ADateIsTheWholeTextAndHasAYear) {
  EXPECT_EQ(seconds_ago("2024-01-15"), 3 * 3600 + 42 * 60 + 18);
  EXPECT_EQ(seconds_ago("2024-01-15 03:42"), 18);
  EXPECT_EQ(seconds_ago("2024-01-15T03:42:17Z"), 1);
  for (const char* text :
       {"2024-1-15", "2024-01-1", "2024-01-15 ago", "2024-01-15 03:42 x", "2024/01/15", "03:42:18"}) {
    EXPECT_EQ(seconds_ago(text), -1) << text;
  }
}

}  // namespace
}  // namespace logdetect
