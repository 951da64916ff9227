#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/base/rng.h"
#include "logdetect/lexis/level.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

HeaderPlan column_plan() {
  HeaderPlan plan;
  plan.kind = HeaderPlan::Kind::kSteps;
  plan.name = "auto";
  plan.steps = {{Kind::kTimestamp, HeaderField::kTime, ""},
                {Kind::kToken, HeaderField::kLevel, ""},
                {Kind::kNameColon, HeaderField::kComponent, ""}};
  plan.columns = 2;
  return plan;
}

HeaderQuality quality_of(HeaderParser& parser, std::string_view line) {
  Arena arena;
  Header header;
  ParsedTime parsed;
  parser.parse(line, arena, header, parsed);
  return header.quality;
}

TEST(HeaderParser, FullPartialBare) {
  HeaderParser parser(column_plan());
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 INFO depot[7]: ready "),
            "2024-05-06T08:09:10Z|INFO||depot|7|ready");
  EXPECT_EQ(quality_of(parser, "2024-05-06 08:09:10 INFO depot[7]: ready"), HeaderQuality::kFull);
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 INFO ready now"), "2024-05-06T08:09:10Z|INFO||||ready now");
  EXPECT_EQ(quality_of(parser, "2024-05-06 08:09:10 INFO ready now"), HeaderQuality::kPartial);
  EXPECT_EQ(parsed_line(parser, "java.lang.Error: boom"), "-|UNKNOWN||||java.lang.Error: boom");
  EXPECT_EQ(quality_of(parser, "java.lang.Error: boom"), HeaderQuality::kBare);
}

TEST(HeaderParser, AComponentColumnGivesItsNumberAway) {
  HeaderPlan plan = column_plan();
  plan.steps[2] = {Kind::kToken, HeaderField::kComponent, ""};
  plan.columns = 3;
  HeaderParser parser(plan);
  const auto component = [&](const std::string& token) {
    const std::string line = parsed_line(parser, "2024-05-06 08:09:10 INFO " + token + " ready");
    return line.substr(std::string("2024-05-06T08:09:10Z|INFO||").size());
  };
  EXPECT_EQ(component("hostd[1234]"), "hostd|1234|ready");
  EXPECT_EQ(component("h[1]"), "h|1|ready");
  EXPECT_EQ(component("hostd[]"), "hostd[]||ready");
  EXPECT_EQ(component("hostd[12x]"), "hostd[12x]||ready");
  EXPECT_EQ(component("hostd"), "hostd||ready");
}

TEST(HeaderParser, ALineThatDoesNotFitKeepsItsTimeAndLevel) {
  HeaderPlan plan = column_plan();
  plan.strict = true;
  HeaderParser parser(plan);
  EXPECT_EQ(parsed_line(parser, "[2024-05-06 08:09:10] ERROR no name here"),
            "2024-05-06T08:09:10Z|ERROR||||no name here");
  EXPECT_EQ(quality_of(parser, "[2024-05-06 08:09:10] ERROR no name here"), HeaderQuality::kPartial);
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 Error opening file"),
            "2024-05-06T08:09:10Z|UNKNOWN||||Error opening file");
  EXPECT_EQ(parsed_line(parser, "error: disk full"), "-|ERROR||||error: disk full");
}

TEST(HeaderParser, WithoutAPlanNothingIsCut) {
  HeaderParser parser(HeaderPlan{});
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 ERROR boom"),
            "2024-05-06T08:09:10Z|ERROR||||2024-05-06 08:09:10 ERROR boom");
  EXPECT_EQ(parsed_line(parser, ""), "-|UNKNOWN||||");
}

TEST(HeaderParser, StitchedRecordKeepsItsOtherLines) {
  HeaderParser parser(column_plan());
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 ERROR depot: boom\n\tat a\n\tat b"),
            "2024-05-06T08:09:10Z|ERROR||depot||boom\n\tat a\n\tat b");
  // the header never reaches into the second line
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 ERROR\nname: x"), "2024-05-06T08:09:10Z|ERROR||||\nname: x");
  EXPECT_EQ(parsed_line(parser, "2024-05-06\n08:09:10 INFO name: x"),
            parsed_line(parser, "2024-05-06\n08:09:10 INFO name: x"));
}

TEST(HeaderParser, NamesWithContextsAndVersions) {
  HeaderPlan plan;
  plan.kind = HeaderPlan::Kind::kSteps;
  plan.steps = {{Kind::kNameColon, HeaderField::kComponent, ""}};
  HeaderParser parser(plan);
  EXPECT_EQ(parsed_line(parser, "login(session)[12]: x"), "-|UNKNOWN||login(session)|12|x");
  EXPECT_EQ(parsed_line(parser, "login(two words)[12]: x"), "-|UNKNOWN||login(two words)|12|x");
  EXPECT_EQ(parsed_line(parser, "launcher[1] (com.example.job[25]): x"), "-|UNKNOWN||launcher|1|x");
  EXPECT_EQ(parsed_line(parser, "Depot Helper Tool[9]: x"), "-|UNKNOWN||Depot Helper Tool|9|x");
  EXPECT_EQ(parsed_line(parser, "loggerd 1.4.1: restart."), "-|UNKNOWN||loggerd||restart.");
  EXPECT_EQ(parsed_line(parser, "4711#12: x"), "-|UNKNOWN|||4711|x");
  EXPECT_EQ(parsed_line(parser, "a::b: x"), "-|UNKNOWN||a::b||x");
  EXPECT_EQ(parsed_line(parser, "name:x"), "-|UNKNOWN||||name:x");
  EXPECT_EQ(parsed_line(parser, "name[1x]: x"), "-|UNKNOWN||||name[1x]: x");
  EXPECT_EQ(parsed_line(parser, "name (unclosed: x"), "-|UNKNOWN||||name (unclosed: x");
}

