#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

/// The value behind "key: " with the quotes of YAML undone: 'it''s', or "two\nlines".
std::string plain(std::string_view value) {
  if (value.size() < 2 || (value.front() != '\'' && value.front() != '"')) {
    return std::string(value);
  }
  const bool escapes = value.front() == '"';
  std::string out;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    const bool line_feed = escapes && value.substr(i, 2) == "\\n";
    out += line_feed ? '\n' : value[i];
    i += line_feed || (!escapes && value[i] == '\'') ? 1U : 0U;
  }
  return out;
}

void set(FormatSpec::Sample& sample, const std::string& key, const std::string& value) {
  (key == "line"        ? sample.line
   : key == "time"      ? sample.time
   : key == "level"     ? sample.level
   : key == "host"      ? sample.host
   : key == "component" ? sample.component
   : key == "pid"       ? sample.pid
                        : sample.message) = value;
}

/// Reads the plain style our own format files are written in; the config room reads any YAML.
FormatSpec read_format(const std::filesystem::path& path) {
  FormatSpec spec;
  spec.origin = path.filename().string();
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    const std::size_t begin = line.find_first_not_of(" -");
    const std::size_t colon = line.find(':');
    if (begin == std::string::npos || line[begin] == '#') {
      continue;
    }
    const std::string key = line.substr(begin, colon - begin);
    const std::string value = colon + 2 <= line.size() ? plain(line.substr(colon + 2)) : "";
    if (line.starts_with("  - ")) {
      spec.samples.emplace_back();
    }
    if (begin > 0) {
      set(spec.samples.back(), key, value);
    } else if (key == "name") {
      spec.name = value;
    } else if (key == "kind") {
      spec.kind = value;
    } else if (key == "pattern") {
      spec.pattern = value;
    }
  }
  return spec;
}

TEST(FormatFiles, EveryOneProvesItself) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LOGDETECT_SOURCE_DIR "/configs/formats")) {
    const FormatSpec spec = read_format(entry.path());
    EXPECT_EQ(spec.name, entry.path().stem().string());
    EXPECT_GE(spec.samples.size(), 2U) << spec.name;
    const auto plan = compile_format(spec);
    EXPECT_TRUE(plan.ok()) << (plan.ok() ? "" : plan.error().to_string());
    ++files;
  }
  EXPECT_GE(files, 17);
}

FormatSpec spec_of(std::string pattern, std::string line, std::string message) {
  FormatSpec spec;
  spec.name = "test";
  spec.origin = "test.yaml:1";
  spec.pattern = std::move(pattern);
  FormatSpec::Sample sample;
  sample.line = std::move(line);
  sample.message = std::move(message);
  spec.samples.push_back(sample);
  return spec;
}

TEST(CompileFormat, BlanksMatchOneOrMore) {
  FormatSpec spec = spec_of("{<skip>} <message>", "{a}  \t b c", "b c");
  EXPECT_TRUE(compile_format(spec).ok());
  spec.samples[0].line = "{a}b c";
  EXPECT_FALSE(compile_format(spec).ok());
}

TEST(CompileFormat, LiteralTextMustMatch) {
  FormatSpec spec = spec_of("app: <pid>/<skip> => <message>", "app: 17/x => go", "go");
  spec.samples[0].pid = "17";
  EXPECT_TRUE(compile_format(spec).ok()) << compile_format(spec).error().to_string();
  spec.samples[0].line = "app: 17/x = go";
  EXPECT_FALSE(compile_format(spec).ok());
}

TEST(CompileFormat, NamesTheSampleAndTheField) {
  FormatSpec spec = spec_of("<host> <message>", "fern hello", "hello");
  spec.samples[0].host = "fern";
  spec.samples.push_back(spec.samples[0]);
  spec.samples[1].host = "moss";
  const auto plan = compile_format(spec);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, ErrorCode::kConfig);
  EXPECT_EQ(plan.error().where, "test.yaml:1");
  EXPECT_EQ(plan.error().message, "format 'test': sample 2: host is 'fern', not 'moss'");
}

TEST(CompileFormat, RefusesBadPatterns) {
  const auto error = [](const std::string& pattern) {
    const auto plan = compile_format(spec_of(pattern, "a b c", "c"));
    return plan.ok() ? std::string("none")
                     : plan.error().message + (plan.error().hint.empty() ? "" : " / " + plan.error().hint);
  };
  EXPECT_EQ(
      error(""),
      "format 'test': the pattern does not end with <message> / add <Content> at its end: it takes the rest of the "
      "line");
  EXPECT_EQ(error("<message> <host>"),
            "format 'test': the pattern does not end with <message> (column 1 of the pattern) / what stands behind the "
            "message cannot be cut: end the pattern with <message>");
  EXPECT_EQ(error("<time> <Contnet>"), "format 'test': unknown field '<Contnet>' / did you mean '<content>'?");
  EXPECT_EQ(error("<time> <Conten>"),
            "format 'test': the pattern does not end with <message> / did you mean '<content>'?");
  EXPECT_EQ(error("<tiem> <message>"), "format 'test': unknown field '<tiem>' / did you mean '<time>'?");
  EXPECT_EQ(
      error("<host> <host> <message>"),
      "format 'test': a field stands in the pattern twice (column 8 of the pattern) / name the second one <skip>");
  EXPECT_EQ(
      error("<host><pid> <message>"),
      "format 'test': two fields have nothing between them (column 7 of the pattern) / put a blank or a separator "
      "there");
  EXPECT_NE(error(std::string(1000, 'x') + "<message>"), "none");
  std::string long_pattern;
  for (int i = 0; i < 70; ++i) {
    long_pattern += "<skip> ";
  }
  EXPECT_NE(error(long_pattern + "<message>"), "none");
}

