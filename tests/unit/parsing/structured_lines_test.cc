// Lines that state their fields in a form of their own, and log lines inside other lines.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/base/rng.h"
#include "logdetect/bundle/bytes.h"
#include "parsing/field_lines.h"
#include "parsing/header_inner.h"

namespace logdetect {
namespace {

using Kind = HeaderPlan::Kind;

/// Lines as `line` makes them of a number, and how the last one is read by the plan found for all.
template <typename Line>
std::string read_as(Kind kind, Line line, std::size_t lines = 40) {
  std::vector<std::string> log;
  for (std::size_t i = 0; i < lines; ++i) {
    log.push_back(line(std::to_string(10 + i)));
  }
  const HeaderPlan plan = plan_of(log);
  EXPECT_EQ(plan.kind, kind) << plan.describe();
  HeaderParser parser(plan);
  return parsed_line(parser, log.back());
}

TEST(StructuredLines, Syslog5424) {
  EXPECT_EQ(read_as(Kind::kSyslog,
                    [](const std::string& n) {
                      return "<165>1 2024-05-06T08:09:10.003Z gate billing 4711 ID47 [meta@32473 seq=\"" + n +
                             "\" src=\"a \\\"b\\\" \\]\"][x@1] invoice " + n + " stored";
                    }),
            "2024-05-06T08:09:10.003Z|NOTICE|gate|billing|4711|invoice 49 stored seq=49 src=\"a \\\"b\\\" ]\"");
  EXPECT_EQ(read_as(Kind::kSyslog,
                    [](const std::string& n) { return "<11>1 2024-05-06T08:09:10Z - - - - - \xEF\xBB\xBFquota " + n; }),
            "2024-05-06T08:09:10Z|ERROR||||quota 49");
  FieldList fields;
  for (const std::string_view bad : {"<>1 x", "<1>1 t h a p", "<1>1 t h a p i [x", "<1>1 t h a p i [x a=1] m", "1 x",
                                     "<1>1 t h a p i [x a=\"1] m", "<999>May"}) {
    fields.clear();
    EXPECT_FALSE(read_syslog(bad, fields)) << bad;
  }
}

TEST(StructuredLines, Syslog3164WithPriority) {
  EXPECT_EQ(read_as(Kind::kSyslog,
                    [](const std::string& n) { return "<35>May  6 08:09:" + n + " gate su[17]: session " + n; }),
            "1970-05-06T08:09:49Z|ERROR|gate|su|17|session 49");
}

TEST(StructuredLines, Cef) {
  EXPECT_EQ(read_as(Kind::kCef,
                    [](const std::string& n) {
                      return "CEF:0|Yard|Gate\\|keeper|2|104|bar bent|9|src=203.0.113." + n +
                             " msg=a \\= b c=d rt=1714982950000";
                    }),
            "2024-05-06T08:09:10Z|CRITICAL||Gate|keeper||bar bent c=d msg=\"a = b\" src=203.0.113.49");
  // Behind a syslog header, the host in between.
  EXPECT_EQ(read_as(Kind::kSteps,
                    [](const std::string& n) {
                      return "May  6 08:09:" + n + " gate CEF:0|Yard|Keeper|2|104|bar bent|Low|n=" + n;
                    }),
            "1970-05-06T08:09:49Z|INFO|gate|Keeper||bar bent n=49");
  EXPECT_EQ(read_as(Kind::kCef, [](const std::string& n) { return "LEEF:1.0|Yard|Keeper|2|bent|sev=5\tn=" + n; }),
            "-|WARNING||Keeper||bent n=49");
}

TEST(StructuredLines, JournalExport) {
  const std::string binary = std::string("MESSAGE\n\x0a\0\0\0\0\0\0\0", 16) + "two\nlines!\nPRIORITY=3\n_UID=0";
  HeaderPlan plan;
  plan.kind = Kind::kJournal;
  HeaderParser parser(plan);
  EXPECT_EQ(
      parsed_line(parser, "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1714982950000000\n_HOSTNAME=fern\nJOB=7\n" + binary),
      "2024-05-06T08:09:10Z|ERROR|fern|||two\nlines! JOB=7");
  // A length that is a lie.
  EXPECT_EQ(parsed_line(parser, "__CURSOR=s=1\nMESSAGE\n" + std::string(8, '\xff') + "rest"), "-|UNKNOWN||||rest");
}

TEST(InnerLines, KubernetesOfJson) {
  EXPECT_EQ(read_as(Kind::kContainer,
                    [](const std::string& n) {
                      return "2024-05-06T08:09:10.5Z stderr F {\"level\":\"warn\",\"msg\":\"box " + n +
                             "\",\"hook\":3}";
                    }),
            "2024-05-06T08:09:10.500Z|WARNING||stderr||box 49 hook=3");
}

TEST(InnerLines, KubernetesOfALogWithHeaders) {
  const auto line = [](const std::string& n) {
    return "2024-05-06T08:09:10.5Z stdout F 2024-05-06 08:08:" + n + " ERROR [main] yard.Crane - box " + n;
  };
  EXPECT_EQ(read_as(Kind::kContainer, line), "2024-05-06T08:08:49Z|ERROR||yard.Crane||box 49");
  std::vector<std::string> log;
  for (int i = 10; i < 50; ++i) {
    log.push_back(line(std::to_string(i)));
  }
  HeaderParser parser(plan_of(log));
  // A trace, and a line that the run-time cut.
  EXPECT_EQ(
      parsed_line(parser, log[3] +
                              "\n2024-05-06T08:09:10.5Z stdout F java.lang.Error: ro\n"
                              "2024-05-06T08:09:10.5Z stdout P \tat yard.Ho\n2024-05-06T08:09:10.5Z stdout F ok.lift"),
      "2024-05-06T08:08:13Z|ERROR||yard.Crane||box 13\njava.lang.Error: ro\n\tat yard.Hook.lift");
}

TEST(InnerLines, DockerOfALogWithHeaders) {
  const auto line = [](const std::string& n) {
    return "{\"log\":\"2024-05-06 08:08:" + n + " WARN yard.Crane: box \\\"" + n +
           "\\\"\\n\",\"stream\":\"stdout\",\"time\":\"2024-05-06T08:09:10.5Z\"}";
  };
  EXPECT_EQ(read_as(Kind::kJson, line), "2024-05-06T08:08:49Z|WARNING||yard.Crane||box \"49\"");
  std::vector<std::string> log;
  for (int i = 10; i < 50; ++i) {
    log.push_back(line(std::to_string(i)));
  }
  HeaderParser parser(plan_of(log));
  EXPECT_EQ(
      parsed_line(parser, log[3] + "\n{\"log\":\"\\tat yard.Hook.lift\\n\",\"stream\":\"stdout\",\"time\":\"x\"}"),
      "2024-05-06T08:08:13Z|WARNING||yard.Crane||box \"13\"\n\tat yard.Hook.lift");
}

TEST(InnerLines, ComposeNamesTheHost) {
  EXPECT_EQ(read_as(Kind::kContainer,
                    [](const std::string& n) { return "crane-1  | 2024-05-06 08:08:" + n + " INFO yard: box " + n; }),
            "2024-05-06T08:08:49Z|INFO|crane-1|yard||box 49");
}

TEST(InnerLines, SyslogOfJson) {
  EXPECT_EQ(read_as(Kind::kSteps,
                    [](const std::string& n) {
                      return "May  6 08:09:" + n + " gate crane[17]: {\"level\": \"error\", \"msg\": \"box " + n +
                             "\", \"h\": 3}";
                    }),
            "1970-05-06T08:09:49Z|ERROR|gate|crane|17|box 49 h=3");
}

TEST(InnerLines, AnObjectAmongOtherLines) {
  HeaderPlan plan;
  plan.kind = Kind::kNone;
  HeaderParser parser(plan);
  EXPECT_EQ(parsed_line(parser, R"({"level":"error","msg":"boom","n":1})"), "-|ERROR||||boom n=1");
  // It does not say what it is: left as it stands.
  EXPECT_EQ(parsed_line(parser, R"({"n":1,"msg":"boom"})"), R"(-|UNKNOWN||||{"n":1,"msg":"boom"})");
}

TEST(InnerLines, PlansInsideOneAnotherAreBounded) {
  std::vector<std::string> log;
  for (int i = 0; i < 30; ++i) {
    std::string line;
    for (int depth = 0; depth < 200; ++depth) {
      line += "2024-05-06T08:09:10.5Z stdout F ";
    }
    log.push_back(line + "box " + std::to_string(i));
  }
  const HeaderPlan plan = plan_of(log);
  std::size_t depth = 0;
  for (const HeaderPlan* at = &plan; !at->inner.empty(); at = &at->inner.front()) {
    ++depth;
  }
  EXPECT_EQ(depth, HeaderPlan::kMaxInner);
  ByteWriter out;
  plan.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "plan");
  const auto loaded = HeaderPlan::load(in);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->describe(), plan.describe());
  // One more than that is refused.
  const std::string deeper = std::string(1, '\xff') + bytes + bytes;
  ByteReader too_deep(deeper, "plan");
  EXPECT_FALSE(HeaderPlan::load(too_deep).ok());
}

TEST(InnerLines, OrdinaryMessagesStayWhole) {
  EXPECT_EQ(
      read_as(Kind::kSteps,
              [](const std::string& n) { return "2024-05-06 08:09:" + n + " INFO yard: {box} CEF " + n + " a=1"; }),
      "2024-05-06T08:09:49Z|INFO||yard||{box} CEF 49 a=1");
}

TEST(StructuredLines, NoBytesHurt) {
  const std::string alphabet = "<1>- [\"=\\]| CEF:0LEEF{}\n\t__A";
  Rng rng(7);
  FieldList fields;
  std::string message;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 3 == 0 ? "<1>1 t h a p i " : round % 3 == 1 ? "CEF:0|" : "__CURSOR=";
    for (std::uint64_t i = rng.below(40); i > 0; --i) {
      text += alphabet[rng.below(alphabet.size())];
    }
    fields.clear();
    (void)read_syslog(text, fields);
    (void)read_cef(text, fields);
    (void)read_journal(text, fields);
    (void)read_container(text, fields, message);
    ASSERT_LE(message.size(), text.size());
  }
}

}  // namespace
}  // namespace logdetect
