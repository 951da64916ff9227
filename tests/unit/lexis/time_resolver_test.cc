#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <string>

#include "logdetect/base/file.h"
#include "logdetect/base/rng.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

Micros at(std::string_view text) {
  ParsedTime parsed;
  EXPECT_TRUE(parse_timestamp(text, parsed)) << text;
  return parsed.time;
}

std::string resolve(TimeResolver& resolver, std::string_view text) {
  ParsedTime parsed;
  EXPECT_TRUE(parse_timestamp(text, parsed)) << text;
  return format_rfc3339(resolver.resolve(parsed));
}

/// "Jan 10 00:00:00": without a year.
std::string syslog_text(Micros midnight) {
  using namespace std::chrono;  // NOLINT(google-build-using-namespace)
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const year_month_day date(floor<days>(sys_time<microseconds>(microseconds(midnight))));
  const std::string month(kMonths.substr(3 * (static_cast<unsigned>(date.month()) - 1), 3));
  return month + ' ' + std::to_string(static_cast<unsigned>(date.day())) + " 00:00:00";
}

bool has_zone_files() {
  return read_file("/usr/share/zoneinfo/Europe/Berlin", 1 << 20, ErrorCode::kInput).ok();
}

TEST(TimeResolver, YearsRollOverBothWays) {
  TimeResolver resolver("UTC", at("2024-01-02 00:00:00"));
  EXPECT_EQ(resolve(resolver, "Dec 31 23:59:58"), "2023-12-31T23:59:58Z");
  EXPECT_EQ(resolve(resolver, "Jan  1 00:00:01"), "2024-01-01T00:00:01Z");
  EXPECT_EQ(resolve(resolver, "Dec 31 23:59:59"), "2023-12-31T23:59:59Z");  // out of order across the year
  EXPECT_EQ(resolve(resolver, "Jan  1 00:00:02"), "2024-01-01T00:00:02Z");
}

TEST(TimeResolver, FirstYearIsTheLastThatIsNotInTheFuture) {
  TimeResolver resolver("UTC", at("2024-01-02 00:00:00"));
  EXPECT_EQ(resolve(resolver, "Jul 20 10:00:00"), "2023-07-20T10:00:00Z");
  resolver.set_reference(at("2024-01-02 00:00:00"));
  EXPECT_EQ(resolve(resolver, "Jun 25 10:00:00"), "2023-06-25T10:00:00Z");  // nearer to June 2024, but that is to come
  resolver.set_reference(at("2023-12-31 23:59:00"));
  EXPECT_EQ(resolve(resolver, "Jan  1 00:00:30"), "2024-01-01T00:00:30Z");  // a clock a little ahead
}

TEST(TimeResolver, ALogOfSeveralYearsStaysInOrder) {
  TimeResolver resolver("UTC", at("2021-02-01 00:00:00"));
  Micros previous = 0;
  int years = 0;
  for (int day = 0; day < 1200; day += 20) {
    const Micros meant = at("2021-01-10") + day * kMicrosPerDay;
    ParsedTime parsed;
    ASSERT_TRUE(parse_timestamp(syslog_text(meant), parsed));
    const Micros time = resolver.resolve(parsed);
    EXPECT_EQ(time, meant);
    years += day > 0 && format_rfc3339(time).substr(0, 4) != format_rfc3339(previous).substr(0, 4) ? 1 : 0;
    EXPECT_GT(time, previous);
    previous = time;
  }
  EXPECT_EQ(years, 3);
}

TEST(TimeResolver, LeapDayFindsALeapYear) {
  TimeResolver resolver("UTC", at("2026-05-01 00:00:00"));
  EXPECT_EQ(resolve(resolver, "Feb 29 12:00:00"), "2024-02-29T12:00:00Z");
}