std::string by_pattern(const std::string& pattern, const std::string& line) {
  auto plan = compile_pattern(pattern, "--log-format");
  if (!plan.ok()) {
    return plan.error().to_string();
  }
  HeaderParser parser(std::move(plan).value());
  return parsed_line(parser, line);
}

TEST(CompilePattern, ReadsTheStyleOfPublishedPatterns) {
  struct Case {
    std::string pattern;
    std::string line;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {"<Date> <Time> <Pid> <Level> <Component>: <Content>", "240506 080910 148 WARN depot.Shelf$Mover: box 7 fell",
       "2024-05-06T08:09:10Z|WARNING||depot.Shelf$Mover|148|box 7 fell"},
      {"<Month> <Date> <Time> <Host> <Component>(\\[<PID>\\])?: <Content>", "May  6 08:09:10 fern cron[12]: done",
       "1970-05-06T08:09:10Z|UNKNOWN|fern|cron|12|done"},
      {"<Month> <Date> <Time> <Host> <Component>(\\[<PID>\\])?: <Content>", "May  6 08:09:10 fern kernel: done",
       "1970-05-06T08:09:10Z|UNKNOWN|fern|kernel||done"},
      {"\\[<Time>\\] \\[<Level>\\] <Content>", "[Mon May 06 08:09:10 2024] [error] no such shelf",
       "2024-05-06T08:09:10Z|ERROR||||no such shelf"},
      {"\\[<Time>\\] <Program> - <Content>", "[05.06 08:09:10] van.exe *64 - closed, 5 bytes",
       "1970-05-06T08:09:10Z|UNKNOWN||||closed, 5 bytes"},
      {"<Time>\\|<Component>\\|<Pid>\\|<Content>", "20240506-8:9:10:11|Step_View|30002|one | two",
       "2024-05-06T08:09:10.011Z|UNKNOWN||Step_View|30002|one | two"},
      {"<Label> <Timestamp> <Date> <Node> <Time> <NodeRepeat> <Type> <Component> <Level> <Content>",
       "- 1714982950 2024.05.06 R1-N2 2024-05-06-08.09.10.123456 R1-N2 RAS KERNEL INFO parity error",
       "2024-05-06T08:09:10Z|INFO|R1-N2|KERNEL||parity error"},
      {"<Date> <Time> - <Level>  \\[<Node>:<Component>@<Id>\\] - <Content>",
       "2024-05-06 08:09:10,123 - WARN  [Ring:Election@774] - no vote",
       "2024-05-06T08:09:10.123Z|WARNING|Ring|Election||no vote"},
      {"<Date>T<Time> <Thread> <LEVEL>\\s+<logger> <message>", "2024-05-06T08:09:10Z main INFO  depot.Shelf ready",
       "2024-05-06T08:09:10Z|INFO||depot.Shelf||ready"},
      {"<Date>, <Level>, <Content>", "2024-05-06, INFO, ready", "2024-05-06T00:00:00Z|INFO||||ready"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(by_pattern(each.pattern, each.line), each.expected) << each.pattern;
  }
}

TEST(CompilePattern, ErrorsNameTheirPlace) {
  const auto plan = compile_pattern("<Time> <Level><Component> <Content>", "--log-format");
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().where, "--log-format");
  EXPECT_EQ(plan.error().message, "two fields have nothing between them (column 15 of the pattern)");
}

TEST(CompileFormat, RefusesUnknownKindsAndMissingSamples) {
  FormatSpec spec = spec_of("<message>", "x", "x");
  spec.kind = "regex";
  EXPECT_FALSE(compile_format(spec).ok());
  spec.kind = "pattern";
  EXPECT_TRUE(compile_format(spec).ok());
  spec.samples.clear();
  EXPECT_FALSE(compile_format(spec).ok());
}

TEST(CompileFormat, ALineThatDoesNotFitFallsBack) {
  FormatSpec spec = spec_of("<time> <host> <component>: <message>", "2024-05-06 08:09:10 fern cron: go", "go");
  spec.samples[0].time = "2024-05-06T08:09:10Z";
  spec.samples[0].host = "fern";
  spec.samples[0].component = "cron";
  auto plan = compile_format(spec);
  ASSERT_TRUE(plan.ok()) << plan.error().to_string();
  EXPECT_EQ(plan->describe(), "<time> <host> <component>: <message>");
  HeaderParser parser(std::move(plan).value());
  EXPECT_EQ(parsed_line(parser, "2024-05-06 08:09:10 something else entirely"),
            "2024-05-06T08:09:10Z|UNKNOWN||||something else entirely");
}

}  // namespace
}  // namespace logdetect
