// For each language a trace as its run-time or a logger prints it, inside a log with headers and in a bare one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/ingest/stitch_support.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using testing_support::stitch;
using testing_support::texts;

constexpr const char* kBefore = "2024-05-06 08:09:10 INFO  depot.crane ready";
constexpr const char* kFailed = "2024-05-06 08:09:11 ERROR depot.crane job 7 failed";
constexpr const char* kAfter = "2024-05-06 08:09:12 INFO  depot.crane next job";

// The records of a log in which `trace` follows a line that says that something failed.
std::vector<std::string> behind_a_header(const std::string& trace) {
  return texts(stitch(std::string(kBefore) + "\n" + kFailed + "\n" + trace + "\n" + kAfter + "\n"));
}

// The records of a log in which `trace` stands alone, between lines without header.
std::vector<std::string> bare(const std::string& trace) {
  return texts(stitch("crane ready\n" + trace + "\ncrane waits for jobs\n"));
}

// A logger's trace joins the line before it.
void expect_joined(const std::string& trace) {
  EXPECT_THAT(behind_a_header(trace), ElementsAre(kBefore, std::string(kFailed) + "\n" + trace, kAfter));
}

// A run-time's trace is a record of its own.
void expect_apart(const std::string& trace) {
  EXPECT_THAT(behind_a_header(trace), ElementsAre(kBefore, kFailed, trace, kAfter));
  EXPECT_THAT(bare(trace), ElementsAre("crane ready", trace, "crane waits for jobs"));
}

TEST(StitcherLanguages, JavaWithCauses) {
  expect_joined(
      "yard.LoadException: hook 3 is open\n"
      "\tat yard.Hook.lift(Hook.java:41)\n"
      "\tat yard.Crane.run(Crane.java:12) ~[yard.jar:?]\n"
      "\tSuppressed: java.io.IOException: winch\n"
      "\t\tat yard.Winch.close(Winch.java:9)\n"
      "\t\t... 2 more\n"
      "Caused by: java.lang.Throwable: rope\n"
      "\t... 12 more");
  EXPECT_THAT(
      bare("Exception in thread \"main\" java.lang.NullPointerException: rope\n\tat yard.Rope.cut(Rope.java:3)"),
      ElementsAre("crane ready",
                  "Exception in thread \"main\" java.lang.NullPointerException: rope\n\tat "
                  "yard.Rope.cut(Rope.java:3)",
                  "crane waits for jobs"));
}

TEST(StitcherLanguages, Python) {
  const std::string trace =
      "Traceback (most recent call last):\n"
      "  File \"/srv/crane.py\", line 7, in lift\n"
      "    hook.open()\n"
      "    ~~~~~~~~~^^\n"
      "  [Previous line repeated 995 more times]\n"
      "yard.errors.HookStuck: hook 3";
  expect_joined(trace);
  expect_joined(trace + "\n\nDuring handling of the above exception, another exception occurred:\n\n" + trace);
  expect_joined(trace + "\n\nThe above exception was the direct cause of the following exception:\n\n" + trace);
}

TEST(StitcherLanguages, PythonGroups) {
  const std::string trace =
      "  + Exception Group Traceback (most recent call last):\n"
      "  |   File \"/srv/crane.py\", line 7, in lift\n"
      "  |     raise ExceptionGroup(\"jobs\", failures)\n"
      "  | ExceptionGroup: jobs (2 sub-exceptions)\n"
      "  +-+---------------- 1 ----------------\n"
      "    | ValueError: hook 3\n"
      "    +---------------- 2 ----------------\n"
      "    | KeyError: 'rope'\n"
      "    +------------------------------------";
  expect_joined(trace);
  // What follows is no error of the group's.
  EXPECT_THAT(behind_a_header(trace + "\nhook: open"),
              ElementsAre(kBefore, std::string(kFailed) + "\n" + trace, "hook: open", kAfter));
}

TEST(StitcherLanguages, ATraceThatBeginsInTheHeadersLine) {
  const std::string record = std::string(kFailed) +
                             ": Traceback (most recent call last):\n"
                             "  File \"/srv/crane.py\", line 7, in lift\n"
                             "    hook.open()\n"
                             "HookStuck: hook 3";
  EXPECT_THAT(texts(stitch(record + "\n" + kAfter + "\n")), ElementsAre(record, kAfter));
}

