#include "parsing/header_columns.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

/// `n` times `line`, then `others` times `other`.
std::vector<std::string> mixed(int n, const std::string& line, int others, const std::string& other) {
  std::vector<std::string> lines(static_cast<std::size_t>(n), line);
  lines.insert(lines.end(), static_cast<std::size_t>(others), other);
  return lines;
}

HeaderColumns columns_of(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  return HeaderColumns(views);
}

TEST(AreFew, EightOrOneInFifty) {
  EXPECT_TRUE(are_few(8, 10));
  EXPECT_FALSE(are_few(9, 10));
  EXPECT_FALSE(are_few(9, 449));
  EXPECT_TRUE(are_few(9, 450));
  EXPECT_TRUE(are_few(20, 1000));
  EXPECT_FALSE(are_few(21, 1000));
}

TEST(ShareOf, OfNothingIsNothing) {
  EXPECT_EQ(share_of(0, 0), 0);
  EXPECT_EQ(share_of(1, 4), 0.25);
  EXPECT_EQ(share_of(4, 4), 1);
}

TEST(HeaderColumns, LinesWithoutTheTimeOfTheOthersAreLeftOut) {
  const std::string timed = "2024-05-06 08:00:00 moved a box";
  const std::string bare = "  at org.example.Main";
  EXPECT_EQ(columns_of(mixed(97, timed, 3, bare)).rows(), 100U) << "nearly all: nothing to leave out";
  EXPECT_EQ(columns_of(mixed(96, timed, 4, bare)).rows(), 96U);
  EXPECT_EQ(columns_of(mixed(30, timed, 70, bare)).rows(), 30U);
  EXPECT_EQ(columns_of(mixed(29, timed, 71, bare)).rows(), 100U) << "too few to be the log's form";
}

TEST(HeaderColumns, LinesWithoutTheLevelOfTheOthersAreLeftOut) {
  EXPECT_EQ(columns_of(mixed(50, "worker ERROR lost it", 50, "some text here")).rows(), 50U);
  EXPECT_EQ(columns_of(mixed(50, "a b c d e f ERROR", 50, "some text here")).rows(), 50U) << "the seventh position";
  EXPECT_EQ(columns_of(mixed(50, "a b c d e f g ERROR", 50, "some text here")).rows(), 100U) << "the eighth";
}

TEST(HeaderColumns, CountsWhatTokensLookLike) {
  const auto count = [](const std::string& token, std::uint32_t HeaderColumn::*what) {
    return columns_of({token + " text"}).at(0).*what;
  };
  EXPECT_EQ(count("node-1", &HeaderColumn::identifiers), 1U);
  EXPECT_EQ(count("node-1,", &HeaderColumn::identifiers), 0U) << "ends a part of a sentence";
  EXPECT_EQ(count("node", &HeaderColumn::identifiers), 0U);
  EXPECT_EQ(count("node1", &HeaderColumn::digits), 1U);
  EXPECT_EQ(count("node", &HeaderColumn::digits), 0U);
  EXPECT_EQ(count("\"two", &HeaderColumn::quotes), 1U);
  EXPECT_EQ(count("\"two\"", &HeaderColumn::quotes), 0U);
  EXPECT_EQ(count("DISK_A", &HeaderColumn::capitals), 1U);
  EXPECT_EQ(count("DISK_a", &HeaderColumn::capitals), 0U);
  EXPECT_EQ(count("main.log", &HeaderColumn::file_names), 1U);
  EXPECT_EQ(count("[x]", &HeaderColumn::bracketed), 1U);
  EXPECT_EQ(count("[1234]", &HeaderColumn::bracket_numbers), 1U);
  EXPECT_EQ(count("[pid 1234]", &HeaderColumn::bracket_numbers), 1U);
  EXPECT_EQ(count("[pid x]", &HeaderColumn::bracket_numbers), 0U);
  EXPECT_EQ(count("[12x4]", &HeaderColumn::bracket_numbers), 0U);
  EXPECT_EQ(count("[]", &HeaderColumn::bracket_numbers), 0U);
  EXPECT_EQ(count("[worker-1]", &HeaderColumn::bracket_names), 1U);
  EXPECT_EQ(count("[1worker]", &HeaderColumn::bracket_names), 0U);
  EXPECT_EQ(count("[two words]", &HeaderColumn::bracket_names), 0U);
  EXPECT_EQ(count("<0.230.0>", &HeaderColumn::angles), 1U);
  EXPECT_EQ(count("{main.py:12}", &HeaderColumn::braces), 1U);
  EXPECT_EQ(count("<0.230.0>", &HeaderColumn::braces), 0U);
  EXPECT_EQ(count("{main.py:12}", &HeaderColumn::angles), 0U);
  EXPECT_EQ(count("hostd[1234]", &HeaderColumn::named_numbers), 1U);
  EXPECT_EQ(count("hostd[12x4]", &HeaderColumn::named_numbers), 0U);
  EXPECT_EQ(count("1234]", &HeaderColumn::close_numbers), 1U);
  EXPECT_EQ(count("#1234]", &HeaderColumn::close_numbers), 1U);
  EXPECT_EQ(count("1]", &HeaderColumn::close_numbers), 1U);
  EXPECT_EQ(count("#]", &HeaderColumn::close_numbers), 0U);
  EXPECT_EQ(count("a]", &HeaderColumn::close_numbers), 0U);
  EXPECT_EQ(count("INFO,", &HeaderColumn::commas), 1U);
  EXPECT_EQ(count("INFO", &HeaderColumn::commas), 0U);
  EXPECT_EQ(count("ada@node", &HeaderColumn::accounts), 1U);
  EXPECT_EQ(count("W/Activity", &HeaderColumn::level_pairs), 1U);
  EXPECT_EQ(count("WARN", &HeaderColumn::level_pairs), 0U);
}

