#include "cli/eval_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr Micros kStart = 1'705'276'800LL * kMicrosPerSecond;  // 2024-01-15T00:00:00Z

Micros at(double seconds) {
  return kStart + static_cast<Micros>(seconds * kMicrosPerSecond);
}

// 2,000 lines in two days, of which 20 are anomalous.
UnitEvaluation line_evaluation() {
  UnitEvaluation unit;
  unit.unit = "line";
  unit.units = 2000;
  unit.anomalous = 20;
  unit.unlabelled = 3;
  unit.unjudged = 4;
  unit.own = {"logdetect", {15, 5, 5, 1975}, {0.8, 0.25, {{10, 0.9}, {1000, 0.4}}}};
  unit.at_score = {{0.5, {15, 5, 5, 1975}}, {0.9, {10, 0, 10, 1980}}};
  unit.baselines = {{"flag everything", {20, 1980, 0, 0}, {0.01, 1, {}}}};
  unit.categories = {{"disk", 1200, 1100, 2}, {"net", 1, 0, 1040}};
  unit.cards = 2050;
  return unit;
}

// Two faults, of which one begins an incident; three incidents.
FaultEvaluation fault_evaluation() {
  FaultEvaluation out;
  out.names = {"disk full", "net"};
  out.faults = {{at(100), at(200)}, {at(1000), at(1100)}};
  out.incidents.resize(3);
  out.incidents[1].id = "I-1";
  out.incidents[1].first = at(102.5);
  out.incidents[1].severity = Severity::kHigh;
  out.match.incident_of = {1, std::nullopt};
  out.match.unmatched = 2;
  out.match.minute_precision = 0.5;
  out.match.minute_recall = 0.25;
  out.match.minute_base_rate = 0.1;
  out.chance = 0.125;
  return out;
}

EvaluateReport report_of() {
  EvaluateReport report;
  report.summary.records = 2000;
  report.summary.anomalies = 1020;
  report.summary.incidents = 5;
  report.days = 2;
  return report;
}

TEST(EvalText, TellsOfUnitsInATable) {
  EvaluateReport report = report_of();
  report.units = {line_evaluation()};
  EXPECT_EQ(eval_text(report),
            "Judged 2,000 records: 1,020 anomalies in 5 incidents (2.5 incidents a day over 2.00 days)\n"
            "\n"
            "By line: 2,000 judged, 20 labelled anomalous, 3 without a label taken as normal\n"
            "                            precision   recall       F1      FPR     flagged  avg. precision\n"
            "  logdetect                     0.750    0.750    0.750   0.0025          20           0.800\n"
            "    at score 0.50               0.750    0.750    0.750   0.0025          20\n"
            "    at score 0.90               1.000    0.500    0.667   0.0000          10\n"
            "  flag everything               0.010    1.000    0.020   1.0000       2,000           0.010\n"
            "  false-positive rate at full recall 0.2500\n"
            "  precision among the best  10: 0.900  1,000: 0.400\n"
            "  10.0 alerts a day, 2.5 of them false (2.00 days)\n"
            "  by category, and how many cards (templates, best first) one reads until the first of it:\n"
            "  disk                       1,100 of 1,200 flagged; at card 2 of 2,050\n"
            "  net                        0 of 1 flagged; at card 1,040 of 2,050\n");
}

TEST(EvalText, TellsOfFaultsOneByOne) {
  EvaluateReport report = report_of();
  report.faults = {fault_evaluation()};
  report.warnings = {"labels \x1b[31m are odd"};
  EXPECT_EQ(eval_text(report),
            "Judged 2,000 records: 1,020 anomalies in 5 incidents (2.5 incidents a day over 2.00 days)\n"
            "\n"
            "By incident: 1 of 2 faults begin an incident; 3 incidents, 2 of them at no fault (1.0 a day)\n"
            "  2024-01-15T00:01:40Z  disk full                                 I-1 after 2.5 s, high\n"
            "  2024-01-15T00:16:40Z  net                                       missed\n"
            "  minutes inside incidents that lie in a fault: 0.500 (share of all minutes: 0.100); minutes of faults "
            "inside incidents: 0.250\n"
            "  an incident that began at any moment would find a fault with probability 0.125\n"
            "\n"
            "Beware: labels \\x1b[31m are odd\n");
}

