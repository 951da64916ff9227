#include "cli/controlled_run.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "cli/signals.h"

namespace logdetect {
namespace {

/// Whether the verb's work is given a progress line to draw.
bool draws(const Session& session, bool progress) {
  return with_control(session, progress,
                      [](const RunControl& control) -> bool { return static_cast<bool>(control.progress); });
}

TEST(ControlledRun, GivesBackWhatTheRunReturned) {
  const Session session;
  const Result<int> good = with_control(session, true, [](const RunControl&) -> Result<int> { return 7; });
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, 7);
  const Result<int> bad = with_control(
      session, true, [](const RunControl&) -> Result<int> { return make_error(ErrorCode::kInput, "no such log"); });
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "no such log");
}

TEST(ControlledRun, DrawsOnATerminalThatIsNotToBeQuiet) {
  Session session;
  EXPECT_FALSE(draws(session, true));
  session.terminal.error = true;
  EXPECT_TRUE(draws(session, true));
  EXPECT_FALSE(draws(session, false));
  session.typed.quiet = true;
  EXPECT_FALSE(draws(session, true));
}

TEST(ControlledRunDeathTest, ASignalStopsTheRun) {
  const auto run = [] {
    const bool before = with_control(Session(), false, [](const RunControl& control) { return control.stopping(); });
    const bool after = with_control(Session(), false, [](const RunControl& control) {
      std::raise(SIGTERM);
      return control.stopping();
    });
    std::_Exit(!before && after && stop_signal() == SIGTERM ? 0 : 1);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST(ControlledRunDeathTest, ASecondInterruptEndsTheProgramAtOnce) {
  const auto run = [] {
    catch_signals();
    std::raise(SIGINT);
    std::raise(SIGINT);
    std::_Exit(1);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(130), "");
}

TEST(ControlledRunDeathTest, ASecondTerminationIsTheSameStop) {
  const auto run = [] {
    catch_signals();
    std::raise(SIGINT);
    std::raise(SIGTERM);
    std::_Exit(stop_signal() == SIGINT ? 0 : 1);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace logdetect
