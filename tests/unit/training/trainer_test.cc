#include "training/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "logdetect/training/model_source.h"
#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A folder with logs and models.
class TrainFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "trainer_test_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A log of so many records, one a second from this minute of 2024 on.
  std::string log(const std::string& name, int records, int minute = 0) const {
    std::ofstream out(folder_ + "/" + name);
    for (int i = 0; i < records; ++i) {
      const int second = 60 * minute + i;
      std::string time = "2024-01-01T00:00:00Z";
      time[11] = static_cast<char>('0' + second / 36000);
      time[12] = static_cast<char>('0' + second / 3600 % 10);
      time[14] = static_cast<char>('0' + second / 600 % 6);
      time[15] = static_cast<char>('0' + second / 60 % 10);
      time[17] = static_cast<char>('0' + second / 10 % 6);
      time[18] = static_cast<char>('0' + second % 10);
      out << time << " INFO shop request " << (i % 2 == 0 ? "started" : "finished") << '\n';
    }
    return folder_ + "/" + name;
  }
  [[nodiscard]] Result<TrainReport> train_on(const std::vector<std::string>& inputs, bool update = false) const {
    TrainRequest request;
    request.config = config_;
    request.config_yaml = "ensemble:\n  detectors: [novelty]\n";
    request.inputs = inputs;
    request.output = folder_ + "/model";
    request.update = update;
    request.allow = allow_;
    return train(request, {});
  }

  Config config_ = small_config();
  std::string folder_;
  std::string allow_;
};

TEST_F(TrainFiles, TwentyRecordsAreTheFewest) {
  const auto few = train_on({log("few.log", 19)});
  ASSERT_FALSE(few.ok());
  EXPECT_EQ(few.error().code, ErrorCode::kUsage);
  EXPECT_THAT(few.error().to_string(), HasSubstr("only 19 log records to learn from; at least 20 are needed"));
  EXPECT_THAT(few.error().to_string(), HasSubstr("few.log"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/model/model.ldm"));
  const auto enough = train_on({log("enough.log", 20)});
  ASSERT_TRUE(enough.ok()) << enough.error().to_string();
  EXPECT_EQ(enough->summary.records, 20U);
  EXPECT_EQ(enough->summary.lines, 20U);
  EXPECT_GE(enough->summary.seconds, 0);
  EXPECT_EQ(enough->model_path, folder_ + "/model/model.ldm");
  EXPECT_TRUE(std::filesystem::exists(enough->model_path));
}

TEST_F(TrainFiles, OfSeveralInputsNoneIsNamed) {
  const auto few = train_on({log("a.log", 5), log("b.log", 5, 5)});
  ASSERT_FALSE(few.ok());
  EXPECT_THAT(few.error().to_string(), HasSubstr("only 10 log records"));
  EXPECT_THAT(few.error().to_string(), Not(HasSubstr("a.log")));
}

TEST_F(TrainFiles, AnUpdateNeedsOneRecordAndAModel) {
  const auto without = train_on({log("one.log", 1)}, true);
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.error().code, ErrorCode::kModel);
  ASSERT_TRUE(train_on({log("history.log", 100)}).ok());
  const auto none = train_on({log("none.log", 0)}, true);
  ASSERT_FALSE(none.ok());
  const auto one = train_on({log("one.log", 1, 10)}, true);
  ASSERT_TRUE(one.ok()) << one.error().to_string();
  EXPECT_EQ(one->summary.records, 1U);
  EXPECT_EQ(one->new_templates, 0U);
  const auto read = Bundle::load(folder_ + "/model");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read_model(*read)->facts.records, 101U);
}

TEST_F(TrainFiles, AnUpdateOfWhatWasLearntAlreadyIsTold) {
  ASSERT_TRUE(train_on({log("history.log", 100, 10)}).ok());
  const auto again = train_on({log("again.log", 100, 10)}, true);
  ASSERT_TRUE(again.ok()) << again.error().to_string();
  EXPECT_THAT(again->advice, Contains(HasSubstr("records it learnt already count twice")));
}

TEST_F(TrainFiles, OnlyTheLastDaysTeach) {
  config_.run.days = 60.0 / 86'400;  // a minute
  const auto report = train_on({log("history.log", 200)});
  ASSERT_TRUE(report.ok()) << report.error().to_string();
  EXPECT_EQ(report->summary.records, 200U);
  EXPECT_GE(report->summary.records_known, 60U);
  EXPECT_LE(report->summary.records_known, 61U);
  EXPECT_EQ(report->summary.records_known + report->summary.records_dropped, 200U);
}

TEST_F(TrainFiles, RulesThatCannotBeReadAreAnError) {
  allow_ = folder_ + "/rules.yaml";
  std::ofstream(allow_) << "- no: rule\n";
  const auto report = train_on({log("history.log", 100)});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kConfig);
}

TEST_F(TrainFiles, RulesBesideTheModelAreFoundByThemselves) {
  std::filesystem::create_directory(folder_ + "/model");
  std::ofstream(folder_ + "/model/allow.yaml") << "- no: rule\n";
  EXPECT_FALSE(train_on({log("history.log", 100)}).ok());
}

TEST_F(TrainFiles, AModelIsReadOrTrainedButNotBoth) {
  const auto obtain = [&](const std::string& path, const std::vector<std::string>& baseline) {
    return obtain_model(path, baseline, config_, "", {});
  };
  for (const auto& result : {obtain("", {}), obtain(folder_ + "/model", {folder_ + "/a.log"})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kUsage);
    EXPECT_EQ(result.error().message, "give either --model or --baseline");
  }
  const auto trained = obtain("", {log("history.log", 100)});
  ASSERT_TRUE(trained.ok()) << trained.error().to_string();
  EXPECT_EQ((*trained)->facts.records, 100U);
  EXPECT_EQ(obtain(folder_ + "/model", {}).error().code, ErrorCode::kModel);
  ASSERT_TRUE(train_on({log("other.log", 50)}).ok());
  const auto read = obtain(folder_ + "/model", {});
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ((*read)->facts.records, 50U);
}

}  // namespace
}  // namespace logdetect
