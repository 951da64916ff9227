#include "logdetect/lexis/timestamp.h"

#include <gmock/gmock.h>
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

struct Known {
  std::string_view text;
  std::string_view time;  // RFC 3339
  std::size_t length;
  std::string_view flags = {};  // z: has a zone, y: year missing, d: date missing
};

std::string flags_of(const ParsedTime& parsed) {
  return std::string(parsed.has_zone ? "z" : "") + (parsed.year_missing ? "y" : "") + (parsed.date_missing ? "d" : "");
}

class KnownTimestamp : public testing::TestWithParam<Known> {};

TEST_P(KnownTimestamp, IsRead) {
  const Known& known = GetParam();
  ParsedTime parsed;
  ASSERT_TRUE(parse_timestamp(known.text, parsed)) << known.text;
  EXPECT_EQ(format_rfc3339(parsed.time), known.time) << known.text;
  EXPECT_EQ(parsed.length, known.length) << known.text;
  EXPECT_EQ(flags_of(parsed), known.flags) << known.text;
}

INSTANTIATE_TEST_SUITE_P(Iso, KnownTimestamp,
                         testing::ValuesIn(std::to_array<Known>({
                             {"2024-01-15T03:42:18Z x", "2024-01-15T03:42:18Z", 20, "z"},
                             {"2024-01-15t03:42:18z", "2024-01-15T03:42:18Z", 20, "z"},
                             {"2024-01-15 03:42:18 x", "2024-01-15T03:42:18Z", 19},
                             {"2024-01-15 03:42 x", "2024-01-15T03:42:00Z", 16},
                             {"2024-01-15T03:42:18.123456789Z", "2024-01-15T03:42:18.123456Z", 30, "z"},
                             {"2024-01-15 03:42:18,747 - INFO", "2024-01-15T03:42:18.747Z", 23},
                             {"2024-01-15 03:42:18, Info", "2024-01-15T03:42:18Z", 19},
                             {"2024-01-15T03:42:18+05:30", "2024-01-14T22:12:18Z", 25, "z"},
                             {"2024-01-15T03:42:18-0800 x", "2024-01-15T11:42:18Z", 24, "z"},
                             {"2024-01-15 03:42:18.5-07 x", "2024-01-15T10:42:18.500Z", 24, "z"},
                             {"2024-01-15 03:42:18 +0200] x", "2024-01-15T01:42:18Z", 25, "z"},
                             {"2024-01-15 03:42:18 +2 x", "2024-01-15T03:42:18Z", 19},
                             {"2024-01-15 03:42:18.123 UTC [77]", "2024-01-15T03:42:18.123Z", 27, "z"},
                             {"2024-07-15 03:42:18 CEST [77]", "2024-07-15T01:42:18Z", 24, "z"},
                             {"2024-01-15 03:42:18 INFO x", "2024-01-15T03:42:18Z", 19},
                             {"2024/01/15 03:42:18 [error]", "2024-01-15T03:42:18Z", 19},
                             {"2024-1-5 3:42:18", "2024-01-05T03:42:18Z", 16},
                             {"2024-01-15", "2024-01-15T00:00:00Z", 10},
                             {"2005.11.09 dn228", "2005-11-09T00:00:00Z", 10},
                             {"2024-01-15: text", "2024-01-15T00:00:00Z", 10},
                             {"2024-01-15 5 items", "2024-01-15T00:00:00Z", 10},
                             {"2005-06-03-15.42.50.675872 R0", "2005-06-03T15:42:50.675872Z", 26},
                             {"2024-01-15_03:42:18", "2024-01-15T03:42:18Z", 19},
                             {"2024-01-15\t03:42:18\tx", "2024-01-15T03:42:18Z", 19},
                             {"2024 Jan 15 03:42:18", "2024-01-15T03:42:18Z", 20},
                             {"20240115T034218Z", "2024-01-15T03:42:18Z", 16, "z"},
                             {"20240115T034218.25 x", "2024-01-15T03:42:18.250Z", 18},
                             {"20240115 03:42:18.1", "2024-01-15T03:42:18.100Z", 19},
                             {"20240115034218 x", "2024-01-15T03:42:18Z", 14},
                         })));

