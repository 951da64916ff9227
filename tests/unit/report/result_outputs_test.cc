#include "logdetect/report/result_outputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "unit/report/samples.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

// A destination that keeps what it got by name, and fails where it is told to.
class Shelf final : public Output {
 public:
  struct Box {
    std::string text;
    int flushes = 0;
    bool committed = false;
    bool abandoned = false;
    bool broken = false;
    bool reader_gone = false;
    bool full = false;  // fails when flushed
  };
  static std::map<std::string, Box>& boxes() {
    static std::map<std::string, Box> all;
    return all;
  }
  static Result<std::unique_ptr<Output>> open(const std::string& rest, OutputMode /*mode*/) {
    if (rest == "closed") {
      return make_error(ErrorCode::kOutput, "no such shelf", rest);
    }
    return std::unique_ptr<Output>(std::make_unique<Shelf>(boxes()[rest]));
  }

  explicit Shelf(Box& box) : box_(box) {}
  Result<void> write(std::string_view records) override {
    if (box_.broken) {
      return make_error(ErrorCode::kOutput, "the shelf broke", "shelf");
    }
    if (box_.reader_gone) {
      return make_error(ErrorCode::kOutputClosed, "the reader went away", "shelf");
    }
    box_.text.append(records);
    return {};
  }
  Result<void> flush() override {
    ++box_.flushes;
    return box_.full ? Result<void>(make_error(ErrorCode::kOutput, "the shelf is full", "shelf")) : Result<void>();
  }
  Result<void> commit() override {
    box_.committed = true;
    return {};
  }
  Result<void> abandon() override {
    box_.abandoned = true;
    return {};
  }

 private:
  Box& box_;
};

std::string itself(const std::string& rest) {
  return rest;
}
constexpr OutputEntry kShelf{"shelf", "shelf://NAME", "a shelf", "", Shelf::open, itself};

OutputChoice choice(std::string_view format, const std::string& name, bool coloured = false) {
  return {*find_format(format_table(), format), {&kShelf, name}, coloured};
}

class ResultOutputsTest : public testing::Test {
 protected:
  void SetUp() override { Shelf::boxes().clear(); }

  Result<void> run(ResultOutputs& results) {
    LD_TRY(results.begin(samples::header()));
    LD_TRY(results.incident(samples::database_incident()));
    LD_TRY(results.end(samples::summary()));
    return outputs_.commit();
  }

  OutputSet outputs_;
};

