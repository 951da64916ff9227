#include "logdetect/report/output_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "unit/report/string_output.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

Result<std::unique_ptr<Output>> in_memory(const std::string& /*rest*/, OutputMode /*mode*/) {
  return std::unique_ptr<Output>(std::make_unique<samples::StringOutput>());
}
std::string itself(const std::string& rest) {
  return rest;
}

constexpr std::array<FormatInfo, 3> kFormats = {
    {{"text", "", true, true}, {"json", "", false, false}, {"jsonl", "", false, true}}};
constexpr std::array<OutputEntry, 3> kDestinations = {
    {{kStandardOutputScheme, "-", "standard output", "", in_memory, itself},
     {kFileScheme, "FILE", "a file", "", in_memory, itself},
     {"queue", "queue://HOST/TOPIC", "a queue", "jsonl", in_memory, itself}}};
const OutputRules kRules{kFormats, kDestinations, "text"};

struct Read {
  std::string_view format, scheme;
  std::string rest;
  bool operator==(const Read&) const = default;
};

Read read(const std::string& text) {
  const Result<OutputChoice> choice = read_output(text, kRules);
  EXPECT_TRUE(choice.ok()) << text << ": " << choice.error().to_string();
  return choice.ok() ? Read{choice->format.name, choice->target.entry->scheme, choice->target.rest} : Read{};
}

Error refused(const std::string& text) {
  const Result<OutputChoice> choice = read_output(text, kRules);
  EXPECT_FALSE(choice.ok()) << text;
  return choice.ok() ? Error{} : choice.error();
}

TEST(ReadOutput, TakesAPathAsItIs) {
  EXPECT_EQ(read("result.txt"), (Read{"text", "file", "result.txt"}));
  EXPECT_EQ(read("a b/ä"), (Read{"text", "file", "a b/ä"}));
  EXPECT_EQ(read("/"), (Read{"text", "file", "/"}));
}

TEST(ReadOutput, ADashIsStandardOutputAndOnlyAlone) {
  EXPECT_EQ(read("-").scheme, "stdout");
  EXPECT_EQ(read("json:-"), (Read{"json", "stdout", "-"}));
  EXPECT_EQ(read("./-"), (Read{"text", "file", "./-"}));
  EXPECT_EQ(read("-x"), (Read{"text", "file", "-x"}));
}

TEST(ReadOutput, AFormatInFrontIsCutOff) {
  EXPECT_EQ(read("json:x"), (Read{"json", "file", "x"}));
  EXPECT_EQ(read("json:x:y"), (Read{"json", "file", "x:y"}));
  EXPECT_EQ(read("json:jsonl:x"), (Read{"json", "file", "jsonl:x"}));
  EXPECT_EQ(read("text:./x"), (Read{"text", "file", "./x"}));
}

TEST(ReadOutput, AnotherWordBeforeAColonBelongsToTheFile) {
  EXPECT_EQ(read("C:x"), (Read{"text", "file", "C:x"}));
  EXPECT_EQ(read("JSON:x"), (Read{"text", "file", "JSON:x"}));
  EXPECT_EQ(read("jsno:x"), (Read{"text", "file", "jsno:x"}));
  EXPECT_EQ(read(":x"), (Read{"text", "file", ":x"}));
  EXPECT_EQ(read("json"), (Read{"text", "file", "json"}));
}

TEST(ReadOutput, DotSlashKeepsAnyName) {
  EXPECT_EQ(read("./json:x"), (Read{"text", "file", "./json:x"}));
  EXPECT_EQ(read("./queue://x"), (Read{"text", "file", "./queue://x"}));
  EXPECT_EQ(read("json:./json:x"), (Read{"json", "file", "./json:x"}));
}

TEST(ReadOutput, ASchemeNamesItsDestination) {
  EXPECT_EQ(read("file:///tmp/x"), (Read{"text", "file", "/tmp/x"}));
  EXPECT_EQ(read("json:file://x"), (Read{"json", "file", "x"}));
  EXPECT_EQ(read("queue://host/topic").rest, "host/topic");
  EXPECT_EQ(read("://x"), (Read{"text", "file", "://x"})) << "no scheme";
  EXPECT_EQ(read("2b://x"), (Read{"text", "file", "2b://x"})) << "a scheme begins with a letter";
  EXPECT_EQ(read("a b://x"), (Read{"text", "file", "a b://x"})) << "a scheme holds no blank";
}

