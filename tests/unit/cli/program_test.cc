#include "logdetect/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/flags.h"
#include "cli/formats_text.h"
#include "cli/help.h"
#include "cli/json_text.h"
#include "logdetect/base/version.h"
#include "logdetect/config/config.h"

namespace logdetect {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

Ran run(std::vector<std::string> words) {
  words.insert(words.begin(), "logdetect");
  std::vector<char*> argv;
  std::transform(words.begin(), words.end(), std::back_inserter(argv), [](std::string& word) { return word.data(); });
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Ran ran;
  ran.status = run_program(static_cast<int>(argv.size()), argv.data());
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

TEST(Program, NothingTypedIsAnsweredByHelpAsAMistake) {
  const Ran bare = run({});
  EXPECT_EQ(bare.status, 2);
  EXPECT_EQ(bare.out, "");
  EXPECT_EQ(bare.err, program_help());
  const Ran group = run({"model"});
  EXPECT_EQ(group.status, 2);
  EXPECT_EQ(group.err, group_help("model"));
}

TEST(Program, HelpIsPrintedWhenAskedFor) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> asked = {
      {{"--help"}, program_help()},
      {{"-h"}, program_help()},
      {{"config", "-h"}, group_help("config")},
      {{"scan", "-h"}, short_help(Verb::kScan)},
      {{"scan", "--help"}, long_help(Verb::kScan)},
      {{"help"}, program_help()},
      {{"help", "model", "inspect"}, long_help(Verb::kModelInspect)},
      {{"help", "exit-codes"}, *help_on("exit-codes")}};
  for (const auto& [words, want] : asked) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, want);
  }
}

TEST(Program, TellsItsVersionAndWhatItIsBuiltOf) {
  EXPECT_EQ(run({"--version"}).out, "logdetect " + std::string(program_version()) + "\n");
  EXPECT_EQ(run({"version"}).out, run({"--version"}).out);
  std::istringstream lines(run({"version", "--verbose"}).out);
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, StartsWith("logdetect "));
  std::size_t rows = 0;
  for (; std::getline(lines, line); ++rows) {
    ASSERT_GT(line.size(), 17U) << line;
    EXPECT_EQ(line[16], ' ') << line;
    EXPECT_NE(line[17], ' ') << line;
    EXPECT_TRUE(line[0] >= 'a' && line[0] <= 'z') << "a name comes first: " << line;
  }
  EXPECT_GT(rows, 10U);
}

TEST(Program, MistakesEndWithTwo) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"scna"},
                                             {"--color", "blue", "version"},
                                             {"version", "--color", "blue"},
                                             {"help", "nothing-like-it"},
                                             {"formats", "no_such_format"},
                                             {"formats", "--explain", "a.log", "b.log"},
                                             {"explain"},
                                             {"model", "inspect", "a", "b"},
                                             {"model", "inspect", "a", "--top", "x"},
                                             {"model", "diff", "a"},
                                             {"model", "diff", "a", "b", "c"},
                                             {"model", "diff", "a", "b", "--top", "x"},
                                             {"config", "check"},
                                             {"train", "a.log"},
                                             {"scan", "a.log"},
                                             {"scan", "--model", "m", "--fail-on", "medum", "a.log"},
                                             {"scan", "--model", "m", "--top", "x", "a.log"},
                                             {"scan", "--model", "m", "--scores", "-", "a.log"},
                                             {"scan", "--model", "m", "--scores", "queue://x", "a.log"},
                                             {"watch", "a.log"},
                                             {"watch", "--model", "m", "--start", "middle", "a.log"},
                                             {"watch", "--model", "m", "--start", "checkpoint", "a.log"},
                                             {"eval", "--model", "m", "--labels", "l", "--slack", "-1", "a.log"},
                                             {"eval", "--model", "m", "a.log"},
                                             {"parse", "--format", "xml", "a.log"},
                                             {"ack", "--list"}}) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.status, 2) << testing::PrintToString(words);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, HasSubstr("logdetect: error: "));
  }
  EXPECT_THAT(run({"explain"}).err,
              HasSubstr("the id of a finding or incident is missing\n  help: usage: logdetect explain ID"));
  EXPECT_THAT(run({"model", "inspect", "a", "b"}).err, HasSubstr("one argument too many: 'b'"));
  EXPECT_THAT(run({"scan", "--model", "m", "--fail-on", "medum", "a.log"}).err, HasSubstr("did you mean 'medium'?"));
}

