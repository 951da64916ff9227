#pragma once

#include <cstdint>
#include <string_view>

namespace logdetect {

/// What the first bytes of a line say about its place in a stack trace.
enum class LineKind : std::uint8_t {
  kOrdinary,
  kBlank,            ///< empty, or only blanks and tabs
  kIndented,         ///< begins with a blank or tab, and neither a time, a level nor anything below follows
  kTraceFrame,       ///< "at x.y(", "Caused by:", "Suppressed:", "... 3 more", indented or not
  kPythonFrame,      ///< indented `File "`
  kException,        ///< `java.io.IOException: text`, `KeyError`, at column 0
  kPythonTraceback,  ///< "Traceback (most recent call last):"
  kPythonChain,      ///< "During handling of the above exception, ..." and its sibling
  kGoPanic,          ///< "panic: "
  kGoroutine,        ///< "goroutine 7 [running]:"
};

/// O(1) for ordinary lines; at most the indent and one word of 256 bytes are looked at.
[[nodiscard]] LineKind classify_line(std::string_view line);

/// The line that ends a Python traceback: a dotted name, alone or with a colon after it (`socket.timeout: timed out`).
[[nodiscard]] bool ends_python_trace(std::string_view line);

/// A line at column 0 that occurs inside a Go trace: `main.f(0x1, ...)`, "created by ", "[signal ", "exit status ".
[[nodiscard]] bool is_go_trace_line(std::string_view line);

/// The text begins with a date, a time of day or an epoch: 2024-01-31, 31/Jan/2024, 10:15:00, Jan 31, 1700000000,
/// I0131. An opening bracket before it is skipped. O(1).
[[nodiscard]] bool begins_with_time(std::string_view text);

}  // namespace logdetect