TEST(HeaderColumns, ATimeSaysMoreWithYearDateZoneAndFraction) {
  const auto score = [](const std::string& time) { return columns_of({time + " text"}).at(0).time_score; };
  EXPECT_EQ(score("2024-05-06T08:00:00.5Z"), 8U + 8U + 4U + 2U + 1U);
  EXPECT_EQ(score("2024-05-06T08:00:00Z"), 8U + 8U + 4U + 2U);
  EXPECT_EQ(score("2024-05-06T08:00:00"), 8U + 8U + 4U);
  EXPECT_EQ(score("May  6 08:00:00"), 8U + 4U) << "no year";
  EXPECT_EQ(score("08:00:00"), 8U) << "no date";
}

TEST(HeaderColumns, AColumnIsSteadyWhereNearlyEveryLineHasIt) {
  EXPECT_TRUE(columns_of(mixed(97, "a b", 3, "a")).steady(1));
  EXPECT_FALSE(columns_of(mixed(96, "a b", 4, "a")).steady(1));
}

TEST(HeaderColumns, AColumnOfManyWordsIsNotSteady) {
  std::vector<std::string> lines;
  for (char c = 'a'; c < 'a' + 8; ++c) {
    lines.push_back(std::string("word") + c + " text");
  }
  EXPECT_TRUE(columns_of(lines).steady(0));
  lines.emplace_back("wordz text");
  EXPECT_FALSE(columns_of(lines).steady(0));
  for (std::string& line : lines) {
    line.insert(0, "id-");
  }
  EXPECT_TRUE(columns_of(lines).steady(0)) << "identifiers may be many";
}

TEST(HeaderColumns, TextInQuotesIsNotSteady) {
  EXPECT_FALSE(columns_of(mixed(51, "a \"b c\"", 49, "a b c")).steady(1));
  EXPECT_TRUE(columns_of(mixed(50, "a \"b c\"", 50, "a b c")).steady(1));
  EXPECT_TRUE(columns_of(mixed(51, "\"b c\"", 49, "b c")).steady(0)) << "a whole line may stand in quotes";
}

TEST(HeaderColumns, TheMainClassIsTheMostFrequent) {
  const HeaderColumns columns = columns_of(mixed(6, "812 a", 4, "moved a"));
  EXPECT_EQ(columns.main_class(0), TokenClass::kNumber);
  EXPECT_EQ(columns.share(0, TokenClass::kNumber), 0.6);
  EXPECT_EQ(columns.share(0, TokenClass::kWord), 0.4);
  EXPECT_EQ(columns.share(HeaderColumns::kWidth, TokenClass::kWord), 0);
  EXPECT_EQ(HeaderColumns({}).share(0, TokenClass::kWord), 0);
}

}  // namespace
}  // namespace logdetect
