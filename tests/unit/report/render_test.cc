#include "report/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logdetect/report/explain.h"
#include "report/record_json.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

using samples::format;
using samples::written;
using testing::HasSubstr;
using testing::Not;

Style plain_style() {
  ReportOptions options;
  options.plain = true;
  return Style(options);
}

std::string block(const Finding& finding, std::span<const Finding> related, Detail detail) {
  const std::vector<std::string> names = {"novelty"};
  return finding_block(finding, related, names, plain_style(), detail);
}

TEST(FindingBlock, InFullShowsWhatTheVerdictRestsOn) {
  const Finding related = samples::timeout_finding();
  EXPECT_EQ(block(samples::exhausted_finding(), {&related, 1}, Detail::kFull),
            "ANOMALY DETECTED [Score: 0.89]\n"
            "==============================\n"
            "Timestamp: 2024-01-15 03:42:18\n"
            "Source:    app.log, lines 1,240 - 1,241\n"
            "Log Line:  \"2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 available\\n\\tat "
            "Pool.get\"\n"
            "\n"
            "Anomaly Factors:\n"
            "  * NEW TEMPLATE: never seen in 145,892 training records\n"
            "      nearest known: \"Database connection pool at <NUM>%\"\n"
            "      observed 0, expected at least 1 records in training (template_rarity), 80 % of the score\n"
            "  * UNUSUAL TIME: FATAL lines are usual 09:00-18:00, here 03:42\n"
            "      observed 3.7, expected 9 to 18 hour of day, UTC (hour_surprise), 20 % of the score\n"
            "\n"
            "Context:\n"
            "  > 2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 available\n"
            "  > \\tat Pool.get\n"
            "\n"
            "Template 412: Database connection pool exhausted, <NUM> available\n"
            "Detectors:\n"
            "  * novelty: 30 nats (raw 11.9)\n"
            "  * detector_1: 6 nats (raw 0.8)\n"
            "Sum: 36 nats, threshold 4.5\n"
            "\n"
            "Related Anomalies (same incident):\n"
            "  * 03:42:15 - \"Connection timeout to replica-2\" x 14  F-0123456789ab\n"
            "\n"
            "id: F-ba9876543210\n");
}

TEST(FindingBlock, SaysWhatWasExpectedAsFarAsItIsKnown) {
  Finding finding = samples::timeout_finding();
  const auto figures = [&](std::optional<double> low, std::optional<double> high) {
    finding.reasons[0].expected_low = low;
    finding.reasons[0].expected_high = high;
    return block(finding, {}, Detail::kFull);
  };
  EXPECT_THAT(figures(1, 5), HasSubstr("observed 47, expected 1 to 5 lines in 60 s (burst_60s), 75 % of the score\n"));
  EXPECT_THAT(figures({}, 5), HasSubstr("observed 47, expected at most 5 lines in 60 s ("));
  EXPECT_THAT(figures(1, {}), HasSubstr("observed 47, expected at least 1 lines in 60 s ("));
  finding.reasons[0].unit.clear();
  EXPECT_THAT(figures({}, {}), HasSubstr("observed 47 (burst_60s), "));
  finding.reasons[0].share = 1.5;
  EXPECT_THAT(figures({}, {}), HasSubstr(", 100 % of the score\n"));
  finding.reasons[0].share = -0.5;
  EXPECT_THAT(figures({}, {}), HasSubstr(", 0 % of the score\n"));
}

TEST(FindingBlock, AKindInFrontOfItsSentenceIsNotSaidTwice) {
  Finding finding = samples::timeout_finding();
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("  * BURST: 47 of these in 60 s (usual: 0 to 5)\n"));
  finding.reasons[0].sentence = "rate: 47 of these";
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("  * BURST: rate: 47 of these\n"));
}

