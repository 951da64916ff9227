// Each kind of step, what it gives the header, and lines that do not fit.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

HeaderPlan plan_with(std::vector<HeaderStep> steps, std::uint32_t columns = 0) {
  HeaderPlan plan;
  plan.kind = HeaderPlan::Kind::kSteps;
  plan.steps = std::move(steps);
  plan.columns = columns;
  return plan;
}

std::string read(const HeaderPlan& plan, std::string_view line) {
  HeaderParser parser(plan);
  return parsed_line(parser, line);
}

/// The quality, the bytes of the message that are pairs, and the stated ones.
struct Told {
  HeaderQuality quality = HeaderQuality::kBare;
  std::size_t extra = 0;
  std::size_t stated = 0;
};
Told told(const HeaderPlan& plan, std::string_view line) {
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime parsed;
  parser.parse(line, arena, header, parsed);
  return {header.quality, header.extra_bytes, parser.stated_bytes()};
}

std::string level_by_column(std::string_view token) {
  const HeaderPlan plan = plan_with({{Kind::kToken, HeaderField::kLevel, ""}}, 1);
  return read(plan, std::string(token) + " moved");
}

TEST(LevelColumn, IsAWordALetterOrANumber) {
  EXPECT_EQ(level_by_column("WARN"), "-|WARNING||||moved");
  EXPECT_EQ(level_by_column("W"), "-|WARNING||||moved");
  EXPECT_EQ(level_by_column("E,"), "-|ERROR||||moved");
  EXPECT_EQ(level_by_column("3"), "-|ERROR||||moved");
  EXPECT_EQ(level_by_column("E;"), "-|UNKNOWN||||E; moved");
  EXPECT_EQ(level_by_column("e"), "-|UNKNOWN||||e moved");
  EXPECT_EQ(level_by_column("moved"), "-|UNKNOWN||||moved moved");
}

TEST(TimeColumn, MayStandInBracketsAndBeforeAMark) {
  const HeaderPlan plan = plan_with({{Kind::kTimestamp, HeaderField::kTime, ""}}, 1);
  const std::string time = "2024-05-06T08:09:10Z";
  const std::string good = time + "|UNKNOWN||||moved";
  for (const std::string& front : {time, "[" + time + "]", "(" + time + ")", "<" + time + ">", time + ",", time + ":",
                                   time + ";", "[" + time + "],"}) {
    EXPECT_EQ(read(plan, front + " moved"), good) << front;
  }
  EXPECT_EQ(read(plan, "[" + time + " INFO depot] moved"), time + "|UNKNOWN||||INFO depot] moved");
  HeaderPlan strict = plan;
  strict.strict = true;
  EXPECT_EQ(read(strict, "[" + time + "] moved"), good);
  EXPECT_EQ(told(strict, "[" + time + "] moved").quality, HeaderQuality::kFull);
  EXPECT_EQ(told(strict, "[" + time + " INFO] moved").quality, HeaderQuality::kBare);
  EXPECT_EQ(read(strict, time + ", moved"), time + "|UNKNOWN||||, moved") << "written text must fit";
}

TEST(TimeColumn, OnlyTheOneThatIsTheTimeIsKept) {
  const HeaderPlan plan =
      plan_with({{Kind::kTimestamp, HeaderField::kSkip, ""}, {Kind::kTimestamp, HeaderField::kTime, ""}}, 2);
  EXPECT_EQ(read(plan, "2023-01-01 00:00:00 2024-05-06 08:09:10 moved"), "2024-05-06T08:09:10Z|UNKNOWN||||moved");
}

TEST(TimeColumn, MayBeReadFromAPieceOfText) {
  const HeaderPlan plan = plan_with({{Kind::kUntilChar, HeaderField::kTime, "|"}}, 1);
  EXPECT_EQ(read(plan, " 2024-05-06 08:09:10 | moved"), "2024-05-06T08:09:10Z|UNKNOWN||||moved");
  EXPECT_EQ(read(plan, "yesterday | moved"), "-|UNKNOWN||||yesterday | moved");
}

