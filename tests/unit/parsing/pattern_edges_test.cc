// Patterns at the edges of what they may say.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

std::string by_pattern(const std::string& pattern, const std::string& line) {
  auto plan = compile_pattern(pattern, "origin");
  if (!plan.ok()) {
    return plan.error().message;
  }
  HeaderParser parser(std::move(plan).value());
  return parsed_line(parser, line);
}

std::string described(const std::string& pattern) {
  const auto plan = compile_pattern(pattern, "origin");
  return plan.ok() ? plan->describe() : plan.error().message;
}

TEST(Pattern, EachPlaceBecomesAStepOfItsForm) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"<message>", "<message>"},
      {"<time> <message>", "<time> <message>"},
      {"[<time>] <message>", "<time> <message>"},
      {"(<pid>) <message>", "(<pid>) <message>"},
      {"<<pid>> <message>", "<<pid>> <message>"},
      {"a[<pid>]b <message>", "a[<pid>]b <message>"},
      {"<host>|<pid>|<message>", "<host>|<pid>|<message>"},
      {"<component>: <message>", "<component>: <message>"},
      {"<component>[<pid>]: <message>", "<component>: <message>"},
      {"<component>:<message>", "<component>:<message>"},
      {"<host>: <message>", "<host>: <message>"},
      {"<host> - <message>", "<host> - <message>"},
      {"<host>\\s+<pid>\\t<message>", "<host> <pid> <message>"},
      {"<host>\\s*<pid>  <message>", "<host> <pid> <message>"},
      {"<host>\\.<pid> <message>", "<host>.<pid> <message>"},
      {"<time><level> <message>", "<time> <level> <message>"},
      {"<1x> <host> <message>", "<1x> <host> <message>"},
      {"<> <host> <message>", "<> <host> <message>"},
      {"<a b> <host> <message>", "<a b> <host> <message>"},
  };
  for (const auto& [pattern, plan] : cases) {
    EXPECT_EQ(described(pattern), plan) << pattern;
  }
}

TEST(Pattern, NamesGoWithoutCaseAndUnknownOnesAreColumns) {
  EXPECT_EQ(described("<TIMESTAMP> <Severity> <HostName> <Logger> <PID> <Content>"),
            "<time> <level> <host> <component> <pid> <message>");
  EXPECT_EQ(described("<datetime> <class> <node> <odd_1> <skip> <message>"),
            "<time> <component> <host> <skip> <skip> <message>");
  EXPECT_EQ(described("<host> <node> <message>"), "<host> <skip> <message>") << "named already";
  EXPECT_EQ(described("<time> <time> <message>"), "<time> <skip> <message>");
}

TEST(Pattern, PartsOfADateBelongToTheTimeBehindThem) {
  EXPECT_EQ(described("<weekday> <month> <day> <time> <host> <message>"), "<time> <host> <message>");
  EXPECT_EQ(described("<year>-<month>-<day> <time> <host> <message>"), "<time> <host> <message>");
  EXPECT_EQ(described("<date>T<time> <message>"), "<time> <message>");
  EXPECT_EQ(by_pattern("<date>|<time> <message>", "2024-05-06|08:09:10 moved"), "1970-01-01T08:09:10Z|UNKNOWN||||moved")
      << "a bar parts columns";
  EXPECT_EQ(by_pattern("[<date>] [<time>] <message>", "[2024-05-06] [08:09:10] moved"),
            "1970-01-01T08:09:10Z|UNKNOWN||||moved");
  EXPECT_EQ(described("<date> <host> <message>"), "<time> <host> <message>") << "there is no other time";
  EXPECT_EQ(described("<month> <host> <message>"), "<skip> <host> <message>");
  EXPECT_EQ(described("<date> <host> <time> <message>"), "<skip> <host> <time> <message>");
}

TEST(Pattern, HasUpTo512BytesAnd64Steps) {
  const std::string message = "<message>";
  EXPECT_NE(described(std::string(512 - message.size(), 'x') + message), "the pattern is longer than 512 bytes");
  EXPECT_EQ(described(std::string(513 - message.size(), 'x') + message), "the pattern is longer than 512 bytes");
  const auto columns = [&](int n) {
    std::string pattern;
    for (int i = 0; i < n; ++i) {
      pattern += "<a" + std::string(1, static_cast<char>('a' + i % 26)) + "> ";
    }
    return described(pattern + message);
  };
  EXPECT_NE(columns(64), "the pattern has more than 64 steps");
  EXPECT_EQ(columns(65), "the pattern has more than 64 steps");
}

