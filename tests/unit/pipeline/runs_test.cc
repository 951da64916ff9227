#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "logdetect/pipeline/evaluate.h"
#include "logdetect/pipeline/explain_format.h"
#include "logdetect/pipeline/inspect.h"
#include "logdetect/pipeline/model_diff.h"
#include "logdetect/pipeline/parse.h"
#include "logdetect/pipeline/scan.h"
#include "logdetect/training/train.h"

namespace logdetect {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Micros kStart = 1'705'276'800LL * kMicrosPerSecond;  // 2024-01-15T00:00:00Z

std::string line(int second, const std::string& text) {
  char time[32];
  std::snprintf(time, sizeof time, "2024-01-15T%02d:%02d:%02dZ ", second / 3600, second / 60 % 60, second % 60);
  return time + text + "\n";
}

// Four kinds of message, one a second.
std::string usual(int from, int count) {
  const char* const texts[] = {"INFO web: request served", "INFO web: user came", "INFO db: vacuum done",
                               "WARN db: slow query"};
  std::string out;
  for (int i = from; i < from + count; ++i) {
    out += line(i, texts[i % 4]);
  }
  return out;
}

// Logs and a model of the usual one; every function of the room that runs over a log.
class Runs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = testing::TempDir() + "/runs_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    put("usual.log", usual(0, 600));
    put("odd.log", usual(600, 100) + line(700, "FATAL db: disk vanished") +
                       line(700, "FATAL db: cannot find any table") + usual(3600, 20));
    trained("model", "usual.log");
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  static std::string at(const std::string& name) { return (folder_ / name).string(); }
  static std::string put(const std::string& name, const std::string& text) {
    std::ofstream(at(name), std::ios::binary) << text;
    return at(name);
  }
  static std::string content(const std::string& name) {
    std::ifstream file(at(name), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  static std::string trained(const std::string& model, const std::string& log, const std::string& seed = "42") {
    TrainRequest request;
    ConfigBuilder builder;
    EXPECT_TRUE(builder.apply_value("run.seed", seed, "", Origin::kFlag).ok());
    request.config = builder.config();
    request.config.run.threads = 1;
    request.config_yaml = builder.model_yaml();
    request.inputs = {at(log)};
    request.output = at(model);
    const auto report = train(request, RunControl());
    EXPECT_TRUE(report.ok()) << report.error().to_string();
    return at(model);
  }
  static ScanRequest scan_of(const std::string& log) {
    ScanRequest request;
    request.model = at("model");
    request.inputs = {at(log)};
    const std::vector<FormatInfo> formats(format_table().begin(), format_table().end());
    request.outputs = {*read_output("jsonl:" + at("result.jsonl"), {formats, output_table(), "jsonl"})};
    return request;
  }
  static ScanReport scanned(const ScanRequest& request) {
    auto report = scan(request, RunControl());
    EXPECT_TRUE(report.ok()) << report.error().to_string();
    return report.ok() ? *std::move(report) : ScanReport{};
  }

  static inline fs::path folder_;
};

TEST_F(Runs, ScanCountsAndFinds) {
  const ScanReport report = scanned(scan_of("odd.log"));
  EXPECT_EQ(report.summary.lines, 122U);
  EXPECT_EQ(report.summary.records, 122U);
  EXPECT_EQ(report.summary.bytes, content("odd.log").size());
  EXPECT_EQ(report.summary.records_known, 120U);
  EXPECT_EQ(report.summary.records_new, 2U);
  EXPECT_EQ(report.summary.inputs_skipped, 0U);
  EXPECT_GT(report.summary.incidents, 0U);
  EXPECT_TRUE(report.worst.has_value());
  EXPECT_THAT(content("result.jsonl"), HasSubstr("\"command\":\"scan\""));
  EXPECT_THAT(content("result.jsonl"), HasSubstr("disk vanished"));
  EXPECT_FALSE(scanned(scan_of("usual.log")).worst.has_value());
}

TEST_F(Runs, ScanJudgesFromSinceUntilJustBeforeUntil) {
  ScanRequest request = scan_of("odd.log");
  request.since = kStart + 610 * kMicrosPerSecond;
  request.until = kStart + 620 * kMicrosPerSecond;
  EXPECT_EQ(scanned(request).summary.records_dropped, 112U);
  request.until = *request.since + 1;
  EXPECT_EQ(scanned(request).summary.records_dropped, 121U);
  request.until = request.since;
  const auto empty = scan(request, RunControl());
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().message, "the time range is empty");
  request.since = kStart + kMicrosPerDay;
  request.until.reset();
  EXPECT_THAT(scanned(request).advice,
              testing::Contains("no record lies between --since and --until: nothing was judged"));
}

TEST_F(Runs, ScanTellsOfInputsThatCannotBeRead) {
  ScanRequest request = scan_of("odd.log");
  request.inputs.push_back(at("missing.log"));
  const ScanReport report = scanned(request);
  EXPECT_EQ(report.summary.inputs_skipped, 1U);
  EXPECT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.summary.records, 122U);
}