TEST(ReadOutput, AnUnknownSchemeIsNoFile) {
  const Error error = refused("queu://host/topic");
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_EQ(error.message, "unknown destination 'queu://'");
  EXPECT_EQ(error.hint,
            "did you mean queue://? Known: stdout://, file://, queue://; ./ in front makes it the name of "
            "a file");
  EXPECT_THAT(refused("jsno://x").hint, HasSubstr("Known: stdout://, file://, queue://"));
  EXPECT_EQ(refused("json:nowhere://x").code, ErrorCode::kUsage);
}

TEST(ReadOutput, NamesAPlace) {
  EXPECT_EQ(refused("").code, ErrorCode::kUsage);
  EXPECT_EQ(refused("json:").code, ErrorCode::kUsage);
}

TEST(ReadOutput, TheDestinationStatesItsFormatAndAnotherMayBeNamed) {
  EXPECT_EQ(read("queue://t").format, "jsonl");
  EXPECT_EQ(read("text:queue://t").format, "text");
  const Error error = refused("json:queue://t");
  EXPECT_EQ(error.message, "queue:// takes records one by one, which json does not write");
  EXPECT_EQ(error.hint, "formats for it: text or jsonl");
}

TEST(ReadOutput, AFormatOfAnotherVerbIsNoFile) {
  const Error error = refused("csv:x");
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_EQ(error.message, "this command does not write csv");
  EXPECT_EQ(error.hint, "it writes text, json or jsonl; ./ in front makes it the name of a file");
  const OutputRules without{std::span(kFormats).first(2), kDestinations, "text"};
  EXPECT_EQ(read_output("queue://t", without).error().message, "this command does not write jsonl");
}

TEST(ReadOutputs, RefusesTwoForOnePlace) {
  const std::array<std::string, 3> good = {"text:a", "json:b", "-"};
  const Result<std::vector<OutputChoice>> read = read_outputs(good, kRules);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->size(), 3U);
  EXPECT_TRUE(for_people(*read));
  EXPECT_FALSE(for_people(std::span(*read).subspan(1, 1)));
  const std::array<std::string, 3> twice = {"text:a", "-", "json:a"};
  const Result<std::vector<OutputChoice>> refused = read_outputs(twice, kRules);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  EXPECT_EQ(refused.error().where, "--output json:a");
}

TEST(OutputTarget, APlaceIsOneUnderAllItsNames) {
  namespace fs = std::filesystem;
  std::string name = testing::TempDir() + "/place_test.XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const fs::path directory = name;
  fs::create_directory(directory / "sub");
  std::ofstream(directory / "there") << "x";
  fs::create_hard_link(directory / "there", directory / "same");
  fs::create_symlink("there", directory / "link");
  const auto place = [&](const std::string& path) {
    const Result<OutputTarget> target = find_output((directory / path).string());
    return target.ok() ? target->place() : std::string();
  };
  EXPECT_EQ(place("there"), place("same"));
  EXPECT_EQ(place("there"), place("link"));
  EXPECT_EQ(place("there"), place("sub/../there"));
  EXPECT_EQ(place("new"), place("sub/../new"));
  EXPECT_NE(place("new"), place("other"));
  EXPECT_NE(place("new"), place("sub/new"));
  fs::remove_all(directory);
}

TEST(OutputTable, HasTheTwoThatNeedNoScheme) {
  for (const OutputEntry& entry : output_table()) {
    EXPECT_FALSE(entry.form.empty()) << entry.scheme;
    EXPECT_FALSE(entry.summary.empty()) << entry.scheme;
    EXPECT_TRUE(entry.default_format.empty() || find_format(format_table(), entry.default_format) != nullptr);
  }
  EXPECT_TRUE(find_output("-").ok());
  EXPECT_TRUE(find_output("x").ok());
}

}  // namespace
}  // namespace logdetect
