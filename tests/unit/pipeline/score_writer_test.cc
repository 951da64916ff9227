#include "pipeline/score_writer.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

namespace fs = std::filesystem;

constexpr Micros kStart = 1'705'276'800LL * kMicrosPerSecond;  // 2024-01-15T00:00:00Z

class ScoreWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/score_writer_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto created = Ensemble::create({});
    ASSERT_TRUE(created.ok());
    ensemble_ = std::move(created).value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(at(name), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  std::unique_ptr<ScoreWriter> open(const std::string& scores, const std::string& sessions) {
    auto writer = ScoreWriter::open(scores, sessions, *ensemble_, outputs_);
    EXPECT_TRUE(writer.ok());
    return std::move(writer).value();
  }

  fs::path folder_;
  std::optional<Ensemble> ensemble_;
  OutputSet outputs_;
  std::string source_ = "app.log";
  Record record_;
  Event event_;
  Verdict verdict_;
  BatchScores scores_;
};

TEST_F(ScoreWriterTest, ARowTellsOfARecordAndEveryDetector) {
  const auto writer = open(at("s.csv"), "");
  record_.position.line = 7;
  record_.line_count = 3;
  event_.has_time = true;
  event_.time = kStart;
  event_.template_id = TemplateId(41);
  verdict_.score = 0.5;
  scores_.rows = 2;
  scores_.surprise = {1.25F, 2.5F, 3.75F, 1234.5F};  // two detectors
  ASSERT_TRUE(writer->record({source_, record_, event_, verdict_, scores_, 0}).ok());
  event_.time = kStart + kMicrosPerSecond;
  verdict_.anomalous = true;
  record_.line_count = 1;
  ASSERT_TRUE(writer->record({source_, record_, event_, verdict_, scores_, 1}).ok());
  event_.has_time = false;
  source_ = "a,b";
  scores_ = {};
  ASSERT_TRUE(writer->record({source_, record_, event_, verdict_, scores_, 0}).ok());
  ASSERT_TRUE(writer->session({}, true).ok()) << "not asked for";
  ASSERT_TRUE(outputs_.commit().ok());
  EXPECT_EQ(content("s.csv"),
            "source,line,last_line,time,template_id,score,anomaly,novelty,forest\n"
            "app.log,7,9,2024-01-15T00:00:00Z,41,0.500000,0,1.2500,3.7500\n"
            "app.log,7,7,2024-01-15T00:00:01Z,41,0.500000,1,2.5000,1234.5000\n"
            "\"a,b\",7,7,,41,0.500000,1\n");
}

TEST_F(ScoreWriterTest, ARowTellsOfASession) {
  const auto writer = open("", at("t.csv"));
  OpenSession session;
  session.name = "blk 1,2";
  session.score = 0.25;
  session.state.first = kStart;
  session.state.last = kStart + 90 * kMicrosPerSecond;
  session.state.events = 12;
  ASSERT_TRUE(writer->session(session, true).ok());
  session.reported = true;
  session.name = "b";
  ASSERT_TRUE(writer->session(session, false).ok());
  ASSERT_TRUE(writer->record({source_, record_, event_, verdict_, scores_, 0}).ok()) << "not asked for";
  ASSERT_TRUE(outputs_.commit().ok());
  EXPECT_EQ(content("t.csv"),
            "session,score,anomaly,first,last,events\n"
            "\"blk 1,2\",0.250000,0,2024-01-15T00:00:00Z,2024-01-15T00:01:30Z,12\n"
            "b,0.250000,1,,,12\n");
}

// Against the C library's way of writing decimals.
TEST_F(ScoreWriterTest, NumbersAreRoundedAsByTheLibrary) {
  const auto writer = open("", at("n.csv"));
  std::vector<double> values = {0,    0.1, 0.999999,  0.9999996,      0.0000004, 0.0000006, 1e-300,          1,
                                9.99, 10,  12345.678, 999'999'999.75, 1e9 - 1,   1e9,       1'234'567'890.5, 1e12};
  Rng rng(5);
  for (int i = 0; i < 300; ++i) {
    values.push_back(static_cast<double>(rng.below(1'000'000'007)) / 1'000'000'007.0);
  }
  std::string want = "session,score,anomaly,first,last,events\n";
  for (const double value : values) {
    OpenSession session;
    session.name = "s";
    session.score = value;
    ASSERT_TRUE(writer->session(session, false).ok());
    char text[64];
    std::snprintf(text, sizeof text, "%.6f", value);
    want += std::string("s,") + text + ",0,,,0\n";
  }
  ASSERT_TRUE(outputs_.commit().ok());
  EXPECT_EQ(content("n.csv"), want);
}

}  // namespace
}  // namespace logdetect