TEST_F(Runs, StandardInputCanBeReadOnlyOnce) {
  ScanRequest request = scan_of("odd.log");
  request.inputs = {"-", at("odd.log"), "-"};
  EXPECT_EQ(scan(request, RunControl()).error().message, "standard input is named more than once");
  request.inputs = {"-"};
  request.baseline = {at("usual.log"), "-"};
  EXPECT_EQ(scan(request, RunControl()).error().message, "standard input is named more than once");
}

TEST_F(Runs, StandardInputOnceIsNoMistake) {
  ScanRequest request = scan_of("odd.log");
  request.inputs = {"-"};
  request.model = at("missing");
  EXPECT_EQ(scan(request, RunControl()).error().code, ErrorCode::kModel);
}

TEST_F(Runs, ScanWritesAScoreForEveryRecordAndNoneOfSessionsThatItDoesNotKnow) {
  ScanRequest request = scan_of("odd.log");
  request.scores = at("scores.csv");
  scanned(request);
  const std::string scores = content("scores.csv");
  EXPECT_EQ(std::count(scores.begin(), scores.end(), '\n'), 123);
  request.session_scores = at("sessions.csv");
  EXPECT_EQ(scan(request, RunControl()).error().where, "--session-scores");
}

TEST_F(Runs, AScanThatIsStoppedLeavesNoResult) {
  ScanRequest request = scan_of("odd.log");
  request.outputs[0].target.rest = at("stopped.jsonl");
  const std::atomic<int> stop{15};
  RunControl control;
  control.stop = &stop;
  const auto report = scan(request, control);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kInterrupted);
  EXPECT_FALSE(fs::exists(at("stopped.jsonl")));
}

EvaluateRequest evaluation_of(const ScanRequest& scan) {
  EvaluateRequest request;
  request.scan = scan;
  request.scan.outputs.clear();
  return request;
}

TEST_F(Runs, EvaluateHoldsVerdictsAgainstLabels) {
  EvaluateRequest request = evaluation_of(scan_of("odd.log"));
  EXPECT_EQ(evaluate(request, RunControl()).error().message, "there is nothing to compare with");
  request.line_labels = put("labels.csv", "line,label\n101,1\n102,1\n1,0\n999,0\n");
  request.faults = put("faults.csv", "begin,end,name\n2024-01-15T00:11:40Z,2024-01-15T00:11:41Z,disk\n");
  const auto report = evaluate(request, RunControl());
  ASSERT_TRUE(report.ok()) << report.error().to_string();
  EXPECT_EQ(report->summary.records, 122U);
  EXPECT_NEAR(report->days, (3619.0 - 600.0) / 86'400, 1e-9);
  ASSERT_EQ(report->units.size(), 1U);
  EXPECT_EQ(report->units[0].units, 122U);
  EXPECT_EQ(report->units[0].anomalous, 2U);
  EXPECT_EQ(report->units[0].unlabelled, 119U);
  EXPECT_EQ(report->units[0].unjudged, 1U);
  EXPECT_EQ(report->units[0].own.decision.true_positives, 2U);
  ASSERT_EQ(report->faults.size(), 1U);
  EXPECT_EQ(report->faults[0].names, std::vector<std::string>{"disk"});
  EXPECT_TRUE(report->faults[0].match.incident_of.at(0).has_value());
  for (const Incident& incident : report->faults[0].incidents) {
    EXPECT_TRUE(incident.findings.empty());
  }
  EXPECT_THAT(report->warnings, testing::Contains(HasSubstr("1 labelled lines are not in the log")));
}

TEST_F(Runs, EvaluateNeedsPositivesAndSessionsThatTheModelKnows) {
  EvaluateRequest request = evaluation_of(scan_of("odd.log"));
  request.line_labels = put("normal.csv", "line,label\n1,0\n");
  EXPECT_EQ(evaluate(request, RunControl()).error().message, "no line of the log is labelled anomalous");
  request.session_labels = put("sessions_labels.csv", "session,label\na,1\n");
  EXPECT_EQ(evaluate(request, RunControl()).error().where, "--session-labels");
}

TEST_F(Runs, ALogWithoutTimesHasNoDays) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += i % 2 == 0 ? "user came\n" : "user went away again\n";
  }
  EvaluateRequest request = evaluation_of(scan_of("odd.log"));
  request.scan.inputs = {put("timeless.log", text)};
  request.line_labels = put("some.csv", "line,label\n1,1\n");
  const auto report = evaluate(request, RunControl());
  ASSERT_TRUE(report.ok()) << report.error().to_string();
  EXPECT_EQ(report->days, 0);
}

