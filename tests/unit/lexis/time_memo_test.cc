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

}  // namespace
}  // namespace logdetect