TEST(StitcherLanguages, Go) {
  expect_apart(
      "panic: runtime error: invalid memory address or nil pointer dereference\n"
      "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45e2a1]\n"
      "\n"
      "goroutine 1 [running]:\n"
      "main.(*Crane).Lift(...)\n"
      "\t/srv/crane.go:12\n"
      "main.main()\n"
      "\t/srv/main.go:5 +0x21\n"
      "\n"
      "goroutine 18 [chan receive, 2 minutes]:\n"
      "yard/rope.(*Winch).wait(0xc000012080)\n"
      "\t/srv/rope/winch.go:30 +0x9f\n"
      "created by yard/rope.New in goroutine 1\n"
      "\t/srv/rope/winch.go:11 +0x66\n"
      "exit status 2");
  expect_apart(
      "fatal error: all goroutines are asleep - deadlock!\n"
      "\n"
      "goroutine 1 [select (no cases)]:\n"
      "main.main()\n"
      "\t/srv/main.go:5 +0x21");
  expect_joined("goroutine 9 [running]:\nruntime/debug.Stack()\n\t/go/debug/stack.go:24 +0x5e");
}

TEST(StitcherLanguages, NodeFromALogger) {
  expect_joined(
      "Error: hook 3 is open\n"
      "    at lift (/srv/crane.js:41:11)\n"
      "    at async Crane.run (file:///srv/main.mjs:7:3)\n"
      "    at node:internal/timers:573:17 {\n"
      "  code: 'EHOOK',\n"
      "  [cause]: [Object]\n"
      "}");
  expect_joined("TypeError: rope is not a function\n    at lift (/srv/crane.js:3:1)");
  EXPECT_THAT(bare("{ Error: connect ECONNREFUSED\n    at f (net.js:9:1)\n  errno: 'ECONNREFUSED' }"), SizeIs(3));
  EXPECT_THAT(bare("[Error: hook] {\n  code: 'EHOOK'\n}"),
              ElementsAre("crane ready", "[Error: hook] {\n  code: 'EHOOK'\n}", "crane waits for jobs"));
}

TEST(StitcherLanguages, NodeDying) {
  expect_apart(
      "/srv/crane.js:41\n"
      "    throw new Error('hook 3 is open');\n"
      "    ^\n"
      "\n"
      "Error: hook 3 is open\n"
      "    at lift (/srv/crane.js:41:11)\n"
      "    at node:internal/main/run_main_module:23:47\n"
      "\n"
      "Node.js v20.11.0");
  expect_apart(
      "node:internal/process/promises:288\n"
      "            triggerUncaughtException(err, true);\n"
      "            ^\n"
      "\n"
      "[RangeError: rope] {\n"
      "  code: 'EROPE'\n"
      "}");
}

TEST(StitcherLanguages, CSharp) {
  const std::string trace =
      "System.InvalidOperationException: hook 3 is open\n"
      " ---> System.IO.IOException: winch\n"
      "   at Yard.Winch.Pull() in /srv/Winch.cs:line 9\n"
      "   --- End of inner exception stack trace ---\n"
      "   at Yard.Crane.Lift(Int32 hook) in /srv/Crane.cs:line 41\n"
      "--- End of stack trace from previous location ---\n"
      "   at Yard.Program.Main()";
  expect_joined(trace);
  EXPECT_THAT(bare("Unhandled exception. " + trace),
              ElementsAre("crane ready", "Unhandled exception. " + trace, "crane waits for jobs"));
}

TEST(StitcherLanguages, Ruby) {
  expect_apart(
      "/srv/crane.rb:41:in `lift': hook 3 is open (HookStuck)\n"
      "\tfrom /srv/crane.rb:12:in `block in run'\n"
      "\tfrom bin/crane.rb:3:in '<main>'");
  // As Ruby's own logger prints them.
  expect_joined("/srv/crane.rb:41:in `lift'\nlib/yard/run.rb:12:in `block in run'\ncrane.rb:3:in '<main>'");
}