TEST_F(Runs, InspectShowsWhatTheModelHolds) {
  const auto model = inspect_model(at("model"));
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(model->path, at("model"));
  ASSERT_EQ(model->templates.size(), 4U);
  for (const TemplateInfo& info : model->templates) {
    EXPECT_EQ(info.count, 150U);
  }
  EXPECT_FALSE(model->detectors.empty());
  EXPECT_THAT(model->curves, IsEmpty()) << "no networks";
  EXPECT_GT(model->threshold, 0);
  EXPECT_GT(model->sections.size(), 3U);
  EXPECT_EQ(inspect_model(at("missing")).error().code, ErrorCode::kModel);
}

TEST_F(Runs, InspectSortsTemplatesByCount) {
  put("steps.log", usual(0, 200) + line(300, "INFO db: began") + line(301, "INFO db: began") +
                       line(302, "INFO db: began") + usual(400, 1));
  const auto model = inspect_model(trained("steps", "steps.log"));
  ASSERT_TRUE(model.ok());
  std::vector<std::uint64_t> counts;
  for (const TemplateInfo& info : model->templates) {
    counts.push_back(info.count);
  }
  EXPECT_THAT(counts, ElementsAre(51, 50, 50, 50, 3));
}

TEST_F(Runs, DiffTellsWhatIsNewAndGone) {
  std::string changed;
  for (int i = 0; i < 600; ++i) {
    changed += line(i, i % 2 == 0 ? "INFO web: request served" : "ERROR db: table is broken");
  }
  put("changed.log", changed);
  const auto diff = diff_models(at("model"), trained("changed", "changed.log"));
  ASSERT_TRUE(diff.ok()) << diff.error().to_string();
  EXPECT_EQ(diff->a.path, at("model"));
  EXPECT_EQ(diff->b.path, at("changed"));
  EXPECT_EQ(diff->a.records, 600U);
  EXPECT_EQ(diff->a.templates, 4U);
  EXPECT_EQ(diff->b.templates, 2U);
  EXPECT_EQ(diff->a.first, kStart);
  EXPECT_EQ(diff->a.last, kStart + 599 * kMicrosPerSecond);
  EXPECT_TRUE(diff->per_hour);
  EXPECT_NEAR(diff->a.hours, 1.0 / 6, 0.01);
  ASSERT_EQ(diff->added.size(), 1U);
  EXPECT_EQ(diff->added[0].text, "table is broken");
  EXPECT_EQ(diff->added[0].alarm, Alarm::kError);
  EXPECT_EQ(diff->added[0].after, 300U);
  EXPECT_EQ(diff->gone.size(), 3U);
  EXPECT_EQ(diff->surely_gone(), 3U);
  ASSERT_EQ(diff->changed.size(), 1U);
  EXPECT_NEAR(diff->changed[0].factor, 2, 0.01);
  EXPECT_THAT(diff->config, IsEmpty());
  const auto same = diff_models(at("model"), at("model"));
  EXPECT_EQ(same->steady, 4U);
}

