#include "parsing/header_inner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

using Kind = HeaderPlan::Kind;

Kind kind_of(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  return kind_by_first_bytes(views);
}

const std::string kSyslogLine = "<34>1 2024-05-06T08:00:00Z orchid depot 12 - - moved a box";
const std::string kCriLine = "2024-05-06T08:00:00.123456789Z stdout F moved a box";

TEST(KindByFirstBytes, OneLineIsEnough) {
  EXPECT_EQ(kind_of({kSyslogLine}), Kind::kSyslog);
  EXPECT_EQ(kind_of({kCriLine}), Kind::kContainer);
  EXPECT_EQ(kind_of({"CEF:0|maker|gate|1|7|moved|3|src=192.0.2.1"}), Kind::kCef);
  EXPECT_EQ(kind_of({"orchid CEF:0|maker|gate|1|7|moved|3|src=192.0.2.1"}), Kind::kCef) << "behind one word";
  EXPECT_EQ(kind_of({"__CURSOR=s=1;i=2"}), Kind::kJournal);
  EXPECT_EQ(kind_of({"moved a box"}), Kind::kNone);
  EXPECT_EQ(kind_of({"{\"a\":1}"}), Kind::kNone) << "objects are known by reading them";
  EXPECT_EQ(kind_of({}), Kind::kNone);
  EXPECT_EQ(kind_of({"", "  "}), Kind::kNone);
}

TEST(KindByFirstBytes, FourLinesInFiveAreNotEnough) {
  std::vector<std::string> lines(4, kSyslogLine);
  lines.emplace_back("moved a box");
  EXPECT_EQ(kind_of(lines), Kind::kNone);
  lines.push_back(kSyslogLine);
  EXPECT_EQ(kind_of(lines), Kind::kSyslog);
  lines.emplace_back("   ");
  EXPECT_EQ(kind_of(lines), Kind::kSyslog) << "blank lines do not count";
}

TEST(KindByFirstBytes, APriorityStandsAtOnceBeforeAWord) {
  EXPECT_EQ(kind_of({"<3>moved a box"}), Kind::kSyslog);
  EXPECT_EQ(kind_of({"<191>moved a box"}), Kind::kSyslog);
  EXPECT_EQ(kind_of({"<1912>moved a box"}), Kind::kNone);
  EXPECT_EQ(kind_of({"<>moved a box"}), Kind::kNone);
  EXPECT_EQ(kind_of({"<x>moved a box"}), Kind::kNone);
  EXPECT_EQ(kind_of({"<3> moved a box"}), Kind::kNone);
  EXPECT_EQ(kind_of({"<3>"}), Kind::kNone);
}

std::vector<std::string> cut(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  std::vector<std::string> out;
  for (const std::string_view line : without_payloads(views)) {
    out.emplace_back(line);
  }
  return out;
}

TEST(WithoutPayloads, CutsWhereFourInFiveEndInOne) {
  std::vector<std::string> lines(4, "INFO depot {\"a\":1}");
  lines.emplace_back("INFO depot moved");
  EXPECT_EQ(cut(lines), lines);
  lines.emplace_back("INFO depot {\"a\":1}");
  EXPECT_EQ(cut(lines), std::vector<std::string>(5, "INFO depot "));
  EXPECT_EQ(cut({"{\"a\":1}"}), std::vector<std::string>{"{\"a\":1}"}) << "nothing stands in front";
}

}  // namespace
}  // namespace logdetect
