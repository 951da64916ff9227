#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
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
    auto inputs = resolve_inputs(arguments, options);
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
    const auto inputs = resolve_inputs(arguments, options);
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

TEST_F(Inputs, SchemesSayHowToRead) {
  const std::string a = directory_.write("sub/a.log", "x\n");
  const std::string b = directory_.write("b.log", "x\n");
  EXPECT_THAT(expand({"file:" + b, "directory://" + (directory_ / "sub"), "stdin:", "-", b}),
              ElementsAre("b.log", "sub/a.log", "-"));
  EXPECT_EQ(inputs_[0].scheme, "file");
  EXPECT_EQ(inputs_[1].scheme, "directory");
  EXPECT_EQ(inputs_[2].scheme, "stdin");
  EXPECT_FALSE(inputs_[0].once);
  EXPECT_TRUE(inputs_[2].once);
  EXPECT_EQ(error_of({"directory:" + b}).code, ErrorCode::kInput);
  EXPECT_EQ(error_of({"stdin:x"}).code, ErrorCode::kUsage);
}

TEST_F(Inputs, ANameWithAColonIsAFile) {
  const std::filesystem::path before = std::filesystem::current_path();
  directory_.write("a:b.log", "x\n");
  directory_.write("file:c.log", "x\n");
  std::filesystem::current_path(directory_.path());
  EXPECT_THAT(expand({"a:b.log", "file:c.log", "./file:c.log"}), ElementsAre("a:b.log", "file:c.log"));
  EXPECT_EQ(error_of({"folow:b.log"}).hint, "did you mean 'follow:b.log'?");
  std::filesystem::current_path(before);
}

TEST_F(Inputs, EachUseTakesItsOwnSources) {
  const Error endless = error_of({"follow:a.log"});
  EXPECT_EQ(endless.code, ErrorCode::kUsage);
  EXPECT_EQ(endless.hint, "sources that end: file, directory, stdin");
  for (const char* word : {"-", "file:a.log"}) {
    const auto ending = resolve_inputs({word}, IngestOptions(), InputUse::kLive);
    ASSERT_FALSE(ending.ok());
    EXPECT_EQ(ending.error().code, ErrorCode::kUsage);
    EXPECT_THAT(ending.error().hint, HasSubstr("follow"));
  }
}

TEST_F(Inputs, AFollowedFileMayComeLaterButIsNeverCompressed) {
  const std::string packed = directory_.write("a.gz", testing_support::gzip("x\n"));
  const auto late =
      resolve_inputs({directory_ / "late.log", directory_ / "late.log"}, IngestOptions(), InputUse::kLive);
  ASSERT_TRUE(late.ok());
  ASSERT_EQ(late->size(), 1U);
  EXPECT_EQ(late->front().scheme, "follow");
  const auto refused = resolve_inputs({packed}, IngestOptions(), InputUse::kLive);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInput);
  EXPECT_EQ(refused.error().where, packed);
}

TEST_F(Inputs, OptionsOfAFollowedFileReachItsSource) {
  const std::string log = directory_.write("a.log", "partial");
  const auto open = [&](const std::vector<std::string>& words) {
    OpenOptions how;
    how.start = SourceStart::kBegin;
    return open_inputs(resolve_inputs(words, IngestOptions(), InputUse::kLive).value(), how);
  };
  const auto source = open({"follow:" + log + "?flush_partial=0"});
  ASSERT_TRUE(source.ok());
  RecordBatch batch;
  ASSERT_TRUE(source.value()->next(batch, 0).ok());
  ASSERT_EQ(batch.size(), 1U);
  EXPECT_EQ(batch.records()[0].text, "partial");
  const auto torn = open({"follow:" + log + "?flush_partial=0", "follow:" + log + ".2?flush_partial=1"});
  ASSERT_FALSE(torn.ok());
  EXPECT_EQ(torn.error().code, ErrorCode::kUsage);
}

TEST_F(Inputs, AReaderGoesOnFromItsCursor) {
  const std::string log = directory_.write("a.log", "one\ntwo\n");
  OpenOptions how;
  how.start = SourceStart::kBegin;
  how.ingest.stitch = false;
  const auto texts_from = [&] {
    const auto source = open_inputs(resolve_inputs({log}, how.ingest, InputUse::kLive).value(), how);
    EXPECT_TRUE(source.ok()) << source.error().to_string();
    RecordBatch batch;
    EXPECT_TRUE(source.value()->next(batch, 0).ok());
    how.cursor = source.value()->cursor();
    return testing_support::texts(testing_support::owned(batch));
  };
  EXPECT_THAT(texts_from(), ElementsAre("one", "two"));
  EXPECT_THAT(texts_from(), ElementsAre());
  std::ofstream(log, std::ios::app) << "three\n";
  EXPECT_THAT(texts_from(), ElementsAre("three"));
  how.cursor.back() ^= 1;
  const auto damaged = open_inputs(resolve_inputs({log}, how.ingest, InputUse::kLive).value(), how);
  ASSERT_FALSE(damaged.ok());
  EXPECT_EQ(damaged.error().code, ErrorCode::kOutput);
}

TEST_F(Inputs, WhatEndsHasNoCursor) {
  const auto source = open_inputs(resolve_inputs({directory_.write("a.log", "x\n")}, IngestOptions()).value(), {});
  ASSERT_TRUE(source.ok());
  RecordBatch batch;
  ASSERT_TRUE(source.value()->next(batch, 0).ok());
  EXPECT_EQ(source.value()->cursor(), "");
  EXPECT_TRUE(source.value()->commit("").ok());
}

}  // namespace
}  // namespace logdetect