TEST(EvalText, ALogWithoutTimesHasNoRates) {
  EvaluateReport report = report_of();
  report.days = 0;
  report.summary.incidents = 1;
  report.units = {line_evaluation()};
  report.units[0].unlabelled = 0;
  report.units[0].categories.clear();
  report.faults = {fault_evaluation()};
  const std::string text = eval_text(report);
  EXPECT_THAT(text, HasSubstr("anomalies in 1 incident\n\nBy line: 2,000 judged, 20 labelled anomalous\n"));
  EXPECT_THAT(text, HasSubstr("\n  no rate a day: the log has no timestamps\n\nBy incident: "));
  EXPECT_THAT(text, HasSubstr("2 of them at no fault\n"));
  EXPECT_THAT(text, Not(HasSubstr("by category")));
  EXPECT_THAT(text, Not(HasSubstr("without a label")));
}

TEST(EvalText, OneUnlabelledUnitIsTold) {
  EvaluateReport report = report_of();
  report.units = {line_evaluation()};
  report.units[0].unlabelled = 1;
  EXPECT_THAT(eval_text(report), HasSubstr(", 1 without a label taken as normal\n"));
}

TEST(EvalText, WideNumbersKeepABlankBetweenColumns) {
  EvaluateReport report = report_of();
  report.units = {line_evaluation()};
  report.units[0].own.decision = {123'456'789'012, 0, 0, 1};
  report.units[0].own.name = std::string(30, 'n');
  EXPECT_THAT(eval_text(report),
              HasSubstr("\n  " + std::string(30, 'n') + "    1.000    1.000    1.000   0.0000 123,456,789,012  "));
}

TEST(EvalJson, HoldsEveryFigureByName) {
  EvaluateReport report = report_of();
  report.units = {line_evaluation()};
  report.units[0].categories.resize(1);
  report.faults = {fault_evaluation()};
  report.warnings = {"careful"};
  const Json want = Json::parse(R"({"records":2000,"anomalies":1020,"incidents":5,"days":2.0,"units":[
    {"unit":"line","units":2000,"anomalous":20,"unlabelled":3,"unjudged":4,
     "logdetect":{"name":"logdetect","at_threshold":{"true_positives":15,"false_positives":5,"false_negatives":5,
        "true_negatives":1975,"precision":0.75,"recall":0.75,"f1":0.75,"false_positive_rate":0.0025252525252525255},
        "average_precision":0.8,"false_positive_rate_at_full_recall":0.25,
        "precision_at":[{"k":10,"precision":0.9},{"k":1000,"precision":0.4}]},
     "at_score":[
       {"true_positives":15,"false_positives":5,"false_negatives":5,"true_negatives":1975,"precision":0.75,
        "recall":0.75,"f1":0.75,"false_positive_rate":0.0025252525252525255,"score":0.5},
       {"true_positives":10,"false_positives":0,"false_negatives":10,"true_negatives":1980,"precision":1.0,
        "recall":0.5,"f1":0.6666666666666666,"false_positive_rate":0.0,"score":0.9}],
     "baselines":[{"name":"flag everything","at_threshold":{"true_positives":20,"false_positives":1980,
        "false_negatives":0,"true_negatives":0,"precision":0.01,"recall":1.0,"f1":0.019801980198019802,
        "false_positive_rate":1.0},"average_precision":0.01,"false_positive_rate_at_full_recall":1.0,
        "precision_at":[]}],
     "cards":2050,"categories":[{"name":"disk","units":1200,"flagged":1100,"card":2}]}],
    "by_fault":{"faults":[
        {"name":"disk full","begin":"2024-01-15T00:01:40Z","incident":"I-1","onset_seconds":2.5},
        {"name":"net","begin":"2024-01-15T00:16:40Z","incident":null}],
      "incidents":3,"incidents_at_no_fault":2,"minute_precision":0.5,"minute_recall":0.25,"minute_base_rate":0.1,
      "chance_of_match":0.125},
    "warnings":["careful"]})");
  EXPECT_EQ(json_text(eval_json(report)), json_text(want));
  EXPECT_TRUE(eval_json(report_of())["by_fault"].is_null());
}

TEST(ReadSlack, IsAMinuteUnlessSecondsOfADayAtMostAreGiven) {
  EXPECT_EQ(*read_slack(""), 60);
  EXPECT_EQ(*read_slack("0"), 0);
  EXPECT_EQ(*read_slack("2.5"), 2.5);
  EXPECT_EQ(*read_slack("86400"), 86'400);
  for (const char* bad : {"86400.1", "86401", "-0.1", "5s", "nan", "x"}) {
    ASSERT_FALSE(read_slack(bad).ok()) << bad;
    EXPECT_EQ(read_slack(bad).error().code, ErrorCode::kUsage);
    EXPECT_THAT(read_slack(bad).error().message, EndsWith(std::string("not '") + bad + "'"));
  }
}

}  // namespace
}  // namespace logdetect