TEST(HeaderParser, HostileLinesWithEveryKindOfStep) {
  const std::vector<std::string> lines = {"",
                                          " ",
                                          "\n",
                                          "\r\n",
                                          std::string(65'536, '['),
                                          std::string(65'536, ' '),
                                          std::string(65'536, '('),
                                          std::string(65'536, ':'),
                                          std::string(65'536, 'a'),
                                          std::string(65'536, '9'),
                                          std::string(65'536, '\0'),
                                          "A " + std::string(65'536, 'A'),
                                          "[" + std::string(300, ' ') + "]",
                                          "\xff\xff[\x80]:"};
  for (int kind = 0; kind <= static_cast<int>(Kind::kDottedName); ++kind) {
    for (const bool strict : {false, true}) {
      for (const std::uint32_t columns : {0U, 1U, 2U}) {
        HeaderPlan plan;
        plan.kind = HeaderPlan::Kind::kSteps;
        plan.strict = strict;
        plan.columns = columns;
        plan.steps = {{static_cast<Kind>(kind), HeaderField::kComponent, "["},
                      {static_cast<Kind>(kind), HeaderField::kLevel, " "}};
        HeaderParser parser(plan);
        for (const std::string& line : lines) {
          Arena arena;
          Header header;
          ParsedTime parsed;
          parser.parse(line, arena, header, parsed);
          EXPECT_LE(header.message.size(), line.size());
          EXPECT_LE(header.component.size(), line.size());
        }
      }
    }
  }
}

TEST(HeaderParser, ViewsPointIntoTheLine) {
  HeaderParser parser(column_plan());
  Arena arena;
  const std::string line = "2024-05-06 08:09:10 WARN depot[7]: slow";
  Header header;
  ParsedTime parsed;
  parser.parse(line, arena, header, parsed);
  for (const std::string_view part : {header.component, header.pid, header.message}) {
    EXPECT_GE(part.data(), line.data());
    EXPECT_LE(part.data() + part.size(), line.data() + line.size());
  }
  EXPECT_EQ(arena.bytes(), 0U);
}

TEST(HeaderPlan, SavesAndLoads) {
  HeaderPlan plan = column_plan();
  plan.agreement = 0.75;
  plan.strict = true;
  plan.steps.push_back({Kind::kUntilChar, HeaderField::kSkip, "|"});
  ByteWriter writer;
  plan.save(writer);
  const std::string bytes = writer.take();
  ByteReader reader(bytes, "test");
  const auto loaded = HeaderPlan::load(reader);
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(reader.finish().ok());
  ByteWriter again;
  loaded->save(again);
  EXPECT_EQ(again.take(), bytes);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    ByteReader cut(std::string_view(bytes).substr(0, n), "test");
    EXPECT_FALSE(HeaderPlan::load(cut).ok()) << n;
  }
}

TEST(HeaderPlan, AnyByteChangedLoadsCleanlyOrFails) {
  HeaderPlan plan = column_plan();
  plan.steps.push_back({Kind::kUntilChar, HeaderField::kSkip, "|"});
  ByteWriter writer;
  plan.save(writer);
  const std::string bytes = writer.take();
  Rng rng(5);
  for (int i = 0; i < 5000; ++i) {
    std::string broken = bytes;
    broken[rng.next() % broken.size()] = static_cast<char>(rng.next());
    ByteReader reader(broken, "test");
    if (auto loaded = HeaderPlan::load(reader); loaded.ok()) {
      HeaderParser parser(std::move(loaded).value());
      (void)parsed_line(parser, "2024-05-06 08:09:10 WARN depot[7]: slow | x");
      (void)parser.plan().describe();
    }
  }
}

TEST(Level, WordsLettersAndPriorities) {
  EXPECT_EQ(parse_level("WARN"), Level::kWarning);
  EXPECT_EQ(parse_level("warning"), Level::kWarning);
  EXPECT_EQ(parse_level("err"), Level::kError);
  EXPECT_EQ(parse_level("SEVERE"), Level::kError);
  EXPECT_EQ(parse_level("Fatal"), Level::kFatal);
  EXPECT_EQ(parse_level("EMERG"), Level::kFatal);
  EXPECT_EQ(parse_level("crit"), Level::kCritical);
  EXPECT_EQ(parse_level("notice"), Level::kNotice);
  EXPECT_EQ(parse_level("FINEST"), Level::kTrace);
  EXPECT_EQ(parse_level("I"), Level::kInfo);
  EXPECT_EQ(parse_level("v"), Level::kTrace);
  EXPECT_EQ(parse_level("<4>"), Level::kWarning);
  EXPECT_EQ(parse_level("<134>"), Level::kInfo);
  EXPECT_EQ(parse_level("<0>"), Level::kFatal);
  EXPECT_EQ(parse_level("LOG"), Level::kInfo);
  for (const std::string_view none : {"", "x", "log", "<>", "<999>", "<4", "information!", "inform", "errors", "<a>"}) {
    EXPECT_EQ(parse_level(none), Level::kUnknown) << none;
  }
}

}  // namespace
}  // namespace logdetect
