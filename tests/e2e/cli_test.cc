// What the program says before any log is read: help, mistakes, configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Help, NothingTypedIsAMistakeAnsweredByHelp) {
  const Outcome outcome = Sandbox().run({});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.out, "");
  expect_golden("help.txt", outcome.err);
}

TEST(Help, AskedForItGoesToStandardOutput) {
  Sandbox sandbox;
  for (const char* word : {"--help", "-h", "help"}) {
    const Outcome outcome = sandbox.run({word});
    EXPECT_EQ(outcome.exit, 0);
    EXPECT_EQ(outcome.err, "");
    expect_golden("help.txt", outcome.out);
  }
}

TEST(Help, ShortAndLongPerVerb) {
  Sandbox sandbox;
  expect_golden("scan-short-help.txt", sandbox.run({"scan", "-h"}).out);
  expect_golden("scan-help.txt", sandbox.run({"scan", "--help"}).out);
  expect_golden("train-help.txt", sandbox.run({"train", "--help"}).out);
  EXPECT_EQ(sandbox.run({"help", "scan"}).out, sandbox.run({"scan", "--help"}).out);
  for (const char* verb : {"train", "scan", "detect", "watch", "parse", "explain", "formats", "version", "help"}) {
    const Outcome outcome = sandbox.run({verb, "-h"});
    EXPECT_EQ(outcome.exit, 0) << verb;
    EXPECT_THAT(outcome.out, HasSubstr("Examples:")) << verb;
  }
}

