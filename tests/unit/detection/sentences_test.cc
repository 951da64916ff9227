#include "logdetect/detection/sentences.h"

#include <gtest/gtest.h>

#include <limits>

namespace logdetect {
namespace {

TEST(NumberWords, ReadsWell) {
  EXPECT_EQ(number_words(0), "0");
  EXPECT_EQ(number_words(47), "47");
  EXPECT_EQ(number_words(145'892), "145,892");
  EXPECT_EQ(number_words(1'234.6), "1,235");
  EXPECT_EQ(number_words(-1'234), "-1,234");
  EXPECT_EQ(number_words(0.12345), "0.123");
  EXPECT_EQ(number_words(2.5), "2.5");
  EXPECT_EQ(number_words(1e18), "1e+18");
  EXPECT_EQ(number_words(std::numeric_limits<double>::infinity()), "unknown");
}

TEST(RangeWords, ReadsWell) {
  EXPECT_EQ(range_words(0, 5), "0 to 5");
  EXPECT_EQ(range_words(0, 0), "none");
  EXPECT_EQ(range_words(5, 5), "5");
}

TEST(ShortTemplate, KeepsAFewWords) {
  EXPECT_EQ(short_template("Connection timeout to <HOST>"), "[Connection timeout to <HOST>]");
  EXPECT_EQ(short_template("a  b c d e f g"), "[a b c d e ...]");
  EXPECT_EQ(short_template(""), "[]");
}

TEST(TimeWords, AreUtcOnBothSidesOf1970) {
  EXPECT_EQ(time_of_day(1'705'290'135LL * kMicrosPerSecond), "03:42");
  EXPECT_EQ(time_of_day(-1), "23:59");
  EXPECT_EQ(weekday_name(1'705'290'135LL * kMicrosPerSecond), "Monday");
  EXPECT_EQ(weekday_name(0), "Thursday");
  EXPECT_EQ(weekday_name(-1), "Wednesday");
}

TEST(WindowSeconds, ReadsTheSuffix) {
  EXPECT_EQ(window_seconds("burst_60s"), 60);
  EXPECT_EQ(window_seconds("template_count_600s"), 600);
  EXPECT_EQ(window_seconds("burst_surprise"), std::nullopt);
  EXPECT_EQ(window_seconds("hours"), std::nullopt);
  EXPECT_EQ(window_seconds("_s"), std::nullopt);
  EXPECT_EQ(window_seconds(""), std::nullopt);
}

TEST(QuantityUnit, IsThatOfTheScale) {
  EXPECT_EQ(quantity_unit("350ms"), "s");
  EXPECT_EQ(quantity_unit("2 h"), "s");
  EXPECT_EQ(quantity_unit("3 s"), "s");
  EXPECT_EQ(quantity_unit("5 min"), "s");
  EXPECT_EQ(quantity_unit("2KB"), "bytes");
  EXPECT_EQ(quantity_unit("17 bytes"), "bytes");
  EXPECT_EQ(quantity_unit("12 retries"), "");
  EXPECT_EQ(quantity_unit("45%"), "");
  EXPECT_EQ(quantity_unit("12"), "");
  EXPECT_EQ(quantity_unit(""), "");
  EXPECT_EQ(quantity_unit("abc"), "");
}

TEST(NumberWords, EdgesBetweenTheWaysToWriteThem) {
  EXPECT_EQ(number_words(999), "999");
  EXPECT_EQ(number_words(1'000), "1,000");
  EXPECT_EQ(number_words(-999'999), "-999,999");
  EXPECT_EQ(number_words(1'000'000), "1,000,000");
  EXPECT_EQ(number_words(999.4), "999");
  EXPECT_EQ(number_words(999.5), "1,000");
  EXPECT_EQ(number_words(999.7), "1,000");
  EXPECT_EQ(number_words(-999.7), "-1,000");
  EXPECT_EQ(number_words(1'000.4), "1,000");
  EXPECT_EQ(number_words(999'999'999'999'999), "999,999,999,999,999");
  EXPECT_EQ(number_words(1e15), "1e+15");
  EXPECT_EQ(number_words(-0.5), "-0.5");
  EXPECT_EQ(number_words(-0.0), "0");
  EXPECT_EQ(number_words(99.95), "100");
  EXPECT_EQ(number_words(std::numeric_limits<double>::quiet_NaN()), "unknown");
}

TEST(RangeWords, OnlyNothingIsNone) {
  EXPECT_EQ(range_words(-1, 0), "-1 to 0");
  EXPECT_EQ(range_words(5, 5.0001), "5");
  EXPECT_EQ(range_words(1.5, 1'500), "1.5 to 1,500");
}

TEST(ShortTemplate, CutsBetweenWords) {
  EXPECT_EQ(short_template("a b c d e"), "[a b c d e]");
  EXPECT_EQ(short_template("a b c d e f"), "[a b c d e ...]");
  EXPECT_EQ(short_template(" \t a\r\nbc\td  "), "[a bc d]");
  EXPECT_EQ(short_template("a b", 1), "[a ...]");
  EXPECT_EQ(short_template("a b", 2), "[a b]");
}

TEST(TimeWords, HaveTwoDigitsEach) {
  EXPECT_EQ(time_of_day(0), "00:00");
  EXPECT_EQ(time_of_day(9 * kMicrosPerHour + 59 * 60 * kMicrosPerSecond + 59'999'999), "09:59");
  EXPECT_EQ(time_of_day(10 * kMicrosPerHour), "10:00");
  EXPECT_EQ(time_of_day(19 * kMicrosPerHour + 600 * kMicrosPerSecond), "19:10");
  EXPECT_EQ(time_of_day(kMicrosPerDay - 1), "23:59");
  EXPECT_EQ(time_of_day(kMicrosPerDay), "00:00");
  EXPECT_EQ(time_of_day(-kMicrosPerDay), "00:00");
  EXPECT_EQ(weekday_name(kMicrosPerDay), "Friday");
  EXPECT_EQ(weekday_name(3 * kMicrosPerDay), "Sunday");
}

TEST(WindowSeconds, AreAPositiveNumberBeforeTheS) {
  EXPECT_EQ(window_seconds("a_1s"), 1);
  EXPECT_EQ(window_seconds("a_0s"), std::nullopt);
  EXPECT_EQ(window_seconds("a_-5s"), std::nullopt);
  EXPECT_EQ(window_seconds("a_60"), std::nullopt);
  EXPECT_EQ(window_seconds("a_60ss"), std::nullopt);
  EXPECT_EQ(window_seconds("60s"), std::nullopt);
  EXPECT_EQ(window_seconds("_60s"), 60);
  EXPECT_EQ(window_seconds("a_6_60s"), 60);
}

TEST(QuantityUnit, OfEveryScale) {
  for (const char* text : {"1ns", "1 us", "7ms", "1.5sec", "2 secs", "3 seconds", "60min", "1,000 h", "0s"}) {
    EXPECT_EQ(quantity_unit(text), "s") << text;
  }
  for (const char* text : {"1B", "1 K", "2 KB", "3kB", "4KiB", "5 MB", "6GiB", "7 TB", "0 bytes"}) {
    EXPECT_EQ(quantity_unit(text), "bytes") << text;
  }
  for (const char* text : {"5 ", "7 b", "7 S", "s", "bytes", "60", "3600", "1024"}) {
    EXPECT_EQ(quantity_unit(text), "") << text;
  }
}

}  // namespace
}  // namespace logdetect
