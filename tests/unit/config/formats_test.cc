#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "logdetect/config/config.h"

namespace logdetect {
namespace {

constexpr const char* kGood =
    "name: mine\nsummary: Our own\npattern: \"<time> <level> <message>\"\n"
    "samples:\n  - line: \"2024-01-01T00:00:00Z INFO up\"\n    time: 2024-01-01T00:00:00Z\n    level: INFO\n"
    "    message: up\n";

Error refused(const std::string& text) {
  const auto formats = load_formats(text, "f.yaml");
  EXPECT_FALSE(formats.ok()) << text;
  return formats.ok() ? Error{} : formats.error();
}

TEST(LoadFormats, ReadsOneFormat) {
  const auto formats = load_formats(kGood, "f.yaml");
  ASSERT_TRUE(formats.ok()) << formats.error().to_string();
  ASSERT_EQ(formats->size(), 1U);
  const FormatSpec& spec = formats->front();
  EXPECT_EQ(spec.name, "mine");
  EXPECT_EQ(spec.kind, "pattern");
  EXPECT_EQ(spec.pattern, "<time> <level> <message>");
  EXPECT_EQ(spec.origin, "f.yaml:1");
  ASSERT_EQ(spec.samples.size(), 1U);
  EXPECT_EQ(spec.samples[0].time, "2024-01-01T00:00:00Z");
  EXPECT_EQ(spec.samples[0].host, "");
  EXPECT_EQ(spec.samples[0].message, "up");
}

TEST(LoadFormats, ReadsAList) {
  const auto formats = load_formats(
      "- {name: a, kind: json, samples: [{line: '{}', message: '{}'}]}\n"
      "- {name: b, kind: logfmt, samples: [{line: 'x=1', message: 'x=1'}]}\n",
      "f.yaml");
  ASSERT_TRUE(formats.ok()) << formats.error().to_string();
  ASSERT_EQ(formats->size(), 2U);
  EXPECT_EQ(formats->back().origin, "f.yaml:2");
}

TEST(LoadFormats, ErrorsPointIntoTheFile) {
  const Error unknown = refused("name: a\npatern: x\n");
  EXPECT_EQ(unknown.where, "f.yaml:2:1");
  EXPECT_EQ(unknown.hint, "did you mean 'pattern'?");
  EXPECT_EQ(refused("name: a\nkind: json\nsamples:\n  - {line: x, mesage: x}\n").where, "f.yaml:4:15");
  EXPECT_NE(refused("name: a\npattern: x\n").message.find("at least one sample"), std::string::npos);
  EXPECT_NE(refused("name: a\nkind: jsn\n").hint.find("json"), std::string::npos);
  EXPECT_NE(refused("name: Auto Mat\nkind: json\n").message.find("name"), std::string::npos);
  refused("name: auto\nkind: json\nsamples: [{line: x}]\n");
  refused("name: a\nkind: json\npattern: x\nsamples: [{line: x}]\n");
  refused("name: a\nsamples: [{line: x}]\n");
  refused("name: a\nkind: json\nsamples: {line: x}\n");
  refused("name: a\nkind: json\nsamples: [{message: x}]\n");
  refused("just text");
  refused("");
}

TEST(BuiltinFormats, AreTheFilesOfTheRepository) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(LOGDETECT_SOURCE_DIR "/configs/formats")) {
    if (entry.path().extension() == ".yaml") {
      files.insert(entry.path().filename().string());
    }
  }
  const auto formats = builtin_formats();
  ASSERT_TRUE(formats.ok()) << formats.error().to_string();
  std::set<std::string> origins;
  for (const FormatSpec& spec : *formats) {
    const std::size_t begin = std::string("configs/formats/").size();
    origins.insert(spec.origin.substr(begin, spec.origin.rfind(':') - begin));
    EXPECT_FALSE(spec.samples.empty()) << spec.name;
    EXPECT_FALSE(spec.summary.empty()) << spec.name;
  }
  EXPECT_EQ(origins, files);
}

}  // namespace
}  // namespace logdetect