TEST_F(ResultOutputsTest, EachIsAsIfItWereAlone) {
  const std::vector<OutputChoice> choices = {choice("jsonl", "lines"), choice("csv", "rows"), choice("text", "people")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  ASSERT_TRUE(run(*results).ok());
  const auto alone = [](std::string_view format) {
    return samples::written(samples::format(format), {samples::database_incident()}, samples::summary());
  };
  EXPECT_EQ(Shelf::boxes()["lines"].text, alone("jsonl"));
  EXPECT_EQ(Shelf::boxes()["rows"].text, alone("csv"));
  EXPECT_EQ(Shelf::boxes()["people"].text, alone("text"));
  for (const auto& [name, box] : Shelf::boxes()) {
    EXPECT_TRUE(box.committed) << name;
    EXPECT_FALSE(box.abandoned) << name;
  }
}

TEST_F(ResultOutputsTest, FindingsGoToAllAndFlushReachesAll) {
  const std::vector<OutputChoice> choices = {choice("jsonl", "a"), choice("jsonl", "b")};
  ReportOptions options;
  options.every_finding = true;
  Result<ResultOutputs> results = ResultOutputs::open(choices, options, OutputMode::kAppend, outputs_);
  ASSERT_TRUE(results.ok());
  ASSERT_TRUE(results->begin(samples::header()).ok());
  ASSERT_TRUE(results->finding(samples::timeout_finding()).ok());
  ASSERT_TRUE(outputs_.flush().ok());
  for (const char* name : {"a", "b"}) {
    EXPECT_THAT(Shelf::boxes()[name].text, HasSubstr(samples::timeout_finding().id));
    EXPECT_EQ(Shelf::boxes()[name].flushes, 1);
    EXPECT_FALSE(Shelf::boxes()[name].committed);
  }
}

TEST_F(ResultOutputsTest, ColoursAreOfOneOutputOnly) {
  const std::vector<OutputChoice> choices = {choice("text", "terminal", true), choice("text", "file")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  ASSERT_TRUE(run(*results).ok());
  EXPECT_THAT(Shelf::boxes()["terminal"].text, HasSubstr("\x1b["));
  EXPECT_THAT(Shelf::boxes()["file"].text, testing::Not(HasSubstr("\x1b[")));
}

TEST_F(ResultOutputsTest, AStoppedRunTellsPeopleAndCompletesNothing) {
  const std::vector<OutputChoice> choices = {choice("jsonl", "lines"), choice("text", "people")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  ASSERT_TRUE(results->begin(samples::header()).ok());
  ASSERT_TRUE(results->incident(samples::database_incident()).ok());
  ASSERT_TRUE(results->end_early(samples::summary()).ok());
  ASSERT_TRUE(outputs_.abandon().ok());
  EXPECT_THAT(Shelf::boxes()["lines"].text, testing::Not(HasSubstr("\"summary\"")));
  EXPECT_THAT(Shelf::boxes()["people"].text, HasSubstr("Scanned 145,892 log lines"));
  for (const auto& [name, box] : Shelf::boxes()) {
    EXPECT_TRUE(box.abandoned) << name;
    EXPECT_FALSE(box.committed) << name;
  }
}

TEST_F(ResultOutputsTest, TheErrorOfOneIsTheErrorOfAll) {
  const std::vector<OutputChoice> closed = {choice("jsonl", "a"), choice("jsonl", "closed")};
  const Result<ResultOutputs> none = ResultOutputs::open(closed, {}, OutputMode::kReplace, outputs_);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kOutput);
  const std::vector<OutputChoice> choices = {choice("jsonl", "good"), choice("jsonl", "bad")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  Shelf::boxes()["bad"].broken = true;
  EXPECT_EQ(run(*results).error().message, "the shelf broke");
  EXPECT_FALSE(Shelf::boxes()["good"].committed);
}

TEST_F(ResultOutputsTest, AReaderThatGoesAwayEndsItsOwnOutputOnly) {
  const std::vector<OutputChoice> choices = {choice("jsonl", "pipe"), choice("jsonl", "file")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  Shelf::boxes()["pipe"].reader_gone = true;
  EXPECT_TRUE(run(*results).ok());
  EXPECT_TRUE(Shelf::boxes()["file"].committed);
  EXPECT_THAT(Shelf::boxes()["file"].text, HasSubstr("\"summary\""));
  EXPECT_FALSE(Shelf::boxes()["pipe"].committed);
}

TEST_F(ResultOutputsTest, WithoutAnyReaderTheRunEnds) {
  const std::vector<OutputChoice> choices = {choice("jsonl", "one"), choice("jsonl", "two")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  Shelf::boxes()["one"].reader_gone = Shelf::boxes()["two"].reader_gone = true;
  EXPECT_EQ(run(*results).error().code, ErrorCode::kOutputClosed);
  EXPECT_EQ(outputs_.commit().error().code, ErrorCode::kOutputClosed) << "and stays so";
}

TEST_F(ResultOutputsTest, NothingIsPutInPlaceUnlessAllIsWritten) {
  const std::vector<OutputChoice> choices = {choice("jsonl", "good"), choice("jsonl", "full")};
  Result<ResultOutputs> results = ResultOutputs::open(choices, {}, OutputMode::kReplace, outputs_);
  ASSERT_TRUE(results.ok());
  Shelf::boxes()["full"].full = true;
  EXPECT_EQ(run(*results).error().message, "the shelf is full");
  EXPECT_FALSE(Shelf::boxes()["good"].committed);
}

}  // namespace
}  // namespace logdetect
