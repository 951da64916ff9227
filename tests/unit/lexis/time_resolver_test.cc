#include <gtest/gtest.h>

#include <string>

#include "lexis/civil.h"
#include "lexis/posix_zone.h"
#include "lexis/time_zone.h"
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
    const CivilDate date = civil_from_days(days_from_civil({2021, 1, 10}) + day);
    ParsedTime parsed;
    parsed.time =
        days_from_civil({1970, date.month, date.month == 2 && date.day == 29 ? 28 : date.day}) * kMicrosPerDay;
    parsed.year_missing = true;
    const Micros time = resolver.resolve(parsed);
    years += day > 0 && civil_from_days(time / kMicrosPerDay).year != civil_from_days(previous / kMicrosPerDay).year;
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

// Invariant: wherever local time is not skipped, going to UTC and back gives it again; UTC never runs backwards but
// where clocks did.
TEST(TimeZone, RoundTripsInEveryZoneTried) {
  if (!has_zone_files()) {
    GTEST_SKIP() << "no tzdata here";
  }
  Rng rng(3);
  for (const std::string_view name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
                                      "Africa/Casablanca", "Pacific/Apia", "America/St_Johns"}) {
    const auto zone = find_time_zone(name);
    int skipped = 0;
    for (int i = 0; i < 20'000; ++i) {
      const auto local = static_cast<std::int64_t>(rng.next() % 7'200'000'000ULL);
      const std::int64_t utc = zone->to_utc(local);
      skipped += utc + zone->offset_at(utc) != local ? 1 : 0;
      const TimeZone::LocalSpan span = zone->span_around(local);
      if (local >= span.begin && local < span.end) {
        EXPECT_EQ(local - span.offset, utc) << name << ' ' << local;
      }
    }
    EXPECT_LT(skipped, 20) << name;  // about an hour (or a day, once) a year
  }
}

std::string tzif_header(char version, unsigned transitions, unsigned types, unsigned characters) {
  std::string bytes = "TZif";
  bytes += version;
  bytes.append(15, '\0');
  const auto put = [&bytes](unsigned value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes += static_cast<char>((value >> shift) & 0xFF);
    }
  };
  for (const unsigned value : {0U, 0U, 0U, transitions, types, characters}) {
    put(value);
  }
  return bytes;
}

TEST(TimeZone, RefusesBrokenFiles) {
  const std::string type("\0\0\x0E\x10\0\0", 6);
  EXPECT_TRUE(TimeZone::from_tzif(tzif_header('\0', 0, 1, 0) + type).ok());
  EXPECT_EQ(TimeZone::from_tzif(tzif_header('\0', 0, 1, 0) + type)->offset_at(0), 3600);
  EXPECT_FALSE(TimeZone::from_tzif("").ok());
  EXPECT_FALSE(TimeZone::from_tzif("TZif2").ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif_header('\0', 0, 0, 0)).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif_header('\0', 0xFFFFFFFF, 1, 0xFFFFFFFF) + type).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif_header('2', 0, 1, 0) + type).ok());
  // a transition to a type that does not exist
  EXPECT_FALSE(TimeZone::from_tzif(tzif_header('\0', 1, 1, 0) + std::string("\0\0\0\0\x07", 5) + type).ok());
  // an offset of years
  EXPECT_FALSE(TimeZone::from_tzif(tzif_header('\0', 0, 1, 0) + std::string("\x7F\xFF\xFF\xFF\0\0", 6)).ok());
}

TEST(TimeZone, EveryTruncationOfARealFileIsHandled) {
  const auto bytes = read_file("/usr/share/zoneinfo/Europe/Berlin", 1 << 20, ErrorCode::kInput);
  if (!bytes.ok()) {
    GTEST_SKIP() << "no tzdata here";
  }
  int good = 0;
  for (std::size_t n = 0; n < bytes->size(); ++n) {
    good += TimeZone::from_tzif(std::string(bytes->substr(0, n))).ok() ? 1 : 0;
  }
  EXPECT_LT(good, 64);  // only those that merely lack the end of the footer
}

TEST(PosixZone, KnownRules) {
  const auto berlin = parse_posix_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(berlin.has_value());
  EXPECT_EQ(berlin->standard_offset, 3600);
  EXPECT_EQ(berlin->summer_offset, 7200);
  EXPECT_EQ(berlin->summer_begins.local_time_in(2024) * kMicrosPerSecond, at("2024-03-31 02:00:00"));
  EXPECT_EQ(berlin->summer_ends.local_time_in(2024) * kMicrosPerSecond, at("2024-10-27 03:00:00"));
  const auto tehran = parse_posix_zone("<+0330>-3:30");
  ASSERT_TRUE(tehran.has_value());
  EXPECT_EQ(tehran->standard_offset, 12'600);
  EXPECT_FALSE(tehran->has_summer);
  const auto julian = parse_posix_zone("AAA3BBB,J60/0,300/-1:30");
  ASSERT_TRUE(julian.has_value());
  EXPECT_EQ(julian->summer_begins.local_time_in(2024) * kMicrosPerSecond, at("2024-03-01 00:00:00"));
  EXPECT_EQ(julian->summer_begins.local_time_in(2023) * kMicrosPerSecond, at("2023-03-01 00:00:00"));
  for (const std::string_view bad : {"", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5", "CET-1CEST,M13.5.0,M10.5.0",
                                     "CET-1CEST,M3.0.0,M10.5.0", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0/3x"}) {
    EXPECT_FALSE(parse_posix_zone(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace logdetect
