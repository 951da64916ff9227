#include "cli/json_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

TEST(JsonText, KeepsTheOrderAndEndsTheLine) {
  EXPECT_EQ(json_text({{"b", 1}, {"a", Json::array({true, nullptr})}}),
            "{\n  \"b\": 1,\n  \"a\": [\n    true,\n    null\n  ]\n}\n");
}

TEST(JsonText, NothingOfItActsOnATerminal) {
  const std::string hostile = "\x1b]0;x\x07 \xc2\x9b \xe2\x80\xae \x7f \xff \xc3\xa9 \xf0\x9f\x94\xa5";
  std::string text = json_text({{"text", hostile}});
  EXPECT_EQ(Json::parse(text)["text"], to_valid_utf8(hostile));
  for (const char c : text) {
    EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << static_cast<int>(c);
  }
}

TEST(JsonText, NumbersThatAreNotFiniteAreNull) {
  EXPECT_EQ(json_text(Json::array({std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})),
            "[\n  null,\n  null\n]\n");
  EXPECT_EQ(json_text(0.1), "0.1\n");
}

}  // namespace
}  // namespace logdetect
