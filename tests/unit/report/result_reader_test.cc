#include "report/result_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/record_json.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

const std::string kHeader = R"({"type":"header","schema":"logdetect.finding/1","detectors":["novelty","forest"]})"
                            "\n";

std::string finding_line(const std::string& id, const std::string& incident = "", const std::string& more = "") {
  return R"({"type":"finding","id":")" + id + R"(","incident":")" + incident + "\"" + more + "}\n";
}

std::string json_of(const Finding& finding) {
  const std::vector<std::string> names = {"novelty", "forest"};
  std::string out;
  append_finding_json(out, finding, {}, names);
  return out;
}

std::string json_of(const Incident& incident) {
  std::string out;
  append_incident_json(out, incident);
  return out;
}

FoundRecord found(const std::string& result, std::string_view id) {
  auto record = find_record(result, id);
  EXPECT_TRUE(record.ok()) << record.error().to_string();
  return record.ok() ? *std::move(record) : FoundRecord{};
}

Error refused(const std::string& result, std::string_view id) {
  const auto record = find_record(result, id);
  EXPECT_FALSE(record.ok());
  return record.ok() ? Error{} : record.error();
}

void expect_same_after_reading(const Finding& finding) {
  const FoundRecord record = found(kHeader + json_of(finding) + "\n", finding.id);
  ASSERT_TRUE(record.finding.has_value());
  EXPECT_EQ(json_of(*record.finding), json_of(finding));
}

TEST(FindRecord, AFindingComesBackAsItWasWritten) {
  expect_same_after_reading(samples::timeout_finding());
  expect_same_after_reading(samples::exhausted_finding());
  Finding finding = samples::exhausted_finding();
  for (int level = 0; level < kLevelCount; ++level) {
    finding.level = static_cast<Level>(level);
    expect_same_after_reading(finding);
  }
  finding.new_template = false;
  expect_same_after_reading(finding);
  finding.truncated = finding.whole_session = true;
  finding.session_name = "s1";
  finding.session_cause = "step two";
  finding.count = 7;
  finding.line_count = 1;
  finding.template_id = TemplateId();
  finding.reasons[0].expected_low.reset();
  finding.reasons[1].expected_high.reset();
  expect_same_after_reading(finding);
  finding.has_time = false;
  finding.time = finding.last_time = 0;
  expect_same_after_reading(finding);
}

TEST(FindRecord, ABoutComesBackAsItWasWritten) {
  Finding finding = samples::timeout_finding();
  Bout& bout = finding.bout.emplace();
  bout.start = samples::kMorning;
  bout.peak = samples::kMorning + kMicrosPerSecond;
  bout.end = samples::kMorning + 2 * kMicrosPerSecond;
  bout.observed = 47;
  bout.usual_low = 1;
  bout.usual_high = 5;
  bout.lines = 90;
  bout.window_seconds = 60;
  for (const bool over : {false, true}) {
    bout.over = over;
    bout.kind = BoutKind::kBurst;
    expect_same_after_reading(finding);
    bout.kind = BoutKind::kSilence;
    expect_same_after_reading(finding);
  }
}

TEST(FindRecord, AnIncidentComesBackWithItsFindings) {
  for (int severity = 0; severity < 4; ++severity) {
    Incident incident = samples::database_incident();
    incident.severity = static_cast<Severity>(severity);
    incident.first_finding = 1;
    incident.worst_finding = 0;
    incident.findings_dropped = 3;
    incident.deployment = true;
    std::string result = kHeader;
    for (const Finding& finding : incident.findings) {
      result += json_of(finding) + "\n";
    }
    result += finding_line("F-0000000000ff", "I-other") + json_of(incident) + "\n";
    const FoundRecord record = found(result, incident.id);
    ASSERT_TRUE(record.incident.has_value());
    EXPECT_EQ(json_of(*record.incident), json_of(incident));
    ASSERT_EQ(record.incident->findings.size(), 2U);
    EXPECT_EQ(record.incident->first_finding, 1U);
    EXPECT_EQ(record.incident->worst_finding, 0U);
    EXPECT_EQ(json_of(record.incident->findings[0]), json_of(incident.findings[0]));
  }
}