TEST_F(Runs, DiffTellsWhichSettingsChangedInTheirOrder) {
  const auto diff = diff_models(at("model"), trained("seed", "usual.log", "7"));
  ASSERT_TRUE(diff.ok()) << diff.error().to_string();
  ASSERT_EQ(diff->config.size(), 1U);
  EXPECT_EQ(diff->config[0].path, "run.seed");
  EXPECT_EQ(diff->config[0].before, "42");
  EXPECT_EQ(diff->config[0].after, "7");
  EXPECT_EQ(diff->steady, 4U);
}

ParseReport parsed(const std::string& log, const std::string& model, const std::string& out) {
  ParseRequest request;
  request.model = model;
  request.inputs = {log};
  const std::vector<FormatInfo> formats(row_format_table().begin(), row_format_table().end());
  request.outputs = {*read_output(out, {formats, output_table(), "csv"})};
  auto report = parse(request, RunControl());
  EXPECT_TRUE(report.ok()) << report.error().to_string();
  return report.ok() ? *std::move(report) : ParseReport{};
}

TEST_F(Runs, ParseWritesEveryRowByTheTemplatesThatSettled) {
  std::string text;
  std::string want = "line,last_line,time,level,template_id,template,parameters\n";
  const std::vector<std::string> names = {"anna", "berta", "carla", "dora", "emil", "fritz", "gustav", "hans"};
  for (int i = 0; i < 160; ++i) {
    const std::string name = names[static_cast<std::size_t>(i) % 8] + std::string(1, static_cast<char>('a' + i / 8));
    text += line(i, "INFO web: greeting " + name + " sent home");
    const std::string time = line(i, "").substr(0, 20);
    const std::string number = std::to_string(i + 1);
    want += number + "," + number + "," + time + ",INFO,0,greeting <*> sent home,\"[\"\"" + name + "\"\"]\"\n";
  }
  const ParseReport report = parsed(put("names.log", text), "", at("rows.csv"));
  EXPECT_EQ(content("rows.csv"), want);
  EXPECT_EQ(report.summary.templates_known, 1U);
  EXPECT_EQ(report.summary.records_known, 160U);
  EXPECT_EQ(report.summary.first_time, kStart);
  EXPECT_EQ(report.summary.last_time, kStart + 159 * kMicrosPerSecond);
}

TEST_F(Runs, ParseByAModelKnowsWhatIsNew) {
  const ParseReport report = parsed(at("odd.log"), at("model"), "jsonl:" + at("rows.jsonl"));
  EXPECT_EQ(report.summary.records_known, 120U);
  EXPECT_EQ(report.summary.records_new, 2U);
  EXPECT_EQ(report.summary.templates_known, 4U);
  EXPECT_EQ(report.summary.templates_new, 2U);
  EXPECT_EQ(report.summary.lines, 122U);
  const std::string rows = content("rows.jsonl");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 122);
  EXPECT_THAT(rows, HasSubstr("\"template\":\"disk vanished\",\"parameters\":[]}\n"));
}

FormatExplanation explained(const std::string& path, const std::string& format = "auto") {
  ConfigBuilder builder;
  EXPECT_TRUE(builder.apply_value("header.format", format, "", Origin::kFlag).ok());
  EXPECT_TRUE(builder.apply_value("ingest.recursive", "true", "", Origin::kFlag).ok());
  auto found = explain_format(builder.config(), path, RunControl());
  EXPECT_TRUE(found.ok()) << found.error().to_string();
  return found.ok() ? *std::move(found) : FormatExplanation{};
}

