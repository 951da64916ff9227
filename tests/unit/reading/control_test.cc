#include "logdetect/reading/control.h"

#include <gtest/gtest.h>

#include <atomic>

namespace logdetect {
namespace {

TEST(RunControl, StopsOnceItsFlagIsSet) {
  RunControl control;
  EXPECT_FALSE(control.stopping()) << "without a flag it never stops";
  std::atomic<int> stop = 0;
  control.stop = &stop;
  EXPECT_FALSE(control.stopping());
  stop = 15;
  EXPECT_TRUE(control.stopping());
}

TEST(RunControl, ProgressBeginsAtNothing) {
  const Progress progress;
  EXPECT_STREQ(progress.phase, "");
  EXPECT_EQ(progress.bytes_done, 0U);
  EXPECT_EQ(progress.bytes_total, 0U);
  EXPECT_EQ(progress.lines, 0U);
  EXPECT_EQ(progress.templates, 0U);
}

TEST(RunControl, AReadWaitsAFifthOfASecond) {
  EXPECT_EQ(kReadWait * 5, kMicrosPerSecond);
}

}  // namespace
}  // namespace logdetect
