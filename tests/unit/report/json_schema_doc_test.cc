#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "unit/report/samples.h"

namespace logdetect {
namespace {

std::string page() {
  std::ifstream file(LOGDETECT_SOURCE_DIR "/docs/json-schema.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The section "### <type>" up to the next heading.
std::string section(const std::string& text, const std::string& type) {
  const std::size_t begin = text.find("\n### " + type + "\n");
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find("\n### ", begin + 5) - begin);
}

TEST(JsonSchemaPage, DescribesEveryFieldThatIsWritten) {
  const std::string text = page();
  ASSERT_FALSE(text.empty());
  std::istringstream lines(samples::written(samples::format("jsonl"), {samples::database_incident()}, {}));
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json record = nlohmann::json::parse(line);
    const std::string rows = section(text, record["type"]);
    for (const auto& [field, value] : record.items()) {
      EXPECT_NE(rows.find('`' + field + '`'), std::string::npos) << record["type"] << ' ' << field;
    }
    for (const nlohmann::json& reason : record.value("reasons", nlohmann::json::array())) {
      for (const auto& [field, value] : reason.items()) {
        EXPECT_NE(rows.find("| `" + field + "` |"), std::string::npos) << "reason " << field;
      }
    }
  }
  for (const std::string_view name :
       {reasons::kNewTemplate, reasons::kRareTemplate, reasons::kBurst, reasons::kSequence, reasons::kParameter,
        reasons::kUnusualTime, reasons::kUnusualLevel, reasons::kErrorRate, reasons::kLength, reasons::kDiversity,
        reasons::kMissingStep, reasons::kRepeated, reasons::kUnusualStream, reasons::kSlow, reasons::kStalled,
        reasons::kSilence, reasons::kForest}) {
    EXPECT_NE(text.find(name), std::string::npos) << name;
  }
}

TEST(JsonSchemaPage, ShowsRealLines) {
  const std::string text = page();
  std::istringstream lines(samples::written(samples::format("jsonl"), {samples::database_incident()}, {}));
  for (std::string line; std::getline(lines, line);) {
    if (line.find("F-ba9876543210\",\"incident\"") == std::string::npos &&
        line.find("\"summary\"") == std::string::npos) {
      EXPECT_NE(text.find("    " + line + "\n"), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace logdetect
