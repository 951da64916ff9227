#include "logdetect/learned/allow_path.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace logdetect {
namespace {

class AllowPath : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "allow_path_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(AllowPath, OfAModelsDirectoryLiesInIt) {
  EXPECT_EQ(allow_path(folder_), folder_ + "/allow.yaml");
  EXPECT_EQ(allow_path(folder_ + "/"), folder_ + "/allow.yaml") << "no second slash";
  EXPECT_EQ(allow_path("/"), "/allow.yaml");
}

TEST_F(AllowPath, OfAModelsFileLiesBesideIt) {
  std::ofstream(folder_ + "/model.ldm") << "a model";
  EXPECT_EQ(allow_path(folder_ + "/model.ldm"), folder_ + "/allow.yaml");
}

TEST_F(AllowPath, OfWhatIsNotThereIsThatOfAFile) {
  EXPECT_EQ(allow_path(folder_ + "/none/model.ldm"), folder_ + "/none/allow.yaml");
  EXPECT_EQ(allow_path("/no_such_model.ldm"), "/allow.yaml");
  EXPECT_EQ(allow_path("no_such_model.ldm"), "allow.yaml") << "in the present directory";
}

}  // namespace
}  // namespace logdetect
