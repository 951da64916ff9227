#include "logdetect/lexis/time_memo.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/lexis/time_reader.h"

namespace logdetect {
namespace {

std::string number(std::uint64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llu", digits, static_cast<unsigned long long>(value));
  return text;
}

// A clock that is now and then no valid one.
std::string clock(Rng& rng) {
  const bool odd = rng.below(20) == 0;
  return number(rng.below(odd ? 30 : 24), 2) + ":" + number(rng.below(odd ? 70 : 60), 2) + ":" +
         number(rng.below(odd ? 70 : 60), 2);
}

std::string date(Rng& rng, std::size_t style) {
  const std::string day = number(1 + rng.below(3), 2);
  switch (style) {
    case 0:
      return "2024-01-" + day + "T";
    case 1:
      return "2024-01-" + day + " ";
    case 2:
      return "Jan " + day + " ";
    case 3:
      return day + "/Jan/2023:";
    case 4:
      return "Mon Jan " + day + " ";
    case 5:
      return "201712" + day + "-";
    case 6:
      return "I01" + day + " ";
    case 7:
      return "24-01-" + day + " ";
    default:
      return "";
  }
}

// The same sequence of texts through one reader, which remembers, and through new ones.
TEST(TimeMemo, AReaderThatRemembersSaysWhatANewOneSays) {
  const std::vector<std::string> behind = {
      " host app: x y z",   " INFO  something",  " WARN something",    " ERROR something",  " am something else",
      " PM something else", " UTC 2005 more",    " CEST more words",   " +0200 \"GET / 1",  " +02:00 and more",
      "Z rest of the line", "+01:00 rest of it", " -0700] more text",  "] [error] message", ", message text here",
      " 2005 packets sent", "  2005 two blanks", ": message and more", ".5 x y z u v w a",  ",25 x y z u v w",
      " (root) CMD (x)",    " Applied x y z",    " GMT+1 x y z a b",   "AM x y z u v w a",  "   three blanks x",
      " Zone x y z u v w",  " z x y z u v w a",  ":606|app|3000|x",    ":06|app|3000|xyz",  " a.m. x y z u v"};
  Rng rng(3);
  std::size_t read = 0;
  for (int round = 0; round < 300; ++round) {
    TimeReader remembering;
    const std::size_t style = rng.below(9);
    const std::uint64_t fraction = rng.below(4) * 3;
    const std::uint64_t few = 1 + rng.below(4);  // sorts of text behind
    const std::uint64_t first = rng.below(behind.size());
    for (int line = 0; line < 60; ++line) {
      std::string text = date(rng, style) + clock(rng);
      if (fraction > 0 && rng.below(10) > 0) {
        text += (rng.below(8) == 0 ? "," : ".") + number(rng.below(1000), static_cast<int>(fraction));
      }
      text += behind[(first + rng.below(few)) % behind.size()];
      ParsedTime got;
      ParsedTime wanted;
      TimeDetails got_details;
      TimeDetails wanted_details;
      TimeReader fresh;
      const bool good = fresh.read(text, wanted, wanted_details);
      ASSERT_EQ(remembering.read(text, got, got_details), good) << text;
      if (!good) {
        continue;
      }
      ++read;
      ASSERT_EQ(got.time, wanted.time) << text;
      ASSERT_EQ(got.length, wanted.length) << text;
      ASSERT_EQ(got.has_zone, wanted.has_zone) << text;
      ASSERT_EQ(got.year_missing, wanted.year_missing) << text;
      ASSERT_EQ(got.date_missing, wanted.date_missing) << text;
      ASSERT_EQ(got_details.level_letter, wanted_details.level_letter) << text;
      ASSERT_EQ(got_details.has_clock, wanted_details.has_clock) << text;
      ASSERT_EQ(got_details.has_fraction, wanted_details.has_fraction) << text;
    }
  }
  EXPECT_GT(read, 8'000U);
}

TEST(TimeMemo, RecallsTheNextSecondOfTheSameDay) {
  TimeMemo memo;
  ParsedTime read;
  TimeDetails details;
  const std::string first = "2024-01-15 03:42:18.123 host app: message";
  TimeReader reader;
  ASSERT_TRUE(reader.read(first, read, details));
  memo.keep(first, read, details);
  ParsedTime next;
  ASSERT_TRUE(memo.recall("2024-01-15 03:42:19.500 host app: message", next, details));
  EXPECT_EQ(next.time - read.time, 1'377'000);
  EXPECT_FALSE(memo.recall("2024-01-16 03:42:19.500 host app: message", next, details));
  EXPECT_FALSE(memo.recall("2024-01-15 24:42:19.500 host app: message", next, details));
  EXPECT_FALSE(memo.recall("2024-01-15 03:42:19.5001 host app: message", next, details));
  EXPECT_FALSE(memo.recall("2024-01-15 03:42:19.500 PM app: message", next, details));
  EXPECT_FALSE(memo.recall("2024-01-15 03:42:19.500", next, details));
}

/// A memo that has read `first`.
TimeMemo memo_of(const std::string& first) {
  ParsedTime read;
  TimeDetails details;
  TimeReader reader;
  EXPECT_TRUE(reader.read(first, read, details)) << first;
  TimeMemo memo;
  memo.keep(first, read, details);
  return memo;
}

bool recalls(const TimeMemo& memo, const std::string& text) {
  ParsedTime read;
  TimeDetails details;
  return memo.recall(text, read, details);
}

TEST(TimeMemo, RecallsEverySecondOfTheDay) {
  const TimeMemo memo = memo_of("2024-01-15 03:42:18 host app: message");
  for (std::uint64_t second = 0; second < 86'400; ++second) {
    const std::string clock =
        number(second / 3600, 2) + ":" + number(second / 60 % 60, 2) + ":" + number(second % 60, 2);
    ParsedTime read;
    TimeDetails details;
    ASSERT_TRUE(memo.recall("2024-01-15 " + clock + " host app: message", read, details)) << clock;
    ASSERT_EQ(read.time, (1'705'276'800 + static_cast<Micros>(second)) * kMicrosPerSecond) << clock;
  }
  for (const char* clock :
       {"24:00:00", "03:60:00", "03:42:60", "03:42:6x", "0/:42:18", "03:4::18", "03.42:18", "03:42.18"}) {
    EXPECT_FALSE(recalls(memo, "2024-01-15 " + std::string(clock) + " host app: message")) << clock;
  }
}

TEST(TimeMemo, RecallsFractionsOfUpToNineDigits) {
  for (int digits = 1; digits <= 9; ++digits) {
    const TimeMemo memo =
        memo_of("03:42:18." + std::string(static_cast<std::size_t>(digits), '7') + " host app: message");
    const std::string fraction = std::string("123456789").substr(0, static_cast<std::size_t>(digits));
    ParsedTime read;
    TimeDetails details;
    ASSERT_TRUE(memo.recall("00:00:01." + fraction + " host app: message", read, details)) << digits;
    EXPECT_EQ(read.time, kMicrosPerSecond + std::stoi((fraction + "00000").substr(0, 6))) << digits;
    EXPECT_TRUE(details.has_fraction);
    EXPECT_FALSE(recalls(memo, "00:00:01," + fraction + " host app: message")) << digits;
  }
}

TEST(TimeMemo, WhatStandsBehindMayChangeIfItCannotBelongToTheTime) {
  const TimeMemo memo = memo_of("2024-01-15 03:42:18 host app: message");
  for (const char* behind :
       {"] text here", ") text here", "> text here", "| text here", "; text here", " other text", "\tother text",
        " (root) CMD", " [7] text here", " <7> text here", " \"GET / x", " {a: 1} text", " | text here", " /a/b/c/d/e",
        " Other text", " NOTICE text", " apple text", " play it"}) {
    EXPECT_TRUE(recalls(memo, "2024-01-15 03:42:19" + std::string(behind))) << behind;
  }
  for (const char* behind :
       {" AM text here", " PM text here", " am text here", " pm text here", " UTC text here", " CEST text here",
        " +0200 text", " -0700 text", " 2005 text here", "Z text here", "+02:00 text", "-07 text here", ".5 text here",
        ",5 text here", ":606 text here", "x text here", "7 text here"}) {
    EXPECT_FALSE(recalls(memo, "2024-01-15 03:42:19" + std::string(behind))) << behind;
  }
}

TEST(TimeMemo, BehindAZoneAnythingMayStandApart) {
  const TimeMemo memo = memo_of("2024-01-15T03:42:18+01:00 host app: message");
  for (const char* behind : {" AM text here", " 2005 text here", " +0200 text", " UTC text here"}) {
    EXPECT_TRUE(recalls(memo, "2024-01-15T03:42:19+01:00" + std::string(behind))) << behind;
  }
  EXPECT_FALSE(recalls(memo, "2024-01-15T03:42:19+02:00 host app: message"));
  EXPECT_FALSE(recalls(memo, "2024-01-15T03:42:19+01:007 host app: message"));
}

TEST(TimeMemo, NeedsEightBytesBehindTheTime) {
  const std::string time = "2024-01-15 03:42:18";
  const TimeMemo memo = memo_of(time + " host app: message");
  EXPECT_TRUE(recalls(memo, time + " host ab"));
  EXPECT_FALSE(recalls(memo, time + " host a"));
  EXPECT_FALSE(recalls(memo_of(time + " host a"), time + " host ab")) << "nothing was kept";
  EXPECT_TRUE(recalls(memo_of(time + " host ab"), time + " host ab"));
}

TEST(TimeMemo, KeepsTimesOfUpToFortyBytes) {
  const std::string longest = "Mon, 15 Jan 2024 03:42:18.12345678 +0100";
  ASSERT_EQ(longest.size(), 40U);
  EXPECT_TRUE(recalls(memo_of(longest + " host ab"), longest + " host ab"));
}

TEST(TimeMemo, DetailsComeBackToo) {
  for (const std::string text : {"17/06/2024 20:10:40 host app x", "06/17/2024 20:10:40 host app x",
                                 "I0102 15:04:05.678901 12 file.cc", "2024-01-15 03:42:18 host app x"}) {
    TimeReader reader;
    ParsedTime read;
    TimeDetails first;
    TimeDetails second;
    ASSERT_TRUE(reader.read(text, read, first));
    ASSERT_TRUE(memo_of(text).recall(text, read, second)) << text;
    EXPECT_EQ(second.level_letter, first.level_letter) << text;
    EXPECT_EQ(second.has_clock, first.has_clock) << text;
    EXPECT_EQ(second.has_fraction, first.has_fraction) << text;
    EXPECT_EQ(second.first_over_12, first.first_over_12) << text;
    EXPECT_EQ(second.second_over_12, first.second_over_12) << text;
  }
  EXPECT_FALSE(recalls(memo_of("2024-01-15 host app: message"), "2024-01-15 host app: message")) << "no clock";
}

}  // namespace
}  // namespace logdetect
