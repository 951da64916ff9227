// Timestamps made of parts that are known, in every combination, against the C library's calendar.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

#include "logdetect/base/rng.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/time_reader.h"

namespace logdetect {
namespace {

std::string padded(int value, int digits) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*d", digits, value);
  return text;
}

struct Civil {
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
};

Micros micros_of(const Civil& civil) {
  std::tm fields{};
  fields.tm_year = civil.year - 1900;
  fields.tm_mon = civil.month - 1;
  fields.tm_mday = civil.day;
  fields.tm_hour = civil.hour;
  fields.tm_min = civil.minute;
  fields.tm_sec = civil.second;
  return static_cast<Micros>(timegm(&fields)) * kMicrosPerSecond;
}

// The date in the style of a number, with what joins it to a clock; "" beyond the last style.
std::string date_text(const Civil& c, std::size_t style) {
  static constexpr std::array<const char*, 12> kMonths = {"January",   "February", "March",    "April",
                                                          "May",       "June",     "July",     "August",
                                                          "September", "October",  "November", "December"};
  const std::string name = kMonths[static_cast<std::size_t>(c.month - 1)];
  const std::string year = std::to_string(c.year);
  const std::string month = padded(c.month, 2);
  const std::string day = padded(c.day, 2);
  const std::string two = padded(c.year % 100, 2);
  const std::array<std::string, 30> styles = {
      year + "-" + month + "-" + day + " ",
      year + "-" + month + "-" + day + "T",
      year + "-" + month + "-" + day + "  ",
      year + "-" + month + "-" + day + ", ",
      year + "-" + month + "-" + day + "_",
      year + "-" + month + "-" + day + ":",
      year + "/" + month + "/" + day + "-",
      year + "." + month + "." + day + " ",
      year + "-" + std::to_string(c.month) + "-" + std::to_string(c.day) + "\t",
      year + month + day + " ",
      year + month + day + "T",
      year + month + day + "-",
      year + month + day + "_",
      year + month + day + ":",
      year + " " + name.substr(0, 3) + " " + day + " ",
      name.substr(0, 3) + " " + day + " " + year + " ",
      name + " " + std::to_string(c.day) + ", " + year + " ",
      name.substr(0, 3) + "  " + std::to_string(c.day) + ", " + year + ", ",
      day + "/" + name.substr(0, 3) + "/" + year + ":",
      day + "-" + name.substr(0, 3) + "-" + year + " ",
      std::to_string(c.day) + " " + name + " " + year + "  ",
      "Wednesday, " + day + " " + name.substr(0, 3) + " " + year + " ",
      "tue " + name.substr(0, 3) + " " + day + " " + year + " ",
      month + "/" + day + "/" + year + " ",
      month + "/" + day + "/" + year + ", ",
      month + "/" + day + "/" + year + ":",
      day + "." + month + "." + year + "T",
      day + "-" + month + "-" + year + " ",
      two + "/" + month + "/" + day + " ",
      two + month + day + " ",
  };
  return style < styles.size() ? styles.at(style) : std::string();
}

TEST(TimeFormats, EveryDateWithEveryClock) {
  Rng rng(17);
  std::size_t styles = 0;
  while (!date_text({2024, 1, 15, 0, 0, 0}, styles).empty()) {
    ++styles;
  }
  for (int round = 0; round < 30'000; ++round) {
    const Civil civil = {1970 + static_cast<int>(rng.below(100)), 1 + static_cast<int>(rng.below(12)),
                         1 + static_cast<int>(rng.below(28)),     static_cast<int>(rng.below(24)),
                         static_cast<int>(rng.below(60)),         static_cast<int>(rng.below(60))};
    std::string text = date_text(civil, static_cast<std::size_t>(round) % styles) + padded(civil.hour, 2) + ":" +
                       padded(civil.minute, 2) + ":" + padded(civil.second, 2);
    Micros wanted = micros_of(civil);
    const std::string fraction = std::to_string(rng.below(1'000'000'000)).substr(0, rng.below(10));
    if (!fraction.empty()) {
      text += (rng.below(2) == 0 ? "." : ",") + fraction;
      wanted += std::stoi((fraction + "00000").substr(0, 6));
    }
    const int offset = static_cast<int>(rng.below(1920)) - 960;
    const bool zone = rng.below(2) == 0 && offset > -960;
    if (zone) {
      const int size = offset < 0 ? -offset : offset;
      text += (rng.below(2) == 0 ? " " : "") + std::string(offset < 0 ? "-" : "+") + padded(size / 60, 2) +
              (rng.below(2) == 0 ? ":" : "") + padded(size % 60, 2);
      wanted -= offset * 60 * kMicrosPerSecond;
    }
    ParsedTime read;
    ASSERT_TRUE(parse_timestamp(text + " x", read)) << text;
    ASSERT_EQ(format_rfc3339(read.time), format_rfc3339(wanted)) << text;
    ASSERT_EQ(read.length, text.size()) << text;
    ASSERT_EQ(read.has_zone, zone) << text;
    ASSERT_FALSE(read.year_missing || read.date_missing) << text;
  }
}

std::string time_of(std::string_view text, bool day_first = false) {
  TimeReader reader(day_first);
  ParsedTime read;
  TimeDetails details;
  return reader.read(text, read, details) ? format_rfc3339(read.time) : "none";
}

TEST(TimeFormats, AYearOfTwoDigitsIsFrom1970To2069) {
  EXPECT_EQ(time_of("70/01/01 00:00:00"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(time_of("99/12/31 00:00:00"), "1999-12-31T00:00:00Z");
  EXPECT_EQ(time_of("00/01/01 00:00:00"), "2000-01-01T00:00:00Z");
  EXPECT_EQ(time_of("69/12/31 00:00:00"), "2069-12-31T00:00:00Z");
  EXPECT_EQ(time_of("700101 000000"), "1970-01-01T00:00:00Z");
  EXPECT_EQ(time_of("691231 000000"), "2069-12-31T00:00:00Z");
}

TEST(TimeFormats, ANumberOverTwelveSettlesWhatIsTheMonth) {
  EXPECT_EQ(time_of("12/11/2024 00:00:00"), "2024-12-11T00:00:00Z");
  EXPECT_EQ(time_of("12/11/2024 00:00:00", true), "2024-11-12T00:00:00Z");
  EXPECT_EQ(time_of("12/13/2024 00:00:00", true), "2024-12-13T00:00:00Z");
  EXPECT_EQ(time_of("13/12/2024 00:00:00"), "2024-12-13T00:00:00Z");
  EXPECT_EQ(time_of("12-11-2024 00:00:00"), "2024-11-12T00:00:00Z");
  EXPECT_EQ(time_of("12.11.2024 00:00:00"), "2024-11-12T00:00:00Z");
  EXPECT_EQ(time_of("12.13.2024 00:00:00"), "2024-12-13T00:00:00Z");
  EXPECT_EQ(time_of("15.01.24 00:00:00"), "2024-01-15T00:00:00Z") << "with points the year stands last";
  EXPECT_EQ(time_of("24/12/31 00:00:00"), "2024-12-31T00:00:00Z");
  EXPECT_EQ(time_of("12/31/24 00:00:00"), "2024-12-31T00:00:00Z");
  for (const char* text : {"13/13/2024 00:00:00", "00/10/2024 00:00:00", "10/00/2024 00:00:00", "32/12/2024 00:00:00",
                           "12/32/2024 00:00:00", "1/2/345 00:00:00", "1/2/3 00:00:00", "1/2-2024 00:00:00"}) {
    EXPECT_EQ(time_of(text), "none") << text;
  }
}

TEST(TimeFormats, DetailsTellWhatWasThere) {
  struct Row {
    const char* text;
    const char* details;  // c: clock, f: fraction, 1: first number over 12, 2: second; a letter of glog
  };
  for (const Row& row :
       {Row{"2024-01-15 03:42:18 x", "c"}, Row{"2024-01-15", ""}, Row{"2024-01-15 03:42:18.5", "cf"},
        Row{"2024-01-15 x", ""}, Row{"12/12/2024 01:02:03", "c"}, Row{"13/12/2024 01:02:03", "c1"},
        Row{"12/13/2024 01:02:03", "c2"}, Row{"1705290138", "c"}, Row{"1705290138.5", "cf"}, Row{"1705290138250", "cf"},
        Row{"1705290138250001", "cf"}, Row{"1705290138250001999", "cf"}, Row{"I0102 15:04:05.6", "cfI"},
        Row{"W0102 15:04:05", "cW"}, Row{"V20240102 15:04:05", "cV"}, Row{"20171223-2:5:9:6", "cf"}}) {
    TimeReader reader;
    ParsedTime read;
    TimeDetails details;
    ASSERT_TRUE(reader.read(row.text, read, details)) << row.text;
    std::string told = std::string(details.has_clock ? "c" : "") + (details.has_fraction ? "f" : "") +
                       (details.first_over_12 ? "1" : "") + (details.second_over_12 ? "2" : "");
    told += details.level_letter != 0 ? std::string(1, details.level_letter) : "";
    EXPECT_EQ(told, row.details) << row.text;
  }
}

TEST(TimeFormats, AnEpochHasTenThirteenSixteenOrNineteenDigits) {
  for (std::size_t digits = 9; digits <= 21; ++digits) {
    const std::string number = std::string("170529013825000199999").substr(0, digits);
    const bool epoch = digits == 10 || digits == 13 || digits == 16 || digits == 19;
    EXPECT_EQ(time_of(number) != "none", epoch) << number;
  }
  for (const char* text : {"1705290138/x", "1705290138-x", "1705290138@x", "1705290138_", "1705290138:5"}) {
    EXPECT_EQ(time_of(text), "none") << text;
  }
  for (const char* text :
       {"1705290138/", "1705290138- x", "1705290138@", "1705290138: x", "1705290138. x", "1705290138]"}) {
    EXPECT_EQ(time_of(text), "2024-01-15T03:42:18Z") << text;
  }
  EXPECT_EQ(time_of("7289654399999"), "2200-12-31T23:59:59.999Z");
  EXPECT_EQ(time_of("7289654400000"), "none");
}

TEST(TimeFormats, ClocksAndDatesHaveTheirLimits) {
  EXPECT_EQ(time_of("2024-01-15 23:59:59"), "2024-01-15T23:59:59Z");
  EXPECT_EQ(time_of("2024-12-31 00:00:00"), "2024-12-31T00:00:00Z");
  EXPECT_EQ(time_of("2024-01-15 24:00:00"), "2024-01-16T00:00:00Z");
  EXPECT_EQ(time_of("2024-01-15 00:00:60"), "2024-01-15T00:00:59.999999Z");
  EXPECT_EQ(time_of("1970-01-01 00:00:00"), "1970-01-01T00:00:00Z");
  for (const char* text : {"2024-01-15T25:00:00", "2024-01-15T24:01:00", "2024-01-15T24:00:01", "2024-01-15T24:00:00.5",
                           "2024-01-15T00:60:00", "2024-01-15T00:00:61", "2024-00-15", "2024-13-15", "2024-01-00",
                           "2024-01-32", "2024-04-31", "1969-12-31", "2201-01-01"}) {
    EXPECT_EQ(time_of(text), "none") << text;
  }
}

TEST(TimeFormats, SomeDatesNeedSecondsBehindThem) {
  EXPECT_EQ(time_of("03-17 16:13:38"), "1970-03-17T16:13:38Z");
  EXPECT_EQ(time_of("3/7  16:13:38"), "1970-03-07T16:13:38Z");
  EXPECT_EQ(time_of("I0317 16:13:38"), "1970-03-17T16:13:38Z");
  EXPECT_EQ(time_of("2024-01-15-3.42.50"), "2024-01-15T03:42:50Z");
  EXPECT_EQ(time_of("2024-01-15-03.42.50"), "2024-01-15T03:42:50Z");
  EXPECT_EQ(time_of("2024-01-15.03:42:50"), "2024-01-15T03:42:50Z");
  for (const char* text :
       {"03-17 16:13", "3/7T16:13:38", "I0317 16:13", "A0317 16:13:38", "I0317T16:13:38", "I031716:13:38",
        "20171223 2:5:9", "20171223.22:15:29", "2024_01_15 00:00:00", "2024-01/15 00:00:00", "15_Jan_2024 00:00:00",
        "15/Jan 03:42:18", "15 Jan2024 00:00:00", "2024 Jan 15 2024 00:00:00"}) {
    EXPECT_EQ(time_of(text), "none") << text;
  }
  EXPECT_EQ(time_of("20171223-2:5:9"), "2017-12-23T02:05:09Z");
}

TEST(TimeFormats, NamesAreShortOrFull) {
  for (const std::string day : {"Mon", "Monday", "TUE", "tuesday", "Wed", "Wednesday", "Thu", "Thursday", "Fri",
                                "Friday", "Sat", "Saturday", "Sun", "Sunday"}) {
    EXPECT_EQ(time_of(day + " Jan 15 03:42:18 2024"), "2024-01-15T03:42:18Z") << day;
    EXPECT_EQ(time_of(day + ", 15 Jan 2024 03:42:18"), "2024-01-15T03:42:18Z") << day;
    EXPECT_EQ(time_of(day + "s Jan 15 03:42:18 2024"), "none") << day;
  }
  for (const char* text : {"Sept 15 03:42:18", "Janu 15 03:42:18", "Septembers 15 03:42:18", "Ja 15 03:42:18",
                           "Jan_ 15 03:42:18", "Foo 15 03:42:18", "Jan15 03:42:18", "Jan 155 03:42:18",
                           "Jan 15,03:42:18", "Sun, 15/Jan/2024 03:42:18", "Sun, 155 Jan 2024 03:42:18"}) {
    EXPECT_EQ(time_of(text), "none") << text;
  }
}

TEST(EpochNumber, UnitsChangeWhereYearsWouldBeAbsurd) {
  const auto read = [](double value) {
    Micros time = -1;
    return epoch_from_number(value, time) ? format_rfc3339(time) : std::string("none");
  };
  EXPECT_EQ(read(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(read(7'289'654'399.0), "2200-12-31T23:59:59Z");
  EXPECT_EQ(read(99'999'999'999.0), "none") << "seconds of the year 5138";
  EXPECT_EQ(read(1e11), "1973-03-03T09:46:40Z") << "milliseconds from here on";
  EXPECT_EQ(read(1e14), "1973-03-03T09:46:40Z") << "microseconds";
  EXPECT_EQ(read(1e17), "1973-03-03T09:46:40Z") << "nanoseconds";
  EXPECT_EQ(read(7'289'654'399'999.0), "2200-12-31T23:59:59.999Z");
  EXPECT_EQ(read(7'289'654'400'000.0), "none");
  EXPECT_EQ(read(1e19), "none");
  EXPECT_EQ(read(-0.001), "none");
}

}  // namespace
}  // namespace logdetect
