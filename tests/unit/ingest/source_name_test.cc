#include "ingest/source_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "unit/ingest/ingest_fixtures.h"

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing_support::TemporaryDirectory;

// "scheme|target", for comparison in one line.
std::string parsed(const std::string& word, std::string_view plain = "file") {
  const auto name = parse_source_name(word, plain);
  if (!name.ok()) {
    ADD_FAILURE() << word << ": " << name.error().to_string();
    return {};
  }
  EXPECT_EQ(name->typed, word);
  return name->scheme + "|" + name->target;
}

Error refused(const std::string& word) {
  const auto name = parse_source_name(word, "file");
  if (name.ok()) {
    ADD_FAILURE() << word << " was taken as " << name->scheme << "|" << name->target;
    return {};
  }
  return name.error();
}

TEST(SourceName, PlainNamesTakeTheSchemeOfTheVerb) {
  for (const char* word : {"app.log", "/var/log/app.log", "./app.log", "../x", "a b", "app?.log", "*.log", "~/x"}) {
    EXPECT_EQ(parsed(word), std::string("file|") + word);
    EXPECT_EQ(parsed(word, "follow"), std::string("follow|") + word);
  }
}

TEST(SourceName, ADashIsStandardInput) {
  EXPECT_EQ(parsed("-"), "stdin|-");
  EXPECT_EQ(parsed("-", "follow"), "stdin|-");
  EXPECT_EQ(parsed("./-"), "file|./-");
  EXPECT_EQ(parsed("--"), "file|--");
}

TEST(SourceName, ASchemeWithOneColonOrSlashes) {
  EXPECT_EQ(parsed("file:app.log"), "file|app.log");
  EXPECT_EQ(parsed("file://app.log"), "file|app.log");
  EXPECT_EQ(parsed("file:///var/app.log"), "file|/var/app.log");
  EXPECT_EQ(parsed("file:/var/app.log"), "file|/var/app.log");
  EXPECT_EQ(parsed("directory:logs"), "directory|logs");
  EXPECT_EQ(parsed("stdin:"), "stdin|");
  EXPECT_EQ(parsed("follow:a:b.log"), "follow|a:b.log");
  EXPECT_EQ(parsed("file:"), "file|");
}

TEST(SourceName, ANameWithAnUnknownSchemeIsAFile) {
  for (const char* word : {"a:b.log", "ab:c.log", "host-1:app.log", "12:30.log", "File:x", "C:/x", "f:x", ":x",
                           "a/file:x", "./file:x", "fi_le:x"}) {
    EXPECT_EQ(parsed(word), std::string("file|") + word);
  }
}

TEST(SourceName, AnExistingFileIsThatFile) {
  const TemporaryDirectory directory;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  std::ofstream("file:x.log") << "x\n";
  EXPECT_EQ(parsed("file:x.log"), "file|file:x.log");
  EXPECT_EQ(parsed("follow:x.log"), "follow|x.log");
  EXPECT_FALSE(parse_source_name("file:x.log", "file")->stated);
  EXPECT_TRUE(parse_source_name("file:y.log", "file")->stated);
  std::filesystem::current_path(before);
}

TEST(SourceName, AnUnknownSchemeWithSlashesIsAMistake) {
  const Error near = refused("folow://app.log");
  EXPECT_EQ(near.code, ErrorCode::kUsage);
  EXPECT_EQ(near.where, "folow://app.log");
  EXPECT_EQ(near.hint, "did you mean 'follow://app.log'?");
  const Error far = refused("mystery://app.log");
  EXPECT_THAT(far.message, HasSubstr("'mystery'"));
  EXPECT_THAT(far.hint, HasSubstr("help sources"));
  EXPECT_EQ(refused("").code, ErrorCode::kUsage);
}

TEST(SourceName, OptionsStandBehindTheLastQuestionMark) {
  const auto name = parse_source_name("follow:a?.log?rotate_wait=60&flush_partial=0.25", "file");
  ASSERT_TRUE(name.ok()) << name.error().to_string();
  EXPECT_EQ(name->target, "a?.log");
  EXPECT_EQ(name->options.number("rotate_wait"), 60);
  EXPECT_EQ(name->options.number("flush_partial"), 0.25);
  EXPECT_EQ(name->options.text("flush_stitched"), "0.5");
  EXPECT_EQ(parsed("follow:a.log?"), "follow|a.log?");
  EXPECT_EQ(parsed("follow:a.log?x"), "follow|a.log?x");
  EXPECT_EQ(parsed("follow:a.log?=x"), "follow|a.log?=x");
  EXPECT_EQ(parsed("follow:a.log?x y=1"), "follow|a.log?x y=1");
  // A source without options leaves its target alone.
  EXPECT_EQ(parsed("file:a.log?rotate_wait=60"), "file|a.log?rotate_wait=60");
}

TEST(SourceName, WrongOptionsNameTheWord) {
  for (const char* word :
       {"follow:a.log?rotate_wai=60", "follow:a.log?rotate_wait=", "follow:a.log?rotate_wait=x",
        "follow:a.log?rotate_wait=-1", "follow:a.log?rotate_wait=1&", "follow:a.log?rotate_wait=1&x"}) {
    const auto name = parse_source_name(word, "file");
    if (std::string_view(word).ends_with('&')) {
      EXPECT_TRUE(name.ok()) << "nothing follows the last '&'";
      continue;
    }
    ASSERT_FALSE(name.ok()) << word;
    EXPECT_EQ(name.error().code, ErrorCode::kUsage);
    EXPECT_EQ(name.error().where, word);
  }
  EXPECT_EQ(refused("follow:a.log?rotate_wai=60").hint, "did you mean 'rotate_wait'?");
}

TEST(SourceName, ListsSchemesByUse) {
  EXPECT_EQ(scheme_list(false), "file, directory, stdin");
  EXPECT_EQ(scheme_list(true), "follow");
  EXPECT_EQ(with_nearest_scheme("fle:x"), "file:x");
  EXPECT_EQ(with_nearest_scheme("mystery:x"), "");
  EXPECT_EQ(with_nearest_scheme("x"), "");
}

}  // namespace
}  // namespace logdetect
