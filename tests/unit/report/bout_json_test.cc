#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/result_reader.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

// The sample incident with its first finding about a bout.
Incident with(const Bout& bout) {
  Incident incident = samples::database_incident();
  incident.findings[0].bout = bout;
  return incident;
}

nlohmann::json first_finding(const std::string& jsonl) {
  std::istringstream lines(jsonl);
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json record = nlohmann::json::parse(line);
    if (record["type"] == "finding" && !record["bout"].is_null()) {
      return record;
    }
  }
  return {};
}

Bout burst() {
  Bout bout;
  bout.kind = BoutKind::kBurst;
  bout.over = true;
  bout.start = samples::kMorning;
  bout.peak = samples::kMorning + 30 * kMicrosPerSecond;
  bout.end = samples::kMorning + 90 * kMicrosPerSecond;
  bout.window_seconds = 60;
  bout.observed = 47;
  bout.usual_high = 5;
  bout.lines = 120;
  return bout;
}

TEST(BoutJson, ABurstAsTheSchemaSays) {
  const nlohmann::json finding =
      first_finding(samples::written(samples::format("jsonl"), {with(burst())}, samples::summary()));
  ASSERT_FALSE(finding.is_null());
  EXPECT_EQ(finding["bout"].dump(),
            R"({"end":"2024-01-15T03:43:45Z","kind":"burst","lines":120,"observed":47,"peak":"2024-01-15T03:42:45Z",)"
            R"("start":"2024-01-15T03:42:15Z","unit":"lines in 60 s","usual":[0,5]})");
  std::ifstream file(LOGDETECT_SOURCE_DIR "/docs/json-schema.md");
  std::ostringstream page;
  page << file.rdbuf();
  for (const auto& [field, value] : finding["bout"].items()) {
    EXPECT_NE(page.str().find("| `" + field + "` |"), std::string::npos) << field;
  }
}

TEST(BoutJson, ASilenceThatGoesOnHasNoEnd) {
  Bout bout;
  bout.kind = BoutKind::kSilence;
  bout.start = samples::kMorning;
  bout.observed = 95;
  bout.usual_low = 30;
  bout.usual_high = 31;
  const nlohmann::json finding =
      first_finding(samples::written(samples::format("jsonl"), {with(bout)}, samples::summary()));
  ASSERT_FALSE(finding.is_null());
  EXPECT_TRUE(finding["bout"]["end"].is_null());
  EXPECT_TRUE(finding["bout"]["peak"].is_null());
  EXPECT_EQ(finding["bout"]["unit"], "s between two lines");
}

TEST(BoutJson, IsReadBackAsItWasWritten) {
  const Incident incident = with(burst());
  for (const char* name : {"json", "jsonl"}) {
    const std::string text = samples::written(samples::format(name), {incident}, samples::summary());
    const Result<FoundRecord> found = find_record(text, incident.findings[0].id);
    ASSERT_TRUE(found.ok()) << found.error().to_string();
    ASSERT_TRUE(found.value().finding && found.value().finding->bout);
    const Bout& bout = *found.value().finding->bout;
    EXPECT_EQ(bout.kind, BoutKind::kBurst);
    EXPECT_TRUE(bout.over);
    EXPECT_EQ(bout.peak, burst().peak);
    EXPECT_EQ(bout.window_seconds, 60);
    EXPECT_EQ(bout.observed, 47);
    EXPECT_EQ(bout.usual_high, 5);
    EXPECT_EQ(bout.lines, 120U);
  }
}

}  // namespace
}  // namespace logdetect