TEST(TimeResolver, ClockAloneRollsOverMidnight) {
  TimeResolver resolver("UTC", at("2024-03-05 20:00:00"));
  EXPECT_EQ(resolve(resolver, "05:00:00"), "2024-03-05T05:00:00Z");
  EXPECT_EQ(resolve(resolver, "16:59:00"), "2024-03-05T16:59:00Z");
  EXPECT_EQ(resolve(resolver, "23:59:59"), "2024-03-05T23:59:59Z");
  EXPECT_EQ(resolve(resolver, "00:00:01"), "2024-03-06T00:00:01Z");
  EXPECT_EQ(resolve(resolver, "23:59:58"), "2024-03-05T23:59:58Z");
}

TEST(TimeResolver, FixedOffsets) {
  TimeResolver east("+05:30");
  EXPECT_EQ(resolve(east, "2024-01-15 03:42:18"), "2024-01-14T22:12:18Z");
  TimeResolver west("-0800");
  EXPECT_EQ(resolve(west, "2024-01-15 03:42:18"), "2024-01-15T11:42:18Z");
  EXPECT_EQ(resolve(west, "2024-01-15T03:42:18Z"), "2024-01-15T03:42:18Z");  // a zone in the text wins
}

TEST(TimeResolver, UnknownZonesAreUtc) {
  for (const std::string_view name : {"Nowhere/Atlantis", "../../etc/passwd", "/etc/passwd", "+25:99", "a\nb", ""}) {
    TimeResolver resolver(name);
    EXPECT_EQ(resolve(resolver, "2024-01-15 03:42:18"), "2024-01-15T03:42:18Z") << name;
  }
}

TEST(TimeResolver, BerlinGapAndOverlap) {
  if (!has_zone_files()) {
    GTEST_SKIP() << "no tzdata here";
  }
  TimeResolver resolver("Europe/Berlin");
  EXPECT_EQ(resolve(resolver, "2024-01-15 12:00:00"), "2024-01-15T11:00:00Z");
  EXPECT_EQ(resolve(resolver, "2024-07-15 12:00:00"), "2024-07-15T10:00:00Z");
  EXPECT_EQ(resolve(resolver, "2024-03-31 01:59:59"), "2024-03-31T00:59:59Z");
  EXPECT_EQ(resolve(resolver, "2024-03-31 02:30:00.5"), "2024-03-31T01:00:00Z");  // skipped: the moment of the change
  EXPECT_EQ(resolve(resolver, "2024-03-31 03:00:00"), "2024-03-31T01:00:00Z");
  EXPECT_EQ(resolve(resolver, "2024-10-27 01:59:59"), "2024-10-26T23:59:59Z");
  EXPECT_EQ(resolve(resolver, "2024-10-27 02:30:00.5"), "2024-10-27T00:30:00.500Z");  // twice: the earlier one
  EXPECT_EQ(resolve(resolver, "2024-10-27 03:00:00"), "2024-10-27T02:00:00Z");
  EXPECT_EQ(resolve(resolver, "2150-07-15 12:00:00"), "2150-07-15T10:00:00Z");  // by the rule in the footer
}

TEST(TimeResolver, AWeekAheadOfTheReferenceIsStillItsYear) {
  TimeResolver resolver("UTC", at("2024-01-02 00:00:00"));
  EXPECT_EQ(resolve(resolver, "Jan  9 00:00:00"), "2024-01-09T00:00:00Z");
  resolver.set_reference(at("2024-01-02 00:00:00"));
  EXPECT_EQ(resolve(resolver, "Jan  9 00:00:01"), "2023-01-09T00:00:01Z");
}

TEST(TimeResolver, YearsAreThoseOfTimestamps) {
  TimeResolver early("UTC", 0);
  EXPECT_EQ(resolve(early, "Dec 31 10:00:00"), "1970-12-31T10:00:00Z");
  TimeResolver late("UTC", std::numeric_limits<Micros>::max() / 2);
  EXPECT_EQ(resolve(late, "Jan  1 10:00:00"), "2200-01-01T10:00:00Z");
  TimeResolver last("UTC", at("2200-12-31 20:00:00"));
  EXPECT_EQ(resolve(last, "Dec 31 10:00:00"), "2200-12-31T10:00:00Z");
}

