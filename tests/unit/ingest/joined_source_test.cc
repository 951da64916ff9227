#include "ingest/joined_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "ingest/source_cursor.h"
#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A source that does what its script says, one word a call of next(): a letter is a record of the input with its number
// behind it ("a1"), "" is an empty batch, "!" an error; the end of the script is the end.
class ScriptedSource final : public RecordSource {
 public:
  explicit ScriptedSource(std::deque<std::string> script, std::string name = "input")
      : script_(std::move(script)), name_(std::move(name)) {}

  Result<bool> next(RecordBatch& batch, Micros wait) override {
    batch.clear();
    waits.push_back(wait);
    if (finished || script_.empty()) {
      return false;
    }
    const std::string word = script_.front();
    script_.pop_front();
    if (word == "!") {
      counted.problems.push_back(make_error(ErrorCode::kInput, "broken", name_));
      return counted.problems.back();
    }
    if (!word.empty()) {
      SourcePosition at;
      at.source = SourceId(static_cast<SourceId::rep>(word[1] - '0'));
      batch.append(word.substr(0, 1), at, 1, false);
      ++counted.lines;
    }
    return true;
  }
  void finish() override { finished = true; }
  [[nodiscard]] std::string cursor() const override { return place; }
  Result<void> commit(const std::string& cursor) override {
    committed.push_back(cursor);
    return {};
  }
  [[nodiscard]] IngestCounters counters() const override { return counted; }
  [[nodiscard]] const std::string& source_name(SourceId /*id*/) const override { return name_; }
  [[nodiscard]] Micros source_mtime(SourceId id) const override { return 10 + id.value(); }
  [[nodiscard]] std::uint64_t total_bytes() const override { return total; }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return 3; }

  std::vector<Micros> waits;
  std::vector<std::string> committed;
  std::string place;
  std::uint64_t total = 7;
  bool finished = false;
  IngestCounters counted;

 private:
  std::deque<std::string> script_;
  std::string name_;
};

class Joined : public testing::Test {
 protected:
  ScriptedSource& add(std::deque<std::string> script, std::size_t inputs = 1, std::string name = "input",
                      std::string scheme = "test") {
    auto source = std::make_unique<ScriptedSource>(std::move(script), std::move(name));
    ScriptedSource& added = *source;
    joined().add(std::move(source), std::move(scheme), inputs);
    return added;
  }
  JoinedSource& joined() { return live ? in_turns_ : in_order_; }
  // Texts with their ids, "." for an empty batch, until the end or `most` calls.
  std::vector<std::string> read(std::size_t most = 20) {
    std::vector<std::string> seen;
    for (std::size_t i = 0; i < most; ++i) {
      RecordBatch batch;
      const auto more = joined().next(batch, 60);
      if (!more.ok()) {
        seen.push_back("error");
        return seen;
      }
      if (!*more && batch.empty()) {
        return seen;
      }
      seen.push_back(batch.empty() ? "."
                                   : std::string(batch.records()[0].text) +
                                         std::to_string(batch.records()[0].position.source.value()));
    }
    return seen;
  }

  bool live = false;

 private:
  JoinedSource in_order_{JoinedSource::Order::kOneAfterTheOther};
  JoinedSource in_turns_{JoinedSource::Order::kInTurns};
};

TEST_F(Joined, OneAfterTheOtherWithIdsOfTheRun) {
  add({"a0", "", "b1"}, 2, "first");
  add({}, 1, "empty");
  add({"c0", "d2"}, 3, "third");
  EXPECT_THAT(read(), ElementsAre("a0", ".", "b1", "c3", "d5"));
  EXPECT_THAT(read(), IsEmpty()) << "the end stays";
  EXPECT_EQ(joined().source_name(SourceId(1)), "first");
  EXPECT_EQ(joined().source_name(SourceId(2)), "empty");
  EXPECT_EQ(joined().source_name(SourceId(3)), "third");
  EXPECT_EQ(joined().source_mtime(SourceId(5)), 12);
  EXPECT_EQ(joined().counters().lines, 4U);
}

