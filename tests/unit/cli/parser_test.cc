#include "cli/parser.h"

#include <gtest/gtest.h>

#include "cli/flags.h"

namespace logdetect {
namespace {

Typed parsed(const std::vector<std::string>& words) {
  auto typed = parse_command_line(words);
  EXPECT_TRUE(typed.ok()) << typed.error().to_string();
  return typed.ok() ? *typed : Typed{};
}

Error refused(const std::vector<std::string>& words) {
  const auto typed = parse_command_line(words);
  EXPECT_FALSE(typed.ok());
  return typed.ok() ? Error{} : typed.error();
}

TEST(ParseCommandLine, TakesInputsByFlagAndPlain) {
  const Typed typed = parsed({"scan", "-i", "a.log", "--model", "m", "b.log", "-i", "-", "-", "--input=c.log"});
  EXPECT_EQ(typed.verb, Verb::kScan);
  EXPECT_EQ(typed.inputs, (std::vector<std::string>{"a.log", "-", "c.log"}));
  EXPECT_EQ(typed.arguments, (std::vector<std::string>{"b.log", "-"}));
  EXPECT_EQ(typed.model, "m");
}

TEST(ParseCommandLine, DetectIsScan) {
  EXPECT_EQ(parsed({"detect", "x"}).verb, Verb::kScan);
}

TEST(ParseCommandLine, AFlagTakesOneWordOnly) {
  const Typed typed = parsed({"scan", "--baseline", "good.log", "today.log", "--baseline", "better.log"});
  EXPECT_EQ(typed.baseline, (std::vector<std::string>{"good.log", "better.log"}));
  EXPECT_EQ(typed.arguments, std::vector<std::string>{"today.log"});
}

TEST(ParseCommandLine, TheLastOneOfARepeatedFlagCounts) {
  EXPECT_EQ(parsed({"scan", "--model", "a", "--model", "b"}).model, "b");
  const Typed typed = parsed({"train", "--seed", "1", "--seed", "2"});
  ASSERT_EQ(typed.values.size(), 1U);
  EXPECT_EQ(typed.values[0].text, "2");
}

TEST(ParseCommandLine, FieldFlagsBecomePaths) {
  const Typed typed = parsed({"train", "-r", "--no-stitch", "--contamination", "0.02", "logs"});
  ASSERT_EQ(typed.values.size(), 3U);
  EXPECT_EQ(typed.values[0].path, "ingest.stitch");
  EXPECT_EQ(typed.values[0].text, "false");
  EXPECT_EQ(typed.values[1].path, "ingest.recursive");
  EXPECT_EQ(typed.values[1].text, "true");
  EXPECT_EQ(typed.values[1].flag, "--recursive");
  EXPECT_EQ(typed.values[2].path, "forest.contamination");
  EXPECT_EQ(typed.values[2].text, "0.02");
}

TEST(ParseCommandLine, OddFileNamesStayWhole) {
  const Typed typed = parsed({"scan", "[a,b]", "train", "{}", "--", "-x", "--model"});
  EXPECT_EQ(typed.verb, Verb::kScan);
  EXPECT_EQ(typed.arguments, (std::vector<std::string>{"[a,b]", "train", "{}", "-x", "--model"}));
}

TEST(ParseCommandLine, CountsAndSwitches) {
  const Typed typed = parsed({"scan", "-vv", "-q", "--all", "--plain", "x"});
  EXPECT_EQ(typed.verbose, 2);
  EXPECT_TRUE(typed.quiet);
  EXPECT_TRUE(typed.all);
  EXPECT_TRUE(typed.plain);
}

// --from is the saved result of explain and ack; it once was also where watch begins.
TEST(ParseCommandLine, AnOldNameIsTakenWithANote) {
  const Typed old = parsed({"watch", "--from", "begin", "a.log"});
  EXPECT_EQ(old.start, "begin");
  EXPECT_EQ(old.from, "");
  EXPECT_EQ(old.notes, std::vector<std::string>{"--from is now called --start; the old name still works"});
  const Typed now = parsed({"watch", "--start", "begin", "a.log"});
  EXPECT_EQ(now.start, "begin");
  EXPECT_TRUE(now.notes.empty());
  const Typed explain = parsed({"explain", "I-1", "--from", "result.json"});
  EXPECT_EQ(explain.from, "result.json");
  EXPECT_TRUE(explain.notes.empty());
  EXPECT_EQ(refused({"watch", "--from", "begin", "--start", "end", "a.log"}).message, "--start is given twice");
}

TEST(ParseCommandLine, UnknownWordsGetTheNearestKnownOne) {
  EXPECT_EQ(refused({"scna"}).hint, "did you mean 'scan'?");
  EXPECT_EQ(refused({"detct"}).hint, "did you mean 'detect'?");
  EXPECT_EQ(refused({"model", "inspekt", "m"}).hint, "did you mean 'inspect'?");
  const Error flag = refused({"scan", "--modle=x", "a.log"});
  EXPECT_EQ(flag.code, ErrorCode::kUsage);
  EXPECT_EQ(flag.message, "unknown flag '--modle'");
  EXPECT_EQ(flag.hint, "did you mean '--model'?");
  EXPECT_EQ(refused({"quite-something-else"}).hint, "`logdetect --help` lists the commands");
}

TEST(ParseCommandLine, AFlagOfAnotherVerbSaysWhose) {
  EXPECT_EQ(refused({"train", "--fail-on", "high", "x"}).hint, "--fail-on is a flag of: scan");
  EXPECT_EQ(refused({"scan", "--state", "d"}).hint, "--state is a flag of: watch");
}

TEST(ParseCommandLine, MissingValuesAndTooManyArguments) {
  EXPECT_EQ(refused({"scan", "--model"}).message, "--model needs a value");
  EXPECT_EQ(refused({"scan", "--model=", "x"}).message, "--model needs a value");
  EXPECT_EQ(refused({"version", "now"}).message, "unexpected argument 'now'");
  EXPECT_EQ(refused({"--model", "x"}).message, "unknown flag '--model'");
}

TEST(ParseCommandLine, NothingAndGroupsAlone) {
  EXPECT_EQ(parsed({}).verb, Verb::kNone);
  const Typed group = parsed({"model"});
  EXPECT_EQ(group.verb, Verb::kNone);
  EXPECT_EQ(group.group, "model");
  EXPECT_TRUE(parsed({"--version"}).version);
  EXPECT_TRUE(parsed({"--help"}).long_help);
  EXPECT_TRUE(parsed({"config", "-h"}).short_help);
  EXPECT_TRUE(parsed({"model", "-h"}).short_help);
  EXPECT_TRUE(parsed({"model", "--help"}).short_help);
}

TEST(ParseCommandLine, HelpWinsOverMistakes) {
  const Typed typed = parsed({"scan", "--nonsense", "--help"});
  EXPECT_EQ(typed.verb, Verb::kScan);
  EXPECT_TRUE(typed.long_help);
}

TEST(FlagTable, AFlagMeansTheSameInEveryVerb) {
  for (const FlagSpec& a : flag_table()) {
    for (const FlagSpec& b : flag_table()) {
      if (long_name(a.names) == long_name(b.names)) {
        EXPECT_EQ(a.target, b.target) << a.names;
        EXPECT_EQ(a.value.empty(), b.value.empty()) << a.names;
      }
    }
  }
}

TEST(FlagTable, EveryFlagIsTakenByEachOfItsVerbs) {
  for (const VerbSpec& verb : verb_table()) {
    std::vector<std::string> prefix;
    std::string_view name = verb.name;
    if (const std::size_t blank = name.find(' '); blank != std::string_view::npos) {
      prefix.emplace_back(name.substr(0, blank));
      name.remove_prefix(blank + 1);
    }
    prefix.emplace_back(name);
    for (const FlagSpec& flag : flag_table()) {
      if (has_flag(verb.verb, flag)) {
        std::vector<std::string> words = prefix;
        words.emplace_back(long_name(flag.names));
        if (!flag.value.empty()) {
          words.emplace_back("value");
        }
        EXPECT_TRUE(parse_command_line(words).ok()) << verb.name << " " << flag.names;
      }
    }
  }
}

}  // namespace
}  // namespace logdetect
