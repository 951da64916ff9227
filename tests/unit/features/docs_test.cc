#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <sstream>
#include <string>

#include "logdetect/features/extractor.h"

namespace logdetect {
namespace {

// docs/features.md names every column with its unit and meaning, in the words of the schema.
TEST(FeatureDocs, DescribeEveryColumn) {
  std::ifstream file(std::string(LOGDETECT_SOURCE_DIR) + "/docs/features.md");
  std::stringstream text;
  text << file.rdbuf();
  FeatureOptions all;
  all.rate_key = RateKey::kHost;
  for (const FeatureInfo& column : feature_schema(all).columns) {
    std::string name = column.name;
    std::string meaning = column.meaning;
    if (const auto suffix = name.find("_10s"); suffix != std::string::npos) {
      name.resize(suffix);
      meaning.resize(meaning.find(" (10s"));
    } else if (name.back() == 's' && std::isdigit(static_cast<unsigned char>(name[name.size() - 2])) != 0) {
      continue;  // the other windows share the row
    }
    std::string row = "| `";
    row += name + "` | " + column.unit + " | " + meaning + " |";
    EXPECT_NE(text.str().find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace logdetect
