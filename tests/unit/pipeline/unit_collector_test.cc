#include "pipeline/unit_collector.h"

#include <gtest/gtest.h>

#include <fstream>

#include "logdetect/reading/line_parser.h"

namespace logdetect {
namespace {

LineLabels labels_of(const std::string& csv) {
  const std::string path = testing::TempDir() + "/unit_collector_labels.csv";
  std::ofstream(path, std::ios::binary) << csv;
  auto labels = LineLabels::read(path);
  EXPECT_TRUE(labels.ok());
  return std::move(*labels);
}

// Hands a line to `collector` as a run does.
struct Line {
  std::uint64_t number = 1;
  std::uint32_t line_count = 1;
  double score = 0;
  bool flagged = false;
  Event event;
};

void see(UnitCollector& collector, const Line& line) {
  const std::string source = "app.log";
  Record record;
  record.position.line = line.number;
  record.line_count = line.line_count;
  Verdict verdict;
  verdict.score = line.score;
  verdict.anomalous = line.flagged;
  const BatchScores scores;
  ASSERT_TRUE(collector.record({source, record, line.event, verdict, scores, 0}).ok());
}

void close(UnitCollector& collector, const std::string& name, double score, bool reported) {
  OpenSession session;
  session.name = name;
  session.score = score;
  session.reported = reported;
  ASSERT_TRUE(collector.session(session, true).ok());
}

TEST(LineUnits, ALineMeetsItsLabel) {
  LineLabels labels = labels_of("line,label,category\n1,0,\n2,1,disk\n3,0,\n9,1,net\n");
  LineUnits lines(labels);
  UnitCollector collector(&lines, nullptr);
  Line one;
  one.event.template_id = TemplateId(1);
  see(collector, one);
  Line two;
  two.number = 2;
  two.line_count = 2;  // a record of lines 2 and 3
  two.score = 0.75;
  two.flagged = true;
  two.event.template_id = TemplateId(2);
  two.event.is_new = true;
  two.event.alarm = Alarm::kError;
  see(collector, two);
  Line four;
  four.number = 4;  // has no label
  four.event.template_id = TemplateId(1);
  four.event.alarm = Alarm::kWarning;
  see(collector, four);
  const UnitEvaluation out = lines.evaluate();
  EXPECT_EQ(out.unit, "line");
  EXPECT_EQ(out.units, 3U);
  EXPECT_EQ(out.anomalous, 1U);
  EXPECT_EQ(out.unlabelled, 1U);
  EXPECT_EQ(out.unjudged, 1U) << "line 9 is not in the log";
  EXPECT_EQ(out.own.decision.true_positives, 1U);
  EXPECT_EQ(out.own.decision.true_negatives, 2U);
  EXPECT_EQ(out.baselines[1].decision.true_positives, 1U);
  EXPECT_EQ(out.baselines[1].decision.false_positives, 0U);
  EXPECT_EQ(out.baselines[2].decision.true_positives, 1U);
  EXPECT_EQ(out.baselines[2].decision.false_positives, 0U) << "a warning is no error";
  EXPECT_EQ(out.at_score[1].second.true_positives, 1U);
  EXPECT_EQ(out.at_score[2].second.true_positives, 0U);
  EXPECT_EQ(out.cards, 2U);
  ASSERT_EQ(out.categories.size(), 1U);
  EXPECT_EQ(out.categories[0].name, "disk");
  EXPECT_EQ(out.categories[0].card, 1U);
}

TEST(SessionUnits, ASessionMeetsItsLabelAndItsLines) {
  const SessionUnits::Labels labels = {{"a", true}, {"b", false}, {"never came", true}};
  SessionUnits sessions(labels);
  UnitCollector collector(nullptr, &sessions);
  Line line;
  line.event.session = session_of("a");
  line.event.is_new = true;
  see(collector, line);
  line.event.is_new = false;
  line.event.alarm = Alarm::kError;
  see(collector, line);
  line.event.alarm = Alarm::kNone;
  see(collector, line);
  line.event.session = session_of("b");
  see(collector, line);
  line.event.session = SessionId();
  line.event.is_new = true;
  see(collector, line);  // of no session
  close(collector, "a", 0.92, true);
  close(collector, "b", 0.2, false);
  close(collector, "c", 0.6, true);  // has no label
  const UnitEvaluation out = sessions.evaluate();
  EXPECT_EQ(out.unit, "session");
  EXPECT_EQ(out.units, 4U);
  EXPECT_EQ(out.anomalous, 2U);
  EXPECT_EQ(out.unlabelled, 1U);
  EXPECT_EQ(out.unjudged, 1U);
  EXPECT_EQ(out.own.decision.true_positives, 1U);
  EXPECT_EQ(out.own.decision.false_positives, 1U);
  EXPECT_EQ(out.own.decision.false_negatives, 1U) << "what never came was not flagged";
  EXPECT_EQ(out.own.decision.true_negatives, 1U);
  EXPECT_EQ(out.baselines[1].decision.true_positives, 1U) << "a had a new template";
  EXPECT_EQ(out.baselines[1].decision.false_positives, 0U);
  EXPECT_EQ(out.baselines[2].decision.true_positives, 1U) << "a had an error";
  EXPECT_EQ(out.at_score[2].second.true_positives, 1U);
  EXPECT_TRUE(out.categories.empty());
}

TEST(SessionUnits, ASessionThatComesBackIsAnotherUnit) {
  const SessionUnits::Labels labels = {{"a", true}};
  SessionUnits sessions(labels);
  Event error;
  error.session = session_of("a");
  error.alarm = Alarm::kError;
  sessions.add_line(error);
  sessions.close("a", 0.9, true);
  sessions.close("a", 0.1, false);
  const UnitEvaluation out = sessions.evaluate();
  EXPECT_EQ(out.units, 2U);
  EXPECT_EQ(out.unjudged, 0U);
  EXPECT_EQ(out.baselines[2].decision.true_positives, 1U) << "its lines belong to the first";
}

TEST(UnitCollector, AsksNothingOfWhatIsNotAskedFor) {
  UnitCollector collector(nullptr, nullptr);
  see(collector, Line());
  close(collector, "a", 1, true);
}

}  // namespace
}  // namespace logdetect
