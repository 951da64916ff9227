#include "lexis/time_pieces.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

/// What a reader made of a text.
struct Clock {
  bool read = false;
  int micros = 0;          ///< of the minute
  std::size_t length = 0;  ///< bytes used
  int offset_minutes = 0;
  bool zone = false;
};

Clock made_of(const std::string& text, bool read, const TextCursor& c, const TimeFields& f) {
  return {read, f.second * 1'000'000 + f.micros, text.size() - c.left(), f.offset_seconds / 60, f.has_zone};
}

Clock clock_of(const std::string& text, char separator = ':', int least = 2) {
  TextCursor c(text);
  TimeFields f;
  const bool read = read_clock(c, f, separator, least);
  return made_of(text, read, c, f);
}

TEST(ReadDigits, TakesUpToTheMostAndNeedsTheLeast) {
  int value = 7;
  TextCursor c("12345x");
  EXPECT_EQ(read_digits(c, 2, 4, value), 4);
  EXPECT_EQ(value, 1234);
  EXPECT_EQ(c.left(), 2U);
  EXPECT_EQ(read_digits(c, 2, 4, value), 0) << "one digit is fewer than two";
  TextCursor rest("5x");
  EXPECT_EQ(read_digits(rest, 1, 4, value), 1);
  EXPECT_EQ(value, 5);
  EXPECT_EQ(read_digits(rest, 1, 4, value), 0);
  EXPECT_EQ(value, 0);
}