TEST(FindRecord, WhatIsMissingOrOfAnotherTypeHasItsDefault) {
  const FoundRecord record =
      found(kHeader +
                finding_line(
                    "F-aaaa", "",
                    R"(,"line":-5,"last_line":"x","score":"high","time":7,"level":3,"count":0,"template_id":4294967295)"
                    R"(,"reasons":{},"context":"no","detectors":[1],"bout":3,"truncated":"yes")") +
                "\n",
            "F-aaaa");
  ASSERT_TRUE(record.finding.has_value());
  const Finding& finding = *record.finding;
  EXPECT_EQ(finding.position.line, 0U);
  EXPECT_EQ(finding.line_count, 1U);
  EXPECT_EQ(finding.verdict.score, 0);
  EXPECT_FALSE(finding.has_time);
  EXPECT_FALSE(finding.truncated);
  EXPECT_EQ(finding.level, Level::kUnknown);
  EXPECT_EQ(finding.count, 1U);
  EXPECT_FALSE(finding.template_id.valid());
  EXPECT_TRUE(finding.reasons.empty());
  EXPECT_TRUE(finding.context_before.empty());
  EXPECT_TRUE(finding.detectors.empty());
  EXPECT_FALSE(finding.bout.has_value());
}

TEST(FindRecord, ABoutOfNothingIsAllZero) {
  const FoundRecord record = found(kHeader + finding_line("F-aaaa", "", R"(,"bout":{"unit":"lines"})"), "F-aaaa");
  ASSERT_TRUE(record.finding.has_value() && record.finding->bout.has_value());
  const Bout& bout = *record.finding->bout;
  EXPECT_EQ(bout.kind, BoutKind::kBurst);
  EXPECT_FALSE(bout.over);
  EXPECT_EQ(bout.start + bout.peak + bout.end + bout.window_seconds, 0);
  EXPECT_EQ(bout.observed, 0);
  EXPECT_EQ(bout.usual_low, 0);
  EXPECT_EQ(bout.usual_high, 0);
  EXPECT_EQ(bout.lines, 0U);
}

TEST(FindRecord, AnIncidentOfNothingIsLowAndHasNoTime) {
  const FoundRecord record = found(kHeader + R"({"type":"incident","id":"I-aaaa","severity":"huge"})", "I-aaaa");
  ASSERT_TRUE(record.incident.has_value());
  EXPECT_EQ(record.incident->severity, Severity::kLow);
  EXPECT_FALSE(record.incident->has_time);
  EXPECT_EQ(record.incident->first + record.incident->last, 0);
  EXPECT_EQ(record.incident->count + record.incident->template_count + record.incident->findings_dropped, 0U);
  EXPECT_EQ(record.incident->peak_score, 0);
}

