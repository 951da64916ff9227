#include "ingest/follow_siblings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <string>
#include <vector>

#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Writes a file that was modified at this second.
void write_at(const std::string& path, std::time_t second, std::string_view text = "x\n") {
  append(path, text);
  const std::array<timespec, 2> times{timespec{second, 0}, timespec{second, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
}

std::vector<std::string> names(const std::vector<FoundFile>& files) {
  std::vector<std::string> all;
  for (const FoundFile& file : files) {
    all.push_back(base_name_of(file.path));
  }
  return all;
}

TEST(Siblings, PathsAreTakenApart) {
  EXPECT_EQ(directory_of("/var/log/app.log"), "/var/log");
  EXPECT_EQ(directory_of("/app.log"), "/");
  EXPECT_EQ(directory_of("app.log"), ".");
  EXPECT_EQ(directory_of("logs/app.log"), "logs");
  EXPECT_EQ(base_name_of("/var/log/app.log"), "app.log");
  EXPECT_EQ(base_name_of("/a"), "a");
  EXPECT_EQ(base_name_of("app.log"), "app.log");
}

TEST(Siblings, TheShortestSuffixIsOneDigit) {
  EXPECT_TRUE(is_rotated_name("a", "a.1"));
  EXPECT_TRUE(is_rotated_name("a", "a-1"));
  EXPECT_FALSE(is_rotated_name("a", "a_1"));
  EXPECT_TRUE(is_rotated_name("a", "a.bak"));
  EXPECT_TRUE(is_rotated_name("a", "a.old.gz"));
  EXPECT_FALSE(is_rotated_name("a", "a.-"));
}

TEST(Siblings, AreSortedByTimeFirst) {
  const TempDirectory directory;
  write_at(directory / "app.log.1", 100);
  write_at(directory / "app.log.2", 300);
  write_at(directory / "app.log.3", 200);
  EXPECT_THAT(names(find_siblings(directory / "app.log", 0).files), ElementsAre("app.log.1", "app.log.3", "app.log.2"));
}

TEST(Siblings, OfOneTimeByName) {
  const TempDirectory directory;
  for (const char* name : {"app.log.1", "app.log.2", "app.log.10", "app.log.99999", "app.log.100000",
                           "app.log-20240131", "app.log-20240201", "app.log"}) {
    write_at(directory / name, 100);
  }
  EXPECT_THAT(names(find_siblings(directory / "app.log", 0).files),
              ElementsAre("app.log.100000", "app.log-20240131", "app.log-20240201", "app.log.99999", "app.log.10",
                          "app.log.2", "app.log.1"))
      << "dates, of which six digits are the shortest, then counters backwards";
}

TEST(Siblings, OnesFromBeforeStayOut) {
  const TempDirectory directory;
  write_at(directory / "app.log.3", 99);
  write_at(directory / "app.log.2", 100);
  write_at(directory / "app.log.1", 101);
  EXPECT_THAT(names(find_siblings(directory / "app.log", 100 * kMicrosPerSecond).files),
              ElementsAre("app.log.2", "app.log.1"));
}

TEST(Siblings, WhatIsCompressedStandsApartWhateverItsName) {
  const TempDirectory directory;
  write_at(directory / "app.log.1", 100, "\x1f\x8b\x08 packed");
  write_at(directory / "app.log.2", 100, "\x28\xb5\x2f\xfd packed");
  write_at(directory / "app.log.3", 100, "BZh9 packed");
  write_at(directory / "app.log.4.gz", 100, "no such thing");
  const SiblingScan scan = find_siblings(directory / "app.log", 0);
  EXPECT_THAT(names(scan.files), ElementsAre("app.log.4.gz"));
  EXPECT_EQ(scan.compressed.size(), 3U);
  EXPECT_FALSE(scan.out_of_descriptors);
}

TEST(Siblings, LinksDirectoriesAndNeighboursAreNone) {
  const TempDirectory directory;
  write_at(directory / "app.log", 100);
  std::filesystem::create_symlink("app.log", directory / "app.log.1");
  std::filesystem::create_directory(directory / "app.log.2");
  write_at(directory / "web.log.1", 100);
  std::filesystem::create_hard_link(directory / "web.log.1", directory / "app.log.3");
  std::filesystem::create_hard_link(directory / "web.log.1", directory / "app.log.4");
  EXPECT_EQ(find_siblings(directory / "app.log", 0).files.size(), 1U) << "one file under two names";
  EXPECT_THAT(find_siblings(directory / "missing/app.log", 0).files, IsEmpty());
}

}  // namespace
}  // namespace logdetect
