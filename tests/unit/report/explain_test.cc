#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logdetect/base/rng.h"
#include "logdetect/base/text.h"
#include "logdetect/report/explain.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

using samples::format;
using samples::written;
using testing::HasSubstr;
using testing::Not;

std::string result_in(const std::string& name) {
  return written(format(name), {samples::database_incident(), samples::feature_incident()}, samples::summary());
}

std::string explained(const std::string& result, const std::string& id) {
  Result<std::string> text = explain_from_result(result, id, ReportOptions{});
  EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error().to_string());
  return text.ok() ? *text : std::string();
}

TEST(Explain, ShowsAFindingInFull) {
  EXPECT_EQ(explained(result_in("jsonl"), "F-ba9876543210"),
            "ANOMALY DETECTED [Score: 0.89]\n"
            "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━\n"
            "Timestamp: 2024-01-15 03:42:18\n"
            "Source:    app.log, lines 1,240 – 1,241\n"
            "Log Line:  \"2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 "
            "available\\n\\tat Pool.get\"\n"
            "\n"
            "Anomaly Factors:\n"
            "  • NEW TEMPLATE: never seen in 145,892 training records\n"
            "      nearest known: \"Database connection pool at <NUM>%\"\n"
            "      observed 0, expected at least 1 records in training (template_rarity), 80 % of the score\n"
            "  • UNUSUAL TIME: FATAL lines are usual 09:00-18:00, here 03:42\n"
            "      observed 3.7, expected 9 to 18 hour of day, UTC (hour_surprise), 20 % of the score\n"
            "\n"
            "Context:\n"
            "  > 2024-01-15 03:42:18.250 FATAL [db] Database connection pool exhausted, 0 available\n"
            "  > \\tat Pool.get\n"
            "\n"
            "Template 412: Database connection pool exhausted, <NUM> available\n"
            "Detectors:\n"
            "  • novelty: 30 nats (raw 11.9)\n"
            "  • forest: 6 nats (raw 0.8)\n"
            "Sum: 36 nats, threshold 4.5\n"
            "\n"
            "Related Anomalies (same incident):\n"
            "  • 03:42:15 – \"Connection timeout to replica-2\" × 14  F-0123456789ab\n"
            "\n"
            "id: F-ba9876543210, incident I-00112233aabb\n");
}

// Another version of the program, or another detector, knows reasons that this one does not.
TEST(Explain, ShowsAReasonThatItDoesNotKnow) {
  const std::string known = R"("kind":"unusual_time")";
  std::string result = result_in("jsonl");
  result.replace(result.find(known), known.size(), R"("kind":"queue_depth")");
  EXPECT_THAT(explained(result, "F-ba9876543210"), HasSubstr("  • QUEUE DEPTH: FATAL lines are usual 09:00-18:00"));
}

TEST(Explain, TakesNoReasonThatIsNotAName) {
  const std::string known = R"("kind":"unusual_time")";
  for (const std::string& odd : {std::string(R"("kind":"")"), std::string(R"("kind":"\u001b[31m")"),
                                 std::string(R"("kind":"Queue depth")"), R"("kind":")" + std::string(65, 'q') + '"'}) {
    std::string result = result_in("jsonl");
    result.replace(result.find(known), known.size(), odd);
    EXPECT_THAT(explained(result, "F-ba9876543210"), HasSubstr("  • FOREST: FATAL lines are usual")) << odd;
  }
  std::string result = result_in("jsonl");
  result.replace(result.find(known), known.size(), R"("kind":")" + std::string(64, 'q') + '"');
  EXPECT_THAT(explained(result, "F-ba9876543210"), HasSubstr("  • " + std::string(64, 'Q') + ": FATAL"));
}

TEST(Explain, ShowsAnIncidentWithItsFirstAndWorstEvent) {
  const std::string text = explained(result_in("jsonl"), "I-00112233aabb");
  EXPECT_THAT(text, HasSubstr("Incident (2024-01-15 03:42:15 – 03:47:22): db: Database connection pool exhausted "
                              "[CRITICAL]\n"));
  EXPECT_THAT(text, HasSubstr("     hosts: db1\n"));
  EXPECT_LT(text.find("First event"), text.find("Worst event"));
  EXPECT_THAT(text, HasSubstr("    2024-01-15 03:42:14 INFO [db] Ping replica-2\n"
                              "  > 2024-01-15 03:42:15 ERROR [db] Connection timeout to replica-2\n"));
}

TEST(Explain, ReadsTheDocumentAsWellAsTheLines) {
  for (const std::string id : {"F-0123456789ab", "F-ba9876543210", "I-00112233aabb", "I-feedfeed0000"}) {
    EXPECT_EQ(explained(result_in("json"), id), explained(result_in("jsonl"), id));
  }
}

TEST(Explain, TakesABeginningOfAnId) {
  const std::string result = result_in("jsonl");
  EXPECT_EQ(explained(result, "F-ba98"), explained(result, "F-ba9876543210"));
  EXPECT_EQ(explained(result, "f-BA98"), explained(result, "F-ba9876543210"));
  EXPECT_EQ(explain_from_result(result, "F-ba9", ReportOptions{}).error().code, ErrorCode::kUsage);
}

TEST(Explain, AnAmbiguousBeginningListsTheIds) {
  Incident other = samples::database_incident();
  other.findings[0].id = "F-0123ffffffff";
  const std::string result = written(format("jsonl"), {samples::database_incident(), other}, samples::summary());
  const Result<std::string> text = explain_from_result(result, "F-0123", ReportOptions{});
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, ErrorCode::kUsage);
  EXPECT_THAT(text.error().hint, HasSubstr("F-0123456789ab, F-0123ffffffff"));
}