TEST(Program, FormatsAreListedOrShown) {
  const auto formats = builtin_formats();
  std::string list;
  for (const FormatSpec& spec : *formats) {
    std::string line = spec.name + "  ";
    line.resize(std::max<std::size_t>(line.size(), 20), ' ');
    list += line + spec.summary + "\n";
  }
  EXPECT_EQ(run({"formats"}).out, list);
  EXPECT_EQ(run({"formats", formats->front().name}).out, format_details(formats->front()));
  EXPECT_EQ(run({"formats", formats->back().name}).out, format_details(formats->back()));
}

TEST(Program, ACrashIsToldAndEndsWith70) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(report_crash("out of paper"), 70);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              StartsWith("logdetect: error: out of paper\n  help: this is a bug"));
}

// A folder with a log, a day with something odd in it, and a model of the first.
class ProgramOnLogs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = testing::TempDir() + "/program_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    put("usual.log", lines(0, 600));
    put("odd.log", lines(600, 100) + "2024-01-15T01:00:00Z FATAL db: disk vanished under the table\n" +
                       "2024-01-15T01:00:00Z FATAL db: cannot find any table\n" + lines(3600, 20));
    trained_ = run({"train", "--threads", "1", "--plain", "--output", at("model"), at("usual.log")});
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  static std::string at(const std::string& name) { return (folder_ / name).string(); }
  static void put(const std::string& name, const std::string& text) {
    std::ofstream(at(name), std::ios::binary) << text;
  }
  static std::string lines(int from, int count) {
    std::string out;
    for (int i = from; i < from + count; ++i) {
      char time[32];
      std::snprintf(time, sizeof time, "2024-01-15T%02d:%02d:%02dZ", i / 3600, i / 60 % 60, i % 60);
      const char* const texts[] = {"INFO web: request served in 5 ms", "INFO web: user anna came",
                                   "INFO db: vacuum of table done", "WARN db: slow query took 900 ms"};
      out += std::string(time) + " " + texts[i % 4] + "\n";
    }
    return out;
  }
  static Json records(const std::string& json) { return Json::parse(json)["records"]; }

  static inline fs::path folder_;
  static inline Ran trained_;
};

TEST_F(ProgramOnLogs, TrainTellsWhatItLearned) {
  EXPECT_EQ(trained_.status, 0) << trained_.err;
  EXPECT_THAT(trained_.out, StartsWith("Learned from 600 log lines (600 records, 4 templates) in "));
  EXPECT_THAT(trained_.out, HasSubstr("  span        2024-01-15T00:00:00Z - 2024-01-15T00:09:59Z\n"));
  EXPECT_THAT(trained_.out, EndsWith("Model written to " + at("model") + ". Next: logdetect scan --model " +
                                     at("model") + " today.log\n"));
  EXPECT_EQ(run({"train", "-q", "--output", at("quiet"), at("usual.log")}).out, "");
  const Ran partly = run({"train", "--output", at("part"), at("usual.log"), at("missing.log")});
  EXPECT_EQ(partly.status, 3) << "one input is not there";
  EXPECT_EQ(run({"train", "--output", at("none"), at("missing.log")}).status, 3);
}

TEST_F(ProgramOnLogs, TrainUpdatesAModel) {
  fs::copy(at("model"), at("updated"), fs::copy_options::recursive);
  const Ran updated = run({"train", "--update", "--output", at("updated"), at("odd.log")});
  EXPECT_EQ(updated.status, 0) << updated.err;
  EXPECT_THAT(updated.out, StartsWith("Updated with 122 log lines ("));
  EXPECT_THAT(updated.out, HasSubstr("  new         2 templates that the model did not know\n"));
  const Ran diff = run({"model", "diff", at("model"), at("updated"), "--format", "json"});
  EXPECT_EQ(Json::parse(diff.out)["new_count"], 2);
}

TEST_F(ProgramOnLogs, ModelsAreShownAndVerified) {
  const Ran verified = run({"model", "verify", at("model")});
  EXPECT_EQ(verified.status, 0);
  EXPECT_THAT(verified.out, AllOf(StartsWith(at("model") + ": intact ("), HasSubstr(" sections, 4 templates, ")));
  std::uint64_t bytes = 0;
  const Json model = Json::parse(run({"model", "inspect", at("model"), "--format", "json"}).out);
  for (const Json& section : model["sections"]) {
    bytes += section["bytes"].get<std::uint64_t>();
  }
  EXPECT_GT(bytes, 1000U);
  EXPECT_THAT(verified.out, HasSubstr(", " + std::to_string(bytes / 1000) + "."));
  EXPECT_EQ(run({"model", "verify", "-q", at("model")}).out, "");
  EXPECT_EQ(run({"model", "verify", at("missing")}).status, 4);
  const std::string shown = run({"model", "inspect", at("model"), "--top", "1"}).out;
  EXPECT_THAT(shown, HasSubstr("  and 3 more; --top 0 shows all\n"));
  EXPECT_THAT(run({"model", "diff", at("model"), at("model")}).out,
              StartsWith("0 templates gone, 0 new, 0 changed in rate; 4 as before\n"));
}

