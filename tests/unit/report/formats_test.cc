#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "logdetect/base/text.h"
#include "logdetect/report/format.h"
#include "unit/report/csv_reader.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

using nlohmann::json;
using samples::format;
using samples::written;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

// No byte that a terminal would act upon, line ends apart.
void expect_harmless(const std::string& text) {
  std::string without_line_ends = text;
  std::erase(without_line_ends, '\n');
  EXPECT_EQ(escape_for_terminal(without_line_ends), without_line_ends);
}

// Fails every write from the n-th on.
class FailingOutput final : public Output {
 public:
  explicit FailingOutput(int good) : good_(good) {}
  Result<void> write(std::string_view /*bytes*/) override {
    if (good_-- > 0) {
      return {};
    }
    return make_error(ErrorCode::kOutputClosed, "the reader closed the pipe", "test");
  }
  Result<void> flush() override { return {}; }
  Result<void> commit() override { return {}; }
  Result<void> abandon() override { return {}; }

 private:
  int good_;
};

TEST(EveryFormat, HasANameOfItsOwnAndASummary) {
  std::set<std::string_view> names;
  for (const FormatEntry& entry : format_table()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
    EXPECT_EQ(find_format(format_table(), entry.name), &entry);
    for (const OutputEntry& destination : output_table()) {
      EXPECT_NE(entry.name, destination.scheme) << "FORMAT:TARGET must tell them apart";
    }
  }
  EXPECT_EQ(find_format(format_table(), "jsno"), nullptr);
}

// What streams is read record by record while the run goes on: each write() ends a line.
TEST(EveryFormat, ThatStreamsWritesWholeLines) {
  for (const FormatEntry& entry : format_table()) {
    if (!entry.streams) {
      continue;
    }
    samples::StringOutput output;
    ReportOptions options;
    options.every_finding = true;
    const std::unique_ptr<ResultWriter> writer = entry.make(options, output);
    ASSERT_TRUE(writer->begin(samples::header()).ok());
    ASSERT_TRUE(writer->finding(samples::timeout_finding()).ok());
    EXPECT_TRUE(output.text.ends_with('\n')) << entry.name;
    EXPECT_THAT(output.text, testing::HasSubstr(samples::timeout_finding().id)) << entry.name;
  }
}

TEST(EveryFormat, PassesTheErrorOfItsOutputOn) {
  for (const FormatEntry& entry : format_table()) {
    for (int good = 0; good < 8; ++good) {
      FailingOutput output(good);
      const std::unique_ptr<ResultWriter> writer = entry.make(ReportOptions{}, output);
      Result<void> result = writer->begin(samples::header());
      if (result.ok()) {
        result = writer->incident(samples::database_incident());
      }
      if (result.ok()) {
        result = writer->end(samples::summary());
      }
      if (good == 0) {
        ASSERT_FALSE(result.ok()) << entry.name;
      }
      if (!result.ok()) {
        EXPECT_EQ(result.error().code, ErrorCode::kOutputClosed) << entry.name;
      }
    }
  }
}

TEST(EveryFormat, IsDeterministicAndIgnoresWallTime) {
  const std::vector<Incident> incidents = {samples::database_incident(), samples::feature_incident()};
  RunSummary slower = samples::summary();
  slower.seconds = 99;
  for (const char* name : {"json", "jsonl", "csv"}) {
    EXPECT_EQ(written(format(name), incidents, samples::summary()), written(format(name), incidents, slower)) << name;
  }
  EXPECT_EQ(written(format("text"), incidents, samples::summary()),
            written(format("text"), incidents, samples::summary()));
}

TEST(JsonlWriter, WritesHeaderFindingsIncidentAndSummary) {
  const std::vector<std::string> lines =
      lines_of(written(format("jsonl"), {samples::database_incident()}, samples::summary()));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], R"({"type":"header","schema":"logdetect.finding/1","version":"0.1.0","command":"scan",)"
                      R"("model":"0123456789abcdef","model_trained":"2024-01-01T00:00:00Z/2024-01-07T23:59:59Z",)"
                      R"("inputs":["app.log"],"detectors":["novelty","forest"],"threshold":4.5})");
  EXPECT_EQ(lines[1],
            R"({"type":"finding","id":"F-0123456789ab","incident":"I-00112233aabb","time":"2024-01-15T03:42:15Z",)"
            R"("source":"app.log","line":1234,"last_line":1234,"offset":98765,"truncated":false,"level":"ERROR",)"
            R"("score":0.75,"surprise":13.5,"threshold":4.5,"template_id":17,"template":"Connection timeout to <*>",)"
            R"("new_template":false,"nearest_template":null,"count":14,"last_time":"2024-01-15T03:47:15Z",)"
            R"("host":"db1","component":"db","session":null,"whole_session":false,"bout":null,)"
            R"("message":"2024-01-15 03:42:15 ERROR [db] Connection timeout to replica-2",)"
            R"("detectors":{"novelty":{"raw":0.7,"surprise":8.25},"forest":{"raw":0.5,"surprise":5.25}},)"
            R"("reasons":[{"kind":"burst","feature":"burst_60s","unit":"lines in 60 s","observed":47,)"
            R"x("expected":[0,5],"share":0.75,"text":"burst: 47 of these in 60 s (usual: 0 to 5)"}],)x"
            R"("context":["2024-01-15 03:42:14 INFO [db] Ping replica-2"]})");
  EXPECT_EQ(
      lines[3],
      R"({"type":"incident","id":"I-00112233aabb","first":"2024-01-15T03:42:15Z",)"
      R"("last":"2024-01-15T03:47:22Z","score":0.8888888888888888,"severity":"critical",)"
      R"("title":"db: Database connection pool exhausted","deployment":false,"count":15,"templates":2,"templates_dropped":0,)"
      R"("hosts":["db1"],"components":["db"],"first_finding":"F-0123456789ab",)"
      R"("worst_finding":"F-ba9876543210"})");
  const json second = json::parse(lines[2]);
  EXPECT_EQ(second["last_line"], 1241);
  EXPECT_EQ(second["reasons"][0]["expected"], json::parse("[1,null]"));
  const json summary = json::parse(lines[4]);
  EXPECT_EQ(summary["type"], "summary");
  EXPECT_EQ(summary["lines"], 145'892);
  EXPECT_EQ(summary["first_time"], "2024-01-15T03:25:35Z");
  EXPECT_FALSE(summary.contains("seconds"));
}

