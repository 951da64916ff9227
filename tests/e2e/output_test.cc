// --output [FORMAT:]TARGET of the real binary: several at once, names with colons, runs that are stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kTrainSeconds = 2 * 3600;
constexpr std::int64_t kScanSeconds = 600;

class Outputs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("history.log", quiet_log(0, kTrainSeconds, 1));
    shared_->write("bad.log", quiet_log(kTrainSeconds, kScanSeconds, 2) +
                                  odd_line(kTrainSeconds + kScanSeconds, "reactor melted down, shutting off"));
    trained_ = shared_->run({"train", "--output", "model/", "history.log"});
  }
  static void TearDownTestSuite() { shared_.reset(); }
  void SetUp() override { ASSERT_EQ(trained_.exit, 0) << trained_.err; }

  static Outcome scan(std::vector<std::string> words, const Wiring& wiring = {}) {
    words.insert(words.begin(), {"scan", "--model", "model/"});
    return shared_->run(words, wiring);
  }

  static std::unique_ptr<Sandbox> shared_;
  static Outcome trained_;
};
std::unique_ptr<Sandbox> Outputs::shared_;
Outcome Outputs::trained_;

TEST_F(Outputs, EachIsAsIfItWereAlone) {
  const Outcome several =
      scan({"-o", "a.jsonl", "-o", "json:b.json", "-o", "csv:c.csv", "-o", "text:-", "--format", "jsonl", "bad.log"});
  ASSERT_EQ(several.exit, 0) << several.err;
  EXPECT_EQ(shared_->read("a.jsonl"), scan({"--format", "jsonl", "bad.log"}).out);
  EXPECT_EQ(shared_->read("b.json"), scan({"--format", "json", "bad.log"}).out);
  EXPECT_EQ(shared_->read("c.csv"), scan({"--format", "csv", "bad.log"}).out);
  EXPECT_THAT(several.out, HasSubstr("reactor melted down"));
  EXPECT_THAT(several.out, Not(HasSubstr("\"type\"")));
}

TEST_F(Outputs, DotSlashKeepsANameWithAColon) {
  ASSERT_EQ(scan({"-o", "./json:odd", "bad.log"}).exit, 0);
  EXPECT_THAT(shared_->read("json:odd"), HasSubstr("Scanned"));
  ASSERT_EQ(scan({"-o", "C:odd", "bad.log"}).exit, 0);
  EXPECT_THAT(shared_->read("C:odd"), HasSubstr("Scanned"));
}

TEST_F(Outputs, RowsOfParseGoToSeveralToo) {
  const Outcome several = shared_->run({"parse", "-o", "rows.csv", "-o", "jsonl:rows.jsonl", "bad.log"});
  ASSERT_EQ(several.exit, 0) << several.err;
  EXPECT_EQ(several.out, "");
  EXPECT_EQ(shared_->read("rows.csv"), shared_->run({"parse", "bad.log"}).out);
  EXPECT_EQ(shared_->read("rows.jsonl"), shared_->run({"parse", "--format", "jsonl", "bad.log"}).out);
}

TEST_F(Outputs, WatchAppendsToEach) {
  shared_->write("live.log", quiet_log(kTrainSeconds, 60, 3));
  for (int run = 1; run <= 2; ++run) {
    Process process = shared_->start({"watch", "--model", "model", "--start", "begin", "-o", "jsonl:found.jsonl", "-o",
                                      "text:found.txt", "-o", "jsonl:-", "live.log"});
    EXPECT_TRUE(eventually([&] { return process.out().find("\"type\":\"header\"") != std::string::npos; }));
    process.send(SIGTERM);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    const std::string found = shared_->read("found.jsonl");
    EXPECT_TRUE(found.ends_with(outcome.out)) << found;
    EXPECT_EQ(found.size(), static_cast<std::size_t>(run) * outcome.out.size());
    EXPECT_THAT(shared_->read("found.txt"), HasSubstr("Watched "));
  }
}

TEST_F(Outputs, AStoppedScanTellsTheReaderAndLeavesNoFile) {
  Process process =
      shared_->start({"scan", "-m", "model/", "-o", "-", "-o", "json:stopped.json", "-"}, {.keep_input_open = true});
  process.feed(quiet_log(kTrainSeconds, 60, 7));
  for (int i = 0; i < 100; ++i) {
    short_pause();
  }
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit, 130) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Scanned "));
  EXPECT_FALSE(shared_->exists("stopped.json"));
}

TEST_F(Outputs, AnInputIsNoOutputUnderAnyOfItsNames) {
  const std::string before = shared_->read("bad.log");
  EXPECT_EQ(scan({"-o", "-", "-o", "json:./bad.log", "bad.log"}).exit, 2);
  EXPECT_EQ(scan({"-o", "file://" + shared_->path("bad.log"), "bad.log"}).exit, 2);
  EXPECT_EQ(shared_->read("bad.log"), before);
}

TEST_F(Outputs, HelpListsFormatsAndTargets) {
  const Outcome outcome = shared_->run({"help", "output"});
  EXPECT_EQ(outcome.exit, 0);
  for (const char* word : {"  text ", "  json ", "  jsonl ", "  csv ", "  FILE ", "  - "}) {
    EXPECT_THAT(outcome.out, HasSubstr(word));
  }
}

}  // namespace
}  // namespace logdetect
