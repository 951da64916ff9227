#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logdetect/base/text.h"
#include "report/render.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

using samples::format;
using samples::written;
using testing::HasSubstr;
using testing::Not;

void expect_harmless(std::string text) {
  std::erase(text, '\n');
  EXPECT_EQ(escape_for_terminal(text), text);
}

std::size_t occurrences(const std::string& text, const std::string& piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + piece.size())) {
    ++count;
  }
  return count;
}

// Incident `i` begins i seconds after the morning; the higher i, the lower its score.
Incident numbered(std::size_t i) {
  Incident incident = samples::feature_incident();
  incident.id = "I-" + std::to_string(100000 + i);
  incident.first = incident.last = samples::kMorning + static_cast<Micros>(i) * kMicrosPerSecond;
  incident.peak_score = 0.9 - 0.001 * static_cast<double>(i);
  incident.title = "Number " + std::to_string(i);
  return incident;
}

TEST(TextWriter, ShowsIncidentsUnderTheTotals) {
  EXPECT_EQ(written(format("text"), {samples::feature_incident(), samples::database_incident()}, samples::summary()),
            "Scanned 145,892 log lines in 0.4 s (412 templates, 3 new)\n"
            "145,892 records = 145,889 matched + 3 new + 0 unparsed + 0 dropped\n"
            "Found 16 anomalies in 2 incidents\n"
            "\n"
            "Incident 1 (03:42:15 – 03:47:22): db: Database connection pool exhausted [CRITICAL]\n"
            "  └─ 15 anomalous lines, started with \"Connection timeout to replica-2\"\n"
            "     worst: \"Database connection pool exhausted, 0 available\" (score 0.89)\n"
            "     why:   new template: never seen in 145,892 training records\n"
            "            FATAL lines are usual 09:00-18:00, here 03:42\n"
            "     14 × Connection timeout to <*>\n"
            "     1 × Database connection pool exhausted, <NUM> available\n"
            "     id: I-00112233aabb\n"
            "\n"
            "Incident 2 (14:22:01): New feature X enabled for user [LOW]\n"
            "  └─ 1 anomalous line: \"New feature X enabled for user Y\"\n"
            "     id: I-feedfeed0000\n"
            "\n");
}

TEST(TextWriter, SaysWhenThereIsNothing) {
  RunSummary summary = samples::summary();
  summary.anomalies = summary.incidents = 0;
  EXPECT_EQ(written(format("text"), {}, summary),
            "Scanned 145,892 log lines in 0.4 s (412 templates, 3 new)\n"
            "145,892 records = 145,889 matched + 3 new + 0 unparsed + 0 dropped\n"
            "No anomalies found.\n");
}

TEST(TextWriter, MentionsTroubleWithTheInputOnlyWhenThereWasSome) {
  RunSummary summary = samples::summary();
  summary.records_truncated = 2;
  summary.records_late = 1'500;
  summary.invalid_utf8 = 1;
  EXPECT_THAT(written(format("text"), {}, summary), HasSubstr("Note: 2 truncated, 1,500 late, 1 with invalid UTF-8\n"));
}

TEST(TextWriter, SaysDriftInOneSentenceAndAWrongModelFirst) {
  RunSummary summary = samples::summary();
  summary.drift = {Drift::State::kNewRelease, 0.0312, 0.001, 2.43, 0.002, 0.31};
  EXPECT_THAT(
      written(format("text"), {}, summary),
      HasSubstr("dropped\nDrift: 3.1 % of the records fit no template of the model (2.4 new templates per 1,000 "
                "records; at the end of training: 0.2 %, 0.3): a new release? Train again with a day of it\n"));
  summary.drift.state = Drift::State::kOtherLog;
  summary.drift.unmatched_share = 0.92;
  const std::string wrong = written(format("text"), {samples::feature_incident()}, summary);
  EXPECT_TRUE(wrong.starts_with("Wrong model: 92 % of the records fit no template of the model (")) << wrong;
  EXPECT_LT(wrong.find("not trained on this kind of log"), wrong.find("Scanned"));
  summary.drift = {};
  EXPECT_EQ(written(format("text"), {}, summary).find("Drift"), std::string::npos);
}

