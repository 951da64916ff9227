// The networks through the real binary: trained where LibTorch is, refused or left out where it is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kQuick = {"train", "--epochs", "2", "--detectors", "all", "history.log", "--output"};

Outcome train(Sandbox& box, const std::string& model) {
  std::vector<std::string> words = kQuick;
  words.push_back(model);
  return box.run(words);
}

TEST(Neural, ANamedNetworkWithoutLibTorchIsAnErrorWithARemedy) {
  Sandbox box;
  box.write("history.log", quiet_log(0, 600, 1));
  Wiring without;
  without.environment = {"LOGDETECT_NEURAL_MODULE=/nonexistent/module.so"};
  const Outcome named = box.run({"train", "--detectors", "next_event", "--output", "model/", "history.log"}, without);
  EXPECT_EQ(named.exit, 2);
  EXPECT_THAT(named.err, HasSubstr("neural"));
  EXPECT_THAT(named.err, HasSubstr("help:"));
  EXPECT_FALSE(box.exists("model/model.ldm"));
  EXPECT_EQ(box.run({"train", "--output", "model/", "history.log"}, without).exit, 0);
}

TEST(Neural, AnUnknownSetGetsAHint) {
  Sandbox box;
  box.write("history.log", quiet_log(0, 600, 1));
  const Outcome outcome = box.run({"train", "--detectors", "clasic", "--output", "model/", "history.log"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean 'classic'?"));
}

TEST(Neural, TrainsScoresEveryRecordAndDependsOnNoThreads) {
  Sandbox box;
  box.write("history.log", quiet_log(0, 4 * 3600, 1));
  box.write("bad.log", bad_log(4 * 3600, 1200, 2));
  const Outcome trained = train(box, "model/");
  if (trained.exit == 2 && trained.err.find("libtorch") != std::string::npos) {
    GTEST_SKIP() << trained.err;
  }
  ASSERT_EQ(trained.exit, 0) << trained.err;
  EXPECT_THAT(trained.out, HasSubstr("autoencoder"));
  EXPECT_THAT(trained.out, HasSubstr("2 epochs, validation loss"));
  EXPECT_THAT(box.run({"model", "inspect", "model/"}).out, HasSubstr("Learning curve of next_event"));
  ASSERT_EQ(train(box, "again/").exit, 0);
  EXPECT_TRUE(box.read("model/model.ldm") == box.read("again/model.ldm"));

  // Scoring needs no LibTorch.
  Wiring without;
  without.environment = {"LOGDETECT_NEURAL_MODULE=/nonexistent/module.so"};
  std::vector<std::string> results;
  for (const std::string threads : {"1", "2", "5"}) {
    const Outcome scanned = box.run(
        {"scan", "--model", "model/", "--threads", threads, "--scores", "scores.csv", "--format", "jsonl", "bad.log"},
        without);
    ASSERT_EQ(scanned.exit, 0) << scanned.err;
    results.push_back(scanned.out + box.read("scores.csv"));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
  const std::string scores = box.read("scores.csv");
  EXPECT_THAT(scores, HasSubstr(",novelty,forest,autoencoder,next_event\n"));
  const std::string log = box.read("bad.log");
  EXPECT_EQ(std::count(scores.begin(), scores.end(), '\n'), std::count(log.begin(), log.end(), '\n') + 1);
  EXPECT_EQ(box.run({"scan", "--model", "model/", "--stride", "1", "--output", "one.txt", "bad.log"}).exit, 0);
}

TEST(Neural, AModelWithNetworksGoesOnLearning) {
  Sandbox box;
  box.write("history.log", quiet_log(0, 2 * 3600, 1));
  box.write("next.log", quiet_log(2 * 3600, 3600, 2));
  box.write("bad.log", bad_log(3 * 3600, 1200, 3));
  const Outcome trained = train(box, "model/");
  if (trained.exit == 2 && trained.err.find("libtorch") != std::string::npos) {
    GTEST_SKIP() << trained.err;
  }
  ASSERT_EQ(trained.exit, 0) << trained.err;
  const std::string before = box.read("model/model.ldm");
  std::string first;
  for (const std::string threads : {"1", "2"}) {
    box.write("model/model.ldm", before);
    const Outcome updated = box.run({"train", "--update", "--threads", threads, "--output", "model/", "next.log"});
    ASSERT_EQ(updated.exit, 0) << updated.err;
    EXPECT_THAT(updated.out, HasSubstr("next_event"));
    const std::string model = box.read("model/model.ldm");
    EXPECT_TRUE(first.empty() || first == model);
    first = model;
  }
  EXPECT_FALSE(first == before);
  EXPECT_EQ(box.run({"scan", "--model", "model/", "--output", "out.txt", "bad.log"}).exit, 0);
  EXPECT_THAT(box.read("out.txt"), HasSubstr("Incident 1"));
  // Without LibTorch the networks cannot be fitted anew, and the model stays as it is.
  Wiring without;
  without.environment = {"LOGDETECT_NEURAL_MODULE=/nonexistent/module.so"};
  EXPECT_EQ(box.run({"train", "--update", "--output", "model/", "next.log"}, without).exit, 2);
  EXPECT_TRUE(box.read("model/model.ldm") == first);
}

}  // namespace
}  // namespace logdetect
