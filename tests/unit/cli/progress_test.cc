#include "cli/progress.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

// A clock that stands still until it is turned.
class CrankedClock final : public Clock {
 public:
  [[nodiscard]] Micros wall() const override { return now; }
  [[nodiscard]] Micros monotonic() const override { return now; }
  mutable Micros now = 1'000'000'000;
};

Progress half_way() {
  return {"scanning", 500, 1000, 2'000'000, 412};
}

TEST(ProgressText, SaysShareRateAndTimeLeft) {
  EXPECT_EQ(progress_text(half_way(), 2 * kMicrosPerSecond, 200),
            "scanning  50 %  2,000,000 lines  1.0 M lines/s  2.0 s left  412 templates");
}

TEST(ProgressText, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(progress_text({"reading", 500, 0, 1, 0}, kMicrosPerSecond, 200), "reading  1 line  1 lines/s");
  EXPECT_EQ(progress_text({"done", 10, 5, 0, 0}, 0, 200), "done  100 %  0 lines  0 lines/s");
}

TEST(ProgressText, RatesHaveAUnitThatKeepsThemShort) {
  const auto rate = [](std::uint64_t lines) { return progress_text({"x", 0, 0, lines, 0}, kMicrosPerSecond, 200); };
  EXPECT_EQ(rate(999), "x  999 lines  999 lines/s");
  EXPECT_EQ(rate(1000), "x  1,000 lines  1 k lines/s");
  EXPECT_EQ(rate(25'400), "x  25,400 lines  25 k lines/s");
  EXPECT_EQ(rate(999'000), "x  999,000 lines  999 k lines/s");
  EXPECT_EQ(rate(1'000'000), "x  1,000,000 lines  1.0 M lines/s");
}

TEST(ProgressText, TheTimeLeftFollowsFromTheShare) {
  EXPECT_EQ(progress_text({"x", 1, 4, 0, 1}, 10 * kMicrosPerSecond, 200),
            "x  25 %  0 lines  0 lines/s  30.0 s left  1 template");
  EXPECT_EQ(progress_text({"x", 0, 4, 0, 0}, kMicrosPerSecond, 200), "x  0 %  0 lines  0 lines/s");
  EXPECT_EQ(progress_text({"x", 4, 4, 0, 0}, kMicrosPerSecond, 200), "x  100 %  0 lines  0 lines/s");
}

TEST(ProgressText, FitsTheTerminal) {
  EXPECT_EQ(progress_text(half_way(), kMicrosPerSecond, 10), "scanning …");
}

TEST(ProgressLine, WaitsASecondThenDrawsTenTimesASecond) {
  CrankedClock clock;
  int writes = 0;
  ProgressLine line(80, clock, [&](std::string_view) { ++writes; });
  for (int i = 0; i < 99; ++i) {
    clock.now += 10 * kMicrosPerMilli;
    line.update(half_way());
  }
  EXPECT_EQ(writes, 0) << "nothing within the first second";
  for (int i = 0; i < 100; ++i) {
    clock.now += 10 * kMicrosPerMilli;
    line.update(half_way());
  }
  EXPECT_EQ(writes, 10);
}

TEST(ProgressLine, BeginsAfterOneSecondAndKeepsTheLastColumnFree) {
  CrankedClock clock;
  std::string written;
  ProgressLine line(10, clock, [&](std::string_view text) { written += text; });
  clock.now += kMicrosPerSecond - 1;
  line.update(half_way());
  EXPECT_EQ(written, "");
  clock.now += 1;
  line.update(half_way());
  EXPECT_EQ(written, "\r\x1b[Kscanning…");
  clock.now += 100 * kMicrosPerMilli - 1;
  line.update(half_way());
  EXPECT_EQ(written, "\r\x1b[Kscanning…");
  clock.now += 1;
  line.update(half_way());
  EXPECT_EQ(written, "\r\x1b[Kscanning…\r\x1b[Kscanning…");
}

TEST(ProgressLine, ErasesOnlyWhatItDrew) {
  CrankedClock clock;
  std::string written;
  const auto write = [&](std::string_view text) { written += text; };
  { const ProgressLine quiet(80, clock, write); }
  EXPECT_EQ(written, "");
  {
    ProgressLine line(80, clock, write);
    clock.now += 2 * kMicrosPerSecond;
    line.update(half_way());
    line.finish();
  }
  EXPECT_TRUE(written.starts_with("\r\x1b[Kscanning"));
  EXPECT_TRUE(written.ends_with("templates\r\x1b[K")) << written;
}

}  // namespace
}  // namespace logdetect