INSTANTIATE_TEST_SUITE_P(Named, KnownTimestamp,
                         testing::ValuesIn(std::to_array<Known>({
                             {"Jun 14 15:16:01 combo", "1970-06-14T15:16:01Z", 15, "y"},
                             {"Jul  1 09:00:55 host", "1970-07-01T09:00:55Z", 15, "y"},
                             {"Nov 9 12:01:01 x", "1970-11-09T12:01:01Z", 14, "y"},
                             {"Feb 29 00:00:00 x", "1972-02-29T00:00:00Z", 15, "y"},
                             {"Jan 15 03:42:18.123 x", "1970-01-15T03:42:18.123Z", 19, "y"},
                             {"Jan 15 2024 03:42:18: %ASA", "2024-01-15T03:42:18Z", 20},
                             {"Jan 15, 2024 3:42:18 AM x", "2024-01-15T03:42:18Z", 23},
                             {"January 15, 2024 12:42:18 PM", "2024-01-15T12:42:18Z", 28},
                             {"Jan 15, 2024, 12:42:18 am", "2024-01-15T00:42:18Z", 25},
                             {"Jun 14 15:16:01 2005 packets", "1970-06-14T15:16:01Z", 15, "y"},
                             {"Sun Dec 04 04:47:44 2005] x", "2005-12-04T04:47:44Z", 24},
                             {"Sun Dec  4 04:47:44.123456 2005]", "2005-12-04T04:47:44.123456Z", 31},
                             {"Mon Jan 15 03:42:18 UTC 2024", "2024-01-15T03:42:18Z", 28, "z"},
                             {"Mon, 15 Jan 2024 03:42:18 GMT", "2024-01-15T03:42:18Z", 29, "z"},
                             {"Mon, 15 Jan 2024 03:42:18 +0100", "2024-01-15T02:42:18Z", 31, "z"},
                             {"Monday, 15-Jan-2024 03:42:18 GMT", "2024-01-15T03:42:18Z", 32, "z"},
                             {"15/Jan/2024:03:42:18 +0000] \"GET", "2024-01-15T03:42:18Z", 26, "z"},
                             {"15-Jan-2024 03:42:18.123 x", "2024-01-15T03:42:18.123Z", 24},
                             {"15 Jan 2024 03:42:18.123 *", "2024-01-15T03:42:18.123Z", 24},
                             {"15 Jan 03:42:18.123 * x", "1970-01-15T03:42:18.123Z", 19, "y"},
                             {"I0102 15:04:05.678901 12 f.cc:1]", "1970-01-02T15:04:05.678901Z", 21, "y"},
                             {"E20240102 15:04:05.678901 1 f", "2024-01-02T15:04:05.678901Z", 25},
                         })));

