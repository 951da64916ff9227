#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::TemporaryDirectory;

class Inputs : public ::testing::Test {
 protected:
  std::vector<std::string> expand(const std::vector<std::string>& arguments, bool recursive = false) {
    IngestOptions options;
    options.recursive = recursive;
    auto inputs = expand_inputs(arguments, options);
    if (!inputs) {
      ADD_FAILURE() << inputs.error().to_string();
      return {};
    }
    inputs_ = *inputs;
    std::vector<std::string> names;
    for (const Input& input : inputs_) {
      const std::string prefix = directory_.path() + "/";
      names.push_back(input.path.starts_with(prefix) ? input.path.substr(prefix.size()) : input.path);
    }
    return names;
  }
  static Error error_of(const std::vector<std::string>& arguments, bool recursive = false) {
    IngestOptions options;
    options.recursive = recursive;
    const auto inputs = expand_inputs(arguments, options);
    if (inputs) {
      ADD_FAILURE() << "expanded all the same";
      return {};
    }
    return inputs.error();
  }

  TemporaryDirectory directory_;
  std::vector<Input> inputs_;
};

TEST_F(Inputs, FilesAsGiven) {
  const std::string b = directory_.write("b.log", "x\n");
  const std::string a = directory_.write("a.log", "x\n");
  EXPECT_THAT(expand({b, a}), ElementsAre("b.log", "a.log"));
  EXPECT_TRUE(inputs_[0].named_explicitly);
  EXPECT_EQ(inputs_[0].name, b);
}

TEST_F(Inputs, EachFileOnceWhateverItsName) {
  const std::string a = directory_.write("a.log", "x\n");
  std::filesystem::create_hard_link(a, directory_ / "hard.log");
  std::filesystem::create_symlink(a, directory_ / "soft.log");
  EXPECT_THAT(expand({directory_ / "soft.log", a, directory_ / "hard.log", a}), ElementsAre("soft.log"));
  EXPECT_THAT(expand({directory_ / "*.log"}), ElementsAre("a.log"));
}

TEST_F(Inputs, StandardInputOnce) {
  EXPECT_THAT(expand({"-", "-"}), ElementsAre("-"));
  EXPECT_EQ(inputs_[0].name, "<stdin>");
}

TEST_F(Inputs, GlobOldestFirstWithoutDirectories) {
  for (const char* name : {"app.log", "app.log.1", "app.log.2.gz", "app.log.10.gz", "other.txt", "app.log.d/x.log"}) {
    directory_.write(name, "x\n");
  }
  EXPECT_THAT(expand({directory_ / "app.log*"}), ElementsAre("app.log.10.gz", "app.log.2.gz", "app.log.1", "app.log"));
  EXPECT_FALSE(inputs_[0].named_explicitly);
  EXPECT_THAT(expand({directory_ / "{other,app}.[tl]*"}),
              ElementsAre("app.log.10.gz", "app.log.2.gz", "app.log.1", "app.log", "other.txt"));
}

TEST_F(Inputs, AFileMayHaveGlobCharactersInItsName) {
  directory_.write("a1.log", "x\n");
  const std::string odd = directory_.write("a[1].log", "x\n");
  EXPECT_THAT(expand({odd}), ElementsAre("a[1].log"));
}

TEST_F(Inputs, DirectoriesRecursivelySorted) {
  for (const char* name : {"z.log", "sub/b.log", "sub/a.log.1", "sub/a.log", "sub/deep/c.log", ".hidden.log"}) {
    directory_.write(name, "x\n");
  }
  std::filesystem::create_directory_symlink(directory_.path(), directory_ / "sub/circle");
  std::filesystem::create_symlink("nowhere", directory_ / "broken");
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(expand({directory_.path()}, true),
              ElementsAre(".hidden.log", "sub/a.log.1", "sub/a.log", "sub/b.log", "sub/deep/c.log", "z.log"));
  EXPECT_FALSE(inputs_[0].named_explicitly);
  EXPECT_THAT(expand({directory_ / "s*"}, true),
              ElementsAre("sub/a.log.1", "sub/a.log", "sub/b.log", "sub/deep/c.log"));
}

TEST_F(Inputs, ADirectoryNeedsTheSwitch) {
  directory_.write("sub/a.log", "x\n");
  const Error error = error_of({directory_ / "sub"});
  EXPECT_EQ(error.code, ErrorCode::kInput);
  EXPECT_EQ(error.where, directory_ / "sub");
  EXPECT_THAT(error.hint, HasSubstr("-r"));
  EXPECT_THAT(error_of({directory_ / "s*"}).hint, HasSubstr("-r"));
}

TEST_F(Inputs, AnEmptyDirectoryIsAnError) {
  EXPECT_THAT(error_of({directory_.path()}, true).message, HasSubstr("no files"));
}

TEST_F(Inputs, AMissingFileNamesItsNeighbour) {
  directory_.write("server.log", "x\n");
  const Error error = error_of({directory_ / "servr.log"});
  EXPECT_EQ(error.code, ErrorCode::kInput);
  EXPECT_EQ(error.hint, "did you mean '" + (directory_ / "server.log") + "'?");
  EXPECT_EQ(error_of({directory_ / "nothing-like-it"}).hint, "");
  EXPECT_THAT(error_of({directory_ / "no/such/file"}).hint, HasSubstr("cannot be read"));
}

TEST_F(Inputs, APatternThatMatchesNothing) {
  EXPECT_THAT(error_of({directory_ / "*.log"}).message, HasSubstr("nothing matches"));
}

TEST_F(Inputs, NothingOrAnEmptyNameIsAMistakeOfUse) {
  EXPECT_EQ(error_of({}).code, ErrorCode::kUsage);
  EXPECT_EQ(error_of({""}).code, ErrorCode::kUsage);
}

TEST_F(Inputs, ANamedPipeAndADeviceMayBeRead) {
  ASSERT_EQ(::mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(expand({directory_ / "pipe", "/dev/null"}), ElementsAre("pipe", "/dev/null"));
}

}  // namespace
}  // namespace logdetect