TEST(StitcherLanguages, Php) {
  const std::string trace =
      "PHP Fatal error:  Uncaught HookStuck: hook 3 in /srv/crane.php:41\n"
      "Stack trace:\n"
      "#0 /srv/run.php(12): lift(3)\n"
      "#1 {main}\n"
      "\n"
      "Next RuntimeException: job in /srv/run.php:9\n"
      "Stack trace:\n"
      "#0 {main}\n"
      "  thrown in /srv/crane.php on line 41";
  expect_apart(trace);
  const std::string stamped = "[06-May-2024 08:09:10 UTC] " + trace;
  EXPECT_THAT(texts(stitch(std::string(kBefore) + "\n" + stamped + "\n" + kAfter + "\n")),
              ElementsAre(kBefore, stamped, kAfter));
  expect_joined("[stacktrace]\n#0 /srv/run.php(12): lift(3)\n#1 {main}\n\"}");
}

TEST(StitcherLanguages, Rust) {
  expect_apart(
      "thread 'main' panicked at src/crane.rs:41:5:\n"
      "index out of bounds: the len is 3 but the index is 7\n"
      "stack backtrace:\n"
      "   0: rust_begin_unwind\n"
      "             at /rustc/9fc6b4312/library/std/src/panicking.rs:647:5\n"
      "  10:     0x55d0c3a1f2e1 - crane::lift\n"
      "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace");
  expect_apart(
      "thread 'worker-2' panicked at 'hook is open', src/crane.rs:41:5\n"
      "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace");
  EXPECT_THAT(
      bare("Error: job 7\n\nCaused by:\n    0: hook 3\n    1: rope"),
      ElementsAre("crane ready", "Error: job 7\n\nCaused by:\n    0: hook 3\n    1: rope", "crane waits for jobs"));
}

TEST(StitcherLanguages, BlocksInBrackets) {
  const std::string object = "{\n  \"hook\": 3,\n  \"at\": [\n    \"2024-05-06T08:09:10Z\"\n  ],\n  \"rope\": {}\n}";
  expect_joined(object);
  EXPECT_THAT(bare(object), ElementsAre("crane ready", object, "crane waits for jobs"));
  const std::string open = std::string(kFailed) + ": {\n  \"hook\": 3\n}";
  EXPECT_THAT(texts(stitch(open + "\n" + kAfter + "\n")), ElementsAre(open, kAfter));
  const std::string flush_left = "{\n\"hook\": {\n\"id\": 3\n},\n\"rope\": 1\n}";
  EXPECT_THAT(texts(stitch(flush_left + "\n" + flush_left + "\ndone\n")), ElementsAre(flush_left, flush_left, "done"));
}

TEST(StitcherLanguages, ALogOfPrintedObjects) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "{\n  \"level\": \"info\",\n  \"n\": " + std::to_string(i) + "\n}\n";
  }
  const auto records = stitch(text);
  ASSERT_THAT(records, SizeIs(100));
  EXPECT_EQ(records[99].line, 397U);
  EXPECT_EQ(records[99].line_count, 4U);
  EXPECT_THAT(stitch(text, {}, false), SizeIs(100));
}

TEST(StitcherLanguages, Sql) {
  const std::string plain =
      "2024-05-06 08:09:10 LOG:  statement: SELECT hook\nFROM cranes\nWHERE hook IN (\n3\n)\nLIMIT 1;";
  EXPECT_THAT(texts(stitch(plain + "\nFROM where did it come\n" + kAfter + "\n")),
              ElementsAre(plain, "FROM where did it come", kAfter));
  EXPECT_THAT(texts(stitch("2024-05-06 08:09:10 query:\nSELECT 1,\n2\nFROM t\n" + std::string(kAfter) + "\n")),
              ElementsAre("2024-05-06 08:09:10 query:\nSELECT 1,\n2\nFROM t", kAfter));
  EXPECT_THAT(texts(stitch("SELECT 1\nSELECT 2\nDELETE\nFROM t\n")),
              ElementsAre("SELECT 1", "SELECT 2", "DELETE\nFROM t"));
}

