// How many lines of a sample make a column of the header.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

std::string two(int n) {
  return (n < 10 ? "0" : "") + std::to_string(n);
}

/// Words that no header has: they differ from line to line.
std::string words(int i) {
  return std::string("w") + static_cast<char>('a' + i % 26) + static_cast<char>('a' + i / 26 % 26) + " x" +
         static_cast<char>('a' + i * 7 % 26) + static_cast<char>('a' + i * 7 / 26 % 26) + " moved";
}

/// The plan of 100 lines, of which the first `usual` have `front` and the others `other` between time and message.
std::string described(
    int usual, const std::function<std::string(int)>& front,
    const std::function<std::string(int)>& other = [](int) { return std::string(); }) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back("2024-05-06 08:" + two(i / 60) + ":" + two(i % 60) + " " + (i < usual ? front(i) : other(i)) +
                    words(i));
  }
  return plan_of(lines).describe();
}

std::string name_of(int i) {
  return std::string("name") + static_cast<char>('a' + i % 26) + static_cast<char>('a' + i / 26);
}

TEST(DetectColumns, LevelsStandInMoreThan85LinesOfAHundred) {
  const auto front = [](int) { return std::string("INFO "); };
  EXPECT_EQ(described(100, front), "<time> <level> <message>");
  EXPECT_EQ(described(86, front), "<time> <level> <message>");
  EXPECT_EQ(described(85, front), "<time> <message>");
}

TEST(DetectColumns, HalfLevelsAmongFewWordsAreLevels) {
  const auto front = [](int) { return std::string("ERROR "); };
  const auto few = [](int i) { return std::string("KIND") + static_cast<char>('a' + i % 11) + " "; };
  const auto many = [](int i) { return std::string("KIND") + static_cast<char>('a' + i % 12) + " "; };
  EXPECT_EQ(described(51, front, few), "<time> <level> <message>");
  EXPECT_EQ(described(50, front, few), "<time> <message>");
  EXPECT_EQ(described(51, front, many), "<time> <message>") << "thirteen words";
}

TEST(DetectColumns, NamesStandInMoreThan70LinesOfAHundred) {
  const auto front = [](int i) { return name_of(i) + ": "; };
  EXPECT_EQ(described(71, front), "<time> <component>: <message>");
  EXPECT_EQ(described(70, front), "<time> <message>");
}

TEST(DetectColumns, GroupsStandInMoreThan90LinesOfAHundred) {
  const auto front = [](int i) { return "[" + name_of(i) + "] "; };
  EXPECT_EQ(described(91, front), "<time> [<component>] <message>");
  EXPECT_EQ(described(90, front), "<time> <message>");
  const auto angles = [](int i) { return "<" + name_of(i) + "> "; };
  EXPECT_EQ(described(91, angles), "<time> <<skip>> <message>");
  const auto braces = [](int i) { return "{" + name_of(i) + "} "; };
  EXPECT_EQ(described(91, braces), "<time> {<skip>} <message>");
}

TEST(DetectColumns, ANumberInAGroupIsTheProcess) {
  const auto front = [](int i) { return "[" + std::to_string(400 + i) + "] "; };
  EXPECT_EQ(described(100, front), "<time> [<pid>] <message>");
  EXPECT_EQ(described(100, [](int i) { return "[pid " + std::to_string(400 + i) + "] "; }), "<time> [<pid>] <message>");
}

TEST(DetectColumns, NumbersOfMoreThanTwoValuesAreTheProcess) {
  const auto front = [](int n) { return [n](int i) { return std::to_string(400 + i % n) + " "; }; };
  EXPECT_EQ(described(100, front(3)), "<time> <pid> <message>");
  EXPECT_EQ(described(100, front(2)), "<time> <skip> <message>");
  EXPECT_EQ(described(98, front(30)), "<time> <pid> <message>");
  EXPECT_EQ(described(97, front(30)), "<time> <message>");
}

TEST(DetectColumns, FilesWithABracketEndAHeader) {
  const auto front = [](int i) { return name_of(i) + ".cc:" + std::to_string(i) + "] "; };
  EXPECT_EQ(described(91, front), "<time> <component>] <message>");
  EXPECT_EQ(described(90, front), "<time> <message>");
}

TEST(DetectColumns, ADashPartsTheNameFromTheMessage) {
  const auto front = [](int i) { return name_of(i) + " - "; };
  EXPECT_EQ(described(91, front), "<time> <component> - <message>");
  EXPECT_EQ(described(90, front), "<time> <message>");
  const auto mixed = [](int at_once) {
    return [at_once](int i) { return name_of(i) + (i < at_once ? "" : " more") + " - "; };
  };
  EXPECT_EQ(described(100, mixed(31)), "<time> <component> - <message>");
  EXPECT_EQ(described(100, mixed(30)), "<time> <message>");
}

