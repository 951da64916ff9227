#include "logdetect/lexis/line_time.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

TEST(LineTime, KnowsDatesAndClocks) {
  for (const std::string_view text :
       {"2024-01-31",     "2024/01/31", "2024-0",        "24/01/31 10:15:00", "24-01-31",   "31/Jan/2024:10",
        "3-Jan-2024",     "31.12.2024", "1.2.2024",      "1-2-2024",          "01/31/24",   "1/31/2024",
        "10:15",          "7:05",       "10:15:00.5",    "20240131T101500",   "20240131T1", "20171223 x",
        "20171223-22:15", "20171223/1", "081109 203615", "081109 203615 x"}) {
    EXPECT_TRUE(begins_with_time(text)) << text;
  }
}

TEST(LineTime, AnEpochHasTenToNineteenDigits) {
  for (std::size_t digits = 1; digits <= 22; ++digits) {
    const std::string number(digits, '1');
    const bool epoch = digits >= 10 && digits <= 19;
    EXPECT_EQ(begins_with_time(number), epoch) << number;
    for (const std::string_view behind : {".5", ",5", "]", " x"}) {
      const bool compact_date = digits == 8 && behind == " x";
      EXPECT_EQ(begins_with_time(number + std::string(behind)), epoch || compact_date) << number << behind;
    }
  }
  for (const std::string_view text : {"1700000000x", "1700000000.", "1700000000.x", "1700000000-5", "1700000000:15"}) {
    EXPECT_FALSE(begins_with_time(text)) << text;
  }
}

TEST(LineTime, OtherNumbersAreNone) {
  for (const std::string_view text : {"1",
                                      "10",
                                      "2024",
                                      "202401",
                                      "20240131",
                                      "10:",
                                      "10:1",
                                      "10:x5",
                                      "10:1x",
                                      "100:15",
                                      "2024-",
                                      "2024-x",
                                      "2024:01",
                                      "123-45-2024",
                                      "99999-01-02",
                                      "1-2",
                                      "1-2-",
                                      "1-2-3",
                                      "1-2-345",
                                      "1-2-20245",
                                      "1--2024",
                                      "1-123-2024",
                                      "1-2/2024",
                                      "1/2-24",
                                      "10.20.30.40",
                                      "31.12.24",
                                      "1.5",
                                      "3.Jan.2024",
                                      "31/Foo/2024",
                                      "20240131Tx",
                                      "20240131T",
                                      "2024013T10",
                                      "081109 20361",
                                      "081109 2036155",
                                      "081109x203615",
                                      "0811090 203615",
                                      "1234567 x",
                                      "12 x",
                                      "5 items",
                                      "7]",
                                      "7,5"}) {
    EXPECT_FALSE(begins_with_time(text)) << text;
  }
}

TEST(LineTime, KnowsEveryMonthAndWeekday) {
  for (const std::string month : {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}) {
    EXPECT_TRUE(begins_with_time(month + " 31")) << month;
    EXPECT_TRUE(begins_with_time(month + "  1")) << month;
    EXPECT_TRUE(begins_with_time(month + " 1")) << month;
    EXPECT_TRUE(begins_with_time("31/" + month + "/2024")) << month;
    EXPECT_TRUE(begins_with_time("Sun " + month + " 31")) << month;
  }
  for (const std::string day : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) {
    EXPECT_TRUE(begins_with_time(day + " Jan 31")) << day;
    EXPECT_TRUE(begins_with_time(day + " Jan  1")) << day;
    EXPECT_TRUE(begins_with_time(day + ", 31 Jan")) << day;
    EXPECT_TRUE(begins_with_time(day + ", 3 Jan 2024")) << day;
    EXPECT_TRUE(begins_with_time(day + " 31 Jan")) << day;
  }
}

TEST(LineTime, OtherWordsAreNone) {
  for (const std::string_view text :
       {"",           "x",          "Ja",         "Jan",         "Jan ",         "Jan  ",    "Jan   1",
        "Jan x",      "Jan31",      "June 31",    "Jab 31",      "Jen 31",       "Kan 31",   "Sun",
        "Sun,",       "Sun, 31",    "Sun, 31 Ja", "Sun, 31 Foo", "Sun, 311 Jan", "Sun, Jan", "Sun Foo 31",
        "Son Jan 31", "San Jan 31", "Sum Jan 31", "Sun, 31Jan"}) {
    EXPECT_FALSE(begins_with_time(text)) << text;
  }
}

TEST(LineTime, KnowsTheHeaderOfGlog) {
  for (const std::string letter : {"I", "W", "E", "F"}) {
    EXPECT_TRUE(begins_with_time(letter + "0131 10:15:00")) << letter;
    EXPECT_TRUE(begins_with_time(letter + "0131 1")) << letter;
  }
  for (const std::string_view text : {"X0131 10:15:00", "D0131 10:15:00", "I013 10:15:00", "I01311 10:15:00", "I0131",
                                      "I0131 ", "I0131 x", "I0131x1"}) {
    EXPECT_FALSE(begins_with_time(text)) << text;
  }
}

TEST(LineTime, OneOpeningBracketIsSkipped) {
  for (const std::string bracket : {"[", "(", "<", "\""}) {
    EXPECT_TRUE(begins_with_time(bracket + "2024-01-31")) << bracket;
    EXPECT_TRUE(begins_with_time(bracket + "Jan 31")) << bracket;
    EXPECT_FALSE(begins_with_time(bracket)) << bracket;
    EXPECT_FALSE(begins_with_time(bracket + bracket + "2024-01-31")) << bracket;
  }
  EXPECT_FALSE(begins_with_time("{2024-01-31"));
}

}  // namespace
}  // namespace logdetect