TEST(TimeColumn, GlogsLetterIsTheLevel) {
  const HeaderPlan plan = plan_with({{Kind::kTimestamp, HeaderField::kTime, ""}}, 1);
  EXPECT_EQ(read(plan, "E0506 08:09:10.000123 moved"), "1970-05-06T08:09:10.000123Z|ERROR||||moved");
}

TEST(BracketedStep, AMarkMayFollowTheGroup) {
  HeaderPlan plan = plan_with({{Kind::kBracketed, HeaderField::kLevel, ""}}, 1);
  EXPECT_EQ(read(plan, "[WARN] moved"), "-|WARNING||||moved");
  EXPECT_EQ(read(plan, "[WARN]: moved"), "-|WARNING||||moved");
  EXPECT_EQ(read(plan, "[WARN], moved"), "-|WARNING||||moved");
  EXPECT_EQ(read(plan, "( WARN ) moved"), "-|WARNING||||moved");
  plan.strict = true;
  EXPECT_EQ(read(plan, "[WARN]: moved"), "-|WARNING||||: moved");
  plan.steps[0].literal = "(";
  EXPECT_EQ(told(plan, "[WARN] moved").quality, HeaderQuality::kBare);
  EXPECT_EQ(told(plan, "(WARN) moved").quality, HeaderQuality::kFull);
}

TEST(LiteralStep, MustStandThereAsItIs) {
  HeaderPlan plan = plan_with({{Kind::kLiteral, HeaderField::kSkip, "app:"},
                               {Kind::kLiteral, HeaderField::kSkip, " "},
                               {Kind::kToken, HeaderField::kHost, ""}});
  plan.strict = true;
  EXPECT_EQ(read(plan, "app: fern moved"), "-|UNKNOWN|fern|||moved");
  EXPECT_EQ(read(plan, "app: \t fern moved"), "-|UNKNOWN|fern|||moved");
  EXPECT_EQ(told(plan, "app:fern moved").quality, HeaderQuality::kBare);
  EXPECT_EQ(told(plan, "apq: fern moved").quality, HeaderQuality::kBare);
  EXPECT_EQ(told(plan, "app").quality, HeaderQuality::kBare);
}

TEST(UntilCharStep, FieldsPartedByTabsMayBeEmpty) {
  const HeaderPlan tabs = plan_with({{Kind::kUntilChar, HeaderField::kHost, "\t"},
                                     {Kind::kUntilChar, HeaderField::kComponent, "\t"},
                                     {Kind::kUntilChar, HeaderField::kLevel, "\t"}},
                                    3);
  EXPECT_EQ(read(tabs, "fern\tdepot\tWARN\tmoved"), "-|WARNING|fern|depot||moved");
  EXPECT_EQ(read(tabs, "\t\tWARN\tmoved"), "-|WARNING||||moved");
  EXPECT_EQ(read(tabs, "fern\t\tWARN\tmoved"), "-|WARNING|fern|||moved");
}

TEST(DottedNameStep, APlainNameNeedsAGroupBehindIt) {
  const std::vector<HeaderStep> steps = {{Kind::kToken, HeaderField::kLevel, ""},
                                         {Kind::kDottedName, HeaderField::kComponent, ""},
                                         {Kind::kBracketed, HeaderField::kPid, ""}};
  const HeaderPlan plan = plan_with(steps, 1);
  EXPECT_EQ(read(plan, "WARN yard.Crane [17] moved"), "-|WARNING||yard.Crane|17|moved");
  EXPECT_EQ(read(plan, "WARN Crane [17] moved"), "-|WARNING||Crane|17|moved");
  EXPECT_EQ(read(plan, "WARN Crane: [17] moved"), "-|WARNING||Crane|17|moved");
  EXPECT_EQ(read(plan, "WARN Crane moved"), "-|WARNING||||Crane moved");
  EXPECT_EQ(read(plan, "WARN [a] [17] moved"), "-|WARNING||||[a] [17] moved");
  const HeaderPlan alone = plan_with({steps[0], steps[1]}, 1);
  EXPECT_EQ(read(alone, "WARN Crane [17] moved"), "-|WARNING||||Crane [17] moved");
  EXPECT_EQ(read(alone, "WARN yard.Crane moved"), "-|WARNING||yard.Crane||moved");
  EXPECT_EQ(read(alone, "WARN : moved"), "-|WARNING||||: moved");
}

