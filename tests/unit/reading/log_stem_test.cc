#include <gtest/gtest.h>

#include "logdetect/reading/line_parser.h"

namespace logdetect {
namespace {

TEST(LogStem, LeavesOutFoldersRotationAndCompression) {
  EXPECT_EQ(log_stem("/var/log/app/app.log"), "app.log");
  EXPECT_EQ(log_stem("app.log.2.gz"), "app.log");
  EXPECT_EQ(log_stem("app.log-20240115"), "app.log");
  EXPECT_EQ(log_stem("app.log.2024-01-15_03.zst"), "app.log");
  EXPECT_EQ(log_stem("node7"), "node7") << "a name, no rotation";
  EXPECT_EQ(log_stem("logs/node7.3"), "node7");
  EXPECT_EQ(log_stem("-"), "-");
  EXPECT_EQ(log_stem("7"), "7");
  EXPECT_EQ(log_stem("10.0.0.1"), "10.0.0.1") << "nothing but digits is a name too";
  EXPECT_EQ(log_stem(""), "");
}

TEST(LogStem, ANameThatIsOnlyAnEndingStays) {
  EXPECT_EQ(log_stem("logs/.gz"), ".gz");
  EXPECT_EQ(log_stem("a.gz"), "a");
}

}  // namespace
}  // namespace logdetect
