#include <gtest/gtest.h>
#include <re2/re2.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "logdetect/base/file.h"
#include "loggen/generate.h"
#include "loggen/render.h"
#include "loggen/world.h"

namespace logdetect::loggen {
namespace {

const std::vector<Category>& every_kind() {
  static const std::vector<Category> kinds = {
      Category::kNewError,     Category::kBurst,       Category::kSilence,   Category::kBrokenSequence,
      Category::kOddParameter, Category::kUnusualHour, Category::kDeployment};
  return kinds;
}

struct Label {
  std::uint64_t line = 0;
  bool anomalous = false;
  std::string category;
};

struct Generated {
  Totals totals;
  std::string text;
  std::vector<std::string> lines;
  std::vector<Label> labels;
  std::string faults;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) {
    parts.push_back(part);
  }
  return parts;
}

class LoggenTest : public testing::Test {
 protected:
  LoggenTest() {
    std::string pattern = testing::TempDir() + "loggen_XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  ~LoggenTest() override { std::filesystem::remove_all(directory_); }

  Generated run(Options options) {
    options.output = directory_ + "/log";
    options.labels = directory_ + "/labels";
    options.faults = directory_ + "/faults";
    const Result<Totals> totals = generate(options);
    EXPECT_TRUE(totals.ok()) << (totals.ok() ? "" : totals.error().to_string());
    constexpr std::size_t kMost = 50'000'000;
    Generated out;
    out.totals = *totals;
    out.text = *read_file(options.output, kMost, ErrorCode::kInput);
    out.lines = split(out.text, '\n');
    out.faults = *read_file(options.faults, kMost, ErrorCode::kInput);
    const std::vector<std::string> rows = split(*read_file(options.labels, kMost, ErrorCode::kInput), '\n');
    EXPECT_EQ(rows.at(0), "line,label,category");
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::vector<std::string> columns = split(rows[i], ',');
      out.labels.push_back({std::stoull(columns.at(0)), columns.at(1) == "1", columns.at(2)});
    }
    return out;
  }

  std::string directory_;
};

Options with_everything() {
  Options options;
  options.incidents = every_kind();
  return options;
}

TEST_F(LoggenTest, SameArgumentsSameBytes) {
  const Generated one = run(with_everything());
  const Generated two = run(with_everything());
  EXPECT_EQ(one.text, two.text);
  EXPECT_EQ(one.faults, two.faults);
  Options other = with_everything();
  other.seed = 43;
  EXPECT_NE(run(other).text, one.text);
}

TEST_F(LoggenTest, WritesAboutAsManyLinesAsAskedFor) {
  for (const std::uint64_t lines : {3000U, 20'000U, 200'000U}) {
    for (const int days : {1, 7}) {
      Options options;
      options.lines = lines;
      options.days = days;
      const Generated log = run(options);
      EXPECT_NEAR(static_cast<double>(log.lines.size()), static_cast<double>(lines), 0.12 * static_cast<double>(lines))
          << lines << " in " << days;
      EXPECT_EQ(log.totals.lines, log.lines.size());
    }
  }
}

TEST_F(LoggenTest, EveryLineHasItsLabel) {
  const Generated log = run(with_everything());
  ASSERT_EQ(log.labels.size(), log.lines.size());
  std::uint64_t anomalous = 0;
  for (std::size_t i = 0; i < log.labels.size(); ++i) {
    ASSERT_EQ(log.labels[i].line, i + 1);
    anomalous += log.labels[i].anomalous ? 1 : 0;
    ASSERT_EQ(log.labels[i].anomalous, log.labels[i].category != "normal" && log.labels[i].category != "deployment");
  }
  EXPECT_EQ(anomalous, log.totals.anomalous_lines);
}

// What only an incident says is labelled so, and a stack trace goes with its record.
TEST_F(LoggenTest, LabelsMatchTheText) {
  const Generated log = run(with_everything());
  const std::map<std::string, std::string> only_in = {{"unreachable: connection refused, attempt", "new_error"},
                                                      {"certificate has expired", "new_error"},
                                                      {"is not in the keyring", "new_error"},
                                                      {"upstream orders failed", "new_error"},
                                                      {"fraud check v2 scored", "deployment"},
                                                      {"starting orders 2.14.0", "deployment"}};
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    for (const auto& [text, category] : only_in) {
      if (log.lines[i].find(text) != std::string::npos) {
        ASSERT_EQ(log.labels[i].category, category) << log.lines[i];
      }
    }
    if (log.lines[i].rfind("\tat ", 0) == 0) {
      ASSERT_EQ(log.labels[i].category, log.labels[i - 1].category) << log.lines[i];
    }
  }
}

