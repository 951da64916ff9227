#include "ingest/found_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

using ::testing::ElementsAreArray;

void expect_order(const std::vector<std::string>& expected) {
  Rng rng(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> names = expected;
    for (std::size_t i = names.size(); i > 1; --i) {
      std::swap(names[i - 1], names[rng.below(i)]);
    }
    std::sort(names.begin(), names.end(), reads_before);
    EXPECT_THAT(names, ElementsAreArray(expected));
  }
}

TEST(InputOrder, NumberedRotationOldestFirst) {
  expect_order({"app.log.10.gz", "app.log.9.xz", "app.log.2.gz", "app.log.1", "app.log"});
}

TEST(InputOrder, DatedRotationThenTheCurrentFile) {
  expect_order({"app.log-20231231.gz", "app.log-20240101", "app.log-20240102.zst", "app.log"});
  expect_order({"app.log.2024-01-01", "app.log.2024-01-02.bz2", "app.log"});
}

TEST(InputOrder, LogsStayTogether) {
  expect_order({"a/auth.log.1", "a/auth.log", "a/cron.log.2.gz", "a/cron.log.1", "a/cron.log", "b/auth.log"});
}

TEST(InputOrder, DatesInTheMiddleSortByName) {
  expect_order({"app-2024-01-01.log", "app-2024-01-02.log", "app.log"});
}

TEST(InputOrder, OddNamesAreOrderedToo) {
  expect_order({"_123456", ".1", "", "-", "...", "1", "20240101"});
}

TEST(InputOrder, IsAStrictWeakOrder) {
  const std::vector<std::string> names = {"a",          "a.1",        "a.01",     "a.1.gz", "a.2",
                                          "a-20240101", "a.20240101", "a.gz",     "a.gz.1", "b",
                                          "a-20240102", "a.99999",    "a.100000", "1.1",    ".1"};
  for (const std::string& x : names) {
    EXPECT_FALSE(reads_before(x, x));
    for (const std::string& y : names) {
      EXPECT_EQ(reads_before(x, y) || reads_before(y, x), x != y) << x << ' ' << y;
      for (const std::string& z : names) {
        EXPECT_TRUE(!(reads_before(x, y) && reads_before(y, z)) || reads_before(x, z)) << x << ' ' << y << ' ' << z;
      }
    }
  }
}

}  // namespace
}  // namespace logdetect