TEST(Pattern, ALineMustFitItAsAWhole) {
  EXPECT_EQ(by_pattern("<host> <level> <message>", "fern WARN moved"), "-|WARNING|fern|||moved");
  EXPECT_EQ(by_pattern("a(<pid>)b <message>", "a(17)b moved"), "-|UNKNOWN|||17|moved");
  EXPECT_EQ(by_pattern("a(<pid>)b <message>", "a(17)c moved"), "-|UNKNOWN||||a(17)c moved");
  EXPECT_EQ(by_pattern("<host>::<pid> <message>", "fern::17 moved"), "-|UNKNOWN|fern||17|moved");
  EXPECT_EQ(by_pattern("<host>::<pid> <message>", "fern:17 moved"), "-|UNKNOWN||||fern:17 moved");
  EXPECT_EQ(by_pattern("<component>[<pid>] <message>", "depot[17] moved"), "-|UNKNOWN||depot|17|moved");
  EXPECT_EQ(by_pattern("<component> - <message>", "big depot - moved - away"), "-|UNKNOWN||big depot||moved - away");
}

FormatSpec::Sample sample() {
  return {"2024-05-06T08:09:10Z WARN fern depot 17 moved",
          "2024-05-06T08:09:10Z",
          "WARNING",
          "fern",
          "depot",
          "17",
          "moved"};
}

std::string proof(const FormatSpec::Sample& sample, const std::string& kind = "pattern") {
  FormatSpec spec;
  spec.kind = kind;
  spec.pattern = "<time> <level> <host> <component> <pid> <message>";
  spec.samples = {sample};
  const auto plan = compile_format(spec);
  return plan.ok() ? "good" : plan.error().message;
}

TEST(Samples, ProveEveryField) {
  EXPECT_EQ(proof(sample()), "good");
  for (std::string FormatSpec::Sample::*field :
       {&FormatSpec::Sample::time, &FormatSpec::Sample::level, &FormatSpec::Sample::host,
        &FormatSpec::Sample::component, &FormatSpec::Sample::pid, &FormatSpec::Sample::message}) {
    FormatSpec::Sample wrong = sample();
    const std::string right = wrong.*field;
    wrong.*field = "other";
    EXPECT_NE(proof(wrong).find(" is '" + right + "', not 'other'"), std::string::npos) << proof(wrong);
  }
  FormatSpec::Sample other = sample();
  other.line = "moved";
  EXPECT_EQ(proof(other), "sample 1 does not fit the pattern");
}

TEST(Samples, AnUnknownLevelMayBeLeftOut) {
  FormatSpec spec;
  spec.pattern = "<host> <message>";
  spec.samples = {{"fern moved", "", "", "fern", "", "", "moved"}};
  EXPECT_TRUE(compile_format(spec).ok());
  spec.samples[0].level = "UNKNOWN";
  EXPECT_TRUE(compile_format(spec).ok());
  spec.samples[0].level = "INFO";
  EXPECT_FALSE(compile_format(spec).ok());
}

TEST(Formats, OfAKindNeedNoPattern) {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"json", R"({"msg":"moved"})"},
      {"logfmt", "level= msg=moved"},
      {"container", "2024-05-06T08:09:10Z stdout F moved"},
      {"syslog", "<14>1 - - - - - - moved"},
      {"cef", "CEF:0|a|b|c|d|moved|3|"},
      {"journal", "__CURSOR=s\nMESSAGE=moved"},
  };
  for (const auto& [kind, line] : lines) {
    FormatSpec::Sample wrong;
    wrong.line = line;
    wrong.message = "lost";
    const std::string error = proof(wrong, kind);
    EXPECT_EQ(error.rfind("sample 1: ", 0), 0U) << kind << ": " << error;
    EXPECT_NE(proof(wrong, "yaml"), error);
  }
  EXPECT_EQ(proof(sample(), "yaml"), "unknown kind 'yaml'");
}

}  // namespace
}  // namespace logdetect