TEST_F(Runs, ExplainFormatTellsOfTheColumns) {
  const FormatExplanation found = explained(at("odd.log"));
  EXPECT_EQ(found.lines, 122U);
  EXPECT_EQ(found.full, 122U);
  EXPECT_EQ(found.partial + found.bare, 0U);
  EXPECT_TRUE(found.whole);
  EXPECT_EQ(found.zone, "UTC");
  ASSERT_EQ(found.layouts.size(), 1U);
  const FormatLayout& layout = found.layouts[0];
  EXPECT_EQ(layout.lines, 122U);
  EXPECT_EQ(layout.found, "auto");
  ASSERT_EQ(layout.columns.size(), 3U);
  EXPECT_EQ(layout.columns[0].field + layout.columns[1].field + layout.columns[2].field, "timelevelcomponent");
  EXPECT_EQ(layout.columns[0].form, "timestamp");
  EXPECT_EQ(layout.columns[1].share, 1);
  EXPECT_THAT(layout.columns[1].values, ElementsAre("INFO", "WARN", "FATAL"));
  EXPECT_THAT(layout.columns[2].values, ElementsAre("web", "db"));
  EXPECT_EQ(layout.columns[0].values.size(), 3U) << "at most three";
  EXPECT_EQ(layout.time, "2024-01-15T00:10:00Z");
  EXPECT_EQ(layout.time_read, "2024-01-15T00:10:00Z");
  EXPECT_EQ(layout.time_missing, "");
  EXPECT_EQ(layout.pattern, "<Time> <Level> <Component>: <Content>");
  EXPECT_EQ(layout.pattern_share, 1);
  EXPECT_THAT(layout.yaml, HasSubstr("pattern: \"<Time> <Level> <Component>: <Content>\"\n"));
  ASSERT_EQ(layout.examples.size(), 2U);
  EXPECT_EQ(layout.examples[0].first, "2024-01-15T00:10:00Z INFO web: ");
  EXPECT_EQ(layout.examples[0].second, "request served");
}

TEST_F(Runs, ExplainFormatTellsWhatATimeDoesNotState) {
  const auto missing = [](const std::string& time) {
    const auto found = explained(put("m.log", time + " INFO began\n"), "<Time> <Level> <Content>");
    return found.layouts.at(0).time_missing;
  };
  EXPECT_EQ(missing("2024-01-15T00:00:00Z"), "");
  EXPECT_EQ(missing("2024-01-15 00:00:00"), "zone");
  EXPECT_EQ(missing("Jan 15 00:00:00"), "year, zone");
  EXPECT_EQ(missing("00:00:00.123"), "date, zone");
}

TEST_F(Runs, ExplainFormatOfLinesWithoutHeader) {
  const FormatExplanation found = explained(put("bare.log", "one thing\nanother one\n"), "none");
  ASSERT_EQ(found.layouts.size(), 1U);
  EXPECT_EQ(found.layouts[0].pattern, "none");
  EXPECT_EQ(found.layouts[0].pattern_share, 1);
  EXPECT_THAT(found.layouts[0].columns, IsEmpty());
  EXPECT_THAT(found.layouts[0].builtin, IsEmpty());
}

TEST_F(Runs, ExplainFormatOfObjectsAndPairs) {
  std::string json;
  std::string pairs;
  for (int i = 0; i < 30; ++i) {
    const std::string time = line(i, "").substr(0, 20);
    json += "{\"time\":\"" + time + "\",\"level\":\"info\",\"msg\":\"request served\"}\n";
    pairs += "time=" + time + " level=info msg=\"request served\"\n";
  }
  const FormatLayout first = explained(put("o.json", json)).layouts.at(0);
  EXPECT_EQ(first.pattern, "json");
  EXPECT_EQ(first.pattern_share, 1);
  EXPECT_EQ(first.lines, 30U);
  const FormatLayout second = explained(put("p.log", pairs)).layouts.at(0);
  EXPECT_EQ(second.pattern, "logfmt");
  EXPECT_EQ(second.pattern_share, 1);
}

TEST_F(Runs, ExplainFormatListsTheMostFrequentLayoutFirst) {
  std::string text;
  for (int i = 0; i < 90; ++i) {
    text += line(i, "INFO web: request served");
    if (i % 3 == 0) {
      text += "{\"time\":\"" + line(i, "").substr(0, 20) + "\",\"level\":\"info\",\"msg\":\"request served\"}\n";
    }
  }
  const FormatExplanation found = explained(put("mixed.log", text));
  ASSERT_EQ(found.layouts.size(), 2U);
  EXPECT_EQ(found.layouts[0].lines, 90U);
  EXPECT_EQ(found.layouts[1].lines, 30U);
  EXPECT_EQ(found.lines, 120U);
}

