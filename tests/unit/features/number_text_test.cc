#include "features/number_text.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

TEST(NumberText, ReadsNumbersAndUnits) {
  EXPECT_DOUBLE_EQ(parse_quantity("42").value(), 42);
  EXPECT_DOUBLE_EQ(parse_quantity("-17").value(), -17);
  EXPECT_DOUBLE_EQ(parse_quantity("+3.5").value(), 3.5);
  EXPECT_DOUBLE_EQ(parse_quantity("1,234,567").value(), 1234567);
  EXPECT_DOUBLE_EQ(parse_quantity("6.02e23").value_or(-1), -1);  // beyond any quantity a log states
  EXPECT_DOUBLE_EQ(parse_quantity("2.5e-3").value(), 0.0025);
  EXPECT_DOUBLE_EQ(parse_quantity("350ms").value(), 0.35);
  EXPECT_DOUBLE_EQ(parse_quantity("1.5s").value(), 1.5);
  EXPECT_DOUBLE_EQ(parse_quantity("12\xC2\xB5s").value(), 12e-6);
  EXPECT_DOUBLE_EQ(parse_quantity("2 KB").value(), 2048);
  EXPECT_DOUBLE_EQ(parse_quantity("1MiB").value(), 1048576);
  EXPECT_DOUBLE_EQ(parse_quantity("93%").value(), 93);
  EXPECT_DOUBLE_EQ(parse_quantity("12 retries").value(), 12);
  EXPECT_DOUBLE_EQ(parse_quantity("10KB/s").value(), 10);
}

TEST(NumberText, RefusesWhatIsNoQuantity) {
  for (const char* text : {"", "-", "+", ".", "abc", "12abc34", "1.2.3.4", "1234567890123456", "0x1F", "10:20", "1,23",
                           "5 things to do today", "--4", "1e"}) {
    if (std::string(text) == "1e") {
      EXPECT_DOUBLE_EQ(parse_quantity(text).value(), 1) << "an unknown unit";
      continue;
    }
    EXPECT_FALSE(parse_quantity(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_quantity(std::string(100, '1')).has_value());
  EXPECT_FALSE(parse_quantity(std::string("1\0002", 3)).has_value());
}

TEST(NumberText, KnowsTheUnitsOfTimeAndSize) {
  const std::pair<const char*, double> kUnits[] = {{"ns", 1e-9},
                                                   {"us", 1e-6},
                                                   {"ms", 1e-3},
                                                   {"msec", 1e-3},
                                                   {"s", 1},
                                                   {"sec", 1},
                                                   {"secs", 1},
                                                   {"min", 60},
                                                   {"h", 3600},
                                                   {"B", 1},
                                                   {"bytes", 1},
                                                   {"K", 1024},
                                                   {"KB", 1024},
                                                   {"kB", 1024},
                                                   {"KiB", 1024},
                                                   {"MB", 1048576.0},
                                                   {"GB", 1073741824},
                                                   {"G", 1073741824},
                                                   {"GiB", 1073741824},
                                                   {"TB", 1099511627776.0},
                                                   {"TiB", 1099511627776.0},
                                                   {"seconds", 1}};
  for (const auto& [unit, factor] : kUnits) {
    EXPECT_DOUBLE_EQ(parse_quantity("3" + std::string(unit)).value_or(-1), 3 * factor) << unit;
    EXPECT_DOUBLE_EQ(parse_quantity("3 " + std::string(unit)).value_or(-1), 3 * factor) << unit;
    EXPECT_FALSE(parse_quantity("3  " + std::string(unit)).has_value()) << "two blanks before " << unit;
  }
}

TEST(NumberText, UnknownUnitsAreWordsOfTwelveLetters) {
  EXPECT_EQ(parse_quantity("5abcdefghijkl"), 5);
  EXPECT_FALSE(parse_quantity("5abcdefghijklm").has_value());
  EXPECT_EQ(parse_quantity("5 %"), 5);
  EXPECT_EQ(parse_quantity("5 a/b%"), 5);
  EXPECT_EQ(parse_quantity("5 "), 5);
  EXPECT_FALSE(parse_quantity("5-").has_value());
  EXPECT_FALSE(parse_quantity("5a_b").has_value());
}

TEST(NumberText, CommasMarkThousands) {
  EXPECT_EQ(parse_quantity("1,000"), 1000);
  EXPECT_EQ(parse_quantity("12,345.5"), 12'345.5);
  EXPECT_EQ(parse_quantity("-1,000,000"), -1'000'000);
  for (const char* text : {",123", "1,", "1,2", "1,23", "1,a23", "1,2a3", "1,23a"}) {
    EXPECT_FALSE(parse_quantity(text).has_value()) << text;
  }
  EXPECT_EQ(parse_quantity("1,2345"), 12345) << "what else is behind three digits is not looked at";
}

TEST(NumberText, FifteenDigitsAndFortyBytesAreTheMost) {
  EXPECT_EQ(parse_quantity("123456789012345"), 123456789012345.0);
  EXPECT_FALSE(parse_quantity("1234567890123456").has_value());
  EXPECT_EQ(parse_quantity("0." + std::string(38, '0')), 0);
  EXPECT_FALSE(parse_quantity("0." + std::string(39, '0')).has_value());
}

TEST(NumberText, FractionsAndExponents) {
  EXPECT_EQ(parse_quantity("0.5"), 0.5);
  EXPECT_FALSE(parse_quantity("5.").has_value());
  EXPECT_FALSE(parse_quantity(".5").has_value());
  EXPECT_EQ(parse_quantity("2e3"), 2000);
  EXPECT_EQ(parse_quantity("2E3"), 2000);
  EXPECT_EQ(parse_quantity("2e+3"), 2000);
  EXPECT_EQ(parse_quantity("2e-3"), 0.002);
  EXPECT_EQ(parse_quantity("2.5e03s"), 2500);
  EXPECT_FALSE(parse_quantity("2e003").has_value()) << "three digits are no exponent";
  EXPECT_FALSE(parse_quantity("2e+").has_value());
  EXPECT_FALSE(parse_quantity("2e-").has_value());
  EXPECT_EQ(parse_quantity("1e18"), 1e18);
  EXPECT_EQ(parse_quantity("-1e18"), -1e18);
  EXPECT_FALSE(parse_quantity("1.1e18").has_value());
  EXPECT_FALSE(parse_quantity("-1.1e18").has_value());
  EXPECT_EQ(parse_quantity("+7"), 7);
  EXPECT_EQ(parse_quantity("-7"), -7);
}

}  // namespace
}  // namespace logdetect