TEST(TextWriter, ShowsDatesWhenTheLogSpansDays) {
  RunSummary summary = samples::summary();
  summary.last_time += kMicrosPerDay;
  Incident night = samples::database_incident();
  night.last += kMicrosPerDay;
  const std::string text = written(format("text"), {samples::feature_incident(), night}, summary);
  EXPECT_THAT(text, HasSubstr("Incident 1 (2024-01-15 03:42:15 – 2024-01-16 03:47:22): "));
  EXPECT_THAT(text, HasSubstr("Incident 2 (2024-01-15 14:22:01): "));
}

TEST(TextWriter, NamesLinesWhenThereIsNoTime) {
  Incident incident = samples::database_incident();
  incident.has_time = false;
  incident.first = incident.last = 0;
  EXPECT_THAT(written(format("text"), {incident}, RunSummary{}), HasSubstr("Incident 1 (lines 1,234 – 1,240): "));
}

TEST(TextWriter, KeepsTheMostSevereInOrderOfTime) {
  samples::Format options = format("text");
  options.top = 3;
  std::vector<Incident> incidents;
  for (std::size_t i = 0; i < 50; ++i) {
    incidents.push_back(numbered((i * 7) % 50));
  }
  incidents[20].severity = Severity::kHigh;  // number 40
  const std::string text = written(options, incidents, samples::summary());
  EXPECT_THAT(text, HasSubstr("Incident 1 (03:42:15): Number 0 [LOW]"));
  EXPECT_THAT(text, HasSubstr("Incident 2 (03:42:16): Number 1 [LOW]"));
  EXPECT_THAT(text, HasSubstr("Incident 3 (03:42:55): Number 40 [HIGH]"));
  EXPECT_EQ(occurrences(text, "anomalous line"), 3U);
  EXPECT_THAT(text, HasSubstr("47 more incidents (lower severity): --all or --top 0 shows them\n"));
}

TEST(TextWriter, WithoutTimesEqualIncidentsKeepTheOrderInWhichTheyClosed) {
  std::vector<Incident> incidents;
  for (std::size_t i = 0; i < 4; ++i) {
    incidents.push_back(numbered(i));
    incidents.back().id = "I-" + std::to_string(9 - i);  // ids fall as places rise
    incidents.back().has_time = false;
    incidents.back().first = incidents.back().last = 0;
    incidents.back().peak_score = 0.9;
  }
  samples::Format options = format("text");
  options.top = 3;
  const std::string text = written(options, incidents, RunSummary{});
  const auto first = text.find("Number 0");
  const auto second = text.find("Number 1");
  const auto third = text.find("Number 2");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_LT(third, text.size());
  EXPECT_THAT(text, Not(HasSubstr("Number 3")));
}

TEST(TextWriter, CountsWhatIsNoLineByItsName) {
  Incident incident = samples::database_incident();
  const auto text = [&incident] { return written(format("text"), {incident}, samples::summary()); };
  incident.findings[0].bout.emplace().kind = BoutKind::kSilence;
  EXPECT_THAT(text(), HasSubstr("└─ 1 anomalous line and 14 silences, started with"));
  incident.findings[1].whole_session = true;
  EXPECT_THAT(text(), HasSubstr("└─ 1 anomalous session and 14 silences, started with"));
  incident.count += 5;  // more than the findings that are kept
  EXPECT_THAT(text(), HasSubstr("└─ 5 anomalous lines, 1 anomalous session and 14 silences, started with"));
  incident = samples::feature_incident();
  incident.findings[0].bout.emplace().kind = BoutKind::kBurst;
  EXPECT_THAT(text(), HasSubstr("└─ 1 burst: "));
}

TEST(TextWriter, ShowsAllAsTheyCloseWithTopZero) {
  samples::Format options = format("text");
  options.top = 0;
  std::vector<Incident> incidents;
  for (std::size_t i = 0; i < 50; ++i) {
    incidents.push_back(numbered(i));
  }
  const std::string text = written(options, incidents, samples::summary());
  EXPECT_EQ(occurrences(text, "anomalous line"), 50U);
  EXPECT_THAT(text, HasSubstr("Incident 50 (2024-01-15 03:43:04): Number 49 [LOW]"));
  EXPECT_THAT(text, Not(HasSubstr("more incident")));
  EXPECT_LT(text.find("Number 49"), text.find("Scanned"));
}