TEST(FindingBlock, RelatedFindingsAreShownToALimit) {
  const auto shown = [](std::size_t count, Detail detail) {
    Finding other = samples::timeout_finding();
    other.count = 1;
    other.has_time = false;
    const std::vector<Finding> related(count, other);
    const std::string text = block(samples::exhausted_finding(), related, detail);
    const std::size_t begin = text.find("Related Anomalies");
    return begin == std::string::npos ? "" : text.substr(begin, text.rfind("\n\n") - begin);
  };
  const std::string title = "Related Anomalies (same incident):";
  const auto times = [](const std::string& line, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) {
      out += line;
    }
    return out;
  };
  const std::string line = "\n  * \"Connection timeout to replica-2\"";
  EXPECT_EQ(shown(0, Detail::kBlock), "");
  EXPECT_EQ(shown(5, Detail::kBlock), title + times(line, 5));
  EXPECT_EQ(shown(6, Detail::kBlock), title + times(line, 5) + "\n  * 1 more");
  const std::string full = line + "  F-0123456789ab";
  EXPECT_EQ(shown(20, Detail::kFull), title + times(full, 20));
  EXPECT_EQ(shown(1022, Detail::kFull), title + times(full, 20) + "\n  * 1,002 more");
}

TEST(FindingBlock, SaysWhereAndHowOften) {
  Finding finding = samples::timeout_finding();
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("Source:    app.log, line 1,234\n"));
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("Repeats:   14 times, last at 2024-01-15 03:47:15\n"));
  finding.has_time = false;
  finding.source.clear();
  finding.line_count = 2;
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("Source:    lines 1,234 - 1,235\n"));
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("Repeats:   14 times\n"));
  EXPECT_THAT(block(finding, {}, Detail::kBlock), Not(HasSubstr("Timestamp")));
  finding.count = 1;
  EXPECT_THAT(block(finding, {}, Detail::kBlock), Not(HasSubstr("Repeats")));
  finding.source = std::string(61, 's');
  EXPECT_THAT(block(finding, {}, Detail::kBlock), HasSubstr("Source:    " + std::string(57, 's') + "..., lines"));
}

TEST(IncidentHeadline, NamesTheSpan) {
  const auto headline_of = [](const Incident& incident, bool with_date) {
    return incident_headline(incident, "Incident", plain_style(), with_date);
  };
  Incident incident = samples::database_incident();
  incident.title = "t";
  EXPECT_EQ(headline_of(incident, true), "Incident (2024-01-15 03:42:15 - 03:47:22): t [CRITICAL]");
  incident.last = incident.first + kMicrosPerSecond - 1;
  EXPECT_EQ(headline_of(incident, false), "Incident (03:42:15): t [CRITICAL]");
  incident.last = incident.first + kMicrosPerSecond;
  EXPECT_EQ(headline_of(incident, false), "Incident (03:42:15 - 03:42:16): t [CRITICAL]");
  incident.last = incident.first + kMicrosPerDay;
  EXPECT_EQ(headline_of(incident, false), "Incident (03:42:15 - 03:42:15): t [CRITICAL]");
  EXPECT_EQ(headline_of(incident, true), "Incident (2024-01-15 03:42:15 - 2024-01-16 03:42:15): t [CRITICAL]");
  incident.has_time = false;
  EXPECT_EQ(headline_of(incident, true), "Incident (lines 1,234 - 1,240): t [CRITICAL]");
  incident.findings[0].position.line = 1'240;
  EXPECT_EQ(headline_of(incident, true), "Incident (line 1,240): t [CRITICAL]");
}

TEST(IncidentBody, ShowsTheMostFrequentTemplatesFirst) {
  Incident incident = samples::database_incident();
  const auto body = [&](std::size_t templates) { return incident_body(incident, plain_style(), templates); };
  EXPECT_EQ(body(1),
            "  `- 15 anomalous lines, started with \"Connection timeout to replica-2\"\n"
            "     worst: \"Database connection pool exhausted, 0 available\" (score 0.89)\n"
            "     why:   new template: never seen in 145,892 training records\n"
            "            FATAL lines are usual 09:00-18:00, here 03:42\n"
            "     14 x Connection timeout to <*>\n"
            "     and 1 more template\n"
            "     id: I-00112233aabb\n");
  std::swap(incident.findings[0].count, incident.findings[1].count);
  incident.template_count = 1004;
  EXPECT_THAT(body(2), HasSubstr("     14 x Database connection pool exhausted, <NUM> available\n"
                                 "     1 x Connection timeout to <*>\n"
                                 "     and 1,002 more templates\n"));
  incident.findings[0].whole_session = true;
  incident.findings[1].bout.emplace().kind = BoutKind::kBurst;
  EXPECT_THAT(body(2), HasSubstr("     14 x burst of Database"));
  EXPECT_THAT(body(2), HasSubstr("     1 x sessions with Connection"));
}