INSTANTIATE_TEST_SUITE_P(Numeric, KnownTimestamp,
                         testing::ValuesIn(std::to_array<Known>({
                             {"1705290138 x", "2024-01-15T03:42:18Z", 10, "z"},
                             {"1705290138.250 x", "2024-01-15T03:42:18.250Z", 14, "z"},
                             {"1705290138250", "2024-01-15T03:42:18.250Z", 13, "z"},
                             {"1705290138250001", "2024-01-15T03:42:18.250001Z", 16, "z"},
                             {"1705290138250001999", "2024-01-15T03:42:18.250001Z", 19, "z"},
                             {"7289654399", "2200-12-31T23:59:59Z", 10, "z"},
                             {"081109 203530 147", "2008-11-09T20:35:30Z", 13},
                             {"240115  3:42:18 x", "2024-01-15T03:42:18Z", 15},
                             {"17/06/09 20:10:40 INFO", "2017-06-09T20:10:40Z", 17},
                             {"12/31/24 20:10:40 INFO", "2024-12-31T20:10:40Z", 17},
                             {"06/17/2024 20:10:40", "2024-06-17T20:10:40Z", 19},
                             {"17/06/2024 20:10:40", "2024-06-17T20:10:40Z", 19},
                             {"05/06/2024 20:10:40", "2024-05-06T20:10:40Z", 19},
                             {"1/15/2024, 3:42:18 PM", "2024-01-15T15:42:18Z", 21},
                             {"15.01.2024 03:42:18", "2024-01-15T03:42:18Z", 19},
                             {"05-06-2024 03:42:18", "2024-06-05T03:42:18Z", 19},
                             {"03-17 16:13:38.811  1702", "1970-03-17T16:13:38.811Z", 18, "y"},
                             {"10.30 16:49:06] chrome", "1970-10-30T16:49:06Z", 14, "y"},
                             {"20171223-22:15:29:606|Step", "2017-12-23T22:15:29.606Z", 21},
                             {"20171223-2:5:9:6|Step", "2017-12-23T02:05:09.006Z", 16},
                             {"19:38:52.053 INFO", "1970-01-01T19:38:52.053Z", 12, "d"},
                             {"7:05 PM x", "1970-01-01T19:05:00Z", 7, "d"},
                             {"16:13:38: x", "1970-01-01T16:13:38Z", 8, "d"},
                         })));