TEST(FindRecord, LinesOfARecordAreCounted) {
  const auto lines = [](const std::string& more) {
    return found(kHeader + finding_line("F-aaaa", "", more), "F-aaaa").finding->line_count;
  };
  EXPECT_EQ(lines(R"(,"line":5,"last_line":5)"), 1U);
  EXPECT_EQ(lines(R"(,"line":5,"last_line":7)"), 3U);
  EXPECT_EQ(lines(R"(,"line":5,"last_line":3)"), 1U);
  EXPECT_EQ(lines(R"(,"line":1,"last_line":18446744073709551615)"), 1'000'000'001U);
}

TEST(FindRecord, ReasonsKeepNamesOfWhateverKindButNoText) {
  const auto kind = [](const std::string& name) {
    return std::string(
        found(kHeader + finding_line("F-aaaa", "", R"(,"reasons":[{"kind":")" + name + R"("}])"), "F-aaaa")
            .finding->reasons.at(0)
            .kind);
  };
  const std::string none = Reason().kind.empty() ? "" : std::string(Reason().kind);
  EXPECT_EQ(kind("az_09"), "az_09");
  EXPECT_EQ(kind(std::string(64, 'a')), std::string(64, 'a'));
  EXPECT_EQ(kind(std::string(65, 'a')), none);
  EXPECT_EQ(kind("Upper"), none);
  EXPECT_EQ(kind("a b"), none);
}

TEST(FindRecord, AnIdIsFourDigitsAtLeastInAnyCase) {
  const std::string result = kHeader + finding_line("F-abcdef012345") + finding_line("F-" + std::string(62, 'b'));
  EXPECT_EQ(found(result, "F-abcd").finding->id, "F-abcdef012345");
  EXPECT_EQ(found(result, "f-ABCDEF0").finding->id, "F-abcdef012345");
  EXPECT_EQ(found(result, "F-" + std::string(62, 'b')).finding->id, "F-" + std::string(62, 'b'));
  for (const std::string& id : {std::string("F-abc"), std::string("F-abcg"), std::string("A-abcd"),
                                std::string("Fabcde"), "F-" + std::string(63, 'b'), std::string()}) {
    EXPECT_THAT(refused(result, id).message, HasSubstr("\" is not an id")) << id;
  }
}

TEST(FindRecord, OneOfSeveralIsAskedFor) {
  std::string result = kHeader;
  for (const char digit : std::string("012345")) {
    result += finding_line(std::string("F-aaaa") + digit);
  }
  const Error error = refused(result, "F-aaaa");
  EXPECT_EQ(error.message, "F-aaaa begins more than one id");
  EXPECT_EQ(error.hint, "one of F-aaaa0, F-aaaa1, F-aaaa2, F-aaaa3, F-aaaa4, ...");
  EXPECT_EQ(found(result + finding_line("F-aaaa"), "F-aaaa").finding->id, "F-aaaa") << "a whole id is meant";
}

TEST(FindRecord, AnUnknownIdHearsOfTheNearest) {
  EXPECT_EQ(refused(kHeader, "F-aaaa").hint, "the result holds no findings");
  std::string result = kHeader;
  for (const std::string id : {"F-0000000001", "F-1111111111", "F-2222222222", "F-3333333333", "F-4444444444",
                               "F-5555555555", "F-6666666666"}) {
    result += finding_line(id);
  }
  EXPECT_EQ(refused(result, "F-1111111112").hint, "did you mean F-1111111111?");
  EXPECT_EQ(refused(result, "F-2fedcba987").hint,
            "the nearest ids in it are F-1111111111, F-2222222222, F-3333333333, F-4444444444, ...");
  EXPECT_EQ(refused(result, "F-ffffffffff").hint, "the nearest ids in it are F-5555555555, F-6666666666");
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

TEST(FindRecord, NestingIsBounded) {
  const auto with = [](const std::string& value) { return kHeader + finding_line("F-aaaa", "", ",\"x\":" + value); };
  EXPECT_TRUE(find_record(with(nested(63)), "F-aaaa").ok());
  EXPECT_EQ(refused(with(nested(64)), "F-aaaa").message, "JSON is nested too deeply");
  EXPECT_EQ(refused(with(nested(64)), "F-aaaa").where, "result:2");
  EXPECT_TRUE(find_record(with("\"" + std::string(100, '[') + "\\\"" + std::string(100, '{') + "\""), "F-aaaa").ok());
  std::string wide = "[{}";
  for (int i = 0; i < 200; ++i) {
    wide += ",[],{}";
  }
  EXPECT_TRUE(find_record(with(wide + "]"), "F-aaaa").ok()) << "what is closed is not nested";
}

TEST(FindRecord, MistakesNameTheirLine) {
  const Error error = refused(kHeader + "\n \t\r\n{\"type\":", "F-aaaa");
  EXPECT_EQ(error.code, ErrorCode::kInput);
  EXPECT_EQ(error.message, "not valid JSON, or cut off");
  EXPECT_EQ(error.where, "result:4");
  EXPECT_EQ(refused("[]", "F-aaaa").message, "not a result of logdetect");
  EXPECT_EQ(refused("[]", "F-aaaa").where, "result");
  EXPECT_EQ(refused(R"({"type":"header","schema":"other/2"})", "F-aaaa").message,
            "its schema is \"other/2\", expected \"logdetect.finding/1\"");
  EXPECT_THAT(refused(kHeader + R"({"type":"note","id":"F-aaaa"})", "F-aaaa").message,
              HasSubstr("is neither a finding"));
}

TEST(FindRecord, AtMostAThousandRelatedFindingsAreKept) {
  std::string result = kHeader + finding_line("F-aaaa", "I-bbbb");
  for (int i = 0; i < 1001; ++i) {
    result += finding_line("F-" + std::to_string(100'000 + i), "I-bbbb");
  }
  EXPECT_EQ(found(result, "F-aaaa").related.size(), 1000U);
  EXPECT_EQ(
      found(kHeader + finding_line("F-aaaa", "I-bbbb") + finding_line("F-cccc", "I-bbbb"), "F-aaaa").related.size(),
      1U);
  EXPECT_TRUE(found(kHeader + finding_line("F-aaaa") + finding_line("F-cccc"), "F-aaaa").related.empty());
}

TEST(FindRecord, ADocumentIsReadLikeItsLines) {
  const std::string document =
      R"({"schema":"logdetect.finding/1","header":{"type":"header","detectors":["a","b"]},"records":[)" +
      finding_line("F-aaaa", "I-bbbb", R"(,"detectors":{"b":{"raw":1,"surprise":2.5}})") + "]}";
  const FoundRecord record = found(document, "F-aaaa");
  ASSERT_TRUE(record.finding.has_value());
  ASSERT_EQ(record.finding->detectors.size(), 1U);
  EXPECT_EQ(record.finding->detectors[0].detector.value(), 1U);
  EXPECT_EQ(record.finding->detectors[0].raw, 1);
  EXPECT_EQ(record.finding->detectors[0].surprise, 2.5F);
}

}  // namespace
}  // namespace logdetect