TEST_F(ProgramOnLogs, TheExitStatusFollowsTheWorstIncident) {
  const std::vector<std::string> rising = {"low", "medium", "high", "critical"};
  const Ran scanned = run({"scan", "--model", at("model"), "--format", "json", at("odd.log")});
  EXPECT_EQ(scanned.status, 0) << scanned.err;
  std::size_t worst = 0;
  std::size_t incidents = 0;
  for (const Json& record : records(scanned.out)) {
    if (record["type"] == "incident") {
      ++incidents;
      const auto found = std::find(rising.begin(), rising.end(), record["severity"].get<std::string>());
      worst = std::max(worst, static_cast<std::size_t>(found - rising.begin()));
    }
  }
  ASSERT_GT(incidents, 0U);
  const auto status = [&](const std::string& word, const std::string& log) {
    return run({"scan", "--model", at("model"), "--fail-on", word, "--format", "json", at(log)}).status;
  };
  for (std::size_t i = 0; i < rising.size(); ++i) {
    EXPECT_EQ(status(rising[i], "odd.log"), worst >= i ? 1 : 0) << rising[i];
  }
  EXPECT_EQ(status("any", "odd.log"), 1);
  EXPECT_EQ(status("none", "odd.log"), 0);
  EXPECT_EQ(status("any", "usual.log"), 0);
}

TEST_F(ProgramOnLogs, ScanWritesScoresAndRefusesTheSamePlaceTwice) {
  EXPECT_EQ(run({"scan", "-m", at("model"), "-o", at("r.json"), "--scores", at("s.csv"), at("odd.log")}).status, 0);
  std::ifstream scores(at("s.csv"));
  std::size_t rows = 0;
  for (std::string line; std::getline(scores, line); ++rows) {
  }
  EXPECT_EQ(rows, 123U) << "a header and a row for each record";
  EXPECT_EQ(run({"scan", "-m", at("model"), "-o", at("r.json"), "--scores", at("r.json"), at("odd.log")}).status, 2);
  EXPECT_EQ(run({"scan", "-m", at("model"), "-o", at("odd.log"), at("odd.log")}).status, 2);
  EXPECT_EQ(run({"scan", "-m", at("model"), "--session-scores", at("t.csv"), at("odd.log")}).status, 2);
}

TEST_F(ProgramOnLogs, TopAndAllSayHowMuchIsShown) {
  const Ran text = run({"scan", "-m", at("model"), at("odd.log")});
  EXPECT_THAT(text.out, AllOf(StartsWith("Scanned 122 log lines in "), HasSubstr("Incident 1 (")));
  const Ran top = run({"scan", "-m", at("model"), "--top", "0", at("odd.log")});
  EXPECT_THAT(top.out, AllOf(StartsWith("Incident 1 ("), HasSubstr("Scanned 122 log lines in ")));
  EXPECT_THAT(run({"scan", "-m", at("model"), "--all", at("odd.log")}).out, HasSubstr("ANOMALY DETECTED"));
}

TEST_F(ProgramOnLogs, ParseWritesARowForEachRecord) {
  const Ran parsed = run({"parse", at("odd.log")});
  EXPECT_EQ(parsed.status, 0);
  EXPECT_EQ(std::count(parsed.out.begin(), parsed.out.end(), '\n'), 123);
  EXPECT_THAT(
      parsed.err,
      HasSubstr("note: 122 log lines, 122 records = 122 matched + 0 new + 0 unparsed + 0 dropped, 6 templates\n"));
  EXPECT_THAT(run({"parse", "-m", at("model"), at("odd.log")}).err,
              HasSubstr("120 matched + 2 new + 0 unparsed + 0 dropped, 6 templates\n"));
  EXPECT_THAT(run({"parse", "-q", at("odd.log")}).err, Not(HasSubstr("records")));
  EXPECT_EQ(run({"parse", at("missing.log"), at("odd.log")}).status, 3);
}

TEST_F(ProgramOnLogs, EvalJudgesAgainstLabels) {
  put("labels.csv", "line,label\n101,1\n102,1\n");
  const Ran text = run({"eval", "-m", at("model"), "--labels", at("labels.csv"), at("odd.log")});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out,
              HasSubstr("\nBy line: 122 judged, 2 labelled anomalous, 120 without a label taken as normal\n"));
  const Ran json = run({"eval", "-m", at("model"), "--labels", at("labels.csv"), "--format", "json", at("odd.log")});
  EXPECT_EQ(Json::parse(json.out)["units"][0]["anomalous"], 2);
}