TEST(TextWriter, PrintsABlockPerFindingAsItHappens) {
  samples::Format options = format("text");
  options.every_finding = true;
  samples::StringOutput output;
  const std::string& text = output.text;
  const std::unique_ptr<ResultWriter> writer = options.make(output);
  Finding finding = samples::exhausted_finding();
  finding.incident_id = "I-00112233aabb";
  ASSERT_TRUE(writer->begin(samples::header()).ok());
  ASSERT_TRUE(writer->finding(finding).ok());
  EXPECT_EQ(text,
            "ANOMALY DETECTED [Score: 0.89]\n"
            "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━\n"
            "Timestamp: 2024-01-15 03:42:18\n"
            "Source:    app.log, lines 1,240 – 1,241\n"
            "Log Line:  \"2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 available\\n\\t…\"\n"
            "\n"
            "Anomaly Factors:\n"
            "  • NEW TEMPLATE: never seen in 145,892 training records\n"
            "      nearest known: \"Database connection pool at <NUM>%\"\n"
            "  • UNUSUAL TIME: FATAL lines are usual 09:00-18:00, here 03:42\n"
            "\n"
            "id: F-ba9876543210, incident I-00112233aabb\n"
            "\n");
  output.text.clear();
  ASSERT_TRUE(writer->incident(samples::database_incident()).ok());
  EXPECT_EQ(text,
            "Incident closed (2024-01-15 03:42:15 – 03:47:22): db: Database connection pool exhausted [CRITICAL]\n"
            "  └─ 15 anomalous lines, id: I-00112233aabb\n\n");
}

TEST(TextWriter, VerboseAddsABlockPerFinding) {
  samples::Format options = format("text");
  options.verbose = true;
  const std::string text = written(options, {samples::database_incident()}, samples::summary());
  EXPECT_EQ(occurrences(text, "ANOMALY DETECTED"), 2U);
  EXPECT_THAT(text, HasSubstr("Repeats:   14 times, last at 2024-01-15 03:47:15\n"));
}

TEST(TextWriter, NeverLetsLogTextReachTheTerminalRaw) {
  for (const bool verbose : {false, true}) {
    for (const bool plain : {false, true}) {
      samples::Format options = format("text");
      options.verbose = verbose;
      options.plain = plain;
      const std::string text = written(options, {samples::hostile_incident()}, samples::summary());
      expect_harmless(text);
      const Finding finding = samples::hostile_incident().findings[0];
      expect_harmless(finding_block(finding, {}, {}, Style(options), Detail::kFull));
      EXPECT_THAT(text, HasSubstr("\\x1b]0;owned"));
      EXPECT_THAT(text, HasSubstr("\\u202e"));
    }
  }
}

TEST(TextWriter, PlainIsAsciiOnly) {
  samples::Format options = format("text");
  options.plain = true;
  options.verbose = true;
  Incident incident = samples::database_incident();
  incident.findings[0].message = "caf\xc3\xa9 \xf0\x9f\x94\xa5 " + std::string(300, 'x');
  const std::string text = written(options, {incident, samples::hostile_incident()}, samples::summary());
  for (const char c : text) {
    ASSERT_LT(static_cast<unsigned char>(c), 0x80U);
  }
  EXPECT_THAT(text, HasSubstr("caf\\u00e9 \\U0001f525"));
  EXPECT_THAT(text, HasSubstr("(03:42:15 - 03:47:22)"));
}

TEST(TextWriter, ColoursOnlyWhenAskedAndNeverAlone) {
  samples::Format options = format("text");
  options.coloured = true;
  const std::string coloured = written(options, {samples::database_incident()}, samples::summary());
  EXPECT_THAT(coloured, HasSubstr("\x1b[1;31m[CRITICAL]\x1b[0m"));
  std::string bare = coloured;
  for (const std::string code : {"\x1b[1;31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"}) {
    for (std::size_t at = bare.find(code); at != std::string::npos; at = bare.find(code)) {
      bare.erase(at, code.size());
    }
  }
  EXPECT_EQ(bare, written(format("text"), {samples::database_incident()}, samples::summary()));
}

TEST(TextWriter, LinesFitTheWidth) {
  for (const std::size_t width : {80U, 100U, 120U}) {
    samples::Format options = format("text");
    options.width = width;
    Incident incident = samples::database_incident();
    incident.title = std::string(200, 't');
    for (Finding& finding : incident.findings) {
      finding.message = "Connection " + std::string(5000, 'w') + "\xe6\x97\xa5\xe6\x9c\xac";
      finding.template_text = "Connection " + std::string(500, 'p');
      finding.reasons[0].sentence = std::string(400, 'r');
    }
    const std::string text = written(options, {incident}, samples::summary());
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      EXPECT_LE(display_width(text.substr(begin, end - begin)), width) << text.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

}  // namespace
}  // namespace logdetect
