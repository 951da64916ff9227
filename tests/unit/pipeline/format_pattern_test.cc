#include "pipeline/format_pattern.h"

#include <gtest/gtest.h>

#include "logdetect/config/config.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

// A line made of pieces, each behind the text that no step took.
struct Cut {
  HeaderStep step;
  std::string before;
  std::string raw;
};

std::string pattern_of(const std::vector<Cut>& cuts, const std::string& rest) {
  std::string line;
  for (const Cut& cut : cuts) {
    line += cut.before + cut.raw;
  }
  line += rest;
  HeaderPlan plan;
  plan.kind = HeaderPlan::Kind::kSteps;
  std::vector<HeaderParser::Piece> pieces;
  std::size_t at = 0;
  for (const Cut& cut : cuts) {
    plan.steps.push_back(cut.step);
    at += cut.before.size();
    const std::string_view raw = std::string_view(line).substr(at, cut.raw.size());
    pieces.push_back({raw, raw});
    at += cut.raw.size();
  }
  return pattern_of_line(plan, line, pieces);
}

std::string pattern_of(const HeaderStep& step, const std::string& raw) {
  return pattern_of({{step, "", raw}}, " rest");
}

TEST(PatternOfLine, FieldsStandWhereTheirPiecesStood) {
  EXPECT_EQ(pattern_of({{{Kind::kTimestamp, HeaderField::kTime, ""}, "", "2024-01-15 00:00:00"},
                        {{Kind::kBracketed, HeaderField::kLevel, ""}, "  ", "[INFO]"},
                        {{Kind::kToken, HeaderField::kHost, ""}, " at ", "db1,"},
                        {{Kind::kNameColon, HeaderField::kComponent, ""}, "\t", "pool[7]:"}},
                       " all is well"),
            "<Time> [<Level>] at <Host>, <Component>: <Content>");
}

TEST(PatternOfLine, WhatWrapsAFieldStaysAround) {
  const HeaderStep token{Kind::kToken, HeaderField::kPid, ""};
  EXPECT_EQ(pattern_of(token, "7"), "<Pid> <Content>");
  EXPECT_EQ(pattern_of(token, "[({7})]"), "[({<Pid>})] <Content>");
  EXPECT_EQ(pattern_of(token, "<7>"), "<<Pid>> <Content>");
  EXPECT_EQ(pattern_of(token, "7:;,"), "<Pid>:;, <Content>");
  EXPECT_EQ(pattern_of(token, "a[7]b"), "<Pid> <Content>") << "brackets within are no wrapping";
  EXPECT_EQ(pattern_of(token, "[[["), "[[[<Pid> <Content>") << "nothing but wrapping";
  EXPECT_EQ(pattern_of({Kind::kTimestamp, HeaderField::kTime, ""}, "[12:00],"), "[<Time>], <Content>");
}

TEST(PatternOfLine, ATimeThatIsSkippedIsAColumnAWord) {
  const HeaderStep skipped{Kind::kTimestamp, HeaderField::kSkip, ""};
  EXPECT_EQ(pattern_of(skipped, "12:00"), "<Skip> <Content>");
  EXPECT_EQ(pattern_of(skipped, "Jan  5 12:00"), "<Skip> <Skip> <Skip> <Content>");
}

TEST(PatternOfLine, EachKindOfStepIsWrittenItsWay) {
  EXPECT_EQ(pattern_of({Kind::kUntilDash, HeaderField::kComponent, ""}, "a b -"), "<Component> - <Content>");
  EXPECT_EQ(pattern_of({Kind::kUntilChar, HeaderField::kHost, "|"}, "a b|"), "<Host>| <Content>");
  EXPECT_EQ(pattern_of({Kind::kSeparator, HeaderField::kSkip, ""}, "--"), "-- <Content>");
  EXPECT_EQ(pattern_of({Kind::kLiteral, HeaderField::kSkip, " "}, " \t "), "  <Content>");
  EXPECT_EQ(pattern_of({Kind::kDottedName, HeaderField::kComponent, ""}, "org.Main:"), "<Component>: <Content>");
}