TEST_F(ProgramOnLogs, FormatsExplainALog) {
  const Ran text = run({"formats", "--explain", at("usual.log")});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, StartsWith(at("usual.log") + ": 600 records, header read in full 100.0 %"));
  EXPECT_EQ(Json::parse(run({"formats", "--explain", at("usual.log"), "--format", "json"}).out)["records"], 600);
}

TEST_F(ProgramOnLogs, WhatIsFoundCanBeExplainedAndAllowed) {
  ASSERT_EQ(run({"scan", "-m", at("model"), "-o", "json:" + at("found.json"), at("odd.log")}).status, 0);
  std::ifstream file(at("found.json"));
  const Json found = Json::parse(file)["records"];
  const std::string incident = found.back()["id"];
  std::set<std::string> templates;
  for (const Json& record : found) {
    if (record["type"] == "finding" && record["incident"] == incident) {
      templates.insert(record["template"].get<std::string>());
    }
  }
  ASSERT_FALSE(templates.empty());
  EXPECT_THAT(run({"explain", incident, "--from", at("found.json")}).out, StartsWith("Incident ("));
  EXPECT_EQ(run({"explain", "I-00000000", "--from", at("found.json")}).status, 2);
  EXPECT_THAT(run({"explain", "I-00000000", "--from", at("found.json")}).err, HasSubstr("  --> " + at("found.json")));

  const std::vector<std::string> ack = {"ack",      incident, "--from",   at("found.json"), "--allow", at("allow.yaml"),
                                        "--author", "anna",   "--reason", "planned"};
  const Ran added = run(ack);
  EXPECT_EQ(added.status, 0) << added.err;
  const std::string rules = std::to_string(templates.size()) + (templates.size() == 1 ? " rule" : " rules");
  EXPECT_THAT(added.out, EndsWith(rules + " added to " + at("allow.yaml") + "\n"));
  EXPECT_THAT(added.out, HasSubstr("by anna, on "));
  EXPECT_THAT(run(ack).out,
              AllOf(StartsWith("already there: A-"), EndsWith("\n0 rules added to " + at("allow.yaml") + "\n")));
  const std::string list = run({"ack", "--list", "--allow", at("allow.yaml")}).out;
  EXPECT_THAT(list, HasSubstr(", because: planned\n"));
  const std::string rule = list.substr(0, list.find(' '));
  EXPECT_EQ(run({"ack", "--undo", rule, "--allow", at("allow.yaml")}).out, "taken back: " + rule + "\n");
  EXPECT_EQ(run({"ack", "--undo", rule, "--allow", at("allow.yaml")}).status, 2);
}

TEST_F(ProgramOnLogs, AckTakesAPatternOfOnesOwn) {
  const std::string file = at("own.yaml");
  EXPECT_EQ(run({"ack", "--list", "--allow", file}).out, "no rules in " + file + "\n");
  EXPECT_EQ(run({"ack", "--list", "-q", "--allow", file}).out, "");
  EXPECT_EQ(run({"ack", "I-1234", "--pattern", "x y", "--allow", file}).status, 2);
  EXPECT_EQ(run({"ack", "--pattern", "<*>", "--allow", file}).status, 2);
  EXPECT_THAT(run({"ack", "--pattern", "<*>", "--allow", file}).err, HasSubstr("--> --pattern"));
  EXPECT_THAT(run({"ack", "--pattern", "replica <*> gone", "--allow", file}).out,
              EndsWith("\n1 rule added to " + file + "\n"));
  EXPECT_EQ(run({"ack", "-q", "--pattern", "another", "--allow", file}).out, "");
  EXPECT_EQ(run({"ack", "--list", "--model", at("missing")}).status, 4);
  EXPECT_THAT(run({"ack", "--list", "--model", at("model")}).out, HasSubstr("no rules in " + at("model")));
}

TEST_F(ProgramOnLogs, ConfigurationsAreShownAndChecked) {
  EXPECT_EQ(run({"config", "show", "--defaults"}).out, ConfigBuilder().to_yaml(true, false));
  EXPECT_THAT(run({"config", "show", "--seed", "77"}).out, AllOf(HasSubstr("seed: 77"), HasSubstr("--seed")));
  put("good.yaml", "run: {seed: 7, days: 2}\n");
  EXPECT_EQ(run({"config", "check", at("good.yaml")}).out, at("good.yaml") + ": good (2 values set)\n");
  EXPECT_EQ(run({"config", "check", "-q", at("good.yaml")}).out, "");
  put("bad.yaml", "run: {sed: 7}\n");
  const Ran bad = run({"config", "check", at("bad.yaml")});
  EXPECT_EQ(bad.status, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:1:"));
}

}  // namespace
}  // namespace logdetect