TEST(LevelPairStep, GivesLevelNameAndProcess) {
  const HeaderPlan plan = plan_with({{Kind::kLevelPair, HeaderField::kLevel, ""}}, 1);
  EXPECT_EQ(read(plan, "W/Tag ( 17): moved"), "-|WARNING||Tag|17|moved");
  EXPECT_EQ(read(plan, "[core:warn] moved"), "-|WARNING||core||moved");
  EXPECT_EQ(read(plan, "WARN moved"), "-|WARNING||||moved");
}

TEST(ComponentColumn, LosesWhatChangesFromLineToLine) {
  const auto component = [](const std::string& token) {
    return read(plan_with({{Kind::kToken, HeaderField::kLevel, ""}, {Kind::kToken, HeaderField::kComponent, ""}}, 2),
                "WARN " + token + " moved")
        .substr(std::string("-|WARNING||").size());
  };
  EXPECT_EQ(component("main.cc:12"), "main.cc||moved");
  EXPECT_EQ(component("Main#12"), "Main||moved");
  EXPECT_EQ(component("Main:,:"), "Main||moved");
  EXPECT_EQ(component("main.cc:12:"), "main.cc||moved");
  EXPECT_EQ(component("a:1"), "a||moved");
  EXPECT_EQ(component(":1"), ":1||moved");
  EXPECT_EQ(component("Main12"), "Main12||moved");
  EXPECT_EQ(component("10.0.0.1:80"), "10.0.0.1:80||moved");
  EXPECT_EQ(component("12#34"), "|12|moved") << "process and thread";
  EXPECT_EQ(component("12"), "|12|moved");
  EXPECT_EQ(component("12x"), "12x||moved");
  EXPECT_EQ(component("a[12]"), "a|12|moved");
  EXPECT_EQ(component("[12]"), "[12]||moved");
  EXPECT_EQ(component("12]"), "12]||moved");
}

TEST(PidColumn, IsTheFirstRunOfDigits) {
  const auto pid = [](const std::string& token) {
    return read(plan_with({{Kind::kToken, HeaderField::kLevel, ""}, {Kind::kToken, HeaderField::kPid, ""}}, 2),
                "WARN " + token + " moved");
  };
  EXPECT_EQ(pid("17"), "-|WARNING|||17|moved");
  EXPECT_EQ(pid("pid17/18"), "-|WARNING|||17|moved");
  EXPECT_EQ(pid("17x"), "-|WARNING|||17|moved");
  EXPECT_EQ(pid("none"), "-|WARNING||||moved");
}

TEST(RunSteps, AColumnThatLooksOtherwiseIsPassedOver) {
  const HeaderPlan plan = plan_with({{Kind::kTimestamp, HeaderField::kTime, ""},
                                     {Kind::kBracketed, HeaderField::kSkip, ""},
                                     {Kind::kToken, HeaderField::kLevel, ""}},
                                    3);
  EXPECT_EQ(told(plan, "08:09:10 [a] WARN moved").quality, HeaderQuality::kFull);
  EXPECT_EQ(told(plan, "08:09:10 a WARN moved").quality, HeaderQuality::kPartial);
  EXPECT_EQ(told(plan, "08:09:10 [a] other moved").quality, HeaderQuality::kPartial) << "no level";
  EXPECT_EQ(read(plan, "now [a] WARN moved"), "-|WARNING||||moved");
  EXPECT_EQ(told(plan, "now [a] other moved").quality, HeaderQuality::kBare) << "neither time nor level";
  EXPECT_EQ(told(plan, "08:09:10 [a]").quality, HeaderQuality::kPartial);
}