TEST_F(Runs, ExplainFormatReadsEachFileOfAFolderItsWay) {
  fs::create_directory(at("folder"));
  std::string json;
  for (int i = 0; i < 30; ++i) {
    json += "{\"time\":\"" + line(i, "").substr(0, 20) + "\",\"level\":\"info\",\"msg\":\"request served\"}\n";
  }
  put("folder/a.log", usual(0, 30));
  put("folder/b.log", json);
  put("folder/c.log", usual(30, 30));
  const FormatExplanation found = explained(at("folder"));
  EXPECT_EQ(found.lines, 90U);
  EXPECT_EQ(found.full, 90U);
  ASSERT_EQ(found.layouts.size(), 2U);
  EXPECT_EQ(found.layouts[0].lines, 60U);
  EXPECT_EQ(found.layouts[1].lines, 30U);
  EXPECT_EQ(found.layouts[1].pattern, "json");
}

TEST_F(Runs, ExplainFormatNamesBuiltInFormatsThatCutAlike) {
  const auto formats = builtin_formats();
  const auto syslog = std::find_if(formats->begin(), formats->end(),
                                   [](const FormatSpec& format) { return format.name == "syslog_rfc3164"; });
  ASSERT_NE(syslog, formats->end());
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += "Jan 15 00:00:" + std::to_string(10 + i) + " db1 pool[7]: all is well\n";
  }
  const FormatLayout layout =
      explained(put("sys.log", text), "<Time> <Host> <Component>[<Pid>]: <Content>").layouts.at(0);
  EXPECT_THAT(layout.builtin, testing::Contains("syslog_rfc3164"));
}

// A clock that goes on by a fifth of a second whenever it is asked, and stops the run after a while.
class StoppingClock final : public Clock {
 public:
  explicit StoppingClock(int asks) : left_(asks) {}
  [[nodiscard]] Micros wall() const override { return kStart + kMicrosPerDay; }
  [[nodiscard]] Micros monotonic() const override {
    if (--left_ <= 0) {
      stop = 15;
    }
    return now_ += 200 * kMicrosPerMilli;
  }
  mutable std::atomic<int> stop{0};

 private:
  mutable int left_;
  mutable Micros now_ = 0;
};

ScanReport watched(const WatchRequest& request, int asks) {
  const StoppingClock clock(asks);
  RunControl control;
  control.clock = &clock;
  control.stop = &clock.stop;
  auto report = watch(request, control);
  EXPECT_TRUE(report.ok()) << report.error().to_string();
  return report.ok() ? *std::move(report) : ScanReport{};
}

TEST_F(Runs, WatchGoesOnWhereItStopped) {
  put("live.log", usual(600, 40) + line(640, "FATAL db: disk vanished"));
  WatchRequest request;
  request.model = at("model");
  request.inputs = {at("live.log")};
  request.state_directory = at("state");
  request.start = SourceStart::kBegin;
  request.report.every_finding = true;
  const ScanRequest outputs = scan_of("odd.log");
  request.outputs = outputs.outputs;
  request.outputs[0].target.rest = at("watched.jsonl");
  const ScanReport first = watched(request, 12);
  EXPECT_EQ(first.summary.records, 41U);
  EXPECT_TRUE(first.worst.has_value());
  EXPECT_THAT(content("watched.jsonl"), HasSubstr("\"command\":\"watch\""));
  EXPECT_THAT(content("watched.jsonl"), HasSubstr("disk vanished"));
  std::ofstream(at("live.log"), std::ios::app) << usual(641, 8);
  request.start.reset();
  EXPECT_EQ(watched(request, 12).summary.records, 8U);
  request.state_directory.clear();
  EXPECT_EQ(watched(request, 12).summary.records, 0U) << "without a checkpoint from the end";
}

TEST_F(Runs, WatchWithoutACheckpointTakesTheUnfinishedLineAtTheEnd) {
  WatchRequest request;
  request.model = at("model");
  const std::string text = usual(600, 4);
  request.inputs = {put("unfinished.log", text.substr(0, text.size() - 1))};
  request.start = SourceStart::kBegin;
  request.outputs = scan_of("odd.log").outputs;
  request.outputs[0].target.rest = at("unfinished.jsonl");
  EXPECT_EQ(watched(request, 12).summary.records, 4U);
  request.state_directory = at("unfinished_state");
  EXPECT_EQ(watched(request, 12).summary.records, 3U) << "it is read again, whole, after the restart";
}

}  // namespace
}  // namespace logdetect