TEST(StitcherLanguages, JournalEntries) {
  const std::string entry =
      "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1714982950000000\nPRIORITY=3\nMESSAGE=hook 3\n  is open";
  EXPECT_THAT(texts(stitch(entry + "\n\n" + entry + "\n\n")), ElementsAre(entry, entry));
}

// --- envelopes ---

TEST(StitcherEnvelopes, KubernetesTracesAndPartialLines) {
  const std::string trace =
      "2024-05-06T08:09:10.1Z stderr F java.lang.Error: hook\n"
      "2024-05-06T08:09:10.1Z stderr F \tat yard.Hook.lift(Hook.java:41)\n"
      "2024-05-06T08:09:10.1Z stderr F Caused by: java.lang.Error: rope";
  const std::string partial = "2024-05-06T08:09:10.2Z stdout P half a \n2024-05-06T08:09:10.2Z stdout F line";
  const std::string next = "2024-05-06T08:09:10.3Z stdout F   indented";
  EXPECT_THAT(texts(stitch("2024-05-06T08:09:10.0Z stdout F ready\n" + trace + "\n" + partial + "\n" + next + "\n")),
              ElementsAre("2024-05-06T08:09:10.0Z stdout F ready", trace, partial + "\n" + next));
}

TEST(StitcherEnvelopes, TwoSendersAreNeverJoined) {
  EXPECT_THAT(stitch("2024-05-06T08:09:10.0Z stdout F ready\n2024-05-06T08:09:10.1Z stderr F \tat a.b(C.java:1)\n"),
              SizeIs(2));
  EXPECT_THAT(stitch("2024-05-06T08:09:10.0Z stdout P rea\n2024-05-06T08:09:10.1Z stderr F x\n"), SizeIs(2));
}

TEST(StitcherEnvelopes, DockerTraces) {
  const auto line = [](const std::string& log) {
    return R"({"log":")" + log + R"(\n","stream":"stderr","time":"2024-05-06T08:09:10.1Z"})";
  };
  const std::string trace = line("2024-05-06 08:09:10 ERROR job") + "\n" + line("java.lang.Error: hook \\\"3\\\"") +
                            "\n" + line("\\tat yard.Hook.lift(Hook.java:41)");
  EXPECT_THAT(texts(stitch(line("ready") + "\n" + trace + "\n" + line("next") + "\n")),
              ElementsAre(line("ready"), trace, line("next")));
  // Cut by Docker at 16 KiB: no line feed at its end.
  const std::string cut = R"({"log":")" + std::string(16'384, 'x') + R"(","stream":"stderr","time":"t"})";
  EXPECT_THAT(texts(stitch(cut + "\n" + line("y") + "\n" + line("z") + "\n")),
              ElementsAre(cut + "\n" + line("y"), line("z")));
}

TEST(StitcherEnvelopes, ComposeNeedsNumberedNames) {
  std::string text;
  std::string bars;
  for (int i = 0; i < 30; ++i) {
    text += "web-1  | ready\nweb-1  |     at f (x.js:1:2)\ndb_1   |   done\n";
    bars += "INFO | ready\nINFO |     at f (x.js:1:2)\nINFO |   done\n";
  }
  EXPECT_THAT(stitch(text), SizeIs(60));
  EXPECT_THAT(stitch(bars), SizeIs(90));
}

// --- ordinary lines that must not be swallowed ---

TEST(StitcherFalseJoins, OrdinaryLinesStandAlone) {
  const std::vector<std::string> lines = {
      "2024-05-06 08:09:10 INFO at last it works",
      "at last (it works)",
      "from here on: ready",
      "#5 of 7 hooks",
      "#0",
      "Stack traces are off",
      "note: nothing to do",
      "} odd",
      "[hook] open",
      "[2024-05-06] open {x}",
      "Caused by a rope",
      "/srv/crane.js:41:11 warning",
      "/srv/crane.rb: loaded",
      "crane.rb:3: warning: rope",
      "thread 'main' started",
      "FROM depot TO yard",
      "AND so on",
      "DELETE /hook/3 204,",
      "GET /hook/4 200",
      "Next: rope",
      "PHP Warning:  rope in /srv/x.php on line 3",
      "{\"a\": 1}",
      "]",
      "fatal: rope",
      "web_1 | x",
      "2024-05-06T08:09:10Z stdout said hello",
      R"({"log":"x","level":"info"})",
      R"({"log":"y","level":"info"})",
      "Node.js v20 is used",
      "Error: rope",
      "Errors: 3",
      "__CURSOR",
      "--- End of job",
  };
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  std::string rounds = text + text;
  std::vector<std::string> expected = lines;
  expected.insert(expected.end(), lines.begin(), lines.end());
  EXPECT_EQ(texts(stitch(rounds)), expected);
}