TEST(DetectColumns, DottedNamesStandInMoreThanHalfOfTheLines) {
  const auto front = [](int i) { return "yard." + name_of(i) + " "; };
  EXPECT_EQ(described(100, front), "<time> <component> <message>");
  const auto named = [](int i) { return name_of(i) + ": "; };
  EXPECT_EQ(described(51, front, named), "<time> <component> <message>");
  EXPECT_EQ(described(96, front), "<time> <component> <message>");
  EXPECT_EQ(described(95, front), "<time> <message>");
}

TEST(DetectColumns, TwoOrThreeWordsOfCapitalsAreASubsystem) {
  const auto front = [](int n) {
    return [n](int i) { return std::string("PART") + static_cast<char>('A' + i % n) + " "; };
  };
  EXPECT_EQ(described(100, front(1)), "<time> <message>") << "one word is a text";
  EXPECT_NE(described(100, front(2)), "<time> <message>");
  EXPECT_NE(described(100, front(3)), "<time> <message>");
  EXPECT_EQ(described(100, front(4)), "<time> <message>");
  EXPECT_EQ(described(99, front(3)), "<time> <message>");
}

TEST(DetectColumns, AHostStandsBeforeTheName) {
  const auto front = [](int i) { return "node-" + std::to_string(i % 5) + " " + name_of(i) + ": "; };
  EXPECT_EQ(described(100, front), "<time> <host> <component>: <message>");
}

TEST(DetectColumns, WordsPartedByCommasAreColumns) {
  const auto front = [](int i) { return std::string("INFO, ") + (i % 2 == 0 ? "mailer" : "printer") + ", "; };
  EXPECT_EQ(described(100, front), "<time> <level> <component> <message>");
}

TEST(DetectColumns, ALevelWithANameIsAPair) {
  const auto front = [](int i) { return std::string("W/Tile") + static_cast<char>('a' + i % 20) + " "; };
  EXPECT_EQ(described(100, front), "<time> <level>/<component> <message>");
}

/// The plan of `n` objects or lines without a message, whose keys `line(i)` writes.
HeaderPlan keyed(const std::function<std::string(int)>& line) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back(line(i));
  }
  return plan_of(lines);
}

TEST(DetectShape, KeysOfNineInTenLinesStandForTheMessage) {
  const auto keys = [](int with_b) {
    const HeaderPlan plan = keyed([with_b](int i) {
      return std::string(R"({"time":"2024-05-06T08:09:10Z","a":1)") + (i < with_b ? R"(,"b":2})" : "}");
    });
    std::string all;
    for (const HeaderStep& step : plan.steps) {
      all += step.literal;
    }
    return all;
  };
  EXPECT_EQ(keys(90), "ab");
  EXPECT_EQ(keys(89), "a");
}

TEST(DetectShape, LinesOfSeveralKindsHaveNone) {
  const auto steps = [](int own) {
    return keyed([own](int i) {
             std::string line = R"({"time":"2024-05-06T08:09:10Z","a":1)";
             for (int k = 0; k < own; ++k) {
               line += ",\"k" + std::to_string(k) + name_of(i) + "\":1";
             }
             return line + "}";
           })
        .steps.size();
  };
  EXPECT_EQ(steps(1), 1U) << "half of what a line holds";
  EXPECT_EQ(steps(2), 0U);
}

TEST(DetectStructured, MoreThanFourLinesInFive) {
  const auto kind = [](int usual, const std::string& line) {
    return keyed([&](int i) { return i < usual ? line : words(i); }).kind;
  };
  EXPECT_EQ(kind(81, R"({"level":"info","msg":"moved"})"), HeaderPlan::Kind::kJson);
  EXPECT_EQ(kind(81, "level=info msg=moved"), HeaderPlan::Kind::kLogfmt);
  EXPECT_EQ(kind(100, "a=1 b=2"), HeaderPlan::Kind::kSteps) << "nothing tells what the pairs mean";
  EXPECT_EQ(kind(100, "level=info a=1"), HeaderPlan::Kind::kLogfmt);
  EXPECT_EQ(kind(100, "msg=info a=1"), HeaderPlan::Kind::kLogfmt);
  EXPECT_EQ(kind(100, "ts=08:09:10 a=1"), HeaderPlan::Kind::kLogfmt);
}

}  // namespace
}  // namespace logdetect
