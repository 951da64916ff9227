#include "mining/alarm_words.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

TEST(AlarmWords, AreKnownByStemWholeOrEnding) {
  for (const char* word : {"error", "Errors:", "[FAILED]", "can't", "NullPointerException", "deadlock-free", "lost",
                           "unreachable", "(oom)", "segfault", "DEFAULT_FAULT"}) {
    EXPECT_TRUE(is_alarm_word(word)) << word;
  }
  for (const char* word :
       {"", "ok", "er", "failover", "Failover:", "badge", "lostness", "terror", "information", "123"}) {
    EXPECT_EQ(is_alarm_word(word), std::string(word) == "terror") << word;  // it ends with "error"
  }
}

TEST(AlarmPairs, AreKnownInTheirOrder) {
  EXPECT_TRUE(is_alarm_pair("not", "found"));
  EXPECT_TRUE(is_alarm_pair("Timed", "out."));
  EXPECT_TRUE(is_alarm_pair("no", "such"));
  EXPECT_FALSE(is_alarm_pair("out", "timed"));
  EXPECT_FALSE(is_alarm_pair("found", "not"));
  EXPECT_FALSE(is_alarm_pair("", ""));
}

// A long word is cut to its last 48 bytes, which may begin with anything. "`" is the byte before "a": issue 13.
TEST(AlarmWords, AWordCutToItsEndMayBeginWithAnyByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string begin = std::string("x") + static_cast<char>(byte);
    EXPECT_FALSE(is_alarm_word(begin + std::string(47, 'z'))) << byte;
    EXPECT_TRUE(is_alarm_word(begin + std::string(42, 'z') + "error")) << byte;
  }
  EXPECT_TRUE(is_alarm_word("x" + std::string(48, 'z') + "error"));
  EXPECT_TRUE(is_alarm_word("xerror" + std::string(43, 'z'))) << "what is left begins with the stem";
}

}  // namespace
}  // namespace logdetect
