#include "ingest/trace_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace logdetect {
namespace {

TEST(TraceLines, OrdinaryLines) {
  for (const char* line :
       {"2024-01-31 10:00:00 INFO started", "Jan 31 10:00:00 host sshd[3]: x", "at last it works (see manual)",
        "INFO: all well", "Error: no name before it", "Exception", "panicking", "goroutine leak [5]", "{\"a\": 1}",
        "<34>Oct 11 22:14:15 host su: x", "... and more", "Tracebacks are long", "- 1104566461 2005.01.01", "[Thu] x",
        "IOExceptional: no", "x=java.io.IOException: y", "com.shop.Cart failed"}) {
    EXPECT_EQ(classify_line(line), LineKind::kOrdinary) << line;
  }
}

TEST(TraceLines, BlankLines) {
  for (const char* line : {"", " ", "\t", " \t  "}) {
    EXPECT_EQ(classify_line(line), LineKind::kBlank) << '"' << line << '"';
  }
}

TEST(TraceLines, TraceFrames) {
  for (const char* line : {"\tat com.shop.Cart.add(Cart.java:12)", "    at Object.<anonymous> (/srv/app.js:3:1)",
                           "\t... 12 more", "at com.shop.Cart.add(Cart.java)", "Caused by: java.io.IOException: disk",
                           "\tSuppressed: java.lang.Error: x", "... 7 common frames omitted", "  Caused by: x"}) {
    EXPECT_EQ(classify_line(line), LineKind::kTraceFrame) << line;
  }
}

TEST(TraceLines, OtherKinds) {
  EXPECT_EQ(classify_line("  File \"app.py\", line 3, in <module>"), LineKind::kPythonFrame);
  EXPECT_EQ(classify_line("    raise ValueError(x)"), LineKind::kIndented);
  EXPECT_EQ(classify_line("Traceback (most recent call last):"), LineKind::kPythonTraceback);
  EXPECT_EQ(classify_line("During handling of the above exception, another exception occurred:"),
            LineKind::kPythonChain);
  EXPECT_EQ(classify_line("The above exception was the direct cause of the following exception:"),
            LineKind::kPythonChain);
  EXPECT_EQ(classify_line("panic: runtime error: index out of range"), LineKind::kGoPanic);
  EXPECT_EQ(classify_line("goroutine 7 [running]:"), LineKind::kGoroutine);
  EXPECT_EQ(classify_line("goroutine 18 [select, 5 minutes]:"), LineKind::kGoroutine);
  EXPECT_EQ(classify_line("java.lang.IllegalStateException: closed"), LineKind::kException);
  EXPECT_EQ(classify_line("java.lang.StackOverflowError"), LineKind::kException);
  EXPECT_EQ(classify_line("KeyError: 'x'"), LineKind::kException);
}

TEST(TraceLines, AnIndentedTimeIsNoContinuation) {
  for (const char* line : {" 2024-01-31 10:00:00 x", "\t2024/01/31 x", " 31/Jan/2024:10:00:00 x", " 10:15:00 x",
                           "  Jan 31 x", "  Jan  1 x", " Sun Jan 31 x", " Sun, 31 Jan 2024 x", " [2024-01-31] x",
                           " 1700000000 x", " 1700000000.123 x", " 20240131T101500 x", " 081109 203615 148 INFO x",
                           " I0131 10:15:00 x", " 31.12.2024 x", " 24/01/31 10:00 x", " \"2024-01-31\" x"}) {
    EXPECT_EQ(classify_line(line), LineKind::kOrdinary) << line;
  }
}

TEST(TraceLines, AnIndentedLevelIsNoContinuation) {
  for (const char* line : {" INFO shop.cart x", "  [ERROR] x", "\tWARNING: x", " <DEBUG> x"}) {
    EXPECT_EQ(classify_line(line), LineKind::kOrdinary) << line;
  }
  for (const char* line : {" INFORMATION x", " ERROR_CODE = 3", " INFO", " info x", " ERRORS x"}) {
    EXPECT_EQ(classify_line(line), LineKind::kIndented) << line;
  }
}

TEST(TraceLines, AnIndentedNumberIsNoTime) {
  for (const char* line :
       {" 10.20.30.40 x", " 3 files", " 12-fold", " 1.5 s", " 10/20 done", " 7: x", " 2024 x", " May be", " Mark x",
        " Item0001 x", " 12345678", " (3)", " -", " 99999999999999999999999"}) {
    EXPECT_EQ(classify_line(line), LineKind::kIndented) << line;
  }
}

TEST(TraceLines, EndOfPythonTrace) {
  for (const char* line : {"ValueError: bad", "KeyboardInterrupt", "requests.exceptions.Timeout: 3 s", "my_app.Stop"}) {
    EXPECT_TRUE(ends_python_trace(line)) << line;
  }
  for (const char* line : {"2024-01-31: x", "started the server", "[x]: y", "31: x"}) {
    EXPECT_FALSE(ends_python_trace(line)) << line;
  }
}

TEST(TraceLines, LinesOfGoTraces) {
  for (const char* line : {"main.f(0x1, 0x2)", "net/http.(*conn).serve(0xc000, {0x7, 0xc0})", "panic({0x45, 0x46})",
                           "created by net/http.(*Server).Serve in goroutine 1", "exit status 2",
                           "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45]"}) {
    EXPECT_TRUE(is_go_trace_line(line)) << line;
  }
  for (const char* line : {"2024/01/31 10:00:00 served (ok)", "done", "(x)", ")", ""}) {
    EXPECT_FALSE(is_go_trace_line(line)) << line;
  }
}

TEST(TraceLines, EveryPrefixOfEveryKindIsSafe) {
  for (const std::string line : {"  Caused by: x", "at a.b(c)", "... 12 more", "Traceback (most recent call last):",
                                 "goroutine 7 [running]:", " Sun, 31 Jan 2024", " 31/Jan/2024", " [2024-01-31",
                                 " I0131 10:15:00", " 10:15:00", "main.f(0x1)", " 1.12.2024"}) {
    for (std::size_t size = 0; size <= line.size(); ++size) {
      // A copy of exactly that size: reading beyond it is found by the sanitizer.
      const std::vector<char> bytes(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(size));
      const std::string_view text(bytes.data(), bytes.size());
      EXPECT_EQ(classify_line(text), classify_line(line.substr(0, size)));
      EXPECT_EQ(is_go_trace_line(text), text == "main.f(0x1)") << text;
    }
  }
}

}  // namespace
}  // namespace logdetect