INSTANTIATE_TEST_SUITE_P(Edges, KnownTimestamp,
                         testing::ValuesIn(std::to_array<Known>({
                             {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z", 20, "z"},
                             {"2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.999999Z", 22, "z"},
                             {"2024-01-15T24:00:00", "2024-01-16T00:00:00Z", 19},
                             {"2200-12-31 23:59:59", "2200-12-31T23:59:59Z", 19},
                             {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 20, "z"},
                             {"1970-01-01T00:00:00+02:00", "1969-12-31T22:00:00Z", 25, "z"},
                             {"2000-02-29 12:00:00", "2000-02-29T12:00:00Z", 19},
                             {"2024-02-29 12:00:00", "2024-02-29T12:00:00Z", 19},
                             {"12:00 AM", "1970-01-01T00:00:00Z", 8, "d"},
                             {"12:00 PM", "1970-01-01T12:00:00Z", 8, "d"},
                             {"2024-01-15 10:42:18 PMA", "2024-01-15T10:42:18Z", 19},
                         })));

TEST(Timestamp, RefusesWhatIsNone) {
  const auto none = std::to_array<std::string_view>({
      "",
      " ",
      "x",
      "-",
      "2",
      "20",
      "2024",
      "2024-",
      "2024-01",
      "2024-01-",
      "2024-13-01 00:00:00",
      "2024-00-10",
      "2024-02-30 00:00:00",
      "2023-02-29 12:00:00",
      "1900-02-29 12:00:00",
      "1969-12-31 23:59:59",
      "2201-01-01",
      "2024-01-15T25:00:00",
      "2024-01-15T24:00:01",
      "2024-01-15T03:60:00",
      "2024-01-15T03:42:61",
      "2024-01-15Tfoo",
      "2024-01-15x",
      "2024-01-15-x",
      "2024-01-15.77",
      "99999-01-01 00:00:00",
      "0000-01-01 00:00:00",
      "7289654400",
      "9999999999",
      "12345678901",
      "1705290138abc",
      "1705290138-77",
      "1705290138.5.7",
      "10.251.214.130:50010",
      "10.20.30.40",
      "192.168.0.1 03:42:18",
      "00:11:22:33:44:55",
      "12:34:56abc",
      "12:34.5",
      "13:00 PM",
      "0:30 AM",
      "24:61",
      "fe80::1",
      "Jun",
      "Jun 14",
      "Jun 32 15:16:01",
      "June bug 15:16:01",
      "Juno 14 15:16:01",
      "Sunday",
      "Sun Dec",
      "Mark 14 15:16:01",
      "May 5 things",
      "I0102",
      "I0102 15:04",
      "X0102 15:04:05",
      "I01021 15:04:05",
      "081109",
      "081309 203530",
      "081109 2035301",

      "03-17",
      "03-17 16:13",
      "13-17 16:13:38",
      "20171223",
      "20171323-22:15:29",
      "15/Foo/2024:03:42:18",
      "15/Jan/2024",
      "15/Jan/2024 x",
      "-1705290138",
  });
  for (const std::string_view text : none) {
    ParsedTime parsed;
    EXPECT_FALSE(parse_timestamp(text, parsed)) << text << " gave " << format_rfc3339(parsed.time);
    EXPECT_EQ(parsed.length, 0U) << text;
  }
}

TEST(Timestamp, EveryPrefixOfAGoodOneIsHandled) {
  for (const std::string_view text : {"2024-01-15T03:42:18.123456+05:30 x", "Sun Dec  4 04:47:44.123456 UTC 2005 x",
                                      "15/Jan/2024:03:42:18 +0000", "I0102 15:04:05.678901", "1705290138.250"}) {
    for (std::size_t n = 0; n <= text.size(); ++n) {
      const std::string exact(text.substr(0, n));  // its own allocation, so that a read past the end is seen
      ParsedTime parsed;
      if (parse_timestamp(exact, parsed)) {
        EXPECT_LE(parsed.length, n);
      }
    }
  }
}

TEST(Timestamp, DayFirstIsAHint) {
  TimeReader day_first(true);
  ParsedTime parsed;
  TimeDetails details;
  ASSERT_TRUE(day_first.read("05/06/2024 20:10:40", parsed, details));
  EXPECT_EQ(format_rfc3339(parsed.time), "2024-06-05T20:10:40Z");
  ASSERT_TRUE(day_first.read("05/16/2024 20:10:40", parsed, details));
  EXPECT_EQ(format_rfc3339(parsed.time), "2024-05-16T20:10:40Z");
  EXPECT_TRUE(details.second_over_12);
}

TEST(Timestamp, RememberedDateIsNotUsedForAnother) {
  TimeReader reader;
  ParsedTime parsed;
  TimeDetails details;
  ASSERT_TRUE(reader.read("2024-02-29 10:00:00", parsed, details));
  ASSERT_TRUE(reader.read("2024-03-01 10:00:00", parsed, details));
  EXPECT_EQ(format_rfc3339(parsed.time), "2024-03-01T10:00:00Z");
  EXPECT_FALSE(reader.read("2023-02-29 10:00:00", parsed, details));
  ASSERT_TRUE(reader.read("2024-03-01 11:00:00", parsed, details));
  EXPECT_EQ(format_rfc3339(parsed.time), "2024-03-01T11:00:00Z");
}

// Differential: random times written by strftime, read by us, against timegm.
TEST(Timestamp, AgreesWithTheCLibrary) {
  const auto formats = std::to_array<const char*>({"%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%d/%b/%Y:%H:%M:%S +0000",
                                                   "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT", "%Y%m%d%H%M%S",
                                                   "%Y%m%dT%H%M%S", "%Y-%m-%d-%H.%M.%S", "%m/%d/%Y %I:%M:%S %p",
                                                   "%B %d, %Y %I:%M:%S %p", "%Y.%m.%d %H:%M:%S"});
  Rng rng(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto seconds = static_cast<std::time_t>(rng.next() % 7'289'654'400ULL);
    std::tm fields{};
    ASSERT_NE(gmtime_r(&seconds, &fields), nullptr);
    ASSERT_EQ(timegm(&fields), seconds);
    const char* format = formats[static_cast<std::size_t>(i) % formats.size()];
    char text[64] = {};
    ASSERT_GT(std::strftime(text, sizeof text, format, &fields), 0U);
    ParsedTime parsed;
    ASSERT_TRUE(parse_timestamp(text, parsed)) << text;
    EXPECT_EQ(parsed.time, static_cast<Micros>(seconds) * kMicrosPerSecond) << text;
    EXPECT_EQ(parsed.length, std::string_view(text).size()) << text;
  }
}

TEST(Timestamp, NoiseNeverLeavesTheText) {
  constexpr std::string_view kAlphabet = "0123456789-:./, TZ+JanSun[]APM\t";
  Rng rng(11);
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    const std::size_t n = rng.next() % 32;
    for (std::size_t k = 0; k < n; ++k) {
      text += kAlphabet[rng.next() % kAlphabet.size()];
    }
    ParsedTime parsed;
    if (parse_timestamp(text, parsed)) {
      EXPECT_GT(parsed.length, 0U);
      EXPECT_LE(parsed.length, text.size());
      EXPECT_GE(parsed.time, -2 * kMicrosPerDay) << text;
      EXPECT_LT(parsed.time, 7'289'827'200 * kMicrosPerSecond) << text;
    }
  }
}

TEST(EpochNumber, GoesBySize) {
  Micros time = 0;
  ASSERT_TRUE(epoch_from_number(1705290138.25, time));
  EXPECT_EQ(time, 1'705'290'138'250'000);
  ASSERT_TRUE(epoch_from_number(1705290138250.0, time));
  EXPECT_EQ(time, 1'705'290'138'250'000);
  ASSERT_TRUE(epoch_from_number(1705290138250000.0, time));
  EXPECT_EQ(time, 1'705'290'138'250'000);
  ASSERT_TRUE(epoch_from_number(1705290138250000000.0, time));
  EXPECT_NEAR(static_cast<double>(time), 1705290138250000.0, 1.0);
  EXPECT_FALSE(epoch_from_number(-1, time));
  EXPECT_FALSE(epoch_from_number(7'289'654'400.0, time));
  EXPECT_FALSE(epoch_from_number(1e300, time));
  EXPECT_FALSE(epoch_from_number(std::numeric_limits<double>::quiet_NaN(), time));
}

TEST(TimeArgument, ReadsTimesAndSpans) {
  const auto read = [](std::string_view text) {
    Micros out = 0;
    return parse_time_argument(text, 1'705'290'138 * kMicrosPerSecond, out) ? format_rfc3339(out) : std::string("none");
  };
  EXPECT_EQ(read("2024-01-15T03:42:18+01:00"), "2024-01-15T02:42:18Z");
  EXPECT_EQ(read("2024-01-15"), "2024-01-15T00:00:00Z");
  EXPECT_EQ(read("2024-01-15 03:42"), "2024-01-15T03:42:00Z");
  EXPECT_EQ(read("2024-01-15 03:42:05"), "2024-01-15T03:42:05Z");
  EXPECT_EQ(read("now"), "2024-01-15T03:42:18Z");
  EXPECT_EQ(read("15m"), "2024-01-15T03:27:18Z");
  EXPECT_EQ(read("2h"), "2024-01-15T01:42:18Z");
  EXPECT_EQ(read("3d"), "2024-01-12T03:42:18Z");
  EXPECT_EQ(read("30 min ago"), "2024-01-15T03:12:18Z");
  EXPECT_EQ(read(" 1 week ago "), "2024-01-08T03:42:18Z");
  for (const std::string_view bad : {"", "15", "m", "15 parsecs", "15m later", "2024", "2024-01-15x", "2024-13-15",
                                     "Jan 15 03:42:18", "9999999999999999999d", "-5m"}) {
    EXPECT_EQ(read(bad), "none") << bad;
  }
}

}  // namespace
}  // namespace logdetect