TEST(IncidentBody, TellsThreeReasonsAtMost) {
  Incident incident = samples::feature_incident();
  Reason reason;
  for (const char* sentence : {"one", "two", "three", "four"}) {
    reason.sentence = sentence;
    incident.findings[0].reasons.push_back(reason);
  }
  incident.findings[0].reasons.erase(incident.findings[0].reasons.begin(), incident.findings[0].reasons.end() - 4);
  EXPECT_EQ(incident_body(incident, plain_style(), 5),
            "  `- 1 anomalous line: \"New feature X enabled for user Y\"\n"
            "     why:   one\n            two\n            three\n"
            "     id: I-feedfeed0000\n");
}

// Which of two incidents a list of one keeps, whatever their order.
std::string kept(const Incident& a, const Incident& b) {
  samples::Format options = format("text");
  options.top = 1;
  const std::string forward = written(options, {a, b}, samples::summary());
  const std::string backward = written(options, {b, a}, samples::summary());
  const std::string one = forward.find("Title A [") != std::string::npos ? "A" : "B";
  const std::string two = backward.find("Title A [") != std::string::npos ? "A" : "B";
  return one == two ? one : "either";
}

TEST(TextWriter, KeepsWhatIsMoreSevereThenStrangerThenMoreThenEarlier) {
  Incident a = samples::feature_incident();
  a.title = "Title A";
  Incident b = a;
  b.title = "Title B";
  EXPECT_EQ(kept(a, b), "either");
  b.first -= 1;
  EXPECT_EQ(kept(a, b), "B");
  a.count = b.count + 1;
  EXPECT_EQ(kept(a, b), "A");
  b.peak_score = a.peak_score + 0.01;
  EXPECT_EQ(kept(a, b), "B");
  a.severity = Severity::kMedium;
  EXPECT_EQ(kept(a, b), "A");
}

TEST(TextWriter, SecondsHaveADecimalBelowAHundred) {
  RunSummary summary = samples::summary();
  const auto first_line = [&](double seconds) {
    summary.seconds = seconds;
    const std::string text = written(format("text"), {}, summary);
    return text.substr(0, text.find(" ("));
  };
  EXPECT_EQ(first_line(99.5), "Scanned 145,892 log lines in 99.5 s");
  EXPECT_EQ(first_line(100), "Scanned 145,892 log lines in 100 s");
  EXPECT_EQ(first_line(-1), "Scanned 145,892 log lines in 0.0 s");
}

TEST(TextWriter, MentionsEverythingThatWasLeftOut) {
  RunSummary summary = samples::summary();
  summary.records_without_time = 1;
  summary.acknowledged = 2;
  summary.sessions_acknowledged = 1;
  summary.habitual = 1;
  summary.inputs_skipped = 1;
  summary.sessions_anomalous = 1;
  summary.anomalies = 1;
  std::string text = written(format("text"), {}, summary);
  EXPECT_THAT(text, HasSubstr("Found 1 anomaly and 1 anomalous session in 2 incidents\n"));
  EXPECT_THAT(text, HasSubstr("Note: 1 without time, 2 allowed by rules, 1 session allowed by rules, 1 as often in "
                              "training (--all shows them), 1 input skipped\n"));
  summary.sessions_acknowledged = summary.inputs_skipped = 2;
  summary.anomalies = 0;
  text = written(format("text"), {}, summary);
  EXPECT_THAT(text, HasSubstr("Found 0 anomalies and 1 anomalous session in 2 incidents\n"));
  EXPECT_THAT(text, HasSubstr("2 sessions allowed by rules"));
  EXPECT_THAT(text, HasSubstr("2 inputs skipped\n"));
}

