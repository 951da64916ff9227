#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "logdetect/base/clock.h"
#include "logdetect/base/log.h"

namespace logdetect {
namespace {

TEST(SystemClock, MonotonicNeverGoesBack) {
  Micros last = system_clock().monotonic();
  for (int i = 0; i < 10'000; ++i) {
    const Micros now = system_clock().monotonic();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(SystemClock, WallIsOurCentury) {
  EXPECT_GT(system_clock().wall(), Micros{1'600'000'000} * kMicrosPerSecond);
}

TEST(SystemClock, WallCountsMicroseconds) {
  const auto now = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  // The clock of the system may be set back between two looks; three times in a row it is not.
  bool within = false;
  for (int i = 0; i < 3 && !within; ++i) {
    const Micros before = now();
    const Micros seen = system_clock().wall();
    within = before <= seen && seen <= now();
  }
  EXPECT_TRUE(within);
}

class LogTest : public testing::Test {
 protected:
  ~LogTest() override { configure_log(Verbosity::kNormal, false); }
};

TEST_F(LogTest, EscapesWhatItWrites) {
  testing::internal::CaptureStderr();
  configure_log(Verbosity::kNormal, false);
  log_warning("odd \x1b[2J name\nlogdetect: error: forged");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "logdetect: warning: odd \\x1b[2J name\\nlogdetect: error: forged\n");
}

TEST_F(LogTest, FormatMarksAreJustText) {
  testing::internal::CaptureStderr();
  configure_log(Verbosity::kDebug, false);
  log_info("100% {} {0} %s");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "logdetect: info: 100% {} {0} %s\n");
}

TEST_F(LogTest, VerbosityDecidesWhatIsSaid) {
  const auto said = [](Verbosity verbosity) {
    testing::internal::CaptureStderr();
    configure_log(verbosity, false);
    log_debug("d");
    log_info("i");
    log_warning("w");
    log_error("e");
    const std::string text = testing::internal::GetCapturedStderr();
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(said(Verbosity::kQuiet), 1);
  EXPECT_EQ(said(Verbosity::kNormal), 2);
  EXPECT_EQ(said(Verbosity::kVerbose), 3);
  EXPECT_EQ(said(Verbosity::kDebug), 4);
}

}  // namespace
}  // namespace logdetect