TEST(TimeResolver, ALeapDayIsFoundAcrossACommonCentury) {
  TimeResolver before("UTC", at("2103-05-01 00:00:00"));
  EXPECT_EQ(resolve(before, "Feb 29 12:00:00"), "2096-02-29T12:00:00Z");
  TimeResolver nearest("UTC");
  resolve(nearest, "2103-01-01 00:00:00");
  EXPECT_EQ(resolve(nearest, "Feb 29 12:00:00"), "2104-02-29T12:00:00Z");
  TimeResolver reach("UTC", at("2104-02-01 00:00:00"));
  EXPECT_EQ(resolve(reach, "Feb 29 12:00:00"), "2096-02-29T12:00:00Z");
}

// Against a walk over all years.
TEST(TimeResolver, AYearPutsTheTimeNearestToTheEventBefore) {
  Rng rng(9);
  for (int round = 0; round < 3000; ++round) {
    const Micros before = at("1972-01-01") + static_cast<Micros>(rng.below(220 * 365)) * kMicrosPerDay;
    const std::string text = syslog_text(at("1972-01-01") + static_cast<Micros>(rng.below(366)) * kMicrosPerDay);
    ParsedTime absolute;
    absolute.time = before;
    absolute.has_zone = true;
    ParsedTime parsed;
    ASSERT_TRUE(parse_timestamp(text, parsed));
    Micros nearest = std::numeric_limits<Micros>::max();
    for (int year = 1970; year <= 2200; ++year) {
      ParsedTime moved;
      if (parse_timestamp(text.substr(0, text.find(' ', 4)) + " " + std::to_string(year) + " 00:00:00", moved)) {
        nearest = std::min(nearest, std::abs(moved.time - before));
      }
    }
    TimeResolver resolver("UTC");
    resolver.resolve(absolute);
    ASSERT_EQ(std::abs(resolver.resolve(parsed) - before), nearest) << text << " near " << format_rfc3339(before);
  }
}

TEST(TimeResolver, AClockIsWithinHalfADayOfTheEventBefore) {
  const auto after = [](std::string_view before, std::string_view clock) {
    TimeResolver resolver("UTC");
    resolve(resolver, before);
    return resolve(resolver, clock);
  };
  EXPECT_EQ(after("2024-03-05 00:00:00", "12:00:00"), "2024-03-05T12:00:00Z");
  EXPECT_EQ(after("2024-03-05 00:00:00", "12:00:01"), "2024-03-04T12:00:01Z");
  EXPECT_EQ(after("2024-03-05 12:00:00", "00:00:00"), "2024-03-05T00:00:00Z");
  EXPECT_EQ(after("2024-03-05 12:00:01", "00:00:00"), "2024-03-06T00:00:00Z");
}

TEST(TimeResolver, ANewFileKnowsNoEventBefore) {
  TimeResolver resolver("UTC", at("2024-03-05 20:00:00"));
  resolve(resolver, "2024-03-09 23:59:59");
  resolver.set_reference(at("2024-03-05 20:00:00"));
  EXPECT_EQ(resolve(resolver, "00:00:01"), "2024-03-05T00:00:01Z");
}

TEST(TimeResolver, ADateIsThatOfTheZone) {
  TimeResolver resolver("+05:30", at("2024-03-05T20:00:00Z"));  // 01:30 of the 6th there
  EXPECT_EQ(resolve(resolver, "01:00:00"), "2024-03-05T19:30:00Z");
  EXPECT_EQ(resolve(resolver, "02:00:00.25"), "2024-03-05T20:30:00.250Z");
  TimeResolver year("-10:00", at("2024-01-01T05:00:00Z"));  // 31 December there
  EXPECT_EQ(resolve(year, "Dec 31 19:00:00"), "2024-01-01T05:00:00Z");
  TimeResolver zone("+05:30", at("2024-03-05T20:00:00Z"));
  EXPECT_EQ(resolve(zone, "01:00:00Z"), "2024-03-05T01:00:00Z") << "a zone in the text: its day";
}

}  // namespace
}  // namespace logdetect
