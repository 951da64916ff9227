#include "logdetect/reading/opened_inputs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace logdetect {
namespace {

TEST(PrepareInputs, OneBadNameIsAProblemAndAllBadAreAnError) {
  const std::string good = std::string(LOGDETECT_SOURCE_DIR) + "/README.md";
  const auto some = prepare_inputs({"no-such-file", good}, {}, nullptr);
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some->inputs.size(), 1U);
  EXPECT_EQ(some->problems.size(), 1U);
  const auto none = prepare_inputs({"no-such-file"}, {}, nullptr);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kInput);
}

TEST(PrepareInputs, AWrongSchemeEndsTheRunBeforeItBegins) {
  const std::string good = std::string(LOGDETECT_SOURCE_DIR) + "/README.md";
  for (const char* wrong : {"folow://x.log", "follow:x.log", ""}) {
    const auto refused = prepare_inputs({good, wrong}, {}, nullptr);
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  }
}

TEST(PrepareInputs, WhatIsReadOnlyOnceIsCopiedForSeveralPasses) {
  std::string fifo = testing::TempDir() + "logdetect_once_XXXXXX";
  ASSERT_NE(::mkdtemp(fifo.data()), nullptr);
  const std::string directory = fifo;
  fifo += "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(fifo) << "one\ntwo\n"; });
  const RunControl control;
  const auto opened = prepare_inputs({fifo}, {}, &control);
  writer.join();
  ASSERT_TRUE(opened.ok()) << opened.error().to_string();
  EXPECT_EQ(opened->inputs[0].name, fifo);
  EXPECT_EQ(opened->inputs[0].scheme, "file");
  EXPECT_FALSE(opened->inputs[0].once);
  for (int pass = 0; pass < 2; ++pass) {
    const auto source = open_inputs(opened->inputs, {});
    ASSERT_TRUE(source.ok());
    RecordBatch batch;
    ASSERT_TRUE(source.value()->next(batch, 0).ok());
    EXPECT_EQ(batch.size(), 2U) << pass;
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace logdetect
