#pragma once

#include <cstdint>
#include <string_view>

namespace logdetect {

/// What the first bytes of a line say about its place in a stack trace.
enum class LineKind : std::uint8_t {
  kOrdinary,
  kBlank,            ///< empty, or only blanks and tabs
  kIndented,         ///< begins with a blank or tab, and neither a time, a level nor anything below follows
  kTraceFrame,       ///< "at x.y(", "Caused by:", "Suppressed:", "... 3 more", "---> ", "from a.rb:3:in"
  kTraceHead,        ///< "Stack trace:", "stack backtrace:", "[stacktrace]": the line before has a trace
  kHashFrame,        ///< "#0 /srv/a.php(3): f()"
  kException,        ///< `java.io.IOException: text`, `KeyError`, at column 0
  kPythonTraceback,  ///< "Traceback (most recent call last):"
  kPythonFrame,      ///< indented `File "`
  kPythonChain,      ///< "During handling of the above exception, ..." and its sibling
  kPythonGroup,      ///< "  + Exception Group Traceback (most recent call last):"
  kGoPanic,          ///< "panic: ", "fatal error: ", "SIGQUIT: quit"
  kGoroutine,        ///< "goroutine 7 [running]:"
  kNodeOrigin,       ///< "/srv/app.js:12" alone: Node shows the source of an uncaught error
  kPhpError,         ///< "PHP Fatal error:  Uncaught ..."
  kRubyError,        ///< "app.rb:3:in 'f': text (SomeError)"
  kRubyFrame,        ///< "app.rb:3:in 'f'"
  kRustPanic,        ///< "thread 'main' panicked at ..."
  kJournal,          ///< "__CURSOR=...": an entry of journalctl -o export
};

/// O(1) for ordinary lines; at most the indent and one word of 256 bytes are looked at.
[[nodiscard]] LineKind classify_line(std::string_view line);

/// The line that ends a Python traceback: a dotted name, alone or with a colon after it (`socket.timeout: timed out`).
[[nodiscard]] bool ends_python_trace(std::string_view line);

/// A line at column 0 that occurs inside a Go trace: `main.f(0x1, ...)`, "created by ", "[signal ", "exit status ",
/// registers.
[[nodiscard]] bool is_go_trace_line(std::string_view line);

/// A line at column 0 that occurs inside a PHP trace: "Next RuntimeException: ...", "  thrown in", the `"}` that
/// closes a logger's context.
[[nodiscard]] bool is_php_trace_line(std::string_view line);

/// The marks under a place in a source line: "    ^~~~".
[[nodiscard]] bool is_caret_line(std::string_view line);

/// `line` goes on with a statement in SQL: FROM, WHERE, VALUES, ..., in capitals.
[[nodiscard]] bool is_sql_clause(std::string_view line);
/// `line` is the beginning of a statement: SELECT, INSERT, ..., in capitals.
[[nodiscard]] bool begins_sql(std::string_view line);
/// A word in it begins a statement. O(|line|).
[[nodiscard]] bool mentions_sql(std::string_view line);

}  // namespace logdetect