TEST(StitcherFalseJoins, AnOpenBracketSwallowsNoLogLines) {
  EXPECT_THAT(texts(stitch("10:00:00 begin {\n10:00:01 a\nplain\n10:00:02 end }\n}\n")),
              ElementsAre("10:00:00 begin {", "10:00:01 a", "plain", "10:00:02 end }", "}"));
}

TEST(StitcherFalseJoins, ABlockThatNeverClosesEnds) {
  IngestOptions options;
  options.stitch_max_lines = 10;
  std::string text = "{\n";
  for (int i = 0; i < 100; ++i) {
    text += "\"k\": 1,\n";
  }
  const auto records = stitch(text, options);
  ASSERT_THAT(records, SizeIs(92));
  EXPECT_EQ(records[0].line_count, 10U);
}

TEST(StitcherFalseJoins, IndentedOrdinaryLinesStayAlone) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += " alpha one {\n beta two\nmargin\n DELETE x,\n";
  }
  EXPECT_THAT(stitch(text), SizeIs(400));
}

// --- any chunking gives the same records ---

TEST(StitcherChunking, RandomPiecesOfRandomLines) {
  const std::vector<std::string> kinds = {"10:00:00 ERROR hook {",
                                          "java.lang.Error: x",
                                          "\tat a.b(C.java:1)",
                                          "Traceback (most recent call last):",
                                          "  File \"a.py\", line 1",
                                          "KeyError: x",
                                          "panic: x",
                                          "goroutine 1 [running]:",
                                          "main.f()",
                                          "/srv/a.js:1",
                                          "  ^",
                                          "Error: x",
                                          "}",
                                          "{",
                                          "\"k\": 1",
                                          "  \"k\": {",
                                          "PHP Fatal error:  Uncaught E",
                                          "Stack trace:",
                                          "#0 a",
                                          "a.rb:3:in `f'",
                                          "a.rb:3:in `f': x (E)",
                                          "thread 'm' panicked at a.rs:1:",
                                          "stack backtrace:",
                                          "10:00:00 q: SELECT a",
                                          "FROM b",
                                          "__CURSOR=1",
                                          "_PID=3",
                                          "2024-05-06T08:09:10.1Z stdout P x",
                                          "2024-05-06T08:09:10.1Z stdout F \tat a.b(C.java:1)",
                                          "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"t\"}",
                                          "",
                                          " ",
                                          "plain\r",
                                          "web-1  |   x"};
  Rng rng(11);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::uint64_t i = rng.below(80); i > 0; --i) {
      text += kinds[rng.below(kinds.size())] + "\n";
    }
    IngestOptions options;
    options.max_line_bytes = round % 2 == 0 ? options.max_line_bytes : 24;
    Stitcher stitcher(options);
    stitcher.sample(text);
    LineSplitter splitter(options.max_line_bytes);
    RecordBatch batch;
    SplitLine line;
    std::uint64_t number = 0;
    for (const std::string_view piece : testing_support::random_pieces(text, rng)) {
      const std::string own(piece);
      splitter.feed(own);
      while (splitter.next(line)) {
        stitcher.add(line, ++number, SourceId(3), batch);
      }
    }
    if (splitter.finish(line)) {
      stitcher.add(line, ++number, SourceId(3), batch);
    }
    stitcher.flush(batch);
    ASSERT_EQ(testing_support::owned(batch), stitch(text, options)) << text;
  }
}

}  // namespace
}  // namespace logdetect