TEST(Explain, AnUnknownIdNamesTheNearest) {
  const Result<std::string> typo = explain_from_result(result_in("jsonl"), "F-0123456789ac", ReportOptions{});
  ASSERT_FALSE(typo.ok());
  EXPECT_EQ(typo.error().code, ErrorCode::kUsage);
  EXPECT_THAT(typo.error().hint, HasSubstr("did you mean F-0123456789ab?"));
  const Result<std::string> far = explain_from_result(result_in("jsonl"), "F-cccccccccccc", ReportOptions{});
  EXPECT_THAT(far.error().hint, HasSubstr("F-ba9876543210"));
  EXPECT_THAT(far.error().hint, HasSubstr("F-feedfeedfeed"));
  const std::string empty = written(format("jsonl"), {}, samples::summary());
  EXPECT_THAT(explain_from_result(empty, "F-0123", ReportOptions{}).error().hint, HasSubstr("no findings"));
}

TEST(Explain, RefusesWhatIsNotAResult) {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string("{}"), std::string("[1,2]"), std::string(R"({"records":7})"),
        std::string(R"({"type":"header"})"), std::string(R"({"type":"header","schema":"logdetect.finding/2"})"),
        std::string(200'000, '['), result_in("json").substr(0, 900)}) {
    const Result<std::string> result = explain_from_result(text, "F-0123456789ab", ReportOptions{});
    ASSERT_FALSE(result.ok()) << text.substr(0, 40);
    EXPECT_EQ(result.error().code, ErrorCode::kInput) << text.substr(0, 40);
    EXPECT_FALSE(result.error().hint.empty());
  }
}

TEST(Explain, NamesTheLineThatIsBroken) {
  std::string result = result_in("jsonl");
  result.resize(result.size() - 20);
  EXPECT_THAT(explain_from_result(result, "F-0123", ReportOptions{}).error().where, HasSubstr("result:7"));
}

TEST(Explain, SurvivesForeignTypesInEveryField) {
  const std::string head = R"({"type":"header","schema":"logdetect.finding/1","detectors":[3,"novelty",null]})";
  const std::string result =
      head + "\n" +
      R"({"type":"finding","id":"F-0123456789ab","incident":7,"time":"2024-99-99T99:99:99Z","line":-5,"last_line":1e300,)"
      R"("level":[],"score":"high","template_id":99999999999,"detectors":{"novelty":3},"reasons":[7,{"expected":"x"}],)"
      R"("context":{"a":1},"count":-1,"message":null,"new_feature":true})"
      "\n[]\n7\nnull\n" +
      R"({"type":"incident","id":"I-0123456789ab","first":5,"severity":"awful","first_finding":3})";
  EXPECT_THAT(explained(result, "F-0123456789ab"), HasSubstr("ANOMALY DETECTED [Score: 0.00]"));
  EXPECT_THAT(explained(result, "I-0123456789ab"), HasSubstr("[LOW]"));
}

TEST(Explain, NeverLetsTextReachTheTerminalRaw) {
  const std::string result = written(format("jsonl"), {samples::hostile_incident()}, samples::summary());
  for (const std::string id : {"F-0123456789ab", "I-00112233aabb"}) {
    std::string text = explained(result, id);
    std::erase(text, '\n');
    EXPECT_EQ(escape_for_terminal(text), text);
  }
}

TEST(Explain, DamagedResultsNeverCrash) {
  const std::string good = result_in("jsonl");
  Rng rng(5);
  for (int round = 0; round < 2000; ++round) {
    std::string bad = good;
    for (std::uint64_t flips = rng.below(4) + 1; flips > 0; --flips) {
      bad[rng.below(bad.size())] = static_cast<char>(rng.below(256));
    }
    const Result<std::string> text = explain_from_result(bad, "F-0123456789ab", ReportOptions{});
    if (!text.ok()) {
      ASSERT_TRUE(text.error().code == ErrorCode::kInput || text.error().code == ErrorCode::kUsage);
    }
  }
}

}  // namespace
}  // namespace logdetect