TEST(RunSteps, WithoutTimeAndLevelAGroupOrANumberProvesTheHeader) {
  const HeaderPlan group = plan_with({{Kind::kBracketed, HeaderField::kSkip, ""}}, 1);
  EXPECT_EQ(told(group, "[a] moved").quality, HeaderQuality::kFull);
  EXPECT_EQ(told(group, "a moved").quality, HeaderQuality::kBare);
  const HeaderPlan pid = plan_with({{Kind::kToken, HeaderField::kPid, ""}}, 1);
  EXPECT_EQ(told(pid, "17 moved").quality, HeaderQuality::kFull);
  EXPECT_EQ(told(pid, "a moved").quality, HeaderQuality::kBare);
  const HeaderPlan number = plan_with({{Kind::kToken, HeaderField::kSkip, ""}}, 1);
  EXPECT_EQ(told(number, "17 moved").quality, HeaderQuality::kFull);
  EXPECT_EQ(told(number, "a moved").quality, HeaderQuality::kBare);
  const HeaderPlan timed =
      plan_with({{Kind::kToken, HeaderField::kPid, ""}, {Kind::kTimestamp, HeaderField::kTime, ""}}, 2);
  EXPECT_EQ(told(timed, "17 a moved").quality, HeaderQuality::kBare) << "a number is no proof beside a time";
}

TEST(RunSteps, LaterStepsEndTheHeader) {
  const HeaderPlan plan =
      plan_with({{Kind::kNameColon, HeaderField::kComponent, ""}, {Kind::kBracketed, HeaderField::kPid, ""}});
  EXPECT_EQ(told(plan, "depot: [17] moved").quality, HeaderQuality::kFull);
  EXPECT_EQ(told(plan, "depot: moved").quality, HeaderQuality::kPartial);
  EXPECT_EQ(read(plan, "depot: moved [17]"), "-|UNKNOWN||depot||moved [17]");
  EXPECT_EQ(told(plan, "moved [17]").quality, HeaderQuality::kBare);
}

TEST(Finish, TheMessageLosesBlanksAndGivesALevel) {
  const HeaderPlan plan = plan_with({{Kind::kNameColon, HeaderField::kComponent, ""}});
  EXPECT_EQ(read(plan, "depot:  error: lost \t\r\n"), "-|ERROR||depot||error: lost");
  EXPECT_EQ(read(plan, "depot: [WARN] lost"), "-|WARNING||depot||[WARN] lost");
  EXPECT_EQ(read(plan, "depot: \t"), "-|UNKNOWN||depot||");
}

TEST(FallBack, ALevelBehindTheTimeStandsInCapitalsOrIsMarkedOff) {
  HeaderPlan plan = plan_with({{Kind::kLiteral, HeaderField::kSkip, "never"}});
  plan.strict = true;
  const std::string time = "2024-05-06T08:09:10Z";
  EXPECT_EQ(read(plan, time + " ERROR moved"), time + "|ERROR||||moved");
  EXPECT_EQ(read(plan, time + " [error] moved"), time + "|ERROR||||moved");
  EXPECT_EQ(read(plan, time + " error: moved"), time + "|ERROR||||moved");
  EXPECT_EQ(read(plan, time + " Error moved"), time + "|UNKNOWN||||Error moved");
  EXPECT_EQ(read(plan, " [" + time + "] moved"), time + "|UNKNOWN||||moved");
  EXPECT_EQ(read(plan, "moved at " + time), "-|UNKNOWN||||moved at " + time);
  EXPECT_EQ(told(plan, time + " moved").quality, HeaderQuality::kPartial);
  EXPECT_EQ(told(plan, "moved").quality, HeaderQuality::kBare);
}

TEST(Pairs, AtTheEndOfAMessageAreExtra) {
  const HeaderPlan plan =
      plan_with({{Kind::kToken, HeaderField::kLevel, ""}, {Kind::kPairs, HeaderField::kSkip, ""}}, 1);
  EXPECT_EQ(read(plan, "WARN box moved a=1 b=2"), "-|WARNING||||box moved a=1 b=2");
  EXPECT_EQ(told(plan, "WARN box moved a=1 b=2").extra, 8U);
  EXPECT_EQ(told(plan, "WARN box moved a=1 b=2").stated, 9U);
  EXPECT_EQ(told(plan, "WARN box moved   a=1").extra, 6U) << "the blanks before them are theirs";
  EXPECT_EQ(told(plan, "WARN box moved").extra, 0U);
  EXPECT_EQ(read(plan, R"(WARN box moved {"b":2,"a":"x y"})"), R"(-|WARNING||||box moved a="x y" b=2)");
  EXPECT_EQ(told(plan, R"(WARN box moved {"b":2,"a":"x y"})").extra, std::string(R"( a="x y" b=2)").size());
  EXPECT_EQ(told(plan, R"(WARN box moved {"b":2,"a":"x y"})").stated, 9U);
  EXPECT_EQ(read(plan, R"(WARN box moved {"b":})"), R"(-|WARNING||||box moved {"b":})");
}

