#include "cli/help.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/flags.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/source_entry.h"
#include "logdetect/models/detector.h"

namespace logdetect {
namespace {

std::string docs() {
  std::ifstream file(LOGDETECT_SOURCE_DIR "/docs/cli.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Help, ShortHelpFitsOnAScreenAndLeadsWithExamples) {
  for (const VerbSpec& verb : verb_table()) {
    const std::string text = short_help(verb.verb);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40) << verb.name;
    EXPECT_LT(text.find("Examples:"), text.find("Usage:")) << verb.name;
    EXPECT_NE(text.find("logdetect " + std::string(verb.name)), std::string::npos);
  }
  const std::string program = program_help();
  EXPECT_LE(std::count(program.begin(), program.end(), '\n'), 40);
}

TEST(Help, LongHelpNamesEveryFlagOfTheVerb) {
  for (const VerbSpec& verb : verb_table()) {
    const std::string text = long_help(verb.verb);
    for (const FlagSpec& flag : flag_table()) {
      if (has_flag(verb.verb, flag)) {
        const std::string entry = std::string(long_name(flag.names)) + (flag.value.empty() ? "" : " " + flag.value);
        EXPECT_NE(text.find(entry), std::string::npos) << verb.name << " " << entry;
      }
    }
  }
}

TEST(Help, EveryFieldFlagIsOfferedSomewhere) {
  for (const FieldInfo& field : config_fields()) {
    if (!field.flag.empty()) {
      EXPECT_TRUE(std::any_of(flag_table().begin(), flag_table().end(), [&](const FlagSpec& flag) {
        return flag.names == field.flag && flag.verbs != 0;
      })) << field.path;
    }
  }
}

TEST(Help, LinesStayNarrow) {
  for (const VerbSpec& verb : verb_table()) {
    std::istringstream lines(long_help(verb.verb));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << line;
    }
  }
}

TEST(Help, TopicsVerbsAndGroupsAreFound) {
  for (const Topic& topic : topic_table()) {
    EXPECT_TRUE(help_on(std::string(topic.name)).ok());
  }
  EXPECT_TRUE(help_on("scan").ok());
  EXPECT_TRUE(help_on("detect").ok());
  EXPECT_TRUE(help_on("model").ok());
  EXPECT_TRUE(help_on("model inspect").ok());
  const auto unknown = help_on("exit-code");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().hint, "did you mean 'exit-codes'?");
  EXPECT_NE(help_on("everything").error().hint.find("exit-codes"), std::string::npos);
}

TEST(Help, SourcesAreListedFromTheirTable) {
  const std::string text = help_on("sources").value();
  for (const SourceEntry& entry : source_table()) {
    EXPECT_NE(text.find("  " + std::string(entry.scheme) + "  "), std::string::npos) << entry.scheme;
    EXPECT_NE(text.find(entry.summary), std::string::npos) << entry.scheme;
    for (const SourceOption& option : entry.options) {
      EXPECT_NE(text.find("  " + std::string(option.name) + " ("), std::string::npos) << option.name;
      EXPECT_NE(text.find(option.help), std::string::npos) << option.name;
    }
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 104U) << line;
  }
}

TEST(Docs, NameEverySource) {
  const std::string text = docs();
  for (const SourceEntry& entry : source_table()) {
    EXPECT_NE(text.find("`" + std::string(entry.scheme) + ":"), std::string::npos) << entry.scheme;
  }
}

TEST(Docs, NameEveryVerbAndFlag) {
  const std::string text = docs();
  for (const VerbSpec& verb : verb_table()) {
    EXPECT_NE(text.find("`" + std::string(verb.name)), std::string::npos) << verb.name;
  }
  for (const FlagSpec& flag : flag_table()) {
    EXPECT_NE(text.find("`" + std::string(long_name(flag.names))), std::string::npos) << flag.names;
  }
  for (const Topic& topic : topic_table()) {
    EXPECT_NE(text.find("`" + std::string(topic.name) + "`"), std::string::npos) << topic.name;
  }
}

TEST(Docs, NameEveryExitCode) {
  const std::string text = docs();
  for (const char* code : {"| 0 |", "| 1 |", "| 2 |", "| 3 |", "| 4 |", "| 5 |", "| 70 |", "| 130 |", "| 143 |"}) {
    EXPECT_NE(text.find(code), std::string::npos) << code;
  }
}

TEST(Help, OfDetectorsTellsTheirWeightsAndOptions) {
  const auto shown = help_on("detectors");
  ASSERT_TRUE(shown.ok());
  const std::string& text = shown.value();
  for (const DetectorEntry& entry : detector_table()) {
    EXPECT_NE(text.find("  " + std::string(entry.name) + " "), std::string::npos) << entry.name;
  }
  EXPECT_NE(text.find("(Liu, Ting, Zhou 2008); weight 0.02"), std::string::npos);
  EXPECT_NE(text.find("Options of forest:"), std::string::npos);
  EXPECT_NE(text.find("Options of autoencoder, next_event:"), std::string::npos);
  EXPECT_NE(text.find("forest.subsample"), std::string::npos);
  EXPECT_NE(text.find("from 2 to 32768, default: 256"), std::string::npos);
  EXPECT_NE(text.find("neural.device"), std::string::npos);
  EXPECT_NE(text.find("cpu or cuda, default: cpu"), std::string::npos);
}

}  // namespace
}  // namespace logdetect