TEST(JsonlWriter, SaysNullForWhatIsUnknown) {
  Incident incident = samples::feature_incident();
  incident.has_time = false;
  incident.findings[0].has_time = false;
  incident.findings[0].level = Level::kUnknown;
  incident.findings[0].template_id = TemplateId();
  const std::vector<std::string> lines = lines_of(written(format("jsonl"), {incident}, RunSummary{}));
  const json finding = json::parse(lines[1]);
  for (const char* field : {"time", "last_time", "level", "template_id", "host", "component", "nearest_template"}) {
    EXPECT_TRUE(finding[field].is_null()) << field;
  }
  EXPECT_TRUE(json::parse(lines[2])["first"].is_null());
  EXPECT_TRUE(json::parse(lines[3])["last_time"].is_null());
}

TEST(JsonlWriter, DoesNotRepeatFindingsThatCameOneByOne) {
  samples::Format options = format("jsonl");
  options.every_finding = true;
  samples::StringOutput output;
  const std::string& text = output.text;
  const std::unique_ptr<ResultWriter> writer = options.make(output);
  const Incident incident = samples::database_incident();
  ASSERT_TRUE(writer->begin(samples::header()).ok());
  for (const Finding& finding : incident.findings) {
    ASSERT_TRUE(writer->finding(finding).ok());
  }
  ASSERT_TRUE(writer->incident(incident).ok());
  ASSERT_TRUE(writer->end(samples::summary()).ok());
  std::vector<std::string> types;
  for (const std::string& line : lines_of(text)) {
    types.push_back(json::parse(line)["type"]);
  }
  EXPECT_THAT(types, testing::ElementsAre("header", "finding", "finding", "incident", "summary"));
  EXPECT_EQ(json::parse(lines_of(text)[1])["incident"], incident.id);
}

TEST(JsonWriter, IsTheSameAsOneDocument) {
  const std::vector<Incident> incidents = {samples::database_incident(), samples::hostile_incident()};
  const json document = json::parse(written(format("json"), incidents, samples::summary()), nullptr, false);
  ASSERT_TRUE(document.is_object());
  EXPECT_EQ(document["schema"], "logdetect.finding/1");
  std::vector<json> expected;
  for (const std::string& line : lines_of(written(format("jsonl"), incidents, samples::summary()))) {
    expected.push_back(json::parse(line));
  }
  EXPECT_EQ(document["header"], expected.front());
  EXPECT_EQ(document["summary"], expected.back());
  ASSERT_EQ(document["records"].size(), expected.size() - 2);
  for (std::size_t i = 0; i < document["records"].size(); ++i) {
    EXPECT_EQ(document["records"][i], expected[i + 1]);
  }
  EXPECT_EQ(json::parse(written(format("json"), {}, samples::summary()))["records"], json::array());
}

TEST(CsvWriter, WritesARowPerFinding) {
  EXPECT_EQ(written(format("csv"), {samples::database_incident()}, samples::summary()),
            "incident,severity,id,time,source,line,last_line,level,score,count,template_id,template,message,reason\n"
            "I-00112233aabb,critical,F-0123456789ab,2024-01-15T03:42:15Z,app.log,1234,1234,ERROR,0.75,14,17,"
            "Connection timeout to <*>,2024-01-15 03:42:15 ERROR [db] Connection timeout to replica-2,"
            "burst: 47 of these in 60 s (usual: 0 to 5)\n"
            "I-00112233aabb,critical,F-ba9876543210,2024-01-15T03:42:18.250Z,app.log,1240,1241,FATAL,"
            "0.8888888888888888,1,412,\"Database connection pool exhausted, <NUM> available\","
            "\"2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 available\n\tat Pool.get\","
            "\"new template: never seen in 145,892 training records\"\n");
}

TEST(MachineFormats, SurviveHostileText) {
  const std::vector<Incident> incidents = {samples::hostile_incident()};
  const std::string valid = to_valid_utf8(samples::hostile());
  for (const std::string& line : lines_of(written(format("jsonl"), incidents, samples::summary()))) {
    const json record = json::parse(line, nullptr, false);
    ASSERT_FALSE(record.is_discarded());
    expect_harmless(line);
    if (record["type"] == "finding") {
      EXPECT_EQ(record["message"], valid);
      EXPECT_EQ(record["context"][1], valid);
    }
  }
  const auto rows = samples::read_csv(written(format("csv"), incidents, samples::summary()));
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 3U);
  for (const std::vector<std::string>& row : *rows) {
    EXPECT_EQ(row.size(), 14U);
    for (const std::string& field : row) {
      EXPECT_EQ(field.find('\x1b'), std::string::npos);
      EXPECT_EQ(field.find('\0'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace logdetect
