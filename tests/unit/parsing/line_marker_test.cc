#include "logdetect/parsing/line_marker.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

LineMarker marker(const std::string& pattern) {
  Result<LineMarker> made = LineMarker::create(pattern, "somewhere");
  EXPECT_TRUE(made.ok());
  return std::move(made).value();
}

TEST(LineMarker, MarksWhatThePatternMatchesAnywhere) {
  const LineMarker banner = marker("release [0-9]+\\.[0-9]+ is live|=== BOOT");
  EXPECT_TRUE(banner.active());
  EXPECT_TRUE(banner.marks("2024-01-15 03:42:18 INFO release 4.7 is live now"));
  EXPECT_TRUE(banner.marks("=== BOOT ==="));
  EXPECT_FALSE(banner.marks("release is live"));
  EXPECT_FALSE(banner.marks(""));
  EXPECT_TRUE(marker("\xff+").marks("bytes \xff\xff")) << "bytes, not UTF-8";
}

TEST(LineMarker, AnEmptyPatternMarksNothing) {
  const LineMarker none = marker("");
  EXPECT_FALSE(none.active());
  EXPECT_FALSE(none.marks("anything"));
}

TEST(LineMarker, AMistakeIsToldWithItsPlace) {
  const auto error = [](const std::string& pattern) {
    const Result<LineMarker> made = LineMarker::create(pattern, "--deploy-marker");
    EXPECT_FALSE(made.ok());
    return made.ok() ? Error{} : made.error();
  };
  EXPECT_EQ(error("live *** now").message,
            "'live *** now' is no valid RE2 pattern: bad repetition operator: **, at character 6");
  EXPECT_EQ(error("a(b").where, "--deploy-marker");
  EXPECT_NE(error("x[z-a]").message.find("z-a, at character 3"), std::string::npos);
}

}  // namespace
}  // namespace logdetect