TEST(ReadFractionDigits, KeepsMicrosecondsAndDropsFinerDigits) {
  std::string digits;
  int wanted = 0;
  int weight = 100'000;
  for (int n = 1; n <= 12; ++n) {
    digits += static_cast<char>('0' + n % 10);
    wanted += weight * (n % 10);
    weight /= 10;
    TextCursor c(digits);
    int micros = 0;
    read_fraction_digits(c, micros);
    EXPECT_EQ(micros, wanted) << digits;
    EXPECT_TRUE(c.done()) << digits;
  }
  TextCursor c("9999999999999");
  int micros = 0;
  read_fraction_digits(c, micros);
  EXPECT_EQ(micros, 999'999);
  EXPECT_EQ(c.left(), 1U) << "no log writes 13 digits";
}

TEST(AtBoundary, AWordOrAFurtherNumberGoesOn) {
  for (const char* text : {"", " ", "]", ",5", "-x", ":", ".", ": x", ". x", ":]", "..x", "+02"}) {
    EXPECT_TRUE(at_boundary(TextCursor(text))) << text;
  }
  for (const char* text : {"a", "7", "_", "\xC3\xA4", ":5", ":x", ".5", ".x", "::", ".:x", ":_"}) {
    EXPECT_FALSE(at_boundary(TextCursor(text))) << text;
  }
}

TEST(ReadClock, FractionsFollowAPointOrACommaOrAsMillisecondsAColon) {
  EXPECT_EQ(clock_of("03:42:18 x").micros, 18'000'000);
  EXPECT_EQ(clock_of("03:42:18.5 x").micros, 18'500'000);
  EXPECT_EQ(clock_of("03:42:18,747").micros, 18'747'000);
  EXPECT_EQ(clock_of("03:42:18:606|x").micros, 18'606'000);
  EXPECT_EQ(clock_of("03:42:18:606|x").length, 12U);
  for (const char* text : {"03:42:18:6", "03:42:18:60", "03:42:18:6060"}) {
    EXPECT_FALSE(clock_of(text).read) << text;
  }
  EXPECT_EQ(clock_of("3:4:5:6", ':', 1).micros, 5'006'000) << "not padded";
  EXPECT_EQ(clock_of("3:4:5:60", ':', 1).micros, 5'060'000);
  EXPECT_EQ(clock_of("3:4:5:606", ':', 1).micros, 5'606'000);
  EXPECT_FALSE(clock_of("3:4:5:6060", ':', 1).read);
  EXPECT_EQ(clock_of("03.42.18.5", '.').micros, 18'500'000);
  EXPECT_EQ(clock_of("03:42:18. x").length, 8U);
  EXPECT_EQ(clock_of("03:42:18, x").length, 8U);
}

TEST(ReadClock, NeedsHoursAndMinutes) {
  for (const char* text :
       {"", "x", "03", "03:", "03:4", "03:4:5", "123:45", "03:421", "03.42", "03:42:1", "03:42:181"}) {
    EXPECT_FALSE(clock_of(text).read) << text;
  }
  EXPECT_EQ(clock_of("3:42 x").length, 4U);
  EXPECT_EQ(clock_of("03:42: x").length, 5U);
}

TEST(ReadClock, HalfDays) {
  for (int hour = 0; hour <= 14; ++hour) {
    for (const std::string half : {"AM", "am", " AM", " pm", "Pm", " PM"}) {
      const std::string text = std::to_string(hour) + ":05" + half + " x";
      TextCursor c(text);
      TimeFields f;
      const bool good = hour >= 1 && hour <= 12;
      ASSERT_EQ(read_clock(c, f), good) << text;
      const bool afternoon = half.find_first_of("pP") != std::string::npos;
      if (good) {
        EXPECT_EQ(f.hour, (hour == 12 ? 0 : hour) + (afternoon ? 12 : 0)) << text;
        EXPECT_EQ(c.left(), 2U) << text;
      }
    }
  }
  EXPECT_EQ(clock_of("13:05 AMx").length, 5U) << "a word, not half a day";
  EXPECT_EQ(clock_of("13:05 apples").length, 5U);
  EXPECT_EQ(clock_of("13:05  AM").length, 5U) << "two blanks";
}

TEST(ReadClock, ZonesByOffset) {
  struct Row {
    const char* zone;
    bool found;
    int minutes;
  };
  for (const Row& row :
       {Row{"Z", true, 0},        Row{"z", true, 0},       Row{"+02:30", true, 150}, Row{"-02:30", true, -150},
        Row{"+0230", true, 150},  Row{"-02", true, -120},  Row{" +0230", true, 150}, Row{" -02:30", true, -150},
        Row{"+15:59", true, 959}, Row{"+16:00", false, 0}, Row{"+05:60", false, 0},  Row{"+05:59", true, 359},
        Row{" +02", false, 0},    Row{" +02:", false, 0},  Row{"+02:", false, 0},    Row{" Z", false, 0},
        Row{" z", false, 0},      Row{" +2", false, 0},    Row{"+02:301", false, 0}, Row{"  +0230", false, 0}}) {
    const Clock clock = clock_of("03:42:18" + std::string(row.zone) + "]");
    EXPECT_EQ(clock.zone, row.found) << row.zone;
    EXPECT_EQ(clock.offset_minutes, row.minutes) << row.zone;
    EXPECT_EQ(clock.length, 8U + (row.found ? std::string(row.zone).size() : 0U)) << row.zone;
  }
}

TEST(ReadClock, ZonesByName) {
  struct Row {
    const char* names;
    int minutes;
  };
  for (const Row& row : {Row{"UTC GMT WET", 0}, Row{"CET BST WEST", 60}, Row{"EET CEST", 120}, Row{"MSK EEST", 180},
                         Row{"JST KST", 540}, Row{"AEST", 600}, Row{"AEDT", 660}, Row{"EDT", -240},
                         Row{"EST CDT", -300}, Row{"CST MDT", -360}, Row{"MST PDT", -420}, Row{"PST", -480}}) {
    std::string names = row.names;
    names += ' ';
    for (std::size_t end = 0; (end = names.find(' ')) != std::string::npos; names.erase(0, end + 1)) {
      const std::string name = names.substr(0, end);
      const Clock clock = clock_of("03:42:18 " + name + " 7");
      EXPECT_TRUE(clock.zone) << name;
      EXPECT_EQ(clock.offset_minutes, row.minutes) << name;
      EXPECT_EQ(clock.length, 9 + name.size()) << name;
      EXPECT_EQ(clock_of("03:42:18 " + name + "x").length, 8U) << name;
      EXPECT_EQ(clock_of("03:42:18 " + name + "_").length, 8U) << name;
    }
  }
  for (const char* name : {"IST", "ABC", "UT", "UTCX", "Utc", "utc", "WARN", "INFO", "U"}) {
    EXPECT_EQ(clock_of("03:42:18 " + std::string(name) + " x").length, 8U) << name;
  }
}

TEST(ReadCompactClock, HasSixDigitsAFractionAndAZone) {
  const auto compact = [](const std::string& text) {
    TextCursor c(text);
    TimeFields f;
    const bool read = read_compact_clock(c, f);
    return made_of(text, read, c, f);
  };
  EXPECT_EQ(compact("034218 x").length, 6U);
  EXPECT_EQ(compact("034218.25").micros, 18'250'000);
  EXPECT_EQ(compact("034218,250001").micros, 18'250'001);
  EXPECT_EQ(compact("034218+0200").offset_minutes, 120);
  EXPECT_EQ(compact("034218: x").length, 6U);
  for (const char* text : {"", "03421", "0342188", "034218x", "03:42:18", "0342", "03421x", "034218:606"}) {
    EXPECT_FALSE(compact(text).read) << text;
  }
}

}  // namespace
}  // namespace logdetect