TEST_F(LoggenTest, EveryKindOfIncidentIsThere) {
  const Generated log = run(with_everything());
  std::map<std::string, int> counts;
  for (const Label& label : log.labels) {
    ++counts[label.category];
  }
  for (const char* kind : {"new_error", "burst", "broken_sequence", "odd_parameter", "unusual_hour", "deployment"}) {
    EXPECT_GT(counts[kind], 3) << kind;
  }
  EXPECT_EQ(counts["silence"], 0);
  const std::vector<std::string> faults = split(log.faults, '\n');
  ASSERT_EQ(faults.size(), 7U);  // the head, and all but the deployment
  EXPECT_EQ(faults[0], "begin,end,name");
  const re2::RE2 row(
      "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ),(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ),\"[^\"]+\"");
  std::string begin;
  std::string end;
  for (std::size_t i = 1; i < faults.size(); ++i) {
    ASSERT_TRUE(re2::RE2::FullMatch(faults[i], row, &begin, &end)) << faults[i];
    EXPECT_LT(begin, end);
  }
}

TEST_F(LoggenTest, LabelledLinesLieWithinTheirFault) {
  World world(with_everything());
  std::map<Category, Incident> spans;
  for (const Incident& incident : world.incidents()) {
    spans[incident.kind] = incident;
  }
  while (const std::optional<Line> line = world.next()) {
    if (line->category != Category::kNormal) {
      ASSERT_GE(line->time, spans.at(line->category).begin);
      ASSERT_LE(line->time, spans.at(line->category).end + 30 * kMicrosPerSecond);
    }
  }
}

TEST_F(LoggenTest, TimesNeverGoBackAndStayInTheSpan) {
  const Options options = with_everything();
  World world(options);
  Micros last = options.start;
  while (const std::optional<Line> line = world.next()) {
    ASSERT_GE(line->time, last);
    ASSERT_LT(line->time, options.end());
    last = line->time;
  }
  EXPECT_GT(last, options.end() - kMicrosPerHour);
}

// Everyday life does not depend on the incidents: without them the very same lines remain, but for silenced heartbeats.
TEST_F(LoggenTest, IncidentsDoNotDisturbEverydayLife) {
  const Generated plain = run(Options());
  const Generated incidents = run(with_everything());
  std::set<std::string> missing(plain.lines.begin(), plain.lines.end());
  std::size_t strangers = 0;
  for (std::size_t i = 0; i < incidents.lines.size(); ++i) {
    if (incidents.labels[i].category == "normal" && missing.erase(incidents.lines[i]) == 0 &&
        plain.text.find(incidents.lines[i]) == std::string::npos) {
      ++strangers;
    }
  }
  // The unpaid orders' own lines up to the confirmation look normal and are labelled so.
  EXPECT_LT(strangers, 13U * 5);
  EXPECT_GT(missing.size(), 5U) << "no heartbeat was silenced";
  for (const std::string& line : missing) {
    EXPECT_NE(line.find("items cached"), std::string::npos) << line;
  }
}

TEST_F(LoggenTest, UnpaidOrdersHaveNoPayment) {
  const Generated log = run(with_everything());
  std::set<std::string> charged;
  std::string order;
  const re2::RE2 charge("for order (\\d+)");
  const re2::RE2 confirm("order (\\d+) confirmed");
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    if (log.lines[i].find(" payments[") != std::string::npos && re2::RE2::PartialMatch(log.lines[i], charge, &order)) {
      charged.insert(order);
    }
    if (re2::RE2::PartialMatch(log.lines[i], confirm, &order)) {
      ASSERT_EQ(charged.count(order) == 0, log.labels[i].category == "broken_sequence") << log.lines[i];
    }
  }
}