TEST(Trace, TellsThePieceOfEachStep) {
  HeaderPlan plan = plan_with({{Kind::kTimestamp, HeaderField::kTime, ""},
                               {Kind::kBracketed, HeaderField::kLevel, ""},
                               {Kind::kNameColon, HeaderField::kComponent, ""}},
                              2);
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime parsed;
  std::vector<HeaderParser::Piece> pieces;
  EXPECT_EQ(parser.trace("08:09:10, [WARN] depot[7]: moved", arena, header, parsed, pieces), 0U);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].raw, "08:09:10,");
  EXPECT_EQ(pieces[0].value, "08:09:10,");
  EXPECT_EQ(pieces[1].raw, "[WARN]");
  EXPECT_EQ(pieces[1].value, "WARN");
  EXPECT_EQ(pieces[2].raw, "depot[7]:");
  EXPECT_EQ(pieces[2].value, "depot");
  EXPECT_EQ(header.message, "moved");
  parser.trace("nothing of that", arena, header, parsed, pieces);
  EXPECT_TRUE(pieces.empty());
}

TEST(Mixed, TheFirstPartThatFitsInFullElseTheBestReadsALine) {
  HeaderPlan mixed;
  mixed.kind = HeaderPlan::Kind::kMixed;
  const HeaderPlan named =
      plan_with({{Kind::kToken, HeaderField::kLevel, ""}, {Kind::kNameColon, HeaderField::kComponent, ""}}, 1);
  const HeaderPlan levelled = plan_with({{Kind::kToken, HeaderField::kLevel, ""}}, 1);
  HeaderPlan json;
  json.kind = HeaderPlan::Kind::kJson;
  mixed.parts = {json, named, levelled};
  HeaderParser parser(mixed);
  Arena arena;
  Header header;
  ParsedTime parsed;
  std::vector<HeaderParser::Piece> pieces;
  const auto part = [&](std::string_view line) { return parser.trace(line, arena, header, parsed, pieces); };
  const std::string object = R"({"msg":"moved","a":1})";
  EXPECT_EQ(part(object), 0U);
  EXPECT_EQ(parser.stated_bytes(), 5U);
  EXPECT_EQ(part("WARN depot: moved"), 1U);
  EXPECT_EQ(pieces.size(), 2U);
  EXPECT_EQ(header.component, "depot");
  EXPECT_EQ(parser.stated_bytes(), 5U);
  EXPECT_EQ(part("WARN moved"), 2U);
  EXPECT_EQ(header.quality, HeaderQuality::kFull);
  EXPECT_EQ(part("moved"), 0U) << "of equals the first";
  EXPECT_EQ(header.quality, HeaderQuality::kBare);
  EXPECT_EQ(header.message, "moved");
  mixed.parts = {json, named};
  parser = HeaderParser(mixed);
  EXPECT_EQ(part("WARN moved"), 1U);
  EXPECT_EQ(header.quality, HeaderQuality::kPartial);
  EXPECT_EQ(header.level, Level::kWarning);
  mixed.parts = {named, json};
  parser = HeaderParser(mixed);
  EXPECT_EQ(part("WARN moved"), 0U);
  EXPECT_EQ(header.level, Level::kWarning);
  EXPECT_EQ(parser.stated_bytes(), 5U);
  EXPECT_EQ(pieces.size(), 1U);
}

HeaderPlan with_inner(HeaderPlan outer, const HeaderPlan& inner) {
  outer.inner.push_back(inner);
  return outer;
}

