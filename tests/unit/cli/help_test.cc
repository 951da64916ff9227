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

// Names and text of a flag as the help shows them, blanks and line ends as one blank.
std::string words_of(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string out;
  for (std::string word; words >> word;) {
    out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

TEST(Help, TextsBeginInOneColumnAndFillTheirLines) {
  constexpr std::size_t kColumn = 28;
  for (const VerbSpec& verb : verb_table()) {
    const std::string text = long_help(verb.verb);
    std::istringstream lines(text.substr(text.find("Usage:")));
    std::string before;
    for (std::string line; std::getline(lines, line); before = line) {
      const std::size_t begin = line.find_first_not_of(' ');
      const bool behind_a_name = before.starts_with("  -") && before.compare(kColumn - 2, 2, "  ") != 0;
      if (begin == kColumn && before.size() > kColumn && !behind_a_name) {
        const std::size_t word = line.find(' ', kColumn) == std::string::npos ? line.size() : line.find(' ', kColumn);
        EXPECT_GT(before.size() + 1 + word - kColumn, 100U) << "the word would have fitted: " << line;
      } else if (line.starts_with("  -") || line.starts_with("      --")) {
        EXPECT_TRUE(line.size() == words_of(line).size() + begin || line.compare(kColumn - 2, 2, "  ") == 0) << line;
        EXPECT_TRUE(line.size() <= kColumn || line[kColumn] != ' ') << line;
      }
    }
    for (const FlagSpec& flag : flag_table()) {
      if (has_flag(verb.verb, flag)) {
        EXPECT_NE(
            words_of(text).find(words_of(std::string(long_name(flag.names)) + " " + flag.value + " " + flag.help)),
            std::string::npos)
            << verb.name << flag.names;
      }
    }
  }
}

TEST(Help, OfAVerbThatTakesLittle) {
  EXPECT_EQ(short_help(Verb::kHelp),
            "logdetect help - explain a command or a topic\n\nExamples:\n  logdetect help scan\n"
            "  logdetect help exit-codes\n\nUsage: logdetect help [FLAGS] [TOPIC]\n\n"
            "\nAll flags: logdetect help --help\n");
  EXPECT_EQ(long_help(Verb::kVersion),
            "logdetect version - print the version\n\nExamples:\n  logdetect version --verbose\n\n"
            "Usage: logdetect version [FLAGS]\n\nGeneral:\n"
            "      --color WHEN          auto, always or never (default: auto)\n"
            "  -v, --verbose             say more; scan: a block per finding\n"
            "  -q, --quiet               only errors on standard error; results stay\n"
            "  -h                        short help\n"
            "      --help                this help\n"
            "\nConfiguration files, environment: logdetect help config. Exit codes: logdetect help exit-codes\n");
  EXPECT_EQ(group_help("config"),
            "Examples:\n"
            "  logdetect config show --config logdetect.yaml\n"
            "  logdetect config show --defaults > logdetect.yaml\n"
            "  logdetect config check logdetect.yaml\n\nCommands:\n"
            "  logdetect config show         print the configuration and who set each value\n"
            "  logdetect config check        check a configuration file, its masks and formats\n");
}

TEST(Help, OfTheProgramListsCommandsInAColumn) {
  const std::string text = program_help();
  EXPECT_NE(text.find("\nCommands:\n  train           learn a model from history\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  model inspect   show what a model learned\n"), std::string::npos);
  EXPECT_NE(text.find("):\n  config          where values come from, files, precedence\n"), std::string::npos);
}

TEST(Help, AnAliasIsNamed) {
  EXPECT_NE(short_help(Verb::kScan).find("Also called: logdetect detect\n"), std::string::npos);
  EXPECT_EQ(short_help(Verb::kTrain).find("Also called"), std::string::npos);
}

TEST(Help, FlagsOfFieldsSayWhatTheyTakeAndTheirDefault) {
  const auto flag = [](std::string_view name) {
    const auto found = std::find_if(flag_table().begin(), flag_table().end(),
                                    [&](const FlagSpec& spec) { return long_name(spec.names) == name; });
    return found->value + "|" + found->help + "|" + std::string(found->group);
  };
  EXPECT_EQ(flag("--no-stitch"), "|do not join continuation lines (stack traces) to the line they belong to|Reading");
  EXPECT_EQ(flag("--recursive"), "|descend into directories|Reading");
  EXPECT_EQ(flag("--max-line-bytes").substr(0, 5), "SIZE|");
  EXPECT_EQ(flag("--detectors").substr(0, 5), "LIST|");
  EXPECT_EQ(flag("--session-key").substr(0, 6), "REGEX|");
  EXPECT_EQ(flag("--timezone").substr(0, 5), "NAME|");
  EXPECT_EQ(flag("--seed").substr(0, 2), "N|");
  EXPECT_EQ(flag("--sensitivity"),
            "WORD|how readily a record is flagged; high flags more (low, medium or high, default: medium)|Judging");
  const std::string contamination = flag("--contamination");
  EXPECT_TRUE(contamination.ends_with("|Learning")) << contamination;
  EXPECT_NE(contamination.find(" (default: "), std::string::npos);
}

TEST(Help, FlagsBelongToTheVerbsThatUseThem) {
  const auto verbs = [](std::string_view name) {
    std::string out;
    for (const VerbSpec& verb : verb_table()) {
      for (const FlagSpec& flag : flag_table()) {
        out += long_name(flag.names) == name && has_flag(verb.verb, flag) ? std::string(verb.name) + ";" : "";
      }
    }
    return out;
  };
  EXPECT_EQ(verbs("--threads"), "train;scan;watch;parse;eval;config show;");
  EXPECT_EQ(verbs("--log-format"), "train;scan;watch;parse;eval;config show;formats;");
  EXPECT_EQ(verbs("--session-key"), "train;scan;watch;eval;config show;");
  EXPECT_EQ(verbs("--target-fpr"), "train;scan;eval;config show;");
  EXPECT_EQ(verbs("--sensitivity"), "scan;watch;eval;config show;");
  EXPECT_EQ(verbs("--deploy-marker"), "scan;watch;eval;config show;");
  EXPECT_EQ(verbs("--contamination"), "train;scan;eval;config show;");
  EXPECT_EQ(verbs("--quiet"),
            "train;scan;watch;parse;eval;explain;ack;model inspect;model verify;model diff;config show;config "
            "check;formats;version;help;");
}

TEST(Help, TopicsVerbsAndGroupsAreFound) {
  for (const Topic& topic : topic_table()) {
    EXPECT_TRUE(help_on(std::string(topic.name)).ok());
  }
  EXPECT_TRUE(help_on("scan").ok());
  EXPECT_TRUE(help_on("detect").ok());
  EXPECT_EQ(*help_on("model"), group_help("model"));
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
  for (const SourceEntry& entry : source_table()) {
    for (const SourceOption& option : entry.options) {
      const std::string preset =
          std::string(option.preset) + (option.unit.empty() ? "" : " " + std::string(option.unit));
      std::string line = "\n  " + std::string(option.name) + " (" + preset + ")  ";
      line.resize(std::max<std::size_t>(line.size(), 27), ' ');
      EXPECT_NE(text.find(line + std::string(option.help) + "\n"), std::string::npos) << line;
    }
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 104U) << line;
  }
}

TEST(Help, RowsOfTopicsBeginInColumnSixteen) {
  const std::string text = help_on("detectors").value();
  for (const DetectorEntry& entry : detector_table()) {
    std::string line = "\n  " + std::string(entry.name) + "  ";
    line.resize(std::max<std::size_t>(line.size(), 17), ' ');
    EXPECT_NE(text.find(line + std::string(entry.summary) + (entry.neural ? "; trained with LibTorch; " : "; ")),
              std::string::npos)
        << line;
  }
  const ConfigBuilder defaults;
  for (const FieldInfo& field : config_fields()) {
    if (field.path.starts_with("forest.") || field.path.starts_with("neural.")) {
      std::string line = "\n  " + std::string(field.path) + "  ";
      line.resize(std::max<std::size_t>(line.size(), 17), ' ');
      line += std::string(field.help) + "\n" + std::string(16, ' ') + field.range + ", default: ";
      EXPECT_NE(text.find(line + defaults.value_text(field.path) + "\n"), std::string::npos) << line;
    }
  }
  EXPECT_NE(help_on("output").value().find("\n  csv           one row a record, for spreadsheets\n"),
            std::string::npos);
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
  EXPECT_NE(text.find("(Liu, Ting, Zhou 2008); weight 0.02\n"), std::string::npos);
  EXPECT_NE(text.find("Options of forest:"), std::string::npos);
  EXPECT_NE(text.find("Options of autoencoder, next_event:"), std::string::npos);
  EXPECT_NE(text.find("forest.subsample"), std::string::npos);
  EXPECT_NE(text.find("from 2 to 32768, default: 256"), std::string::npos);
  EXPECT_NE(text.find("neural.device"), std::string::npos);
  EXPECT_NE(text.find("cpu or cuda, default: cpu"), std::string::npos);
}

}  // namespace
}  // namespace logdetect