TEST_F(Joined, WhatCannotBeReadIsLeftForTheNext) {
  add({"!"});
  add({"a0"});
  EXPECT_THAT(read(), ElementsAre("a1"));
  EXPECT_EQ(joined().counters().problems.size(), 1U);
}

TEST_F(Joined, NothingReadableIsTheFirstError) {
  add({"!"}, 1, "first");
  add({"!"}, 1, "second");
  RecordBatch batch;
  for (int again = 0; again < 2; ++again) {
    const auto more = joined().next(batch, 0);
    ASSERT_FALSE(more.ok());
    EXPECT_EQ(more.error().where, "first");
  }
}

TEST_F(Joined, AnErrorAfterRecordsEndsTheRun) {
  add({"a0", "!"});
  add({"b0"});
  EXPECT_THAT(read(), ElementsAre("a0", "error"));
}

TEST_F(Joined, AtMostAHundredProblemsOfAll) {
  for (int i = 0; i < 3; ++i) {
    add({}).counted.problems.assign(40, make_error(ErrorCode::kInput, "p"));
  }
  EXPECT_EQ(joined().counters().problems.size(), kMostProblems);
}

TEST_F(Joined, BytesAreUnknownWhenOneDoesNotKnow) {
  add({});
  ScriptedSource& second = add({});
  EXPECT_EQ(joined().total_bytes(), 14U);
  EXPECT_EQ(joined().consumed_bytes(), 6U);
  second.total = 0;
  EXPECT_EQ(joined().total_bytes(), 0U);
}

TEST_F(Joined, LiveSourcesTakeTurnsAndShareTheTime) {
  live = true;
  const ScriptedSource& first = add({"a0", "b0", "", ""});
  const ScriptedSource& second = add({"c0", "", "d0", ""});
  EXPECT_THAT(read(3), ElementsAre("a0", "c1", "b0"));
  EXPECT_THAT(read(1), ElementsAre("."));  // nothing from both, one after the other
  EXPECT_THAT(read(1), ElementsAre("d1"));
  EXPECT_THAT(first.waits, testing::Each(30));
  EXPECT_THAT(second.waits, testing::Each(30));
}

TEST_F(Joined, ALiveSourceThatEndsLeavesItsTimeToTheOthers) {
  live = true;
  add({"a0"});
  const ScriptedSource& second = add({"", "", "b0"});
  EXPECT_THAT(read(), ElementsAre("a0", ".", ".", "b1"));
  EXPECT_EQ(second.waits.back(), 60);
}

TEST_F(Joined, FinishReachesAllOfThem) {
  live = true;
  const ScriptedSource& first = add({"a0"});
  const ScriptedSource& second = add({"b0"});
  joined().finish();
  EXPECT_TRUE(first.finished);
  EXPECT_TRUE(second.finished);
  EXPECT_THAT(read(), IsEmpty());
}

TEST_F(Joined, CursorsComeTogetherAndGoBackToTheirSource) {
  live = true;
  ScriptedSource& first = add({}, 1, "a", "follow");
  ScriptedSource& second = add({}, 1, "b", "kafka");
  add({}, 1, "c", "nothing");
  EXPECT_EQ(joined().cursor().size(), 0U);
  first.place = "line 3";
  second.place = "offset 4";
  const std::string cursor = joined().cursor();
  EXPECT_EQ(decode_cursor(cursor)->size(), 2U) << "a source without a cursor has no part in it";
  ASSERT_TRUE(joined().commit(cursor).ok());
  EXPECT_THAT(first.committed, ElementsAre("line 3"));
  EXPECT_THAT(second.committed, ElementsAre("offset 4"));
  EXPECT_FALSE(joined().commit("nonsense").ok());
  EXPECT_TRUE(joined().commit("").ok());
}

}  // namespace
}  // namespace logdetect
