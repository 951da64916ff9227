#include "lexis/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "logdetect/base/file.h"
#include "logdetect/base/rng.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/timestamp.h"
#include "unit/lexis/tzif_bytes.h"

namespace logdetect {
namespace {

std::int64_t seconds_at(const std::string& date_and_clock) {
  return parse_rfc3339(date_and_clock + 'Z').value() / kMicrosPerSecond;
}

/// The UTC that a local time names.
std::string utc_of(const TimeZone& zone, const std::string& local) {
  return format_rfc3339(zone.to_utc(seconds_at(local)) * kMicrosPerSecond);
}

bool has_zone_files() {
  return read_file("/usr/share/zoneinfo/Europe/Berlin", 1 << 20, ErrorCode::kInput).ok();
}

/// $TZDIR for the life of a test.
class ZoneDirectory {
 public:
  explicit ZoneDirectory(const std::string& path) { ::setenv("TZDIR", path.c_str(), 1); }
  ~ZoneDirectory() { ::unsetenv("TZDIR"); }
  ZoneDirectory(const ZoneDirectory&) = delete;
  ZoneDirectory& operator=(const ZoneDirectory&) = delete;
};

// Invariants: wherever local time is not skipped, going to UTC and back gives it again; a span holds the time it was
// asked for, and within it, to its edges, UTC is local time less the offset.
TEST(TimeZone, RoundTripsInEveryZoneTried) {
  if (!has_zone_files()) {
    GTEST_SKIP() << "no tzdata here";
  }
  Rng rng(3);
  for (const std::string_view name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
                                      "Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "+05:30", "UTC"}) {
    const auto zone = find_time_zone(name);
    int skipped = 0;
    for (int i = 0; i < 20'000; ++i) {
      const auto local = static_cast<std::int64_t>(rng.next() % 7'200'000'000ULL);
      const std::int64_t utc = zone->to_utc(local);
      const TimeZone::LocalSpan span = zone->span_around(local);
      if (utc + zone->offset_at(utc) != local) {
        ++skipped;
        EXPECT_GE(span.begin, span.end) << name << ' ' << local;
        continue;
      }
      ASSERT_TRUE(local >= span.begin && local < span.end) << name << ' ' << local;
      EXPECT_EQ(local - span.offset_seconds, utc) << name << ' ' << local;
      for (const std::int64_t edge : {span.begin, span.end - 1}) {
        EXPECT_EQ(zone->to_utc(edge), edge - span.offset_seconds) << name << ' ' << edge;
      }
    }
    EXPECT_LT(skipped, 20) << name;  // about an hour (or a day, once) a year
  }
}

TEST(TimeZone, SpansEndWhereClocksChange) {
  const auto zone = TimeZone::from_tzif(tzif::with_rule("CET-1CEST,M3.5.0,M10.5.0/3"));
  ASSERT_TRUE(zone.ok());
  const TimeZone::LocalSpan summer = zone->span_around(seconds_at("2024-07-01T00:00:00"));
  EXPECT_EQ(summer.offset_seconds, 7200);
  EXPECT_EQ(summer.begin, seconds_at("2024-03-31T03:00:00"));  // behind what was skipped
  EXPECT_EQ(summer.end, seconds_at("2024-10-27T03:00:00"));    // with the hour that comes twice
  const TimeZone::LocalSpan winter = zone->span_around(seconds_at("2024-12-01T00:00:00"));
  EXPECT_EQ(winter.offset_seconds, 3600);
  EXPECT_EQ(winter.begin, seconds_at("2024-10-27T03:00:00"));
  EXPECT_EQ(winter.end, seconds_at("2025-03-30T02:00:00"));
  const TimeZone::LocalSpan gap = zone->span_around(seconds_at("2024-03-31T02:30:00"));
  EXPECT_GE(gap.begin, gap.end);
}

TEST(TimeZone, FollowsPosixRules) {
  const auto berlin = TimeZone::from_tzif(tzif::with_rule("CET-1CEST,M3.5.0,M10.5.0/3"));
  ASSERT_TRUE(berlin.ok());
  EXPECT_EQ(utc_of(*berlin, "2024-03-31T01:59:59"), "2024-03-31T00:59:59Z");
  EXPECT_EQ(utc_of(*berlin, "2024-03-31T02:30:00"), "2024-03-31T01:00:00Z");  // skipped: the moment of the change
  EXPECT_EQ(utc_of(*berlin, "2024-10-27T02:30:00"), "2024-10-27T00:30:00Z");  // twice: the earlier one
  EXPECT_EQ(utc_of(*berlin, "2024-10-27T03:00:00"), "2024-10-27T02:00:00Z");
  EXPECT_EQ(utc_of(*berlin, "2200-07-01T00:00:00"), "2200-06-30T22:00:00Z");
  const auto tehran = TimeZone::from_tzif(tzif::with_rule("<+0330>-3:30", 12'600, "+0330"));
  ASSERT_TRUE(tehran.ok());
  EXPECT_EQ(tehran->offset_at(0), 12'600);
  EXPECT_EQ(tehran->offset_at(seconds_at("2150-07-01T00:00:00")), 12'600);
  // Days of the year: J60 is 1 March in every year, 300 counts 29 February.
  const auto julian = TimeZone::from_tzif(tzif::with_rule("AAA3BBB,J60/0,300/-1:30", -10'800, "AAA"));
  ASSERT_TRUE(julian.ok());
  for (const std::string year : {"2023", "2024"}) {
    const std::int64_t change = seconds_at(year + "-03-01T03:00:00");
    EXPECT_EQ(julian->offset_at(change - 1), -10'800) << year;
    EXPECT_EQ(julian->offset_at(change), -7'200) << year;
  }
  EXPECT_EQ(julian->offset_at(seconds_at("2024-10-27T00:29:59")), -7'200);
  EXPECT_EQ(julian->offset_at(seconds_at("2024-10-27T00:30:00")), -10'800);
}

TEST(TimeZone, RefusesBrokenRules) {
  for (const std::string_view bad :
       {"C", "CET", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0/3x"}) {
    EXPECT_FALSE(TimeZone::from_tzif(tzif::with_rule(bad)).ok()) << bad;
  }
}

TEST(TimeZone, RefusesBrokenFiles) {
  const std::string cet = tzif::type(3600, "CET");
  const auto good = TimeZone::from_tzif(tzif::header('\0', 0, 1, 4) + cet);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->offset_at(0), 3600);
  EXPECT_FALSE(TimeZone::from_tzif("").ok());
  EXPECT_FALSE(TimeZone::from_tzif("TZif2").ok());
  EXPECT_FALSE(TimeZone::from_tzif(std::string(44, 'x')).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('\0', 0, 0, 0)).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('2', 0, 1, 4) + cet).ok());  // no second block
  // a change to a type that does not exist
  std::string wrong_type = tzif::header('\0', 1, 1, 4);
  tzif::put(wrong_type, 0, 4);
  EXPECT_FALSE(TimeZone::from_tzif(wrong_type + '\x07' + cet).ok());
  EXPECT_TRUE(TimeZone::from_tzif(wrong_type + '\0' + cet).ok());
  // an offset of years
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('\0', 0, 1, 4) + tzif::type(0x7FFFFFFF, "CET")).ok());
}

// Nothing may be allocated for what a header only promises: these would be gigabytes.
TEST(TimeZone, RefusesCountsBeyondTheFile) {
  const std::string cet = tzif::type(3600, "CET");
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('\0', 0xFFFFFFFF, 1, 0xFFFFFFFF) + cet).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('\0', 0x7FFFFFFF, 1, 4) + cet).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('\0', 0, 0x7FFFFFFF, 4) + cet).ok());
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('\0', 0, 1, 5) + cet).ok());  // one letter too many
  EXPECT_FALSE(TimeZone::from_tzif(tzif::header('2', 0, 1, 4) + cet + tzif::header('2', 0x7FFFFFFF, 1, 4) + cet).ok());
}

TEST(TimeZone, EveryTruncationOfARealFileIsHandled) {
  const auto bytes = read_file("/usr/share/zoneinfo/Europe/Berlin", 1 << 20, ErrorCode::kInput);
  if (!bytes.ok()) {
    GTEST_SKIP() << "no tzdata here";
  }
  EXPECT_TRUE(TimeZone::from_tzif(*bytes).ok());
  for (std::size_t n = 0; n < bytes->size(); ++n) {
    EXPECT_FALSE(TimeZone::from_tzif(std::string_view(*bytes).substr(0, n)).ok()) << n;
  }
}

TEST(TimeZone, AbsentZoneDataIsAnErrorOnlyWhereItIsAskedFor) {
  const ZoneDirectory nowhere("/nonexistent");
  EXPECT_TRUE(check_time_zone("UTC").ok());
  EXPECT_TRUE(check_time_zone("-03:30").ok());
  const auto refused = check_time_zone("Europe/Lisbon");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kConfig);
  EXPECT_EQ(refused.error().message, "no time zone data on this system for 'Europe/Lisbon'");
  EXPECT_EQ(find_time_zone("Europe/Lisbon")->offset_at(1'720'000'000), 0);  // UTC, with a warning
}

TEST(TimeZone, ABlockOfTimesOfThirtyTwoBitsIsSkippedWhateverItsSize) {
  // 300 letters and 257 changes in the block that is not read; what is in it looks like no counts.
  for (const auto& [changes, letters] : {std::pair(0U, 300U), std::pair(257U, 4U)}) {
    std::string bytes = tzif::header('2', changes, 1, letters) + std::string(changes * 5UL, 'x') +
                        std::string("\0\0\x0e\x10\0\0", 6) + std::string(letters - 1, 'x') + '\0';
    bytes += tzif::header('2', 0, 1, 4) + tzif::type(3600, "CET") + "\nCET-1\n";
    EXPECT_TRUE(TimeZone::from_tzif(bytes).ok()) << changes;
    EXPECT_FALSE(TimeZone::from_tzif(std::string_view(bytes).substr(0, bytes.size() - 20)).ok()) << changes;
  }
}

TEST(TimeZone, OffsetsByName) {
  struct Row {
    const char* name;
    std::int32_t seconds;
  };
  for (const Row& row :
       {Row{"+05:30", 19'800}, Row{"-05:30", -19'800}, Row{"+0530", 19'800}, Row{"-08", -28'800}, Row{"+15:59", 57'540},
        Row{"+00", 0}, Row{"UTC", 0}, Row{"utc", 0}, Row{"Z", 0}, Row{"GMT", 0}}) {
    EXPECT_EQ(find_time_zone(row.name)->offset_at(0), row.seconds) << row.name;
    EXPECT_TRUE(check_time_zone(row.name).ok()) << row.name;
  }
  const ZoneDirectory nowhere("/nonexistent");
  for (const char* name : {"+16:00", "+05:60", "+5", "+5:30", "+053", "+05300", "+05:300", "+0:530", "+05-30", "*05:30",
                           "+ab", "+", "-", "+05:3"}) {
    EXPECT_FALSE(check_time_zone(name).ok()) << name;
  }
}

/// A directory of zones of our own, for the life of a test.
class OwnZones : public testing::Test {
 protected:
  OwnZones() : path_(std::filesystem::path(testing::TempDir()) / "logdetect_zones"), directory_(path_.string()) {
    std::filesystem::remove_all(path_);
  }
  ~OwnZones() override { std::filesystem::remove_all(path_); }
  void add(const std::string& name) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << tzif::header('\0', 0, 1, 4) << tzif::type(3600, "CET");
  }
  static std::string hint_for(const std::string& name) {
    const auto checked = check_time_zone(name);
    return checked.ok() ? "known" : checked.error().hint;
  }

  std::filesystem::path path_;
  ZoneDirectory directory_;
};

TEST_F(OwnZones, ANameMayHoldLettersDigitsAndFourMarks) {
  const std::string longest(63, 'N');
  for (const std::string name : {"Good", "Area/City_Name-1+2", longest.c_str()}) {
    add(name);
    EXPECT_TRUE(check_time_zone(name).ok()) << name;
  }
  for (const std::string name : {"With.Point", "With Blank", "Area/../Good", "With\\Mark", "With:Mark"}) {
    add(name);
    EXPECT_FALSE(check_time_zone(name).ok()) << name;
  }
  add(longest + "N");
  EXPECT_FALSE(check_time_zone(longest + "N").ok());
  EXPECT_FALSE(check_time_zone((path_ / "Good").string()).ok()) << "no path";
}

TEST_F(OwnZones, TheNearestNameIsOffered) {
  for (const char* name : {"Europe/Lisbon", "Asia/Baku", "America/Argentina/Salta", "America/Argentina/Deep/Down",
                           "posix/Europe/Oslo", "Zulu"}) {
    add(name);
  }
  EXPECT_EQ(hint_for("Europe/Lisbon"), "known");
  EXPECT_EQ(hint_for("lisbon"), "did you mean 'Europe/Lisbon'?");
  EXPECT_EQ(hint_for("EUROPE/LISBON"), "did you mean 'Europe/Lisbon'?");
  EXPECT_EQ(hint_for("Europe/Lisbom"), "did you mean 'Europe/Lisbon'?");
  EXPECT_EQ(hint_for("SALTA"), "did you mean 'America/Argentina/Salta'?");
  EXPECT_EQ(hint_for("baku"), "did you mean 'Asia/Baku'?");
  EXPECT_EQ(hint_for("zulu"), "did you mean 'Zulu'?");
  for (const char* name : {"down", "oslo", "nowhere/near", "lisbons/x", "bak"}) {
    EXPECT_EQ(hint_for(name), "give UTC, +HH:MM or a name such as Europe/Berlin") << name;
  }
}

TEST(TimeZone, ThreadsShareZones) {
  const std::string bytes = tzif::with_rule("EET-2EEST,M3.5.0/3,M10.5.0/4", 7200, "EET");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&, i] {
      for (std::int64_t hour = 0; hour < 20'000; ++hour) {
        const auto zone = TimeZone::from_tzif(bytes);
        const std::int64_t utc = hour * 3600;
        // An hour that clocks showed twice stands for the earlier moment.
        const std::int64_t back = zone.ok() ? zone->to_utc(utc + zone->offset_at(utc)) : -1;
        wrong[i] += back == utc || back == utc - 3600 ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, std::vector<int>(wrong.size()));
}

}  // namespace
}  // namespace logdetect