TEST(Inner, WhatTheInnerLineStatesGoesFirst) {
  const HeaderPlan outer = plan_with({{Kind::kTimestamp, HeaderField::kTime, ""},
                                      {Kind::kToken, HeaderField::kHost, ""},
                                      {Kind::kNameColon, HeaderField::kComponent, ""}},
                                     1);
  HeaderPlan logfmt;
  logfmt.kind = HeaderPlan::Kind::kLogfmt;
  const HeaderPlan plan = with_inner(outer, logfmt);
  const std::string front = "2024-05-06T08:09:10Z fern depot[7]: ";
  EXPECT_EQ(read(plan, front + "level=warn msg=moved n=1"), "2024-05-06T08:09:10Z|WARNING|fern|depot|7|moved n=1");
  EXPECT_EQ(told(plan, front + "level=warn msg=moved n=1").extra, 4U);
  EXPECT_EQ(told(plan, front + "level=warn msg=moved n=1").stated, 5U);
  EXPECT_EQ(read(plan, front + "host=moss logger=crane pid=9 msg=moved"),
            "2024-05-06T08:09:10Z|UNKNOWN|moss|crane|9|moved");
  EXPECT_EQ(read(plan, front + "time=2023-01-01T00:00:00Z msg=moved"),
            "2023-01-01T00:00:00Z|UNKNOWN|fern|depot|7|moved");
  EXPECT_EQ(read(plan, front + "time=07:00:00 msg=moved"), "2024-05-06T08:09:10Z|UNKNOWN|fern|depot|7|moved")
      << "a time of day says less";
  EXPECT_EQ(read(plan, front + "moved"), "2024-05-06T08:09:10Z|UNKNOWN|fern|depot|7|moved") << "no such line";
}

TEST(Inner, ATimeWithoutAYearIsTakenWhereThereIsNoOther) {
  const HeaderPlan outer = plan_with({{Kind::kNameColon, HeaderField::kComponent, ""}});
  const HeaderPlan timed = plan_with({{Kind::kTimestamp, HeaderField::kTime, ""}}, 1);
  EXPECT_EQ(read(with_inner(outer, timed), "depot: May  6 08:09:10 moved"),
            "1970-05-06T08:09:10Z|UNKNOWN||depot||moved");
  const HeaderPlan stamped =
      plan_with({{Kind::kTimestamp, HeaderField::kTime, ""}, {Kind::kNameColon, HeaderField::kComponent, ""}}, 1);
  EXPECT_EQ(read(with_inner(stamped, timed), "2024-05-06T08:09:11Z depot: May  6 08:09:10 moved"),
            "2024-05-06T08:09:11Z|UNKNOWN||depot||moved");
}

TEST(Inner, PairsOfTheOuterLineStayBehindTheMessage) {
  HeaderPlan json;
  json.kind = HeaderPlan::Kind::kJson;
  const HeaderPlan timed = plan_with({{Kind::kToken, HeaderField::kLevel, ""}}, 1);
  const std::string line = R"({"msg":"WARN moved","n":1,"m":"x"})";
  EXPECT_EQ(read(with_inner(json, timed), line), "-|WARNING||||moved m=x n=1");
  EXPECT_EQ(told(with_inner(json, timed), line).extra, 8U);
  EXPECT_EQ(told(with_inner(json, timed), line).stated, 5U);
  HeaderPlan logfmt;
  logfmt.kind = HeaderPlan::Kind::kLogfmt;
  const std::string pairs = R"({"msg":"level=warn msg=moved a=1","n":1})";
  EXPECT_EQ(read(with_inner(json, logfmt), pairs), "-|WARNING||||moved a=1 n=1");
  EXPECT_EQ(told(with_inner(json, logfmt), pairs).extra, 8U);
  const std::string object = R"({"msg":"{\"level\":\"warn\",\"msg\":\"moved\",\"a\":1}","n":1})";
  EXPECT_EQ(read(json, object), "-|WARNING||||moved a=1 n=1");
  EXPECT_EQ(told(json, object).stated, 5U);
}

}  // namespace
}  // namespace logdetect
