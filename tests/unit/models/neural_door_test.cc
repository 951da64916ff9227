#include "models/neural_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "logdetect/models/neural.h"
#include "models/neural_image.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

TEST(NeuralDoor, SaysWhatIsMissingAndWhatToDo) {
  const auto opened = load_neural_module("/nowhere/liblogdetect_neural.so");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUsage);
  EXPECT_EQ(opened.error().to_string(),
            "/nowhere/liblogdetect_neural.so: the neural training module cannot be read: No such file or directory");
  EXPECT_THAT(opened.error().hint, HasSubstr("--detectors novelty,forest"));
}

TEST(NeuralDoor, RefusesAFileThatIsNoLibrary) {
  const auto opened = load_neural_module(LOGDETECT_SOURCE_DIR "/README.md");
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("cannot be loaded"));
  EXPECT_THAT(opened.error().message, HasSubstr("invalid ELF header"));
}

TEST(NeuralDoor, RefusesALibraryThatIsNoModule) {
  const auto opened = load_neural_module(LOGDETECT_NO_NEURAL_MODULE);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("is no neural training module of logdetect"));
}

TEST(NeuralDoor, RefusesAModuleOfAnotherVersion) {
  const auto opened = load_neural_module(LOGDETECT_OLD_NEURAL_MODULE);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUsage);
  EXPECT_THAT(opened.error().message, HasSubstr("is of version 999, this program needs version 2"));
}

TEST(NeuralDoor, OpensOnceForAllThreads) {
  const ld_neural_module* seen[2] = {nullptr, nullptr};
  const auto open = [&](std::size_t i) {
    const auto opened = open_neural();
    seen[i] = opened.ok() ? *opened : nullptr;
  };
  std::thread other(open, 0);
  open(1);
  other.join();
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0] != nullptr, !neural_image().empty()) << "a program that carries a module must be able to open it";
}

TEST(NeuralDoor, TellsWhatItOpened) {
  const auto runtime = neural_runtime();
  if (neural_image().empty()) {
    ASSERT_FALSE(runtime.ok());
    EXPECT_EQ(runtime.error().message, "this build has no neural training");
    return;
  }
  ASSERT_TRUE(runtime.ok()) << runtime.error().to_string();
  EXPECT_THAT(runtime->libtorch, testing::MatchesRegex("[1-9][0-9]*[.][0-9.]+.*"));
}

TEST(NeuralDoor, KnowsTheSlowBlasByItsName) {
  EXPECT_THAT(blas_advice("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0"), HasSubstr("libopenblas0-pthread"));
  EXPECT_EQ(blas_advice("/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3"), "");
  EXPECT_EQ(blas_advice("/opt/libtorch/lib/libtorch_cpu.so"), "");
  EXPECT_EQ(blas_advice(""), "");
}

}  // namespace
}  // namespace logdetect
