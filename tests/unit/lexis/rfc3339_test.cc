#include "logdetect/lexis/rfc3339.h"

#include <gtest/gtest.h>

#include <limits>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

constexpr Micros kYear2024 = 1'704'067'200 * kMicrosPerSecond;  // 2024-01-01 00:00:00

TEST(Rfc3339, PrintsZeroThreeOrSixDigits) {
  EXPECT_EQ(format_rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(format_rfc3339(120'000), "1970-01-01T00:00:00.120Z");
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_rfc3339(951'782'400LL * kMicrosPerSecond), "2000-02-29T00:00:00Z");
  EXPECT_EQ(format_rfc3339(7'289'654'399 * kMicrosPerSecond), "2200-12-31T23:59:59Z");
}

TEST(Rfc3339, ClampsToYearsOfFourDigits) {
  constexpr Micros kFirst = -62'167'219'200 * kMicrosPerSecond;
  constexpr Micros kLast = 253'402'300'799 * kMicrosPerSecond;
  EXPECT_EQ(format_rfc3339(kFirst), "0000-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(kFirst + 1), "0000-01-01T00:00:00.000001Z");
  EXPECT_EQ(format_rfc3339(kFirst - 1), "0000-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(std::numeric_limits<Micros>::min()), "0000-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(kLast - 1), "9999-12-31T23:59:58.999999Z");
  EXPECT_EQ(format_rfc3339(kLast + 1), "9999-12-31T23:59:59Z");
  EXPECT_EQ(format_rfc3339(std::numeric_limits<Micros>::max()), "9999-12-31T23:59:59Z");
}

TEST(Rfc3339, AppendsBehindWhatIsThere) {
  std::string out = "at ";
  append_rfc3339(out, kYear2024);
  EXPECT_EQ(out, "at 2024-01-01T00:00:00Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
  Rng rng(5);
  for (int i = 0; i < 100'000; ++i) {
    // Years 0 to 9999; whole seconds, milliseconds and microseconds.
    const Micros unit = i % 3 == 0 ? kMicrosPerSecond : i % 3 == 1 ? kMicrosPerMilli : 1;
    const Micros time = (static_cast<Micros>(rng.next() % 315'569'519'999) - 62'167'219'200) * kMicrosPerSecond +
                        static_cast<Micros>(rng.next() % kMicrosPerSecond) / unit * unit;
    ASSERT_EQ(parse_rfc3339(format_rfc3339(time)), time) << format_rfc3339(time);
  }
}

TEST(Rfc3339, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parse_rfc3339("2024-01-01T00:00:00Z"), kYear2024);
  EXPECT_EQ(parse_rfc3339("2024-01-01T05:30:00+05:30"), kYear2024);
  EXPECT_EQ(parse_rfc3339("2023-12-31T16:00:00-08:00"), kYear2024);
  EXPECT_EQ(parse_rfc3339("2024-01-01T23:59:00+23:59"), kYear2024);
  EXPECT_EQ(parse_rfc3339("2024-01-01T00:00:00.5Z"), kYear2024 + 500'000);
  EXPECT_EQ(parse_rfc3339("2024-01-01T00:00:00.1234569Z"), kYear2024 + 123'456);  // cut off, not rounded
  EXPECT_EQ(parse_rfc3339("2023-12-31T23:59:60Z"), kYear2024);                    // a leap second
  EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), kYear2024 + 59 * kMicrosPerDay);
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2024-01-01",
                                      "2024-01-01T00:00:00",
                                      "2024-01-01 00:00:00Z",
                                      "2024-01-01t00:00:00Z",
                                      "2024-01-01T00:00:00z",
                                      "2024-01-01T00:00Z",
                                      "2024-01-01T00:00:00.Z",
                                      "2024-01-01T00:00:00Z ",
                                      " 2024-01-01T00:00:00Z",
                                      "2024-00-01T00:00:00Z",
                                      "2024-13-01T00:00:00Z",
                                      "2024-01-00T00:00:00Z",
                                      "2024-01-32T00:00:00Z",
                                      "2023-02-29T00:00:00Z",
                                      "2024-01-01T24:00:00Z",
                                      "2024-01-01T00:60:00Z",
                                      "2024-01-01T00:00:61Z",
                                      "2024-1-01T00:00:00Z",
                                      "02024-01-01T00:00:00Z",
                                      "-024-01-01T00:00:00Z",
                                      "2024-01-01T00:00:00+0530",
                                      "2024-01-01T00:00:00+24:00",
                                      "2024-01-01T00:00:00+05:60",
                                      "2024-01-01T00:00:00+5:30",
                                      "null"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace logdetect