TEST(PatternOfLine, ALevelAndANameAreToldApartByTheSignBetweenThem) {
  const HeaderStep pair{Kind::kLevelPair, HeaderField::kLevel, ""};
  EXPECT_EQ(pattern_of(pair, "W/Tag:"), "<Level>/<Component>: <Content>");
  EXPECT_EQ(pattern_of(pair, "[core:warn]"), "[<Component>:<Level>] <Content>");
  EXPECT_EQ(pattern_of(pair, "app.WARNING:"), "<Component>.<Level>: <Content>");
  EXPECT_EQ(pattern_of(pair, "[WARN]"), "[<Level>] <Content>");
}

TEST(PatternOfLine, TextThatWouldBeAFieldIsMarked) {
  const HeaderStep token{Kind::kToken, HeaderField::kLevel, ""};
  EXPECT_EQ(pattern_of({{token, "a<b> c\\d e<f ", "INFO"}}, " x"), "a\\<b> c\\\\d e<f <Level> <Content>");
  EXPECT_EQ(pattern_of({{token, " \t ", "INFO"}}, "x"), " <Level><Content>");
  EXPECT_EQ(pattern_of({{token, "", "INFO"}}, ""), "<Level><Content>");
}

TEST(PatternOfLine, ALineThatWasNotCutByEveryStepHasNone) {
  HeaderPlan plan;
  EXPECT_EQ(pattern_of_line(plan, "x", {}), "");
  plan.steps.resize(2);
  const std::string line = "ab";
  EXPECT_EQ(pattern_of_line(plan, line, {{line, line}}), "");
}

// Every built-in format that is cut by steps: what is written down reads its samples as the format does.
TEST(PatternOfLine, CutsTheSamplesOfBuiltInFormatsAlike) {
  const auto formats = builtin_formats();
  ASSERT_TRUE(formats.ok());
  int written = 0;
  for (const FormatSpec& format : *formats) {
    const auto plan = compile_format(format);
    ASSERT_TRUE(plan.ok());
    for (const FormatSpec::Sample& sample : format.samples) {
      if (plan->kind != HeaderPlan::Kind::kSteps || sample.line.find('\n') != std::string::npos) {
        continue;
      }
      HeaderParser parser(*plan);
      Arena arena;
      Header header;
      ParsedTime time;
      std::vector<HeaderParser::Piece> pieces;
      parser.trace(sample.line, arena, header, time, pieces);
      const std::string pattern = pattern_of_line(*plan, sample.line, pieces);
      const auto again = compile_pattern(pattern.empty() ? "<Content>" : pattern, "");
      if (header.quality != HeaderQuality::kFull || pattern.empty() || !again.ok()) {
        continue;
      }
      HeaderParser second(*again);
      Arena other;
      Header same;
      second.parse(sample.line, other, same, time);
      written += same.quality == HeaderQuality::kFull && same.message == header.message ? 1 : 0;
    }
  }
  EXPECT_GE(written, 10) << "most formats can be written down";
}

TEST(FormatFile, HoldsThePatternAndASampleThatItReads) {
  EXPECT_EQ(format_file("<Time> <Level> <Host> <Component>[<Pid>]: <Content>",
                        "2024-01-15T00:00:00Z WARN db1 pool[7]: \"quoted\""),
            "name: mine\nsummary: how this log begins\nkind: pattern\n"
            "pattern: \"<Time> <Level> <Host> <Component>[<Pid>]: <Content>\"\n"
            "samples:\n"
            "  - line: \"2024-01-15T00:00:00Z WARN db1 pool[7]: \\\"quoted\\\"\"\n"
            "    time: \"2024-01-15T00:00:00Z\"\n"
            "    level: \"WARNING\"\n"
            "    host: \"db1\"\n"
            "    component: \"pool\"\n"
            "    pid: \"7\"\n"
            "    message: \"\\\"quoted\\\"\"\n");
  EXPECT_EQ(format_file("<Time> <Content>", "no time here"), "");
  EXPECT_EQ(format_file("<Time> <Content", "2024-01-15T00:00:00Z x"), "");
}

}  // namespace
}  // namespace logdetect
