// Each kind of line at its edges: the shortest that is one, and the nearest that is none.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "ingest/trace_lines.h"

namespace logdetect {
namespace {

using Cases = std::vector<std::pair<std::string, LineKind>>;

void expect_kinds(const Cases& cases) {
  for (const auto& [line, kind] : cases) {
    EXPECT_EQ(static_cast<int>(classify_line(line)), static_cast<int>(kind)) << line;
  }
}

TEST(TraceEdges, Ruby) {
  expect_kinds({{"app.rb:3:in 'f'", LineKind::kRubyFrame},
                {"/srv/app.rb:3:in `f'", LineKind::kRubyFrame},
                {"view.erb:12:in 'f'", LineKind::kRubyFrame},
                {"jobs.rake:1:in 'f'", LineKind::kRubyFrame},
                {"config.ru:1:in 'f'", LineKind::kRubyFrame},
                {"app.rb:3:in 'f': text (E)", LineKind::kRubyError},
                {"app.rb:3:in 'f' and more", LineKind::kOrdinary},
                {"app.rb:3:in ''", LineKind::kOrdinary},
                {"app.rb:3:in f'x", LineKind::kOrdinary},
                {"app.rb:in 'f'", LineKind::kOrdinary},
                {"app.rb:x:in 'f'", LineKind::kOrdinary},
                {"app.py:3:in 'f'", LineKind::kOrdinary},
                {"  from app.rb:3:in 'f'", LineKind::kTraceFrame},
                {"  from afar:3", LineKind::kIndented}});
}

TEST(TraceEdges, Node) {
  const std::string deep(246, 'd');
  expect_kinds({{"/srv/app.js:12", LineKind::kNodeOrigin},
                {"/srv/app.mjs:3", LineKind::kNodeOrigin},
                {"/srv/app.cjs:3", LineKind::kNodeOrigin},
                {"/srv/app.ts:3", LineKind::kNodeOrigin},
                {"node:internal/fs:12", LineKind::kNodeOrigin},
                {"file:///srv/app.mjs:3", LineKind::kNodeOrigin},
                {"/" + deep + "/a.js:12", LineKind::kNodeOrigin},
                {"/" + deep + "/aa.js:123", LineKind::kOrdinary},
                {"/srv/app.js:", LineKind::kOrdinary},
                {"/srv/app.js:1x", LineKind::kOrdinary},
                {"/srv/my app.js:12", LineKind::kOrdinary},
                {"/srv/app.py:12", LineKind::kOrdinary}});
}

TEST(TraceEdges, GoAndRust) {
  expect_kinds({{"panic: x", LineKind::kGoPanic},
                {"fatal error: x", LineKind::kGoPanic},
                {"SIGQUIT: quit", LineKind::kGoPanic},
                {"SIGABRT: abort", LineKind::kGoPanic},
                {"goroutine 1 [r]:", LineKind::kGoroutine},
                {"goroutine x [running]:", LineKind::kOrdinary},
                {"goroutine 7 [running]", LineKind::kOrdinary},
                {"thread 'main' panicked at a.rs:1:", LineKind::kRustPanic},
                {"thread main panicked at a.rs:1:", LineKind::kOrdinary},
                {"stack backtrace:", LineKind::kTraceHead},
                {"note: run with `RUST_BACKTRACE=1`", LineKind::kTraceHead}});
  for (const char* line : {"rip    0x45", "rflags    0x2", "r8    0x1", "PC=0x45", "f(1)"}) {
    EXPECT_TRUE(is_go_trace_line(line)) << line;
  }
  for (const char* line : {"toolong    0x2", "rip   0x45", "f(1", "a b(1)"}) {
    EXPECT_FALSE(is_go_trace_line(line)) << line;
  }
}

TEST(TraceEdges, Php) {
  expect_kinds({{"#0 /srv/a.php(3): f()", LineKind::kHashFrame},
                {"#12 {main}", LineKind::kHashFrame},
                {"#1 x", LineKind::kHashFrame},
                {"#1 ", LineKind::kOrdinary},
                {"#x y", LineKind::kOrdinary},
                {"#1x y", LineKind::kOrdinary},
                {"[stacktrace]", LineKind::kTraceHead},
                {"[previous exception] x", LineKind::kTraceHead},
                {"Stack trace:", LineKind::kTraceHead},
                {"PHP Stack trace:", LineKind::kTraceHead},
                {"PHP Fatal error:  Uncaught x", LineKind::kPhpError},
                {"Fatal error: Uncaught x", LineKind::kPhpError},
                {"Fatal error: rope", LineKind::kOrdinary}});
  for (const char* line : {"Next E: x", "PHP   1. {main}()", "  thrown in /srv/a.php on line 3", "\"}"}) {
    EXPECT_TRUE(is_php_trace_line(line)) << line;
  }
  EXPECT_FALSE(is_php_trace_line("thrown in x"));
}

TEST(TraceEdges, Java) {
  expect_kinds({{"at a.b(", LineKind::kTraceFrame},
                {"at b(x)", LineKind::kOrdinary},
                {"at a b.c(x)", LineKind::kOrdinary},
                {"at a.b", LineKind::kOrdinary},
                {"... 1 more", LineKind::kTraceFrame},
                {"... 2 common frames omitted", LineKind::kTraceFrame},
                {"... more", LineKind::kOrdinary},
                {"... 1 most", LineKind::kOrdinary},
                {"   ... 1 most", LineKind::kIndented},
                {"Caused by:", LineKind::kTraceFrame},
                {"Suppressed: x", LineKind::kTraceFrame},
                {"---> E: x", LineKind::kTraceFrame},
                {"--- End of inner exception stack trace ---", LineKind::kTraceFrame},
                {"  --- End of inner exception stack trace ---", LineKind::kTraceFrame},
                {"--- End of x", LineKind::kOrdinary},
                {"a.Throwable", LineKind::kException},
                {"a.Throwable: x", LineKind::kException},
                {"AException", LineKind::kException},
                {"Error", LineKind::kOrdinary},
                {"AError x", LineKind::kOrdinary}});
}

TEST(TraceEdges, Python) {
  expect_kinds({{"  + Exception Group Traceback (most recent call last):", LineKind::kPythonGroup},
                {"  + Exception", LineKind::kIndented},
                {" File \"a\"", LineKind::kPythonFrame},
                {" File a", LineKind::kIndented},
                {"__CURSOR=1", LineKind::kJournal},
                {"__CURSOR", LineKind::kOrdinary}});
  EXPECT_TRUE(ends_python_trace("E"));
  EXPECT_FALSE(ends_python_trace(""));
  EXPECT_FALSE(ends_python_trace(": x"));
  EXPECT_FALSE(ends_python_trace("1E: x"));
}

TEST(TraceEdges, NamesOfTwoHundredFiftySixBytesAreLookedAt) {
  EXPECT_EQ(classify_line(std::string(251, 'x') + "Error"), LineKind::kException);
  EXPECT_EQ(classify_line(std::string(252, 'x') + "Error"), LineKind::kOrdinary);
}

TEST(TraceEdges, BlanksOfAnyLength) {
  for (std::size_t size = 0; size < 5; ++size) {
    EXPECT_EQ(classify_line(std::string(size, ' ')), LineKind::kBlank);
    EXPECT_EQ(classify_line(std::string(size, '\t') + ' '), LineKind::kBlank);
    EXPECT_EQ(classify_line(" " + std::string(size, '\t') + "x"), LineKind::kIndented);
  }
}

TEST(TraceEdges, Carets) {
  for (const char* line : {"^", "    ^~~~", "\t^^^ ^"}) {
    EXPECT_TRUE(is_caret_line(line)) << line;
  }
  for (const char* line : {"", "   ", "~~~", "  ^ x"}) {
    EXPECT_FALSE(is_caret_line(line)) << line;
  }
}

TEST(TraceEdges, SqlWordsStandAloneInCapitals) {
  for (const char* line : {"FROM x", "FROM", "OR a", "ON a", "RETURNING id", "RETURNING"}) {
    EXPECT_TRUE(is_sql_clause(line)) << line;
  }
  for (const char* line : {"", "F", "from x", "FROMx", "FROM,", "RETURNINGS x", "SELECT a", "From x"}) {
    EXPECT_FALSE(is_sql_clause(line)) << line;
  }
  for (const char* line : {"SELECT a", "WITH a", "ALTER"}) {
    EXPECT_TRUE(begins_sql(line)) << line;
  }
  EXPECT_FALSE(begins_sql("FROM a"));
  EXPECT_TRUE(mentions_sql("query: SELECT a"));
  EXPECT_TRUE(mentions_sql("a b UPDATE"));
  EXPECT_FALSE(mentions_sql("SELECT"));
  EXPECT_FALSE(mentions_sql("query: select a"));
  EXPECT_FALSE(mentions_sql("queryUPDATE x"));
}

}  // namespace
}  // namespace logdetect