TEST_F(LoggenTest, EveryLineHasTheShapeOfItsFormat) {
  const std::map<Format, std::string> shapes = {
      {Format::kIso, ("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (INFO |WARN |ERROR|FATAL) [a-z]+-\\d "
                      "[a-z]+\\[\\d+\\]: .+")},
      {Format::kSyslog,
       ("[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d [a-z]+-\\d [a-z]+\\[\\d+\\]: (INFO|WARN|ERROR|FATAL) .+")},
      {Format::kJson, ("\\{\"ts\":\"\\d{4}-[^\"]+Z\",\"level\":\"[A-Z]+\",\"host\":\"[^\"]+\",\"service\":"
                       "\"[a-z]+\",\"pid\":\\d+,\"msg\":\"[^\"]+\"(,\"stack\":\"([^\"\\\\]|\\\\.)*\")?\\}")}};
  const re2::RE2 continuation("\\s+.*|(Caused by: )?[\\w.$]+(Exception|Error|Operation).*|Traceback .*");
  for (const auto& [format, shape] : shapes) {
    const re2::RE2 pattern(shape);
    Options options = with_everything();
    options.format = format;
    options.lines = 6000;
    const Generated log = run(options);
    std::uint64_t records = 0;
    for (const std::string& line : log.lines) {
      if (re2::RE2::FullMatch(line, pattern)) {
        ++records;
      } else {
        ASSERT_NE(format, Format::kJson) << line;
        ASSERT_TRUE(re2::RE2::FullMatch(line, continuation)) << line;
      }
    }
    EXPECT_EQ(records, log.totals.records);
  }
}

TEST_F(LoggenTest, NightsAndWeekendsAreQuieter) {
  Options options;
  options.days = 7;
  options.lines = 70'000;
  World world(options);
  std::array<int, 24> by_hour{};
  std::array<int, 7> by_day{};
  while (const std::optional<Line> line = world.next()) {
    const Micros since = line->time - options.start;
    ++by_hour.at(static_cast<std::size_t>(since % kMicrosPerDay / kMicrosPerHour));
    ++by_day.at(static_cast<std::size_t>(since / kMicrosPerDay));
  }
  EXPECT_GT(by_hour[19], 3 * by_hour[3]);
  EXPECT_GT(by_day[1], by_day[6] * 5 / 4);
}

// The number of lines under way depends on the lines a day, so ten times the days need no more memory. Counted, not
// measured: sessions and waiting lines are the only things that grow.
TEST_F(LoggenTest, ALongLogIsAStream) {
  Options options;
  options.days = 365;
  options.lines = 365'000;
  World world(options);
  std::uint64_t lines = 0;
  while (world.next()) {
    ++lines;
  }
  EXPECT_NEAR(static_cast<double>(lines), 365'000, 20'000);
}

TEST(LoggenOptions, RefusesWhatItDoesNotKnow) {
  const auto refuse = [](std::vector<std::string_view> arguments) {
    const Result<Options> result = parse_options(arguments);
    return result.ok() ? std::string("accepted") : result.error().to_string() + " / " + result.error().hint;
  };
  EXPECT_EQ(refuse({"--lnes", "5000"}), "unknown argument '--lnes' / did you mean --lines?");
  EXPECT_EQ(refuse({"--incidents", "burst,silense"}),
            "--incidents: no incident is called 'silense' / did you mean silence?");
  EXPECT_NE(refuse({"--lines", "12x"}).find("not a whole number"), std::string::npos);
  EXPECT_NE(refuse({"--lines", "3"}).find("from 1000"), std::string::npos);
  EXPECT_NE(refuse({"--start", "2024-02-30T00:00:00Z"}).find("is not a time"), std::string::npos);
  EXPECT_NE(refuse({"--start", "2024-02-03T00:00:00Zx"}).find("is not a time"), std::string::npos);
  EXPECT_NE(refuse({"--format", "xml"}).find("no format"), std::string::npos);
  EXPECT_NE(refuse({"--seed"}).find("wants a value"), std::string::npos);
}

TEST(LoggenOptions, ReadsAllOfThem) {
  const std::vector<std::string_view> arguments = {"--days",      "3",
                                                   "--lines",     "5000",
                                                   "--format",    "json",
                                                   "--seed",      "7",
                                                   "--start",     "2023-12-31T12:30:05Z",
                                                   "--incidents", "burst,silence,burst"};
  const Result<Options> options = parse_options(arguments);
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->days, 3);
  EXPECT_EQ(options->lines, 5000U);
  EXPECT_EQ(options->format, Format::kJson);
  EXPECT_EQ(options->start, 1'704'025'805 * kMicrosPerSecond);
  EXPECT_EQ(options->incidents, (std::vector<Category>{Category::kBurst, Category::kSilence}));
}

TEST(LoggenOptions, UnwritablePlacesAreNamed) {
  Options options;
  options.output = "/nowhere/at/all";
  const Result<Totals> failed = generate(options);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kOutput);
  EXPECT_EQ(failed.error().where, "/nowhere/at/all");
}

}  // namespace
}  // namespace logdetect::loggen
