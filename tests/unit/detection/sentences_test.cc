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

}  // namespace
}  // namespace logdetect
