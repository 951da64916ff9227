#include "logdetect/cli/exit_code.h"

#include <gtest/gtest.h>

#include <csignal>

namespace logdetect {
namespace {

TEST(ExitCode, FollowsTheClassOfTheError) {
  EXPECT_EQ(exit_code(ErrorCode::kUsage, 0), 2);
  EXPECT_EQ(exit_code(ErrorCode::kConfig, 0), 2);
  EXPECT_EQ(exit_code(ErrorCode::kInput, 0), 3);
  EXPECT_EQ(exit_code(ErrorCode::kModel, 0), 4);
  EXPECT_EQ(exit_code(ErrorCode::kOutput, 0), 5);
  EXPECT_EQ(exit_code(ErrorCode::kOutputClosed, 0), 0);
  EXPECT_EQ(exit_code(ErrorCode::kInternal, 0), 70);
}

TEST(ExitCode, ASignalGives128PlusItsNumber) {
  EXPECT_EQ(exit_code(ErrorCode::kInterrupted, SIGINT), 130);
  EXPECT_EQ(exit_code(ErrorCode::kInterrupted, SIGTERM), 143);
  EXPECT_EQ(exit_code(ErrorCode::kInterrupted, 0), 70) << "interrupted without a signal is a bug";
}

TEST(GraverExit, PrefersTheGraverOfTwoInEitherOrder) {
  const int rising[] = {0, 1, 3, 2, 4, 5, 70};
  for (std::size_t i = 0; i < std::size(rising); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      EXPECT_EQ(graver_exit(rising[i], rising[j]), rising[i]);
      EXPECT_EQ(graver_exit(rising[j], rising[i]), rising[i]);
    }
  }
  EXPECT_EQ(graver_exit(3, 130), 130);
  EXPECT_EQ(graver_exit(143, 70), 143);
}

}  // namespace
}  // namespace logdetect