TEST(CsvWriter, NamesTheLastLineOfARecord) {
  Incident incident = samples::feature_incident();
  Finding& finding = incident.findings[0];
  const auto row = [&] {
    const std::string text = written(format("csv"), {incident}, samples::summary());
    return text.substr(text.find('\n') + 1);
  };
  finding.has_time = false;
  finding.level = Level::kUnknown;
  finding.template_id = TemplateId();
  finding.template_text = "t";
  finding.reasons.clear();
  finding.verdict.score = 0.5;
  finding.count = 2;
  finding.line_count = 3;
  EXPECT_EQ(row(),
            "I-feedfeed0000,low,F-feedfeedfeed,,app.log,9000,9002,,0.5,2,,t,New feature X enabled for user Y,\n");
  finding.line_count = 1;
  EXPECT_THAT(row(), HasSubstr(",9000,9000,"));
  finding.line_count = 0;
  EXPECT_THAT(row(), HasSubstr(",9000,9000,"));
}

TEST(Explain, AnIncidentShowsItsFirstAndItsWorstEventAndTheOthersBesideThem) {
  Incident incident = samples::database_incident();
  for (const char* id : {"F-00000000aaaa", "F-00000000bbbb"}) {
    incident.findings.push_back(samples::timeout_finding());
    incident.findings.back().id = id;
    incident.findings.back().incident_id = incident.id;
  }
  ReportOptions options;
  options.plain = true;
  const std::string text =
      explain_from_result(written(format("jsonl"), {incident}, samples::summary()), incident.id, options).value();
  const std::size_t first = text.find("\nFirst event\n");
  const std::size_t worst = text.find("\nWorst event\n");
  const std::size_t related = text.find("\nRelated Anomalies (same incident):\n");
  EXPECT_LT(first, worst);
  EXPECT_LT(worst, related);
  const std::string others = text.substr(related);
  EXPECT_THAT(others, HasSubstr("F-00000000aaaa\n"));
  EXPECT_THAT(others, HasSubstr("F-00000000bbbb\n"));
  EXPECT_THAT(others, Not(HasSubstr("F-0123456789ab"))) << "it is the first event";
  EXPECT_THAT(text, HasSubstr("     hosts: db1\n     components: db\n"));
}

TEST(SummaryJson, NamesEveryCount) {
  RunSummary summary;
  std::string want = R"({"type":"summary")";
  std::uint64_t next = 100;
  const auto count = [&](const char* name, std::uint64_t& member) {
    member = ++next;
    want += std::string(",\"") + name + "\":" + std::to_string(next);
  };
  count("bytes", summary.bytes);
  count("lines", summary.lines);
  count("records", summary.records);
  count("records_known", summary.records_known);
  count("records_new", summary.records_new);
  count("records_unparsed", summary.records_unparsed);
  count("records_dropped", summary.records_dropped);
  count("records_bare", summary.records_bare);
  count("records_truncated", summary.records_truncated);
  count("records_without_time", summary.records_without_time);
  count("records_late", summary.records_late);
  count("invalid_utf8", summary.invalid_utf8);
  count("templates_known", summary.templates_known);
  count("templates_new", summary.templates_new);
  count("templates_evicted", summary.templates_evicted);
  count("anomalies", summary.anomalies);
  count("acknowledged", summary.acknowledged);
  count("habitual", summary.habitual);
  count("sessions", summary.sessions);
  count("sessions_anomalous", summary.sessions_anomalous);
  count("sessions_acknowledged", summary.sessions_acknowledged);
  count("incidents", summary.incidents);
  count("inputs_skipped", summary.inputs_skipped);
  summary.first_time = samples::kMorning;
  summary.last_time = samples::kMorning + kMicrosPerSecond;
  summary.drift = {Drift::State::kNewRelease, 0.5, 0.25, 1.5, 0.125, 2.5};
  const std::string drift =
      R"("drift":{"state":"new_release","unmatched_share":0.5,"unparsed_share":0.25,"new_templates_per_1000":1.5,)"
      R"("usual_unmatched_share":0.125,"usual_new_templates_per_1000":2.5}})";
  const auto json = [&] {
    std::string out;
    append_summary_json(out, summary);
    return out;
  };
  EXPECT_EQ(json(), want + R"(,"first_time":null,"last_time":null,)" + drift);
  summary.has_time = true;
  EXPECT_EQ(json(), want + R"(,"first_time":"2024-01-15T03:42:15Z","last_time":"2024-01-15T03:42:16Z",)" + drift);
}

}  // namespace
}  // namespace logdetect