TEST(Help, Topics) {
  Sandbox sandbox;
  expect_golden("help-exit-codes.txt", sandbox.run({"help", "exit-codes"}).out);
  for (const char* topic : {"config", "detectors", "environment", "formats", "json", "model", "config show"}) {
    EXPECT_EQ(sandbox.run({"help", topic}).exit, 0) << topic;
  }
  const Outcome unknown = sandbox.run({"help", "exit-cods"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_EQ(unknown.err, "logdetect: error: no help on 'exit-cods'\n  help: did you mean 'exit-codes'?\n");
}

TEST(Help, AVerbStartedByHandWithNothingToReadShowsItsShortHelp) {
  Sandbox sandbox;
  const Outcome outcome = sandbox.run({"scan", "--model", "m"}, {.input_is_terminal = true});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.err, sandbox.run({"scan", "-h"}).out);
}

TEST(Version, IsShortUnlessAskedForMore) {
  Sandbox sandbox;
  EXPECT_THAT(sandbox.run({"version"}).out, testing::MatchesRegex("logdetect [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(sandbox.run({"--version"}).out, sandbox.run({"version"}).out);
  EXPECT_THAT(sandbox.run({"version", "--verbose"}).out, HasSubstr("yaml-cpp"));
}

TEST(Version, TellsWhetherNetworksCanBeTrained) {
  Sandbox sandbox;
  EXPECT_THAT(sandbox.run({"version", "--verbose"}).out,
              testing::ContainsRegex("libtorch         ([1-9].*, with(out)? CUDA\n|none: this build has no)"));
  const Outcome missing =
      sandbox.run({"version", "--verbose"}, {.environment = {"LOGDETECT_NEURAL_MODULE=/nowhere/neural.so"}});
  EXPECT_EQ(missing.exit, 0);
  EXPECT_THAT(missing.out, HasSubstr("libtorch         none: the neural training module cannot be read"));
  EXPECT_EQ(missing.err, "");
}

TEST(Mistakes, UnknownVerbsAndFlagsGetTheNearestOne) {
  Sandbox sandbox;
  const Outcome verb = sandbox.run({"scna", "x.log"});
  EXPECT_EQ(verb.exit, 2);
  EXPECT_EQ(verb.err, "logdetect: error: unknown command 'scna'\n  help: did you mean 'scan'?\n");
  const Outcome flag = sandbox.run({"scan", "--senstivity", "high", "x.log"});
  EXPECT_EQ(flag.exit, 2);
  EXPECT_EQ(flag.err, "logdetect: error: unknown flag '--senstivity'\n  help: did you mean '--sensitivity'?\n");
  const Outcome foreign = sandbox.run({"train", "--fail-on=high", "x.log"});
  EXPECT_EQ(foreign.err, "logdetect: error: unknown flag '--fail-on'\n  help: --fail-on is a flag of: scan\n");
}

TEST(Mistakes, ValuesOfFlagsAreChecked) {
  Sandbox sandbox;
  sandbox.write("a.log", "x\n");
  const std::vector<std::vector<std::string>> wrong = {
      {"scan", "--model"},
      {"scan", "a.log"},
      {"scan", "--model", "m", "--baseline", "a.log", "a.log"},
      {"scan", "--model", "m", "--format", "jsno", "a.log"},
      {"scan", "--model", "m", "--fail-on", "sometimes", "a.log"},
      {"scan", "--model", "m", "--top", "few", "a.log"},
      {"scan", "--model", "m", "--since", "whenever", "a.log"},
      {"scan", "--model", "m", "--threads", "-1", "a.log"},
      {"scan", "--model", "m", "--threshold", "1.5", "a.log"},
      {"scan", "--model", "m", "--sensitivity", "max", "a.log"},
      {"scan", "--model", "m", "--color", "blue", "a.log"},
      {"scan", "--model", "m", "-o", "r.csv", "--scores", "r.csv", "a.log"},
      {"scan", "--model", "m", "-o", "r.csv", "-o", "json:./r.csv", "a.log"},
      {"scan", "--model", "m", "-o", "jsno://r", "a.log"},
      {"scan", "--model", "m", "-o", "json:", "a.log"},
      {"train", "a.log"},
      {"train", "-o", "m", "-o", "n", "a.log"},
      {"train", "-o", "nowhere://m", "a.log"},
      {"train", "-o", "m", "--contamination", "2", "a.log"},
      {"train", "-o", "m", "--detectors", "forrest", "a.log"},
      {"watch", "a.log"},
      {"watch", "--model", "m", "-"},
      {"watch", "--model", "m", "--format", "csv", "a.log"},
      {"watch", "--model", "m", "-o", "csv:found.csv", "a.log"},
      {"watch", "--model", "m", "--start", "middle", "a.log"},
      {"watch", "--model", "m", "--start", "checkpoint", "a.log"},
      {"parse", "--format", "json", "a.log"},
      {"explain"},
      {"explain", "F-1", "F-2"},
      {"model", "verify"},
      {"config", "check"},
      {"version", "now"},
  };
  for (const auto& words : wrong) {
    const Outcome outcome = sandbox.run(words);
    EXPECT_EQ(outcome.exit, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_THAT(outcome.err, StartsWith("logdetect: error: ")) << testing::PrintToString(words);
    EXPECT_EQ(outcome.out, "") << testing::PrintToString(words);
  }
}

TEST(Flags, AnOldNameIsTakenWithANote) {
  const Outcome outcome = Sandbox().run({"watch", "--model", "m", "--from", "middle", "a.log"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--from is now called --start; the old name still works"));
  EXPECT_THAT(outcome.err, HasSubstr("middle"));
}

TEST(Mistakes, AFlagsErrorNamesFlagAndField) {
  const Outcome outcome = Sandbox().run({"train", "-o", "m", "--contamination", "2", "a.log"});
  EXPECT_EQ(outcome.err,
            "logdetect: error: 'forest.contamination' must be a number from 0 to 0.5, not '2'\n"
            "  --> --contamination\n");
}

TEST(Configuration, ShowsEveryValueWithItsOrigin) {
  Sandbox sandbox;
  sandbox.write("mine.yaml", "miner:\n  depth: 5\nthreshold:\n  target_fpr: 0.02\n");
  const Outcome outcome = sandbox.run({"config", "show", "--config", "mine.yaml", "--seed", "7"},
                                      {.environment = {"LOGDETECT_FOREST_TREES=50"}});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  expect_golden("config-show-origins.txt", outcome.out);
}

TEST(Configuration, TheDefaultsAreAGoodFile) {
  Sandbox sandbox;
  sandbox.write("d.yaml", sandbox.run({"config", "show", "--defaults"}).out);
  const Outcome check = sandbox.run({"config", "check", "d.yaml"});
  EXPECT_EQ(check.exit, 0) << check.err;
  EXPECT_THAT(check.out, HasSubstr("d.yaml: good ("));
}

TEST(Configuration, MistakesAreLocated) {
  Sandbox sandbox;
  sandbox.write("a.yaml", "forest:\n  trees: 10\ntreshold:\n  target_fpr: 0.1\n");
  const Outcome unknown = sandbox.run({"config", "check", "a.yaml"});
  EXPECT_EQ(unknown.exit, 2);
  EXPECT_EQ(unknown.err,
            "logdetect: error: unknown key 'treshold'\n  --> a.yaml:3:1\n  help: did you mean 'threshold'?\n");
  EXPECT_EQ(sandbox.run({"scan", "--config", "a.yaml", "--model", "m", "x"}).exit, 2);
  sandbox.write("b.yaml", "forest:\n  trees: [1, 2\n");
  EXPECT_THAT(sandbox.run({"config", "check", "b.yaml"}).err, HasSubstr("  --> b.yaml:"));
  const Outcome missing = sandbox.run({"config", "check", "nowhere.yaml"});
  EXPECT_EQ(missing.exit, 2);
  EXPECT_THAT(missing.err, HasSubstr("  --> nowhere.yaml\n"));
}

TEST(Configuration, MasksAndFormatsAreProven) {
  Sandbox sandbox;
  sandbox.write("mask.yaml", "miner:\n  masks:\n    - {name: ORDER, pattern: \"ORD-(\"}\n");
  const Outcome mask = sandbox.run({"config", "check", "mask.yaml"});
  EXPECT_EQ(mask.exit, 2);
  EXPECT_THAT(mask.err, HasSubstr("  --> mask.yaml:"));
  sandbox.write("samples.yaml",
                "miner:\n  masks:\n    - name: ORDER\n      pattern: \"ORD-[0-9]+\"\n      samples:\n"
                "        - {text: paid ORD-7 today, masked: paid <ORDER> today}\n"
                "        - {text: paid ORD-7 today, masked: paid <CUSTOM> today}\n"
                "      not_matches:\n        - order 7\n        - ORD-8\n");
  const Outcome samples = sandbox.run({"config", "check", "samples.yaml"});
  EXPECT_EQ(samples.exit, 2);
  EXPECT_THAT(samples.err, HasSubstr("  --> samples.yaml:7\n"));
  EXPECT_THAT(samples.err, HasSubstr("  --> samples.yaml:10\n"));
  EXPECT_THAT(samples.err, Not(HasSubstr("samples.yaml:6")));
  sandbox.write("empty.yaml", "miner: {masks: [{name: ANY, pattern: \"[0-9]*\"}]}\n");
  const Outcome empty = sandbox.run({"config", "check", "empty.yaml"});
  EXPECT_EQ(empty.exit, 0) << "a warning";
  EXPECT_THAT(empty.err, HasSubstr("mask ANY matches the empty text"));
  sandbox.write("format.yaml", "header: {format: sylsog}\n");
  EXPECT_EQ(sandbox.run({"config", "check", "format.yaml"}).exit, 2);
  sandbox.write("mine.yaml",
                "name: mine\nsummary: Ours\npattern: \"<time> <level> <message>\"\n"
                "samples:\n  - line: \"2024-01-01T00:00:00Z INFO up\"\n    time: 2024-01-01T00:00:00Z\n"
                "    level: WARN\n    message: up\n");
  sandbox.write("own.yaml", "header: {format: mine.yaml}\n");
  const Outcome sample = sandbox.run({"config", "check", "own.yaml"});
  EXPECT_EQ(sample.exit, 2) << "a sample that does not parse as it says";
  EXPECT_THAT(sample.err, HasSubstr("mine.yaml:"));
}

TEST(Configuration, AWrongDeployMarkerIsPlaced) {
  Sandbox sandbox;
  sandbox.write("wrong.yaml", "incidents:\n  deploy_marker: \"a(b\"\n");
  const Outcome outcome = sandbox.run({"config", "check", "wrong.yaml"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("  --> wrong.yaml:2:"));
}

TEST(Configuration, AWrongEnvironmentVariableIsNamed) {
  const Outcome outcome = Sandbox().run({"config", "show"}, {.environment = {"LOGDETECT_FOREST_TREES=lots"}});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("  --> LOGDETECT_FOREST_TREES\n"));
}

TEST(Formats, AreListedAndShown) {
  Sandbox sandbox;
  const Outcome list = sandbox.run({"formats"});
  EXPECT_EQ(list.exit, 0);
  ASSERT_FALSE(list.out.empty());
  const std::string name = list.out.substr(0, list.out.find(' '));
  EXPECT_THAT(sandbox.run({"formats", name}).out, StartsWith(name + " - "));
  EXPECT_EQ(sandbox.run({"formats", "no-such-format"}).exit, 2);
}

TEST(Formats, NamesThatAreNearlyRightAreHelped) {
  const Outcome near = Sandbox().run({"formats", "syslog"});
  EXPECT_EQ(near.exit, 2);
  EXPECT_THAT(near.err, HasSubstr("syslog_rfc3164"));
  const Outcome zone = Sandbox().run({"parse", "--timezone", "+25:99", "x.log"});
  EXPECT_EQ(zone.exit, 2);
  EXPECT_THAT(zone.err, HasSubstr("  --> --timezone\n"));
  const Outcome pattern = Sandbox().run({"parse", "--log-format", "<Time> <Level><Component> <Content>", "x.log"});
  EXPECT_EQ(pattern.exit, 2);
  EXPECT_THAT(pattern.err, HasSubstr("column 15"));
  EXPECT_THAT(pattern.err, HasSubstr("  --> --log-format\n"));
}

TEST(Formats, ExplainWritesDownWhatReadsTheLogTheSameWay) {
  Sandbox sandbox;
  std::string log;
  for (int i = 0; i < 300; ++i) {
    log += "2024-05-06 08:09:" + std::to_string(10 + i % 50) + ",123 " + (i % 3 == 0 ? "WARN" : "INFO") + " [worker-" +
           std::to_string(i % 4) + "] org.example.Depot: order " + std::to_string(i * 7) +
           (i % 2 == 0 ? " was shipped\n" : " came back\n");
  }
  sandbox.write("app.log", log);
  const Outcome text = sandbox.run({"formats", "--explain", "app.log"});
  EXPECT_EQ(text.exit, 0) << text.err;
  const std::string pattern = "<Time> <Level> [<Skip>] <Component>: <Content>";
  EXPECT_THAT(text.out, HasSubstr("--log-format '" + pattern + "'"));
  EXPECT_THAT(text.out, HasSubstr("states no zone: taken as UTC"));
  const Outcome json = sandbox.run({"formats", "--explain", "app.log", "--format", "json"});
  EXPECT_THAT(json.out, HasSubstr("\"log_format\": \"" + pattern + "\""));
  const Outcome found = sandbox.run({"parse", "app.log"});
  EXPECT_EQ(found.exit, 0);
  EXPECT_EQ(sandbox.run({"parse", "--log-format", pattern, "app.log"}).out, found.out);
  EXPECT_EQ(sandbox.run({"formats", "--explain", "none.log"}).exit, 3);
}

TEST(Streams, ClosedDescriptorsDoNoHarm) {
  const Outcome outcome = Sandbox().run({"config", "show"}, {.close_descriptors = true});
  EXPECT_EQ(outcome.exit, 0);
}

TEST(Streams, AClosedPipeIsNoError) {
  const Outcome outcome = Sandbox().run({"config", "show", "--defaults"}, {.closed_reader = true});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST(Streams, AFullDeviceIsAnOutputError) {
  const Outcome outcome = Sandbox().run({"config", "show"}, {.output_path = "/dev/full"});
  EXPECT_EQ(outcome.exit, 5);
  EXPECT_THAT(outcome.err, HasSubstr("No space left on device"));
}

TEST(Colours, OnlyForTerminalsUnlessForced) {
  Sandbox sandbox;
  EXPECT_THAT(sandbox.run({"scna"}).err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(sandbox.run({"scna"}, {.output_is_terminal = true}).out, HasSubstr("\x1b[1;31merror:\x1b[0m"));
  EXPECT_THAT(sandbox.run({"scna"}, {.output_is_terminal = true, .environment = {"NO_COLOR=1"}}).out,
              Not(HasSubstr("\x1b")));
  EXPECT_THAT(sandbox.run({"scna"}, {.output_is_terminal = true, .environment = {"TERM=dumb"}}).out,
              Not(HasSubstr("\x1b")));
  EXPECT_THAT(sandbox.run({"scna"}, {.environment = {"FORCE_COLOR=1"}}).err, HasSubstr("\x1b[1;31m"));
}

TEST(Safety, WordsOfTheCommandLineAreEscapedInMessages) {
  const Outcome outcome = Sandbox().run({"explain", "F-1", "--from", "evil\x1b[31m\n.json"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.err, HasSubstr("evil\\x1b[31m\\n.json"));
}

}  // namespace
}  // namespace logdetect
